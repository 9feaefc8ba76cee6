//! Terms that must stand in a translation as given.
//!
//! Where one run of words clearly stands for a term's source and for nothing else, the term takes its place and the
//! rest of the sentence stays as it was. Otherwise the sentence is decoded again and the term's pieces are forced when
//! the model begins a word while it looks at the term's source: Post and Vilar's constrained decoding ("Fast Lexically
//! Constrained Decoding", 2018) reduced to one hypothesis, since attention says when a term is due. If it never comes
//! due, less attention is required, and at last the words that come nearest are replaced.

use std::ops::Range;
use std::sync::Arc;

use crate::translation::Translation;
use crate::vocabulary::{Encoding, Position, Vocabulary};

/// A part of a text whose translation is given.
///
/// The form is used as it is written: case and inflection are the caller's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its bytes in the caller's text.
    pub source: Range<usize>,
    /// What must stand for it; the source itself where it is not to be translated.
    pub target: String,
}

/// Share of the attention at which a term comes due, attempt by attempt; none in the first, which is not constrained.
pub(crate) const THRESHOLDS: [Option<f32>; 3] = [None, Some(0.5), Some(0.2)];

/// One term while a sentence is decoded.
struct Wanted {
    /// Which source tokens it stands for.
    source: Range<usize>,
    pieces: Vec<u32>,
    /// Pieces written so far; the whole term once all are.
    written: usize,
}

/// The terms of a sentence while it is decoded.
pub(crate) struct Constraint {
    vocabulary: Arc<Vocabulary>,
    wanted: Vec<Wanted>,
    /// Share of the attention that must lie on a term's source for it to come due.
    threshold: f32,
    /// The term that is being written.
    current: Option<usize>,
    /// Whether a term ended with the last token, so that its word must not go on.
    ended: bool,
}

/// What a step of the decoder offers.
pub(crate) struct Offer<'a> {
    /// Logits by column.
    pub logits: &'a [f32],
    /// Tokens by column, ascending.
    pub candidates: &'a [u32],
    /// Column of the highest logit.
    pub best: usize,
    /// Attention on each source token.
    pub attention: &'a [f32],
}

impl Constraint {
    /// The terms of a sentence, `sources` being the byte ranges of its tokens in the text; `None` when none of them
    /// can be forced.
    pub fn new(
        vocabulary: &Arc<Vocabulary>,
        terms: &[Term],
        sources: &[Range<usize>],
        threshold: f32,
    ) -> Option<Constraint> {
        let mut encoding = Encoding::new();
        let mut wanted = Vec::new();
        for term in terms {
            let touches = |s: &Range<usize>| s.start < term.source.end && term.source.start < s.end;
            let Some(first) = sources.iter().position(touches) else { continue };
            let last = sources.iter().rposition(touches).unwrap_or(first);
            vocabulary.encode_at(&term.target, Position::WordStart, &mut encoding);
            let pieces = encoding.ids().to_vec();
            if !pieces.is_empty() && encoding.unknown().len() == 0 {
                wanted.push(Wanted { source: first..last + 1, pieces, written: 0 });
            }
        }
        (!wanted.is_empty()).then(|| Constraint {
            vocabulary: vocabulary.clone(),
            wanted,
            threshold,
            current: None,
            ended: false,
        })
    }

    /// All pieces of all terms, which must be among the candidates.
    pub fn pieces(&self) -> impl Iterator<Item = u32> {
        self.wanted.iter().flat_map(|w| w.pieces.iter().copied())
    }

    /// The column to write.
    pub fn choose(&mut self, offer: &Offer<'_>) -> usize {
        let column = |piece: u32| offer.candidates.binary_search(&piece).ok();
        if let Some(at) = self.current {
            return self.write(at, &column).unwrap_or(offer.best);
        }
        let token = offer.candidates[offer.best];
        let begins = self.begins(token);
        if begins
            && let Some(at) = self.due(offer.attention)
            && let Some(chosen) = self.write(at, &column)
        {
            return chosen;
        }
        if std::mem::take(&mut self.ended) && !begins {
            // The best that does not make the term a longer word.
            let best = (0..offer.candidates.len())
                .filter(|&c| self.begins(offer.candidates[c]))
                .reduce(|a, b| if offer.logits[b] > offer.logits[a] { b } else { a });
            return best.unwrap_or(offer.best);
        }
        offer.best
    }

