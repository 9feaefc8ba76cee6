//! Tells webhooks and hubs.

use edisi_edition::publish::file_stem;
use edisi_extract::Reach;
use edisi_store::{Effects, Id, Job};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Work;
use crate::newsroom::{Announcement, Newsroom, NewsroomError, delivery, kind};
use crate::webhook;

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
            let id = format!("{}/{}/{}", hook.id, told.event, told.at.as_millisecond());
            let body = json!({
                "event": told.event, "article": told.article, "edition": told.edition, "lang": told.lang,
                "number": told.number, "at": told.at,
            });
            jobs.push(delivery(
                kind::WEBHOOK,
                id.clone(),
                json!({ "hook": hook.id, "id": id, "body": body }),
            ));
        }
    }
    if told.event == "edition.published" {
        let stem = file_stem(told.lang);
        for hub in &settings.hubs {
            for feed in ["feed.atom", "feed.rss", "feed.json"] {
                let topic = format!("{base}/{stem}/{feed}");
                let key = format!("{hub} {topic}");
                jobs.push(delivery(kind::WEBSUB, key, json!({ "hub": hub, "topic": topic })));
            }
        }
    }
    // Asked for again when this is tried again, but queued or running once.
    store.record(Effects { jobs, audit: Vec::new() }).await?;
    Ok(())
}

/// A message for one webhook, as [`announce`] leaves it.
#[derive(Deserialize)]
struct Message {
    hook: Id,
    id: String,
    body: Value,
}

pub(super) async fn webhook(newsroom: &Newsroom, work: &Work, job: &Job) -> Result<(), NewsroomError> {
    let Message { hook, id, body } =
        serde_json::from_value(job.payload.clone()).map_err(NewsroomError::failed)?;
    let hooks = newsroom.store().webhooks().await?;
    // Who was taken off the list in between is told no more.
    let Some(hook) = hooks.into_iter().find(|known| known.id == hook) else { return Ok(()) };
    let reach = if work.private_addresses { Reach::Anywhere } else { Reach::Public };
    let sent = tokio::task::spawn_blocking(move || webhook::deliver(&hook, &id, &body, reach));
    sent.await.map_err(NewsroomError::failed)?.map_err(NewsroomError::failed)
}

pub(super) async fn websub(work: &Work, job: &Job) -> Result<(), NewsroomError> {
    let _ = (work, job);
    todo!()
}
