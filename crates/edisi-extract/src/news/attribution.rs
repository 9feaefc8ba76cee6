//! Sources a story names in its own text: `dilansir AFP`, `told Politico`, `据新华社报道`.

use aho_corasick::{AhoCorasick, MatchKind};
use regex::{Regex, RegexBuilder};

use super::data::Attribution;
use super::outlets;
use super::phrase::{normalise, word_ends, word_starts};

/// A source the text credits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributed {
    /// The outlet's name, as written.
    pub name: String,
    /// Whether the newsroom relays it in its own voice: `mengutip Reuters`.
    pub relayed: bool,
}

pub(super) struct Attributions {
    /// Longest first.
    before: Vec<(String, bool)>,
    after: Vec<(String, bool)>,
    filler: Vec<String>,
    relay: AhoCorasick,
    not_outlet: Vec<String>,
    calendar: Vec<String>,
    regexes: Vec<Regex>,
}

impl Attributions {
    pub fn new(data: &Attribution) -> Attributions {
        let phrases = |plain: &[String], relay: &[String]| {
            let mut all: Vec<(String, bool)> = plain.iter().map(|p| (normalise(p), false)).collect();
            all.extend(relay.iter().map(|p| (normalise(p), true)));
            all.sort_by_key(|(p, _)| std::cmp::Reverse(p.len()));
            all
        };
        let list = |words: &[String]| {
            let mut words: Vec<String> = words.iter().map(|w| normalise(w)).collect();
            words.sort_by_key(|w| std::cmp::Reverse(w.len()));
            words
        };
        Attributions {
            before: phrases(&data.before, &data.relay),
            after: phrases(&data.after, &data.relay_after),
            filler: list(&data.filler),
            relay: AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .ascii_case_insensitive(true)
                .build(&data.relay)
                .expect("phrases of the data files"),
            not_outlet: list(&data.not_outlet),
            calendar: list(&data.calendar),
            regexes: data
                .regex
                .iter()
                .map(|r| {
                    let regex = RegexBuilder::new(r).case_insensitive(true).build();
                    regex.unwrap_or_else(|e| panic!("data/news, attribution: {e}"))
                })
                .collect(),
        }
    }

    /// The sources a paragraph credits, in reading order.
    pub fn find(&self, text: &str) -> Vec<Attributed> {
        let mut found: Vec<(usize, Attributed)> = Vec::new();
        for mention in outlets::mentions(text) {
            let name = &text[mention.range.clone()];
            let before = self.hit_before(&text[..mention.range.start]);
            let after = self.hit_after(&text[mention.range.end..]);
            if before.is_some() || after.is_some() {
                let relayed = before == Some(true) || after == Some(true);
                found.push((mention.range.start, Attributed { name: name.to_owned(), relayed }));
            }
        }
        for hit in self.relay.find_iter(text) {
            let phrase = &text[hit.range()];
            if !word_starts(&text[..hit.start()], phrase) || !word_ends(phrase, &text[hit.end()..]) {
                continue;
            }
            if let Some((at, name)) = self.unknown_outlet(text, hit.end())
                && !found.iter().any(|(other, a)| *other < at + name.len() && at < other + a.name.len())
            {
                found.push((at, Attributed { name, relayed: true }));
            }
        }
        for regex in &self.regexes {
            for captures in regex.captures_iter(text) {
                let Some(source) = captures.name("source") else { continue };
                if !found
                    .iter()
                    .any(|(other, a)| *other < source.end() && source.start() < other + a.name.len())
                {
                    found.push((
                        source.start(),
                        Attributed { name: source.as_str().to_owned(), relayed: false },
                    ));
                }
            }
        }
        found.sort_by_key(|(at, _)| *at);
        found.into_iter().map(|(_, a)| a).collect()
    }

