//! One segment: shown, checked, changed.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Json};
use edisi_edition::Pair;
use edisi_quality::glossary::Glossary;
use edisi_store::{Id, SegmentRow, Store, StoreError};
use edisi_text::Lang;
use serde_json::{Value, json};

use super::edition::SEGMENTS_A_PAGE;
use super::form::Form;
use super::front::wants_json;
use super::marks::{Side, marked};
use super::pages::{Head, Pages};
use super::problem::Problem;
use super::view::{self, Around, ByView, Tongue};
use super::words;
use crate::App;
use crate::auth::{Editor, Reader, SignedIn};
use crate::newsroom::{Action, NewsroomError};

/// The glossary and the name book as the pair sees them.
pub async fn books(store: &Store, pair: Pair, section: Option<&str>) -> Result<Vec<Glossary>, Problem> {
    let mut books = Vec::new();
    for book in ["glossary", "names"] {
        let (terms, _) = store.terms(book).await?;
        let glossary = Glossary::new(&terms, (pair.source, pair.target), section);
        books.push(glossary.map_err(|e| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, e.to_string()))?);
    }
    Ok(books)
}

/// A segment as the script wants it: the row of the page anew, and what the script itself looks at.
async fn told(app: &App, pages: &Pages, signed: &SignedIn, row: &SegmentRow) -> Result<Value, Problem> {
    let store = app.newsroom.store();
    let edition = store.edition(row.edition).await?;
    let article = store.article(edition.article).await?;
    let books = books(store, Pair::new(article.lang, edition.lang), None).await?;
    let html = html(app, pages, signed, row, &books, article.lang, edition.lang)?;
    Ok(json!({
        "id": row.id,
        "version": row.version,
        "state": row.state,
        "text": row.text,
        "by": row.by.as_ref().map(ByView::from),
        "html": html,
        "edition": {
            "version": edition.version,
            "content_version": edition.content_version,
            "state": edition.state,
        },
    }))
}

fn html(
    app: &App,
    pages: &Pages,
    signed: &SignedIn,
    row: &SegmentRow,
    books: &[Glossary],
    source: Lang,
    target: Lang,
) -> Result<String, Problem> {
    let head = Head { template: "segment.html", title: "", section: "queue" };
    let context = json!({
        "segment": view::segment(row, &Around { books }),
        "source": Tongue::from(source),
        "target": Tongue::from(target),
    });
    pages.render(app, Some(signed), head, context).map(|html| html.0)
}

/// `GET /desk/segments/ID`: as JSON, for the script.
pub async fn show(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Reader(signed): Reader,
    Path(id): Path<Id>,
) -> Result<Json<Value>, Problem> {
    let row = app.newsroom.store().segment(id).await?;
    Ok(Json(told(&app, &pages, &signed, &row).await?))
}

/// `POST /desk/segments/ID`: `action` (accept, edit, reject, undo), `version`, and for `edit` the `text`. Scripts get the
/// segment, and in a conflict the segment as it stands now; forms go back to the page.
pub async fn act(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Editor(signed): Editor,
    Path(id): Path<Id>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let version: i64 = form.parse("version")?;
    let action = match form.get("action") {
        "accept" => Action::Accept,
        "reject" => Action::Reject,
        "undo" => Action::Undo,
        "edit" => Action::Edit(form.some("text").ok_or_else(empty)?.replace("\r\n", "\n")),
        _ => return Err(Problem::input("There is no such action; it is accept, edit, reject or undo.")),
    };
    match app.newsroom.act(&signed.editor(), id, version, action).await {
        Ok(row) if wants_json(&headers) => Ok(Json(told(&app, &pages, &signed, &row).await?).into_response()),
        Ok(row) => Ok(Redirect::to(&page_of(&row)).into_response()),
        Err(NewsroomError::Store(StoreError::Conflict { .. })) => {
            let row = app.newsroom.store().segment(id).await?;
            let who = row.by.as_ref().map_or("Somebody", |by| by.name.as_str());
            let problem = Problem::new(
                StatusCode::CONFLICT,
                format!("{who} changed this sentence in the meantime. Nothing of theirs was overwritten."),
            );
            if wants_json(&headers) {
                let details = json!({ "current": told(&app, &pages, &signed, &row).await? });
                return Err(Problem { details, ..problem });
            }
            conflict(&app, &pages, &signed, &row, form.get("text"), &problem)
        }
        Err(other) => Err(other.into()),
    }
}

fn empty() -> Problem {
    Problem::input("There is no text; reject the sentence when it should not stand.")
}

/// Where a segment is on the pages of its edition.
fn page_of(row: &SegmentRow) -> String {
    let page = row.number as usize / SEGMENTS_A_PAGE;
    let query = if page > 0 { format!("?page={}", page + 1) } else { String::new() };
    format!("/desk/editions/{}{query}#s-{}", row.edition, row.number + 1)
}

/// Both texts, for browsers without script: the editor's own is still in the form, on the version that is current now.
fn conflict(
    app: &App,
    pages: &Pages,
    signed: &SignedIn,
    row: &SegmentRow,
    own: &str,
    problem: &Problem,
) -> Result<Response, Problem> {
    let head = Head { template: "problem.html", title: "Changed in between", section: "queue" };
    let context = json!({
        "message": problem.message,
        "conflict": {
            "id": row.id, "version": row.version, "theirs": row.text, "own": own, "back": page_of(row),
            "state": words::segment(row.state),
        },
    });
    Ok((StatusCode::CONFLICT, pages.render(app, Some(signed), head, context)?).into_response())
}

/// `POST /desk/segments/ID/check`: what the checks would say of `text`.
pub async fn check(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Editor(signed): Editor,
    Path(id): Path<Id>,
    form: Form,
) -> Result<Json<Value>, Problem> {
    let text = form.get("text");
    let found = app.newsroom.check(id, text).await?;
    let row = app.newsroom.store().segment(id).await?;
    let head = Head { template: "findings.html", title: "", section: "queue" };
    let segment = json!({ "id": row.id, "version": row.version, "findings": view::findings(text, &found) });
    let html = pages.render(&app, Some(&signed), head, json!({ "segment": segment }))?.0;
    Ok(Json(json!({
        "findings": html,
        "count": found.len(),
        "source": marked(&row.source, &found, Side::Source),
        "target": marked(text, &found, Side::Target),
    })))
}

/// `GET /desk/segments/ID/history`: what stood there before.
pub async fn history(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Reader(signed): Reader,
    Path(id): Path<Id>,
) -> Result<Response, Problem> {
    let store = app.newsroom.store();
    let row = store.segment(id).await?;
    let edition = store.edition(row.edition).await?;
    let mut newer = row.text.clone();
    let mut steps = Vec::new();
    for old in store.segment_history(id).await? {
        steps.push(json!({
            "version": old.version,
            "state": words::segment(old.state),
            "by": old.by.as_ref().map(ByView::from),
            "change": super::changes::of_texts(&old.text, &newer),
        }));
        newer = old.text;
    }
    let head = Head { template: "history.html", title: "What stood here before", section: "queue" };
    let context = json!({
        "steps": steps, "target": Tongue::from(edition.lang), "segment": row.id, "back": page_of(&row),
        "number": row.number + 1,
    });
    Ok(pages.render(&app, Some(&signed), head, context)?.into_response())
}
