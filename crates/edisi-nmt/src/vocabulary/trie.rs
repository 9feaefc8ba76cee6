//! A double-array trie from byte strings to numbers.
//!
//! Aoe, "An Efficient Digital Search Algorithm by Using a Double-Array Structure" (1989), with children at
//! `base ^ label` as in Yata's darts-clone. A step is one load of eight bytes.

/// Stands for "no key ends here".
pub(super) const NONE: u32 = u32::MAX;

const BLOCK: usize = 256;
/// Free slots tried for a node of several children before the array grows by a block.
const TRIALS: usize = 64;
/// `base` has 23 bits.
const MAX_UNITS: usize = 1 << 23;
const USED: u32 = 0x100;

/// A node: where its children are, the byte that leads to it, and the number of the key ending here.
#[derive(Debug, Clone, Copy)]
struct Unit {
    /// Bits 0–7 the byte, bit 8 set where a node is, bits 9–31 the base of the children.
    link: u32,
    value: u32,
}

const FREE: Unit = Unit { link: 0, value: NONE };

/// A position in the trie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node(Unit);

impl Node {
    /// Number of the key that ends here, or [`NONE`].
    #[inline(always)]
    pub(super) fn value(self) -> u32 {
        self.0.value
    }
}

/// Maps keys to numbers below [`NONE`].
#[derive(Debug, Clone)]
pub(super) struct Trie {
    /// The root is unit 0; the rest of the first block stays free, so that a base of 0 has no children.
    units: Vec<Unit>,
}

impl Trie {
    /// Builds the trie of `keys`, which must be sorted, distinct and without NUL. `None` when they need
    /// more nodes than the representation holds (eight million).
    pub(super) fn build(keys: &[(&[u8], u32)]) -> Option<Self> {
        debug_assert!(keys.is_sorted_by(|a, b| a.0 < b.0));
        let mut builder = Builder::new();
        // (unit, keys below it, their common length)
        let mut open = vec![(0usize, 0..keys.len(), 0usize)];
        let mut children = Vec::new();
        while let Some((unit, mut range, depth)) = open.pop() {
            if let Some((key, value)) = keys.get(range.start)
                && !range.is_empty()
                && key.len() == depth
            {
                builder.units[unit].value = *value;
                range.start += 1;
            }
            children.clear();
            while !range.is_empty() {
                let label = keys[range.start].0[depth];
                // Most nodes have one child.
                let end = match keys[range.end - 1].0[depth] == label {
                    true => range.end,
                    false => {
                        range.start + keys[range.clone()].partition_point(|(key, _)| key[depth] == label)
                    }
                };
                children.push((label, range.start..end));
                range.start = end;
            }
            if children.is_empty() {
                continue;
            }
            let base = builder.place(&children)?;
            builder.units[unit].link |= (base as u32) << 9;
            open.extend(children.drain(..).map(|(label, keys)| (base ^ usize::from(label), keys, depth + 1)));
        }
        Some(Self { units: builder.units })
    }

    /// Where every walk begins.
    #[inline(always)]
    pub(super) fn root(&self) -> Node {
        Node(self.units[0])
    }

    /// The node one byte further.
    #[inline(always)]
    pub(super) fn child(&self, node: Node, byte: u8) -> Option<Node> {
        let unit = *self.units.get((node.0.link >> 9) as usize ^ usize::from(byte))?;
        (unit.link & 0x1ff == USED | u32::from(byte)).then_some(Node(unit))
    }

    /// The number of exactly this key.
    pub(super) fn get(&self, key: &[u8]) -> Option<u32> {
        let node = key.iter().try_fold(self.root(), |node, byte| self.child(node, *byte))?;
        (node.value() != NONE).then_some(node.value())
    }

    /// Length in bytes of the longest key that `text` begins with.
    pub(super) fn longest_prefix(&self, text: &[u8]) -> Option<usize> {
        let mut node = self.root();
        let mut longest = None;
        for (at, byte) in text.iter().enumerate() {
            let Some(next) = self.child(node, *byte) else { break };
            node = next;
            if node.value() != NONE {
                longest = Some(at + 1);
            }
        }
        longest
    }
}

