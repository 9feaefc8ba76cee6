//! How fast text is cut into sentences: prints one line of key=value pairs a language, in MB of UTF-8 a second.
//!
//! `cargo bench -p edisi-text --bench segment`

use std::time::Instant;

use edisi_text::{Lang, sentences};

const CASES: &[(&str, &str)] = &[
    ("id", include_str!("../tests/segment/id.txt")),
    ("en", include_str!("../tests/segment/en.txt")),
    ("zh", include_str!("../tests/segment/zh.txt")),
    ("ja", include_str!("../tests/segment/ja.txt")),
    ("ar", include_str!("../tests/segment/ar.txt")),
    ("fr", include_str!("../tests/segment/fr.txt")),
];

fn main() {
    for (code, cases) in CASES {
        let lang: Lang = code.parse().expect("a language tag");
        let text = cases.repeat(1_000_000 / cases.len() + 1);
        let count = sentences(&text, lang).len();
        let mut best = f64::INFINITY;
        for _ in 0..7 {
            let start = Instant::now();
            assert_eq!(sentences(&text, lang).len(), count);
            best = best.min(start.elapsed().as_secs_f64());
        }
        println!(
            "bench=segment lang={code} bytes={} sentences={count} mb_per_s={:.1}",
            text.len(),
            text.len() as f64 / best / 1e6
        );
    }
}
