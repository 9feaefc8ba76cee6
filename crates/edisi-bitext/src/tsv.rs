//! A source, a tab, its translation; further columns are ignored.

use crate::{Bitext, BitextError, Unit};

pub(crate) fn read(text: &str) -> Result<Bitext, BitextError> {
    let mut units = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let mut cells = line.split('\t');
        let (Some(source), Some(target)) = (cells.next(), cells.next()) else {
            return Err(BitextError::Columns { line: at + 1 });
        };
        let (source, target) = (source.trim().to_owned(), target.trim().to_owned());
        units.push(Unit { id: (at + 1).to_string(), line: at + 1, source, target });
    }
    let is_head =
        |u: &Unit| u.source.eq_ignore_ascii_case("source") && u.target.eq_ignore_ascii_case("target");
    if units.first().is_some_and(is_head) {
        units.remove(0);
    }
    Ok(Bitext { source: None, target: None, units })
}
