//! Which lines of a page are not the story.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};
use edisi_text::Lang;
use regex::bytes::{RegexSet, RegexSetBuilder};

use super::attribution::Attributions;
use super::credits::{Credit, CreditReader, Role};
use super::data::{self, Class};
use super::phrase::{Prefixes, is_unspaced, normalise, normalise_numbers, width, word_ends, word_starts};
use super::translation::TranslationNotes;

/// No rule looks at a line longer than this, in bytes: a paragraph of that size is no button.
const MAX_LINE: usize = 1200;

/// Regular expressions look at shorter lines only, in bytes: a longer line is a paragraph, and searching it
/// would cost more than all other work on a page.
const MAX_REGEX_LINE: usize = 400;

/// What a line is, when it is not the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chrome {
    /// Furniture of a class.
    Furniture(Class),
    /// Names of people and sources, or a label such as `Penulis` alone.
    Credit(Vec<Credit>),
    /// The page says that a machine translated it.
    Translation {
        /// The newsroom's main language, when the line names it.
        main_language: Option<Lang>,
    },
}

impl Chrome {
    /// Whether a list of other stories begins here.
    pub fn starts_list(&self) -> bool {
        matches!(self, Chrome::Furniture(Class::RelatedList | Class::LatestList | Class::Comments))
    }

    /// Whether nothing after this line belongs to the story, provided that the story has begun.
    pub fn ends_story(&self) -> bool {
        matches!(self, Chrome::Furniture(Class::LatestList | Class::Comments))
    }

    /// Whether the line belongs to the story all the same, as a picture's caption.
    pub fn is_caption(&self) -> bool {
        matches!(self, Chrome::Furniture(Class::Caption | Class::Signed))
    }
}

struct StartsWith {
    class: Class,
    starts: Prefixes<()>,
    with: AhoCorasick,
}

/// The patterns for pages in one language.
pub struct Layer {
    whole: HashMap<String, Class>,
    label: HashMap<String, Class>,
    lead: Prefixes<Class>,
    starts: Vec<StartsWith>,
    regexes: RegexSet,
    regex_classes: Vec<Class>,
    calendar: HashSet<String>,
    updated: HashSet<String>,
    published: HashSet<String>,
    pub(super) credits: CreditReader,
    pub(super) attributions: Attributions,
    pub(super) translation: TranslationNotes,
}

