//! What two numbers that stand together say of each other.

use super::super::{Decimal, Number, NumberKind};
use super::Scanner;

/// What stands between the two ends of a range.
#[rustfmt::skip]
const RANGE_WORDS: [&str; 20] = [
    "-", "–", "—", "‑", "~", "〜", "～", "－", "to", "or", "sampai", "hingga", "atau", "à", "ou", "a", "إلى", "至", "到", "から",
];

/// Whether the trimmed `between` makes a range of the numbers around it.
pub(in crate::number) fn joins(between: &str) -> bool {
    RANGE_WORDS.contains(&between)
}

impl Scanner<'_> {
    /// Looks at each two numbers that stand together: scores, ranges, and what one says of the other.
    pub(super) fn relate(&mut self) {
        self.date_days();
        for i in 1..self.out.len() {
            let (head, tail) = self.out.split_at_mut(i);
            let (a, b) = (&mut head[i - 1], &mut tail[0]);
            let between = &self.text[a.span.end..b.span.start];
            if between.len() > 24 {
                continue;
            }
            if joins(between.trim()) {
                range(a, b, between);
            } else if b.kind == NumberKind::Loose {
                quantified(a, b, between);
            }
        }
    }
}

/// The two ends of a range, or the two sides of a score.
fn range(a: &mut Number, b: &mut Number, between: &str) {
    let whole = |n: &Number| n.value.to_integer().filter(|v| (0..10_000).contains(v));
    let plain = |n: &Number| matches!(n.kind, NumberKind::Plain | NumberKind::Range);
    // "2–3 juta", "deux à trois millions": the scale holds for both.
    let (_, power) = b.value.parts();
    if power >= 3
        && a.value < Decimal::from(1000)
        && b.value > a.value
        && b.raw.chars().any(char::is_alphabetic)
    {
        let scales = [3, 4, 6, 8, 9, 12].map(|p| Decimal::new(1, p));
        a.alternatives
            .extend(scales.iter().filter_map(|s| a.value.checked_mul(*s)).filter(|v| *v <= b.value));
    }
    if between.trim().chars().any(char::is_alphanumeric) {
        return;
    }
    let tight = between.trim().len() == between.len();
    match (whole(a), whole(b)) {
        (Some(x), Some(y)) if (1000..2200).contains(&x) && a.raw.len() == 4 && y < 100 && x % 100 < y => {
            b.alternatives.push(Decimal::new(x / 100 * 100 + y, 0));
            (a.kind, b.kind) = (NumberKind::Year, NumberKind::Year);
        }
        (Some(x), Some(y)) if tight && plain(a) && plain(b) && x < 100 && y <= x => {
            (a.kind, b.kind) = (NumberKind::Score, NumberKind::Score);
            for n in [a, b] {
                n.is_word_small &= n.is_word;
            }
        }
        _ => {
            for n in [a, b] {
                if n.kind == NumberKind::Plain {
                    n.kind = NumberKind::Range;
                }
            }
        }
    }
}

/// "two decades", "two dozen", "1時間半": the word behind counts in tens, dozens, hundreds, or adds a half.
fn quantified(a: &mut Number, b: &Number, between: &str) {
    if a.kind != NumberKind::Plain || between.contains(|c: char| c.is_ascii_punctuation() && c != '-') {
        return;
    }
    let half = Decimal::new(5, -1);
    let value = if b.value == half {
        a.value.checked_add(half)
    } else if matches!(between, " " | "-" | "\u{A0}") && b.value >= Decimal::from(10) {
        a.value.checked_mul(b.value)
    } else {
        None
    };
    if a.is_word_small && value.is_some() {
        a.kind = NumberKind::Loose;
    }
    a.alternatives.extend(value);
}
