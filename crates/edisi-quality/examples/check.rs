//! Checks tab-separated pairs on standard input: `pair<TAB>source<TAB>translation`, such as `id-en`.
//!
//!     cargo run -p edisi-quality --example check < pairs.tsv

use std::io::BufRead as _;

use edisi_quality::{CheckOptions, acceptable, check_segment};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let [pair, source, translation] = line.splitn(3, '\t').collect::<Vec<_>>()[..] else {
            return Err(format!("three columns, not: {line}").into());
        };
        let (from, to) = pair.split_once('-').ok_or("a pair such as id-en")?;
        let pair = (from.parse()?, to.parse()?);
        let findings = check_segment(source, translation, pair, &CheckOptions::default());
        let refused = acceptable(source, translation, pair).err();
        if findings.is_empty() && refused.is_none() {
            continue;
        }
        println!("{source}\n{translation}");
        if let Some(reason) = refused {
            println!("  refused: {reason}");
        }
        for finding in findings {
            println!("  {:?} {:?}: {}", finding.severity, finding.kind, finding.message);
        }
        println!();
    }
    Ok(())
}
