//! Given and family names in Latin letters, Han characters, katakana and Arabic: `data/names/parts.tsv`.
//!
//! A line is a name with its forms in the four, in the form of [`Word::key`](super::Word::key); `|` stands between
//! forms. Forms that are simply read as another of the line are left out: [`super::reads_as`] and
//! [`super::Sounds`] find these.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::word::Letters;

struct Parts {
    lines: Vec<&'static str>,
    /// By form, where its lines are listed in `places`.
    heads: HashMap<&'static str, u32>,
    /// A line, and where the next one is listed; 0 for none.
    places: Vec<(u32, u32)>,
}

static PARTS: LazyLock<Parts> = LazyLock::new(|| {
    let lines: Vec<&'static str> =
        include_str!("../../data/names/parts.tsv").lines().filter(|l| !l.starts_with('#')).collect();
    let mut parts = Parts { lines: Vec::new(), heads: HashMap::new(), places: vec![(0, 0)] };
    for (at, line) in lines.iter().enumerate() {
        for form in line.split(['\t', '|']).filter(|f| !f.is_empty()) {
            let fresh = parts.places.len() as u32;
            let next = parts.heads.insert(form, fresh).unwrap_or(0);
            parts.places.push((at as u32, next));
        }
    }
    parts.lines = lines;
    parts
});

const ORDER: [Letters; 4] = [Letters::Latin, Letters::Han, Letters::Kana, Letters::Arabic];

/// Whether `form`, as [`Word::key`](super::Word::key) has it, is a given or family name.
pub fn is_part(form: &str) -> bool {
    PARTS.heads.contains_key(form)
}

/// The forms in `letters` of the given and family names that `form` may be.
pub fn other_forms(form: &str, letters: Letters) -> impl Iterator<Item = &'static str> {
    let column = ORDER.iter().position(|l| *l == letters).unwrap_or(0);
    let mut place = PARTS.heads.get(form).copied().unwrap_or(0);
    let lines = std::iter::from_fn(move || {
        let (line, next) = *PARTS.places.get(place as usize).filter(|_| place != 0)?;
        place = next;
        Some(PARTS.lines[line as usize])
    });
    lines
        .flat_map(move |line| line.split('\t').nth(column).unwrap_or("").split('|'))
        .filter(|f| !f.is_empty())
}

/// All forms in `letters`.
pub(super) fn forms(letters: Letters) -> impl Iterator<Item = &'static str> {
    let column = ORDER.iter().position(|l| *l == letters).unwrap_or(0);
    PARTS
        .lines
        .iter()
        .flat_map(move |line| line.split('\t').nth(column).unwrap_or("").split('|'))
        .filter(|f| !f.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_name() {
        assert!(other_forms("guterres", Letters::Han).any(|f| f == "古特雷斯"));
        assert!(other_forms("古特雷斯", Letters::Latin).any(|f| f == "guterres"));
        assert!(other_forms("كوفي", Letters::Latin).any(|f| f == "kofi"));
        assert!(is_part("グテヘス") && !is_part("ポテトチップ"));
        assert_eq!(other_forms("qqq", Letters::Han).count(), 0);
    }
}
