//! SentencePiece BPE as GGUF files carry it: pieces, scores, types.
//!
//! Algorithm: user-defined pieces are cut out first (longest match), spaces become `▁` (U+2581), each
//! remaining stretch starts as single characters, and the adjacent pair whose joined piece has the highest
//! score is merged, leftmost first, until no pair joins. What is left outside the vocabulary becomes its
//! UTF-8 bytes (`<0xE2>` pieces). Source: Kudo & Richardson 2018 (SentencePiece), `bpe_model`.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use edisi_gguf::{Array, Metadata, Value};

use crate::error::ModelError;

/// How GGUF numbers the types of pieces.
const NORMAL: i64 = 1;
const UNKNOWN: i64 = 2;
const CONTROL: i64 = 3;
const USER_DEFINED: i64 = 4;
const UNUSED: i64 = 5;
const BYTE: i64 = 6;

const SPACE: char = '\u{2581}';

/// A vocabulary with the rules to cut text into its pieces and to join them again.
pub(crate) struct Tokenizer {
    pieces: Vec<Piece>,
    ids: HashMap<Box<str>, u32>,
    bytes: [Option<u32>; 256],
    /// Longest first.
    user_defined: Vec<(Box<str>, u32)>,
    /// Which bytes a user-defined piece begins with.
    begins: [bool; 256],
    unknown: Option<u32>,
    pub bos: Option<u32>,
    pub eos: u32,
}

struct Piece {
    text: Box<str>,
    score: f32,
    kind: i64,
}

