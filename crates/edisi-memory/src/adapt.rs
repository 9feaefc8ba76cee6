//! A translation with other numbers.

use edisi_text::number::write;
use edisi_text::{Decimal, Lang, Number, NumberKind, numbers};
use icu_locale_core::Locale;
use icu_plurals::PluralRules;

use crate::unit::{Unit, plain};

/// The translation of `text` by the unit, with the unit's numbers replaced by those of `text`; `None` where that is not
/// sure to be right.
///
/// Both sources must be the same but for numbers of the same kinds, each number that changes must stand once in the
/// unit's source and once in its translation, and no change may ask for another form of the word beside it (one person,
/// two people). A number is written as the one it replaces: script, grouping, signs.
pub fn adapted(text: &str, unit: &Unit) -> Option<String> {
    let (text, source) = (plain(text), plain(&unit.source));
    let (from, to) = unit.pair;
    let (new, old) = (numbers(&text, from), numbers(&source, from));
    if new.is_empty() || new.len() != old.len() || !same_words((&text, &new), (&source, &old)) {
        return None;
    }
    let there = numbers(&unit.target, to);
    let mut changes: Vec<(&Number, String)> = Vec::new();
    for (new, old) in new.iter().zip(&old).filter(|(new, old)| new.raw != old.raw) {
        if new.kind != old.kind || !is_exchangeable(new) || !is_exchangeable(old) {
            return None;
        }
        if numbers_of(&source, from, old.value) != 1 || !same_form(to, new, old) {
            return None;
        }
        let mut places = there.iter().filter(|n| says(n, old.value));
        let (Some(place), None) = (places.next(), places.next()) else { return None };
        changes.push((place, write(new.value, place, to)?));
    }
    changes.sort_by_key(|(place, _)| place.span.start);
    // Two numbers of the source that are one of the translation.
    if changes.is_empty() || changes.windows(2).any(|w| w[0].0.span == w[1].0.span) {
        return None;
    }
    let mut out = unit.target.clone();
    for (place, written) in changes.iter().rev() {
        out.replace_range(place.span.clone(), written);
    }
    Some(out)
}

/// Whether both texts are the same outside their numbers.
fn same_words((a, of_a): (&str, &[Number]), (b, of_b): (&str, &[Number])) -> bool {
    let gaps = |text: &str, numbers: &[Number]| -> Vec<String> {
        let starts = numbers.iter().map(|n| n.span.end);
        let ends = numbers.iter().map(|n| n.span.start).chain([text.len()]);
        std::iter::once(0).chain(starts).zip(ends).map(|(from, to)| text[from..to].to_owned()).collect()
    };
    gaps(a, of_a) == gaps(b, of_b)
}

/// Whether another number may take its place: not part of a name, nor a word that says one in passing, nor a day that
/// changes with the day it is said.
fn is_exchangeable(number: &Number) -> bool {
    let kind = !matches!(number.kind, NumberKind::Loose | NumberKind::Name | NumberKind::RelativeDay);
    kind && !number.is_word_small
}

fn says(number: &Number, value: Decimal) -> bool {
    number.value == value || number.alternatives.contains(&value)
}

fn numbers_of(text: &str, lang: Lang, value: Decimal) -> usize {
    numbers(text, lang).iter().filter(|n| says(n, value)).count()
}

/// Whether what is counted has the same form in `lang` with both numbers.
fn same_form(lang: Lang, new: &Number, old: &Number) -> bool {
    use NumberKind::{DatePart, Month, Score, Time, Weekday, Year};
    if matches!(new.kind, DatePart | Month | Score | Time | Weekday | Year) {
        return true;
    }
    let rules = Locale::try_from_str(&lang.to_string())
        .ok()
        .map(|locale| PluralRules::try_new_cardinal(locale.into()));
    let Some(Ok(rules)) = rules else { return false };
    match (new.value.to_integer().map(u64::try_from), old.value.to_integer().map(u64::try_from)) {
        (Some(Ok(new)), Some(Ok(old))) => rules.category_for(new) == rules.category_for(old),
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Review;

    fn unit(to: Lang, source: &str, target: &str) -> Unit {
        Unit {
            pair: (Lang::ID, to),
            source: source.into(),
            target: target.into(),
            review: Review { by: "sari".into(), at: jiff::Timestamp::UNIX_EPOCH },
            origin: String::new(),
            context: None,
        }
    }

    #[test]
    fn numbers_are_written_as_the_translation_writes_them() {
        let en = unit(
            Lang::EN,
            "Sebanyak 1.250 warga mengungsi pada 12 Januari 2025.",
            "A total of 1,250 residents fled on January 12, 2025.",
        );
        let of = |text| adapted(text, &en);
        assert_eq!(
            of("Sebanyak 9.900 warga  mengungsi pada 30 Maret 2025.").as_deref(),
            Some("A total of 9,900 residents fled on March 30, 2025.")
        );
        let ar = unit(Lang::AR, "Harga naik 25 persen.", "ارتفع السعر بنسبة ٢٥ في المئة.");
        assert_eq!(adapted("Harga naik 35 persen.", &ar).as_deref(), Some("ارتفع السعر بنسبة ٣٥ في المئة."));
        let zh = unit(Lang::ZH, "Tinggi air 120 cm.", "水位为120厘米。");
        assert_eq!(adapted("Tinggi air 80 cm.", &zh).as_deref(), Some("水位为80厘米。"));
    }

    #[test]
    fn what_is_not_sure_is_not_adapted() {
        let cases = [
            // Another word, another mark, another number of numbers, nothing changed.
            ("Ada 12 kapal.", "There are 12 ships.", "Ada 13 perahu."),
            ("Ada 12 kapal.", "There are 12 ships.", "Ada 13 kapal?"),
            ("Ada 12 kapal.", "There are 12 ships.", "Ada 13 dari 14 kapal."),
            ("Ada 12 kapal.", "There are 12 ships.", "Ada 12 kapal."),
            // The number is not in the translation, or twice, or twice in the source.
            ("Ada 12 kapal.", "There are a dozen ships.", "Ada 13 kapal."),
            ("Ada 12 kapal.", "There are 12 ships, 12 in all.", "Ada 13 kapal."),
            ("Dari 12 kapal, 12 tiba.", "Of 12 ships, all arrived.", "Dari 13 kapal, 12 tiba."),
            // Another form of the word, or in words.
            ("Ada 12 kapal.", "There are 12 ships.", "Ada 1 kapal."),
            ("Ada 12 kapal.", "There are twelve ships.", "Ada 13 kapal."),
            // Part of a name.
            ("Pertemuan G20 dibuka.", "The G20 meeting opened.", "Pertemuan G7 dibuka."),
        ];
        for (source, target, text) in cases {
            assert_eq!(adapted(text, &unit(Lang::EN, source, target)), None, "{source} / {text}");
        }
        let ar = unit(Lang::AR, "Ada 12 kapal.", "هناك 12 سفينة.");
        assert_eq!(adapted("Ada 5 kapal.", &ar), None, "another plural");
        assert!(adapted("Ada 14 kapal.", &ar).is_some());
    }
}
