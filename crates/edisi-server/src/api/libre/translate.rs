//! `/translate` and `/detect`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use edisi_edition::loose::{self, Format, Loose};
use edisi_edition::{Control, Pair};
use edisi_text::Lang;
use serde_json::{Map, Value, json};

use super::error::LibreError;
use super::fields::Fields;
use super::{admit, languages};
use crate::App;
use crate::api::Api;
use crate::auth::limit::Peer;

/// Alternatives that may be asked for.
const ALTERNATIVES: usize = 16;

/// How many sentences of an answer stand untranslated.
const UNTRANSLATED: &str = "edisi-untranslated";

pub(super) async fn translate(
    State(app): State<App>,
    Extension(api): Extension<Arc<Api>>,
    peer: Peer,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, LibreError> {
    admit(&app, &api, peer, &headers, fields.text("api_key")?.as_deref()).await?;
    let (texts, is_list) = fields.texts("q")?;
    let (source, target) = (fields.needed("source")?, fields.needed("target")?);
    let format = match fields.text("format")?.as_deref() {
        None | Some("" | "text") => Format::Text,
        Some("html") => Format::Html,
        Some(other) => return Err(LibreError::bad(format!("{other} format is not supported"))),
    };
    let alternatives = match fields.text("alternatives")?.as_deref() {
        None | Some("") => 0,
        Some(number) => number.parse().ok().filter(|n| *n <= ALTERNATIVES).ok_or_else(|| {
            LibreError::bad(format!(
                "Invalid request: alternatives must be a number from 0 to {ALTERNATIVES}"
            ))
        })?,
    };
    within_limits(&app, &texts, is_list)?;
    let target = languages::parse(&target)?;
    let detected: Option<Vec<(Lang, f32)>> = match source.as_str() {
        "auto" => Some(texts.iter().map(|text| detected(text, format).unwrap_or((Lang::EN, 0.0))).collect()),
        _ => None,
    };
    let sources = match &detected {
        Some(found) => found.iter().map(|(lang, _)| *lang).collect(),
        None => vec![languages::parse(&source)?; texts.len()],
    };
    let seconds = app.newsroom.settings().api.seconds;
    let made = run(&api, Work { texts, sources, target, format, alternatives, seconds }).await?;
    Ok(answer(&made, detected.as_deref(), is_list, alternatives))
}

fn within_limits(app: &App, texts: &[String], is_list: bool) -> Result<(), LibreError> {
    let limits = &app.newsroom.settings().api;
    if is_list && limits.texts > 0 && texts.len() > limits.texts {
        let (size, limit) = (texts.len(), limits.texts);
        return Err(LibreError::bad(format!(
            "Invalid request: request ({size}) exceeds batch limit ({limit})"
        )));
    }
    let size: usize = texts.iter().map(|text| text.chars().count()).sum();
    if limits.characters > 0 && size > limits.characters {
        let limit = limits.characters;
        return Err(LibreError::bad(format!(
            "Invalid request: request ({size}) exceeds text limit ({limit})"
        )));
    }
    Ok(())
}

/// Texts to translate.
pub(super) struct Work {
    pub texts: Vec<String>,
    /// The language of each.
    pub sources: Vec<Lang>,
    pub target: Lang,
    pub format: Format,
    pub alternatives: usize,
    pub seconds: u64,
}

/// Tells the engine when nobody waits any more: the client has closed the connection.
struct Waits(Arc<AtomicBool>);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Translates, those of the same language together.
pub(super) async fn run(api: &Arc<Api>, work: Work) -> Result<Vec<Loose>, LibreError> {
    let _turn = api.turns.try_acquire().map_err(|_| LibreError::slow_down(Duration::from_secs(4)))?;
    let gone = Waits(Arc::default());
    let (api, cancel, seconds) = (Arc::clone(api), Arc::clone(&gone.0), work.seconds);
    let deadline = Instant::now() + Duration::from_secs(seconds.max(1));
    let made = tokio::task::spawn_blocking(move || {
        let control = Control { deadline: Some(deadline), cancel: Some(&cancel) };
        let mut made: Vec<Option<Loose>> = vec![None; work.texts.len()];
        let mut langs = work.sources.clone();
        langs.sort_unstable();
        langs.dedup();
        for lang in langs {
            let own: Vec<usize> = (0..work.texts.len()).filter(|i| work.sources[*i] == lang).collect();
            let texts: Vec<&str> = own.iter().map(|i| work.texts[*i].as_str()).collect();
            let pair = Pair::new(lang, work.target);
            let done =
                loose::translate(api.router(), &texts, work.format, pair, work.alternatives, &control)?;
            for (index, done) in own.into_iter().zip(done) {
                made[index] = Some(done);
            }
        }
        Ok(made.into_iter().map(|m| m.expect("every text has a language")).collect::<Vec<_>>())
    });
    let made = made
        .await
        .map_err(LibreError::internal)?
        .map_err(|e: edisi_edition::PipelineError| LibreError::from(e))?;
    if Instant::now() >= deadline && made.iter().any(|m| m.gaps > 0) {
        return Err(LibreError::out_of_time(seconds));
    }
    Ok(made)
}

fn answer(made: &[Loose], detected: Option<&[(Lang, f32)]>, is_list: bool, alternatives: usize) -> Response {
    let list = |values: Vec<Value>| match is_list {
        true => Value::Array(values),
        false => values.into_iter().next().unwrap_or_default(),
    };
    let mut body = Map::new();
    if alternatives > 0 {
        body.insert("alternatives".into(), list(made.iter().map(|m| json!(m.alternatives)).collect()));
    }
    if let Some(detected) = detected {
        let one = |(lang, sure): &(Lang, f32)| json!({ "confidence": percent(*sure), "language": lang.to_string() });
        body.insert("detectedLanguage".into(), list(detected.iter().map(one).collect()));
    }
    body.insert("translatedText".into(), list(made.iter().map(|m| json!(m.text)).collect()));
    let gaps: usize = made.iter().map(|m| m.gaps).sum();
    match gaps {
        0 => Json(body).into_response(),
        _ => ([(UNTRANSLATED, gaps.to_string())], Json(body)).into_response(),
    }
}

fn percent(sure: f32) -> i64 {
    (sure * 100.0).round() as i64
}

/// The language of a text, without its markup.
pub(super) fn detected(text: &str, format: Format) -> Option<(Lang, f32)> {
    match format {
        Format::Text => edisi_text::detect(text),
        Format::Html => edisi_text::detect(&loose::visible_text(text)),
    }
}

pub(super) async fn detect(
    State(app): State<App>,
    Extension(api): Extension<Arc<Api>>,
    peer: Peer,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Json<Value>, LibreError> {
    admit(&app, &api, peer, &headers, fields.text("api_key")?.as_deref()).await?;
    let (texts, _) = fields.texts("q")?;
    within_limits(&app, &texts, false)?;
    let (lang, sure) = edisi_text::detect(&texts.join("\n")).unwrap_or((Lang::EN, 0.0));
    Ok(Json(json!([{ "confidence": percent(sure), "language": lang.to_string() }])))
}
