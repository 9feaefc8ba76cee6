//! What `gaps` weighs, for texts on standard input: `lang<TAB>label<TAB>byte<TAB>text`. Prints
//! `label<TAB>feature<TAB>feature …` for the place at that byte, or for every place where the cell is empty. For
//! `data/gaps/learn.py`.
//!
//!     cargo run --release -p edisi-quality --example gap_features < texts.tsv

use std::io::{BufRead as _, Write as _};

use edisi_quality::gaps::features;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let [lang, label, at, text] = line.splitn(4, '\t').collect::<Vec<_>>()[..] else {
            return Err(format!("four columns, not: {line}").into());
        };
        let only: Option<usize> = if at.is_empty() { None } else { Some(at.parse()?) };
        for (_, seen) in features(text, lang.parse()?).iter().filter(|(at, _)| only.is_none_or(|o| o == *at))
        {
            writeln!(out, "{label}\t{}", seen.join("\t"))?;
        }
    }
    Ok(())
}