impl Tokenizer {
    /// Reads `tokenizer.ggml.*`.
    pub fn from_metadata(meta: &Metadata) -> Result<Tokenizer, ModelError> {
        let model = meta.str("tokenizer.ggml.model")?;
        if model != "llama" {
            return Err(ModelError::unsupported(
                format!("tokenizer `{model}`"),
                "a SentencePiece (`llama`) one",
            ));
        }
        let texts = match meta.get("tokenizer.ggml.tokens") {
            Some(Value::Array(Array::Str(texts))) => texts,
            _ => return Err(ModelError::damaged("tokenizer.ggml.tokens is not a list of strings")),
        };
        let scores = match meta.get("tokenizer.ggml.scores") {
            Some(Value::Array(Array::F32(scores))) if scores.len() == texts.len() => scores,
            _ => return Err(ModelError::damaged("tokenizer.ggml.scores does not match the tokens")),
        };
        let kinds = match meta.get("tokenizer.ggml.token_type") {
            Some(Value::Array(Array::I32(kinds))) if kinds.len() == texts.len() => kinds,
            _ => return Err(ModelError::damaged("tokenizer.ggml.token_type does not match the tokens")),
        };
        let count = texts.len() as u64;
        let special = |key: &str| match meta.get(key).and_then(Value::as_u64) {
            Some(id) if id >= count => {
                Err(ModelError::damaged(format!("{key} = {id} is outside the vocabulary")))
            }
            id => Ok(id.map(|id| id as u32)),
        };
        let mut tokenizer = Tokenizer {
            pieces: Vec::with_capacity(texts.len()),
            ids: HashMap::with_capacity(texts.len()),
            bytes: [None; 256],
            user_defined: Vec::new(),
            begins: [false; 256],
            unknown: special("tokenizer.ggml.unknown_token_id")?,
            bos: special("tokenizer.ggml.bos_token_id")?,
            eos: special("tokenizer.ggml.eos_token_id")?
                .ok_or_else(|| ModelError::damaged("tokenizer.ggml.eos_token_id is missing"))?,
        };
        for (id, ((text, &score), &kind)) in texts.iter().zip(scores).zip(kinds).enumerate() {
            let (id, kind) = (id as u32, i64::from(kind));
            match kind {
                NORMAL => {
                    tokenizer.ids.insert(text.as_str().into(), id);
                }
                USER_DEFINED if !text.is_empty() => {
                    tokenizer.begins[text.as_bytes()[0] as usize] = true;
                    tokenizer.user_defined.push((text.as_str().into(), id));
                }
                BYTE => {
                    let byte = text
                        .strip_prefix("<0x")
                        .and_then(|t| t.strip_suffix('>'))
                        .and_then(|hex| u8::from_str_radix(hex, 16).ok())
                        .ok_or_else(|| ModelError::damaged(format!("byte piece `{text}`")))?;
                    tokenizer.bytes[byte as usize] = Some(id);
                }
                _ => {}
            }
            tokenizer.pieces.push(Piece { text: text.as_str().into(), score, kind });
        }
        // Longest first, so that the first match is the longest.
        tokenizer.user_defined.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.0.cmp(&b.0)));
        Ok(tokenizer)
    }

    /// Number of pieces.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether the model may say this piece: not a control, unknown or unused one.
    pub fn is_text(&self, id: u32) -> bool {
        !matches!(self.pieces[id as usize].kind, CONTROL | UNKNOWN | UNUSED)
    }

    /// Whether the piece is a single byte.
    pub fn is_byte(&self, id: u32) -> bool {
        self.pieces[id as usize].kind == BYTE
    }

    /// Whether the piece has a line break in it.
    pub fn breaks_line(&self, id: u32) -> bool {
        let piece = &self.pieces[id as usize];
        match piece.kind {
            BYTE => &*piece.text == "<0x0A>",
            _ => piece.text.contains('\n'),
        }
    }

    /// Cuts `text` into pieces; control pieces in the text are plain text. Appends to `out`.
    pub fn encode(&self, text: &str, out: &mut Vec<u32>) {
        let mut start = 0;
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let found = match self.begins[rest.as_bytes()[0] as usize] {
                true => self.user_defined.iter().find(|(piece, _)| rest.starts_with(&**piece)),
                false => None,
            };
            match found {
                Some((piece, id)) => {
                    self.encode_stretch(&text[start..at], out);
                    out.push(*id);
                    at += piece.len();
                    start = at;
                }
                None => at += rest.chars().next().map_or(1, char::len_utf8),
            }
        }
        self.encode_stretch(&text[start..], out);
    }

    fn encode_stretch(&self, text: &str, out: &mut Vec<u32>) {
        if text.is_empty() {
            return;
        }
        let text = text.replace(' ', "\u{2581}");
        let mut symbols: Vec<Symbol> = text
            .char_indices()
            .map(|(i, c)| Symbol { start: i, end: i + c.len_utf8(), prev: usize::MAX, next: usize::MAX })
            .collect();
        for i in 0..symbols.len() {
            symbols[i].prev = i.wrapping_sub(1);
            symbols[i].next = if i + 1 < symbols.len() { i + 1 } else { usize::MAX };
        }
        let mut heap = BinaryHeap::new();
        for left in 0..symbols.len().saturating_sub(1) {
            self.offer(&text, &symbols, left, left + 1, &mut heap);
        }
        while let Some(Pair { left, right, len, .. }) = heap.pop() {
            // Either side may have been merged since the pair was offered.
            let (a, b) = (symbols[left], symbols[right]);
            if a.end == a.start || b.end == b.start || b.end - a.start != len || a.next != right {
                continue;
            }
            symbols[left].end = b.end;
            symbols[left].next = b.next;
            symbols[right].start = symbols[right].end;
            if b.next != usize::MAX {
                symbols[b.next].prev = left;
                self.offer(&text, &symbols, left, b.next, &mut heap);
            }
            if a.prev != usize::MAX {
                self.offer(&text, &symbols, a.prev, left, &mut heap);
            }
        }
        let mut at = 0;
        while at != usize::MAX {
            let symbol = symbols[at];
            let piece = &text[symbol.start..symbol.end];
            match self.ids.get(piece) {
                Some(&id) => out.push(id),
                None => {
                    for byte in piece.bytes() {
                        out.extend(self.bytes[byte as usize].or(self.unknown));
                    }
                }
            }
            at = symbol.next;
        }
    }

    fn offer(&self, text: &str, symbols: &[Symbol], left: usize, right: usize, heap: &mut BinaryHeap<Pair>) {
        let joined = &text[symbols[left].start..symbols[right].end];
        if let Some(&id) = self.ids.get(joined) {
            heap.push(Pair { score: self.pieces[id as usize].score, left, right, len: joined.len() });
        }
    }

    /// What pieces say, end to end; `▁` becomes a space. A character may be cut in two where pieces are single bytes.
    pub fn bytes(&self, ids: &[u32]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for &id in ids {
            let piece = &self.pieces[id as usize];
            match piece.kind {
                BYTE => bytes.extend(u8::from_str_radix(&piece.text[3..5], 16)),
                CONTROL | UNKNOWN | UNUSED => {}
                _ => bytes.extend_from_slice(piece.text.replace(SPACE, " ").as_bytes()),
            }
        }
        bytes
    }

    /// Joins pieces to text; bytes that are not UTF-8 become U+FFFD.
    pub fn decode(&self, ids: &[u32]) -> String {
        let bytes = self.bytes(ids);
        String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
    }
}

