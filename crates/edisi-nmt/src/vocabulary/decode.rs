//! From pieces to text, as `SentencePieceProcessor::Decode` does it.

use std::ops::Range;

use super::Vocabulary;
use super::file::Kind;
use super::normalize::SPACE;

/// The text of a run of pieces, and where each lies in it. Reuse one for many runs: its memory is kept.
///
/// Ranges are byte ranges into [`Decoded::text`], in order and on character boundaries. A piece that begins
/// a word owns the space before it, except at the beginning of the text, where that space is dropped. The
/// bytes that form a character together share its range.
#[derive(Debug, Clone, Default)]
pub struct Decoded {
    text: String,
    spans: Vec<Range<usize>>,
    bytes: Vec<u8>,
}

impl Decoded {
    /// A decoding without text.
    pub fn new() -> Self {
        Self::default()
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// For each id that was given, its bytes in [`Decoded::text`]; empty for control pieces.
    pub fn spans(&self) -> &[Range<usize>] {
        &self.spans
    }

    /// Gives the text away, and with it its memory.
    pub fn into_text(self) -> String {
        self.text
    }

    fn push(&mut self, surface: &str) {
        let begin = self.text.len();
        self.text.push_str(surface);
        self.spans.push(begin..self.text.len());
    }

    /// Turns the bytes gathered into characters; what is not UTF-8 becomes U+FFFD, one for each byte.
    fn flush(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        for chunk in bytes.utf8_chunks() {
            for character in chunk.valid().chars() {
                let begin = self.text.len();
                self.text.push(character);
                let span = begin..self.text.len();
                self.spans.extend(std::iter::repeat_n(span, character.len_utf8()));
            }
            for _ in chunk.invalid() {
                self.push("\u{fffd}");
            }
        }
        self.bytes = bytes;
        self.bytes.clear();
    }
}

impl Vocabulary {
    /// Joins pieces into text. `out` is overwritten. Control pieces, and ids outside the vocabulary, give
    /// nothing; the unknown piece gives what the file says, usually ` ⁇ `.
    pub fn decode(&self, ids: &[u32], out: &mut Decoded) {
        out.text.clear();
        out.spans.clear();
        out.bytes.clear();
        let mut at_beginning = self.normalizer.begins_with_space();
        for id in ids {
            let index = *id as usize;
            let kind = self.kinds.get(index).copied().unwrap_or(Kind::Control);
            if kind == Kind::Byte {
                out.bytes.push(self.byte_of(*id).unwrap_or(b'?'));
                continue;
            }
            out.flush();
            at_beginning &= out.text.is_empty();
            match kind {
                Kind::Control => out.push(""),
                Kind::Unknown => out.push(&self.unk_surface),
                Kind::Byte | Kind::Normal | Kind::UserDefined | Kind::Unused => {
                    let mut surface = self.surface(index);
                    if at_beginning && self.piece_text(index).starts_with(SPACE) {
                        surface = &surface[1..];
                        at_beginning = self.normalizer.removes_extra_spaces();
                    }
                    out.push(surface);
                }
            }
        }
        out.flush();
    }
}
