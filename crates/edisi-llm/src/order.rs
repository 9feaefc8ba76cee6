//! The order in which the vocabulary's columns are stored.
//!
//! A mask lets through the pieces of some scripts. Stored by what they are written in, those stand together, and the
//! output projection is computed for their panels alone.

use crate::tokenizer::Tokenizer;

/// Which column of the embedding table belongs to which piece.
pub(crate) struct Order {
    /// The column of each piece.
    pub columns: Vec<u32>,
    /// The piece of each column.
    pub pieces: Vec<u32>,
}

impl Order {
    /// Pieces in one writing side by side, in their own order.
    pub fn by_writing(tokenizer: &Tokenizer) -> Order {
        let mut pieces: Vec<u32> = (0..tokenizer.len() as u32).collect();
        pieces.sort_by_cached_key(|&id| writing(&tokenizer.decode(&[id])));
        let mut columns = vec![0; pieces.len()];
        for (column, &id) in pieces.iter().enumerate() {
            columns[id as usize] = column as u32;
        }
        Order { columns, pieces }
    }
}

/// Longest run of small letters that a mask for another script may let through, as the rest of a name.
const REST: usize = 4;

/// A number that pieces share which masks tend to allow or forbid together: marks, Latin letters by their case, other
/// scripts by their place in Unicode.
fn writing(piece: &str) -> u32 {
    /// The first letter that is not Latin.
    const OTHER: u32 = 0x250;
    let letters = || piece.chars().filter(|c| c.is_alphabetic());
    match letters().max() {
        None => 0,
        Some(c) if u32::from(c) >= OTHER => 4 + (u32::from(c) >> 8),
        Some(_) if letters().any(char::is_uppercase) => 1,
        Some(_) if letters().count() <= REST && !piece.starts_with(' ') => 2,
        Some(_) => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::vocabulary;

    #[test]
    fn writings_stand_together() {
        let tokenizer = Tokenizer::from_metadata(&vocabulary(&["新", " the", "Ja", "語", " kata", "و"]))
            .expect("a vocabulary");
        let order = Order::by_writing(&tokenizer);
        for (column, &id) in order.pieces.iter().enumerate() {
            assert_eq!(order.columns[id as usize] as usize, column);
        }
        let kinds: Vec<u32> = order.pieces.iter().map(|&id| writing(&tokenizer.decode(&[id]))).collect();
        assert!(kinds.is_sorted());
        assert_eq!(
            (writing("., "), writing(" Kata"), writing("ka"), writing(" ka"), writing("kalimat")),
            (0, 1, 2, 3, 3)
        );
        assert!(writing("新") > writing("و"));
    }
}
