//! Translations that say the same thing over and over.

use std::collections::HashSet;
use std::ops::Range;

use edisi_article::{Finding, FindingKind, Severity};

use super::segment::{Segment, Token};

/// Longest phrase looked for, in words; in characters for Chinese and Japanese.
const LONGEST: usize = 24;

/// A phrase that occurs again where the source gives no reason for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repeat {
    /// Every occurrence but the first, in bytes of the translation.
    pub again: Vec<Range<usize>>,
    /// The first occurrence.
    pub first: Range<usize>,
    /// Whether it comes so often in a row that the text cannot be meant.
    pub is_loop: bool,
}

impl Repeat {
    /// The phrase, cut short if it is long.
    pub(super) fn phrase(&self, translation: &str) -> String {
        let phrase = &translation[self.first.clone()];
        match phrase.char_indices().nth(60) {
            Some((end, _)) => format!("{}…", &phrase[..end]),
            None => phrase.to_owned(),
        }
    }
}

pub(super) fn find(segment: &Segment<'_>) -> Option<Repeat> {
    let target = &segment.target.tokens;
    if let Some(run) = longest_run(target) {
        let in_source = longest_run(&segment.source.tokens).is_some_and(|s| s.times + 1 >= run.times);
        if !in_source {
            return Some(run.repeat(target));
        }
    }
    let clauses = repeated_clause(target)?;
    let reason = repeated_clause(&segment.source.tokens).is_some();
    (!reason).then(|| Repeat { first: clauses[0].clone(), again: clauses[1..].to_vec(), is_loop: false })
}

/// A phrase that occurs `times` times in a row.
struct Run {
    start: usize,
    len: usize,
    times: usize,
}

impl Run {
    fn repeat(&self, tokens: &[Token]) -> Repeat {
        let bytes = |nth: usize| {
            let from = self.start + nth * self.len;
            tokens[from].range.start..tokens[from + self.len - 1].range.end
        };
        Repeat { first: bytes(0), again: (1..self.times).map(bytes).collect(), is_loop: true }
    }
}

/// The run that covers most tokens, among those long enough to be a fault.
fn longest_run(tokens: &[Token]) -> Option<Run> {
    let mut best: Option<Run> = None;
    for len in 1..=LONGEST.min(tokens.len() / 3) {
        let mut start = 0;
        while start + 3 * len <= tokens.len() {
            let same = tokens[start..]
                .iter()
                .zip(&tokens[start + len..])
                .take_while(|(a, b)| a.key == b.key)
                .count();
            let times = same / len + 1;
            let run = Run { start, len, times };
            if is_fault(&run, tokens) && best.as_ref().is_none_or(|b| len * times > b.len * b.times) {
                best = Some(run);
            }
            start += same.saturating_sub(len) + 1;
        }
    }
    best
}

/// Three times in a row is a fault for a phrase; interjections and figures (`no, no, no`, `哈哈哈`, `1 1 1`)
/// may come a little more often.
fn is_fault(run: &Run, tokens: &[Token]) -> bool {
    let phrase = &tokens[run.start..run.start + run.len];
    if !phrase.iter().any(Token::has_letters) {
        return run.times >= 8;
    }
    let syllables: usize = phrase.iter().map(|t| if t.dense { 1 } else { 2 }).sum();
    run.times
        >= match syllables {
            1 => 6,
            2 => 4,
            _ => 3,
        }
}

/// A clause of some length that occurs more than once, where it occurs.
fn repeated_clause(tokens: &[Token]) -> Option<Vec<Range<usize>>> {
    let mut clauses: Vec<&[Token]> = Vec::new();
    let mut start = 0;
    for at in 1..=tokens.len() {
        if at == tokens.len() || tokens[at].after_break {
            clauses.push(&tokens[start..at]);
            start = at;
        }
    }
    let weight = |c: &[Token]| c.iter().map(|t| if t.dense { 2 } else { 5 }).sum::<usize>();
    clauses.retain(|c| weight(c) >= 20 && c.iter().filter(|t| t.has_letters()).count() >= 4);
    let keys = |c: &[Token]| c.iter().map(|t| t.key.clone()).collect::<Vec<_>>();
    let mut seen = HashSet::new();
    let again = clauses.iter().find(|c| !seen.insert(keys(c)))?;
    let again = keys(again);
    let bytes = |c: &&[Token]| Some(c.first()?.range.start..c.last()?.range.end);
    Some(clauses.iter().filter(|c| keys(c) == again).filter_map(bytes).collect())
}

pub(super) fn check(segment: &Segment<'_>) -> Option<Finding> {
    let repeat = find(segment)?;
    let phrase = repeat.phrase(segment.target.text);
    let severity = if repeat.is_loop { Severity::Error } else { Severity::Warning };
    let message = format!("The translation repeats `{phrase}`, which the source does not.");
    let mut finding = Finding::new(FindingKind::RepeatedPhrase, severity, message);
    finding.source = vec![segment.source.range().into()];
    finding.target = repeat.again.into_iter().map(Into::into).collect();
    finding.found = Some(phrase);
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use edisi_text::Lang;

    fn loops(text: &str) -> Option<(String, usize)> {
        let segment = Segment::new("x", text, (Lang::ID, Lang::EN));
        find(&segment).map(|r| (r.phrase(text), r.again.len()))
    }

    #[test]
    fn the_phrase_and_its_repeats_are_located() {
        assert_eq!(
            loops("He said that the bridge, the bridge, the bridge fell."),
            Some(("the bridge".into(), 2))
        );
        assert_eq!(loops("港口开放港口开放港口开放了"), Some(("港口开放".into(), 2)));
        assert_eq!(loops("No, no, no!"), None);
        assert_eq!(loops("哈哈哈哈"), None);
        assert_eq!(loops(""), None);
    }

    #[test]
    fn long_inputs_are_quick() {
        let text = "kata ".repeat(20_000);
        assert!(loops(&text).is_some());
        let varied: String = (0..20_000).map(|i| format!("w{} ", i % 97)).collect();
        assert!(loops(&varied).is_none());
    }
}
