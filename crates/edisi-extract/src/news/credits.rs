//! Credit lines: who wrote, edited and supplied a story.

use regex::{Regex, RegexBuilder};

use super::data;
use super::layer::split_label;
use super::outlets;
use super::phrase::{Prefixes, is_unspaced, normalise};

/// What somebody did for a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Wrote it, under a label newsrooms give their own writers: `Penulis`, `By`.
    Author,
    /// Reported it, under a label that relayed wire copy carries too: `Reporting by`.
    Reporter,
    /// Edited it.
    Editor,
    /// The agency or paper it comes from.
    Source,
    /// Anything else: photographer, translator, producer.
    Other,
}

/// One role of a credit line and who holds it; nobody when the line is the bare label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// What they did.
    pub role: Role,
    /// Their names, as written.
    pub names: Vec<String>,
}

pub(super) struct CreditReader {
    templates: Vec<(Regex, Vec<Role>)>,
    labels: Prefixes<Role>,
    bare: Prefixes<()>,
    joiner: Regex,
    place: Option<Regex>,
}

/// Longest credit line, in bytes.
const MAX_CREDIT: usize = 400;

impl CreditReader {
    pub fn new(data: &data::Credits) -> CreditReader {
        let mut labels = Prefixes::default();
        let roles = [
            (&data.author, Role::Author),
            (&data.reporter, Role::Reporter),
            (&data.editor, Role::Editor),
            (&data.source, Role::Source),
            (&data.other, Role::Other),
        ];
        for (phrases, role) in roles {
            phrases.iter().for_each(|p| labels.add(p, role));
        }
        let mut bare = Prefixes::default();
        data.bare.iter().for_each(|p| bare.add(p, ()));
        let ands: Vec<String> = data.and.iter().map(|a| regex::escape(a)).collect();
        let joiner = format!(
            r"(?i)\s*(?:[,、，;；/&]|\s(?:{})\s)\s*",
            if ands.is_empty() { "&".to_owned() } else { ands.join("|") }
        );
        let places: Vec<String> = data.place.iter().map(|a| regex::escape(a)).collect();
        let place = (!places.is_empty()).then(|| {
            Regex::new(&format!(r"\s(?:{})\s+\p{{Lu}}.*$", places.join("|"))).expect("escaped words")
        });
        CreditReader {
            templates: data.templates.iter().map(|t| template(t)).collect(),
            labels,
            bare,
            joiner: Regex::new(&joiner).expect("escaped words"),
            place,
        }
    }

    /// The credits a line gives; `None` when it is no credit line.
    pub fn read(&self, line: &str) -> Option<Vec<Credit>> {
        let line = unwrap(line.trim());
        if line.is_empty() || line.len() > MAX_CREDIT {
            return None;
        }
        if let Some(role) = self.whole_label(line) {
            return Some(vec![Credit { role, names: Vec::new() }]);
        }
        self.by_template(line)
            .or_else(|| self.by_labels(line))
            .or_else(|| self.by_clauses(line))
            .or_else(|| self.by_bare(line))
    }

    /// The names in a text that is nothing but names; empty when it is not.
    pub fn names(&self, text: &str, role: Role) -> Vec<String> {
        let text = text.trim().trim_end_matches(['.', '。', ';', ',']).trim();
        let mut names = Vec::new();
        for part in self.joiner.split(text) {
            let part = part.split(['(', '（', '<', '[']).next().unwrap_or_default();
            let part = match &self.place {
                Some(place) if role != Role::Source => place.split(part).next().unwrap_or(part),
                _ => part,
            };
            let part = part
                .trim()
                .trim_matches(|c: char| matches!(c, '.' | '·' | '*' | '-' | '–' | '—' | '@') && c != '·')
                .trim();
            if part.is_empty() {
                continue;
            }
            if !plausible(part, role) {
                return Vec::new();
            }
            if !names.iter().any(|n| n == part) {
                names.push(part.to_owned());
            }
        }
        // `Laporan wartawan Tribunnews.com, Ani`: the outlet beside its reporter.
        if role != Role::Source && names.iter().any(|n| !outlets::is_known(n)) {
            names.retain(|n| !outlets::is_known(n));
        }
        if names.len() > 12 { Vec::new() } else { names }
    }

    fn whole_label(&self, line: &str) -> Option<Role> {
        let text = normalise(line);
        let (role, rest) = self.labels.find(&text)?;
        // A preposition alone (`By`) is no label.
        (rest.is_empty() && self.bare.find(&text).is_none_or(|(_, rest)| !rest.is_empty())).then_some(*role)
    }

