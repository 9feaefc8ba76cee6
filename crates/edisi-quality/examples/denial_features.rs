//! Writes the features of denials for `data/denial/fit.py`, which reads them.
//!
//! Standard input has the lines `from-to<TAB>source<TAB>translation`; each denial becomes a line of the label (1 for
//! an answer that was taken out) and `name=value` with tabs between.

use std::io::Write as _;

use edisi_quality::checks::denial::features;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lines() {
        let line = line?;
        let mut cells = line.split('\t');
        let mut cell = || cells.next().ok_or("a line needs pair, source and translation");
        let (pair, source, target) = (cell()?, cell()?, cell()?);
        let (from, to) = pair.split_once('-').ok_or("a pair is two languages with `-` between")?;
        for (lost, features) in features(source, target, (from.parse()?, to.parse()?)) {
            write!(out, "{}", u8::from(lost))?;
            for (name, value) in features {
                write!(out, "\t{name}={value}")?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}
