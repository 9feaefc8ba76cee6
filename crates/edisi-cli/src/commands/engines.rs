//! From installed models to a pipeline.

use std::sync::Arc;

use edisi_edition::engines::{LlmEngine, LlmOptions, MarianEngine};
use edisi_edition::{Cache, Pipeline, Router, Translator, Via};
use edisi_models::{Installed, Prompt, Store};

use crate::args::{CacheArgs, Engine, Way};
use crate::failure::{Code, Failure};
use crate::progress;

/// A router over what is installed, or over the one model asked for.
pub fn router(args: &Engine) -> Result<Router, Failure> {
    let options = LlmOptions { threads: args.threads, max_batch: args.batch };
    let engines = installed(args)?.into_iter().map(|model| engine(model, options.clone())).collect();
    let router = Router::new(engines);
    Ok(match args.via {
        None => router,
        Some(Way::Direct) => router.via(Via::Direct),
        Some(Way::English) => router.via(Via::English),
    })
}

/// A pipeline over what is installed.
pub fn pipeline(args: &Engine, cache: &CacheArgs) -> Result<Pipeline, Failure> {
    Ok(Pipeline::new(router(args)?, open_cache(cache)?))
}

/// The models to choose from: those trained to translate before those that are only shown examples.
fn installed(args: &Engine) -> Result<Vec<Installed>, Failure> {
    let store = Store::open_default()?;
    if let Some(name) = &args.model {
        return Ok(vec![store.get(name)?]);
    }
    let listing = store.list()?;
    let mut models = listing.models;
    for (_, error) in listing.damaged {
        if models.is_empty() {
            return Err(error.into());
        }
        progress::warn(&error.to_string());
    }
    if models.is_empty() {
        let message = "no translation model is installed; run `edisi models pull`, or `edisi models pull --from DIR` \
                       without a network";
        return Err(Failure::new(Code::Model, message));
    }
    models.sort_by_key(|m| m.manifest.engine.prompt() == Some(Prompt::FewShot));
    Ok(models)
}

fn engine(model: Installed, options: LlmOptions) -> Arc<dyn Translator> {
    if let Some(engine) = MarianEngine::new(model.clone(), options.threads) {
        return Arc::new(engine);
    }
    let path = model.path();
    Arc::new(LlmEngine::new(model.manifest, path, options))
}

/// The cache asked for. One that nobody asked for and that cannot be used is done without.
fn open_cache(args: &CacheArgs) -> Result<Option<Cache>, Failure> {
    if args.no_cache {
        return Ok(None);
    }
    if let Some(dir) = &args.cache {
        return Ok(Some(Cache::open(dir)?));
    }
    match Cache::open(&edisi_models::data_dir()?.join("cache")) {
        Ok(cache) => Ok(Some(cache)),
        Err(error) => {
            progress::warn(&error.to_string());
            Ok(None)
        }
    }
}
