//! From which score on a name counts as being on the other side: `data/names/limits.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use edisi_text::Lang;
use edisi_text::name::{Cue, Letters, Name, NameKind};

use super::presence::View;

/// Scores below which a name counts as missing; `None` where it never does.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Limit {
    /// Whatever the other side has.
    pub alone: Option<f32>,
    /// When the other side has a name that is accounted for as little.
    pub swapped: Option<f32>,
}

impl Limit {
    pub(super) fn highest(&self) -> f32 {
        self.alone.unwrap_or(0.0).max(self.swapped.unwrap_or(0.0))
    }
}

static LIMITS: LazyLock<HashMap<[&str; 3], Limit>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/names/limits.tsv").lines().filter(|l| !l.starts_with('#'));
    lines
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let [script, other, cue, alone, swapped] = cells.as_slice() else { return None };
            Some((
                [*script, *other, *cue],
                Limit { alone: alone.parse().ok(), swapped: swapped.parse().ok() },
            ))
        })
        .collect()
});

/// The limits for a name of `own` looked for in a text in `other`.
pub(super) fn of(name: &Name, own: &View<'_>, other: Lang) -> Limit {
    let letters = own.scan.words.iter().find(|w| w.range.end > name.range.start).map(|w| w.letters);
    let script = match letters {
        Some(Letters::Arabic) => "arab",
        Some(Letters::Kana) => "kana",
        Some(Letters::Han) => "han",
        _ => "lat",
    };
    let other = match other.code() {
        code @ ("zh" | "ja" | "ar") => code,
        code if script == "lat" && (code == "fr" || own.lang == Lang::FR) => "fr",
        _ => "lat",
    };
    let cue = match (name.cue, name.kind) {
        (Cue::Known, NameKind::Person) => "person",
        (Cue::Known, kind) if kind.is_place() => "place",
        (Cue::Known, _) => "known",
        (Cue::Title, _) => "title",
        (Cue::Capital, _) => "capital",
        (Cue::Transcribed, _) => "transcribed",
        (Cue::Acronym, _) => "acronym",
        (Cue::Weak, _) if own.lang == Lang::EN => "weak-en",
        (Cue::Weak, _) => "weak",
    };
    let own_row = LIMITS.get(&[script, other, cue]);
    // Places and people are judged like other known names where nothing else is said.
    let row =
        own_row.or_else(|| (name.cue == Cue::Known).then(|| LIMITS.get(&[script, other, "known"])).flatten());
    row.copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let lines =
            include_str!("../../../data/names/limits.tsv").lines().filter(|l| !l.starts_with('#')).count();
        assert_eq!(LIMITS.len(), lines);
        for (row, limit) in LIMITS.iter() {
            assert!((0.0..1.0).contains(&limit.highest()), "{row:?}");
            assert!(limit.alone.unwrap_or(0.0) <= limit.swapped.unwrap_or(0.0), "{row:?}: a swap needs less");
        }
    }
}
