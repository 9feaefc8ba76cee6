//! What happens to articles and editions: taking in, making, reviewing, publishing, correcting.
//!
//! What has consequences leaves them behind as jobs, committed with the change itself; [`worker`](crate::worker) runs
//! them. Nothing here knows of HTTP.

mod carry;
mod changes;
pub(crate) mod counts;
mod error;
mod ingest;
mod jobs;
mod learn;
mod make;
mod publish;
mod review;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use edisi_article::{GlossaryVersion, Term};
use edisi_edition::{Cache, Pipeline, Policy, Router};
use edisi_memory::Memory;
use edisi_quality::NameBook;
use edisi_store::{Effects, Id, NewAudit, Store};
use serde_json::json;

use crate::events::Events;
use crate::settings::{self, Settings};

pub use error::NewsroomError;
pub use ingest::Origin;
pub use jobs::kind;
pub(crate) use jobs::{Announcement, OriginalPayload, backoff, delivery, is_hopeless};

/// The name of the glossary in the store.
pub const GLOSSARY: &str = "glossary";
/// The name of the name book in the store.
pub const NAMES: &str = "names";
/// What the newsroom's memory is called on disk.
const MEMORY: &str = "newsroom";

/// An editor at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor {
    /// Their user row.
    pub user: Id,
    /// What they sign in with; what the audit log says.
    pub login: String,
    /// Their name; what approvals say.
    pub name: String,
}

/// What an editor does about a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// It is right as it stands.
    Accept,
    /// It should be this.
    Edit(String),
    /// It is wrong; the original sentence stands in its place until somebody writes another.
    Reject,
    /// Back to what it was before the last change.
    Undo,
}

/// The newsroom's business. Cheap to clone.
#[derive(Clone)]
pub struct Newsroom(Arc<Inner>);

struct Inner {
    store: Store,
    events: Events,
    router: Router,
    data: PathBuf,
    memory: Arc<Memory>,
    settings: RwLock<Arc<Settings>>,
    pipeline: RwLock<Arc<Pipeline>>,
    /// The versions of the terms that the pipeline has.
    terms: RwLock<TermVersions>,
    /// Held while an article is taken in, so that what changed is told against the revision it follows.
    door: tokio::sync::Mutex<()>,
    /// Wakes workers that wait for something to do.
    work: tokio::sync::Notify,
}

/// Of the glossary and of the name book.
type TermVersions = (i64, i64);

type Result<T> = std::result::Result<T, NewsroomError>;

