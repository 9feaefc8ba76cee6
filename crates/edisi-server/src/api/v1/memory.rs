//! The translation memory.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use edisi_bitext::tmx::{TmxWriter, read_tmx};
use edisi_memory::tmx::{self, Unsaid};
use edisi_store::{Effects, NewAudit};
use edisi_text::Lang;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::caller::{Asked, Caller};
use crate::App;
use crate::api::Problem;
use crate::auth::token::Scope;

/// Units that are read at a time.
const PAGE: i64 = 1000;

/// What there is in the memory.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Count {
    /// Reviewed sentences.
    units: i64,
}

/// How many sentences the memory has.
#[utoipa::path(get, operation_id = "countMemory", path = "/memory", tag = "memory", responses((status = 200, body = Count), (status = 401, body = Problem)))]
pub(super) async fn count(State(app): State<App>, caller: Caller) -> Result<Json<Count>, Problem> {
    caller.must(Scope::ArticlesRead)?;
    Ok(Json(Count { units: app.newsroom.store().memory_count().await? }))
}

/// The whole memory as TMX 1.4.
#[utoipa::path(get, operation_id = "exportMemory", path = "/memory.tmx", tag = "memory",
    responses((status = 200, content((String = "application/x-tmx+xml"))), (status = 401, body = Problem)))]
pub(super) async fn export(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    caller.must(Scope::ArticlesRead)?;
    let mut writer = TmxWriter::new(Vec::new(), &tmx::header([])).map_err(Problem::internal)?;
    let mut after: Option<String> = None;
    loop {
        let page = app.newsroom.store().memory_units(after.as_deref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id());
        for unit in page {
            writer.unit(&tmx::unit(unit)).map_err(Problem::internal)?;
        }
    }
    let headers = [
        (header::CONTENT_TYPE, "application/x-tmx+xml"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"memory.tmx\""),
    ];
    Ok((headers, writer.finish().map_err(Problem::internal)?).into_response())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ImportQuery {
    /// The language of the originals, where the file does not say it.
    #[param(value_type = Option<String>)]
    source: Option<Lang>,
}

/// What was taken into the memory.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Imported {
    units: usize,
}

/// Takes in a TMX file: sentences that were reviewed elsewhere. Who reviewed them stands in the file, else it is whose
/// key this is.
#[utoipa::path(post, operation_id = "importMemory", path = "/memory.tmx", tag = "memory", params(ImportQuery),
    request_body(content((String = "application/x-tmx+xml"))),
    responses((status = 200, body = Imported), (status = 400, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn import(
    State(app): State<App>,
    caller: Caller,
    Asked(query): Asked<ImportQuery>,
    body: Bytes,
) -> Result<Json<Imported>, Problem> {
    caller.must(Scope::EditionsWrite)?;
    let (by, now) = (caller.0.user.name.clone(), Timestamp::now());
    let read = tokio::task::spawn_blocking(move || {
        let mut tmx = read_tmx(&body).map_err(|error| Problem::malformed(error.to_string()))?;
        let unsaid = Unsaid { by: &by, at: now, origin: "tmx" };
        tmx.source = tmx.source.or(query.source);
        Ok::<_, Problem>(tmx::units(&tmx, (None, None), &unsaid).units)
    });
    let units = read.await.map_err(Problem::internal)??;
    if units.is_empty() {
        return Err(Problem::invalid("the file has no sentence in two languages"));
    }
    let line = NewAudit {
        actor: caller.actor(),
        action: "memory.imported",
        object: "memory".into(),
        details: json!({ "units": units.len() }),
    };
    let count = units.len();
    app.newsroom.remember(units, Effects::from(line)).await?;
    Ok(Json(Imported { units: count }))
}
