//! Words of a text that have one established form in another language: known names, dates, quantities, and terms of
//! the news.

use std::ops::Range;
use std::sync::LazyLock;

use crate::name::{Gazetteer, Mention, gazetteer, scan, words};
use crate::{Lang, number};

/// Terms of the news in six languages: `data/established/terms.tsv`, with the columns of `data/names/known.tsv`.
static TERMS: LazyLock<Gazetteer> =
    LazyLock::new(|| Gazetteer::of(include_str!("../data/established/terms.tsv")));

/// Bytes of `text`, which is in `from`, and what surely stands for them in a translation into `to`: the names of
/// countries, cities, organisations and people that `data/names` knows, dates and quantities
/// ([`number::rewrite`](crate::number::rewrite)), posts and institutions. In order and without overlaps; what is written
/// alike in both languages is left out.
///
/// ```
/// use edisi_text::{Lang, established};
///
/// let text = "Menteri itu tiba di Kazakhstan pada Kamis.";
/// let found: Vec<(&str, String)> =
///     established(text, Lang::ID, Lang::ZH).into_iter().map(|(range, form)| (&text[range], form)).collect();
/// assert_eq!(found, [("Kazakhstan", "哈萨克斯坦".to_owned()), ("Kamis", "周四".to_owned())]);
/// ```
pub fn established(text: &str, from: Lang, to: Lang) -> Vec<(Range<usize>, String)> {
    if from == to {
        return Vec::new();
    }
    // A name comes before a number in it, and a longer term before a name in it.
    let mut found = terms(text, from, to);
    let mut add = |more: Vec<(Range<usize>, String)>| {
        for (range, form) in more {
            if found.iter().all(|(taken, _)| taken.end <= range.start || range.end <= taken.start) {
                found.push((range, form));
            }
        }
    };
    add(names(text, from, to));
    add(number::rewrite(text, from, to));
    found.retain(|(range, form)| text[range.clone()].to_lowercase() != form.to_lowercase());
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// `text` with other words at some of its bytes, as [`established`] gives them: in order and without overlaps.
///
/// ```
/// use edisi_text::{Lang, established, substituted};
///
/// let text = "Presiden tiba di Jepang.";
/// assert_eq!(substituted(text, established(text, Lang::ID, Lang::FR)), "Presiden tiba di Japon.");
/// ```
///
/// # Panics
/// Where a range overlaps the one before it, or does not lie on the bounds of characters of `text`.
pub fn substituted<S: AsRef<str>>(text: &str, forms: impl IntoIterator<Item = (Range<usize>, S)>) -> String {
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for (range, form) in forms {
        out += &text[at..range.start];
        out += form.as_ref();
        at = range.end;
    }
    out + &text[at..]
}

fn names(text: &str, from: Lang, to: Lang) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    for name in scan(text, from).names {
        let Some(form) = name.known_form(to) else { continue };
        // `Trump` is not made `Donald Trump` where both languages write `Trump`.
        let own = &text[name.range.clone()];
        let mut alike = gazetteer().mentions(own, &words(own), to).into_iter();
        if !alike.any(|m| m.sure && m.range.len() == own.len() && name.entries.contains(&m.entry)) {
            found.push((name.range, form.to_owned()));
        }
    }
    found
}

fn terms(text: &str, from: Lang, to: Lang) -> Vec<(Range<usize>, String)> {
    let mut mentions: Vec<Mention> =
        TERMS.mentions(text, &words(text), from).into_iter().filter(|m| m.sure).collect();
    mentions.sort_by_key(|m| (m.range.start, std::cmp::Reverse(m.range.end)));
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    for mention in mentions {
        let form = TERMS.entries[mention.entry as usize].form(to);
        let apart = found.last().is_none_or(|(taken, _)| taken.end <= mention.range.start);
        if let Some(form) = form.filter(|_| apart) {
            found.push((mention.range, form.to_owned()));
        }
    }
    found
}
