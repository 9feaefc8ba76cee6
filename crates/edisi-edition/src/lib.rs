//! Makes editions: takes an article apart, has it translated, checks it and puts it together again.
//!
//! [`Pipeline`] is the way in. Engines implement [`Translator`]; [`Router`] chooses among them; [`Cache`]
//! keeps what is done; a site's memory ([`recall`]) gives what editors reviewed before; [`publish`] writes the result as files, with pages by [`render`] and a [`report`].
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use edisi_edition::engines::{LlmEngine, LlmOptions};
//! use edisi_edition::{Cache, Control, Pipeline, Router, Translator, publish};
//! # use edisi_text::Lang;
//! # fn article() -> edisi_article::Article { todo!() }
//!
//! let model = edisi_models::Store::open_default()?.get("edisi-draft")?;
//! let path = model.path();
//! let engine: Arc<dyn Translator> = Arc::new(LlmEngine::new(model.manifest, path, LlmOptions::default()));
//! let pipeline = Pipeline::new(Router::new(vec![engine]), Some(Cache::open("cache".as_ref())?));
//! let set = pipeline.translate(&article(), None, &[Lang::EN, Lang::JA], &Control::default(), &mut |_| {})?;
//! publish::write("editions/story".as_ref(), &publish::files(&set, None)?)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod assemble;
pub mod batched;
pub mod cache;
mod checks;
mod clauses;
pub mod edition;
pub mod engines;
mod glossary;
pub mod kept;
pub mod loose;
pub mod markup;
pub mod pipeline;
pub mod policy;
pub mod publish;
pub mod recall;
pub mod render;
pub mod repair;
pub mod report;
pub mod router;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod translator;
pub mod units;
mod work;

pub use cache::{Cache, CacheError};
pub use edition::{Edition, EditionSegment, EditionSet, EditionUnit};
pub use pipeline::{Event, Made, Pipeline, PipelineError};
pub use policy::{Decision, Policy};
pub use router::{Route, RouteError, Router, Via};
pub use translator::{Control, EngineError, EngineErrorKind, Pair, Tier, Translator};
