//! Known names: `data/names/known.tsv`, written by hand, and `places.tsv` and `chinese.tsv` there, made by `build.py`.
//!
//! A line is a name and its forms: the kind, then the forms in en, id, fr, zh, ja and ar (an empty id or fr is as
//! en), in the made files followed by forms in no stated language; `|` stands between forms. Lines of all files whose
//! kind and first English form agree are one name; `-` stands for a form that is not known. A form ending in `*` stands for every word that begins so; one
//! beginning with `~` may mean the name and does not make the text say it; one beginning with `=` (`=~`) is the one to write.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::word::{Letters, Word, is_ordinary};
use super::{Cue, Name, NameKind, fold};
use crate::Lang;

/// The languages of the columns of names and terms.
pub(crate) const COLUMNS: [&str; 6] = ["en", "id", "fr", "zh", "ja", "ar"];

/// What stands for a form that is not known, where English would otherwise serve.
const UNKNOWN: &str = "-";

/// Where a name is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// By hand.
    Hand,
    /// In a package of names in many languages, whose forms come before those by hand.
    Names,
    /// In a dictionary, whose forms come last.
    Dictionary,
}

/// A known name.
#[derive(Debug)]
pub struct Entry {
    /// What it names.
    pub kind: NameKind,
    /// Its usual form in en, id, fr, zh, ja, ar; empty where none is known.
    usual: [Cow<'static, str>; 6],
    /// Which of them the data mark as the one to write.
    chosen: [bool; 6],
    /// Whether it is listed by hand, not only in a package.
    pub(crate) by_hand: bool,
}

impl Entry {
    /// The usual form in a language, if known.
    pub fn form(&self, lang: Lang) -> Option<&str> {
        let at = COLUMNS.iter().position(|c| *c == lang.code())?;
        let form = match &*self.usual[at] {
            "" if at == 1 || at == 2 => &self.usual[0],
            UNKNOWN => "",
            form => form,
        };
        (!form.is_empty()).then_some(form)
    }
}

/// Of forms in no stated language, the one in characters that belong to a script, Han ones simplified; none if there are
/// several.
fn only(forms: &'static str, belongs: fn(char) -> bool) -> Option<Cow<'static, str>> {
    let fits = forms.split('|').filter(|form| !form.is_empty() && form.chars().all(belongs));
    let mut simple = fits.map(|form| form.chars().map(fold::han_char).collect::<String>());
    let first = simple.next()?;
    simple.all(|other| other == first).then_some(first.into())
}

fn is_katakana(c: char) -> bool {
    fold::is_kana(c) || matches!(c, 'ー' | '・')
}

/// A place where a text has a form of a known name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Index into [`Gazetteer::entries`].
    pub entry: u32,
    /// Whether the form means this name and nothing else, in a text of this language.
    pub sure: bool,
}

/// What makes an adjective, a people or a country of an Arabic name, in the letters of [`Word::key`].
const ARABIC_ENDINGS: [&str; 22] = [
    "",
    "ا",
    "ه",
    "ي",
    "يا",
    "يه",
    "يين",
    "يون",
    "يات",
    "يتين",
    "ان",
    "اني",
    "انيا",
    "انيه",
    "انيين",
    "انيون",
    "اوي",
    "اويه",
    "وي",
    "ويه",
    "ين",
    "ون",
];

/// How a form is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Form {
    entry: u32,
    /// One bit for each of [`COLUMNS`]: languages the form is sure in.
    sure: u8,
    /// Further words that must follow, as an index into `tails`; 0 for none.
    tail: u32,
    case: Case,
}

/// Which letters a Latin form may be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Any,
    Capital,
    Upper,
}

/// All known names, indexed.
#[derive(Debug, Default)]
pub struct Gazetteer {
    /// The names.
    pub entries: Vec<Entry>,
    /// Forms by the key of their first word; in Chinese and Japanese by their first two characters.
    exact: HashMap<Box<str>, Vec<Form>>,
    /// Forms that stand for a beginning, by their first three letters.
    stems: HashMap<Box<str>, Vec<(Box<str>, Form)>>,
    tails: Vec<Vec<Box<str>>>,
    /// Countries and their capitals, both ways; sorted.
    kin: Vec<(u32, u32)>,
}

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| {
    let mut all = Gazetteer { tails: vec![Vec::new()], ..Gazetteer::default() };
    let mut ids = HashMap::new();
    all.read(include_str!("../../data/names/known.tsv"), &mut ids, Origin::Hand);
    all.read(include_str!("../../data/names/places.tsv"), &mut ids, Origin::Names);
    all.read(include_str!("../../data/names/chinese.tsv"), &mut ids, Origin::Dictionary);
    for line in include_str!("../../data/names/capitals.tsv").lines().filter(|l| !l.starts_with('#')) {
        let mut places = line.split('\t').filter_map(|name| ids.get(&(NameKind::Country, name)).copied());
        let Some(country) = places.next() else { continue };
        all.kin.extend(places.flat_map(|city| [(country, city), (city, country)]));
    }
    all.kin.sort_unstable();
    all
});

