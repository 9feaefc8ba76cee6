//! LibreTranslate's API, so that its clients work unchanged.
//!
//! Keys are the newsroom's own, with the scope `translate`, as `api_key` or as a bearer. Sentences that no engine could
//! translate stand in the answer as they were; how many is said in the header `edisi-untranslated`, which is not in the
//! original.

mod error;
mod fields;
mod files;
pub(crate) mod languages;
mod odt;
mod srt;
mod translate;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde_json::{Value, json};

use super::Api;
use crate::App;
use crate::auth::limit::{Peer, counted};
use crate::auth::token::{self, Program, Scope};
use error::LibreError;
use fields::Fields;

/// Bytes of a request.
const BODY: usize = 4 << 20;
/// Bytes of a request with a file.
const FILE: usize = 32 << 20;

pub(super) fn routes() -> Router<App> {
    let files = Router::new()
        .route("/translate_file", post(files::translate_file))
        .layer(DefaultBodyLimit::max(FILE));
    Router::new()
        .route("/translate", post(translate::translate))
        .route("/detect", post(translate::detect))
        .route("/suggest", post(suggest))
        .route("/languages", get(languages::languages).post(languages::languages))
        .route("/frontend/settings", get(settings))
        .route("/spec", get(spec))
        .route("/download_file/{name}", get(files::download_file))
        .layer(DefaultBodyLimit::max(BODY))
        .merge(files)
}

/// Lets a request in, or says why not.
async fn admit(
    app: &App,
    api: &Api,
    peer: Peer,
    headers: &HeaderMap,
    api_key: Option<&str>,
) -> Result<(), LibreError> {
    let settings = &app.newsroom.settings().api;
    let limits = api.limits(settings);
    let address = counted(peer.client(headers, &settings.proxies));
    match api_key.filter(|key| !key.is_empty()).or_else(|| token::bearer(headers)) {
        Some(key) => {
            let program = Program::of(app.newsroom.store(), key).await.map_err(LibreError::internal)?;
            match program {
                Some(program) if program.may(Scope::Translate) => {
                    limits.key.check(&program.token.id.to_string()).map_err(LibreError::slow_down)
                }
                _ => {
                    limits.wrong.check(&address).map_err(LibreError::slow_down)?;
                    Err(LibreError::forbidden("Invalid API key"))
                }
            }
        }
        None if settings.key_required => {
            Err(LibreError::forbidden("Please contact the server operator to get an API key"))
        }
        None => limits.address.check(&address).map_err(LibreError::slow_down),
    }
}

async fn suggest(fields: Fields) -> Result<Json<Value>, LibreError> {
    drop(fields);
    Err(LibreError::forbidden("Suggestions are disabled on this server."))
}

async fn settings(State(app): State<App>, Extension(api): Extension<Arc<Api>>) -> Json<Value> {
    let newsroom = app.newsroom.settings();
    let named = |lang: edisi_text::Lang| json!({ "code": lang.to_string(), "name": lang.english_name() });
    let target =
        newsroom.editions.iter().copied().find(|lang| api.languages().has(*lang)).unwrap_or(newsroom.lang);
    let limit = match newsroom.api.characters {
        0 => -1,
        n => n as i64,
    };
    Json(json!({
        "apiKeys": true,
        "charLimit": limit,
        "filesTranslation": true,
        "frontendTimeout": 500,
        "keyRequired": newsroom.api.key_required,
        "language": { "source": { "code": "auto", "name": "Auto Detect" }, "target": named(target) },
        "suggestions": false,
        "supportedFilesFormat": files::FORMATS,
    }))
}

async fn spec() -> ([(axum::http::HeaderName, &'static str); 1], &'static str) {
    ([(axum::http::header::CONTENT_TYPE, "application/json")], include_str!("spec.json"))
}
