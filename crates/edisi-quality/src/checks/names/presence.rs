//! Where a name of one side is on the other, and how well it fits there.

use std::ops::Range;

use edisi_text::Lang;
use edisi_text::name::{
    Fit, Letters, Mention, Name, Scan, Sounds, begins, gazetteer, is_ordinary, is_part, other_forms,
    reads_as, scan,
};

pub(super) use edisi_text::name::Word;

use crate::checks::segment::{Side, Token};
use crate::gaps::{Gap, Weights};

/// Log odds of a gap where there is surely none.
pub(super) const NO_GAP: f32 = -9.0;

/// One side, looked through for names.
pub(super) struct View<'a> {
    pub text: &'a str,
    pub lang: Lang,
    pub scan: Scan,
    pub tokens: &'a [Token],
    /// Per token what the word links say of it; empty where nothing is known.
    pub cover: &'a [f32],
    /// Where a word may be gone; empty where nothing is known of the language.
    pub gaps: Vec<Gap>,
    /// What the word links say of the whole text.
    pub spare: Spare,
    sounds: Vec<Sounds>,
}

/// Words of a text that nothing on the other side answers to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spare {
    /// Sum of the evidence that they have no counterpart, in nats.
    pub absent: f32,
    /// Share of the words that have one.
    pub found: f32,
}

impl Spare {
    fn of(cover: &[f32]) -> Spare {
        let absent = cover.iter().filter(|e| **e > 0.0).sum();
        let found = cover.iter().filter(|e| **e < 0.0).count() as f32 / cover.len().max(1) as f32;
        Spare { absent, found }
    }
}

/// What the other side has of a name.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Match {
    /// The same known name is mentioned.
    pub known: bool,
    /// The form the other language has for the name is known.
    pub form: bool,
    /// How much a word in the same letters looks like it, 0 to 1.
    pub alike: f32,
    /// How well a stretch sounds like it: share of a perfect transliteration, and log odds.
    pub share: f32,
    pub odds: f32,
    /// The same share times how much of what is written there the name accounts for: `Ann` is only a part of アンダーソン.
    pub whole: f32,
    /// Whether Han characters can be read as it, or are the same.
    pub read: bool,
    /// The capital is mentioned for the country, or the other way round.
    pub kin: bool,
    /// It is a given or family name that is listed, and one of its listed forms is there.
    pub listed: bool,
    /// It is a given or family name that is listed with forms in the other script.
    pub listable: bool,
    pub range: Option<Range<usize>>,
    score: f32,
}

impl Match {
    /// 1 for the same name, about what chance gives below 0.3.
    pub(super) fn score(&self) -> f32 {
        self.score
    }

    fn scored(mut self) -> Match {
        let known = if self.known { 1.0 } else { 0.0 };
        let read: f32 = if self.read { 0.9 } else { 0.0 };
        let listed: f32 = if self.listed { 0.97 } else { 0.0 };
        let kin: f32 = if self.kin { 0.55 } else { 0.0 };
        self.score = kin.max(read).max(known).max(listed).max(self.alike).max(self.share.clamp(0.0, 0.99));
        self
    }

    /// Takes over what `other` has more of.
    fn add(&mut self, other: Match) {
        if other.score > self.score {
            self.range = other.range;
            self.score = other.score;
        }
        self.known |= other.known;
        self.form |= other.form;
        self.read |= other.read;
        self.kin |= other.kin;
        self.listed |= other.listed;
        self.listable |= other.listable;
        self.alike = self.alike.max(other.alike);
        self.share = self.share.max(other.share);
        self.odds = self.odds.max(other.odds);
        self.whole = self.whole.max(other.whole);
    }
}

