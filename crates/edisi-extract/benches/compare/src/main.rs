//! Edisi's extraction beside the other live crates, on one benchmark folder, in one run.
//!
//! `cargo run --release -- DIR [rounds]`, with `DIR` as for `edisi bench extract`.

use std::path::Path;
use std::process::ExitCode;

use edisi_extract::bench::bench_with;

type Extractor = fn(&str) -> String;

const EXTRACTORS: [(&str, Extractor); 4] = [
    ("edisi-extract", |html| edisi_extract::html::extract(html, None).map_or(String::new(), |a| a.body_text())),
    ("rs-trafilatura 0.2.2", |html| rs_trafilatura::extract(html).map(|r| r.content_text).unwrap_or_default()),
    ("trafilatura 0.6.0", |html| {
        trafilatura::extract(html, &trafilatura::Options::default()).map(|r| r.content_text).unwrap_or_default()
    }),
    ("dom_smoothie 0.19.0", |html| {
        let article = dom_smoothie::Readability::new(html, None, None).and_then(|mut r| r.parse());
        article.map(|a| a.text_content.to_string()).unwrap_or_default()
    }),
];

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(dir) = args.next() else {
        eprintln!("usage: compare DIR [rounds]");
        return ExitCode::from(2);
    };
    let rounds = args.next().and_then(|n| n.parse().ok()).unwrap_or(3);
    let even = |page: &str| page.get(..2).and_then(|b| u8::from_str_radix(b, 16).ok()).unwrap_or(0) % 2 == 0;
    println!("extractor\tF1\tprecision\trecall\tF1 even half\tF1 odd half\tpages/s\tpages/s of processor time");
    for round in 0..rounds {
        for (name, extract) in EXTRACTORS {
            let report = match bench_with(Path::new(&dir), None, extract) {
                Ok(report) => report,
                Err(e) => {
                    eprintln!("{e}");
                    return ExitCode::FAILURE;
                }
            };
            // Scores do not change from round to round.
            let (a, b) = (report.subset(even), report.subset(|p| !even(p)));
            println!(
                "{name} #{}\t{:.4}\t{:.4}\t{:.4}\t{:.4}\t{:.4}\t{:.0}\t{:.0}",
                round + 1,
                report.f1,
                report.precision,
                report.recall,
                a.f1,
                b.f1,
                report.pages_per_s,
                report.pages_per_cpu_s.unwrap_or(f64::NAN)
            );
        }
    }
    ExitCode::SUCCESS
}
