//! An edition, side by side with its original.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use edisi_article::Severity;
use edisi_edition::Pair;
use edisi_store::{ArticleRow, EditionRow, EditionState, Id, Role, SegmentRow, SegmentState};
use edisi_text::Lang;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::changes;
use super::form::Form;
use super::front::wants_json;
use super::pages::{Head, Pages};
use super::problem::Problem;
use super::segment::books;
use super::view::{self, Around, Tongue};
use super::words;
use crate::App;
use crate::auth::{Editor, Reader, SignedIn};

/// So many segments are on a page; a long report has several.
pub const SEGMENTS_A_PAGE: usize = 250;

/// How far an edition is, for its bar.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Progress {
    total: usize,
    reviewed: usize,
    edited: usize,
    rejected: usize,
    held: usize,
    errors: usize,
    warnings: usize,
}

impl Progress {
    fn of(rows: &[SegmentRow]) -> Progress {
        let count = |test: &dyn Fn(&SegmentRow) -> bool| rows.iter().filter(|row| test(row)).count();
        let open = |severity| {
            move |row: &SegmentRow| {
                !view::is_reviewed(row) && row.findings.iter().map(|f| f.severity).max() == Some(severity)
            }
        };
        Progress {
            total: rows.len(),
            reviewed: count(&view::is_reviewed),
            edited: count(&|row| row.state == SegmentState::Edited),
            rejected: count(&|row| row.state == SegmentState::Rejected),
            held: count(&view::is_held),
            errors: count(&open(Severity::Error)),
            warnings: count(&open(Severity::Warning)),
        }
    }
}

/// What stops approval.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Blocker {
    number: i64,
    page: usize,
    reason: &'static str,
}

fn blockers(rows: &[SegmentRow]) -> Vec<Blocker> {
    let one = |row: &SegmentRow| {
        let page = row.number as usize / SEGMENTS_A_PAGE + 1;
        Some(Blocker { number: row.number + 1, page, reason: view::blocks(row)? })
    };
    rows.iter().filter_map(one).collect()
}

/// What lists and the bar say of an edition.
pub fn summary(edition: &EditionRow) -> Value {
    let models: Vec<&str> = edition.route.iter().map(|leg| leg.engine.model.as_str()).collect();
    json!({
        "id": edition.id,
        "article": edition.article,
        "lang": Tongue::from(edition.lang),
        "state": edition.state,
        "state_words": words::edition(edition.state),
        "stale": edition.stale,
        "version": edition.version,
        "content_version": edition.content_version,
        "tier": edition.tier.map(|t| t.to_string()),
        "models": models.join(" → "),
        "counts": edition.counts,
        "urgency": edition.urgency,
        "approved": edition.approved,
        "published_number": edition.published_number,
        "made": edition.made.map(|t| t.to_string()),
        "updated": edition.updated.to_string(),
    })
}

/// What can be done with an edition as it is.
fn actions(edition: &EditionRow, signed: &SignedIn, blocked: bool) -> Value {
    let edits = signed.user.role >= Role::Editor;
    let made = edits && edition.made.is_some();
    let state = edition.state;
    let on_site = edition.published_number > 0;
    let is = |states: &[EditionState]| states.contains(&state);
    let open = is(&[EditionState::Review, EditionState::Rejected, EditionState::Published]);
    json!({
        "approve": made && open && edition.approved.is_none(),
        "blocked": blocked,
        "publish": made && is(&[EditionState::Approved]),
        "publish_machine": made && is(&[EditionState::Review]) && edition.approved.is_none(),
        "reject": made && is(&[EditionState::Review, EditionState::Approved]),
        "withdraw": edits && on_site,
        "again": edits && !is(&[EditionState::Translating]),
        "edit": edits,
    })
}

/// What the bar of an edition shows.
async fn bar_context(
    app: &App,
    signed: &SignedIn,
    edition: &EditionRow,
    article: &ArticleRow,
    rows: &[SegmentRow],
) -> Result<Value, Problem> {
    let blockers = blockers(rows);
    let on_site = app.newsroom.store().publication(article.id, edition.lang).await?;
    let why = why(app, edition).await?;
    Ok(json!({
        "edition": summary(edition),
        "progress": Progress::of(rows),
        "actions": actions(edition, signed, !blockers.is_empty()),
        "blockers": blockers,
        "why": why,
        "on_site": on_site.map(|p| json!({
            "href": site_path(p.lang, &p.slug), "at": p.published.to_string(), "approved": p.approved.is_some(),
        })),
    }))
}

