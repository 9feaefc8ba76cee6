use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Something a check noticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is about.
    pub kind: FindingKind,
    /// How much it matters.
    pub severity: Severity,
    /// One sentence for a person.
    pub message: String,
    /// Index of the block in the article it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<usize>,
    /// Index of the segment within the block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<usize>,
    /// Byte ranges into the source text the check was given: block text for findings on an article, segment
    /// text for findings on a segment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<Span>,
    /// Byte ranges into the translation the check was given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub target: Vec<Span>,
    /// What should have been there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// How sure the check is that an editor would agree, 0 to 1; `None` where the check does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// The change that puts it right, where there is only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// A change to a translation: the bytes at `span` become `text`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What is replaced, in the translation the check was given.
    pub span: Span,
    /// What stands there instead.
    pub text: String,
}

impl Finding {
    /// A finding with nothing but its kind, severity and message.
    pub fn new(kind: FindingKind, severity: Severity, message: impl Into<String>) -> Finding {
        Finding {
            kind,
            severity,
            message: message.into(),
            block: None,
            segment: None,
            source: Vec::new(),
            target: Vec::new(),
            expected: None,
            found: None,
            confidence: None,
            fix: None,
        }
    }
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Worth a look before publishing.
    Warning,
    /// Must not be published as it is.
    Error,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FindingKind {
    /// Letters lost or garbled by a wrong character encoding.
    EncodingDamage,
    /// A number of the source is not in the translation.
    NumberMissing,
    /// The translation has a number the source does not have.
    NumberAdded,
    /// An amount is in another currency than in the source.
    CurrencyChanged,
    /// A measure is in another unit than in the source, or a percentage became points.
    UnitChanged,
    /// A date, year, weekday or time of day of the source is not in the translation, or another stands in its place.
    TimeMissing,
    /// The translation has a date, year, weekday or time of day the source does not have.
    TimeAdded,
    /// A person, place or organisation of the source is not in the translation.
    NameMissing,
    /// The translation has a person, place or organisation that the source does not have.
    NameAdded,
    /// Another name stands where the source has this one.
    NameChanged,
    /// A name is rendered one way here, another elsewhere in the article.
    NameInconsistent,
    /// A name is not rendered as the newsroom's name book has it.
    NameBook,
    /// The translation is the source, or still in its language.
    Untranslated,
    /// The translation is in another script than its language is written in.
    WrongScript,
    /// The translation is in a language that is neither the source's nor the one asked for.
    WrongLanguage,
    /// The translation is far longer or shorter than its source.
    LengthOutOfBounds,
    /// The translation says the same thing over and over.
    RepeatedPhrase,
    /// A clause or sentence of the source is not in the translation.
    ClauseMissing,
    /// The translation has a clause or sentence the source does not have.
    ClauseAdded,
    /// A whole sentence of the source has no counterpart in the translation.
    SentenceMissing,
    /// A whole sentence of the translation has no counterpart in the source.
    SentenceAdded,
    /// The source denies something, the translation does not.
    NegationMissing,
    /// The translation denies something, the source does not.
    NegationAdded,
    /// The translation says the opposite of a word of the source: won for lost, a rise for a fall.
    SenseReversed,
    /// A word that says how far something is claimed, such as *former*, *allegedly* or *at least*, is not in the
    /// translation.
    QualifierMissing,
    /// The translation has such a word, the source has not.
    QualifierAdded,
    /// Words quoted in the source are not marked as quoted in the translation, or the other way round.
    QuoteChanged,
    /// Who said it, or which paper or agency reported it, is not in the translation.
    AttributionMissing,
    /// A question became a statement, or the other way round.
    QuestionChanged,
    /// The translation breaks off.
    TruncatedEnd,
    /// Words of the page around the story, such as a link to another one, stand in the text.
    PageChrome,
    /// The glossary's word for a term of the source is not in the translation.
    TermMissing,
    /// The translation uses a word that the glossary forbids.
    TermForbidden,
    /// A term that must stay as it is was changed.
    TermTranslated,
    /// Punctuation is not as the language sets it.
    Punctuation,
    /// The same words of the source are translated one way here, another there.
    InconsistentWording,
    /// The engine gave nothing that can be shown.
    SegmentFailed,
    /// A link or emphasis of the source has no certain place in the translation.
    MarkupNotPlaced,
}

/// What a finding puts in question, for policies and counts that do not name every kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Concern {
    /// How many, how much, of what: numbers, units, currencies.
    Quantity,
    /// When: dates, years, weekdays, times of day.
    Time,
    /// Who and where: people, places, organisations.
    Name,
    /// What is said and by whom: clauses, denials, questions, quotations.
    Statement,
    /// Whether it is a whole text in its language: untranslated, repeated, cut off, far too long or short.
    Form,
    /// How the house writes: terms, punctuation, the same words for the same thing.
    Style,
    /// Everything else.
    Other,
}

impl FindingKind {
    /// What findings of this kind put in question.
    pub fn concern(self) -> Concern {
        match self {
            FindingKind::NumberMissing
            | FindingKind::NumberAdded
            | FindingKind::CurrencyChanged
            | FindingKind::UnitChanged => Concern::Quantity,
            FindingKind::TimeMissing | FindingKind::TimeAdded => Concern::Time,
            FindingKind::NameMissing
            | FindingKind::NameAdded
            | FindingKind::NameChanged
            | FindingKind::NameInconsistent
            | FindingKind::NameBook => Concern::Name,
            FindingKind::ClauseMissing
            | FindingKind::ClauseAdded
            | FindingKind::SentenceMissing
            | FindingKind::SentenceAdded
            | FindingKind::NegationMissing
            | FindingKind::NegationAdded
            | FindingKind::SenseReversed
            | FindingKind::QualifierMissing
            | FindingKind::QualifierAdded
            | FindingKind::QuoteChanged
            | FindingKind::AttributionMissing
            | FindingKind::QuestionChanged => Concern::Statement,
            FindingKind::EncodingDamage
            | FindingKind::Untranslated
            | FindingKind::WrongScript
            | FindingKind::WrongLanguage
            | FindingKind::LengthOutOfBounds
            | FindingKind::RepeatedPhrase
            | FindingKind::TruncatedEnd
            | FindingKind::PageChrome
            | FindingKind::SegmentFailed => Concern::Form,
            FindingKind::TermMissing
            | FindingKind::TermForbidden
            | FindingKind::TermTranslated
            | FindingKind::Punctuation
            | FindingKind::InconsistentWording => Concern::Style,
            _ => Concern::Other,
        }
    }
}

/// A byte range, `start` included, `end` not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl From<Range<usize>> for Span {
    fn from(r: Range<usize>) -> Span {
        Span { start: r.start, end: r.end }
    }
}

impl From<Span> for Range<usize> {
    fn from(s: Span) -> Range<usize> {
        s.start..s.end
    }
}
