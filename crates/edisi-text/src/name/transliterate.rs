//! Latin names written in katakana, Arabic letters or Han characters.
//!
//! A noisy channel (Knight and Graehl 1998): what a unit of the other script stands for, as [`Sounds`](super::Sounds)
//! knows it, and which units stand side by side in given and family names. Where the name is listed in
//! `data/names/parts.tsv`, the listed form that fits best is taken.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::part::{self, other_forms};
use super::sound::{self, LONGEST, MOST_LETTERS, sound_units};
use super::word::Letters;

/// States kept at each letter of the name.
const BEAM: usize = 24;
/// The unit before the first and behind the last of a name.
const EDGE: usize = usize::MAX;

/// How names are written in one script.
struct Writer {
    /// By Latin letters, the units that stand for them and the log odds; no unit where letters go unwritten.
    said: HashMap<&'static str, Vec<(Option<usize>, f32)>>,
    units: Vec<&'static str>,
    ids: HashMap<&'static str, usize>,
    /// Log odds of units that stand for no letter.
    silent: HashMap<usize, f32>,
    /// How often one unit follows another.
    pairs: HashMap<(usize, usize), f32>,
    /// How often a unit is followed, and by how many different ones.
    before: HashMap<usize, (f32, f32)>,
    /// How often a unit follows.
    after: HashMap<usize, f32>,
    sum: f32,
}

static KANA: LazyLock<Writer> = LazyLock::new(|| Writer::new(Letters::Kana));
static HAN: LazyLock<Writer> = LazyLock::new(|| Writer::new(Letters::Han));
static ARABIC: LazyLock<Writer> = LazyLock::new(|| Writer::new(Letters::Arabic));

/// A given or family name, in `a` to `z` as [`Word::key`](super::Word::key) has it, as `letters` write it. `None` for
/// Latin, and for what has letters that nothing stands for.
///
/// ```
/// use edisi_text::name::{Letters, transliterated};
///
/// assert_eq!(transliterated("blinken", Letters::Han).as_deref(), Some("布林肯"));
/// assert_eq!(transliterated("starmer", Letters::Kana).as_deref(), Some("スターマー"));
/// ```
pub fn transliterated(key: &str, letters: Letters) -> Option<String> {
    let writer = match letters {
        Letters::Kana => &KANA,
        Letters::Han => &HAN,
        Letters::Arabic => &ARABIC,
        Letters::Latin => return None,
    };
    if key.is_empty() || key.len() > LONGEST || !key.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let fits = other_forms(key, letters).filter_map(|form| Some((writer.fit(key, form)?, form)));
    let form = match fits.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1))) {
        Some((_, form)) => form.to_owned(),
        None if letters == Letters::Arabic => writer.write_arabic(key)?,
        None => writer.write(key)?,
    };
    Some(match letters {
        Letters::Kana => as_papers_write(&form),
        Letters::Arabic => with_hamza(key, &form),
        _ => form,
    })
}

/// Japanese newspapers write foreign `v` with `b`.
fn as_papers_write(kana: &str) -> String {
    let b = [("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴュ", "ビュ"), ("ヴ", "ブ")];
    b.into_iter().fold(kana.to_owned(), |text, (v, b)| text.replace(v, b))
}

/// The vowel at the beginning of a name with its sign, which the lists leave out.
fn with_hamza(key: &str, arabic: &str) -> String {
    let sign = match key.as_bytes()[0] {
        b'a' | b'o' | b'u' => 'أ',
        b'e' | b'i' => 'إ',
        _ => return arabic.to_owned(),
    };
    match arabic.strip_prefix('ا') {
        Some(rest) if rest.starts_with('ل') && sign == 'أ' => arabic.to_owned(),
        Some(rest) => format!("{sign}{rest}"),
        None if arabic.starts_with(['و', 'ي']) => format!("{sign}{arabic}"),
        // The lists take these letters for the article.
        None if key.as_bytes().get(1) == Some(&b'l') && !arabic.starts_with('ع') => {
            format!("{sign}ل{arabic}")
        }
        None => arabic.to_owned(),
    }
}

