//! Lexical shortlists: which words of the target a sentence can need.
//!
//! A `lex.*.bin` file lists, for each source piece, the target pieces it was seen translated into. The
//! output projection then runs over about a thousand candidates instead of the whole vocabulary. Layout,
//! little-endian: six u64 (magic, checksum, number of frequent pieces, longest list, number of offsets,
//! number of list entries), the offsets (u64, one more than source pieces), the lists (u32). Source: Marian,
//! `data/shortlist.{h,cpp}` in <https://github.com/browsermt/marian-dev>.
//!
//! The candidates here are those of one sentence, so that a translation does not depend on what else is
//! translated with it.

const MAGIC: u64 = 0xF11A_48D5_0134_17F5;
const HEADER_BYTES: usize = 48;
/// The checksum covers what follows itself.
const CHECKED_FROM: usize = 16;
/// Candidates come in multiples of this, as in Marian: kernels work on whole groups of columns.
pub const CANDIDATE_MULTIPLE: usize = 8;

/// Why a shortlist could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShortlistError {
    /// The file does not begin as a shortlist does.
    #[error("not a binary shortlist: it does not begin with the magic number; give the model's lex.*.bin")]
    NotAShortlist,
    /// The header promises another size.
    #[error(
        "the shortlist has {found} bytes, its header says {expected}: it is truncated or damaged; fetch it again"
    )]
    Size {
        /// Bytes that the header promises; `u64::MAX` when that overflows.
        expected: u64,
        /// Bytes there are.
        found: usize,
    },
    /// The contents are not what was written.
    #[error(
        "the shortlist's checksum is {found:016x}, its header says {expected:016x}: it is damaged; fetch it again"
    )]
    Checksum {
        /// What the header says.
        expected: u64,
        /// What the contents give.
        found: u64,
    },
    /// The file is for other vocabularies.
    #[error("the shortlist does not fit the model's vocabularies: {0}; take both from the same model")]
    Mismatch(String),
}

/// A shortlist over the bytes of its file, such as a memory map; nothing is copied.
#[derive(Debug, Clone)]
pub struct Shortlist<B> {
    bytes: B,
    /// Target pieces below it are always candidates.
    frequent: u32,
    source_len: usize,
    target_len: usize,
    shared: bool,
}

/// The candidates of a sentence. Reuse one for many sentences: its memory is kept.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    ids: Vec<u32>,
    /// A bit for each target piece; all clear between uses.
    marked: Vec<u64>,
}

impl Candidates {
    /// No candidates.
    pub fn new() -> Self {
        Self::default()
    }

    /// Target ids, ascending, without repetition.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// Where an id stands among [`ids`](Self::ids): its column in the projection.
    pub fn position(&self, id: u32) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// Sets a bit; whether it is new. Ids outside the vocabulary are none.
    fn mark(&mut self, id: u32) -> bool {
        let Some(word) = self.marked.get_mut(id as usize / 64) else { return false };
        let bit = 1 << (id % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }
}

impl<B: AsRef<[u8]>> Shortlist<B> {
    /// Checks the file against its checksum and against the numbers of pieces of the two vocabularies.
    /// `shared` says that both languages use one vocabulary; then a source piece can stand for itself.
    ///
    /// # Errors
    /// If the file is not a shortlist, is damaged, or belongs to other vocabularies.
    pub fn new(bytes: B, source_len: usize, target_len: usize, shared: bool) -> Result<Self, ShortlistError> {
        let file = bytes.as_ref();
        let header: [u64; HEADER_BYTES / 8] = match file.first_chunk::<HEADER_BYTES>() {
            Some(header) => std::array::from_fn(|index| u64_at(header, index)),
            None => return Err(ShortlistError::NotAShortlist),
        };
        let [magic, expected_sum, frequent, _longest, offset_count, entry_count] = header;
        if magic != MAGIC {
            return Err(ShortlistError::NotAShortlist);
        }
        let size = |count: u64, width: u64| count.checked_mul(width);
        let expected = size(offset_count, 8)
            .zip(size(entry_count, 4))
            .and_then(|(offsets, entries)| offsets.checked_add(entries)?.checked_add(HEADER_BYTES as u64));
        if expected != Some(file.len() as u64) {
            return Err(ShortlistError::Size { expected: expected.unwrap_or(u64::MAX), found: file.len() });
        }
        let found = hash(&file[CHECKED_FROM..]);
        if found != expected_sum {
            return Err(ShortlistError::Checksum { expected: expected_sum, found });
        }
        let mismatch = |what: String| Err(ShortlistError::Mismatch(what));
        if offset_count != source_len as u64 + 1 {
            return mismatch(format!("it has {offset_count} offsets for {source_len} source pieces"));
        }
        if shared && source_len != target_len {
            return mismatch(format!(
                "{source_len} source and {target_len} target pieces are not one vocabulary"
            ));
        }
        // Ids are u32; more frequent pieces than there are is as good as all of them.
        let frequent = u32::try_from(frequent.min(target_len as u64)).unwrap_or(u32::MAX);
        let shortlist = Self { bytes, frequent, source_len, target_len, shared };
        let (offsets, entries) = shortlist.parts();
        let ascending =
            offsets.windows(2).all(|pair| u64::from_le_bytes(pair[0]) <= u64::from_le_bytes(pair[1]));
        let last = offsets.last().map(|last| u64::from_le_bytes(*last));
        if !ascending || last != Some(entry_count) {
            return mismatch("its offsets are not in order".into());
        }
        if let Some(id) =
            entries.iter().map(|id| u32::from_le_bytes(*id)).find(|id| *id as usize >= target_len)
        {
            return mismatch(format!("it names piece {id} of {target_len}"));
        }
        Ok(shortlist)
    }

