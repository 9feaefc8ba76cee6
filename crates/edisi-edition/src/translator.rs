//! What an engine is to the rest of Edisi: segments in, drafts out.
//!
//! An engine knows nothing of articles, caches or files. It is handed a [`Batch`] of segments, each with its
//! own language pair, so that all editions of an article are decoded side by side, and gives one [`Draft`]
//! per segment. What it cannot translate it says so in [`Draft::failed`]; it never makes something up to
//! fill the place.

mod error;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use edisi_article::Span;
use edisi_text::{Lang, substituted};
use serde::{Deserialize, Serialize};

pub use error::{EngineError, EngineErrorKind};

/// A source and a target language. Its text form is `id-en`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pair {
    /// The language translated from.
    pub source: Lang,
    /// The language translated into.
    pub target: Lang,
}

impl Pair {
    /// The pair from `source` to `target`.
    pub fn new(source: Lang, target: Lang) -> Pair {
        Pair { source, target }
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.source.code(), self.target.code())
    }
}

/// How good an installed model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Gives the gist; every sentence needs an editor.
    Draft,
    /// A translation model made and measured for its pair.
    Production,
}

impl From<edisi_models::Tier> for Tier {
    fn from(tier: edisi_models::Tier) -> Tier {
        match tier {
            edisi_models::Tier::Draft => Tier::Draft,
            edisi_models::Tier::Production => Tier::Production,
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Tier::Draft => "draft",
            Tier::Production => "production",
        })
    }
}

/// Everything that decides what an engine says: two engines with equal identities give equal drafts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EngineId {
    /// The program: `edisi-llm`.
    pub engine: String,
    /// Its version; raised whenever its output can change.
    pub engine_version: String,
    /// The model's name as installed.
    pub model: String,
    /// SHA-256 of the model file, hexadecimal.
    pub model_hash: String,
    /// How good the model is.
    pub tier: Tier,
    /// The terms the model is under.
    pub licence: String,
    /// Settings that change output, in a fixed text form.
    pub settings: String,
}

/// One text to translate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Item {
    /// From which language into which.
    pub pair: Pair,
    /// The segment. Never empty; may contain newlines.
    pub text: String,
    /// The segments before it in the same document, nearest last, at most [`Translator::context_segments`].
    pub context: Vec<String>,
    /// Which document of the batch it belongs to.
    pub document: u32,
    /// What must hold in its draft.
    pub constraints: Constraints,
}

impl Item {
    /// The text with the words whose translation is given already translated: Song et al. 2019, *Code-Switching for
    /// Enhancing NMT with Pre-Specified Translation*. The built-in model is trained on such texts (`training/forms.py`).
    pub fn with_terms(&self) -> String {
        let terms = self.constraints.terms.iter();
        substituted(&self.text, terms.map(|term| (term.source.start..term.source.end, &term.target)))
    }
}

/// What must hold in a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Constraints {
    /// Words whose translation is given, in order and without overlaps. Empty for engines with [`Terms::Unheard`].
    pub terms: Vec<Wanted>,
    /// Words, in the target language, that should be in the draft and that an earlier one lost. Empty in a first try.
    pub lost: Vec<String>,
}

/// What an engine does with [`Constraints::terms`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    /// Nothing; it is not told of them, and the checks say afterwards what is missing.
    Unheard,
    /// It puts the given words where they are asked for.
    Placed,
    /// It reads the given words in the place of those of the source, and as a rule takes them over. Such an engine is
    /// also given the [established forms](edisi_text::established) of names, dates, quantities and terms.
    Read,
}

/// Words whose translation is given.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// Their bytes in [`Item::text`].
    pub source: Span,
    /// What must stand for them; the words themselves where they are to stay.
    pub target: String,
}

/// Segments to translate in one call.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The segments, of any documents and pairs.
    pub items: Vec<Item>,
}

impl Batch {
    /// Whether `engine` can translate every item's pair.
    ///
    /// # Errors
    /// [`EngineErrorKind::Unsupported`], naming the first pair that it cannot.
    pub(crate) fn check_supported(&self, engine: &dyn Translator) -> Result<(), EngineError> {
        match self.items.iter().find(|item| !engine.supports(item.pair)) {
            None => Ok(()),
            Some(item) => {
                let message = format!("model `{}` does not translate {}", engine.id().model, item.pair);
                Err(EngineError::new(EngineErrorKind::Unsupported, message))
            }
        }
    }
}

