//! What the examples that write features have in common: word tables from a folder, pairs of texts from standard input.

use std::collections::HashMap;
use std::io::BufRead as _;

use edisi_quality::lexicon::Table;
use edisi_text::Lang;

/// A line of standard input and the word table for it.
pub struct Pair<'l> {
    /// As written: `id-en`.
    pub name: &'l str,
    /// The second column.
    pub label: &'l str,
    pub source: &'l str,
    pub target: &'l str,
    pub langs: (Lang, Lang),
    pub table: &'l Table<'l>,
    /// Whether the table's first language is the target's.
    pub backward: bool,
}

/// Reads the tables of the folder that the first argument names, and hands over every line
/// `pair<TAB>label<TAB>source<TAB>translation` of standard input.
pub fn each(mut with: impl FnMut(Pair<'_>) -> std::io::Result<()>) -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder of word tables")?;
    let texts: HashMap<String, String> = std::fs::read_dir(folder)?
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
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let [name, label, source, target] = line.splitn(4, '\t').collect::<Vec<_>>()[..] else {
            return Err(format!("four columns, not: {line}").into());
        };
        let (from, to) = name.split_once('-').ok_or("a pair such as id-en")?;
        let (forward, back) = (tables.get(name), tables.get(format!("{to}-{from}").as_str()));
        let table = forward.or(back).ok_or_else(|| format!("no table for {name}"))?;
        let langs = (from.parse()?, to.parse()?);
        with(Pair { name, label, source, target, langs, table, backward: forward.is_none() })?;
    }
    Ok(())
}
