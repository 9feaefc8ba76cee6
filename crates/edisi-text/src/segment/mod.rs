//! Sentences as byte ranges.
//!
//! A scanner of our own, one pass and linear in the input: it looks at every mark that may end a sentence and
//! asks what stands before it (abbreviation, initial, number), around it (brackets, quotations) and behind it
//! (small letter, attribution, comma). Where it cannot know, it does not split: a sentence too long reads
//! better in translation than one cut in two.
//!
//! The lists it uses are text files, `data/segment/<lang>.txt`; the cases it must get right are in
//! `tests/segment/<lang>.txt`.

mod chars;
mod guards;
mod rules;
mod words;

use std::ops::Range;

use crate::Lang;
use chars::Stop;
use guards::Guards;
use rules::{Abbr, Rules};
use words::{first_word, is_initials, is_roman, leading_word, starts_small, word_head};

/// The sentences of `text`, as byte ranges into it.
///
/// Ranges are in order, never overlap, are never empty and have no white space at either end; what lies
/// between them is white space only, so that ranges and gaps together rebuild `text`. A blank line, a line
/// that starts with a list mark and U+2029 always end a sentence; a single line break is white space like
/// any other. Text without a full stop (a heading) is one sentence.
///
/// Takes time linear in the length of `text`.
pub fn sentences(text: &str, lang: Lang) -> Vec<Range<usize>> {
    let rules = rules::of(lang);
    let mut out = Vec::new();
    for paragraph in paragraphs(text) {
        let scanner = Scanner {
            text: &text[paragraph.clone()],
            guards: Guards::of(&text[paragraph.clone()], rules),
            rules,
        };
        scanner.run(|range| out.push(range.start + paragraph.start..range.end + paragraph.start));
    }
    out
}

/// Runs of lines without a blank line between them, trimmed; a list item starts a new one.
fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            open = false;
        } else {
            let start = at + (line.len() - line.trim_start().len());
            let end = start + trimmed.len();
            match out.last_mut() {
                Some(last) if open && !is_list_item(trimmed) => last.end = end,
                _ => out.push(start..end),
            }
            open = true;
        }
        at += line.len();
    }
    out
}

fn is_list_item(line: &str) -> bool {
    let mut chars = line.chars();
    match chars.next() {
        Some('•' | '●' | '▪' | '◦' | '‣' | '・') => true,
        Some('-' | '*' | '–' | '—') => chars.next() == Some(' '),
        _ => false,
    }
}

/// What stands at a possible end: the stops and the marks that close after them.
struct End {
    /// Where the stops begin.
    start: usize,
    /// Where the closing marks end.
    end: usize,
    dots: usize,
    strong: bool,
    wide: bool,
    ellipsis: bool,
    paragraph: bool,
    quoted: bool,
    closed: bool,
}

struct Scanner<'a> {
    text: &'a str,
    guards: Guards,
    rules: &'a Rules,
}

