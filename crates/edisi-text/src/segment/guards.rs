//! Stretches no sentence ends in: brackets and quotations that the sentence around them goes on after.

use std::ops::Range;

use super::chars::{self, Stop};
use super::rules::Rules;

/// Bytes a guarded stretch may have: a quotation of several hundred words is cut like any other text.
const LONGEST: usize = 1500;
/// Open brackets kept in view; deeper nesting is not text.
const DEEPEST: usize = 16;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Bracket,
    Title,
    Quote,
}

struct Pair {
    shape: Shape,
    open: usize,
    inner: Range<usize>,
    end: usize,
}

/// The guarded stretches of a paragraph, in order and apart, and where its straight quotes close.
#[derive(Default)]
pub(super) struct Guards {
    stretches: Vec<Range<usize>>,
    straight_closers: Vec<usize>,
}

impl Guards {
    /// Finds the pairs of `text` and keeps those the sentence goes on after.
    pub fn of(text: &str, rules: &Rules) -> Guards {
        let (mut pairs, straight_closers) = pairs(text, rules.unspaced);
        pairs.sort_by_key(|p| p.open);
        let mut kept = vec![false; pairs.len()];
        // From the last to the first, because a quotation right behind another decides for both.
        for i in (0..pairs.len()).rev() {
            let after = pairs[i].end;
            kept[i] = match pairs.binary_search_by_key(&after, |p| p.open) {
                Ok(j) if pairs[i].shape == Shape::Quote && pairs[j].shape == Shape::Quote => kept[j],
                _ => goes_on(text, &pairs[i], rules),
            };
        }
        let mut stretches: Vec<Range<usize>> = Vec::new();
        for (pair, keep) in pairs.iter().zip(kept) {
            if !keep || pair.end - pair.open > LONGEST {
                continue;
            }
            match stretches.last_mut() {
                Some(last) if pair.open < last.end => last.end = last.end.max(pair.end),
                _ => stretches.push(pair.open..pair.end),
            }
        }
        Guards { stretches, straight_closers }
    }

    /// The end of the guarded stretch that holds byte `at`; `from` is a hint that only grows.
    pub fn end_around(&self, at: usize, from: &mut usize) -> Option<usize> {
        while self.stretches.get(*from).is_some_and(|s| s.end <= at) {
            *from += 1;
        }
        self.stretches.get(*from).filter(|s| s.contains(&at)).map(|s| s.end)
    }

    /// Whether the straight quote at byte `at` closes a quotation; known only where words are not spaced.
    pub fn is_straight_closer(&self, at: usize) -> bool {
        self.straight_closers.binary_search(&at).is_ok()
    }
}

fn pairs(text: &str, unspaced: bool) -> (Vec<Pair>, Vec<usize>) {
    let mut open: Vec<(char, Shape, usize, usize)> = Vec::new();
    let mut done = Vec::new();
    let mut straight = Vec::new();
    for (at, c) in text.char_indices() {
        if c.is_ascii() && !matches!(c, '(' | ')' | '[' | ']' | '"') {
            continue;
        }
        let (shape, close) = match c {
            '(' => (Shape::Bracket, ')'),
            '[' => (Shape::Bracket, ']'),
            '（' => (Shape::Bracket, '）'),
            '〔' => (Shape::Bracket, '〕'),
            '《' => (Shape::Title, '》'),
            '〈' => (Shape::Title, '〉'),
            '【' => (Shape::Title, '】'),
            '「' => (Shape::Quote, '」'),
            '『' => (Shape::Quote, '』'),
            '｢' => (Shape::Quote, '｣'),
            '“' if unspaced => (Shape::Quote, '”'),
            '‘' if unspaced => (Shape::Quote, '’'),
            '"' if unspaced && !open.iter().any(|o| o.0 == '"') => (Shape::Quote, '"'),
            ')' | ']' | '）' | '〕' | '》' | '〉' | '】' | '」' | '』' | '｣' | '”' | '’' | '"' =>
            {
                if let Some(i) = open.iter().rposition(|o| o.0 == c) {
                    let (_, shape, start, inner) = open[i];
                    open.truncate(i);
                    done.push(Pair { shape, open: start, inner: inner..at, end: at + c.len_utf8() });
                    if c == '"' {
                        straight.push(at);
                    }
                }
                continue;
            }
            _ => continue,
        };
        if open.len() == DEEPEST {
            open.remove(0);
        }
        open.push((close, shape, at, at + c.len_utf8()));
    }
    (done, straight)
}

/// Whether the sentence around `pair` goes on behind it.
fn goes_on(text: &str, pair: &Pair, rules: &Rules) -> bool {
    let inner = text[pair.inner.clone()].trim_end();
    let before = text[..pair.open].trim_end().chars().next_back();
    let first = before.is_none_or(|c| chars::stop(c).is_some() || chars::is_closer(c));
    match pair.shape {
        Shape::Title => return true,
        Shape::Bracket => return !first,
        Shape::Quote => {}
    }
    if !inner.chars().next_back().is_some_and(|c| {
        matches!(chars::stop(c), Some(Stop::Wide | Stop::Strong | Stop::Ellipsis)) || chars::is_closer(c)
    }) {
        return true;
    }
    let rest = &text[pair.end..];
    let Some(next) = rest.chars().next() else { return false };
    if next.is_whitespace() {
        return false;
    }
    if chars::continues(next) || chars::stop(next).is_some() {
        return true;
    }
    if chars::is_hiragana(next) {
        return !rules.starts_with_starter(rest);
    }
    if matches!(next, '的' | '等' | '之' | '和' | '与' | '與' | '及' | '或' | '後' | '后') {
        return true;
    }
    first && attributes(rest, rules)
}

/// Whether the clause `rest` starts with says whose words came before it: 他说, 外交部发言人表示.
fn attributes(rest: &str, rules: &Rules) -> bool {
    let clause =
        rest.char_indices().take(24).find(|(_, c)| chars::continues(*c) || chars::stop(*c).is_some());
    let end = clause.map_or_else(|| rest.char_indices().nth(24).map_or(rest.len(), |(i, _)| i), |(i, _)| i);
    let clause = &rest[..end];
    !clause.contains(['“', '「', '"']) && rules.attributions().any(|verb| clause.contains(verb))
}