    /// Writes the next piece of a term.
    fn write(&mut self, at: usize, column: &dyn Fn(u32) -> Option<usize>) -> Option<usize> {
        let wanted = &mut self.wanted[at];
        let chosen = column(wanted.pieces[wanted.written]);
        wanted.written += 1;
        let done = wanted.written == wanted.pieces.len();
        self.current = (!done).then_some(at);
        self.ended = done;
        chosen
    }

    /// The unwritten term with the most attention, if that is enough.
    fn due(&self, attention: &[f32]) -> Option<usize> {
        let share = |w: &Wanted| attention[w.source.clone()].iter().sum::<f32>();
        let open = self.wanted.iter().enumerate().filter(|(_, w)| w.written == 0);
        let (at, most) = open.map(|(at, w)| (at, share(w))).reduce(|a, b| if b.1 > a.1 { b } else { a })?;
        (most >= self.threshold).then_some(at)
    }

    /// Whether a token begins a word or is no part of one: a mark, or the end.
    fn begins(&self, token: u32) -> bool {
        self.vocabulary.begins_word(token)
            || self.vocabulary.is_control(token)
            || self.vocabulary.piece(token).is_some_and(|p| !p.starts_with(char::is_alphanumeric))
    }
}

/// Whether a form stands in a text, not as a part of a longer word.
pub(crate) fn stands(text: &str, form: &str) -> bool {
    !form.is_empty()
        && text.match_indices(form).any(|(at, _)| {
            let joined = |a: Option<char>, b: Option<char>| match (a, b) {
                (Some(a), Some(b)) => {
                    a.is_alphanumeric()
                        && b.is_alphanumeric()
                        && !crate::translation::stands_alone(a)
                        && !crate::translation::stands_alone(b)
                }
                _ => false,
            };
            let end = at + form.len();
            !joined(text[..at].chars().next_back(), form.chars().next())
                && !joined(form.chars().next_back(), text[end..].chars().next())
        })
}

/// Where the words are that came from a term's source.
struct Place {
    /// Bytes in the translation, without marks at the end.
    span: Range<usize>,
    /// Whether these words came from nothing else, and no others from the term.
    clear: bool,
}

fn place(source: &str, term: &Term, translation: &Translation) -> Option<Place> {
    // Each word with the share of its attention that lies on the term.
    let mut shares: Vec<(Range<usize>, f32)> = Vec::new();
    for link in translation.alignment(source) {
        let inside = link.source.start < term.source.end && term.source.start < link.source.end;
        let weight = if inside { link.weight } else { 0.0 };
        match shares.last_mut() {
            Some((word, share)) if *word == link.target => *share += weight,
            _ => shares.push((link.target, weight)),
        }
    }
    let strongest = (0..shares.len()).reduce(|a, b| if shares[b].1 > shares[a].1 { b } else { a })?;
    if shares[strongest].1 < 0.2 {
        return None;
    }
    let belongs = |at: &usize| shares[*at].1 >= 0.5;
    let first = (0..strongest).rev().take_while(belongs).last().unwrap_or(strongest);
    let last = (strongest + 1..shares.len()).take_while(belongs).last().unwrap_or(strongest);
    let clear = shares.iter().enumerate().all(|(at, (_, share))| match (first..=last).contains(&at) {
        true => *share >= 0.6,
        false => *share < 0.3,
    });
    let mut span = shares[first].0.start..shares[last].0.end;
    let bare = translation.text[span.clone()].trim_end_matches(|c: char| !c.is_alphanumeric());
    if !bare.is_empty() {
        span.end = span.start + bare.len();
    }
    Some(Place { span, clear })
}

/// Puts each term within `part` that does not stand in the translation in the place of the words that came from its
/// source; where that is not clear, only if `anyhow`. What still does not stand is told in [`Translation::unmet`].
pub(crate) fn replace(
    source: &str,
    terms: &[Term],
    part: &Range<usize>,
    anyhow: bool,
    translation: &mut Translation,
) {
    let here = |term: &Term| part.start <= term.source.start && term.source.end <= part.end;
    for term in terms.iter().filter(|t| here(t)) {
        if stands(&translation.text, &term.target) {
            continue;
        }
        if let Some(place) = place(source, term, translation).filter(|p| p.clear || anyhow) {
            translation.replace(place.span, &term.target);
        }
    }
    // Counted at the end, because one term can have taken the place of another.
    let missing = terms.iter().enumerate().filter(|(_, t)| here(t) && !stands(&translation.text, &t.target));
    translation.unmet = missing.map(|(index, _)| index).collect();
}