/// A way to write the first letters of a name.
#[derive(Clone, Copy)]
struct State {
    /// The last unit so far.
    last: usize,
    /// What was added to the state it is `from`; nothing for letters that go unwritten.
    unit: Option<usize>,
    score: f32,
    /// How many letters that one has, and its place among those.
    from: (usize, usize),
}

impl Writer {
    fn new(letters: Letters) -> Writer {
        let mut out = Writer {
            said: HashMap::new(),
            units: Vec::new(),
            ids: HashMap::new(),
            silent: HashMap::new(),
            pairs: HashMap::new(),
            before: HashMap::new(),
            after: HashMap::new(),
            sum: 0.0,
        };
        for (unit, latin, odds) in sound::rows(letters) {
            if unit.is_empty() {
                out.said.entry(latin).or_default().push((None, odds));
                continue;
            }
            let id = *out.ids.entry(unit).or_insert(out.units.len());
            if id == out.units.len() {
                out.units.push(unit);
            }
            if latin.is_empty() {
                out.silent.insert(id, odds);
            } else {
                out.said.entry(latin).or_default().push((Some(id), odds));
            }
        }
        for form in part::forms(letters) {
            let Some(ids) = out.ids_of(form) else { continue };
            for (a, b) in neighbours(&ids) {
                let pair = out.pairs.entry((a, b)).or_insert(0.0);
                *pair += 1.0;
                let (count, kinds) = out.before.entry(a).or_insert((0.0, 0.0));
                *count += 1.0;
                *kinds += if *pair == 1.0 { 1.0 } else { 0.0 };
                *out.after.entry(b).or_insert(0.0) += 1.0;
                out.sum += 1.0;
            }
        }
        out
    }

    fn ids_of(&self, form: &str) -> Option<Vec<usize>> {
        let ids: Option<Vec<usize>> =
            sound_units(form).iter().map(|unit| self.ids.get(unit.as_str()).copied()).collect();
        ids.filter(|ids| !ids.is_empty())
    }

    /// Log probability that `b` follows `a` (Witten and Bell 1991).
    fn follows(&self, a: usize, b: usize) -> f32 {
        let single = self.after.get(&b).copied().unwrap_or(0.0) + 0.5;
        let single = single / (self.sum + 0.5 * (self.units.len() + 2) as f32);
        let (count, kinds) = self.before.get(&a).copied().unwrap_or((0.0, 0.0));
        let pair = self.pairs.get(&(a, b)).copied().unwrap_or(0.0);
        ((pair + (kinds + 1.0) * single) / (count + kinds + 1.0)).ln()
    }

    /// The likeliest way to write a name.
    fn write(&self, key: &str) -> Option<String> {
        let mut states: Vec<Vec<State>> = vec![Vec::new(); key.len() + 1];
        states[0].push(State { last: EDGE, unit: None, score: 0.0, from: (0, 0) });
        for at in 0..key.len() {
            states[at].sort_by(|a, b| b.score.total_cmp(&a.score).then(a.last.cmp(&b.last)));
            states[at].truncate(BEAM);
            for (place, state) in states[at].clone().into_iter().enumerate() {
                for end in at + 1..=(at + MOST_LETTERS).min(key.len()) {
                    for (unit, odds) in self.said.get(&key[at..end]).into_iter().flatten() {
                        let (last, score) = match *unit {
                            Some(unit) => (unit, state.score + odds + self.follows(state.last, unit)),
                            None => (state.last, state.score + odds),
                        };
                        let new = State { last, unit: *unit, score, from: (at, place) };
                        match states[end].iter_mut().find(|s| s.last == last) {
                            Some(old) if old.score < score => *old = new,
                            Some(_) => {}
                            None => states[end].push(new),
                        }
                    }
                }
            }
        }
        let ended = |s: &&State| s.score + self.follows(s.last, EDGE);
        let mut best = *states[key.len()].iter().max_by(|a, b| ended(a).total_cmp(&ended(b)))?;
        let mut at = key.len();
        let mut units = Vec::new();
        while at > 0 {
            units.extend(best.unit);
            let (before, place) = best.from;
            (at, best) = (before, states[before][place]);
        }
        units.reverse();
        (!units.is_empty()).then(|| units.into_iter().map(|unit| self.units[unit]).collect())
    }