/// When to stop before the work is done.
#[derive(Debug, Clone, Copy, Default)]
pub struct Control<'a> {
    /// After this instant unfinished segments fail with [`FailureReason::Deadline`].
    pub deadline: Option<Instant>,
    /// Once true, the call ends with [`EngineErrorKind::Cancelled`].
    pub cancel: Option<&'a AtomicBool>,
}

impl Control<'_> {
    /// Whether someone asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_some_and(|c| c.load(Ordering::Relaxed))
    }

    /// Whether the time is up.
    pub fn is_past_deadline(&self) -> bool {
        self.deadline.is_some_and(|d| Instant::now() >= d)
    }
}

/// What an engine reports while it works.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// Model files are being read and checked.
    Loading,
    /// The model is ready.
    Loaded,
    /// Item `index` of the batch is finished.
    Done {
        /// Index into [`Batch::items`].
        index: usize,
        /// Its final draft, the same that the call returns.
        draft: &'a Draft,
    },
}

/// How sure the engine was of one token: the natural logarithm of its probability, and the distance to the
/// runner-up's. Rounded to thousandths, so that the value is the same however it was stored.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "(f32, f32)", into = "(f32, f32)")]
pub struct TokenScore {
    /// Natural logarithm of the token's probability, at most 0.
    pub logprob: f32,
    /// `logprob` minus that of the second-best token, at least 0 when decoding greedily.
    pub margin: f32,
}

impl TokenScore {
    /// A score, rounded; what is not a number counts as certain failure (-1000).
    pub fn new(logprob: f32, margin: f32) -> TokenScore {
        TokenScore { logprob: thousandths(logprob), margin: thousandths(margin) }
    }
}

fn thousandths(x: f32) -> f32 {
    let x = if x.is_nan() { -1000.0 } else { x.clamp(-1000.0, 1000.0) };
    (f64::from(x) * 1000.0).round() as f32 / 1000.0
}

impl From<(f32, f32)> for TokenScore {
    fn from((logprob, margin): (f32, f32)) -> TokenScore {
        TokenScore::new(logprob, margin)
    }
}

impl From<TokenScore> for (f32, f32) {
    fn from(s: TokenScore) -> (f32, f32) {
        (s.logprob, s.margin)
    }
}

/// How sure the engine was of one word of the draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WordScore {
    /// The word's bytes in [`Draft::text`].
    pub target: Span,
    /// Sum of its tokens' log-probabilities.
    pub logprob: f32,
}

/// A word of the draft and the source words it came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alignment {
    /// Bytes in [`Draft::text`].
    pub target: Span,
    /// Bytes in [`Item::text`].
    pub source: Span,
    /// Weight of the link, 0 to 1.
    pub weight: f32,
}

/// Why decoding of a segment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FinishReason {
    /// The engine said that the translation is complete.
    Stop,
    /// The length limit cut it off.
    Length,
    /// It repeated itself and was cut off.
    Loop,
    /// There was nothing to translate (numbers, addresses): the source was copied.
    Copied,
    /// Time ran out.
    Deadline,
    /// No engine was asked: the translation is from the site's memory.
    Memory,
}

/// Why a segment has no usable translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FailureReason {
    /// The engine said nothing.
    Empty,
    /// It repeated itself.
    Loop,
    /// It is in another script or language than asked for.
    WrongScript,
    /// It is the source over again.
    Untranslated,
    /// It is far too long or too short, or was cut off.
    Length,
    /// Time ran out before it was translated.
    Deadline,
    /// The segment is longer than the engine can take in.
    TooLong,
    /// Any other reason the checks gave.
    Unacceptable,
}

/// A segment without a usable translation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What went wrong.
    pub reason: FailureReason,
    /// One sentence for an editor.
    pub message: String,
}

/// What an engine made of one segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The translation; what the engine said, for diagnosis, when `failed` is set.
    pub text: String,
    /// One score per token, in order; empty where the engine has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<TokenScore>,
    /// One score per word, where the engine has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Vec<WordScore>>,
    /// Which words came from which, where the engine knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alignment: Option<Vec<Alignment>>,
    /// Why decoding ended.
    pub finish: FinishReason,
    /// Why the text must not be shown as a translation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Failure>,
    /// What else the engine would have said, the likelier first; empty for engines that follow one hypothesis.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
}

/// Another translation than the one an engine chose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// The translation.
    pub text: String,
    /// One score per token, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<TokenScore>,
}

