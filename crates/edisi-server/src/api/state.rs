//! What the handlers share.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use edisi_edition::batched::{BatchOptions, Batched};
use edisi_edition::{Router, Translator};
use tokio::sync::Semaphore;

use super::libre::languages::Languages;
use super::watch::Metrics;
use crate::auth::limit::Limit;
use crate::newsroom::Newsroom;
use crate::settings::ApiSettings;

/// Requests to translate that are answered at once.
const TURNS: usize = 256;

/// What the handlers of the API share.
pub struct Api {
    router: Router,
    batched: Vec<Arc<Batched>>,
    languages: OnceLock<Languages>,
    limits: RwLock<Arc<Limits>>,
    /// Requests that may wait for an engine at once: each has a thread of its own.
    pub(super) turns: Semaphore,
    pub(super) metrics: Arc<Metrics>,
    pub(super) files: PathBuf,
    /// Whether addresses that others supply may be private ones.
    pub(super) private_addresses: bool,
}

/// Limits as the settings had them when they were made.
pub(super) struct Limits {
    settings: ApiSettings,
    pub address: Limit,
    pub key: Limit,
    /// Wrong keys.
    pub wrong: Limit,
}

impl Limits {
    fn new(settings: &ApiSettings) -> Limits {
        Limits {
            address: Limit::new(settings.per_minute),
            key: Limit::new(settings.per_minute_key),
            wrong: Limit::new(30),
            settings: settings.clone(),
        }
    }
}

impl Api {
    /// An API over the newsroom's engines, with a queue before each. `data` is the newsroom's folder.
    pub fn new(newsroom: &Newsroom, data: &Path, private_addresses: bool) -> Api {
        let metrics = Arc::new(Metrics::default());
        let mut batched = Vec::new();
        let router = newsroom.router().map(|engine| {
            let (metrics, model) = (Arc::clone(&metrics), engine.id().model.clone());
            let observe = move |ran| metrics.ran(&model, ran);
            let queue = Arc::new(Batched::new(Arc::clone(engine), BatchOptions::default(), observe));
            batched.push(Arc::clone(&queue));
            queue as Arc<dyn Translator>
        });
        let limits = RwLock::new(Arc::new(Limits::new(&newsroom.settings().api)));
        let files = data.join("translated");
        let turns = Semaphore::new(TURNS);
        Api { router, batched, languages: OnceLock::new(), limits, turns, metrics, files, private_addresses }
    }

    /// The newsroom's engines, each with a queue before it.
    pub fn router(&self) -> &Router {
        &self.router
    }

    /// The queues: the model's name and how many sentences wait.
    pub(super) fn queues(&self) -> impl Iterator<Item = (&str, usize)> {
        self.batched.iter().map(|b| (b.id().model.as_str(), b.waiting()))
    }

    /// The languages there are engines for.
    pub(super) fn languages(&self) -> &Languages {
        self.languages.get_or_init(|| Languages::of(&self.router))
    }

    /// Limits as `settings` have them. Those who have asked before are remembered until the settings change.
    pub(super) fn limits(&self, settings: &ApiSettings) -> Arc<Limits> {
        let known = Arc::clone(&self.limits.read().unwrap_or_else(PoisonError::into_inner));
        if known.settings == *settings {
            return known;
        }
        let fresh = Arc::new(Limits::new(settings));
        *self.limits.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        fresh
    }
}