impl Layer {
    /// The patterns for a page in this language (English ones included); those of all languages when it is
    /// not known or has no file. Built once, then shared.
    pub fn for_lang(lang: Option<Lang>) -> &'static Layer {
        static LAYERS: OnceLock<HashMap<&'static str, OnceLock<Layer>>> = OnceLock::new();
        static ALL: OnceLock<Layer> = OnceLock::new();
        let layers = LAYERS.get_or_init(|| data::codes().map(|code| (code, OnceLock::new())).collect());
        match lang.and_then(|lang| layers.get_key_value(lang.code())) {
            Some((code, layer)) => layer.get_or_init(|| Layer::build(Some(code))),
            None => ALL.get_or_init(|| Layer::build(None)),
        }
    }

    fn build(code: Option<&str>) -> Layer {
        let file = data::load(code);
        let mut whole = HashMap::new();
        let mut label = HashMap::new();
        let mut lead = Prefixes::default();
        let mut starts = Vec::new();
        let mut expressions = Vec::new();
        let mut regex_classes = Vec::new();
        for rule in &file.rule {
            for phrase in &rule.whole {
                whole.entry(normalise_numbers(phrase)).or_insert(rule.class);
            }
            for phrase in &rule.label {
                label.entry(normalise(phrase)).or_insert(rule.class);
            }
            for phrase in &rule.lead {
                lead.add(phrase, rule.class);
            }
            if !rule.starts.is_empty() {
                let mut prefixes = Prefixes::default();
                rule.starts.iter().for_each(|p| prefixes.add(p, ()));
                let with: Vec<String> = rule.with.iter().map(|w| normalise(w)).collect();
                let with = AhoCorasick::builder()
                    .match_kind(MatchKind::LeftmostLongest)
                    .build(with)
                    .expect("phrases of the data files");
                starts.push(StartsWith { class: rule.class, starts: prefixes, with });
            }
            for expression in &rule.regex {
                expressions.push(lean(expression));
                regex_classes.push(rule.class);
            }
        }
        let regexes = RegexSetBuilder::new(&expressions)
            .case_insensitive(true)
            .size_limit(64 << 20)
            // The expressions count letters, so their automaton is large; with the default cache the search
            // falls back to simulating all of them side by side, many times slower.
            .dfa_size_limit(16 << 20)
            .build()
            .unwrap_or_else(|e| panic!("data/news: {e}"));
        Layer {
            whole,
            label,
            lead,
            starts,
            regexes,
            regex_classes,
            calendar: words(&[&file.attribution.calendar, &file.dates.words]),
            updated: words(&[&file.dates.updated]),
            published: words(&[&file.dates.published]),
            credits: CreditReader::new(&file.credits),
            attributions: Attributions::new(&file.attribution),
            translation: TranslationNotes::new(&file.translation, &file.languages),
        }
    }

    /// What the line is, when it is not the story; `None` for the story's own text.
    ///
    /// The line is one line or block of a page, in plain text.
    pub fn classify(&self, line: &str) -> Option<Chrome> {
        let line = line.trim();
        if line.is_empty() || line.len() > MAX_LINE {
            return None;
        }
        if let Some(main_language) = self.translation.read(line) {
            return Some(Chrome::Translation { main_language });
        }
        if let Some(credits) = self.credits.read(line) {
            return Some(Chrome::Credit(credits));
        }
        self.furniture(line).map(Chrome::Furniture)
    }

    fn furniture(&self, line: &str) -> Option<Class> {
        let plain = normalise(line);
        if let Some(class) = self.whole.get(&normalise_numbers(line)) {
            return Some(*class);
        }
        if let Some((left, separator, rest)) = split_label(line) {
            let strong = !matches!(separator, '–' | '—' | '-');
            if let Some(class) = self.label.get(&normalise(left))
                && (strong || is_headline(rest))
            {
                return Some(*class);
            }
        }
        if let Some((class, rest)) = self.lead.find(&plain)
            && !rest.is_empty()
            && is_headline(line)
        {
            return Some(*class);
        }
        if !line.starts_with(['"', '“', '‘', '«', '「', '『', '\'']) {
            for rule in &self.starts {
                if let Some((_, rest)) = rule.starts.find(&plain) {
                    let at = plain.len() - rest.len();
                    let hit = rule.with.find_iter(&plain).any(|m| {
                        m.end() > at
                            && word_starts(&plain[..m.start()], &plain[m.range()])
                            && word_ends(&plain[m.range()], &plain[m.end()..])
                    });
                    if hit {
                        return Some(rule.class);
                    }
                }
            }
        }
        let bare = line.trim_start_matches(|c: char| {
            !c.is_alphanumeric() && !matches!(c, '(' | '[' | '©' | '（' | '【' | '«' | '“' | '"')
        });
        if bare.len() > MAX_REGEX_LINE {
            return None;
        }
        let hits = self.regexes.matches(bare.as_bytes());
        hits.iter().next().map(|i| self.regex_classes[i])
    }

    /// Whether the line says that a machine translated the page.
    pub(crate) fn says_machine_translated(&self, line: &str) -> bool {
        self.translation.read(line).is_some()
    }

    /// The names in a text that is nothing but names.
    pub fn names(&self, text: &str) -> Vec<String> {
        self.credits.names(text, Role::Author)
    }

    /// Whether a word belongs to a date or says what happened then: weekdays, months, `Diterbitkan`.
    pub(crate) fn is_calendar_word(&self, text: &str) -> bool {
        let text = normalise(text);
        text.split_whitespace().all(|w| {
            let w = w.trim_matches(|c: char| !c.is_alphanumeric());
            w.is_empty()
                || self.calendar.contains(w)
                || self.updated.contains(w)
                || self.published.contains(w)
        })
    }

    /// Whether a date line speaks of the last change rather than of publication.
    pub(crate) fn says_updated(&self, text: &str) -> bool {
        let text = normalise(text);
        text.split_whitespace().any(|w| self.updated.contains(w.trim_matches(|c: char| !c.is_alphanumeric())))
            || self.updated.iter().any(|w| w.chars().any(is_unspaced) && text.contains(w.as_str()))
    }
}

