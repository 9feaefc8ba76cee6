//! Translation memory: sentences that an editor has reviewed, with their translations, found again exactly or nearly.
//!
//! A [`Memory`] is a folder on disk that belongs to one site. It learns [`Unit`]s, which name who reviewed them and
//! when; nothing else goes in. [`Memory::exact`] gives the translations of a sentence, [`Memory::fuzzy`] those of
//! sentences like it, best first, with a score by [`score`] and, where they differ in numbers only, the translation with
//! these replaced ([`adapted`]). Other programs exchange them as TMX files ([`tmx`]).
//!
//! The index is tantivy's. What [`Memory::add`] or [`Memory::remove`] has returned from is on disk for good: a commit
//! is the renaming of one file, so that a program killed in between leaves the state before. One program writes at a
//! time, any number read.
//!
//! ```
//! use edisi_memory::{Memory, Review, Unit};
//! use edisi_text::Lang;
//!
//! # let dir = tempfile::tempdir()?;
//! # let dir = dir.path();
//! let memory = Memory::create(dir, "kabar")?;
//! memory.add([Unit {
//!     pair: (Lang::ID, Lang::EN),
//!     source: "Sebanyak 120 warga mengungsi pada 12 Januari.".into(),
//!     target: "A total of 120 residents were evacuated on January 12.".into(),
//!     review: Review { by: "sari".into(), at: "2026-11-02T08:00:00Z".parse()? },
//!     origin: "banjir.html".into(),
//!     context: None,
//! }])?;
//! let found = memory.fuzzy((Lang::ID, Lang::EN), "Sebanyak 350 warga mengungsi pada 13 Januari.", 0.75, 5)?;
//! assert_eq!(found[0].adapted.as_deref(), Some("A total of 350 residents were evacuated on January 13."));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod adapt;
mod distance;
mod error;
mod index;
mod memory;
mod search;
pub mod tmx;
mod token;
mod unit;

pub use adapt::adapted;
pub use distance::score;
pub use error::MemoryError;
pub use memory::{Added, Memory, Selection, Stats};
pub use search::Match;
pub use unit::{Review, Unit};

/// A source and a target language.
pub type Pair = (edisi_text::Lang, edisi_text::Lang);