/// Why an edition is rejected, or could not be made: what the audit log says of that.
async fn why(app: &App, edition: &EditionRow) -> Result<Option<String>, Problem> {
    let (action, field) = match edition.state {
        EditionState::Rejected => ("edition.rejected", "reason"),
        EditionState::Failed => ("edition.failed", "error"),
        _ => return Ok(None),
    };
    let lines = app.newsroom.store().audit(Some(&format!("edition/{}", edition.id)), None, 50).await?;
    let line = lines.into_iter().find(|line| line.action == action);
    Ok(line.and_then(|line| Some(format!("{}: {}", line.actor, line.details[field].as_str()?))))
}

/// Where readers find a version.
pub fn site_path(lang: Lang, slug: &str) -> String {
    format!("/{}/{slug}", edisi_edition::publish::file_stem(lang))
}

/// What a page of segments is asked with.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    page: Option<usize>,
    /// What was just done, for pages without script.
    #[serde(default)]
    done: Option<String>,
}

/// `GET /desk/editions/ID`
pub async fn page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Reader(signed): Reader,
    Path(id): Path<Id>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let store = app.newsroom.store();
    let edition = store.edition(id).await?;
    let article = store.article(edition.article).await?;
    let rows = store.segments(id).await?;
    let made_from = store.revision(edition.revision).await?;
    let books =
        books(store, Pair::new(article.lang, edition.lang), made_from.content.section.as_deref()).await?;
    let count = rows.len().div_ceil(SEGMENTS_A_PAGE).max(1);
    let number = asked.page.unwrap_or(1).clamp(1, count);
    let around = Around { books: &books };
    let shown = rows.iter().skip((number - 1) * SEGMENTS_A_PAGE).take(SEGMENTS_A_PAGE);
    let segments: Vec<_> = shown.map(|row| view::segment(row, &around)).collect();
    let changes = match edition.stale {
        true => {
            let now = store.revision(article.revision).await?;
            changes::of_articles(&made_from.content, &now.content, article.lang)
        }
        false => Vec::new(),
    };
    let editions = store.editions(article.id).await?;
    let mut context = json!({
        "article": { "id": article.id, "title": article.title, "url": article.url },
        "source": Tongue::from(article.lang),
        "target": Tongue::from(edition.lang),
        "editions": editions.iter().map(summary).collect::<Vec<_>>(),
        "segments": segments,
        "changes": changes,
        "paging": { "page": number, "count": count, "base": format!("/desk/editions/{id}") },
        "done": asked.done,
    });
    merge(&mut context, bar_context(&app, &signed, &edition, &article, &rows).await?);
    let title = format!("{} · {}", article.title, edition.lang.english_name());
    let head = Head { template: "edition.html", title: &title, section: "queue" };
    pages.render(&app, Some(&signed), head, context)
}

fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}

/// `GET /desk/editions/ID/bar`: how far the edition is and what can be done, for the script.
pub async fn bar(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Reader(signed): Reader,
    Path(id): Path<Id>,
) -> Result<Html<String>, Problem> {
    let store = app.newsroom.store();
    let edition = store.edition(id).await?;
    let article = store.article(edition.article).await?;
    let rows = store.segments(id).await?;
    let context = bar_context(&app, &signed, &edition, &article, &rows).await?;
    pages.render(&app, Some(&signed), Head { template: "bar.html", title: "", section: "queue" }, context)
}

/// `POST /desk/editions/ID`: `action`, with the `version` (and for approvals the `content_version`) that the editor saw.
pub async fn act(
    State(app): State<App>,
    Editor(signed): Editor,
    Path(id): Path<Id>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let (newsroom, editor) = (&app.newsroom, signed.editor());
    let version = || form.parse::<i64>("version");
    let done = match form.get("action") {
        "accept-clean" => match newsroom.accept_clean(&editor, id).await? {
            0 => "nothing-clean",
            _ => "accepted",
        },
        action @ ("approve" | "approve-publish") => {
            let publish = action == "approve-publish";
            newsroom.approve(&editor, id, version()?, form.parse("content_version")?, publish).await?;
            if publish { "approved-published" } else { "approved" }
        }
        "reject" => {
            let reason = form.some("reason").ok_or_else(|| {
                Problem::input("Say why the edition is rejected: whoever looks at it next will want to know.")
            })?;
            newsroom.reject(&editor, id, version()?, reason).await?;
            "rejected"
        }
        "publish" => {
            newsroom.publish(&editor, id, version()?).await?;
            "published"
        }
        "withdraw" => {
            let edition = newsroom.store().edition(id).await?;
            newsroom.withdraw(&editor, edition.article, edition.lang).await?;
            "withdrawn"
        }
        "again" => {
            let edition = newsroom.store().edition(id).await?;
            newsroom.translate(edition.article, edition.lang, &editor.login).await?;
            "again"
        }
        _ => return Err(Problem::input("There is no such action.")),
    };
    if wants_json(&headers) {
        return Ok((StatusCode::OK, axum::Json(json!({ "done": done }))).into_response());
    }
    Ok(Redirect::to(&format!("/desk/editions/{id}?done={done}")).into_response())
}