/// The array while it grows. Free slots form a ring through `next` and `previous`; slot 0 is its head.
struct Builder {
    units: Vec<Unit>,
    next: Vec<u32>,
    previous: Vec<u32>,
    base_taken: Vec<bool>,
}

impl Builder {
    fn new() -> Self {
        Self {
            units: vec![FREE; BLOCK],
            next: vec![0; BLOCK],
            previous: vec![0; BLOCK],
            base_taken: vec![true; BLOCK],
        }
    }

    /// Takes slots for all children of a node and gives their base.
    fn place(&mut self, children: &[(u8, std::ops::Range<usize>)]) -> Option<usize> {
        let first = usize::from(children[0].0);
        let mut slot = self.next[0] as usize;
        let mut base = None;
        for _ in 0..TRIALS {
            if slot == 0 {
                break;
            }
            let candidate = slot ^ first;
            if !self.base_taken[candidate]
                && children[1..]
                    .iter()
                    .all(|(label, _)| self.units[candidate ^ usize::from(*label)].link & USED == 0)
            {
                base = Some(candidate);
                break;
            }
            slot = self.next[slot] as usize;
        }
        let base = match base {
            Some(base) => base,
            None => self.grow()?,
        };
        self.base_taken[base] = true;
        for (label, _) in children {
            let slot = base ^ usize::from(*label);
            self.units[slot].link = USED | u32::from(*label);
            let (previous, next) = (self.previous[slot], self.next[slot]);
            self.next[previous as usize] = next;
            self.previous[next as usize] = previous;
        }
        Some(base)
    }

    /// Appends a block of free slots at the front of the ring and gives its first.
    fn grow(&mut self) -> Option<usize> {
        let begin = self.units.len();
        if begin + BLOCK > MAX_UNITS {
            return None;
        }
        self.units.resize(begin + BLOCK, FREE);
        self.base_taken.resize(begin + BLOCK, false);
        let (first, last) = (begin as u32, (begin + BLOCK - 1) as u32);
        self.next.extend(first + 1..=last + 1);
        self.previous.extend((first..=last).map(|slot| slot - 1));
        let front = self.next[0];
        self.previous[begin] = 0;
        self.next[0] = first;
        self.next[last as usize] = front;
        self.previous[front as usize] = last;
        Some(begin)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn build(map: &BTreeMap<Vec<u8>, u32>) -> Trie {
        let keys: Vec<_> = map.iter().map(|(key, value)| (key.as_slice(), *value)).collect();
        Trie::build(&keys).unwrap()
    }

    proptest! {
        #[test]
        fn finds_what_a_map_finds(
            map in prop::collection::btree_map(prop::collection::vec(1u8..6, 1..6), 0u32..100, 0..200),
            others in prop::collection::vec(prop::collection::vec(0u8..7, 0..7), 50),
        ) {
            let trie = build(&map);
            for key in map.keys().chain(&others) {
                prop_assert_eq!(trie.get(key), map.get(key).copied());
                let longest = (1..=key.len()).rev().find(|len| map.contains_key(&key[..*len]));
                prop_assert_eq!(trie.longest_prefix(key), longest);
            }
        }

        #[test]
        fn full_fan_out(keys in prop::collection::btree_set(prop::collection::vec(1u8..=255, 1..4), 0..2000)) {
            let map = keys.into_iter().zip(0..).collect();
            let trie = build(&map);
            for (key, value) in &map {
                prop_assert_eq!(trie.get(key), Some(*value));
            }
        }
    }

    #[test]
    fn no_keys() {
        let trie = Trie::build(&[]).unwrap();
        assert_eq!(trie.get(b"a"), None);
        assert_eq!(trie.get(b"\0"), None);
        assert_eq!(trie.longest_prefix(b"a"), None);
    }
}
