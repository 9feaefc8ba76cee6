//! Text as the vocabulary wants it, byte by byte traced back to the caller's.
//!
//! Follows `normalizer.cc` of SentencePiece 0.2.

use super::charsmap::Charsmap;
use super::error::VocabularyError;
use super::file::NormalizerSpec;
use super::trie::Trie;

/// What stands for a space.
pub(super) const SPACE_CHAR: char = '\u{2581}';
/// The same as text.
pub(super) const SPACE: &str = "\u{2581}";

/// Where a text stands in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// At the beginning of a word: behind a space, or first in the sentence.
    WordStart,
    /// Inside a word: behind a letter, a hyphen or an opening bracket.
    WithinWord,
}

/// Normalised text.
#[derive(Debug, Clone, Default)]
pub(super) struct Normalized {
    /// UTF-8.
    pub(super) bytes: Vec<u8>,
    /// For each byte, and for the end, the offset in the original text; empty if `bytes` is.
    pub(super) origin: Vec<usize>,
}

impl Normalized {
    fn push(&mut self, text: &str, origin: usize) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.origin.resize(self.bytes.len(), origin);
    }
}

#[derive(Debug, Clone)]
pub(super) struct Normalizer {
    charsmap: Charsmap,
    /// User-defined symbols, which no rule touches.
    protected: Option<Trie>,
    /// ASCII that can be copied when ASCII follows; never the space.
    plain: u128,
    /// What a space becomes.
    space: &'static str,
    dummy_prefix: bool,
    dummy_suffix: bool,
    remove_extra_whitespaces: bool,
}

impl Normalizer {
    /// `protected` must be sorted and distinct.
    pub(super) fn new(
        spec: &NormalizerSpec<'_>,
        protected: &[(&[u8], u32)],
    ) -> Result<Self, VocabularyError> {
        let charsmap = Charsmap::parse(spec.charsmap, spec.charsmap_at)?;
        let mut plain = charsmap.plain_ascii() & !(1 << b' ');
        for (symbol, _) in protected {
            if symbol[0] < 128 {
                plain &= !(1 << symbol[0]);
            }
        }
        let protected = match protected {
            [] => None,
            symbols => Some(Trie::build(symbols).ok_or_else(super::too_many_nodes)?),
        };
        Ok(Self {
            charsmap,
            protected,
            plain,
            space: if spec.escape_whitespaces { SPACE } else { " " },
            dummy_prefix: spec.add_dummy_prefix && !spec.whitespace_as_suffix,
            dummy_suffix: spec.add_dummy_prefix && spec.whitespace_as_suffix,
            remove_extra_whitespaces: spec.remove_extra_whitespaces,
        })
    }

    /// Whether decoding drops the space that a text begins with.
    pub(super) fn begins_with_space(&self) -> bool {
        self.dummy_prefix || self.dummy_suffix || self.remove_extra_whitespaces
    }

    /// Whether only one such space is dropped, or all.
    pub(super) fn removes_extra_spaces(&self) -> bool {
        self.remove_extra_whitespaces
    }

    /// The first unit of `text` (not empty): its length in bytes and what it becomes.
    fn first<'a>(&'a self, text: &'a str) -> (usize, &'a str) {
        if let Some(protected) = &self.protected
            && let Some(length) = protected.longest_prefix(text.as_bytes())
        {
            return (length, &text[..length]);
        }
        self.charsmap.longest(text).unwrap_or_else(|| {
            let length = text.chars().next().map_or(0, char::len_utf8);
            (length, &text[..length])
        })
    }

    /// Normalises `text` into `out`, whose memory is reused.
    pub(super) fn normalize(&self, text: &str, position: Position, out: &mut Normalized) {
        out.bytes.clear();
        out.origin.clear();
        let mut at = 0;
        if self.remove_extra_whitespaces {
            while at < text.len() {
                let (length, becomes) = self.first(&text[at..]);
                if becomes != " " {
                    break;
                }
                at += length;
            }
        }
        if at == text.len() {
            return;
        }
        if self.dummy_prefix && position == Position::WordStart {
            out.push(self.space, at);
        }
        let mut behind_space = self.remove_extra_whitespaces;
        let bytes = text.as_bytes();
        while at < bytes.len() {
            if self.is_plain(bytes[at]) && bytes.get(at + 1).is_none_or(u8::is_ascii) {
                out.bytes.push(bytes[at]);
                out.origin.push(at);
                behind_space = false;
                at += 1;
                continue;
            }
            let (length, becomes) = self.first(&text[at..]);
            let becomes = if behind_space { becomes.trim_start_matches(' ') } else { becomes };
            if !becomes.is_empty() {
                let mut rest = becomes;
                while let Some((head, tail)) = rest.split_once(' ') {
                    out.push(head, at);
                    out.push(self.space, at);
                    rest = tail;
                }
                out.push(rest, at);
                behind_space = self.remove_extra_whitespaces && becomes.ends_with(' ');
            }
            at += length;
        }
        if self.remove_extra_whitespaces {
            while let Some(kept) = out.bytes.strip_suffix(self.space.as_bytes()).map(<[u8]>::len) {
                at = out.origin[kept];
                out.bytes.truncate(kept);
                out.origin.truncate(kept);
            }
        }
        if self.dummy_suffix {
            out.push(self.space, at);
        }
        out.origin.push(at);
    }

    fn is_plain(&self, byte: u8) -> bool {
        byte < 128 && self.plain >> byte & 1 == 1
    }
}
