//! The fitted trees, `data/names/trees.tsv`, and the limits of their scores, `data/names/limits.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use edisi_text::Lang;
use edisi_text::name::{Letters, Name};

use super::presence::View;
use super::{FEATURES, gone};

/// Scores of names in one language that are looked for in another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limits {
    /// Above this a name counts as lost.
    pub lost: f32,
    /// Above this, surely.
    pub sure: f32,
}

/// What trees are fitted for: the letters of a name, and the language it is looked for in.
type Group = [&'static str; 2];

/// A node of a tree in preorder: the left branch follows it.
enum Node {
    /// Right at this place unless the feature is at most `limit`.
    Branch {
        feature: usize,
        limit: f32,
        right: usize,
    },
    Leaf(f32),
}

/// Trees whose values add up.
#[derive(Default)]
struct Forest(Vec<Vec<Node>>);

impl Forest {
    fn score(&self, features: &[f32]) -> f32 {
        let value = |tree: &Vec<Node>| {
            let mut at = 0;
            loop {
                match tree[at] {
                    Node::Leaf(value) => return value,
                    Node::Branch { feature, limit, .. } if features[feature] <= limit => at += 1,
                    Node::Branch { right, .. } => at = right,
                }
            }
        };
        self.0.iter().map(value).sum()
    }
}

static FORESTS: LazyLock<HashMap<&str, Forest>> = LazyLock::new(|| {
    let mut forests: HashMap<&str, Forest> = HashMap::new();
    let mut group = "";
    for line in include_str!("../../../data/names/trees.tsv").lines().filter(|l| !l.starts_with('#')) {
        match line.strip_prefix('\t') {
            Some(cells) => {
                let features = if group.starts_with("gap-") { gone::FEATURES } else { FEATURES };
                forests.entry(group).or_default().0.push(tree(cells, features));
            }
            None => group = line,
        }
    }
    forests
});

/// A tree over so many features.
fn tree(cells: &str, most: usize) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    // Branches whose left side is not complete.
    let mut open: Vec<usize> = Vec::new();
    for cell in cells.split('\t') {
        if let Some((feature, limit)) = cell.split_once("<=") {
            open.push(nodes.len());
            let feature = feature.parse().ok().filter(|f| *f < most).expect("a feature");
            nodes.push(Node::Branch { feature, limit: limit.parse().expect("a limit"), right: 0 });
            continue;
        }
        nodes.push(Node::Leaf(cell.parse().expect("a value")));
        // What comes next is right of the last branch whose left side this completes.
        let next = nodes.len();
        if let Some(Node::Branch { right, .. }) = open.pop().map(|at| &mut nodes[at]) {
            *right = next;
        }
    }
    nodes
}

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
    Some(FORESTS.get(group(name, own, other)?.join("-").as_str())?.score(features))
}

/// The group of gaps in a text in `lang`.
pub(super) fn group_of_gaps(lang: Lang) -> String {
    format!("gap-{}", lang.code())
}

/// Log odds that a name is gone from a gap of a text in `lang`.
pub(super) fn score_of_gap(lang: Lang, features: &[f32; gone::FEATURES]) -> Option<f32> {
    Some(FORESTS.get(group_of_gaps(lang).as_str())?.score(features))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_has_limits_and_every_script_trees() {
        for from in Lang::EDITIONS {
            for to in Lang::EDITIONS.into_iter().filter(|to| *to != from) {
                let limits = limits(from, to).expect("limits");
                assert!(limits.lost < limits.sure, "{from}-{to}");
            }
        }
        for group in
            ["lat-lat", "lat-zh", "lat-ja", "lat-ar", "copied-lat", "han-lat", "kana-lat", "arab-lat"]
        {
            assert!(FORESTS.contains_key(group), "{group}");
        }
        for lang in Lang::EDITIONS {
            assert!(FORESTS.contains_key(group_of_gaps(lang).as_str()), "{lang}");
        }
    }
}
