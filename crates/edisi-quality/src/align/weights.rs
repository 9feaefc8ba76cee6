//! What the evidence for a bead is worth, in nats.

/// Weights of the evidence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights {
    /// A sentence of the source that nothing answers to.
    pub missing: f32,
    /// A sentence of the translation that answers to nothing.
    pub added: f32,
    /// On top, taken off for a piece of no length: what is that short was joined to its neighbour.
    pub short_lost: f32,
    /// Each sentence more on one side.
    pub joined: f32,
    /// On top where one of those joined has no length.
    pub short_joined: f32,
    /// Several on both sides.
    pub crossed: f32,
    /// Length of a sentence that is not short, in characters of an English text.
    pub short: f32,
    /// A nat of a word that is found. Words come together, so that their evidence does not add up.
    pub found: f32,
    /// A nat of a word that is missing.
    pub absent: f32,
    /// The same of a word that is there and answers for another already.
    pub used: f32,
    /// Taken off what is found, for each doubling of the length it is found in (as a natural logarithm).
    pub chance: f32,
    /// What words can say at most.
    pub most: f32,
    /// A squared standard deviation of length.
    pub length: f32,
    /// A question mark on both sides, and on one only.
    pub question: (f32, f32),
    /// A paragraph that begins on both sides, and on one only.
    pub paragraph: (f32, f32),
}

/// The weights in use.
pub(super) fn weights() -> &'static Weights {
    static WEIGHTS: Weights = Weights {
        missing: -2.2,
        added: -5.6,
        short_lost: 1.4,
        joined: -4.5,
        short_joined: 1.4,
        crossed: 1.0,
        short: 56.0,
        found: 0.21,
        absent: 0.24,
        used: 0.1,
        chance: 0.5,
        most: 30.0,
        length: 0.5,
        question: (1.0, -2.0),
        paragraph: (1.5, -1.0),
    };
    &WEIGHTS
}