fn words(lists: &[&Vec<String>]) -> HashSet<String> {
    lists.iter().flat_map(|list| list.iter()).map(|word| normalise(word)).collect()
}

impl std::fmt::Debug for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Layer")
            .field("whole", &self.whole.len())
            .field("regexes", &self.regexes.len())
            .finish()
    }
}

/// An expression as the automaton runs it best: over bytes where it is ASCII, for counted Unicode characters
/// and classes make ten states of one. Where it names no letter that this would change, its word borders are
/// those of ASCII, for an automaton cannot see Unicode's and the search falls back to a far slower way; and
/// what it counts with a dot are bytes.
fn lean(expression: &str) -> String {
    if expression.is_ascii() && !expression.contains(r"\p") {
        return format!("(?-u:{expression})");
    }
    let latin = expression.chars().all(|c| c < '\u{250}' || !c.is_alphabetic());
    if !latin {
        return expression.to_owned();
    }
    expression.replace(r"\b", r"(?-u:\b)").replace(".{", "(?-u:.){").replace(r"\(?-u:.){", r"\.{")
}

/// Splits `Label: rest`, `Label - rest`, `【Label】rest` at the separator, within the first 40 characters.
pub(super) fn split_label(line: &str) -> Option<(&str, char, &str)> {
    let line = line.trim_start_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '【' | '[' | '（' | '(' | '「' | '〈' | '＜')
    });
    if let Some(open) = line.chars().next()
        && let Some(close) = matching(open)
    {
        let inner = &line[open.len_utf8()..];
        let end = inner.find(close).filter(|end| *end <= 60)?;
        return Some((&inner[..end], close, inner[end + close.len_utf8()..].trim()));
    }
    let mut previous = ' ';
    for (count, (at, c)) in line.char_indices().enumerate() {
        if count > 40 {
            return None;
        }
        let rest = &line[at + c.len_utf8()..];
        match c {
            ':' | '：' | '|' | '｜' | '»' | '>' | '→' | '►' | '▶' | '➤' | '▸' | '–' | '—' | '】' | '丨' =>
            {
                // `06:31` and `https://` are no labels.
                if c == ':'
                    && (rest.starts_with("//")
                        || (previous.is_numeric() && rest.starts_with(|n: char| n.is_numeric())))
                {
                    return None;
                }
                return Some((&line[..at], c, rest.trim()));
            }
            '-' if previous == ' ' && rest.starts_with(' ') => return Some((&line[..at], c, rest.trim())),
            _ => previous = c,
        }
    }
    None
}

fn matching(open: char) -> Option<char> {
    Some(match open {
        '【' => '】',
        '[' => ']',
        '（' => '）',
        '(' => ')',
        '「' => '」',
        '〈' => '〉',
        '＜' => '＞',
        _ => return None,
    })
}

/// Whether a line could be a headline: no full stop at its end, and not too long.
pub(super) fn is_headline(line: &str) -> bool {
    let line = line.trim_end_matches(|c: char| {
        matches!(c, '"' | '”' | '’' | '\'' | '»' | '」' | '』') || c.is_whitespace()
    });
    let stops = line.ends_with(['.', '。', '．']) && !line.ends_with("...");
    !stops && width(line) <= 220 && line.split_whitespace().count() <= 28
}
