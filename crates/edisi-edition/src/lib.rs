//! Makes editions: takes an article apart, has it translated, checks it and puts it together again.
//!
//! [`Pipeline`] is the way in. Engines implement [`Translator`]; [`Router`] chooses among them; [`Cache`]
//! keeps what is done.

pub mod cache;
pub mod markup;
pub mod router;
#[cfg(test)]
mod testing;
pub mod translator;
pub mod units;
mod work;

pub use cache::{Cache, CacheError};
pub use router::{Route, RouteError, Router, Via};
pub use translator::{EngineError, EngineErrorKind, Pair, Tier, Translator};