    /// Whether an attributing phrase ends right before the name; in it whether it relays.
    fn hit_before(&self, before: &str) -> Option<bool> {
        let start = before.char_indices().rev().nth(80).map_or(0, |(i, _)| i);
        let mut text = normalise_left(&before[start..]);
        // Few fillers ever stand together: `dari laman kantor berita`.
        for _ in 0..4 {
            if let Some((_, relay)) = self.before.iter().find(|(phrase, _)| ends_with_words(&text, phrase)) {
                return Some(*relay);
            }
            let filler = self.filler.iter().find(|filler| ends_with_words(&text, filler))?;
            text.truncate(text.len() - filler.len());
            let end = text
                .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '«' | ','))
                .len();
            text.truncate(end);
        }
        None
    }

    fn hit_after(&self, after: &str) -> Option<bool> {
        let end = after.char_indices().nth(80).map_or(after.len(), |(i, _)| i);
        let text = normalise_right(&after[..end]);
        self.after
            .iter()
            .find(|(phrase, _)| {
                text.strip_prefix(phrase.as_str()).is_some_and(|rest| word_ends(phrase, rest))
            })
            .map(|(_, relay)| *relay)
    }

    /// A capitalised run or domain right after a relaying phrase: its position and text.
    fn unknown_outlet(&self, text: &str, from: usize) -> Option<(usize, String)> {
        let mut at = from;
        let mut start = None;
        let mut end = from;
        for word in text[from..].split_inclusive(char::is_whitespace).take(10) {
            let word_at = at;
            at += word.len();
            let trimmed = word.trim();
            if trimmed.is_empty() {
                continue;
            }
            let bare = trimmed.trim_matches(|c: char| {
                matches!(c, '"' | '“' | '”' | '\'' | '‘' | '’' | ',' | ';' | ':' | '(' | ')')
                    || c.is_whitespace()
            });
            let bare = bare.trim_end_matches('.');
            let normal = normalise(bare);
            let capital = bare.chars().next().is_some_and(char::is_uppercase) || outlets::is_domain(bare);
            match start {
                None if !capital => {
                    if self.filler.iter().any(|f| f.split(' ').any(|w| w == normal))
                        && !trimmed.ends_with([',', '.', ';'])
                    {
                        continue;
                    }
                    return None;
                }
                None => {
                    if self.not_outlet.contains(&normal) || self.calendar.contains(&normal) {
                        return None;
                    }
                    if self.filler.contains(&normal) && !outlets::is_known(bare) {
                        continue;
                    }
                    let lead = word.find(bare).unwrap_or(0);
                    start = Some(word_at + lead);
                }
                Some(_) if !capital || self.calendar.contains(&normal) || trimmed.starts_with('(') => break,
                Some(_) => {}
            }
            end = word_at + word.find(bare).unwrap_or(0) + bare.len();
            if trimmed.ends_with([',', '.', ';', ':', ')', '"', '”']) {
                break;
            }
        }
        let start = start?;
        let name = &text[start..end];
        let words = name.split_whitespace().count();
        let single_plain = words == 1 && !outlets::is_known(name) && !looks_coined(name);
        (words <= 5 && name.chars().count() >= 2 && (!single_plain || text[..start].ends_with("dari ")))
            .then(|| (start, name.to_owned()))
            .filter(|(_, name)| {
                words > 1 && outlets::has_outlet_shape(name) || words == 1 || !looks_like_person_name(name)
            })
    }
}

/// A single word made like a brand rather than a surname: capitals or digits inside, or a domain.
fn looks_coined(word: &str) -> bool {
    outlets::is_domain(word) || word.chars().skip(1).any(|c| c.is_uppercase() || c.is_numeric())
}

/// Two or three plain capitalised words without an outlet's ending: as likely a person as a paper.
fn looks_like_person_name(name: &str) -> bool {
    !outlets::is_known(name)
        && !outlets::has_outlet_shape(name)
        && name.split_whitespace().all(|w| !looks_coined(w))
}

/// Lower case, and no quotation mark or space at the end.
fn normalise_left(text: &str) -> String {
    let text = text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '“' | '«' | '‘' | '\'' | '(' | '《' | '「' | '『')
    });
    lower(text)
}

/// Lower case, and no quotation mark or space at the start.
fn normalise_right(text: &str) -> String {
    let text = text.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '”' | '»' | '’' | ')' | '》' | '」' | '』')
    });
    lower(text)
}

fn lower(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '’' | '‘' => '\'',
            'أ' | 'إ' | 'آ' => 'ا',
            'ى' => 'ي',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

fn ends_with_words(text: &str, phrase: &str) -> bool {
    text.strip_suffix(phrase).is_some_and(|head| word_starts(head, phrase))
}
