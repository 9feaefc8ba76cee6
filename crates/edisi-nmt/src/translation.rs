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
    /// Its logit minus that of the next best token; negative where a term was forced.
    pub margin: f32,
    /// Whether a word begins with it; in scripts without spaces between words, every token does.
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

/// A word of a translation and a word that it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct WordLink {
    /// Bytes in [`Translation::text`].
    pub target: Range<usize>,
    /// Bytes in the caller's text.
    pub source: Range<usize>,
    /// Share of the target word's attention, from [`MIN_LINK`] to 1.
    pub weight: f32,
}

/// Whether a character stands for a word or a part of one that no space divides from the next.
pub(crate) fn stands_alone(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// The word that a token's range lies in: without the space around it, and up to the next space or character that
/// stands alone.
fn word_around(text: &str, token: &Range<usize>) -> Range<usize> {
    let inner = &text[token.clone()];
    let start = token.start + (inner.len() - inner.trim_start().len());
    let end = (token.start + inner.trim_end().len()).max(start);
    if text[start..end].chars().any(stands_alone) || start == end {
        return start..end;
    }
    let border = |c: char| c.is_whitespace() || stands_alone(c);
    let before =
        text[..start].char_indices().rfind(|(_, c)| border(*c)).map_or(0, |(at, c)| at + c.len_utf8());
    let after = text[end..].find(border).map_or(text.len(), |at| end + at);
    before..after
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
    /// Indices of the [terms](crate::Term) that could not be put in, because nothing in the translation stands for
    /// them.
    pub unmet: Vec<usize>,
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
            unmet: Vec::new(),
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

    /// Its words: tokens up to the next that begins one.
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

    /// Which words came from which words of `source`, the text that was translated: the attention of each word's
    /// tokens on each word, as shares of 1. Shares below [`MIN_LINK`] are left out.
    pub fn alignment(&self, source: &str) -> Vec<WordLink> {
        let mut aligned = Vec::new();
        let mut shares: Vec<(Range<usize>, f32)> = Vec::new();
        for word in self.words() {
            shares.clear();
            for link in self.tokens[word.tokens].iter().flat_map(|t| self.links_of(t)) {
                let span = word_around(source, &link.source);
                match shares.iter_mut().find(|(s, _)| *s == span) {
                    Some((_, weight)) => *weight += link.weight,
                    None => shares.push((span, link.weight)),
                }
            }
            let total: f32 = shares.iter().map(|(_, w)| w).sum();
            shares.sort_by_key(|(s, _)| s.start);
            let kept =
                shares.iter().map(|(s, w)| (s, w / total)).filter(|(s, w)| !s.is_empty() && *w >= MIN_LINK);
            aligned.extend(kept.map(|(source, weight)| WordLink {
                target: word.span.clone(),
                source: source.clone(),
                weight,
            }));
        }
        aligned
    }

    /// Puts other words in the place of some: the tokens that lie there keep their scores and share its range.
    pub(crate) fn replace(&mut self, span: Range<usize>, with: &str) {
        self.text.replace_range(span.clone(), with);
        let end = span.start + with.len();
        let moved = |at: usize| if at >= span.end { at - span.end + end } else { at.min(end) };
        for token in &mut self.tokens {
            token.span = if token.span.end <= span.start {
                token.span.clone()
            } else if token.span.start >= span.end {
                moved(token.span.start)..moved(token.span.end)
            } else {
                token.span.start.min(span.start)..moved(token.span.end.max(span.end))
            };
        }
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
        self.unmet.extend(part.unmet);
        if self.finish == Finish::Stop {
            self.finish = part.finish;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Links<'a> = &'a [(Range<usize>, f32)];

    /// Each token with its text, whether it begins a word, and its links.
    fn translation(tokens: &[(&str, bool, Links<'_>)]) -> Translation {
        let mut t = Translation::empty();
        for (text, begins_word, links) in tokens {
            let (start, first) = (t.text.len(), t.links.len());
            t.text.push_str(text);
            t.links.extend(
                links.iter().map(|(source, weight)| Link { source: source.clone(), weight: *weight }),
            );
            t.tokens.push(Token {
                span: start..t.text.len(),
                logprob: -0.5,
                margin: 1.0,
                begins_word: *begins_word,
                links: first..t.links.len(),
            });
        }
        t
    }

    #[test]
    fn tokens_join_into_words() {
        let t = translation(&[("The", true, &[]), (" min", true, &[]), ("ister", false, &[])]);
        let words = t.words();
        assert_eq!(words.iter().map(|w| &t.text[w.span.clone()]).collect::<Vec<_>>(), ["The", "minister"]);
        assert_eq!(words[1].tokens, 1..3);
        assert_eq!(words[1].logprob, -1.0);
        assert_eq!((t.mean_logprob(), t.min_logprob()), (Some(-0.5), Some(-0.5)));
    }

    #[test]
    fn attention_on_tokens_becomes_shares_of_words() {
        // "Menteri baru": "Men" 0..3, "teri" 3..7, " baru" 7..12.
        let t = translation(&[
            ("New", true, &[(7..12, 0.9), (0..3, 0.1)]),
            (" minister", true, &[(0..3, 0.4), (3..7, 0.4)]),
        ]);
        let links: Vec<_> = t
            .alignment("Menteri baru")
            .into_iter()
            .map(|l| (&t.text[l.target.clone()], l.source.clone(), (l.weight * 100.0).round()))
            .collect();
        assert_eq!(links, [("New", 0..7, 10.0), ("New", 8..12, 90.0), ("minister", 0..7, 100.0)]);
    }

    #[test]
    fn characters_without_spaces_are_their_own_words() {
        assert_eq!(word_around("東京で", &(3..6)), 3..6);
        assert_eq!(word_around("在Jakarta的", &(3..6)), 3..10);
        assert_eq!(word_around("dua juta", &(3..8)), 4..8);
    }

    #[test]
    fn parts_follow_each_other() {
        let mut whole = translation(&[("A.", true, &[(0..2, 1.0)])]);
        whole.append(" ", translation(&[("B.", true, &[(3..5, 1.0)])]));
        assert_eq!(whole.text, "A. B.");
        assert_eq!(whole.tokens[1].span, 3..5);
        assert_eq!(whole.links_of(&whole.tokens[1])[0].source, 3..5);
    }
}
