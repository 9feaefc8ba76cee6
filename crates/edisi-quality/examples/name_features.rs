//! What `checks::names` weighs, for pairs on standard input: `pair<TAB>id<TAB>source<TAB>translation`. Prints
//! `pair<TAB>id<TAB>group<TAB>s|t<TAB>start<TAB>end<TAB>fit<TAB>features` for every name. For `data/names/fit.py`.
//!
//!     cargo run --release -p edisi-quality --example name_features -- FOLDER_OF_WORD_TABLES < pairs.tsv

use std::collections::HashMap;
use std::io::{BufRead as _, Write as _};
use std::path::Path;

use edisi_quality::checks::names::rows;
use edisi_quality::lexicon::Table;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder of word tables")?;
    let texts: HashMap<String, String> = std::fs::read_dir(Path::new(&folder))?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "tsv"))
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Ok((name, std::fs::read_to_string(path)?))
        })
        .collect::<std::io::Result<_>>()?;
    let mut tables: HashMap<&str, Table<'_>> = HashMap::new();
    for (name, text) in &texts {
        tables.insert(name, Table::parse(text)?);
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let [pair, id, source, target] = line.splitn(4, '\t').collect::<Vec<_>>()[..] else {
            return Err(format!("four columns, not: {line}").into());
        };
        let (from, to) = pair.split_once('-').ok_or("a pair such as id-en")?;
        let (forward, back) = (tables.get(pair), tables.get(format!("{to}-{from}").as_str()));
        let table = forward.or(back).ok_or_else(|| format!("no table for {pair}"))?;
        for row in rows(source, target, (from.parse()?, to.parse()?), table, forward.is_none()) {
            let side = if row.in_target { 't' } else { 's' };
            let (start, end) = (row.range.start, row.range.end);
            write!(out, "{pair}\t{id}\t{}\t{side}\t{start}\t{end}\t{:.3}", row.group, row.fit)?;
            for feature in row.features {
                write!(out, "\t{feature:.3}")?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}
