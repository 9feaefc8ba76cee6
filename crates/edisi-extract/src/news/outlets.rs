//! The gazetteer of agencies, papers and broadcasters.

use std::collections::HashMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::data;
use super::phrase::{normalise, word_ends, word_starts};

struct Gazetteer {
    names: AhoCorasick,
    /// Per name of `names`: which outlet it is.
    outlet: Vec<usize>,
    by_normal: HashMap<String, usize>,
    shape: Vec<String>,
    shape_first: Vec<String>,
    shape_end: Vec<String>,
}

fn gazetteer() -> &'static Gazetteer {
    static LIST: OnceLock<Gazetteer> = OnceLock::new();
    LIST.get_or_init(|| {
        let data = data::outlets();
        let mut names = Vec::new();
        let mut outlet = Vec::new();
        let mut by_normal = HashMap::new();
        for (index, entry) in data.outlet.into_iter().enumerate() {
            for name in std::iter::once(entry.name).chain(entry.also) {
                by_normal.insert(normalise(&name), index);
                names.push(name);
                outlet.push(index);
            }
        }
        let names = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(names)
            .expect("names of data/news/agencies.toml");
        Gazetteer {
            names,
            outlet,
            by_normal,
            shape: data.shape,
            shape_first: data.shape_first,
            shape_end: data.shape_end,
        }
    })
}

/// One known outlet in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// Byte range of the name as written.
    pub range: std::ops::Range<usize>,
    /// Which outlet it is, the same for all its names.
    pub outlet: usize,
}

/// The known outlets in a text, as whole words in their own spelling.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let list = gazetteer();
    list.names
        .find_iter(text)
        .filter(|m| {
            let (name, before, after) = (&text[m.range()], &text[..m.start()], &text[m.end()..]);
            let starts = word_starts(before, name) || word_starts(without_arabic_prefix(before), name);
            starts && (word_ends(name, after) || after.starts_with("'s") || after.starts_with("’s"))
        })
        .map(|m| Mention { range: m.range(), outlet: list.outlet[m.pattern().as_usize()] })
        .collect()
}

/// Arabic writes `to`, `by`, `and` onto the next word: `لرويترز`.
fn without_arabic_prefix(before: &str) -> &str {
    before.strip_suffix(['ل', 'ب', 'و', 'ف', 'ك']).unwrap_or(before)
}

/// Whether the name is in the gazetteer, or is a web domain.
pub(crate) fn is_known(name: &str) -> bool {
    gazetteer().by_normal.contains_key(&normalise(name)) || is_domain(name)
}

/// Something equal for all the names of one outlet.
pub(super) fn key(name: &str) -> String {
    let normal = normalise(name);
    match gazetteer().by_normal.get(&normal) {
        Some(index) => format!("#{index}"),
        None => normal.trim_start_matches("www.").to_owned(),
    }
}

/// Whether a capitalised run ends as outlets' names do: `Times`, `Post`, `News`.
pub(super) fn has_outlet_shape(name: &str) -> bool {
    name.split_whitespace().count() > 1
        && name.split_whitespace().next_back().is_some_and(|w| gazetteer().shape.iter().any(|s| s == w))
}

/// Whether a line of its own is an outlet's name: known, a domain, or built like one.
pub(crate) fn is_outlet_like(line: &str) -> bool {
    let line = line.trim();
    let list = gazetteer();
    let words: Vec<&str> = line.split_whitespace().collect();
    if line.is_empty() || words.len() > 5 || line.chars().count() > 40 {
        return false;
    }
    is_known(line)
        || has_outlet_shape(line)
            && words.iter().all(|w| w.starts_with(|c: char| c.is_uppercase() || c.is_numeric()))
        || words.len() > 1 && list.shape_first.iter().any(|s| s == words[0])
        || words.len() == 1 && looks_coined(line)
        || words.len() == 1 && list.shape_end.iter().any(|s| line.ends_with(s.as_str()) && line != s)
}

/// Whether a single word is made like a brand: `iNews`, `wartaNusa`, `JawaPos`. Names such as `McCain` are not.
fn looks_coined(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let inner = letters.windows(2).filter(|w| w[0].is_lowercase() && w[1].is_uppercase()).count();
    inner > 0
        && letters.iter().all(|c| c.is_alphanumeric())
        && !["Mc", "Mac", "De", "Le", "Di"].iter().any(|p| word.starts_with(p))
}

/// Whether a word is a web domain: `kompas.com`, `Liputan6.com`.
pub(super) fn is_domain(word: &str) -> bool {
    let word = word.trim_end_matches(['/', '.', ',']);
    let Some((name, tld)) = word.rsplit_once('.') else { return false };
    const TLDS: &[&str] = &[
        "com", "id", "net", "org", "co", "tv", "info", "news", "fr", "jp", "cn", "uk", "me", "sg", "my",
        "io", "press", "asia",
    ];
    !name.is_empty()
        && TLDS.contains(&tld.to_ascii_lowercase().as_str())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
        && name.chars().any(|c| c.is_ascii_alphabetic())
}
