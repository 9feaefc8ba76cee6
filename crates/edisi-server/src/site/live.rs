//! Pages kept in memory, and how it is known when they are old.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use edisi_edition::render::{RenderError, Renderer};
use edisi_store::{PublishedFilter, Store, StoreError};
use moka::future::Cache;

use super::content;
use super::finished::{self, Finished};
use super::{Address, Shown};
use crate::settings::Settings;

/// How long what the store said about its version is believed.
const BELIEVED: Duration = Duration::from_millis(250);
/// Beyond this everybody waits for the answer rather than take what is old.
const TOO_OLD: Duration = Duration::from_secs(1);
/// Memory for finished pages.
const MEMORY: u64 = 256 << 20;
/// Pages nobody asked for are let go.
const IDLE: Duration = Duration::from_secs(30 * 60);

/// Why a page could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be rendered.
    #[error("{}", with_cause(.0))]
    Render(#[from] RenderError),
    /// Making it ended with a panic.
    #[error("a page could not be made: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

fn with_cause(error: &RenderError) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
    format!("{error}{}", cause.unwrap_or_default())
}

/// What is not kept in memory: whoever asks for addresses without a page must not push pages out.
enum NotKept {
    Page(Arc<Finished>),
    Failed(Arc<SiteError>),
}

/// A site that is served.
pub struct Site {
    renderer: Arc<Renderer>,
    style: String,
    pages: Cache<(u64, Address), Arc<Finished>>,
    shown: RwLock<Option<(u64, i64, Arc<Shown>)>>,
    states: AtomicU64,
    version: AtomicI64,
    /// When the version was last asked for, in milliseconds since `begun`, from 1; 0 for never.
    checked: AtomicU64,
    begun: Instant,
    asking: tokio::sync::Mutex<()>,
}

impl Site {
    /// A site whose pages are made with `renderer`.
    ///
    /// # Errors
    /// When its style sheet cannot be made.
    pub fn new(renderer: Renderer) -> Result<Site, RenderError> {
        let style = format!("site-{}.css", finished::name(renderer.stylesheet()?.as_bytes()));
        let pages = Cache::builder()
            .max_capacity(MEMORY)
            .weigher(|_: &(u64, Address), page: &Arc<Finished>| page.weight())
            .time_to_idle(IDLE)
            .build();
        Ok(Site {
            renderer: Arc::new(renderer),
            style,
            pages,
            shown: RwLock::new(None),
            states: AtomicU64::new(0),
            version: AtomicI64::new(0),
            checked: AtomicU64::new(0),
            begun: Instant::now(),
            asking: tokio::sync::Mutex::new(()),
        })
    }

    /// What its pages are made with.
    pub(super) fn renderer(&self) -> &Renderer {
        &self.renderer
    }

    /// The name of its style sheet.
    pub(super) fn style(&self) -> &str {
        &self.style
    }

    /// The site as it is, with a number that another state of it does not have.
    ///
    /// # Errors
    /// When the store fails, and never said anything before.
    pub(super) async fn shown(
        &self,
        store: &Store,
        settings: &Arc<Settings>,
        fallback: &str,
    ) -> Result<(u64, Arc<Shown>), StoreError> {
        let version = self.version(store).await?;
        if let Some((state, of, shown)) = &*self.shown.read().unwrap_or_else(PoisonError::into_inner)
            && *of == version
            && (Arc::ptr_eq(settings, &shown.settings) || *settings == shown.settings)
        {
            return Ok((*state, Arc::clone(shown)));
        }
        let shown = Arc::new(look(store, settings, fallback, &self.style).await?);
        let state = self.states.fetch_add(1, Ordering::Relaxed);
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) =
            Some((state, version, Arc::clone(&shown)));
        Ok((state, shown))
    }

    /// The answer for an address. Those for which there is a page are kept.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) async fn page(
        &self,
        store: &Store,
        state: u64,
        shown: &Arc<Shown>,
        address: &Address,
    ) -> Result<Arc<Finished>, Arc<SiteError>> {
        let key = (state, address.clone());
        if let Some(page) = self.pages.get(&key).await {
            return Ok(page);
        }
        let make = self.make(store, shown, address);
        match self.pages.try_get_with(key, make).await {
            Ok(page) => Ok(page),
            Err(not_kept) => match &*not_kept {
                NotKept::Page(page) => Ok(Arc::clone(page)),
                NotKept::Failed(error) => Err(Arc::clone(error)),
            },
        }
    }

    async fn make(
        &self,
        store: &Store,
        shown: &Arc<Shown>,
        address: &Address,
    ) -> Result<Arc<Finished>, NotKept> {
        let failed = |error: SiteError| NotKept::Failed(Arc::new(error));
        let content = content::read(store, shown, address).await.map_err(|e| failed(e.into()))?;
        let (renderer, shown, address) = (Arc::clone(&self.renderer), Arc::clone(shown), address.clone());
        let make = move || content::answer(&renderer, &shown, &address, &content);
        let made = tokio::task::spawn_blocking(make).await.map_err(|e| failed(e.into()))?;
        let page = Arc::new(made.map_err(|e| failed(e.into()))?);
        if page.status.is_success() { Ok(page) } else { Err(NotKept::Page(page)) }
    }

    /// The version of the site in the store, as it was at most a moment ago: one request asks, the others go on with what
    /// is known, unless that is too old.
    async fn version(&self, store: &Store) -> Result<i64, StoreError> {
        let age = self.age();
        if age < BELIEVED {
            return Ok(self.version.load(Ordering::Acquire));
        }
        let _asking = match self.asking.try_lock() {
            Ok(asking) => asking,
            Err(_) if age < TOO_OLD => return Ok(self.version.load(Ordering::Acquire)),
            Err(_) => self.asking.lock().await,
        };
        if self.age() >= BELIEVED {
            match store.site_version().await {
                Ok(version) => self.version.store(version, Ordering::Release),
                // Readers are better served with what was right a moment ago than with nothing.
                Err(error) if self.checked.load(Ordering::Acquire) > 0 => {
                    tracing::warn!(%error, "the version of the site cannot be read; pages may be old");
                }
                Err(error) => return Err(error),
            }
            let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            self.checked.store(now.max(1), Ordering::Release);
        }
        Ok(self.version.load(Ordering::Acquire))
    }

    fn age(&self) -> Duration {
        match self.checked.load(Ordering::Acquire) {
            0 => Duration::MAX,
            at => self.begun.elapsed().saturating_sub(Duration::from_millis(at)),
        }
    }
}

/// The site as it is now.
pub(super) async fn look(
    store: &Store,
    settings: &Arc<Settings>,
    fallback: &str,
    style: &str,
) -> Result<Shown, StoreError> {
    let mut langs = Vec::new();
    for lang in Shown::languages(settings) {
        let filter = PublishedFilter { lang, before: None, limit: 1 };
        if !store.published(&filter).await?.is_empty() {
            langs.push(lang);
        }
    }
    if langs.is_empty() {
        langs.extend(Shown::languages(settings).first());
    }
    Ok(Shown {
        settings: Arc::clone(settings),
        langs,
        fallback: fallback.to_owned(),
        style: style.to_owned(),
    })
}
