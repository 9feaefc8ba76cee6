//! What `checks::names` weighs, for pairs on standard input: `pair<TAB>id<TAB>source<TAB>translation`. Prints
//! `pair<TAB>id<TAB>group<TAB>s|t<TAB>start<TAB>end<TAB>fit<TAB>features` for every name. For `data/names/fit.py`.
//!
//!     cargo run --release -p edisi-quality --example name_features -- FOLDER_OF_WORD_TABLES [FOLDER_OF_GAP_WEIGHTS] < pairs.tsv
//!
//! Without the second folder no gaps are seen.

mod pairs;

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;

use edisi_quality::checks::names::rows;
use edisi_quality::gaps::Weights;
use edisi_text::Lang;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut weights: HashMap<Lang, Weights> = HashMap::new();
    if let Some(folder) = std::env::args().nth(2) {
        for lang in Lang::EDITIONS {
            let text = std::fs::read_to_string(Path::new(&folder).join(format!("{}.tsv", lang.code())))?;
            weights.insert(lang, Weights::parse(&text)?);
        }
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    pairs::each(|p| {
        let of_both = [p.langs.0, p.langs.1].map(|lang| weights.get(&lang));
        for row in rows((p.source, p.target), p.langs, (p.table, p.backward), of_both) {
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
