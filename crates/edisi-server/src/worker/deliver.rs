//! Tells webhooks and hubs.

use edisi_store::{Effects, Id, Job};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Work;
use super::run::payload;
use crate::newsroom::{Announcement, Newsroom, NewsroomError, blocking, delivery, kind};
use crate::site::websub;
use crate::webhook;

/// What a `webhook` job brings along.
#[derive(Debug, Serialize, Deserialize)]
struct Message {
    hook: Id,
    /// The same for every try.
    id: String,
    body: Value,
}

/// What a `websub` job brings along.
#[derive(Debug, Serialize, Deserialize)]
struct Ping {
    hub: String,
    topic: String,
}

/// Makes a delivery of an announcement for everybody who wants to know.
pub(super) async fn announce(
    newsroom: &Newsroom,
    work: &Work,
    told: &Announcement,
) -> Result<(), NewsroomError> {
    let (store, settings) = (newsroom.store(), newsroom.settings());
    let base = match settings.base_url.as_str() {
        "" => work.local_url.as_str(),
        base => base,
    };
    let mut jobs = Vec::new();
    for hook in store.webhooks().await? {
        if hook.events.is_empty() || hook.events.iter().any(|e| *e == told.event) {
            // The same for every try, so that receivers know a message they have had.
            let id = format!("{}/{}", told.id, hook.id);
            let body = json!({
                "event": told.event, "article": told.article, "edition": told.edition, "lang": told.lang,
                "number": told.number, "at": told.at,
            });
            jobs.push(delivery(kind::WEBHOOK, id.clone(), json!(Message { hook: hook.id, id, body })));
        }
    }
    if told.event == "edition.published" {
        for hub in &settings.hubs {
            for topic in websub::topics(base, told.lang) {
                let key = format!("{hub} {topic}");
                jobs.push(delivery(kind::WEBSUB, key, json!(Ping { hub: hub.clone(), topic })));
            }
        }
    }
    // Asked for again when this is tried again, but queued or running once.
    store.record(Effects { jobs, audit: Vec::new() }).await?;
    Ok(())
}

/// Delivers a message, unless its webhook is gone.
pub(super) async fn webhook(newsroom: &Newsroom, work: &Work, job: &Job) -> Result<(), NewsroomError> {
    let message: Message = payload(job)?;
    let hooks = newsroom.store().webhooks().await?;
    let Some(hook) = hooks.into_iter().find(|hook| hook.id == message.hook) else { return Ok(()) };
    let reach = work.reach();
    blocking(move || {
        webhook::deliver(&hook, &message.id, &message.body, reach).map_err(NewsroomError::failed)
    })
    .await
}

/// Tells a hub.
pub(super) async fn websub(work: &Work, job: &Job) -> Result<(), NewsroomError> {
    let Ping { hub, topic } = payload(job)?;
    let reach = work.reach();
    blocking(move || websub::ping(&hub, &topic, reach).map_err(NewsroomError::failed)).await
}
