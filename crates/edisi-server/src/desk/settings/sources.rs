//! What is watched for new articles.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use edisi_store::{Id, SourceKind, SourceRow};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::effects;
use crate::App;
use crate::auth::Admin;
use crate::desk::form::Form;
use crate::desk::pages::{Head, Pages};
use crate::desk::problem::Problem;
use crate::desk::view::Tongue;
use crate::desk::words;

/// `GET /desk/settings/sources`
pub async fn page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Admin(signed): Admin,
) -> Result<Html<String>, Problem> {
    let sources = app.newsroom.store().sources().await?;
    let row = |s: &SourceRow| {
        json!({
            "id": s.id, "kind": words::source(s.kind), "location": s.location,
            "lang": s.lang.map(Tongue::from), "minutes": s.interval / 60, "due": s.due.to_string(),
            "failures": s.failures, "error": s.error, "paused": s.paused, "seen": s.seen.len(),
        })
    };
    let context = json!({ "sources": sources.iter().map(row).collect::<Vec<_>>() });
    let head = Head { template: "settings_sources.html", title: "Sources", section: "settings" };
    pages.render(&app, Some(&signed), head, context)
}

/// `POST /desk/settings/sources`: `action` is `add`, `pause`, `resume`, `now` or `remove`.
pub async fn act(State(app): State<App>, Admin(signed): Admin, form: Form) -> Result<Response, Problem> {
    let (store, actor) = (app.newsroom.store(), &signed.user.login);
    let now = Timestamp::now();
    let line = |action, id: Id, details: Value| effects(actor, action, format!("source/{id}"), details);
    match form.get("action") {
        "add" => {
            let source = new_source(&form, now)?;
            let details = json!({ "kind": source.kind, "location": source.location });
            store.add_source(&source, line("source.added", source.id, details)).await?;
        }
        "remove" => {
            let source = store.source(form.parse("id")?).await?;
            let details = json!({ "location": source.location });
            store.remove_source(source.id, line("source.removed", source.id, details)).await?;
        }
        action @ ("pause" | "resume" | "now") => {
            let mut source = store.source(form.parse("id")?).await?;
            source.paused = action == "pause";
            if action != "pause" {
                source.due = now;
            }
            let action = if source.paused { "source.paused" } else { "source.resumed" };
            let details = json!({ "location": source.location });
            store.update_source(&source, line(action, source.id, details)).await?;
        }
        _ => return Err(Problem::input("There is no such action.")),
    }
    Ok(Redirect::to("/desk/settings/sources").into_response())
}

fn new_source(form: &Form, now: Timestamp) -> Result<SourceRow, Problem> {
    let location = form.some("location").ok_or_else(|| Problem::input("A source needs an address."))?;
    let is_web = location.starts_with("https://") || location.starts_with("http://");
    let kind = match form.get("kind") {
        "feed" => SourceKind::Feed,
        "sitemap" => SourceKind::Sitemap,
        "folder" => SourceKind::Folder,
        _ => return Err(Problem::input("A source is a feed, a sitemap or a folder.")),
    };
    match kind {
        SourceKind::Folder if is_web || !location.starts_with('/') => {
            return Err(Problem::input("A folder is a path on the server, such as /srv/wire."));
        }
        SourceKind::Feed | SourceKind::Sitemap if !is_web => {
            return Err(Problem::input(
                "A feed or sitemap is an address such as https://kabar.example/feed.xml.",
            ));
        }
        _ => {}
    }
    let minutes: i64 = if form.some("minutes").is_some() { form.parse("minutes")? } else { 15 };
    Ok(SourceRow {
        id: Id::new(),
        kind,
        location: location.to_owned(),
        lang: match form.some("lang") {
            None => None,
            Some(_) => Some(form.parse("lang")?),
        },
        interval: minutes.clamp(1, 7 * 24 * 60) * 60,
        etag: None,
        last_modified: None,
        seen: Vec::new(),
        due: now,
        failures: 0,
        error: None,
        paused: false,
        created: now,
    })
}
