//! Quantities in text: where they stand and what they say, exactly.
//!
//! Digits of several scripts with the grouping and decimal marks of the language, scale words, numbers in
//! words, Han numerals, dates, times of day. The words are in `data/number/<lang>.txt`, the cases in
//! `tests/number/<lang>.txt`.
//!
//! [`numbers`] finds them, [`differences`] says which of a source are missing from its translation.

mod amount;
mod clock;
mod compare;
mod decimal;
mod digits;
mod han;
mod lexicon;
mod rewrite;
mod scan;
pub mod unit;
mod words;
mod write;

use std::ops::Range;

use crate::Lang;

pub use clock::write_time;
pub use compare::{Differences, differences, may_be_equal};
pub use decimal::Decimal;
pub use rewrite::rewrite;
pub use write::write;

/// What a number counts or names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberKind {
    /// A quantity.
    Plain,
    /// A percentage; the value is what stands before the sign.
    Percent,
    /// A place in an order: `21st`, `ke-21`, `第21`.
    Ordinal,
    /// A time of day. The value is the hour plus the minutes as hundredths (`9.30` for half past nine).
    Time,
    /// A day of the month, or a part of a date in digits.
    DatePart,
    /// A month by its name, or a numbered one (`3月`): 1 to 12.
    Month,
    /// A day of the week, 1 for Monday to 7 for Sunday.
    Weekday,
    /// A day said from today: -1 for yesterday, 0, 1 for tomorrow.
    RelativeDay,
    /// A year or decade.
    Year,
    /// An amount with a currency sign or code.
    Currency,
    /// One side of a score, `2–1`.
    Score,
    /// One end of a range, `120–160`.
    Range,
    /// Said in passing, by a word that is not a numeral: `twice`, `dozen`, `half`, `decade`.
    Loose,
    /// Digits inside a name (`G20`, `COVID-19`, `Su-27`). The value is that of its first digits.
    Name,
}

/// A number found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
    /// As it is written.
    pub raw: String,
    /// What it says; signs are not read, `-5` is 5.
    pub value: Decimal,
    /// What else it could say: the other reading of `9.900`, the other half of the day for a time, the whole
    /// year for `'90s` and the second year of `1939–45`.
    pub alternatives: Vec<Decimal>,
    /// Its only mark could group digits as well as mark decimals; `value` is what the language means by it, the
    /// first of `alternatives` the other reading.
    pub is_ambiguous: bool,
    /// What it counts or names.
    pub kind: NumberKind,
    /// A time of day in minutes since midnight, where it is sure which half of the day is meant.
    pub clock: Option<u16>,
    /// Written in words only.
    pub is_word: bool,
    /// A word that says a small number or says it in passing (`one`, `first`, `May`, `dozen`, `thousand` on its
    /// own, Japanese `1つ`): a translation may well do without it.
    pub is_word_small: bool,
}

/// The numbers of `text`, in order; spans do not overlap.
///
/// Takes time linear in the length of `text`. Digit runs too long for a quantity (over 30) are left out.
pub fn numbers(text: &str, lang: Lang) -> Vec<Number> {
    scan::Scanner::new(text, lang).run()
}
