//! The memory: how much there is, TMX in and out.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use edisi_bitext::tmx::{TmxWriter, read_tmx};
use edisi_memory::Unit;
use edisi_memory::tmx::{self, Unsaid};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::{Upload, effects};
use crate::App;
use crate::auth::Admin;
use crate::desk::pages::{Head, Pages};
use crate::desk::problem::Problem;
use crate::desk::view::Tongue;

/// So many units are read at once.
const A_PAGE: i64 = 1000;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    imported: Option<usize>,
    #[serde(default)]
    skipped: Option<usize>,
}

/// `GET /desk/settings/memory`
pub async fn page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Admin(signed): Admin,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let memory = Arc::clone(app.newsroom.memory());
    let stats = tokio::task::spawn_blocking(move || memory.stats()).await;
    let failed = |text: String| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, text);
    let stats = stats.map_err(|e| failed(e.to_string()))?.map_err(|e| failed(e.to_string()))?;
    let pairs = stats.pairs.iter().map(
        |((from, to), units)| json!({ "from": Tongue::from(*from), "to": Tongue::from(*to), "units": units }),
    );
    let context = json!({
        "units": app.newsroom.store().memory_count().await?,
        "pairs": pairs.collect::<Vec<_>>(),
        "imported": asked.imported, "skipped": asked.skipped,
    });
    let head = Head { template: "settings_memory.html", title: "Memory", section: "settings" };
    pages.render(&app, Some(&signed), head, context)
}

/// `POST /desk/settings/memory`: a TMX file. Who is not named in it is who sends it.
pub async fn import(
    State(app): State<App>,
    Admin(signed): Admin,
    upload: Upload,
) -> Result<Response, Problem> {
    let login = signed.user.login.clone();
    let (name, bytes) = (upload.name, upload.bytes);
    let file = name.clone();
    let read = tokio::task::spawn_blocking(move || {
        let now = Timestamp::now();
        let at = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let unsaid = Unsaid { by: &login, at, origin: &name };
        read_tmx(&bytes).map(|tmx| tmx::units(&tmx, (None, None), &unsaid))
    });
    let taken = match read.await {
        Ok(Ok(read)) => read,
        Ok(Err(error)) => return Err(Problem::input(format!("{file} cannot be read: {error}."))),
        Err(_) => return Err(Problem::input(format!("{file} cannot be read."))),
    };
    let (skipped, units) = (taken.skipped(), taken.units);
    if units.is_empty() {
        return Err(Problem::input(format!("{file} has no sentence in two languages.")));
    }
    let count = units.len();
    let details = json!({ "file": file, "units": count, "skipped": skipped });
    let line = effects(&signed.user.login, "memory.imported", "memory".into(), details);
    app.newsroom.remember(units, line).await?;
    Ok(Redirect::to(&format!("/desk/settings/memory?imported={count}&skipped={skipped}")).into_response())
}

/// `GET /desk/settings/memory.tmx`
pub async fn export(State(app): State<App>, Admin(_): Admin) -> Result<Response, Problem> {
    let store = app.newsroom.store();
    let mut all = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = store.memory_units(after.as_deref(), A_PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id());
        all.extend(page);
    }
    let failed = |text: String| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, text);
    let written = tokio::task::spawn_blocking(move || write(all)).await.map_err(|e| failed(e.to_string()))?;
    let bytes = written.map_err(|e| failed(e.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "application/x-tmx+xml"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"memory.tmx\""),
    ];
    Ok((headers, bytes).into_response())
}

fn write(units: Vec<Unit>) -> std::io::Result<Vec<u8>> {
    let header = tmx::header(units.iter().map(|u| u.pair.0));
    let mut writer = TmxWriter::new(Vec::new(), &header)?;
    for unit in units {
        writer.unit(&tmx::unit(unit))?;
    }
    writer.finish()
}
