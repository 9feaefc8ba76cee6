//! Amounts whose currency became another.
//!
//! The names are in `data/currency/<lang>.txt`. Only a swap is reported, of one amount or of one currency for
//! another: a currency that is just not named is what happens in good translations.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::number::Number;
use edisi_text::script::is_dense;

use super::segment::{Segment, Side};

/// A way to name a currency.
struct Form {
    text: &'static str,
    /// What it may mean.
    codes: Vec<&'static str>,
    /// Whether it counts only behind a figure.
    after_figure: bool,
}

/// The forms of a language, and what finds them.
struct Forms {
    /// Longest first.
    list: Vec<Form>,
    finder: AhoCorasick,
}

static FORMS: LazyLock<HashMap<&str, Forms>> = LazyLock::new(|| {
    [
        ("id", include_str!("../../data/currency/id.txt")),
        ("en", include_str!("../../data/currency/en.txt")),
        ("zh", include_str!("../../data/currency/zh.txt")),
        ("ja", include_str!("../../data/currency/ja.txt")),
        ("ar", include_str!("../../data/currency/ar.txt")),
        ("fr", include_str!("../../data/currency/fr.txt")),
        ("pt", include_str!("../../data/currency/pt.txt")),
    ]
    .map(|(lang, file)| (lang, read(file)))
    .into()
});

fn read(file: &'static str) -> Forms {
    let mut forms: Vec<Form> = file
        .lines()
        .flat_map(|line| {
            let (codes, forms) = line.split_once(' ').expect("codes and forms");
            forms.split('|').map(move |form| Form {
                text: form.trim_start_matches('#'),
                codes: codes.split(',').collect(),
                after_figure: form.starts_with('#'),
            })
        })
        .collect();
    forms.sort_by_key(|f| std::cmp::Reverse(f.text.len()));
    let finder = AhoCorasick::builder().ascii_case_insensitive(true).build(forms.iter().map(|f| f.text));
    Forms { finder: finder.expect("a short list"), list: forms }
}

/// Mentions of all forms looked at: a text that has more is no prose.
const MOST: usize = 200;

/// A currency named in a text.
pub(super) struct Mention {
    pub range: Range<usize>,
    codes: &'static [&'static str],
}

impl Mention {
    pub(super) fn may_mean(&self, other: &Mention) -> bool {
        self.codes.iter().any(|c| other.codes.contains(c))
    }
}

/// Every mention of a currency in the text, in order.
pub(super) fn mentions(side: &Side<'_>, numbers: &[Number]) -> Vec<Mention> {
    let Some(forms) = FORMS.get(side.lang.code()) else { return Vec::new() };
    let found = forms.finder.find_overlapping_iter(side.text).take(MOST);
    let mut found: Vec<_> = found.map(|m| (m.pattern().as_usize(), m.range())).collect();
    // Longer forms win over those inside them.
    found.sort_unstable_by_key(|(form, range)| (*form, range.start));
    let mut out: Vec<Mention> = Vec::new();
    for (form, range) in found {
        let form = &forms.list[form];
        let overlaps = out.iter().any(|m| m.range.start < range.end && range.start < m.range.end);
        if !overlaps && stands_alone(side.text, &range, form, numbers) {
            out.push(Mention { range, codes: &form.codes });
        }
    }
    out.sort_by_key(|m| m.range.start);
    out
}

/// Whether the form is a word of its own, or, where words are not spaced or it is a sign, stands at all.
fn stands_alone(text: &str, range: &Range<usize>, form: &Form, numbers: &[Number]) -> bool {
    let before = &text[..range.start];
    let letter = |c: char| c.is_alphabetic() && !is_dense(c);
    if form.after_figure {
        let last = before.chars().rev().find(|c| !c.is_whitespace());
        let end = before.trim_end().len();
        let counted = || numbers.iter().any(|n| n.span.end == end);
        if !last.is_some_and(|c| c.is_numeric() || "万億亿千百".contains(c)) && !counted() {
            return false;
        }
    }
    let first = form.text.chars().next().is_some_and(letter);
    let last = form.text.chars().next_back().is_some_and(letter);
    // Arabic writes the article and short words on to the next: والدولار.
    let attached: Vec<char> = before.chars().rev().take_while(|c| letter(*c)).take(5).collect();
    let joined = attached.len() < 5 && attached.iter().all(|c| "الوبفك".contains(*c));
    (!first || joined) && !(last && text[range.end..].starts_with(letter))
}

/// A currency that only the source names, where the translation names one that the source does not.
pub(super) fn check(segment: &Segment<'_>, source: &[Mention], target: &[Mention]) -> Option<Finding> {
    let gone = source.iter().find(|s| !target.iter().any(|t| t.may_mean(s)))?;
    let new = target.iter().find(|t| !source.iter().any(|s| s.may_mean(t)))?;
    Some(changed(segment, gone, new))
}

/// What an editor is told when `was` became `is`.
pub(super) fn changed(segment: &Segment<'_>, was: &Mention, is: &Mention) -> Finding {
    let (source, target) = (was.range.clone(), is.range.clone());
    let (was, is) = (&segment.source.text[source.clone()], &segment.target.text[target.clone()]);
    let message = format!("The source counts in {was}, the translation in {is}.");
    let mut finding = Finding::new(FindingKind::CurrencyChanged, Severity::Error, message);
    finding.source = vec![source.into()];
    finding.target = vec![target.into()];
    finding.expected = Some(was.to_owned());
    finding.found = Some(is.to_owned());
    finding.confidence = Some(0.9);
    finding
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read() {
        for (lang, forms) in FORMS.iter() {
            assert!(forms.list.len() > 15, "{lang}");
            for form in &forms.list {
                assert!(form.codes.iter().all(|c| c.len() == 3 && c.chars().all(|c| c.is_ascii_uppercase())));
                assert_eq!(form.text, form.text.trim().to_ascii_lowercase(), "{lang}");
                assert!(!form.text.is_empty());
            }
        }
    }
}
