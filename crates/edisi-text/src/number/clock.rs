//! Times of day on the clock of 24 hours.

use crate::Lang;

/// A part of the day that a text names beside a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayPart {
    /// Up to noon: `a.m.`, `pagi`, `午前`.
    Morning,
    /// Around noon: `siang`, `中午`.
    Noon,
    /// From noon to midnight: `p.m.`, `sore`, `午後`.
    Afternoon,
    /// From the evening to the early morning: `malam`, `晚上`.
    Night,
}

impl DayPart {
    /// The part that the number files call `name`.
    pub fn named(name: &str) -> Option<DayPart> {
        Some(match name {
            "morning" => DayPart::Morning,
            "noon" => DayPart::Noon,
            "afternoon" => DayPart::Afternoon,
            "night" => DayPart::Night,
            _ => return None,
        })
    }

    /// The hour from 0 to 23 that `hour`, from 0 to 24, is in this part of the day.
    fn hour(self, hour: u16) -> u16 {
        let later = match self {
            // `17h30 du matin` contradicts itself: whatever the original says, one half of it is wrong.
            DayPart::Morning if hour > 12 => return hour - 12,
            DayPart::Morning => false,
            DayPart::Noon => hour < 5,
            DayPart::Afternoon => hour < 12,
            DayPart::Night => (5..12).contains(&hour),
        };
        let midnight = hour == 12 && matches!(self, DayPart::Morning | DayPart::Night);
        if later {
            hour + 12
        } else if midnight {
            0
        } else {
            hour % 24
        }
    }
}

/// The minutes since midnight of a time of day, where it is sure which half of the day is meant: by the part of the day
/// named beside it, by an hour after 12, or by `is_full`, that the clock of 24 hours is read.
pub(super) fn minutes(hour: u16, minutes: u16, part: Option<DayPart>, is_full: bool) -> Option<u16> {
    let hour = match part {
        Some(part) => part.hour(hour),
        None if is_full || hour == 0 || hour > 12 => hour % 24,
        None => return None,
    };
    Some(hour * 60 + minutes)
}

/// A time of day, in minutes since midnight, as `lang` writes it.
pub fn write_time(time: u16, lang: Lang) -> String {
    let (hour, minute) = (time / 60 % 24, time % 60);
    // Twelve hours, from 12 or from 0 on.
    let twelve = (hour + 11) % 12 + 1;
    let late = hour >= 12;
    let with_minutes = |hour: u16, mark: &str, end: &str| {
        if minute == 0 { format!("{hour}{mark}") } else { format!("{hour}{mark}{minute}{end}") }
    };
    match lang.code() {
        "id" => format!("{hour:02}.{minute:02}"),
        "fr" if minute == 0 => format!("{hour}\u{a0}h"),
        "fr" => format!("{hour}\u{a0}h\u{a0}{minute:02}"),
        "pt" if minute == 0 => format!("{hour}h"),
        "pt" => format!("{hour}h{minute:02}"),
        "ar" => format!("{twelve}:{minute:02} {}", if late { "مساءً" } else { "صباحًا" }),
        "zh" => {
            let part = match hour {
                0..6 => "凌晨",
                6..12 => "上午",
                12 => "中午",
                13..18 => "下午",
                _ => "晚上",
            };
            format!("{part}{}", with_minutes(if hour == 0 { 0 } else { twelve }, "时", "分"))
        }
        "ja" => {
            format!("{}{}", if late { "午後" } else { "午前" }, with_minutes(hour % 12, "時", "分"))
        }
        _ => {
            let half = if late { "p.m." } else { "a.m." };
            if minute == 0 { format!("{twelve} {half}") } else { format!("{twelve}:{minute:02} {half}") }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers;

    /// The times of a text on the clock of 24 hours, `?` where the half of the day is open.
    fn clock(text: &str, lang: Lang) -> String {
        let times = numbers(text, lang).into_iter().filter(|n| n.kind == crate::NumberKind::Time);
        let shown = |time: Option<u16>| time.map_or("?".into(), |t| format!("{}:{:02}", t / 60, t % 60));
        times.map(|n| shown(n.clock)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn halves_of_the_day_are_read() {
        for (lang, text, want) in [
            (Lang::ID, "sejak pukul 05.00.", "5:00"),
            (Lang::ID, "pukul 20.30 WIB, pukul 8.30", "20:30 ?"),
            (
                Lang::ID,
                "pukul 5.15 sore, pukul 10 malam, pukul 1 siang, pukul 11 siang",
                "17:15 22:00 13:00 11:00",
            ),
            (Lang::ID, "Rapat pada Senin sore dibuka pukul 05.00.", "?"),
            (Lang::ID, "pukul 01.15 dini hari, pukul 24.00", "1:15 0:00"),
            (Lang::EN, "at 5 p.m., 5:30am, 12:15 a.m. and 12 pm", "17:00 5:30 0:15 12:00"),
            (Lang::EN, "at 5:30 in the morning, at 9:30", "5:30 ?"),
            (Lang::ZH, "下午5点30分，晚上8时，凌晨2时，中午12时", "17:30 20:00 2:00 12:00"),
            (Lang::JA, "午後0時30分、午前0時、夜8時、17時", "12:30 0:00 20:00 17:00"),
            (Lang::AR, "الساعة 5:30 مساءً، الساعة 7:00 صباحا", "17:30 7:00"),
            (Lang::FR, "à 9h30, à 9h30 du soir, à 17h", "? 21:30 17:00"),
            (
                Lang::FR,
                "vers 5 heures du matin, à 8 heures du soir, vers 10 heures, heure locale",
                "5:00 20:00 ?",
            ),
            (Lang::FR, "à 17h30 du matin, dix heures", "5:30"),
            (Lang::PT, "às 5h da tarde, às 23h", "17:00 23:00"),
        ] {
            assert_eq!(clock(text, lang), want, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for lang in Lang::EDITIONS.into_iter().chain([Lang::PT]) {
            for time in [0, 5, 5 * 60, 9 * 60 + 30, 12 * 60, 12 * 60 + 45, 13 * 60, 17 * 60 + 5, 23 * 60 + 59]
            {
                let written = write_time(time, lang);
                let said = if lang == Lang::ID { format!("pukul {written}") } else { written };
                let read = numbers(&said, lang);
                let [number] = &read[..] else { panic!("{said}: {read:?}") };
                // A bare `5 h` or `12.00` leaves the half of the day open.
                assert!(number.clock.is_none_or(|clock| clock == time), "{said}: {number:?}");
                let open = [Lang::FR, Lang::PT].contains(&lang) || (lang, time / 60) == (Lang::ID, 12);
                assert!(number.clock.is_some() || open, "{said}");
            }
        }
    }
}