    fn by_template(&self, line: &str) -> Option<Vec<Credit>> {
        self.templates.iter().find_map(|(regex, roles)| {
            let found = regex.captures(line)?;
            let mut credits: Vec<Credit> = Vec::new();
            for (at, role) in roles.iter().enumerate() {
                let names = self.names(&found[at + 1], *role);
                let fits = |name: &String| match role {
                    Role::Source => outlets::is_outlet_like(name),
                    _ => !name.starts_with(char::is_lowercase),
                };
                if names.is_empty() || !names.iter().all(fits) {
                    return None;
                }
                match credits.iter_mut().find(|c| c.role == *role) {
                    Some(credit) => {
                        for name in names {
                            if !credit.names.contains(&name) {
                                credit.names.push(name);
                            }
                        }
                    }
                    None => credits.push(Credit { role: *role, names }),
                }
            }
            Some(credits)
        })
    }

    /// `Label: names`, several of them on a line divided by `|`, `/`, `;`, ` - ` or nothing but space.
    fn by_labels(&self, line: &str) -> Option<Vec<Credit>> {
        let mut credits = Vec::new();
        let mut rest = line;
        while !rest.trim().is_empty() {
            let (left, separator, right) = split_label(rest)?;
            let role = self.role_of(left)?;
            if matches!(separator, '-' | '–' | '—' | '>' | '»') && role == Role::Other {
                return None;
            }
            let end = self.next_label(right).unwrap_or(right.len());
            let names = self.names(
                right[..end].trim_end_matches(|c: char| {
                    matches!(c, '|' | '｜' | '/' | ';' | '；' | '-' | '–') || c.is_whitespace()
                }),
                role,
            );
            if names.is_empty() && role != Role::Other {
                return None;
            }
            if role == Role::Other && (right.len() > 120 || super::phrase::is_prose(right)) {
                return None;
            }
            credits.push(Credit { role, names });
            rest = &right[end..];
        }
        (!credits.is_empty()).then_some(credits)
    }

    fn role_of(&self, label: &str) -> Option<Role> {
        let text = normalise(label);
        let (role, rest) = self.labels.find(&text)?;
        rest.is_empty().then_some(*role)
    }

    /// Where the next `Label:` begins in the text.
    fn next_label(&self, text: &str) -> Option<usize> {
        let mut at = 0;
        let mut starts = Vec::new();
        for word in text
            .split_inclusive(|c: char| c.is_whitespace() || matches!(c, '|' | '｜' | '/' | ';' | '；' | '、'))
        {
            starts.push(at);
            at += word.len();
        }
        starts.into_iter().skip(1).find(|start| {
            split_label(&text[*start..])
                .is_some_and(|(left, sep, _)| matches!(sep, ':' | '：') && self.role_of(left).is_some())
        })
    }

    /// `Reporting by Ann Lee; Editing by Tom Okafor`: clauses that each begin with a label of several words.
    fn by_clauses(&self, line: &str) -> Option<Vec<Credit>> {
        let mut credits: Vec<Credit> = Vec::new();
        for clause in self.clauses(line) {
            let text = normalise(clause);
            let (role, rest) = self.labels.find(&text)?;
            let label = &text[..text.len() - rest.len()];
            if !label.contains(' ') || rest.trim().is_empty() {
                return None;
            }
            let from = clause.char_indices().nth(label.chars().count()).map_or(clause.len(), |(i, _)| i);
            let names = self.names(&clause[from..], *role);
            if names.is_empty() || names.iter().any(|n| n.starts_with(char::is_lowercase)) {
                return None;
            }
            match credits.iter_mut().find(|c| c.role == *role) {
                Some(credit) => credit
                    .names
                    .extend(names.into_iter().filter(|n| !credit.names.contains(n)).collect::<Vec<_>>()),
                None => credits.push(Credit { role: *role, names }),
            }
        }
        (!credits.is_empty()).then_some(credits)
    }

    /// Cuts a line before each label of several words that follows `;`, `.`, `,` or `-`.
    fn clauses<'l>(&self, line: &'l str) -> Vec<&'l str> {
        let mut cuts = vec![0];
        for (at, c) in line.char_indices() {
            let next = at + c.len_utf8();
            if matches!(c, ';' | '.' | ',' | '-' | '–' | '؛' | '،' | '、' | '；') {
                let rest = line[next..].trim_start();
                let start = line.len() - rest.len();
                let text = normalise(rest);
                let labelled = self.labels.find(&text).is_some_and(|(_, after)| {
                    text[..text.len() - after.len()].contains(' ') && !after.is_empty()
                });
                if labelled {
                    cuts.push(start);
                }
            }
        }
        cuts.push(line.len());
        cuts.windows(2)
            .map(|w| {
                line[w[0]..w[1]]
                    .trim()
                    .trim_end_matches([';', '.', ',', '-', '–', '؛', '،', '、', '；'])
                    .trim()
            })
            .filter(|c| !c.is_empty())
            .collect()
    }

    /// `By Ann Lee`, `Sumber AFP`: a label and a name, without a colon.
    fn by_bare(&self, line: &str) -> Option<Vec<Credit>> {
        let text = normalise(line);
        if text.len() > 90 || line.ends_with(['.', '。', '?', '!', '؟']) {
            return None;
        }
        let names_after = |rest: &str, role| {
            // The same number of trailing characters in the line as written.
            let count = rest.trim_start().chars().count();
            let line = line.trim_end_matches(|c: char| !c.is_alphanumeric());
            let total = line.chars().count();
            let start = line.char_indices().nth(total.checked_sub(count)?).map(|(i, _)| i)?;
            let names = self.names(&line[start..], role);
            (!names.is_empty()
                && names.iter().all(|n| !n.starts_with(char::is_lowercase) || outlets::is_known(n)))
            .then_some(names)
        };
        if let Some((_, rest)) = self.bare.find(&text)
            && !rest.is_empty()
        {
            // A preposition is no label of the newsroom's: relayed copy carries it too.
            let names = names_after(rest, Role::Reporter)?;
            return Some(vec![Credit { role: Role::Reporter, names }]);
        }
        let (role, rest) = self.labels.find(&text)?;
        if *role != Role::Source || rest.is_empty() {
            return None;
        }
        let names = names_after(rest, Role::Source)?;
        names.iter().all(|n| outlets::is_outlet_like(n)).then(|| vec![Credit { role: Role::Source, names }])
    }
}

