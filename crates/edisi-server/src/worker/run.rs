//! What each kind of job does.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use edisi_extract::reach::Reach;
use edisi_store::{Id, Job, NewJob, StoreError};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::deliver;
use crate::newsroom::{Newsroom, NewsroomError, kind};
use crate::watch::{self, WatchOptions};

/// What jobs need beside the newsroom.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// Where the site is reached while the settings name no address.
    pub local_url: String,
    /// Whether webhooks, hubs and sources may be on private addresses: the operator's word, never a default.
    pub private_addresses: bool,
}

impl Work {
    /// Which addresses may be asked.
    pub(super) fn reach(&self) -> Reach {
        if self.private_addresses { Reach::Anywhere } else { Reach::Public }
    }
}

pub(super) async fn run(
    newsroom: &Newsroom,
    work: &Work,
    job: &Job,
    stop: Arc<AtomicBool>,
) -> Result<(), NewsroomError> {
    if matches!(job.kind.as_str(), kind::MAKE | kind::PUBLISH | kind::ORIGINAL | kind::ANNOUNCE) {
        newsroom.freshen().await?;
    }
    match job.kind.as_str() {
        kind::MAKE => newsroom.make(&payload(job)?, stop).await,
        kind::PUBLISH => newsroom.publish_ready(&payload(job)?).await,
        kind::ORIGINAL => {
            let original: crate::newsroom::OriginalPayload = payload(job)?;
            newsroom.publish_original(original.article).await
        }
        kind::LEARN => newsroom.learn(id(job, "edition")?).await,
        kind::ANNOUNCE => deliver::announce(newsroom, work, &payload(job)?).await,
        kind::WEBHOOK => deliver::webhook(newsroom, work, job).await,
        kind::WEBSUB => deliver::websub(work, job).await,
        kind::POLL => poll(newsroom, work, id(job, "source")?, stop).await,
        other => {
            Err(NewsroomError::Failed(format!("this Edisi has no job `{other}`; a newer one asked for it")))
        }
    }
}

/// What is written down when a job is tried no more.
pub(super) async fn give_up(newsroom: &Newsroom, job: &Job, error: &str) -> Result<(), NewsroomError> {
    match job.kind.as_str() {
        kind::MAKE => newsroom.give_up(&payload(job)?, error).await,
        _ => Ok(()),
    }
}

/// Makes a job of every source that is due.
pub(super) async fn ask_for_polls(newsroom: &Newsroom, now: Timestamp) -> Result<(), NewsroomError> {
    for source in newsroom.store().sources().await? {
        if source.paused || source.due > now {
            continue;
        }
        let job = NewJob {
            kind: kind::POLL,
            key: source.id.to_string(),
            payload: json!({ "source": source.id }),
            due: now,
            max_attempts: 3,
        };
        newsroom.store().enqueue(job).await?;
    }
    Ok(())
}

async fn poll(
    newsroom: &Newsroom,
    work: &Work,
    source: Id,
    stop: Arc<AtomicBool>,
) -> Result<(), NewsroomError> {
    let source = match newsroom.store().source(source).await {
        Ok(source) if !source.paused => source,
        // Paused or removed since it was due.
        Ok(_) | Err(StoreError::NotFound { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let private_addresses = work.private_addresses;
    let options = WatchOptions { private_addresses, stop, ..WatchOptions::default() };
    let polled = watch::poll(newsroom, &source, &options).await?;
    tracing::info!(source = source.location, ?polled, "looked at a source");
    Ok(())
}

pub(super) fn payload<T: DeserializeOwned>(job: &Job) -> Result<T, NewsroomError> {
    serde_json::from_value(job.payload.clone())
        .map_err(|e| NewsroomError::Failed(format!("the job's payload cannot be read: {e}")))
}

fn id(job: &Job, name: &str) -> Result<Id, NewsroomError> {
    let text = job.payload[name].as_str().unwrap_or_default();
    text.parse().map_err(|_| NewsroomError::Failed(format!("the job names no {name}")))
}
