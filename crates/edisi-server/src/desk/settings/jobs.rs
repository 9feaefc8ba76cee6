//! Work in the background: what is given up, what waits.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use edisi_store::{Id, Job, JobState};
use serde::Deserialize;
use serde_json::{Value, json};

use super::effects;
use crate::App;
use crate::auth::Admin;
use crate::desk::form::Form;
use crate::desk::pages::{Head, Pages};
use crate::desk::problem::Problem;
use crate::desk::words;

const MOST: i64 = 100;
const STATES: [JobState; 4] = [JobState::Parked, JobState::Running, JobState::Queued, JobState::Done];

/// What the page is asked with.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: Option<String>,
}

/// `GET /desk/settings/jobs`
pub async fn page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Admin(signed): Admin,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let store = app.newsroom.store();
    let chosen = asked.state.as_deref().unwrap_or("parked");
    let state = STATES.into_iter().find(|s| words::key(s) == chosen);
    let jobs = store.jobs(state, MOST).await?;
    let counts = store.job_counts().await?;
    let count =
        |state: JobState| counts.iter().filter(|(_, s, _)| *s == state).map(|(_, _, n)| n).sum::<i64>();
    let row = |j: &Job| {
        json!({
            "id": j.id, "kind": j.kind, "key": j.key, "state": words::key(j.state), "attempts": j.attempts,
            "max_attempts": j.max_attempts, "due": j.due.to_string(), "updated": j.updated.to_string(),
            "error": j.error,
        })
    };
    let states = STATES.iter().map(|&s| json!({ "key": s, "words": words::job(s), "count": count(s) }));
    let context = json!({
        "jobs": jobs.iter().map(row).collect::<Vec<_>>(), "states": states.collect::<Vec<_>>(), "state": chosen,
    });
    let head = Head { template: "settings_jobs.html", title: "Jobs", section: "settings" };
    pages.render(&app, Some(&signed), head, context)
}

/// `POST /desk/settings/jobs`: sets a parked job going again.
pub async fn act(State(app): State<App>, Admin(signed): Admin, form: Form) -> Result<Response, Problem> {
    let id: Id = form.parse("id")?;
    let effects = effects(&signed.user.login, "job.unparked", format!("job/{id}"), Value::Null);
    app.newsroom.store().unpark(id, effects).await?;
    Ok(Redirect::to("/desk/settings/jobs").into_response())
}