/// The known names.
pub fn gazetteer() -> &'static Gazetteer {
    &GAZETTEER
}

impl Gazetteer {
    /// The entries of one file with the columns of `known.tsv`.
    pub(crate) fn of(file: &'static str) -> Gazetteer {
        let mut all = Gazetteer { tails: vec![Vec::new()], ..Gazetteer::default() };
        all.read(file, &mut HashMap::new(), Origin::Hand);
        all
    }

    /// Whether one is the capital of the other, which news say for each other.
    pub fn are_kin(&self, a: u32, b: u32) -> bool {
        self.kin.binary_search(&(a, b)).is_ok()
    }

    /// The sure ones of `mentions`, the longest at each place, as names; those of one place in one name.
    pub(crate) fn names(&self, mentions: &[Mention]) -> Vec<Name> {
        let mut out: Vec<Name> = Vec::new();
        let mut sure: Vec<&Mention> = mentions.iter().filter(|m| m.sure).collect();
        sure.sort_by_key(|m| (m.range.start, std::cmp::Reverse(m.range.end)));
        for mention in sure {
            let kind = self.entries[mention.entry as usize].kind;
            match out.last_mut() {
                Some(last) if last.range == mention.range => {
                    last.entries.push(mention.entry);
                    last.kind = last.kind.min(kind);
                }
                Some(last) if last.range.end > mention.range.start => {}
                _ => out.push(Name {
                    range: mention.range.clone(),
                    kind,
                    cue: Cue::Known,
                    entries: vec![mention.entry],
                }),
            }
        }
        out
    }

