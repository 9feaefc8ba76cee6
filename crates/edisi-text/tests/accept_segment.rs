//! Sentence ends known from FLORES-101 dev: its lines are sentences, so joined they must come apart again.
#![cfg(feature = "accept")]

mod shared;

use std::collections::HashSet;

use edisi_text::{Lang, sentences};

#[test]
fn joined_lines_come_apart() {
    for code in ["id", "en", "fr", "pt", "zh", "ja", "ar"] {
        let lang: Lang = code.parse().unwrap();
        let file = shared::read(&format!("eval/flores-dev.{code}"));
        let (mut text, mut ends) = (String::new(), Vec::new());
        let stop = |l: &str| l.ends_with(['.', '!', '?', '。', '！', '？', '؟', '"', '”', '»', '」']);
        for line in file.lines().map(str::trim).filter(|l| stop(l)) {
            text.push_str(line);
            ends.push(text.len());
            if !lang.is_unspaced() {
                text.push(' ');
            }
        }
        let found: HashSet<usize> = sentences(&text, lang).into_iter().map(|r| r.end).collect();
        let missed: Vec<&usize> = ends.iter().filter(|e| !found.contains(e)).collect();
        for end in &missed {
            let from = text.floor_char_boundary(end.saturating_sub(40));
            println!("  {code}: {}", &text[from..text.ceil_char_boundary(**end + 40).min(text.len())]);
        }
        let recall = 1.0 - missed.len() as f64 / ends.len() as f64;
        println!(
            "test=segment lang={code} ends={} found={} sentences={} recall={recall:.4}",
            ends.len(),
            ends.len() - missed.len(),
            found.len()
        );
        assert!(recall >= 0.985, "{code}: {recall}");
    }
}
