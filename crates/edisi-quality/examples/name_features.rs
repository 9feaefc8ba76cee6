//! What `checks::names` weighs, for pairs on standard input: `pair<TAB>id<TAB>source<TAB>translation`. Prints
//! `pair<TAB>id<TAB>group<TAB>s|t<TAB>start<TAB>end<TAB>fit<TAB>features` for every name. For `data/names/fit.py`.
//!
//!     cargo run --release -p edisi-quality --example name_features -- FOLDER_OF_WORD_TABLES < pairs.tsv

mod pairs;

use std::io::Write as _;

use edisi_quality::checks::names::rows;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    pairs::each(|p| {
        for row in rows(p.source, p.target, p.langs, p.table, p.backward) {
            let side = if row.in_target { 't' } else { 's' };
            let (start, end) = (row.range.start, row.range.end);
            write!(out, "{}\t{}\t{}\t{side}\t{start}\t{end}\t{:.3}", p.name, p.label, row.group, row.fit)?;
            for feature in row.features {
                write!(out, "\t{feature:.3}")?;
            }
            writeln!(out)?;
        }
        Ok(())
    })
}
