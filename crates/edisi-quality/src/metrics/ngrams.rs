//! Counting n-grams by sorting packed keys.

/// The n-grams of one order in one text, sorted, each packed into one integer.
pub(super) struct Ngrams(Vec<u128>);

impl Ngrams {
    /// The n-grams of `order` symbols in `symbols`, `bits` bits a symbol.
    ///
    /// `order * bits` must not exceed 128, and no symbol may need more than `bits` bits; then two n-grams of the
    /// same order are equal exactly when their keys are.
    pub(super) fn new(symbols: &[u32], order: usize, bits: u32) -> Ngrams {
        debug_assert!(order as u32 * bits <= 128);
        let mut keys: Vec<u128> = symbols
            .windows(order)
            .map(|w| w.iter().fold(0u128, |key, &s| (key << bits) | u128::from(s)))
            .collect();
        keys.sort_unstable();
        Ngrams(keys)
    }

    /// How many there are, repeats counted.
    pub(super) fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// The size of the intersection of the two multisets.
    pub(super) fn matches(&self, other: &Ngrams) -> u64 {
        let (mut i, mut j, mut found) = (0, 0, 0);
        while i < self.0.len() && j < other.0.len() {
            match self.0[i].cmp(&other.0[j]) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    found += 1;
                    i += 1;
                    j += 1;
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_count_as_often_as_both_sides_have_them() {
        let a = Ngrams::new(&[1, 2, 1, 2, 1], 2, 21);
        let b = Ngrams::new(&[1, 2, 1], 2, 21);
        assert_eq!((a.len(), b.len()), (4, 2));
        assert_eq!(a.matches(&b), 2);
        assert_eq!(b.matches(&a), 2);
    }

    #[test]
    fn a_text_shorter_than_the_order_has_none() {
        assert_eq!(Ngrams::new(&[1, 2], 3, 21).len(), 0);
    }
}
