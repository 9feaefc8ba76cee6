//! Visits to sites: one at a time, with a pause in between, to where it is allowed.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use edisi_extract::robots::Robots;
use edisi_extract::{ErrorKind, ExtractError, Fetched, NetworkError, Options, Reach, Url, Validators, fetch};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use super::{LookError, WatchOptions};

/// What `robots.txt` files call this program.
const AGENT: &str = "edisi";
/// The largest feed or sitemap; sitemaps may have 50 MiB.
const LARGEST_LIST: u64 = 50 << 20;
/// The largest page.
const LARGEST_PAGE: u64 = 8 << 20;
/// The longest time for one request.
const TIMEOUT: Duration = Duration::from_secs(30);

/// When each site was last visited; whoever holds the lock is the one who visits it.
static TURNS: LazyLock<Mutex<HashMap<String, Arc<Turn<Option<Instant>>>>>> = LazyLock::new(Mutex::default);
/// Sites that are remembered when nobody visits them.
const SITES: usize = 1000;

/// Visits sites during one look.
pub(super) struct Visitor<'a> {
    options: &'a WatchOptions,
    /// By site; `None` where they cannot be had.
    robots: HashMap<String, Option<Robots>>,
}

/// Why a page was not read.
pub(super) enum Refusal {
    /// The site asks programs to leave it alone.
    Robots,
    /// What it asks cannot be told just now.
    RobotsUnknown,
    /// It could not be had.
    Failed(ExtractError),
}

impl<'a> Visitor<'a> {
    pub(super) fn new(options: &'a WatchOptions) -> Visitor<'a> {
        Visitor { options, robots: HashMap::new() }
    }

    /// Fetches the list that an operator named, or that it names.
    pub(super) async fn list(&self, url: &Url, known: &Validators) -> Result<Fetched, LookError> {
        self.get(url, known, LARGEST_LIST).await?.map_err(LookError::from)
    }

    /// Fetches a page that a list names, if its site allows that.
    pub(super) async fn page(
        &mut self,
        url: &Url,
        known: &Validators,
    ) -> Result<Result<Fetched, Refusal>, LookError> {
        let site = url.origin().ascii_serialization();
        let robots = match self.robots.get(&site) {
            Some(robots) => robots.clone(),
            None => {
                let robots = self.ask_robots(url).await?;
                self.robots.insert(site, robots.clone());
                robots
            }
        };
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        match robots {
            None => return Ok(Err(Refusal::RobotsUnknown)),
            Some(robots) if !robots.allows(&path) => return Ok(Err(Refusal::Robots)),
            Some(_) => {}
        }
        Ok(self.get(url, known, LARGEST_PAGE).await?.map_err(Refusal::Failed))
    }

    /// What a site allows: everything, when it has no such file; `None` while that cannot be told.
    async fn ask_robots(&self, url: &Url) -> Result<Option<Robots>, LookError> {
        let Ok(file) = url.join("/robots.txt") else { return Ok(None) };
        let got = self.get(&file, &Validators::default(), LARGEST_PAGE).await?;
        Ok(match got {
            Ok(Fetched::Page(page)) => Some(Robots::parse(&page.bytes, AGENT)),
            Ok(Fetched::NotModified) => None,
            Err(error) => match error.kind() {
                ErrorKind::Network(NetworkError::Status(429)) => None,
                ErrorKind::Network(NetworkError::Status(400..=499)) => Some(Robots::all()),
                _ => None,
            },
        })
    }

    async fn get(
        &self,
        url: &Url,
        known: &Validators,
        max_bytes: u64,
    ) -> Result<Result<Fetched, ExtractError>, LookError> {
        let reach = if self.options.private_addresses { Reach::Anywhere } else { Reach::Public };
        let options = Options { max_bytes, reach, timeout: TIMEOUT, ..Options::default() };
        let mut turn = self.turn(url).await;
        let (address, known) = (url.clone(), known.clone());
        let got = tokio::task::spawn_blocking(move || fetch(&address, &options, &known)).await;
        *turn = Some(Instant::now());
        got.map_err(|e| LookError::source(format!("{url}: the fetch ended early: {e}")))
    }

    /// Waits for its turn at a site, and until the pause since the last visit is over.
    async fn turn(&self, url: &Url) -> OwnedMutexGuard<Option<Instant>> {
        let site = url.host_str().unwrap_or_default().to_owned();
        let turn = {
            let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
            if turns.len() >= SITES {
                turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            }
            Arc::clone(turns.entry(site).or_default())
        };
        let turn = turn.lock_owned().await;
        if let Some(last) = *turn {
            tokio::time::sleep(self.options.pause.saturating_sub(last.elapsed())).await;
        }
        turn
    }
}
