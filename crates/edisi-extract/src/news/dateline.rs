//! Datelines: the place, outlet and date a story opens with.

use std::sync::OnceLock;

use regex::Regex;

use super::data;
use super::outlets;
use super::phrase::{is_unspaced, normalise};

/// What a story's opening says about where it comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dateline {
    /// The place, as written: `ASTANA, Kazakhstan`.
    pub place: Option<String>,
    /// Agencies in brackets: `(Reuters)`.
    pub sources: Vec<String>,
    /// The publication, where it stands in the dateline: `KOMPAS.com`.
    pub site: Option<String>,
}

/// Longest dateline, in characters.
const MAX_HEAD: usize = 90;

struct Patterns {
    regexes: Vec<Regex>,
    places: Vec<String>,
    calendar: Vec<String>,
}

fn patterns() -> &'static Patterns {
    static PATTERNS: OnceLock<Patterns> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        let data = data::load(None);
        let regexes = data
            .dateline
            .regex
            .iter()
            .map(|r| Regex::new(r).unwrap_or_else(|e| panic!("data/news, dateline: {e}")))
            .collect();
        Patterns { regexes, places: data.dateline.places, calendar: data.attribution.calendar }
    })
}

/// Reads the dateline of a story's first paragraph; `None` when it has none.
pub fn read(text: &str) -> Option<Dateline> {
    read_for(text, None)
}

/// As [`read`], where the publication's name is known: `SURYA PAGI, WELLINGTON — …` has only one place.
pub(super) fn read_for(text: &str, site: Option<&str>) -> Option<Dateline> {
    let site = site.map(normalise);
    let text = text.trim_start();
    patterns()
        .regexes
        .iter()
        .find_map(|r| by_regex(r, text))
        .or_else(|| by_parts(text, site.as_deref()))
        .or_else(|| site_and_place(text))
}

fn by_regex(regex: &Regex, text: &str) -> Option<Dateline> {
    let found = regex.captures(text)?;
    let group = |name: &str| found.name(name).map(|m| m.as_str().trim().to_owned()).filter(|t| !t.is_empty());
    let (source, site) = (group("source"), group("site"));
    if source.as_deref().is_some_and(|s| !outlets::is_known(s)) {
        return None;
    }
    Some(Dateline { place: group("place"), sources: source.into_iter().collect(), site })
}

/// `PLACE, Country (date) (Agency) – …` and `SITE, Place - …`, in scripts with spaces.
fn by_parts(text: &str, site: Option<&str>) -> Option<Dateline> {
    let (head, separator, rest) = split_head(text)?;
    let mut line = Dateline::default();
    let mut dated = false;
    let mut plain = String::new();
    let mut depth_rest = head;
    while let Some(open) = depth_rest.find(['(', '[', '/']) {
        plain.push_str(&depth_rest[..open]);
        if depth_rest[open..].starts_with('/') {
            // `JAKARTA/SURABAYA` is one place; `/PRNewswire/` and what follows is none.
            plain.push('/');
            depth_rest = &depth_rest[open + 1..];
            continue;
        }
        let close = depth_rest[open..].find([')', ']'])? + open;
        let inside = depth_rest[open + 1..close].trim();
        if inside.chars().any(char::is_numeric) {
            dated = true;
        } else if let Some(known) =
            inside.split(['/', '-', ',']).map(str::trim).find(|p| outlets::is_known(p))
        {
            line.sources.push(known.to_owned());
        } else {
            return None;
        }
        depth_rest = &depth_rest[close + 1..];
    }
    plain.push_str(depth_rest);
    let mut places: Vec<&str> = Vec::new();
    for part in plain.split([',', '|']).map(str::trim).filter(|p| !p.is_empty()) {
        if part.chars().any(char::is_numeric) && !outlets::is_domain(part) {
            dated = true;
        } else if site == Some(normalise(part).as_str())
            || outlets::is_domain(part)
            || (outlets::is_known(part)
                && !(places.is_empty() && line.sources.is_empty() && plain.trim() == part && is_place(part)))
            || is_coined(part)
        {
            line.site = Some(part.to_owned());
        } else if is_place(part) && places.len() < 2 {
            places.push(part);
        } else if is_month(part) {
            dated = true;
        } else {
            return None;
        }
    }
    if places.is_empty() {
        return (line.site.is_some() && separator != ':').then_some(line);
    }
    let first = places[0];
    let shouted = first.chars().any(char::is_alphabetic)
        && !first.chars().any(char::is_lowercase)
        && first.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    let evidence = dated || line.site.is_some() || !line.sources.is_empty();
    let listed = patterns().places.iter().any(|p| p == first);
    let opens_sentence = rest
        .chars()
        .find(|c| !matches!(c, '"' | '“' | '«' | '‘' | '\'' | '(' | ' ' | '\u{a0}'))
        .is_some_and(|c| !c.is_lowercase());
    let fine = match separator {
        ':' => (shouted && places.len() == 1) || listed || evidence,
        _ => {
            shouted
                || evidence
                || (opens_sentence && (listed || (places.len() == 1 && !has_second_dash(rest))))
        }
    };
    if !fine || !opens_sentence && !evidence && !shouted {
        return None;
    }
    line.place = Some(places.join(", "));
    Some(line)
}

