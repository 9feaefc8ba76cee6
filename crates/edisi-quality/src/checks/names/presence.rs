//! Whether a name of one side is on the other.

use std::ops::Range;

use edisi_text::Lang;
use edisi_text::name::{Letters, Name, Scan, Sounds, Word, gazetteer, is_ordinary, reads_as, scan};

/// One side, looked through for names.
pub(super) struct View<'a> {
    pub text: &'a str,
    pub lang: Lang,
    pub scan: Scan,
    sounds: Vec<Sounds>,
}

/// Where a name is on the other side, and how well it fits: 1 for the same name, 0 for nothing like it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Match {
    pub score: f32,
    pub range: Option<Range<usize>>,
}

const NOTHING: Match = Match { score: 0.0, range: None };

impl Match {
    fn better(self, other: Match) -> Match {
        if other.score > self.score { other } else { self }
    }
}

impl<'a> View<'a> {
    pub(super) fn new(text: &'a str, lang: Lang) -> View<'a> {
        let scan = scan(text, lang);
        let sounds = [Letters::Kana, Letters::Arabic, Letters::Han]
            .into_iter()
            .map(|letters| Sounds::new(text, &scan.words, letters))
            .filter(|s| !s.is_empty())
            .collect();
        View { text, lang, scan, sounds }
    }

    fn words_in(&self, range: &Range<usize>) -> impl Iterator<Item = &Word> {
        let (start, end) = (range.start, range.end);
        self.scan.words.iter().filter(move |w| w.range.start < end && start < w.range.end)
    }

    /// The words of a name that tell it from others.
    pub(super) fn telling(&self, name: &Name) -> Vec<&Word> {
        let all: Vec<&Word> = self.words_in(&name.range).filter(|w| w.letters == Letters::Latin).collect();
        let rare: Vec<&Word> =
            all.iter().copied().filter(|w| w.key.len() >= 3 && !is_ordinary(&w.key, self.lang)).collect();
        if rare.is_empty() { all } else { rare }
    }
}

/// Looks for `name` of `own` in `other`.
pub(super) fn look(name: &Name, own: &View<'_>, other: &View<'_>) -> Match {
    let mut best = NOTHING;
    for mention in &other.scan.mentions {
        if name.entries.contains(&mention.entry) {
            return Match { score: 1.0, range: Some(mention.range.clone()) };
        }
    }
    // A name that may mean something else in its own text, a city inside a longer name, counts all the same.
    let inside = own
        .scan
        .mentions
        .iter()
        .filter(|m| m.range.start >= name.range.start && m.range.end <= name.range.end);
    for mention in inside {
        if let Some(same) = other.scan.mentions.iter().find(|m| m.entry == mention.entry) {
            best = best.better(Match { score: 0.95, range: Some(same.range.clone()) });
        }
    }
    for word in own.telling(name) {
        best = best.better(latin(&word.key, word.upper, other));
    }
    // Known names are also looked for in the form the other language is known to use, and then by no chance sound.
    let mut known = false;
    for entry in &name.entries {
        if let Some(form) = gazetteer().entries[*entry as usize].form(other.lang) {
            known = true;
            for word in edisi_text::name::words(form) {
                if word.letters == Letters::Latin && word.key.len() >= 3 {
                    best = best.better(latin(&word.key, false, other));
                }
            }
        }
    }
    if known { best } else { best.better(sounded(name, own, other)) }
}

/// A Latin word among the words of a text in any script.
fn latin(key: &str, acronym: bool, other: &View<'_>) -> Match {
    let mut best = NOTHING;
    for word in other.scan.words.iter().filter(|w| w.letters == Letters::Latin) {
        let score = if acronym { permuted(key, word) } else { alike(key, &word.key) };
        if score > best.score {
            best = Match { score, range: Some(word.range.clone()) };
        }
        if score >= 1.0 {
            return best;
        }
    }
    if key.len() < 3 {
        return best;
    }
    for sounds in &other.sounds {
        if let Some(fit) = sounds.fit(key) {
            best = best.better(Match { score: fit.share.min(0.99), range: Some(fit.range) });
        }
    }
    if best.score < 0.9
        && let Some(range) = reads_as(other.text, key)
    {
        best = best.better(Match { score: 0.9, range: Some(range) });
    }
    best
}

/// A name in another script, by the Latin words that sound like it.
fn sounded(name: &Name, own: &View<'_>, other: &View<'_>) -> Match {
    let words: Vec<&Word> = own.words_in(&name.range).filter(|w| w.letters != Letters::Latin).collect();
    let mut best = NOTHING;
    for letters in [Letters::Kana, Letters::Arabic, Letters::Han] {
        let clipped: Vec<Word> = words
            .iter()
            .filter(|w| w.letters == letters)
            .map(|w| {
                let range = w.range.start.max(name.range.start)..w.range.end.min(name.range.end);
                Word { range, ..(*w).clone() }
            })
            .collect();
        if clipped.is_empty() {
            continue;
        }
        let sounds = Sounds::new(own.text, &clipped, letters);
        for word in other.scan.words.iter().filter(|w| w.letters == Letters::Latin && w.key.len() >= 3) {
            if let Some(fit) = sounds.fit(&word.key) {
                best = best.better(Match { score: fit.share.min(0.99), range: Some(word.range.clone()) });
            }
            if letters == Letters::Han
                && best.score < 0.9
                && clipped.iter().any(|c| reads_as(&own.text[c.range.clone()], &word.key).is_some())
            {
                best = best.better(Match { score: 0.9, range: Some(word.range.clone()) });
            }
        }
        if letters == Letters::Han {
            // The same characters, between Chinese and Japanese.
            let key: String = clipped.iter().map(|w| han_key(own, w)).collect();
            for word in other.scan.words.iter().filter(|w| w.letters == Letters::Han) {
                if key.chars().count() >= 2 && word.key.contains(&key) {
                    best = best.better(Match { score: 1.0, range: Some(word.range.clone()) });
                }
            }
        }
    }
    best
}

fn han_key(own: &View<'_>, clipped: &Word) -> String {
    edisi_text::name::words(&own.text[clipped.range.clone()]).into_iter().map(|w| w.key).collect()
}

/// How much two Latin words look like one name: 1 for the same letters.
fn alike(a: &str, b: &str) -> f32 {
    if a == b {
        return 1.0;
    }
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if short.len() < 3 || long.len() > 40 {
        return 0.0;
    }
    let common = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    // Inflected and adapted forms: Sudanese, soudanais.
    if common >= 4 && common * 3 >= short.len() * 2 {
        return 0.9;
    }
    if short.len() >= 4 && long.contains(short) {
        return 0.85;
    }
    let distance = edits(a.as_bytes(), b.as_bytes());
    1.0 - distance as f32 / long.len() as f32
}

/// How much a word shares an acronym's letters: ONU and UN, OTAN and NATO.
fn permuted(acronym: &str, word: &Word) -> f32 {
    if word.key == acronym {
        return 1.0;
    }
    if !word.upper {
        return 0.0;
    }
    let mut left: Vec<u8> = word.key.bytes().collect();
    let mut same = 0;
    for letter in acronym.bytes() {
        if let Some(at) = left.iter().position(|l| *l == letter) {
            left.swap_remove(at);
            same += 1;
        }
    }
    let longest = acronym.len().max(word.key.len());
    if same + 1 >= longest || same >= 2 && longest <= 4 { 0.9 } else { 0.0 }
}

/// Levenshtein distance.
fn edits(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (corner + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}
