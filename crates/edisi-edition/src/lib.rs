//! Makes editions: takes an article apart, has it translated, checks it and puts it together again.
//!
//! [`Pipeline`] is the way in. Engines implement [`Translator`]; [`Router`] chooses among them; [`Cache`]
//! keeps what is done; `render` makes pages of the result.

mod assemble;
pub mod cache;
mod checks;
pub mod edition;
pub mod engines;
pub mod markup;
pub mod pipeline;
pub mod publish;
pub mod render;
pub mod report;
pub mod router;
#[cfg(test)]
mod testing;
pub mod translator;
pub mod units;
mod work;

pub use cache::{Cache, CacheError};
pub use edition::{Edition, EditionSegment, EditionSet, EditionUnit};
pub use pipeline::{Event, Made, Pipeline, PipelineError};
pub use router::{Route, RouteError, Router, Via};
pub use translator::{Control, EngineError, EngineErrorKind, Pair, Tier, Translator};