/// `Liputan6.com, Jakarta Pemerintah …`: a site and a known place, with no separator.
fn site_and_place(text: &str) -> Option<Dateline> {
    let (site, rest) = text.split_once(", ")?;
    if site.contains(char::is_whitespace) || !outlets::is_domain(site) {
        return None;
    }
    let place = patterns()
        .places
        .iter()
        .filter(|p| rest.starts_with(p.as_str()) && rest[p.len()..].starts_with(' '))
        .max_by_key(|p| p.len())?;
    Some(Dateline { place: Some(place.clone()), sources: Vec::new(), site: Some(site.to_owned()) })
}

/// The text before the first separator, the separator, and the text after it.
fn split_head(text: &str) -> Option<(&str, char, &str)> {
    let mut depth = 0usize;
    let mut previous = ' ';
    for (count, (at, c)) in text.char_indices().enumerate() {
        if count > MAX_HEAD {
            return None;
        }
        let rest = &text[at + c.len_utf8()..];
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '"' | '“' | '«' | '!' | '?' | ';' => return None,
            '–' | '—' | '―' | '‒' if depth == 0 => {
                return Some((text[..at].trim(), '-', rest.trim_start_matches(['-', '–', '—', ' '])));
            }
            '-' if depth == 0
                && (rest.starts_with('-')
                    || (previous.is_whitespace() && rest.starts_with(char::is_whitespace))
                    || previous == ')') =>
            {
                return Some((text[..at].trim(), '-', rest.trim_start_matches(['-', ' ', '\u{a0}'])));
            }
            ':' if depth == 0 && rest.starts_with(char::is_whitespace) => {
                return Some((text[..at].trim(), ':', rest.trim_start()));
            }
            _ => {}
        }
        previous = c;
    }
    None
}

/// Capitalised words, at most four, in letters only.
fn is_place(part: &str) -> bool {
    let words: Vec<&str> = part.split_whitespace().collect();
    (1..=4).contains(&words.len())
        && part.chars().all(|c| {
            c.is_alphabetic() && !is_unspaced(c) || matches!(c, ' ' | '.' | '-' | '\'' | '’' | '/' | '\u{a0}')
        })
        && words.iter().all(|w| {
            w.chars().next().is_some_and(char::is_uppercase)
                || matches!(
                    *w,
                    "de" | "la"
                        | "le"
                        | "di"
                        | "do"
                        | "da"
                        | "of"
                        | "sur"
                        | "en"
                        | "al"
                        | "el"
                        | "d'"
                        | "and"
                        | "dan"
                        | "et"
                )
        })
        && words[0].chars().next().is_some_and(char::is_uppercase)
}

/// `iNews`, `JawaPos`: capitals inside a word that is not shouted.
fn is_coined(part: &str) -> bool {
    !part.contains(' ')
        && part.chars().any(char::is_lowercase)
        && part.chars().skip(1).any(char::is_uppercase)
        && !part.contains(['-', '\'', '’'])
}

fn is_month(part: &str) -> bool {
    let word = part.trim_end_matches('.').to_lowercase();
    patterns().calendar.contains(&word)
}

fn has_second_dash(rest: &str) -> bool {
    let end = rest.char_indices().nth(120).map_or(rest.len(), |(i, _)| i);
    rest[..end].contains([' ', '\u{a0}'])
        && (rest[..end].contains(" - ") || rest[..end].contains(" – ") || rest[..end].contains(" — "))
}
