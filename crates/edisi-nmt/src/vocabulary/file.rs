//! What a SentencePiece model file says.
//!
//! Field numbers: `sentencepiece_model.proto` in <https://github.com/google/sentencepiece>.

use super::error::VocabularyError;
use super::wire::Message;

/// Pieces this long or longer are refused, as the reference does.
const MAX_PIECE_BYTES: usize = 8000;
/// The largest vocabularies in use are a few megabytes.
const MAX_FILE_BYTES: usize = 64 << 20;

/// What a piece is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Normal,
    Unknown,
    Control,
    UserDefined,
    Unused,
    Byte,
}

impl Kind {
    fn from_number(number: u64) -> Option<Self> {
        Some(match number {
            1 => Self::Normal,
            2 => Self::Unknown,
            3 => Self::Control,
            4 => Self::UserDefined,
            5 => Self::Unused,
            6 => Self::Byte,
            _ => return None,
        })
    }
}

/// One entry of the vocabulary.
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    pub(super) score: f32,
    pub(super) kind: Kind,
}

/// How text is normalised before it is split.
pub(super) struct NormalizerSpec<'a> {
    pub(super) charsmap: &'a [u8],
    /// Offset of `charsmap` in the file.
    pub(super) charsmap_at: usize,
    pub(super) add_dummy_prefix: bool,
    pub(super) remove_extra_whitespaces: bool,
    pub(super) escape_whitespaces: bool,
    pub(super) whitespace_as_suffix: bool,
}

/// The parts of the file that matter once training is over.
pub(super) struct ModelFile<'a> {
    pub(super) pieces: Vec<Piece<'a>>,
    pub(super) normalizer: NormalizerSpec<'a>,
    pub(super) byte_fallback: bool,
    pub(super) unk_surface: &'a str,
    pub(super) eos_piece: &'a str,
}

impl<'a> ModelFile<'a> {
    /// Reads the file; the pieces are in the order of their ids.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, VocabularyError> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(VocabularyError::TooLarge(bytes.len()));
        }
        let mut file = Self {
            pieces: Vec::new(),
            normalizer: NormalizerSpec {
                charsmap: &[],
                charsmap_at: 0,
                add_dummy_prefix: true,
                remove_extra_whitespaces: true,
                escape_whitespaces: true,
                whitespace_as_suffix: false,
            },
            byte_fallback: false,
            unk_surface: " \u{2047} ",
            eos_piece: "</s>",
        };
        for field in Message::new(bytes).fields() {
            let field = field?;
            match field.number {
                1 => file.pieces.push(piece(field.message()?)?),
                2 => file.trainer_spec(field.message()?)?,
                3 => file.normalizer_spec(field.message()?)?,
                5 => no_denormalizer(field.message()?)?,
                _ => {}
            }
        }
        if file.pieces.is_empty() {
            return Err(VocabularyError::malformed(bytes.len(), "the file holds no pieces"));
        }
        Ok(file)
    }

    fn trainer_spec(&mut self, message: Message<'a>) -> Result<(), VocabularyError> {
        for field in message.fields() {
            let field = field?;
            match field.number {
                3 if field.varint()? != 1 => {
                    return Err(VocabularyError::Unsupported("a model type other than unigram"));
                }
                24 => self.normalizer.whitespace_as_suffix = field.bool()?,
                35 => self.byte_fallback = field.bool()?,
                44 => self.unk_surface = field.str()?,
                47 => self.eos_piece = field.str()?,
                _ => {}
            }
        }
        Ok(())
    }

    fn normalizer_spec(&mut self, message: Message<'a>) -> Result<(), VocabularyError> {
        for field in message.fields() {
            let field = field?;
            match field.number {
                2 => {
                    let blob = field.message()?;
                    (self.normalizer.charsmap, self.normalizer.charsmap_at) = (blob.bytes(), blob.at());
                }
                3 => self.normalizer.add_dummy_prefix = field.bool()?,
                4 => self.normalizer.remove_extra_whitespaces = field.bool()?,
                5 => self.normalizer.escape_whitespaces = field.bool()?,
                _ => {}
            }
        }
        Ok(())
    }
}

fn piece(message: Message<'_>) -> Result<Piece<'_>, VocabularyError> {
    let mut piece = Piece { text: "", score: 0.0, kind: Kind::Normal };
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => piece.text = field.str()?,
            2 => piece.score = field.float()?,
            3 => {
                let number = field.varint()?;
                piece.kind = Kind::from_number(number).ok_or_else(|| {
                    VocabularyError::malformed(field.at, format!("pieces of type {number} do not exist"))
                })?;
            }
            _ => {}
        }
    }
    let problem = if piece.text.is_empty() {
        "a piece is empty"
    } else if piece.text.contains('\0') {
        "a piece holds a NUL"
    } else if piece.text.len() >= MAX_PIECE_BYTES {
        "a piece is longer than any"
    } else if !piece.score.is_finite() {
        "a piece's score is not a number"
    } else {
        return Ok(piece);
    };
    Err(VocabularyError::malformed(message.at(), problem))
}

/// A rule for normalising the output would move every range that decoding reports; no Marian model has one.
fn no_denormalizer(message: Message<'_>) -> Result<(), VocabularyError> {
    for field in message.fields() {
        let field = field?;
        if field.number == 2 && !field.message()?.bytes().is_empty() {
            return Err(VocabularyError::Unsupported("a denormaliser"));
        }
    }
    Ok(())
}