impl Newsroom {
    /// The newsroom whose database is `store`, with the engines of `router`; `data` is the folder for what can be made
    /// again: the cache of segments and the index of the memory.
    ///
    /// # Errors
    /// When the store, the folder, or the newsroom's policy or terms cannot be used.
    pub async fn open(store: Store, router: Router, data: &Path) -> Result<Newsroom> {
        let settings = store.setting(settings::KEY).await?.unwrap_or_default();
        let folder = data.to_owned();
        let memory =
            blocking(move || Memory::create(&folder.join("memory"), MEMORY).map_err(NewsroomError::failed))
                .await?;
        let memory = Arc::new(memory);
        learn::bring_up_to_date(&store, &memory).await?;
        let (pipeline, terms) = pipeline(&store, &settings, router.clone(), data, &memory).await?;
        Ok(Newsroom(Arc::new(Inner {
            store,
            events: Events::default(),
            router,
            data: data.to_owned(),
            memory,
            settings: RwLock::new(Arc::new(settings)),
            pipeline: RwLock::new(Arc::new(pipeline)),
            terms: RwLock::new(terms),
            door: tokio::sync::Mutex::default(),
            work: tokio::sync::Notify::new(),
        })))
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// What tells of changes.
    pub fn events(&self) -> &Events {
        &self.0.events
    }

    /// The engines.
    pub fn router(&self) -> &Router {
        &self.0.router
    }

    /// The index of the memory; the store has the units themselves.
    pub fn memory(&self) -> &Arc<Memory> {
        &self.0.memory
    }

    /// What workers wait on while there is nothing to do.
    pub(crate) fn work(&self) -> &tokio::sync::Notify {
        &self.0.work
    }

    /// The settings as they are now.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.0.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The pipeline as it is now: models, glossary, name book, memory, policy.
    pub fn pipeline(&self) -> Arc<Pipeline> {
        Arc::clone(&self.0.pipeline.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the settings.
    ///
    /// # Errors
    /// [`NewsroomError::Refused`] when they make no sense: no name, a policy that is none, an address that is none.
    pub async fn set_settings(&self, settings: Settings, actor: &str) -> Result<()> {
        settings.check().map_err(NewsroomError::Refused)?;
        let details = serde_json::to_value(&settings).unwrap_or_default();
        let audit =
            NewAudit { actor: actor.into(), action: "settings.changed", object: "settings".into(), details };
        self.0.store.set_setting(settings::KEY, &settings, audit.into()).await?;
        self.reload().await
    }

    /// Replaces the terms of [`GLOSSARY`] or [`NAMES`], which must be at `version`. Says the version they have now.
    ///
    /// # Errors
    /// [`NewsroomError::Refused`] for another book; a conflict when somebody else changed it in between.
    pub async fn set_terms(&self, book: &str, terms: &[Term], version: i64, actor: &str) -> Result<i64> {
        if !matches!(book, GLOSSARY | NAMES) {
            return Err(NewsroomError::Refused(format!(
                "there is no book `{book}`; it is `{GLOSSARY}` or `{NAMES}`"
            )));
        }
        let audit = NewAudit {
            actor: actor.into(),
            action: "terms.changed",
            object: book.into(),
            details: json!({ "terms": terms.len() }),
        };
        let version = self.0.store.set_terms(book, terms, version, audit.into()).await?;
        self.reload().await?;
        Ok(version)
    }

    /// Reads settings and terms again if another program changed them.
    ///
    /// # Errors
    /// When they cannot be read or used; the newsroom goes on with those before.
    pub async fn freshen(&self) -> Result<()> {
        let store = self.store();
        let settings: Settings = store.setting(settings::KEY).await?.unwrap_or_default();
        let terms = (store.terms_version(GLOSSARY).await?, store.terms_version(NAMES).await?);
        let has = *self.0.terms.read().unwrap_or_else(PoisonError::into_inner);
        match settings == *self.settings() && terms == has {
            true => Ok(()),
            false => self.reload().await,
        }
    }

    async fn reload(&self) -> Result<()> {
        let inner = &self.0;
        let settings = inner.store.setting(settings::KEY).await?.unwrap_or_default();
        let (pipeline, terms) =
            pipeline(&inner.store, &settings, inner.router.clone(), &inner.data, &inner.memory).await?;
        *inner.terms.write().unwrap_or_else(PoisonError::into_inner) = terms;
        *inner.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
        *inner.pipeline.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pipeline);
        Ok(())
    }
}

async fn pipeline(
    store: &Store,
    settings: &Settings,
    router: Router,
    data: &Path,
    memory: &Arc<Memory>,
) -> Result<(Pipeline, TermVersions)> {
    let policy: Policy = settings.policy.parse().map_err(NewsroomError::failed)?;
    let (terms, version) = store.terms(GLOSSARY).await?;
    let (names, names_version) = store.terms(NAMES).await?;
    let names =
        NameBook::of(names.into_iter().map(|t| t.names.into_iter().map(|n| (n.lang, n.forms)).collect()));
    let cache = data.join("cache");
    let cache = blocking(move || Cache::open(&cache).map_err(NewsroomError::failed)).await?;
    let versions = (!terms.is_empty()).then(|| glossary_version(&terms, version));
    let pipeline = Pipeline::new(router, Some(cache))
        .with_policy(policy)
        .with_repair(true)
        .with_glossary(terms)
        .with_glossary_versions(versions.into_iter().collect())
        .with_names(names)
        .with_memory(Arc::clone(memory));
    Ok((pipeline, (version, names_version)))
}

fn glossary_version(terms: &[Term], version: i64) -> GlossaryVersion {
    let file =
        edisi_bitext::terms::GlossaryFile { terms: terms.to_vec(), version: Some(version.to_string()) };
    file.identity(GLOSSARY)
}

/// Runs what waits for disks or processors where it keeps nobody else waiting.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(e) => Err(NewsroomError::Failed(format!("the work ended early: {e}"))),
    }
}

/// A line of the audit log about an edition or article.
fn audit(actor: &str, action: &'static str, what: &str, id: Id, details: serde_json::Value) -> NewAudit {
    NewAudit { actor: actor.to_owned(), action, object: format!("{what}/{id}"), details }
}

fn effects(audit: NewAudit, jobs: Vec<edisi_store::NewJob>) -> Effects {
    Effects { jobs, audit: vec![audit] }
}