impl Alternative {
    /// It as a draft of its own.
    pub(crate) fn draft(&self) -> Draft {
        Draft { tokens: self.tokens.clone(), finish: FinishReason::Stop, ..Draft::copied(&self.text) }
    }
}

impl Draft {
    /// The source itself, for segments with nothing to translate.
    pub fn copied(text: impl Into<String>) -> Draft {
        Draft {
            text: text.into(),
            tokens: Vec::new(),
            words: None,
            alignment: None,
            finish: FinishReason::Copied,
            failed: None,
            alternatives: Vec::new(),
        }
    }

    /// A segment that ran out of time.
    pub fn out_of_time() -> Draft {
        let failed = Failure {
            reason: FailureReason::Deadline,
            message: "there was no time left to translate it".into(),
        };
        Draft { finish: FinishReason::Deadline, failed: Some(failed), ..Draft::copied("") }
    }

    /// Mean log-probability of its tokens; `None` without scores.
    pub fn mean_logprob(&self) -> Option<f32> {
        let sum: f64 = self.tokens.iter().map(|t| f64::from(t.logprob)).sum();
        (!self.tokens.is_empty()).then(|| thousandths((sum / self.tokens.len() as f64) as f32))
    }

    /// The least sure token's log-probability; `None` without scores.
    pub fn min_logprob(&self) -> Option<f32> {
        self.tokens.iter().map(|t| t.logprob).reduce(f32::min)
    }
}

/// A translation engine with a model.
///
/// The same item gives the same draft whatever else is in the batch and however many threads there are.
pub trait Translator: Send + Sync {
    /// Who it is; cheap, and known before any model file is read.
    fn id(&self) -> &EngineId;

    /// Whether it can translate this pair directly.
    fn supports(&self, pair: Pair) -> bool;

    /// Whether it measured better on this pair in two steps through English than directly.
    fn better_through_english(&self, _pair: Pair) -> bool {
        false
    }

    /// How many preceding segments it looks at.
    fn context_segments(&self) -> usize {
        0
    }

    /// What it does with words whose translation is given.
    fn terms(&self) -> Terms {
        Terms::Unheard
    }

    /// Translates every item; the result has one draft per item, in order.
    ///
    /// `progress` hears of each item as soon as it is finished, in any order, so that the work done is kept
    /// when the rest is cancelled.
    ///
    /// # Errors
    /// When nothing can be translated at all: no model, a damaged model, a pair it does not support, or
    /// [`EngineErrorKind::Cancelled`]. A segment that goes wrong is a draft with [`Draft::failed`] set.
    fn translate(
        &self,
        batch: &Batch,
        control: &Control<'_>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Vec<Draft>, EngineError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_words_stand_in_the_place_of_the_source_s() {
        let text = "Presiden Kazakhstan tiba Kamis.".to_owned();
        let terms = [(9..19, "哈萨克斯坦"), (25..30, "周四")];
        let terms = terms.map(|(source, target)| Wanted { source: source.into(), target: target.into() });
        let constraints = Constraints { terms: terms.into(), ..Constraints::default() };
        let item =
            Item { pair: Pair::new(Lang::ID, Lang::ZH), text, context: Vec::new(), document: 0, constraints };
        assert_eq!(item.with_terms(), "Presiden 哈萨克斯坦 tiba 周四.");
    }

    #[test]
    fn scores_survive_storage_bit_for_bit() {
        let mut x = 0x2545_f491_u32;
        for _ in 0..10_000 {
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            let score = TokenScore::new(-(x as f32) / 1e8, (x >> 3) as f32 / 1e7);
            let back: TokenScore = serde_json::from_str(&serde_json::to_string(&score).unwrap()).unwrap();
            assert_eq!(score.logprob.to_bits(), back.logprob.to_bits());
            assert_eq!(score.margin.to_bits(), back.margin.to_bits());
        }
        assert_eq!(TokenScore::new(f32::NAN, f32::INFINITY), TokenScore { logprob: -1000.0, margin: 1000.0 });
    }

    #[test]
    fn mean_and_minimum() {
        let mut draft = Draft::copied("a b");
        assert_eq!((draft.mean_logprob(), draft.min_logprob()), (None, None));
        draft.tokens = vec![TokenScore::new(-0.5, 1.0), TokenScore::new(-1.5, 0.1)];
        assert_eq!((draft.mean_logprob(), draft.min_logprob()), (Some(-1.0), Some(-1.5)));
    }
}
