//! The features of `checks::clause` for pairs on standard input: `pair<TAB>label<TAB>source<TAB>translation`.
//! Prints `pair<TAB>label<TAB>features`. For `data/clause/fit.py`.
//!
//!     cargo run --release -p edisi-quality --example clause_features -- FOLDER_OF_WORD_TABLES < pairs.tsv

mod pairs;

use std::io::Write as _;

use edisi_quality::checks::clause::features;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    pairs::each(|p| {
        let row = features(p.source, p.target, p.langs, p.table, p.backward);
        let row: Vec<String> = row.iter().map(|x| format!("{x:.4}")).collect();
        writeln!(out, "{}\t{}\t{}", p.name, p.label, row.join("\t"))
    })
}