    /// The offsets and the list entries, still in the file's byte order.
    fn parts(&self) -> (&[[u8; 8]], &[[u8; 4]]) {
        // A mapped file can shrink under us; then there are no candidates rather than a panic.
        let body = self.bytes.as_ref().get(HEADER_BYTES..).unwrap_or_default();
        let (offsets, entries) = body.split_at_checked((self.source_len + 1) * 8).unwrap_or_default();
        (offsets.as_chunks().0, entries.as_chunks().0)
    }

    /// The target pieces that `source` can be translated into: the most frequent ones, the source pieces
    /// themselves where the vocabulary is shared, what each is listed with, then `extra` (the pieces of
    /// terms), and further frequent ones until the count is a multiple of [`CANDIDATE_MULTIPLE`].
    ///
    /// `source` is the encoded sentence with its end-of-sentence. Ids outside the vocabularies are ignored.
    /// `out` is overwritten.
    pub fn candidates(&self, source: &[u32], extra: &[u32], out: &mut Candidates) {
        out.ids.clear();
        out.marked.resize(self.target_len.div_ceil(64), 0);
        let mut count = 0usize;
        let mut add = |out: &mut Candidates, id: u32| {
            if (id as usize) < self.target_len {
                count += usize::from(out.mark(id));
            }
        };
        for id in 0..self.frequent {
            add(out, id);
        }
        let (offsets, entries) = self.parts();
        for word in source {
            if self.shared {
                add(out, *word);
            }
            for id in list(offsets, entries, *word) {
                add(out, u32::from_le_bytes(*id));
            }
        }
        for id in extra {
            add(out, *id);
        }
        let mut next = self.frequent;
        while !count.is_multiple_of(CANDIDATE_MULTIPLE) && (next as usize) < self.target_len {
            count += usize::from(out.mark(next));
            next += 1;
        }
        out.ids.reserve(count);
        for (index, word) in out.marked.iter_mut().enumerate() {
            let mut bits = std::mem::take(word);
            while bits != 0 {
                out.ids.push((index * 64) as u32 + bits.trailing_zeros());
                bits &= bits - 1;
            }
        }
    }
}

/// The entries of one source piece; none if there is no such piece.
fn list<'a>(offsets: &[[u8; 8]], entries: &'a [[u8; 4]], word: u32) -> &'a [[u8; 4]] {
    let offset = |index: usize| usize::try_from(u64::from_le_bytes(*offsets.get(index)?)).ok();
    let word = word as usize;
    offset(word).zip(offset(word + 1)).and_then(|(begin, end)| entries.get(begin..end)).unwrap_or_default()
}

fn u64_at(bytes: &[u8], index: usize) -> u64 {
    u64::from_le_bytes(std::array::from_fn(|byte| bytes[index * 8 + byte]))
}

/// The checksum that the header of this file should hold, for those who make shortlists. `None` if the file
/// is shorter than a header.
pub fn checksum(file: &[u8]) -> Option<u64> {
    file.first_chunk::<HEADER_BYTES>()?;
    Some(hash(&file[CHECKED_FROM..]))
}

