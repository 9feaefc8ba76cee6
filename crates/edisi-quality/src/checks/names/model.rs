//! The fitted weights, `data/names/weights.tsv`, and the limits of their scores, `data/names/limits.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use edisi_text::Lang;
use edisi_text::name::{Letters, Name};

use super::FEATURES;
use super::presence::View;

/// Scores of names in one language that are looked for in another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limits {
    /// Above this a name counts as lost.
    pub lost: f32,
    /// Above this, surely.
    pub sure: f32,
}

/// What a bias and weights are fitted for: the letters of a name, and the language it is looked for in.
type Group = [&'static str; 2];

static WEIGHTS: LazyLock<HashMap<String, (f32, [f32; FEATURES])>> = LazyLock::new(|| {
    let rows = include_str!("../../../data/names/weights.tsv").lines().filter(|l| !l.starts_with('#'));
    rows.map(|row| {
        let mut cells = row.split('\t');
        let group = cells.next().expect("a group").to_owned();
        let mut number = || cells.next().and_then(|c| c.parse().ok()).expect("numbers");
        (group, (number(), std::array::from_fn(|_| number())))
    })
    .collect()
});

static LIMITS: LazyLock<HashMap<(&str, &str), Limits>> = LazyLock::new(|| {
    let rows = include_str!("../../../data/names/limits.tsv").lines().filter(|l| !l.starts_with('#'));
    rows.filter_map(|row| {
        let cells: Vec<&str> = row.split('\t').collect();
        let [from, to, lost, sure] = cells.as_slice() else { return None };
        Some(((*from, *to), Limits { lost: lost.parse().ok()?, sure: sure.parse().ok()? }))
    })
    .collect()
});

/// The limits for names of a text in `from` that are looked for in one in `to`, `None` where nothing was fitted.
pub(super) fn limits(from: Lang, to: Lang) -> Option<Limits> {
    LIMITS.get(&(from.code(), to.code())).copied()
}

/// The group of a name of `own` that is looked for in a text in `other`.
pub(super) fn group(name: &Name, own: &View<'_>, other: Lang) -> Option<Group> {
    let letters = own.words_in(&name.range).next()?.letters;
    let script = match letters {
        Letters::Arabic => "arab",
        Letters::Kana => "kana",
        Letters::Han => "han",
        Letters::Latin if own.lang.code() == "ar" || own.lang.is_unspaced() => "copied",
        Letters::Latin => "lat",
    };
    let other = match other.code() {
        "zh" => "zh",
        "ja" => "ja",
        "ar" => "ar",
        _ => "lat",
    };
    Some([script, other])
}

/// Log odds that a name of `own` is absent from a text in `other`.
pub(super) fn score(name: &Name, own: &View<'_>, other: Lang, features: &[f32; FEATURES]) -> Option<f32> {
    let (bias, weights) = WEIGHTS.get(&group(name, own, other)?.join("-"))?;
    Some(bias + weights.iter().zip(features).map(|(w, x)| w * x).sum::<f32>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_has_limits_and_every_script_weights() {
        for from in Lang::EDITIONS {
            for to in Lang::EDITIONS.into_iter().filter(|to| *to != from) {
                let limits = limits(from, to).expect("limits");
                assert!(limits.lost < limits.sure, "{from}-{to}");
            }
        }
        for group in
            ["lat-lat", "lat-zh", "lat-ja", "lat-ar", "copied-lat", "han-lat", "kana-lat", "arab-lat"]
        {
            assert!(WEIGHTS.contains_key(group), "{group}");
        }
    }
}
