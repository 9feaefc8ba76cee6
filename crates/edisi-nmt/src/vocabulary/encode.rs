//! From text to pieces.
//!
//! The best path of the unigram model by Viterbi's algorithm, with the arithmetic of SentencePiece's
//! `EncodeOptimized` (`unigram_model.cc`), so that ties and rounding fall the same way.

use std::ops::Range;

use super::Vocabulary;
use super::normalize::{Normalized, Position};
use super::trie::NONE;

/// What the scores of unknown characters lie below the worst piece.
pub(super) const UNKNOWN_PENALTY: f32 = 10.0;

/// The pieces of a text, and where each comes from. Reuse one for many texts: its memory is kept.
///
/// Ranges are byte ranges into the text given to [`Vocabulary::encode`]. They follow each other without a
/// gap and lie on character boundaries; only white space at either end of the text, and characters that
/// normalisation drops there, belong to none. A piece that begins a word owns the space before it. Where
/// one character became several pieces, the last owns it and the others have an empty range at its
/// beginning.
#[derive(Debug, Clone, Default)]
pub struct Encoding {
    ids: Vec<u32>,
    /// Ends of the ranges, and the beginning of the first: one more than `ids`, or empty.
    bounds: Vec<usize>,
    /// Indices of the unknown pieces.
    unknown: Vec<usize>,
    normalized: Normalized,
    best: Vec<Best>,
    path: Vec<usize>,
}

/// The end of the best path to a byte of the normalised text.
#[derive(Debug, Clone, Copy)]
struct Best {
    score: f32,
    /// Length in bytes of the last piece; 0 while there is no path.
    length: u32,
    id: u32,
}

impl Encoding {
    /// An encoding without tokens.
    pub fn new() -> Self {
        Self::default()
    }

    /// The piece ids, without an end-of-sentence.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether the text came to nothing: empty, or white space only.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The bytes of the original text that token `index` stands for.
    ///
    /// # Panics
    /// If there is no such token.
    pub fn source(&self, index: usize) -> Range<usize> {
        assert!(index < self.ids.len(), "token {index} of {}", self.ids.len());
        self.bounds[index]..self.bounds[index + 1]
    }

    /// The ranges of all tokens in order.
    pub fn sources(&self) -> impl DoubleEndedIterator<Item = Range<usize>> + ExactSizeIterator {
        self.bounds.windows(2).map(|pair| pair[0]..pair[1])
    }

    /// The tokens the vocabulary has no piece for: index and range in the original text. Neighbouring
    /// unknown characters are one token. With byte fallback there are none.
    pub fn unknown(&self) -> impl ExactSizeIterator<Item = (usize, Range<usize>)> {
        self.unknown.iter().map(|index| (*index, self.source(*index)))
    }

    fn push(&mut self, id: u32, end: usize) {
        self.ids.push(id);
        self.bounds.push(end);
    }
}

impl Vocabulary {
    /// Splits `text` into pieces, exactly as SentencePiece does. Nothing is appended for the end of the
    /// sentence. `out` is overwritten; time is linear in the length of the text.
    pub fn encode(&self, text: &str, out: &mut Encoding) {
        self.encode_at(text, Position::WordStart, out);
    }

    /// Splits a text that stands for itself, such as a glossary term, as it would be split at `position`
    /// when what surrounds it does not attract any of its characters.
    pub fn encode_at(&self, text: &str, position: Position, out: &mut Encoding) {
        let mut normalized = std::mem::take(&mut out.normalized);
        self.normalizer.normalize(text, position, &mut normalized);
        self.viterbi(&normalized.bytes, &mut out.best);
        self.collect(&normalized, out);
        out.normalized = normalized;
    }

    /// Fills `best` for every byte offset at which a character of `text` (UTF-8) ends.
    fn viterbi(&self, text: &[u8], best: &mut Vec<Best>) {
        best.clear();
        best.resize(text.len() + 1, Best { score: 0.0, length: 0, id: self.unk });
        let mut begin = 0;
        while let Some(lead) = text.get(begin) {
            let here = best[begin].score;
            let character = character_length(*lead);
            let mut has_character = false;
            let mut node = self.trie.root();
            for (byte, length) in text[begin..].iter().zip(1u32..) {
                let Some(next) = self.trie.child(node, *byte) else { break };
                node = next;
                let id = node.value();
                if id == NONE {
                    continue;
                }
                // The sum is double, what is kept is single: so does the reference.
                let score = self.scores[id as usize] + f64::from(here);
                let target = &mut best[begin + length as usize];
                if target.length == 0 || score > f64::from(target.score) {
                    *target = Best { score: score as f32, length, id };
                }
                has_character |= length as usize == character;
            }
            let end = begin + character;
            if !has_character {
                let score = self.unknown_score + here;
                let target = &mut best[end];
                if target.length == 0 || score > target.score {
                    *target = Best { score, length: character as u32, id: self.unk };
                }
            }
            begin = end;
        }
    }

    /// Walks the best path back and writes its tokens.
    fn collect(&self, normalized: &Normalized, out: &mut Encoding) {
        out.ids.clear();
        out.bounds.clear();
        out.unknown.clear();
        out.path.clear();
        let mut end = normalized.bytes.len();
        while end > 0 {
            out.path.push(end);
            end -= out.best[end].length as usize;
        }
        out.bounds.extend(normalized.origin.first());
        let mut behind_unknown = false;
        for step in (0..out.path.len()).rev() {
            let end = out.path[step];
            let Best { length, id, .. } = out.best[end];
            let source_end = normalized.origin[end];
            let unknown = id == self.unk;
            match (&self.byte_ids, unknown) {
                (_, false) => out.push(id, source_end),
                (Some(byte_ids), true) => {
                    // The last byte owns the character.
                    let begin = end - length as usize;
                    for at in begin..end {
                        let owns = if at + 1 == end { source_end } else { normalized.origin[begin] };
                        out.push(byte_ids[usize::from(normalized.bytes[at])], owns);
                    }
                }
                (None, true) if behind_unknown => {
                    if let Some(last) = out.bounds.last_mut() {
                        *last = source_end;
                    }
                }
                (None, true) => {
                    out.unknown.push(out.ids.len());
                    out.push(id, source_end);
                }
            }
            behind_unknown = unknown;
        }
    }
}

/// Bytes of the character that begins with `lead`.
fn character_length(lead: u8) -> usize {
    match lead {
        0..0xc0 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
    }
}
