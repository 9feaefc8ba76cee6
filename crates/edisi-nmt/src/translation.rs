//! What the engine gives for a text.

use std::ops::Range;

/// Why decoding ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Finish {
    /// The model said that the translation is complete.
    Stop,
    /// The limit on its length cut it off.
    Length,
    /// Time ran out.
    Deadline,
    /// The caller asked to stop.
    Cancelled,
}

/// One token of a translation.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// Its bytes in [`Translation::text`]; tokens that spell one character between them share its range.
    pub span: Range<usize>,
    /// Natural logarithm of its probability among the tokens that could have been chosen.
    pub logprob: f32,
    /// Its logit minus that of the next best token.
    pub margin: f32,
    /// Whether a word begins with it, in scripts that put spaces between words.
    pub begins_word: bool,
    /// Which of [`Translation::links`] are its own.
    pub links: Range<usize>,
}

/// How much a target token looked at a part of the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The source token's bytes in the caller's text.
    pub source: Range<usize>,
    /// Share of the attention, from [`MIN_LINK`] to 1.
    pub weight: f32,
}

/// Attention below this is not reported.
pub const MIN_LINK: f32 = 0.02;

/// A word of a translation and how sure the model was of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// Its bytes in [`Translation::text`].
    pub span: Range<usize>,
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Sum of its tokens' log-probabilities.
    pub logprob: f32,
}

/// A text in the target language.
#[derive(Debug, Clone, PartialEq)]
pub struct Translation {
    /// The translation; as far as it got when `finish` is not [`Finish::Stop`].
    pub text: String,
    /// Its tokens, in order.
    pub tokens: Vec<Token>,
    /// Soft alignment: for each token what it looked at, after the first attention head of the last decoder layer,
    /// which these models train on word alignments.
    pub links: Vec<Link>,
    /// Why it ended: the first reason that is not [`Finish::Stop`] where it was translated in several parts.
    pub finish: Finish,
    /// Into how many parts the text was cut because it was too long for the model; 1 if it was not.
    pub parts: usize,
}

impl Translation {
    pub(crate) fn empty() -> Translation {
        Translation {
            text: String::new(),
            tokens: Vec::new(),
            links: Vec::new(),
            finish: Finish::Stop,
            parts: 1,
        }
    }

    /// Mean log-probability of the tokens; `None` when there are none.
    pub fn mean_logprob(&self) -> Option<f32> {
        let sum: f64 = self.tokens.iter().map(|t| f64::from(t.logprob)).sum();
        (!self.tokens.is_empty()).then(|| (sum / self.tokens.len() as f64) as f32)
    }

    /// The least probable token's log-probability; `None` when there are none.
    pub fn min_logprob(&self) -> Option<f32> {
        self.tokens.iter().map(|t| t.logprob).reduce(f32::min)
    }

    /// Its words: tokens up to the next that begins one. In scripts without spaces these are longer runs.
    pub fn words(&self) -> Vec<Word> {
        let mut words: Vec<Word> = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            match words.last_mut() {
                Some(word) if !token.begins_word => {
                    word.span.end = word.span.end.max(token.span.end);
                    word.tokens.end = at + 1;
                    word.logprob += token.logprob;
                }
                _ => {
                    words.push(Word { span: token.span.clone(), tokens: at..at + 1, logprob: token.logprob })
                }
            }
        }
        // A token that begins a word may hold the space before it.
        for word in &mut words {
            let text = &self.text[word.span.clone()];
            word.span.start += text.len() - text.trim_start().len();
        }
        words.retain(|w| !w.span.is_empty());
        words
    }

    /// The links of one token.
    pub fn links_of(&self, token: &Token) -> &[Link] {
        &self.links[token.links.clone()]
    }

    /// Adds a part that was translated alone, with `gap` between what is there and it.
    pub(crate) fn append(&mut self, gap: &str, part: Translation) {
        self.text.push_str(gap);
        let (text, links) = (self.text.len(), self.links.len());
        self.text.push_str(&part.text);
        self.links.extend(part.links);
        self.tokens.extend(part.tokens.into_iter().map(|t| Token {
            span: t.span.start + text..t.span.end + text,
            links: t.links.start + links..t.links.end + links,
            ..t
        }));
        if self.finish == Finish::Stop {
            self.finish = part.finish;
        }
    }
}
