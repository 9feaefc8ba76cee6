//! Numbers of human translations: how often they seem to differ, and how often a changed one is noticed.
//!
//! FLORES-101 dev, 997 segments a language. Prints one line of key=value pairs a language pair.
#![cfg(feature = "accept")]

mod shared;

use edisi_text::number::differences;
use edisi_text::{Lang, numbers};

fn pair(from: &str, to: &str) -> (Lang, Lang, Vec<(String, String)>) {
    let (a, b) =
        (shared::read(&format!("eval/flores-dev.{from}")), shared::read(&format!("eval/flores-dev.{to}")));
    let lines = a.lines().map(str::to_owned).zip(b.lines().map(str::to_owned)).collect();
    (from.parse().unwrap(), to.parse().unwrap(), lines)
}

/// At most 2 % of the segments: a human translator changes a number (miles to kilometres) in about 1 %.
#[test]
fn human_translations_seldom_differ() {
    for (from, to) in [
        ("id", "en"),
        ("id", "fr"),
        ("id", "zh"),
        ("id", "ja"),
        ("id", "ar"),
        ("en", "id"),
        ("fr", "id"),
        ("zh", "id"),
        ("ja", "id"),
        ("ar", "id"),
        ("en", "pt"),
    ] {
        let (a, b, lines) = pair(from, to);
        let differ = |(s, t): &&(String, String)| !differences(&numbers(s, a), &numbers(t, b)).is_empty();
        let flagged = lines.iter().filter(differ).count();
        let share = flagged as f64 / lines.len() as f64;
        println!("test=numbers pair={from}-{to} segments={} flagged={flagged} share={share:.4}", lines.len());
        // Two in a hundred for numbers, and half of one for months, weekdays and days that one side leaves out.
        assert!(share <= 0.025, "{from}-{to}: {share}");
    }
}

/// One digit of the translation changed, or one zero more: noticed nearly always.
#[test]
fn changed_digits_are_noticed() {
    for (to, least) in [("en", 0.97), ("fr", 0.97), ("zh", 0.97), ("ja", 0.9), ("ar", 0.97)] {
        let (a, b, lines) = pair("id", to);
        let (mut changed, mut noticed) = (0, 0);
        for (source, target) in &lines {
            let wanted = numbers(source, a);
            if !differences(&wanted, &numbers(target, b)).is_empty() {
                continue;
            }
            for (at, digit) in target.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
                let other = char::from(b'0' + (digit as u8 - b'0' + 1 + (at % 8) as u8) % 10);
                let wrong = format!("{}{other}{}", &target[..at], &target[at + 1..]);
                changed += 1;
                noticed += usize::from(!differences(&wanted, &numbers(&wrong, b)).is_empty());
            }
        }
        let recall = noticed as f64 / changed as f64;
        println!("test=numbers pair=id-{to} changed_digits={changed} noticed={noticed} recall={recall:.4}");
        assert!(recall >= least, "id-{to}: {recall}");
    }
}
