//! SentencePiece vocabularies: the pieces that a model reads and writes.
//!
//! Reads the `.spm` files that come with Marian models (unigram, with whatever normalisation the file
//! carries, byte fallback and user-defined symbols), and gives the ids that SentencePiece gives, together
//! with where in the text each piece comes from.
//!
//! The algorithm is Kudo's, "Subword Regularization" (2018); the reference implementation is
//! <https://github.com/google/sentencepiece> (Apache-2.0), which the tests compare with.

mod charsmap;
mod decode;
mod encode;
mod error;
mod file;
mod normalize;
mod trie;
mod wire;

use file::{Kind, ModelFile};
use normalize::{Normalizer, SPACE, SPACE_CHAR};
use trie::Trie;

pub use decode::Decoded;
pub use encode::Encoding;
pub use error::VocabularyError;
pub use normalize::Position;

/// A vocabulary, with all it takes to go from text to ids and back.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    /// All pieces one after the other, and where each ends.
    pieces: String,
    piece_ends: Vec<u32>,
    /// The same with spaces for U+2581.
    surfaces: String,
    surface_ends: Vec<u32>,
    kinds: Vec<Kind>,
    /// Double, because the reference's bonus for user-defined symbols is.
    scores: Vec<f64>,
    unknown_score: f32,
    trie: Trie,
    normalizer: Normalizer,
    byte_ids: Option<Box<[u32; 256]>>,
    unk: u32,
    eos: u32,
    unk_surface: String,
}

fn too_many_nodes() -> VocabularyError {
    VocabularyError::Inconsistent("it has more distinct beginnings of pieces than any vocabulary".into())
}

impl Vocabulary {
    /// Reads an `.spm` file. Memory stays within a small multiple of its size.
    ///
    /// # Errors
    /// If the bytes are damaged, contradict themselves, or are a SentencePiece model of another type than
    /// unigram.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VocabularyError> {
        let file = ModelFile::parse(bytes)?;
        let inconsistent = |what: String| VocabularyError::Inconsistent(what);
        // Ids are well below 2³²: the file's size is bounded.
        let of_kind = |kind: Kind| (0u32..).zip(&file.pieces).filter(move |(_, piece)| piece.kind == kind);

        let mut unknowns = of_kind(Kind::Unknown);
        let (Some((unk, _)), None) = (unknowns.next(), unknowns.next()) else {
            return Err(inconsistent("it must have exactly one unknown piece".into()));
        };
        let (eos, _) = of_kind(Kind::Control)
            .find(|(_, piece)| piece.text == file.eos_piece)
            .ok_or_else(|| inconsistent(format!("it has no end-of-sentence piece `{}`", file.eos_piece)))?;
        let byte_ids = byte_ids(file.byte_fallback, of_kind(Kind::Byte).map(|(id, piece)| (id, piece.text)))?;

        // The reference lets a piece share its text with a control piece, but not with its like.
        let is_text =
            |piece: &file::Piece<'_>| !matches!(piece.kind, Kind::Unknown | Kind::Control | Kind::Byte);
        let mut keys = sorted(&file.pieces, is_text)?;
        sorted(&file.pieces, |piece| !is_text(piece))?;
        let kind = |id: u32| file.pieces[id as usize].kind;
        let symbols: Vec<_> = keys.iter().copied().filter(|(_, id)| kind(*id) == Kind::UserDefined).collect();
        let normalizer = Normalizer::new(&file.normalizer, &symbols)?;
        keys.retain(|(_, id)| kind(*id) != Kind::Unused);
        let trie = Trie::build(&keys).ok_or_else(too_many_nodes)?;