    fn read(&mut self, file: &'static str, ids: &mut HashMap<(NameKind, &'static str), u32>, origin: Origin) {
        let by_hand = origin == Origin::Hand;
        for line in file.lines().filter(|l| !l.starts_with('#')) {
            let cells: Vec<&'static str> = line.split('\t').collect();
            let Some(kind) = NameKind::parse(cells[0]) else { continue };
            let forms = |i: usize| cells.get(i + 1).unwrap_or(&"").split('|');
            let chosen: [Option<&str>; 6] =
                std::array::from_fn(|i| forms(i).find_map(|form| form.strip_prefix('=')));
            let usual: [&str; 6] =
                std::array::from_fn(|i| match (chosen[i], forms(i).next().unwrap_or("")) {
                    (Some(chosen), _) => chosen.trim_start_matches('~'),
                    (None, first) if first.starts_with('~') || first.ends_with('*') => "",
                    (None, first) => first,
                });
            let key = forms(0).next().unwrap_or("").trim_end_matches('*').trim_start_matches(['=', '~']);
            let fresh = self.entries.len() as u32;
            // A city, its state and its country may share a name, and then texts do not tell them apart.
            let group = if kind.is_place() { NameKind::Country } else { kind };
            let entry = *ids.entry((group, key)).or_insert(fresh);
            if entry == fresh {
                let usual = usual.map(Cow::Borrowed);
                self.entries.push(Entry { kind, usual, chosen: chosen.map(|form| form.is_some()), by_hand });
            } else {
                let known = &mut self.entries[entry as usize];
                for (i, usual) in
                    usual.into_iter().enumerate().filter(|(_, usual)| !matches!(*usual, "" | UNKNOWN))
                {
                    // What the packages state comes before what is listed by hand, unless that is said to be written.
                    if origin == Origin::Names && !known.chosen[i] || known.usual[i].is_empty() {
                        known.usual[i] = usual.into();
                    }
                }
            }
            if let Some(unlabelled) = cells.get(7) {
                for (at, form) in [(3, only(unlabelled, fold::is_han)), (4, only(unlabelled, is_katakana))] {
                    let usual = &mut self.entries[entry as usize].usual[at];
                    if let Some(form) = form.filter(|_| usual.is_empty()) {
                        *usual = form;
                    }
                }
            }
            for (column, cell) in cells[1..].iter().enumerate() {
                // English forms serve Indonesian and French where these have none of their own.
                let mut sure = if column < 6 { 1u8 << column } else { 0x3f };
                if column == 0 {
                    for other in [1, 2] {
                        if cells.get(other + 1).is_none_or(|c| c.is_empty()) {
                            sure |= 1 << other;
                        }
                    }
                }
                for form in cell.split('|').filter(|f| !matches!(*f, "" | UNKNOWN)) {
                    self.add(form, entry, sure, column == 6);
                }
                if kind == NameKind::Country && origin == Origin::Names && column < 6 {
                    for form in cell.split('|') {
                        self.add_adjective(form, entry, column);
                    }
                }
            }
        }
    }

    fn add(&mut self, form: &str, entry: u32, sure: u8, unlabelled: bool) {
        let form = form.strip_prefix('=').unwrap_or(form);
        let (form, mut sure) = match form.strip_prefix('~') {
            Some(form) => (form, 0),
            None => (form, sure),
        };
        let stem = form.ends_with('*');
        let form = form.trim_end_matches('*');
        let kind = self.entries[entry as usize].kind;
        let words = super::word::words(form);
        let Some(first) = words.first() else { return };
        let dense = matches!(first.letters, Letters::Han | Letters::Kana);
        let case = match first.letters {
            Letters::Latin if first.upper && words.len() == 1 && first.key.len() <= 5 => Case::Upper,
            Letters::Latin if first.capital || form.contains(char::is_uppercase) => Case::Capital,
            _ => Case::Any,
        };
        if dense {
            let key: String =
                form.chars().filter(|c| fold::is_han(*c) || fold::is_kana(*c)).map(fold::han_char).collect();
            let chars = key.chars().count();
            if chars < 2 && sure != 0 && unlabelled {
                return;
            }
            let short_kana = chars < 4
                && key.chars().all(fold::is_kana)
                && !matches!(kind, NameKind::Country | NameKind::Region);
            if chars < 2
                || unlabelled && (chars < 3 || short_kana)
                || chars < 3 && short_kana
                || kind.is_translated()
            {
                sure = 0;
            }
            let head: String = key.chars().take(2).collect();
            let tail: String = key.chars().skip(2).collect();
            let tail = self.tail(if tail.is_empty() { Vec::new() } else { vec![tail.into()] });
            self.push(head.into(), Form { entry, sure, tail, case });
            return;
        }
        let keys: Vec<Box<str>> = words.iter().map(|w| bare(w).into()).collect();
        // Unlabelled Arabic forms come from all languages of the script, and are short words of this one.
        if unlabelled && first.letters == Letters::Arabic && keys.len() == 1 && keys[0].chars().count() < 6 {
            sure = 0;
        }
        let short = keys.len() == 1 && keys[0].chars().count() < 3 && case != Case::Upper;
        if short || kind.is_translated() {
            sure = 0;
        }
        // `Bekasi` is no form of `bekas`; places listed by hand that are words are marked there.
        let unmistaken = match kind {
            NameKind::Country | NameKind::Region | NameKind::Organisation => true,
            NameKind::City | NameKind::Province => self.entries[entry as usize].by_hand,
            _ => false,
        };
        if keys.len() == 1 && !unmistaken {
            let ordinary = |lang| is_ordinary(&words[0].key, lang);
            let everyday = match first.letters {
                Letters::Latin => ordinary(Lang::EN) || ordinary(Lang::ID) || ordinary(Lang::FR),
                _ => ordinary(Lang::AR),
            };
            if everyday {
                sure = 0;
            }
        }
        if stem && keys.len() == 1 {
            let head: String = keys[0].chars().take(3).collect();
            let form = Form { entry, sure, tail: 0, case };
            self.stems.entry(head.into()).or_default().push((keys[0].clone(), form));
            return;
        }
        let tail = self.tail(keys[1..].to_vec());
        self.push(keys[0].clone(), Form { entry, sure, tail, case });
    }

    /// What people and things of a country are called, where that begins as the country does.
    fn add_adjective(&mut self, form: &str, entry: u32, column: usize) {
        let words = super::word::words(form);
        let [word] = words.as_slice() else { return };
        let (stem, enough) = match word.letters {
            Letters::Latin => (word.key.trim_end_matches(['a', 'e', 'i', 'o', 'u', 'y']).to_owned(), 4),
            Letters::Arabic => (bare(word).trim_end_matches(['ا', 'ه', 'ي', 'و']).to_owned(), 3),
            _ => return,
        };
        if stem.chars().count() < enough || COLUMNS[column] == "id" {
            return;
        }
        let head: String = stem.chars().take(3).collect();
        let case = if COLUMNS[column] == "en" { Case::Capital } else { Case::Any };
        self.stems
            .entry(head.into())
            .or_default()
            .push((stem.into(), Form { entry, sure: 0, tail: 0, case }));
    }

    fn tail(&mut self, words: Vec<Box<str>>) -> u32 {
        if words.is_empty() {
            return 0;
        }
        self.tails.push(words);
        self.tails.len() as u32 - 1
    }

    fn push(&mut self, head: Box<str>, form: Form) {
        let forms = self.exact.entry(head).or_default();
        if !forms.iter().any(|f| {
            f.entry == form.entry
                && f.tail == 0
                && form.tail == 0
                && f.case == form.case
                && f.sure | form.sure == f.sure
        }) {
            forms.push(form);
        }
    }

    /// Every form of a known name in the words of a text: at each place the longest, and all names it may mean.
    pub fn mentions(&self, text: &str, words: &[Word], lang: Lang) -> Vec<Mention> {
        let column = COLUMNS.iter().position(|c| *c == lang.code());
        let bit = column.map_or(0, |c| 1u8 << c);
        let mut out = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let taken = match words[at].letters {
                Letters::Latin | Letters::Arabic => self.at_word(words, at, bit, &mut out),
                Letters::Han | Letters::Kana => {
                    // A name may go from one script to the other; the stretch ends where neither goes on.
                    let mut end = at + 1;
                    while end < words.len()
                        && matches!(words[end].letters, Letters::Han | Letters::Kana)
                        && joined(&text[words[end - 1].range.end..words[end].range.start])
                    {
                        end += 1;
                    }
                    let stretch = words[at].range.start..words[end - 1].range.end;
                    self.in_stretch(text, stretch, bit, &mut out);
                    end - at
                }
            };
            at += taken.max(1);
        }
        out
    }

    /// Mentions that begin with the word at `at`; how many words the longest takes.
    fn at_word(&self, words: &[Word], at: usize, bit: u8, out: &mut Vec<Mention>) -> usize {
        let word = &words[at];
        let mut best: Vec<(usize, Form)> = Vec::new();
        let mut longest = 0;
        let mut note = |length: usize, form: Form| {
            if length > longest {
                longest = length;
            }
            best.push((length, form));
        };
        let fits = |form: &Form| match form.case {
            Case::Any => true,
            Case::Capital => word.capital,
            Case::Upper => word.upper,
        };
        for start in starts(word) {
            let key = &word.key[start..];
            for form in self.exact.get(key).into_iter().flatten().filter(|f| fits(f)) {
                let tail = &self.tails[form.tail as usize];
                let rest = &words[at + 1..];
                if rest.len() >= tail.len() && rest.iter().zip(tail).all(|(w, t)| follows(w, t)) {
                    note(tail.len() + 1, *form);
                }
            }
            let head = key.char_indices().nth(3).map_or(key.len(), |(i, _)| i);
            for (stem, form) in self.stems.get(&key[..head]).into_iter().flatten().filter(|(_, f)| fits(f)) {
                let Some(rest) = key.strip_prefix(&**stem) else { continue };
                let long = stem.chars().count() > 3;
                match word.letters {
                    // After a stem of three letters, most words are others.
                    Letters::Arabic if rest.is_empty() && !long => note(1, Form { sure: 0, ..*form }),
                    Letters::Arabic if !ARABIC_ENDINGS.contains(&rest) => {}
                    _ if rest.chars().count() <= 6 => note(1, *form),
                    _ => {}
                }
            }
        }
        for (length, form) in best {
            // Shorter readings stay possible but are not what the text says.
            let range = word.range.start..words[at + length - 1].range.end;
            let sure = form.sure & bit != 0 && length == longest;
            match out.iter_mut().rev().take(8).find(|m| m.entry == form.entry && m.range == range) {
                Some(known) => known.sure |= sure,
                None => out.push(Mention { range, entry: form.entry, sure }),
            }
        }
        longest
    }

    fn in_stretch(&self, text: &str, stretch: Range<usize>, bit: u8, out: &mut Vec<Mention>) {
        let chars: Vec<(usize, char)> = text[stretch.clone()]
            .char_indices()
            .filter(|(_, c)| fold::is_han(*c) || fold::is_kana(*c))
            .map(|(i, c)| (stretch.start + i, fold::han_char(c)))
            .collect();
        let end = |i: usize| {
            chars.get(i).map_or(stretch.end, |c| c.0 + text[c.0..].chars().next().map_or(0, char::len_utf8))
        };
        let mut covered = 0;
        let mut head = String::new();
        for i in 0..chars.len() {
            for length in [1, 2] {
                head.clear();
                head.extend(chars[i..].iter().take(length).map(|c| c.1));
                if i + length > chars.len() {
                    continue;
                }
                let Some(forms) = self.exact.get(head.as_str()) else { continue };
                let mut found: Vec<(usize, Form)> = Vec::new();
                for form in forms {
                    let tail = self.tails[form.tail as usize].first().map_or("", |t| &**t);
                    let mut have = chars[i + length..].iter().map(|c| c.1);
                    if tail.chars().all(|c| have.next() == Some(c)) {
                        found.push((length + tail.chars().count(), *form));
                    }
                }
                let longest = found.iter().map(|f| f.0).max().unwrap_or(0);
                for (length, form) in found {
                    let range = chars[i].0..end(i + length - 1);
                    // A kana name inside a longer kana word is a coincidence.
                    let whole = length == longest
                        && i >= covered
                        && stands_alone(text, &range)
                        && !(length < 3 && is_inside(&chars, i, i + length));
                    let sure = form.sure & bit != 0 && whole;
                    out.push(Mention { range, entry: form.entry, sure });
                }
                if longest > 1 {
                    covered = covered.max(i + longest);
                }
            }
        }
    }
}