/// Takes the brackets off a line that stands in them.
fn unwrap(line: &str) -> &str {
    for (open, close) in [('(', ')'), ('（', '）'), ('[', ']'), ('【', '】'), ('［', '］')] {
        if let Some(inner) = line.strip_prefix(open).and_then(|l| l.strip_suffix(close))
            && !inner.contains(close)
        {
            return inner.trim();
        }
    }
    line
}

fn template(text: &str) -> (Regex, Vec<Role>) {
    let mut pattern = String::from("^");
    let mut roles = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        pattern.push_str(&literal(&rest[..open]));
        let close = rest[open..].find('}').unwrap_or_else(|| panic!("data/news, templates: `{text}`")) + open;
        roles.push(match &rest[open + 1..close] {
            "author" => Role::Reporter,
            "editor" => Role::Editor,
            "source" => Role::Source,
            "other" => Role::Other,
            other => panic!("data/news, templates: `{{{other}}}` in `{text}`"),
        });
        // No upper bound: a counted repetition makes a state machine of thousands of states, and `names`
        // refuses what is too long for a name.
        pattern.push_str("(.{2,}?)");
        rest = &rest[close + 1..];
    }
    pattern.push_str(&literal(rest));
    pattern.push_str(r"\s*[.。]?$");
    let regex = RegexBuilder::new(&pattern).case_insensitive(true).build();
    (regex.unwrap_or_else(|e| panic!("data/news, templates: `{text}`: {e}")), roles)
}

/// Literal template text: any space matches any amount of space.
fn literal(text: &str) -> String {
    let words: Vec<String> = text.split(' ').map(regex::escape).collect();
    words.join(r"\s*")
}

/// Words inside names that are written small.
const PARTICLES: &[&str] = &[
    "bin", "binti", "van", "von", "der", "den", "de", "del", "della", "di", "da", "das", "do", "dos", "du",
    "la", "le", "el", "al", "ibn", "of", "the", "y", "e", "ter", "ten", "zu", "abu",
];

/// Whether a text can be a person's or an outlet's name.
fn plausible(name: &str, role: Role) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let has_letter = name.chars().any(char::is_alphabetic);
    if !has_letter
        || words.len() > 7
        || name.chars().count() > 60
        || name.contains(['?', '!', ':', '。', '，', '"', '“', '”'])
    {
        return false;
    }
    if role == Role::Source {
        return words.len() <= 6;
    }
    if name.chars().any(|c| c.is_numeric()) {
        return false;
    }
    if name.chars().any(is_unspaced) {
        return name.chars().filter(|c| is_unspaced(*c)).count() <= 14;
    }
    let small = |w: &&str| w.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase);
    words.len() <= 2 || words.iter().all(|w| !small(w) || PARTICLES.contains(w))
}

/// Whether a line of its own could be a person's name: two to six words, each with a capital where the
/// script has them, nothing else.
pub(crate) fn looks_like_person(line: &str) -> bool {
    let line = line.trim();
    let words: Vec<&str> = line.split_whitespace().collect();
    let letters = |c: char| {
        c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’' | '·' | '・' | '=' | ',' | ' ' | '\u{a0}')
    };
    if line.chars().any(is_unspaced) {
        return line.chars().all(letters) && (2..=14).contains(&line.chars().count());
    }
    let capital = |w: &str| {
        w.chars().next().is_some_and(|c| c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase()))
    };
    !line.ends_with('.')
        && line.chars().all(letters)
        && (1..=7).contains(&words.len())
        && words
            .iter()
            .all(|w| capital(w) || PARTICLES.contains(w) || *w == "dan" || *w == "and" || *w == "et")
        && line.chars().count() <= 70
}
