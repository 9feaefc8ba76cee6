//! How much the checks on translations see: a benchmark with seeded errors; and how fast the translation memory is
//! ([`memory`]).
//!
//! From clean pairs, made by people, [`guard::run`] makes corrupted ones ([`Kind`], [`corrupt()`]) and counts how
//! many of them the checks notice and how often they cry at clean pairs. The same seed gives the same corruptions
//! on every machine.
//!
//! The corruptions and the checks share nothing but `edisi-text`: the lists in `data/` are the benchmark's own,
//! and the checks come in as [`Checks`], so that other tools' can be measured too.

mod clock;
pub mod corrupt;
mod find;
pub mod guard;
mod lists;
pub mod memory;
mod random;
mod table;

pub use corrupt::{Clean, Corpus, Corruption, Kind, corrupt};
pub use guard::{Checks, Family, Options, Report};
pub use random::Random;
