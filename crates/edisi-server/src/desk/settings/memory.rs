//! The memory: how much there is, TMX in and out.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use edisi_bitext::tmx::{Tmx, TmxHeader, TmxUnit, TmxVariant, TmxWriter, read_tmx};
use edisi_memory::{Review, Unit};
use edisi_text::Lang;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::json;

use super::{Upload, effects};
use crate::App;
use crate::auth::Admin;
use crate::desk::pages::{Head, Pages};
use crate::desk::problem::Problem;
use crate::desk::view::Tongue;

/// Properties of units and the form of times, as `edisi memory export` writes them.
const ORIGIN: &str = "x-origin";
const CONTEXT: &str = "x-context";
const TIME: &str = "%Y%m%dT%H%M%SZ";
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
    let read = tokio::task::spawn_blocking(move || read_tmx(&bytes).map(|tmx| units(&tmx, &login, &name)));
    let (units, skipped) = match read.await {
        Ok(Ok(read)) => read,
        Ok(Err(error)) => return Err(Problem::input(format!("{file} cannot be read: {error}."))),
        Err(_) => return Err(Problem::input(format!("{file} cannot be read."))),
    };
    if units.is_empty() {
        return Err(Problem::input(format!("{file} has no sentence in two languages.")));
    }
    let count = units.len();
    let details = json!({ "file": file, "units": count, "skipped": skipped });
    let line = effects(&signed.user.login, "memory.imported", "memory".into(), details);
    app.newsroom.remember(units, line).await?;
    Ok(Redirect::to(&format!("/desk/settings/memory?imported={count}&skipped={skipped}")).into_response())
}

/// The units of a file, and how many were left out because a text is missing.
fn units(tmx: &Tmx, login: &str, file: &str) -> (Vec<Unit>, usize) {
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_else(|_| Timestamp::now());
    let (mut out, mut skipped) = (Vec::new(), 0);
    for tu in &tmx.units {
        let from = tu.source.or(tmx.source);
        let source = match from {
            Some(lang) => tu.variants.iter().find(|v| v.lang == lang),
            None => tu.variants.first(),
        };
        let before = out.len();
        if let Some(source) = source.filter(|s| !s.text.trim().is_empty()) {
            let others = tu.variants.iter().filter(|v| v.lang != source.lang && !v.text.trim().is_empty());
            out.extend(others.map(|v| Unit {
                pair: (source.lang, v.lang),
                source: source.text.clone(),
                target: v.text.clone(),
                review: Review {
                    by: v.by.clone().unwrap_or_else(|| login.to_owned()),
                    at: v.at.as_deref().and_then(time).unwrap_or(now),
                },
                origin: tu.prop(ORIGIN).unwrap_or(file).to_owned(),
                context: tu.prop(CONTEXT).map(str::to_owned),
            }));
        }
        skipped += usize::from(out.len() == before);
    }
    (out, skipped)
}

fn time(text: &str) -> Option<Timestamp> {
    let time = jiff::civil::DateTime::strptime(TIME, text).ok()?;
    time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
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
    let sources: BTreeMap<Lang, ()> = units.iter().map(|u| (u.pair.0, ())).collect();
    let source = sources.keys().next().copied().filter(|_| sources.len() == 1);
    let header = TmxHeader { tool: "edisi".into(), version: env!("CARGO_PKG_VERSION").into(), source };
    let mut writer = TmxWriter::new(Vec::new(), &header)?;
    for unit in units {
        let id = unit.id();
        let at = unit.review.at.strftime(TIME).to_string();
        let props = [(ORIGIN, Some(unit.origin).filter(|o| !o.is_empty())), (CONTEXT, unit.context)];
        writer.unit(&TmxUnit {
            id,
            line: 0,
            source: Some(unit.pair.0),
            props: props.into_iter().filter_map(|(kind, text)| Some((kind.to_owned(), text?))).collect(),
            variants: vec![
                TmxVariant { lang: unit.pair.0, text: unit.source, by: None, at: None },
                TmxVariant { lang: unit.pair.1, text: unit.target, by: Some(unit.review.by), at: Some(at) },
            ],
        })?;
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let unit = Unit {
            pair: (Lang::ID, Lang::EN),
            source: "Pasar <baru> dibuka & ramai.".into(),
            target: "The <new> market opened & was busy.".into(),
            review: Review { by: "sari".into(), at: "2026-11-02T08:00:00Z".parse().unwrap() },
            origin: "article/1".into(),
            context: Some("Sebelumnya.".into()),
        };
        let bytes = write(vec![unit.clone()]).unwrap();
        let (units, skipped) = units(&read_tmx(&bytes).unwrap(), "budi", "file.tmx");
        assert_eq!((units, skipped), (vec![unit], 0));
    }

    #[test]
    fn units_without_a_translation_are_counted() {
        let text = "<tmx version=\"1.4\"><header srclang=\"id\"/><body><tu><tuv xml:lang=\"id\"><seg>Satu.</seg></tuv></tu>\
                    <tu><tuv xml:lang=\"id\"><seg>Dua.</seg></tuv><tuv xml:lang=\"en\"><seg>Two.</seg></tuv></tu></body></tmx>";
        let (units, skipped) = units(&read_tmx(text.as_bytes()).unwrap(), "budi", "file.tmx");
        assert_eq!((units.len(), skipped), (1, 1));
        assert_eq!((units[0].review.by.as_str(), units[0].origin.as_str()), ("budi", "file.tmx"));
    }
}