/// Marian's `hashMem` over whole u64; what is left over does not count.
fn hash(bytes: &[u8]) -> u64 {
    bytes.as_chunks().0.iter().fold(0u64, |seed, chunk| {
        let mixed = u64::from_le_bytes(*chunk)
            .wrapping_add(0x9e37_79b9)
            .wrapping_add(seed << 6)
            .wrapping_add(seed >> 2);
        seed ^ mixed
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// A file with these lists.
    fn file(frequent: u64, lists: &[Vec<u32>]) -> Vec<u8> {
        let mut body = Vec::new();
        body.extend(frequent.to_le_bytes());
        body.extend(100u64.to_le_bytes());
        body.extend((lists.len() as u64 + 1).to_le_bytes());
        body.extend((lists.iter().map(Vec::len).sum::<usize>() as u64).to_le_bytes());
        let mut offset = 0u64;
        body.extend(offset.to_le_bytes());
        for list in lists {
            offset += list.len() as u64;
            body.extend(offset.to_le_bytes());
        }
        body.extend(lists.iter().flatten().flat_map(|id| id.to_le_bytes()));
        let mut file = MAGIC.to_le_bytes().to_vec();
        file.extend(hash(&body).to_le_bytes());
        file.extend(body);
        file
    }

    /// The rule, word for word.
    fn rule(
        frequent: u32,
        lists: &[Vec<u32>],
        target_len: u32,
        shared: bool,
        source: &[u32],
        extra: &[u32],
    ) -> Vec<u32> {
        let mut set: BTreeSet<u32> = (0..frequent.min(target_len)).collect();
        for word in source {
            if shared {
                set.insert(*word);
            }
            set.extend(&lists[*word as usize]);
        }
        set.extend(extra);
        for id in frequent.min(target_len)..target_len {
            if set.len().is_multiple_of(8) {
                break;
            }
            set.insert(id);
        }
        set.into_iter().collect()
    }

    proptest! {
        #[test]
        fn follows_the_rule(
            frequent in 0u32..80,
            lists in prop::collection::vec(prop::collection::vec(0u32..70, 0..12), 70),
            sources in prop::collection::vec(prop::collection::vec(0u32..70, 0..9), 3),
            extra in prop::collection::vec(0u32..70, 0..3),
            shared: bool,
        ) {
            let shortlist = Shortlist::new(file(frequent.into(), &lists), 70, 70, shared).unwrap();
            let mut out = Candidates::new();
            for source in sources {
                shortlist.candidates(&source, &extra, &mut out);
                prop_assert_eq!(out.ids(), rule(frequent, &lists, 70, shared, &source, &extra));
                for (position, id) in out.ids().iter().enumerate() {
                    prop_assert_eq!(out.position(*id), Some(position));
                }
            }
        }

        #[test]
        fn damage_is_noticed(at in 0usize..10_000, bit in 0u8..8) {
            let mut bytes = file(3, &[vec![1, 2], vec![], vec![4]]);
            // The padding after the last whole u64 is not under the checksum, and the longest list unused.
            let at = at % (bytes.len() / 8 * 8);
            bytes[at] ^= 1 << bit;
            prop_assert!(Shortlist::new(&bytes, 3, 5, false).is_err());
            prop_assert!(Shortlist::new(&bytes[..at], 3, 5, false).is_err());
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let message = |bytes: &[u8], source, target, shared| {
            Shortlist::new(bytes, source, target, shared).unwrap_err().to_string()
        };
        let good = file(2, &[vec![1, 2], vec![4]]);
        assert!(message(&good, 3, 5, false).contains("3 offsets for 3 source pieces"));
        assert!(message(&good, 2, 5, true).contains("not one vocabulary"));
        assert!(message(&good, 2, 4, false).contains("piece 4 of 4"));
        assert!(message(&good[..40], 2, 5, false).contains("magic number"));
        assert!(message(b"", 2, 5, false).contains("magic number"));
        assert!(message(&good[..good.len() - 4], 2, 5, false).contains("truncated"));
        let mut huge = good.clone();
        huge[32..40].fill(0xff);
        assert!(message(&huge, 2, 5, false).contains("truncated"));

        let seal = |mut bytes: Vec<u8>| {
            let sum = checksum(&bytes).unwrap();
            bytes[8..16].copy_from_slice(&sum.to_le_bytes());
            bytes
        };
        let mut disorder = good.clone();
        disorder[56..64].copy_from_slice(&9u64.to_le_bytes());
        assert!(message(&seal(disorder), 2, 5, false).contains("not in order"));
        let mut endless = good.clone();
        endless[16..24].fill(0xff);
        let shortlist = Shortlist::new(seal(endless), 2, 5, false).unwrap();
        let mut out = Candidates::new();
        shortlist.candidates(&[0, u32::MAX], &[7, u32::MAX], &mut out);
        assert_eq!(out.ids(), [0, 1, 2, 3, 4], "as many as there are, though not a multiple of eight");
    }
}