/// Whether a word goes on with a name whose next word is `key`.
fn follows(word: &Word, key: &str) -> bool {
    !(word.apart && word.first) && starts(word).any(|s| &word.key[s..] == key)
}

/// Whether a form of katakana is a word of its own, not part of a longer one.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let inside = text[range.clone()].chars();
    let (first, last) = (inside.clone().next(), inside.last());
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    !(first.is_some_and(fold::is_kana) && before.is_some_and(fold::is_kana)
        || last.is_some_and(fold::is_kana) && after.is_some_and(fold::is_kana))
}

/// Whether a name of foreign sounds goes on before or behind: 德里 in 罗德里戈.
fn is_inside(chars: &[(usize, char)], from: usize, to: usize) -> bool {
    let foreign = |i: usize| {
        chars.get(i).and_then(|c| super::han::CHARACTERS.get(&c.1)).is_some_and(|h| h.foreign >= 25)
    };
    (from..to).all(foreign) && (from.checked_sub(1).is_some_and(foreign) || foreign(to))
}

fn joined(between: &str) -> bool {
    between.is_empty() || matches!(between, "・" | "·" | "•" | "‧" | "＝" | "=" | "－" | "-" | " ")
}

/// The key of a word without the Arabic article.
pub(super) fn bare(word: &Word) -> &str {
    match word.letters {
        Letters::Arabic => word.key.strip_prefix("ال").filter(|r| r.chars().count() > 2).unwrap_or(&word.key),
        _ => &word.key,
    }
}

/// Where a word may begin, in bytes of its key: in Arabic also behind the short words written on to it.
pub fn starts(word: &Word) -> impl Iterator<Item = usize> {
    let mut out = [Some(0), None, None, None, None];
    if word.letters == Letters::Arabic {
        let key = &word.key;
        let mut count = 1;
        let mut add = |at: usize, out: &mut [Option<usize>; 5]| {
            if count < 5 && key.len() >= at + 6 && !out.contains(&Some(at)) {
                out[count] = Some(at);
                count += 1;
            }
        };
        let mut at = 0;
        if key.starts_with(['و', 'ف']) {
            at = 2;
            add(at, &mut out);
        }
        if key[at..].starts_with("لل") {
            add(at + 2, &mut out);
            add(at + 4, &mut out);
        } else if key[at..].starts_with(['ب', 'ك', 'ل']) {
            add(at + 2, &mut out);
            if key[at + 2..].starts_with("ال") {
                add(at + 6, &mut out);
            }
        }
        if key[at..].starts_with("ال") {
            add(at + 4, &mut out);
        }
    }
    out.into_iter().flatten()
}
