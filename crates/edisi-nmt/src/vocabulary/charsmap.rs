//! The rules for rewriting characters that a SentencePiece file carries.
//!
//! Layout of `precompiled_charsmap`: the size of the trie in bytes (u32), a darts-clone double array of
//! u32 units, then the replacements, each ended by a NUL. Units:
//! <https://github.com/s-yata/darts-clone>, `include/darts.h`.

use super::error::VocabularyError;

/// Longest-match rewriting rules.
#[derive(Debug, Clone, Default)]
pub(super) struct Charsmap {
    units: Vec<u32>,
    replacements: String,
}

fn label(unit: u32) -> u32 {
    unit & 0x8000_00ff
}

fn has_leaf(unit: u32) -> bool {
    unit & 0x100 != 0
}

fn offset(unit: u32) -> usize {
    ((unit >> 10) << ((unit & 0x200) >> 6)) as usize
}

fn is_leaf(unit: u32) -> bool {
    unit & 0x8000_0000 != 0
}

fn leaf_value(unit: u32) -> usize {
    (unit & 0x7fff_ffff) as usize
}

impl Charsmap {
    /// Reads the rules and checks that each leads to a replacement. `at` is where `blob` begins in the file.
    pub(super) fn parse(blob: &[u8], at: usize) -> Result<Self, VocabularyError> {
        if blob.is_empty() {
            return Ok(Self::default());
        }
        let fail = |what: &str| VocabularyError::malformed(at, format!("character map: {what}"));
        let (size, rest) = blob.split_first_chunk().ok_or_else(|| fail("too short"))?;
        let size = u32::from_le_bytes(*size) as usize;
        let (trie, replacements) =
            rest.split_at_checked(size).ok_or_else(|| fail("the trie is larger than the map"))?;
        let (units, []) = trie.as_chunks() else {
            return Err(fail("the trie is not a whole number of units"));
        };
        let units: Vec<u32> = units.iter().map(|unit| u32::from_le_bytes(*unit)).collect();
        let replacements =
            std::str::from_utf8(replacements).map_err(|_| fail("a replacement is not UTF-8"))?;
        if units.is_empty() || !replacements.ends_with('\0') {
            return Err(fail("it has no rules"));
        }
        // Whatever a walk can reach is among the units that are not leaves themselves.
        for (position, unit) in
            units.iter().enumerate().filter(|(_, unit)| !is_leaf(**unit) && has_leaf(**unit))
        {
            let leaf = units.get(position ^ offset(*unit)).copied().filter(|leaf| is_leaf(*leaf));
            if !leaf.is_some_and(|leaf| {
                replacements.is_char_boundary(leaf_value(leaf)) && leaf_value(leaf) < replacements.len()
            }) {
                return Err(fail("a rule leads nowhere"));
            }
        }
        Ok(Self { units, replacements: replacements.to_owned() })
    }

    /// The longest rule at the beginning of `text`: its length in bytes and what replaces it. A rule that
    /// would cut a character does not count.
    pub(super) fn longest(&self, text: &str) -> Option<(usize, &str)> {
        let bytes = text.as_bytes();
        let mut position = offset(*self.units.first()?);
        let mut found = None;
        for (at, byte) in bytes.iter().enumerate() {
            position ^= usize::from(*byte);
            let Some(unit) = self.units.get(position).filter(|unit| label(**unit) == u32::from(*byte)) else {
                break;
            };
            position ^= offset(*unit);
            if has_leaf(*unit) && text.is_char_boundary(at + 1) {
                found = Some((at + 1, leaf_value(self.units[position])));
            }
        }
        let (length, begin) = found?;
        let replacement = &self.replacements[begin..];
        // `parse` saw that the last byte is a NUL.
        let end = replacement.bytes().position(|byte| byte == 0).unwrap_or(replacement.len());
        Some((length, &replacement[..end]))
    }

    /// Bit c is set where the ASCII character c is left as it is, whatever other ASCII follows it.
    pub(super) fn plain_ascii(&self) -> u128 {
        let step = |position: usize, byte: u8| {
            let position = position ^ usize::from(byte);
            let unit = *self.units.get(position).filter(|unit| label(**unit) == u32::from(byte))?;
            Some((unit, position ^ offset(unit)))
        };
        let Some(root) = self.units.first() else { return u128::MAX };
        (0..128u8)
            .filter(|byte| match step(offset(*root), *byte) {
                None => true,
                Some((unit, below)) => !has_leaf(unit) && (0..128).all(|next| step(below, next).is_none()),
            })
            .fold(0, |plain, byte| plain | 1 << byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_maps() {
        let parse = |blob: &[u8]| Charsmap::parse(blob, 7);
        assert!(parse(&[]).unwrap().longest("a").is_none());
        assert_eq!(parse(&[]).unwrap().plain_ascii(), u128::MAX);
        for blob in [
            &[1u8][..],
            &[8, 0, 0, 0, 0, 0, 0, 0],
            &[3, 0, 0, 0, 1, 2, 3, b'a', 0],
            &[0, 0, 0, 0, b'a', 0],
            &[4, 0, 0, 0, 0, 0, 0, 0, b'a'],
            &[4, 0, 0, 0, 0, 0, 0, 0, 0xff, 0],
            // The root claims a leaf outside the array.
            &[4, 0, 0, 0, 0, 0xff, 0xff, 0x7f, b'a', 0],
        ] {
            let error = parse(blob).unwrap_err();
            assert!(error.to_string().contains("at byte 7: character map"), "{error}");
        }
    }
}
