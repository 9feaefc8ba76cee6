//! The glossary and the name book.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use edisi_article::Term;
use edisi_bitext::terms::{TermFormat, read_terms, write_terms};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::caller::{Asked, At, Caller};
use super::views::value;
use crate::App;
use crate::api::Problem;
use crate::auth::token::Scope;
use crate::newsroom::{GLOSSARY, NAMES};

/// The terms of a book.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Book {
    /// Send it back with a change; 0 when there never were any terms.
    version: i64,
    #[schema(value_type = Vec<Object>)]
    terms: Value,
}

#[derive(Deserialize)]
struct NewBook {
    version: i64,
    terms: Vec<Term>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FormatQuery {
    /// `json`, `csv` or `tbx`.
    format: Option<String>,
}

fn known(book: &str) -> Result<(), Problem> {
    if matches!(book, GLOSSARY | NAMES) {
        return Ok(());
    }
    Err(Problem::not_found(format!("there is no book `{book}`; it is `{GLOSSARY}` or `{NAMES}`")))
}

/// The terms of `glossary` or `names`, as JSON, CSV or TBX.
#[utoipa::path(get, operation_id = "getTerms", path = "/books/{book}", tag = "terms", params(("book" = String, Path), FormatQuery),
    responses((status = 200, content((Book = "application/json"), (String = "text/csv"), (String = "application/x-tbx+xml"))),
        (status = 404, body = Problem)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    At(book): At<String>,
    Asked(query): Asked<FormatQuery>,
) -> Result<Response, Problem> {
    caller.must(Scope::ArticlesRead)?;
    known(&book)?;
    let (terms, version) = app.newsroom.store().terms(&book).await?;
    let (format, kind, ending) = match query.format.as_deref() {
        None | Some("json") => return Ok(Json(Book { version, terms: value(&terms) }).into_response()),
        Some("csv") => (TermFormat::Csv, "text/csv; charset=utf-8", "csv"),
        Some("tbx") => (TermFormat::Tbx, "application/x-tbx+xml", "tbx"),
        Some(other) => {
            return Err(Problem::invalid(format!("there is no format `{other}`; it is json, csv or tbx")));
        }
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{book}.{ending}\"")),
        (header::ETAG, format!("\"{version}\"")),
    ];
    Ok((headers, write_terms(&terms, format)).into_response())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PutQuery {
    /// With CSV or TBX: the version that was seen.
    version: Option<i64>,
}

/// What a book has become.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Changed {
    version: i64,
    terms: usize,
}

/// Replaces the terms of `glossary` or `names`. JSON is `{"version", "terms"}`; CSV and TBX come with `?version=`.
#[utoipa::path(put, operation_id = "replaceTerms", path = "/books/{book}", tag = "terms", params(("book" = String, Path), PutQuery),
    request_body(content((Object = "application/json"), (String = "text/csv"), (String = "application/x-tbx+xml"))),
    responses((status = 200, body = Changed), (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    At(book): At<String>,
    Asked(query): Asked<PutQuery>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Changed>, Problem> {
    caller.must(Scope::EditionsWrite)?;
    known(&book)?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let (version, terms) = if kind.starts_with("application/json") {
        let new: NewBook = serde_json::from_slice(&body).map_err(|e| Problem::malformed(e.to_string()))?;
        (new.version, new.terms)
    } else {
        let format = match kind {
            kind if kind.contains("xml") || kind.contains("tbx") => TermFormat::Tbx,
            kind if kind.starts_with("text/") => TermFormat::Csv,
            _ => TermFormat::of("", &body),
        };
        let version =
            query.version.ok_or_else(|| Problem::invalid("say which version you saw: `?version=`"))?;
        (version, read_terms(&body, format).map_err(|e| Problem::malformed(e.to_string()))?)
    };
    let count = terms.len();
    let version = app.newsroom.set_terms(&book, &terms, version, &caller.actor()).await?;
    Ok(Json(Changed { version, terms: count }))
}
