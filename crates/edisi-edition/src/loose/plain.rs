//! Lines of text.

use edisi_text::Lang;

use super::{Segment, Unit};
use crate::units;

pub(super) fn read(text: &str, lang: Lang) -> Unit {
    Unit { text: text.to_owned(), segments: units::segment(text, lang, true), keeps: Vec::new() }
}

/// The text with its translations in place; the white space around and between them stays. Where there was none
/// between two sentences and the target needs some, there is a space.
pub(super) fn write(unit: &Unit, segments: &[Segment<'_>], target: Lang) -> String {
    let mut out = String::with_capacity(unit.text.len() * 2);
    let mut at = 0;
    for (range, segment) in unit.segments.iter().zip(segments) {
        let gap = &unit.text[at..range.start];
        if gap.is_empty() && units::needs_space(&out, segment.text, target) {
            out.push(' ');
        }
        out.push_str(gap);
        out.push_str(segment.text);
        at = range.end;
    }
    out.push_str(&unit.text[at..]);
    out
}