    /// The same for Arabic, where what begins like the article is not known from names.
    fn write_arabic(&self, key: &str) -> Option<String> {
        match key.split_at_checked(1) {
            Some(("a" | "e" | "i" | "o" | "u", rest)) if rest.starts_with('l') => {
                self.write(rest).map(|rest| format!("ا{rest}"))
            }
            _ => self.write(key),
        }
    }

    /// How well a form fits a name: the best of the ways to read it. `None` if there is none.
    fn fit(&self, key: &str, form: &str) -> Option<f32> {
        let units = self.ids_of(form)?;
        let fluent: f32 = neighbours(&units).map(|(a, b)| self.follows(a, b)).sum();
        let odds = |letters: &str, unit: Option<usize>| {
            self.said.get(letters)?.iter().find(|(said, _)| *said == unit).map(|(_, odds)| *odds)
        };
        // By letters read, after each unit.
        let mut read: Vec<Option<f32>> = vec![None; key.len() + 1];
        read[0] = Some(0.0);
        skip(&mut read, |at| odds(&key[at..=at], None));
        for unit in units {
            let mut next: Vec<Option<f32>> = vec![None; key.len() + 1];
            for (at, score) in read.iter().enumerate() {
                let Some(score) = score else { continue };
                if let Some(silent) = self.silent.get(&unit) {
                    better(&mut next[at], score + silent);
                }
                for end in at + 1..=(at + MOST_LETTERS).min(key.len()) {
                    if let Some(odds) = odds(&key[at..end], Some(unit)) {
                        better(&mut next[end], score + odds);
                    }
                }
            }
            skip(&mut next, |at| odds(&key[at..=at], None));
            read = next;
        }
        read[key.len()].map(|score| score + fluent)
    }
}

/// Units side by side, the ends of the name among them.
fn neighbours(units: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    let units = units.iter().copied();
    std::iter::once(EDGE).chain(units.clone()).zip(units.chain([EDGE]))
}

/// Goes over letters that nothing writes.
fn skip(read: &mut [Option<f32>], odds: impl Fn(usize) -> Option<f32>) {
    for at in 0..read.len() - 1 {
        if let (Some(score), Some(odds)) = (read[at], odds(at)) {
            better(&mut read[at + 1], score + odds);
        }
    }
}

fn better(slot: &mut Option<f32>, score: f32) {
    if slot.is_none_or(|old| old < score) {
        *slot = Some(score);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_by_their_sound() {
        for (name, han, kana) in [
            ("widodo", "维多多", "ウィドド"),
            ("sherman", "谢尔曼", "シャーマン"),
            ("johnson", "约翰逊", "ジョンソン"),
            ("macron", "马克龙", "マクロン"),
            ("starmer", "斯塔默", "スターマー"),
            ("merkel", "默克尔", "メルケル"),
        ] {
            assert_eq!(transliterated(name, Letters::Han).as_deref(), Some(han), "{name}");
            assert_eq!(transliterated(name, Letters::Kana).as_deref(), Some(kana), "{name}");
        }
    }

    #[test]
    fn arabic_names_begin_with_the_sign_of_their_vowel() {
        for (name, arabic) in [
            ("atkinson", "أتكينسون"),
            ("ophelia", "أوفيليا"),
            ("eldon", "إلدون"),
            ("english", "إنجلش"),
            ("macron", "ماكرون"),
        ] {
            assert_eq!(transliterated(name, Letters::Arabic).as_deref(), Some(arabic), "{name}");
        }
    }

    #[test]
    fn what_is_written_reads_as_the_name() {
        use crate::name::{Sounds, words};
        for name in ["nazarbayev", "tileuberdi", "ratnasari", "kusumawardhani", "prabowo"] {
            for letters in [Letters::Han, Letters::Kana] {
                let form = transliterated(name, letters).unwrap();
                let fit = Sounds::new(&form, &words(&form), letters).fit(name).unwrap();
                assert!(fit.share > 0.5, "{name} {form} {}", fit.share);
            }
        }
    }

    #[test]
    fn what_is_no_latin_name_is_not_written() {
        for key in ["", "O'Neill", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "علي"] {
            assert_eq!(transliterated(key, Letters::Han), None, "{key}");
        }
        assert_eq!(transliterated("ali", Letters::Latin), None);
    }
}
