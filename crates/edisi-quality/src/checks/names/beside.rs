//! Names that say whose money or whose time it is, which translations give or leave out as they like.

use std::collections::HashSet;
use std::sync::LazyLock;

use edisi_text::name::Name;

use super::presence::View;

static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/names/beside.txt").lines().filter(|l| !l.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// Parts of a country that have their own time.
const PARTS: [&str; 5] = ["中部", "西部", "东部", "東部", "中央"];

/// Whether a place stands beside a word for money or the time of day: `US dollars`, `British Summer Time`.
pub(super) fn may_be_left_out(name: &Name, own: &View<'_>) -> bool {
    if !name.kind.is_place() {
        return false;
    }
    if own.lang.is_unspaced() {
        let (before, behind) = (&own.text[..name.range.start], &own.text[name.range.end..]);
        // 印尼中部时间
        let behind = PARTS.iter().find_map(|part| behind.strip_prefix(part)).unwrap_or(behind);
        return WORDS.iter().any(|w| !w.is_ascii() && (before.ends_with(w) || behind.starts_with(w)));
    }
    let words = &own.scan.words;
    let first = words.partition_point(|w| w.range.end <= name.range.start);
    let after = words.partition_point(|w| w.range.start < name.range.end);
    let near = words[first.saturating_sub(2)..first].iter().chain(words[after..].iter().take(2));
    near.into_iter().any(|w| WORDS.contains(w.key.as_str()))
}