impl Scanner<'_> {
    fn run(&self, mut emit: impl FnMut(Range<usize>)) {
        let (mut start, mut at, mut hint) = (0, 0, 0);
        while let Some((stop, kind)) = chars::next_stop(self.text, at) {
            if kind != Stop::Paragraph
                && let Some(end) = self.guards.end_around(stop, &mut hint)
            {
                at = end;
                continue;
            }
            let end = self.read_end(stop);
            let next = end.end + (self.text.len() - end.end - self.text[end.end..].trim_start().len());
            if next >= self.text.len() {
                break;
            }
            at = end.end;
            if end.paragraph || self.is_boundary(start, &end, next) {
                let sentence = self.text[start..end.end].trim_end().len();
                if sentence > 0 {
                    emit(start..start + sentence);
                }
                start = next;
                at = next;
            }
        }
        let last = self.text[start..].trim_end().len();
        if last > 0 {
            emit(start..start + last);
        }
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    /// Reads on from the stop at `start` over further stops, closing marks and the spaces between them.
    fn read_end(&self, start: usize) -> End {
        let mut e = End {
            start,
            end: start,
            dots: 0,
            strong: false,
            wide: false,
            ellipsis: false,
            paragraph: false,
            quoted: false,
            closed: false,
        };
        while let Some(c) = self.char_at(e.end) {
            match chars::stop(c) {
                Some(Stop::Dot) => e.dots += 1,
                Some(Stop::Ellipsis) => e.ellipsis = true,
                Some(Stop::Strong) => e.strong = true,
                Some(Stop::Wide) => e.wide = true,
                Some(Stop::Paragraph) => {
                    e.paragraph = true;
                    e.end += c.len_utf8();
                    return e;
                }
                None if self.closes(e.end, c) => {
                    e.closed = true;
                    e.quoted |= chars::is_quote_closer(c);
                }
                None if c == '[' => match self.footnote(e.end) {
                    Some(end) => {
                        e.end = end;
                        continue;
                    }
                    None => break,
                },
                None if c.is_whitespace() => match self.after_space(e.end) {
                    Some(next) => {
                        e.end = next;
                        continue;
                    }
                    None => break,
                },
                None => break,
            }
            e.end += c.len_utf8();
        }
        if e.dots > 1 {
            e.ellipsis = true;
        }
        e
    }

    /// Whether the mark `c` at `at`, behind a stop, closes something.
    fn closes(&self, at: usize, c: char) -> bool {
        if chars::is_closer(c) {
            return true;
        }
        if !chars::is_either_way(c) {
            return false;
        }
        if self.rules.unspaced && c == '"' {
            return self.guards.is_straight_closer(at);
        }
        // Behind a stop without a space, and nothing but an end behind it.
        match self.char_at(at + c.len_utf8()) {
            None => true,
            Some(n) => {
                n.is_whitespace()
                    || chars::continues(n)
                    || chars::stop(n).is_some()
                    || chars::is_closer(n)
                    || chars::is_either_way(n)
            }
        }
    }

    /// The end of a note mark such as `[12]` at `at`.
    fn footnote(&self, at: usize) -> Option<usize> {
        let rest = &self.text.as_bytes()[at + 1..];
        let digits = rest.iter().take(3).take_while(|b| b.is_ascii_digit()).count();
        (digits > 0 && rest.get(digits) == Some(&b']')).then_some(at + digits + 2)
    }

    /// Where reading goes on when the white space at `at` stands inside the end: `« … ! »`, `? !`, `. .`.
    fn after_space(&self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        // One space, or two: more is layout.
        let space: usize =
            rest.chars().take(2).take_while(|c| c.is_whitespace() && *c != '\n').map(char::len_utf8).sum();
        let behind = &rest[space..];
        let c = behind.chars().next()?;
        if matches!(c, '”' | '»' | '›' | '」' | '』') {
            // An opening » of German kind has a letter right behind it.
            let n = behind[c.len_utf8()..].chars().next();
            return n.is_none_or(|n| !n.is_alphanumeric()).then_some(at + space);
        }
        if behind == "\"" {
            return Some(at + space + 1);
        }
        let stops: usize = behind
            .chars()
            .take(8)
            .take_while(|c| matches!(chars::stop(*c), Some(Stop::Dot | Stop::Strong | Stop::Wide)))
            .map(char::len_utf8)
            .sum();
        let alone = behind[stops..].chars().next().is_none_or(|c| c.is_whitespace() || chars::is_closer(c));
        (stops > 0 && alone).then_some(at + space)
    }

    /// Whether the sentence that began at `start` ends with `end`; `next` is where text goes on.
    fn is_boundary(&self, start: usize, end: &End, next: usize) -> bool {
        let rest = &self.text[next..];
        let Some(c) = rest.chars().next() else { return true };
        if chars::continues(c) {
            return false;
        }
        if next == end.end {
            return self.is_tight_boundary(end, rest, c);
        }
        let word = first_word(rest);
        if starts_small(word) {
            return false;
        }
        if end.wide {
            return true;
        }
        if end.quoted && self.is_attribution(end, word, rest) {
            return false;
        }
        if end.dots == 1 && !end.strong && !end.ellipsis {
            return self.is_dot_boundary(start, end, c, word);
        }
        if end.ellipsis && !end.strong && !word.starts_with(char::is_uppercase) {
            // A pause set apart by spaces, in a script without capitals.
            return !self.text[..end.start].ends_with(char::is_whitespace);
        }
        if end.strong && !end.closed && end.end - end.start == 1 {
            let named = &self.text[self.word_start(end.start)..end.end];
            return self.rules.abbr(named).is_none();
        }
        true
    }

    /// An end with no white space behind it.
    fn is_tight_boundary(&self, end: &End, rest: &str, c: char) -> bool {
        let before = self.text[..end.start].chars().next_back();
        if end.wide {
            let digits = c.is_numeric() && before.is_some_and(char::is_numeric);
            // A mark that belongs to a name: けいおん！は
            let particle = matches!(c, 'と' | 'の' | 'は' | 'が' | 'を' | 'も')
                && !end.closed
                && self.text[end.start..end.end].ends_with(['！', '？'])
                && !self.rules.starts_with_starter(rest);
            // What is said of a quotation that began in an earlier paragraph: …である。」と述べた
            let quoting = end.closed
                && ["と", "って", "など"].iter().any(|particle| rest.starts_with(particle))
                && !self.rules.starts_with_starter(rest);
            return !digits && !particle && !quoting;
        }
        if end.strong && chars::is_cjk(c) {
            return true;
        }
        // Arabic script runs sentences together more often than it has dots inside words.
        let arabic = |c: Option<char>| c.is_some_and(chars::is_arabic_letter);
        if arabic(before) && chars::is_arabic_letter(c) {
            let long_before = self.text[..end.start].chars().rev().take(3).all(chars::is_arabic_letter);
            let long_behind = rest.chars().take(3).all(chars::is_arabic_letter);
            return end.strong || (long_before && long_behind);
        }
        false
    }

    /// A single full stop with white space behind it.
    fn is_dot_boundary(&self, start: usize, end: &End, next: char, word: &str) -> bool {
        let before = self.word_start(end.start);
        let token = &self.text[before..end.start];
        if token.is_empty() {
            return true;
        }
        let number_next = word.starts_with(char::is_numeric) || (word.len() > 1 && is_roman(word));
        // A name follows an initial, seldom a quotation.
        let starter = self.rules.is_starter(word) || matches!(next, '"' | '“' | '«' | '‘');
        let capital_or_uncased = !word.is_empty();
        let part = token.rsplit(['-', '\'', '’']).next().unwrap_or(token);
        if let Some(class) =
            self.rules.abbr(token).or_else(|| self.rules.abbr(part).filter(|_| part.len() > 1))
        {
            return match class {
                Abbr::Title => false,
                Abbr::Number => !number_next,
                Abbr::Soft => starter || !capital_or_uncased,
                Abbr::Tail => true,
            };
        }
        if token.chars().all(char::is_numeric) {
            // "1. Pertama": the number of a list item, not a sentence.
            let item = before == start && token.len() <= 3;
            let ordinal = self.rules.dotted_ordinals && token.len() <= 2;
            return !(item || ordinal);
        }
        if before == start && is_roman(token) {
            return false;
        }
        // "35°W.", "32 °C." are measures.
        let apart =
            self.text[..before].chars().next_back().is_none_or(|c| c.is_whitespace() || chars::is_opener(c));
        if apart && is_initials(token) {
            return starter;
        }
        if self.rules.unspaced {
            // Between Latin words in Chinese or Japanese a dot is part of a name.
            let latin = token.chars().next_back().is_some_and(|c| !chars::is_cjk(c));
            let cjk_next = word.chars().next().is_some_and(chars::is_cjk);
            return !(latin && cjk_next);
        }
        true
    }

    /// Where the word that ends at byte `end` begins; words longer than any abbreviation are cut short.
    fn word_start(&self, end: usize) -> usize {
        let mut at = end;
        for (i, c) in self.text[..end].char_indices().rev().take(20) {
            let inside = c.is_alphanumeric() || matches!(c, '.' | '-' | '\'' | '’' | '&');
            if !inside || chars::is_cjk(c) {
                break;
            }
            at = i;
        }
        at
    }

    /// Whether what follows a quotation says whose it was: « "Siap?" Budi bertanya. »
    fn is_attribution(&self, end: &End, word: &str, rest: &str) -> bool {
        if self.rules.is_starter(word) && !self.rules.is_attribution(word) {
            // "He said" is an attribution all the same; what decides is the verb right behind.
            return self.verb_within(rest, 2, end);
        }
        self.verb_within(rest, 5, end)
    }

    fn verb_within(&self, rest: &str, words: usize, end: &End) -> bool {
        let mut behind = rest;
        for _ in 0..words {
            behind = behind.trim_start_matches([' ', '\u{A0}', '-', '\'', '’']);
            let word = leading_word(behind);
            behind = &behind[word.len()..];
            let next = behind.chars().next();
            if self.rules.is_attribution(word) {
                // Behind a plain full stop only a short "Budi mengatakan." counts: else a sentence of its own.
                let short = next.is_none_or(|c| matches!(c, '.' | ',' | ':' | '،'));
                return end.strong || end.ellipsis || short || chars::is_arabic_letter(word_head(word));
            }
            if !next.is_some_and(|c| matches!(c, ' ' | '\u{A0}' | '-' | '\'' | '’')) || word.is_empty() {
                return false;
            }
        }
        false
    }
}
