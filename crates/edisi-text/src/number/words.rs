//! Numbers written in words, in languages that write words apart.

use super::lexicon::{Lexicon, Word, fold};
use super::{Decimal, NumberKind};

/// A number found at the start of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub len: usize,
    pub value: Decimal,
    pub alternatives: Vec<Decimal>,
    pub kind: NumberKind,
    pub small: bool,
}

/// Words a number may have: longer ones are no text.
const MOST_WORDS: usize = 24;
/// Word-only numbers up to this are written so often in passing that they are no quantity.
const SMALL: i128 = 12;

/// Whether `c` belongs to a word written between spaces.
pub(super) fn is_word_char(c: char) -> bool {
    let unspaced = matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}' | '\u{20000}'..='\u{3FFFF}');
    (c.is_alphabetic() && !unspaced) || matches!(c, '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{300}'..='\u{36F}')
}

/// The length of the word `text` starts with.
pub(super) fn word_len(text: &str) -> usize {
    text.find(|c| !is_word_char(c)).unwrap_or(text.len())
}

/// The next word behind one space or hyphen: where it starts and ends in `text`, and its folded form.
pub(super) fn next_word(text: &str) -> Option<(usize, usize, String)> {
    let c = text.chars().next()?;
    if !matches!(c, ' ' | '\u{A0}' | '\u{202F}' | '-' | '‑') {
        return None;
    }
    let start = c.len_utf8();
    let len = word_len(&text[start..]);
    // No number word is this long.
    (len > 0 && len < 60).then(|| (start, start + len, fold(&text[start..start + len])))
}