impl<'a> View<'a> {
    /// A text by itself.
    pub(super) fn new(text: &'a str, lang: Lang) -> View<'a> {
        let scan = scan(text, lang);
        let sounds = [Letters::Kana, Letters::Arabic, Letters::Han]
            .into_iter()
            .map(|letters| Sounds::new(text, &scan.words, letters))
            .filter(|s| !s.is_empty())
            .collect();
        View { text, lang, scan, tokens: &[], cover: &[], gaps: Vec::new(), spare: Spare::default(), sounds }
    }

    /// A side with what the word links say of its tokens, and with its gaps.
    pub(super) fn of(side: &'a Side<'_>, cover: &'a [f32], weights: Option<&Weights>) -> View<'a> {
        View {
            tokens: &side.tokens,
            cover,
            gaps: weights.map_or_else(Vec::new, |w| w.gaps(side.text, side.lang)),
            spare: Spare::of(cover),
            ..View::new(side.text, side.lang)
        }
    }

    pub(super) fn words_in(&self, range: &Range<usize>) -> impl Iterator<Item = &Word> {
        let (start, end) = (range.start, range.end);
        self.scan.words.iter().filter(move |w| w.range.start < end && start < w.range.end)
    }

    /// The share of the text that stands before a byte of it.
    pub(super) fn place(&self, at: usize) -> f32 {
        at as f32 / self.text.len().max(1) as f32
    }

    /// The log odds of the surest gap, [`NO_GAP`] where there is none; with `place`, a share of the text, those far from it
    /// count less.
    pub(super) fn surest_gap(&self, place: Option<f32>) -> f32 {
        let odds = |gap: &Gap| gap.odds - place.map_or(0.0, |p| 6.0 * (p - self.place(gap.at)).abs());
        self.gaps.iter().map(odds).fold(NO_GAP, f32::max)
    }

    /// What the word links say of the tokens before and behind a range: above 0 that they are absent, below that they
    /// are found.
    pub(super) fn beside(&self, range: &Range<usize>) -> (f32, f32) {
        let first = self.tokens.partition_point(|t| t.range.end <= range.start);
        let after = self.tokens.partition_point(|t| t.range.start < range.end);
        let link = |at: Option<usize>| at.and_then(|i| self.cover.get(i)).copied().unwrap_or(0.0);
        (link(first.checked_sub(1)), link(Some(after)))
    }

    /// How often one of the known names `entries` is mentioned.
    pub(super) fn mentions(&self, entries: &[u32]) -> usize {
        self.scan.mentions.iter().filter(|m| entries.contains(&m.entry)).count()
    }

    /// The words of a name that tell it from others.
    pub(super) fn telling(&self, name: &Name) -> Vec<&Word> {
        let all: Vec<&Word> = self.words_in(&name.range).filter(|w| w.letters == Letters::Latin).collect();
        let rare: Vec<&Word> =
            all.iter().copied().filter(|w| w.key.len() >= 3 && !is_ordinary(&w.key, self.lang)).collect();
        if rare.is_empty() { all } else { rare }
    }
}

/// Looks for `name` of `own` in `other`: what fits best, and how well the part fits that fits worst.
pub(super) fn look(name: &Name, own: &View<'_>, other: &View<'_>) -> (Match, f32) {
    let mut best = Match::default();
    for mention in &other.scan.mentions {
        if name.entries.contains(&mention.entry) {
            best.add(Match { known: true, range: Some(mention.range.clone()), ..Match::default() }.scored());
        }
    }
    // News say the capital for the country; not where the text names both.
    let kin = |m: &&Mention| {
        name.entries.iter().any(|e| gazetteer().are_kin(*e, m.entry)) && own.mentions(&[m.entry]) == 0
    };
    if !best.known
        && let Some(mention) = other.scan.mentions.iter().find(kin)
    {
        best.add(Match { kin: true, range: Some(mention.range.clone()), ..Match::default() }.scored());
    }
    // A name that may mean something else in its own text, a city inside a longer name, counts all the same.
    let inside = own
        .scan
        .mentions
        .iter()
        .filter(|m| m.range.start >= name.range.start && m.range.end <= name.range.end);
    for mention in inside {
        if let Some(same) = other.scan.mentions.iter().find(|m| m.entry == mention.entry) {
            best.add(Match { known: true, range: Some(same.range.clone()), ..Match::default() }.scored());
        }
    }
    let mut worst = f32::MAX;
    for word in own.telling(name) {
        let fit = latin(&word.key, word.upper, other);
        worst = worst.min(fit.score);
        best.add(fit);
    }
    // Known names are also looked for in the form the other language is known to use.
    for entry in &name.entries {
        if let Some(form) = gazetteer().entries[*entry as usize].form(other.lang) {
            best.form = true;
            for word in edisi_text::name::words(form) {
                if word.letters == Letters::Latin && word.key.len() >= 3 {
                    best.add(latin(&word.key, false, other));
                }
            }
        }
    }
    best.add(sounded(name, own, other));
    best.add(listed(name, own, other));
    let worst = if worst == f32::MAX || best.known { best.score } else { worst };
    (best, worst)
}

/// A given or family name by the forms that are listed for it.
fn listed(name: &Name, own: &View<'_>, other: &View<'_>) -> Match {
    let mut best = Match::default();
    for word in own.words_in(&name.range) {
        let clipped;
        let keys: Vec<&str> = match word.letters {
            Letters::Arabic => begins(word).map(|at| &word.key[at..]).collect(),
            Letters::Han => {
                clipped = clip(word, name, own);
                vec![clipped.key.as_str()]
            }
            _ => vec![word.key.as_str()],
        };
        for key in keys.into_iter().filter(|k| is_part(k)) {
            for there in &other.scan.words {
                if there.letters == word.letters && word.letters != Letters::Latin {
                    continue;
                }
                for form in other_forms(key, there.letters) {
                    best.listable = true;
                    let whole = 0..there.key.len();
                    let place = match there.letters {
                        Letters::Arabic => begins(there).any(|at| &there.key[at..] == form).then_some(whole),
                        Letters::Han => there.key.find(form).map(|at| at..at + form.len()),
                        Letters::Kana => (there.key == form).then_some(whole),
                        Letters::Latin => {
                            there.key.strip_prefix(form).is_some_and(|rest| rest.len() <= 1).then_some(whole)
                        }
                    };
                    if let Some(place) = place {
                        let range = if there.letters == Letters::Han {
                            han_range(other.text, there, &place)
                        } else {
                            there.range.clone()
                        };
                        best.add(Match { listed: true, range: Some(range), ..Match::default() }.scored());
                        return best;
                    }
                }
            }
        }
    }
    best
}

/// What of a word belongs to a name: stretches of Han characters go on beyond it.
fn clip(word: &Word, name: &Name, own: &View<'_>) -> Word {
    let range = word.range.start.max(name.range.start)..word.range.end.min(name.range.end);
    let key = edisi_text::name::words(&own.text[range.clone()]).pop().map_or_else(String::new, |w| w.key);
    Word { range, key, ..word.clone() }
}

/// The bytes of a text that some bytes of the key of a stretch of Han characters stand for, one character for one.
fn han_range(text: &str, word: &Word, place: &Range<usize>) -> Range<usize> {
    let before = word.key[..place.start].chars().count();
    let count = word.key[place.clone()].chars().count();
    let mut places =
        text[word.range.clone()].char_indices().map(|(at, _)| word.range.start + at).skip(before);
    let start = places.next().unwrap_or(word.range.start);
    start..places.nth(count.saturating_sub(1)).unwrap_or(word.range.end)
}

/// A Latin word among the words of a text in any script.
fn latin(key: &str, acronym: bool, other: &View<'_>) -> Match {
    let mut best = Match::default();
    for word in other.scan.words.iter().filter(|w| w.letters == Letters::Latin) {
        let score = if acronym { permuted(key, word) } else { alike(key, &word.key) };
        if score > best.alike {
            best = Match { alike: score, range: Some(word.range.clone()), ..Match::default() };
        }
        if score >= 1.0 {
            return best.scored();
        }
    }
    let mut best = best.scored();
    if key.len() < 3 {
        return best;
    }
    for sounds in &other.sounds {
        if let Some(fit) = sounds.fit(key) {
            let Fit { share, odds, range } = fit;
            let whole = share * covered(&other.scan.words, &range);
            best.add(Match { share, odds, whole, range: Some(range), ..Match::default() }.scored());
        }
    }
    if best.score < 0.9
        && let Some(range) = reads_as(other.text, key)
    {
        best.add(Match { read: true, range: Some(range), ..Match::default() }.scored());
    }
    best
}

/// A name in another script, by the Latin words that sound like it.
fn sounded(name: &Name, own: &View<'_>, other: &View<'_>) -> Match {
    let words: Vec<&Word> = own.words_in(&name.range).filter(|w| w.letters != Letters::Latin).collect();
    let mut best = Match::default();
    for letters in [Letters::Kana, Letters::Arabic, Letters::Han] {
        let clipped: Vec<Word> =
            words.iter().filter(|w| w.letters == letters).map(|w| clip(w, name, own)).collect();
        if clipped.is_empty() {
            continue;
        }
        let sounds = Sounds::new(own.text, &clipped, letters);
        // Names have a capital in every language in Latin letters.
        let capitals = other.scan.words.iter().filter(|w| w.letters == Letters::Latin && w.capital);
        for word in capitals.filter(|w| w.key.len() >= 3) {
            let range = Some(word.range.clone());
            if let Some(fit) = sounds.fit(&word.key) {
                let (share, odds) = (fit.share, fit.odds);
                let whole = share * covered(&clipped, &fit.range);
                best.add(Match { share, odds, whole, range: range.clone(), ..Match::default() }.scored());
            }
            if letters == Letters::Han
                && best.score < 0.9
                && clipped.iter().any(|c| reads_as(&own.text[c.range.clone()], &word.key).is_some())
            {
                best.add(Match { read: true, range, ..Match::default() }.scored());
            }
        }
        if letters == Letters::Han {
            // The same characters, between Chinese and Japanese.
            let key: String = clipped.iter().map(|w| w.key.as_str()).collect();
            for word in other.scan.words.iter().filter(|w| w.letters == Letters::Han) {
                if key.chars().count() >= 2 && word.key.contains(&key) {
                    best.add(
                        Match { alike: 1.0, range: Some(word.range.clone()), ..Match::default() }.scored(),
                    );
                }
            }
        }
    }
    best
}

/// The share of the words a stretch touches that it takes up; 1 in Arabic, where it is whole words.
fn covered(words: &[Word], range: &Range<usize>) -> f32 {
    let touched = words.iter().filter(|w| w.range.start < range.end && range.start < w.range.end);
    let all: usize = touched.map(|w| w.range.len()).sum();
    (range.len() as f32 / all.max(1) as f32).min(1.0)
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
    let same = 1.0 - distance as f32 / long.len() as f32;
    // Most words share half of their letters with some word of a sentence.
    if same < 0.5 { 0.0 } else { same * 2.0 - 1.0 }
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
