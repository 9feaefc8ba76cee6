//! The translation memory.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use edisi_bitext::tmx::{TmxHeader, TmxUnit, TmxVariant, TmxWriter, read_tmx};
use edisi_memory::{Review, Unit};
use edisi_store::{Effects, NewAudit};
use edisi_text::Lang;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::caller::{Asked, Caller};
use crate::App;
use crate::api::Problem;
use crate::auth::token::Scope;

/// How TMX writes a time.
const TIME: &str = "%Y%m%dT%H%M%SZ";
/// Properties of units in TMX, as `edisi memory` has them.
const ORIGIN: &str = "x-origin";
const CONTEXT: &str = "x-context";
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
    let header = TmxHeader { tool: "edisi".into(), version: env!("CARGO_PKG_VERSION").into(), source: None };
    let mut writer = TmxWriter::new(Vec::new(), &header).map_err(Problem::internal)?;
    let mut after: Option<String> = None;
    loop {
        let page = app.newsroom.store().memory_units(after.as_deref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id());
        for unit in page {
            writer.unit(&as_tmx(unit)).map_err(Problem::internal)?;
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
        let tmx = read_tmx(&body).map_err(|error| Problem::malformed(error.to_string()))?;
        let of = |unit: &TmxUnit| units(unit, query.source.or(unit.source).or(tmx.source), &by, now);
        Ok::<Vec<Unit>, Problem>(tmx.units.iter().flat_map(of).collect())
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

fn as_tmx(unit: Unit) -> TmxUnit {
    let id = unit.id();
    let props = [(ORIGIN, Some(unit.origin).filter(|o| !o.is_empty())), (CONTEXT, unit.context)];
    let at = unit.review.at.strftime(TIME).to_string();
    TmxUnit {
        id,
        line: 0,
        source: Some(unit.pair.0),
        props: props.into_iter().filter_map(|(kind, text)| Some((kind.to_owned(), text?))).collect(),
        variants: vec![
            TmxVariant { lang: unit.pair.0, text: unit.source, by: None, at: None },
            TmxVariant { lang: unit.pair.1, text: unit.target, by: Some(unit.review.by), at: Some(at) },
        ],
    }
}

/// The translations of a unit out of `from`, or its first language.
fn units(unit: &TmxUnit, from: Option<Lang>, by: &str, now: Timestamp) -> Vec<Unit> {
    let source = match from {
        Some(from) => unit.variants.iter().find(|v| v.lang == from),
        None => unit.variants.first(),
    };
    let Some(source) = source.filter(|s| !s.text.trim().is_empty()) else { return Vec::new() };
    let others = unit.variants.iter().filter(|v| v.lang != source.lang && !v.text.trim().is_empty());
    let one = |v: &TmxVariant| Unit {
        pair: (source.lang, v.lang),
        source: source.text.clone(),
        target: v.text.clone(),
        review: Review {
            by: v.by.clone().unwrap_or_else(|| by.to_owned()),
            at: v.at.as_deref().and_then(time).unwrap_or(now),
        },
        origin: unit.prop(ORIGIN).unwrap_or("tmx").to_owned(),
        context: unit.prop(CONTEXT).map(str::to_owned),
    };
    others.map(one).collect()
}

fn time(text: &str) -> Option<Timestamp> {
    let time = jiff::civil::DateTime::strptime(TIME, text).ok()?;
    time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}