        let normal = || of_kind(Kind::Normal).map(|(_, piece)| piece.score);
        let lowest = normal().fold(f32::MAX, f32::min);
        let highest = normal().fold(f32::MIN_POSITIVE, f32::max);
        let score = |piece: &file::Piece<'_>| match piece.kind {
            Kind::UserDefined => f64::from(piece.text.len() as f32 * highest) - 0.1,
            _ => f64::from(piece.score),
        };
        let (pieces, piece_ends) = join(&file.pieces, SPACE);
        let (surfaces, surface_ends) = join(&file.pieces, " ");
        Ok(Self {
            pieces,
            piece_ends,
            surfaces,
            surface_ends,
            kinds: file.pieces.iter().map(|piece| piece.kind).collect(),
            scores: file.pieces.iter().map(score).collect(),
            unknown_score: lowest - encode::UNKNOWN_PENALTY,
            trie,
            normalizer,
            byte_ids,
            unk,
            eos,
            unk_surface: file.unk_surface.to_owned(),
        })
    }

    /// Number of pieces; ids are below it.
    #[expect(clippy::len_without_is_empty, reason = "there is always an end-of-sentence piece")]
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Id of the end of a sentence.
    pub fn eos(&self) -> u32 {
        self.eos
    }

    /// Id of what the vocabulary cannot say.
    pub fn unk(&self) -> u32 {
        self.unk
    }

    /// The piece, with U+2581 for a space.
    pub fn piece(&self, id: u32) -> Option<&str> {
        ((id as usize) < self.len()).then(|| self.piece_text(id as usize))
    }

    /// The id of exactly this piece, if text can be split into it.
    pub fn id(&self, piece: &str) -> Option<u32> {
        self.trie.get(piece.as_bytes())
    }

    /// Whether characters without a piece are spelled in bytes, so that nothing is unknown.
    pub fn has_byte_fallback(&self) -> bool {
        self.byte_ids.is_some()
    }

    /// The byte that this piece stands for, in a vocabulary with byte fallback.
    pub fn byte_of(&self, id: u32) -> Option<u8> {
        match self.kinds.get(id as usize)? {
            Kind::Byte => parse_byte(self.piece_text(id as usize)),
            _ => None,
        }
    }

    /// Whether the piece is a sign between model and caller, such as the end of the sentence, that no text
    /// is split into.
    pub fn is_control(&self, id: u32) -> bool {
        self.kinds.get(id as usize) == Some(&Kind::Control)
    }

    /// Whether the piece begins a word: whether its text begins with a space.
    pub fn begins_word(&self, id: u32) -> bool {
        self.piece(id).is_some_and(|piece| piece.starts_with(SPACE))
    }

    fn piece_text(&self, index: usize) -> &str {
        slice(&self.pieces, &self.piece_ends, index)
    }

    fn surface(&self, index: usize) -> &str {
        slice(&self.surfaces, &self.surface_ends, index)
    }
}

/// Texts and ids of the pieces that `wanted` accepts, sorted by text.
fn sorted<'a>(
    pieces: &[file::Piece<'a>],
    wanted: impl Fn(&file::Piece<'a>) -> bool,
) -> Result<Vec<(&'a [u8], u32)>, VocabularyError> {
    let numbered = (0..).zip(pieces).filter(|(_, piece)| wanted(piece));
    let mut keys: Vec<(&[u8], u32)> = numbered.map(|(id, piece)| (piece.text.as_bytes(), id)).collect();
    keys.sort_unstable();
    match keys.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        None => Ok(keys),
        Some(pair) => {
            let text = pieces[pair[0].1 as usize].text;
            Err(VocabularyError::Inconsistent(format!("the piece `{text}` occurs twice")))
        }
    }
}

/// The texts one after the other, `space` for each U+2581, and where each ends.
fn join(pieces: &[file::Piece<'_>], space: &str) -> (String, Vec<u32>) {
    let mut text = String::with_capacity(pieces.iter().map(|piece| piece.text.len()).sum());
    let ends = pieces.iter().map(|piece| {
        for (index, part) in piece.text.split(SPACE_CHAR).enumerate() {
            if index > 0 {
                text.push_str(space);
            }
            text.push_str(part);
        }
        // Below the bound on the file's size.
        text.len() as u32
    });
    let ends = ends.collect();
    (text, ends)
}

fn slice<'a>(text: &'a str, ends: &[u32], index: usize) -> &'a str {
    let begin = index.checked_sub(1).map_or(0, |before| ends[before] as usize);
    &text[begin..ends[index] as usize]
}

/// The byte in `<0xE2>`.
fn parse_byte(piece: &str) -> Option<u8> {
    let digits = piece.strip_prefix("<0x")?.strip_suffix('>')?;
    let canonical =
        digits.len() == 2 && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'A'..=b'F'));
    u8::from_str_radix(digits, 16).ok().filter(|_| canonical)
}

fn byte_ids<'a>(
    fallback: bool,
    pieces: impl Iterator<Item = (u32, &'a str)>,
) -> Result<Option<Box<[u32; 256]>>, VocabularyError> {
    let mut ids = Box::new([trie::NONE; 256]);
    for (id, piece) in pieces {
        let byte = parse_byte(piece).filter(|_| fallback).ok_or_else(|| {
            VocabularyError::Inconsistent(format!("`{piece}` is out of place as a byte piece"))
        })?;
        ids[usize::from(byte)] = id;
    }
    if fallback && ids.contains(&trie::NONE) {
        return Err(VocabularyError::Inconsistent(
            "byte fallback needs a piece for each of the 256 bytes".into(),
        ));
    }
    Ok(fallback.then_some(ids))
}

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Vocabulary>();
};