/// Looks a folded word up; in Arabic also without the particles written together with it. Says whether one of
/// them was "and".
pub(super) fn look_up<'l, T: 'l>(
    lexicon: &'l Lexicon,
    word: &str,
    find: impl Fn(&'l Lexicon, &str) -> Option<T>,
) -> Option<(T, bool)> {
    if let Some(found) = find(lexicon, word) {
        return Some((found, false));
    }
    if !lexicon.arabic {
        // 15,5 jutanya
        let stem = word.strip_suffix("nya").filter(|_| lexicon.suffixed)?;
        return find(lexicon, stem).map(|found| (found, false));
    }
    let (and, rest) = word.strip_prefix('و').map_or((false, word), |r| (true, r));
    [rest.strip_prefix("ال"), rest.strip_prefix("بال"), rest.strip_prefix("لل"), Some(rest)]
        .into_iter()
        // Shorter ones are other words: لست is no six.
        .chain(["ب", "ل", "ف", "ك"].map(|p| rest.strip_prefix(p).filter(|r| r.chars().nth(2).is_some())))
        .flatten()
        .find_map(|r| find(lexicon, r))
        .map(|found| (found, and))
}

/// The parts of a number as they are read.
#[derive(Default, Clone)]
struct Sum {
    total: i128,
    current: i128,
    last_scale: Option<i128>,
    words: usize,
}

impl Sum {
    /// Takes `word` in; `false` when it does not go on the number.
    fn take(&mut self, word: &Word, and: bool, lexicon: &Lexicon) -> bool {
        let (arabic, no_one_hundred) = (lexicon.arabic, lexicon.no_one_hundred);
        let ones = self.current % 10;
        let below_hundred = self.current % 100;
        let taken = match word {
            Word::And => false,
            Word::Number(v) => self.add(i128::from(*v), and, arabic),
            Word::Ten if (1..10).contains(&below_hundred) => {
                self.current += ones * 9;
                true
            }
            Word::Teen if (1..10).contains(&below_hundred) => {
                self.current += 10;
                true
            }
            Word::Ten | Word::Teen => false,
            Word::Hundred if self.current == 0 => {
                self.current = 100;
                true
            }
            // "un cent" is money.
            Word::Hundred if self.current < 100 && !and && !(no_one_hundred && self.current == 1) => {
                self.current *= 100;
                true
            }
            Word::Hundred => false,
            Word::Scale(s) | Word::Plural(s) => self.scale(s.to_integer().unwrap_or(1), and, arabic),
        };
        if taken {
            self.words += 1;
        }
        taken
    }

    fn add(&mut self, v: i128, and: bool, arabic: bool) -> bool {
        let below_hundred = self.current % 100;
        let fits = match v {
            0 => self.words == 0,
            // French dix-sept, dix-huit, dix-neuf.
            7..10 if below_hundred == 10 => true,
            1..10 => below_hundred == 0 || (below_hundred >= 20 && below_hundred % 10 == 0),
            // French soixante-dix, quatre-vingt-dix; Arabic three-ten.
            10..20 => {
                below_hundred == 0
                    || matches!(below_hundred, 60 | 80)
                    || (arabic && v == 10 && below_hundred < 10 && !and)
            }
            20 if below_hundred == 4 && !arabic => {
                self.current += 76;
                return true;
            }
            20..100 => below_hundred == 0 || (arabic && and && below_hundred < 10),
            100..1000 => self.current == 0,
            _ => self.current == 0 && self.last_scale.is_none_or(|s| v < s),
        };
        // "two five" are two numbers; a part of its own needs something larger before it.
        let first = self.words == 0;
        if !fits || (!first && self.current == 0 && self.last_scale.is_none()) {
            return false;
        }
        if v >= 1000 {
            self.total += v;
            self.last_scale = Some(if v % 1_000_000_000 == 0 {
                1_000_000_000
            } else if v % 1_000_000 == 0 {
                1_000_000
            } else {
                1000
            });
        } else {
            self.current += v;
        }
        true
    }

    fn scale(&mut self, scale: i128, and: bool, arabic: bool) -> bool {
        if self.current == 0 && self.words > 0 {
            // "mil milhões"; "a million and a thousand" in Arabic.
            match self.last_scale {
                Some(last) if scale > last && !and => {
                    let Some(total) = self.total.checked_mul(scale) else { return false };
                    self.total = total;
                }
                Some(last) if scale < last && and => self.total += scale,
                _ => return false,
            }
        } else if self.last_scale.is_some_and(|last| scale >= last) {
            // "dois mil e quinhentos milhões" is one number; larger scales behind larger ones begin another.
            if self.last_scale != Some(1000) || scale == 1000 || arabic {
                return false;
            }
            let Some(total) = (self.total + self.current).checked_mul(scale) else { return false };
            self.total = total;
        } else {
            let Some(part) = self.current.max(1).checked_mul(scale) else { return false };
            self.total += part;
        }
        self.current = 0;
        self.last_scale = Some(scale);
        self.total < 10i128.pow(24)
    }

    fn value(&self) -> i128 {
        self.total + self.current
    }
}

/// Reads the number the words at the start of `text` say. `text` starts with a word.
pub(super) fn read(text: &str, lexicon: &Lexicon) -> Option<Found> {
    let first_len = word_len(text);
    if first_len >= 60 {
        return None;
    }
    let first = fold(&text[..first_len]);
    let mut sum = Sum::default();
    let mut end = 0;
    let mut kind = NumberKind::Plain;
    let mut single_scale = false;
    // "القرن العشرين": with the article it is a place in an order.
    let definite = lexicon.arabic && first.strip_prefix('و').unwrap_or(&first).starts_with("ال");
    if let Some((word, _)) = look_up(lexicon, &first, Lexicon::word) {
        if matches!(word, Word::Plural(_)) || !sum.take(word, false, lexicon) {
            return loose(&first, first_len, lexicon);
        }
        single_scale = matches!(word, Word::Scale(_) | Word::Hundred);
        end = first_len;
    } else if let Some((place, _)) = look_up(lexicon, &first, Lexicon::ordinal) {
        kind = NumberKind::Ordinal;
        end = first_len;
        if place >= 10 || !sum.take(&Word::Number(place), false, lexicon) {
            return found_ordinal(i128::from(place), end);
        }
    }
    if end == 0 {
        return loose(&first, first_len, lexicon);
    }
    // Where a part behind a scale began: it belongs to another number if a scale too large follows it.
    let mut part: Option<(Sum, usize)> = None;
    while sum.words < MOST_WORDS {
        let behind = text[end..].trim_start_matches([' ', '\u{A0}']);
        if lexicon.percent_at(behind).is_some() {
            break;
        }
        let Some((_, mut len, mut word)) = next_word(&text[end..]) else { break };
        let mut and = false;
        if lexicon.word(&word) == Some(&Word::And) {
            let Some((_, more, behind)) = next_word(&text[end + len..]) else { break };
            (len, word, and) = (len + more, behind, true);
            // English joins with "and" only behind a hundred or more: "two and three" are two numbers.
            if sum.value() < 20 {
                break;
            }
        }
        if let Some((next, joined)) = look_up(lexicon, &word, Lexicon::word) {
            if matches!(next, Word::Number(_)) && sum.current == 0 {
                part = Some((sum.clone(), end));
            }
            if !sum.take(next, and || joined, lexicon) {
                if matches!(next, Word::Scale(_) | Word::Plural(_))
                    && let Some((before, there)) = part
                {
                    (sum, end) = (before, there);
                }
                break;
            }
        } else if let Some((place, _)) = look_up(lexicon, &word, Lexicon::ordinal)
            && kind == NumberKind::Plain
            // vingt-deuxième, dix-huitième
            && (sum.value() >= 20 || (lexicon.no_one_hundred && sum.value() == 10 && place >= 7))
            && place < 20
            && sum.take(&Word::Number(place), and, lexicon)
        {
            kind = NumberKind::Ordinal;
            end += len;
            break;
        } else {
            break;
        }
        end += len;
    }
    let value = sum.value();
    if kind == NumberKind::Ordinal && value < 20 {
        return found_ordinal(value, end);
    }
    let round = single_scale || matches!(value, 100 | 1000);
    let small = value <= SMALL || (round && sum.words == 1) || kind == NumberKind::Ordinal || definite;
    Some(Found { len: end, value: Decimal::new(value, 0), alternatives: Vec::new(), kind, small })
}

fn found_ordinal(place: i128, len: usize) -> Option<Found> {
    let value = Decimal::new(place, 0);
    Some(Found { len, value, alternatives: Vec::new(), kind: NumberKind::Ordinal, small: true })
}

/// Decades, and words that say a number in passing.
fn loose(word: &str, len: usize, lexicon: &Lexicon) -> Option<Found> {
    if let Some((decade, _)) = look_up(lexicon, word, Lexicon::decade) {
        let alternatives =
            [0, 1800, 1700, 1600, 1500, 1400].map(|century| Decimal::from(century + decade)).to_vec();
        let value = Decimal::from(1900 + decade);
        return Some(Found { len, value, alternatives, kind: NumberKind::Year, small: true });
    }
    let (values, _) = look_up(lexicon, word, Lexicon::loose)?;
    let (value, rest) = values.split_first()?;
    Some(Found { len, value: *value, alternatives: rest.to_vec(), kind: NumberKind::Loose, small: true })
}

/// The value of a Roman numeral of I, V, X and L, up to 89.
pub(super) fn roman(word: &str) -> Option<u64> {
    if word.is_empty() || word.len() > 7 || !word.bytes().all(|b| b"IVXL".contains(&b)) {
        return None;
    }
    // Few enough to try them all, and only well-formed ones are numerals.
    (1..90).find(|value| canonical(*value) == word)
}

fn canonical(mut value: u64) -> String {
    let mut out = String::new();
    for (worth, sign) in [(50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")] {
        while value >= worth {
            out.push_str(sign);
            value -= worth;
        }
    }
    out
}
