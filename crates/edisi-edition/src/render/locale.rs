//! Dates and numbers as the reader's language writes them (CLDR, by ICU4X).

use icu_calendar::Gregorian;
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::{YMD, zone::LocalizedOffsetShort};
use icu_datetime::input::{Date, ZonedDateTime};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::Locale;
use icu_time::zone::UtcOffset;

use super::furniture::Furniture;

/// A date, or date and time with its offset, in words: `8 Januari 2022 pukul 10.30 WIB`.
///
/// Reads RFC 3339 and plain dates; any other text comes back as it is.
pub(super) fn date(stamp: &str, furniture: &Furniture) -> String {
    let stamp = stamp.trim();
    date_time(stamp, furniture).or_else(|| date_only(stamp, furniture)).unwrap_or_else(|| stamp.to_owned())
}

/// Whether this is a date and time as RFC 3339 writes it.
pub(super) fn is_date_time(stamp: &str) -> bool {
    ZonedDateTime::<Gregorian, UtcOffset>::try_offset_only_from_str(stamp, Gregorian).is_ok()
        && stamp.contains(':')
}

fn date_time(stamp: &str, furniture: &Furniture) -> Option<String> {
    let stamp = ZonedDateTime::<Gregorian, UtcOffset>::try_offset_only_from_str(stamp, Gregorian).ok()?;
    let offset = stamp.zone.to_seconds();
    let key = format!(
        "{}{:02}:{:02}",
        if offset < 0 { '-' } else { '+' },
        offset.abs() / 3600,
        offset.abs() / 60 % 60
    );
    let prefs = locale(furniture).into();
    let Some(zone) = furniture.zones.get(&key) else {
        let fields = YMD::long().with_time_hm().with_zone(LocalizedOffsetShort);
        let formatter = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(prefs, fields).ok()?;
        return Some(formatter.format(&stamp).to_string());
    };
    let formatter =
        FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(prefs, YMD::long().with_time_hm()).ok()?;
    Some(format!("{} {zone}", formatter.format(&stamp)))
}

fn date_only(stamp: &str, furniture: &Furniture) -> Option<String> {
    let date = Date::try_from_str(stamp, Gregorian).ok()?;
    let formatter =
        FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(locale(furniture).into(), YMD::long())
            .ok()?;
    Some(formatter.format(&date).to_string())
}

/// A count with the grouping marks of the language.
pub(super) fn count(n: usize, furniture: &Furniture) -> String {
    match DecimalFormatter::try_new(locale(furniture).into(), Default::default()) {
        Ok(formatter) => formatter.format(&Decimal::from(n)).to_string(),
        Err(_) => n.to_string(),
    }
}

fn locale(furniture: &Furniture) -> Locale {
    furniture.lang.to_string().parse().unwrap_or(Locale::UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use edisi_text::Lang;

    #[test]
    fn dates_follow_the_language() {
        for (lang, want) in [
            (Lang::ID, "8 Januari 2022 pukul 10.30 WIB"),
            (Lang::EN, "January 8, 2022 at 10:30\u{202f}AM GMT+7"),
            (Lang::ZH, "2022年1月8日 GMT+7 10:30"),
            (Lang::JA, "2022年1月8日 10:30 GMT+7"),
            (Lang::AR, "8 يناير 2022 في 10:30 ص غرينتش\u{200e}+7"),
            (Lang::FR, "8 janvier 2022 à 10:30 UTC+7"),
            (Lang::PT, "8 de janeiro de 2022 às 10:30 +7 GMT"),
        ] {
            assert_eq!(date("2022-01-08T10:30:00+07:00", Furniture::of(lang)), want);
        }
    }

    #[test]
    fn dates_without_a_time_and_other_texts() {
        let indonesian = Furniture::of(Lang::ID);
        assert_eq!(date("2022-01-08", indonesian), "8 Januari 2022");
        assert_eq!(date("2022-01-08T03:30:00Z", indonesian), "8 Januari 2022 pukul 03.30 GMT");
        for text in ["", "kemarin", "2022-13-45", "2022-01-08T99:00:00+07:00", "<b>"] {
            assert_eq!(date(text, indonesian), text);
        }
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!(count(12345, Furniture::of(Lang::ID)), "12.345");
        assert_eq!(count(12345, Furniture::of(Lang::FR)), "12\u{202f}345");
    }
}
