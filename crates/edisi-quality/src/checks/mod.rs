//! What is wrong with a translation, as far as a program can say by laying it beside its source.
//!
//! [`acceptable`] is for engines: whether an output may stand as a translation at all. [`check_segment`] is for
//! editors: what to look at before publishing. Both judge one segment, usually a sentence; neither knows how the
//! translation was made. Examples that pass, fail and sit on the border are in `tests/cases/`, one file a kind.

mod attribution;
pub mod clause;
mod currency;
pub mod denial;
mod ending;
mod language;
mod length;
mod measures;
pub mod names;
mod numbers;
mod opposites;
mod phrases;
mod punctuation;
mod qualifiers;
mod repeat;
mod script;
mod segment;
mod senses;
mod statements;
mod untranslated;
mod wording;
mod zones;

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::Lang;

pub(crate) use length::{density, deviation_of};
pub use names::{NameBook, NameBookError, consistent_names};
use segment::Segment;
pub(crate) use segment::{Token, tokens};
use zones::Zones;

/// Which checks to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOptions {
    /// Compare the numbers and currencies of both sides.
    pub numbers: bool,
    /// Look for people, places and organisations that are lost, swapped or added.
    pub names: bool,
    /// Judge language, script, length and repetition.
    pub form: bool,
    /// Look for clauses, denials, questions, quotations and sources that are lost or added.
    pub statements: bool,
    /// Judge the translation's punctuation.
    pub style: bool,
}

impl Default for CheckOptions {
    fn default() -> CheckOptions {
        CheckOptions { numbers: true, names: true, form: true, statements: true, style: true }
    }
}

/// Why an engine's output cannot stand as a translation.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RejectReason {
    /// There is no text.
    #[error("the translation is empty")]
    Empty,
    /// A phrase is said over and over.
    #[error("the translation repeats `{phrase}`")]
    Loop {
        /// What is repeated.
        phrase: String,
    },
    /// Most letters are not of the language's script.
    #[error("the translation is not written in the script of {expected}")]
    WrongScript {
        /// The language asked for.
        expected: Lang,
    },
    /// It reads as a language that is neither the source's nor the target's.
    #[error("the translation reads as {found}, not {expected}")]
    WrongLanguage {
        /// The language asked for.
        expected: Lang,
        /// The language it seems to be in.
        found: Lang,
    },
    /// Far longer or shorter than translations between the two languages are.
    #[error("the translation has {found} characters where about {expected} were expected")]
    Length {
        /// Characters without white space that a translation of this source usually has.
        expected: usize,
        /// Characters without white space that it has.
        found: usize,
    },
    /// The source over again, or most of it.
    #[error("the translation is still in the language of the source")]
    Untranslated,
}

/// Whether `translation` may stand as a translation of `source`, from the first language of `pair` into the
/// second. Numbers, names and style are not judged.
///
/// # Errors
/// The first defect found, in the order of [`RejectReason`]'s variants.
pub fn acceptable(source: &str, translation: &str, pair: (Lang, Lang)) -> Result<(), RejectReason> {
    let segment = Segment::new(source, translation, pair);
    if segment.target.is_blank() {
        return if segment.source.is_blank() { Ok(()) } else { Err(RejectReason::Empty) };
    }
    if let Some(repeat) = repeat::find(&segment).filter(|r| r.is_loop) {
        return Err(RejectReason::Loop { phrase: repeat.phrase(translation) });
    }
    if untranslated::find(&segment).is_some() {
        return Err(RejectReason::Untranslated);
    }
    if script::mostly_foreign(&segment) {
        return Err(RejectReason::WrongScript { expected: pair.1 });
    }
    if let Some(found) = language::neither(&segment) {
        return Err(RejectReason::WrongLanguage { expected: pair.1, found });
    }
    if let Some(off) = length::find(&segment, length::Band::Reject) {
        return Err(RejectReason::Length { expected: off.expected, found: off.found });
    }
    Ok(())
}

/// What an editor should look at in `translation`, a translation of `source` from the first language of `pair`
/// into the second. Spans are byte ranges into `source` and `translation`.
pub fn check_segment(
    source: &str,
    translation: &str,
    pair: (Lang, Lang),
    options: &CheckOptions,
) -> Vec<Finding> {
    let segment = Segment::new(source, translation, pair);
    if segment.source.is_blank() {
        return Vec::new();
    }
    if segment.target.is_blank() {
        let mut finding =
            Finding::new(FindingKind::SegmentFailed, Severity::Error, "The segment has no translation.");
        finding.source = vec![(0..source.len()).into()];
        return vec![finding];
    }
    let mut findings = Vec::new();
    if options.form {
        findings.extend(form(&segment));
    }
    // A text that is not a translation at all has no numbers worth comparing.
    let is_source = |f: &Finding| f.kind == FindingKind::Untranslated && f.severity == Severity::Error;
    let zones = Zones::of(&segment);
    if options.numbers && !findings.iter().any(is_source) {
        findings.extend(numbers::check(&segment));
        findings.extend(zones.as_ref().and_then(Zones::check));
    }
    let looks = options.names || options.statements;
    let cover = (looks && !findings.iter().any(is_source)).then(|| clause::Cover::of(&segment));
    if options.names
        && let Some(cover) = &cover
    {
        findings.extend(names::check(&segment, cover));
    }
    if (options.statements || options.form) && !findings.iter().any(is_source) {
        let words = statements::Words::new(&segment);
        if let Some(cover) = cover.filter(|_| options.statements) {
            findings.extend(clause::check(&segment, &cover));
            findings.extend(denial::check(&segment, &words, &cover));
            findings.extend(opposites::check(&segment, &words, &cover));
            findings.extend(qualifiers::check(&segment, &cover));
            findings.extend(wording::check(&segment, &words));
            attribution::check(&segment, &words, &mut findings);
        }
        if options.form {
            findings.extend(ending::check(&segment, &words));
        }
    }
    findings.retain(|finding| zones.as_ref().is_none_or(|zones| !zones.explains(finding)));
    if options.style && !findings.iter().any(is_source) {
        findings.extend(punctuation::check(&segment));
    }
    findings
}

fn form(segment: &Segment<'_>) -> Vec<Finding> {
    if let Some(finding) = untranslated::check(segment) {
        return vec![finding];
    }
    let checks = [untranslated::left_over, script::check, language::check, length::check, repeat::check];
    checks.into_iter().filter_map(|check| check(segment)).collect()
}
