//! Random choices that are the same on every machine.

/// SplitMix64 (Steele, Lea, Flood 2014): small, even, and the same everywhere for one seed.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The choices for one line and kind under a seed, independent of which others are made.
    pub fn of(seed: u64, kind: u64, line: u64) -> Random {
        let mut random = Random(seed ^ kind.wrapping_mul(0xa076_1d64_78bd_642f));
        let mixed = random.next() ^ line.wrapping_mul(0xe703_7ed1_a0b4_28db);
        Random(mixed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 when there is none.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % (n.max(1) as u64)) as usize
    }

    /// One of `items`.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// `items` in random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}