#[derive(Clone, Copy)]
struct Symbol {
    start: usize,
    end: usize,
    prev: usize,
    next: usize,
}

/// Two neighbours that make a piece.
struct Pair {
    score: f32,
    left: usize,
    right: usize,
    len: usize,
}

impl Ord for Pair {
    fn cmp(&self, other: &Pair) -> Ordering {
        self.score.total_cmp(&other.score).then(other.left.cmp(&self.left))
    }
}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Pair) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Pair {
    fn eq(&self, other: &Pair) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Pair {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::vocabulary;

    fn toy() -> Tokenizer {
        Tokenizer::from_metadata(&vocabulary(&["▁di", "di", "▁d", "▁dia", "an", "kan", "▁", "ia"])).unwrap()
    }

    fn pieces(tokenizer: &Tokenizer, text: &str) -> Vec<String> {
        let mut ids = Vec::new();
        tokenizer.encode(text, &mut ids);
        ids.iter().map(|&id| tokenizer.pieces[id as usize].text.to_string()).collect()
    }

    #[test]
    fn the_best_scored_pair_is_merged_first() {
        // `ar` scores above `pa`, so `pa` never comes about.
        let t = Tokenizer::from_metadata(&vocabulary(&["ar", "pa", "▁k", "ak"])).unwrap();
        assert_eq!(pieces(&t, "par"), ["p", "ar"]);
        assert_eq!(pieces(&t, "pa kak"), ["pa", "▁k", "ak"]);
        assert_eq!(pieces(&toy(), "kan dia"), ["kan", "▁dia"]);
    }

    #[test]
    fn what_no_piece_covers_becomes_bytes_and_comes_back() {
        let t = toy();
        assert_eq!(pieces(&t, "é"), ["<0xC3>", "<0xA9>"]);
        for text in ["dia kan 新华社", " ruang  ganda", "a\nb", "<bos>", "🙂"] {
            let mut ids = Vec::new();
            t.encode(text, &mut ids);
            assert_eq!(t.decode(&ids), text);
        }
    }

    #[test]
    fn control_pieces_in_text_are_text() {
        let t = toy();
        let mut ids = Vec::new();
        t.encode("<bos>", &mut ids);
        assert!(!ids.contains(&t.bos.unwrap()), "{ids:?}");
    }

    #[test]
    fn line_breaks_are_pieces_of_their_own() {
        let t = toy();
        let mut ids = Vec::new();
        t.encode("a\nb", &mut ids);
        assert_eq!(ids.iter().filter(|&&id| t.breaks_line(id)).count(), 1);
        assert_eq!(ids.len(), 3);
    }
}
