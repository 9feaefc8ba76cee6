//! The glossary and the name book: a table to edit, files in and out.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use edisi_article::{Term, TermName};
use edisi_bitext::terms::{TermFormat, differences, read_terms, write_terms};
use edisi_text::Lang;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Upload;
use crate::App;
use crate::auth::Admin;
use crate::desk::form::Form;
use crate::desk::pages::{Head, Pages};
use crate::desk::problem::Problem;
use crate::desk::view::Tongue;
use crate::newsroom::{GLOSSARY, NAMES};

/// So many terms are on a page.
const A_PAGE: usize = 100;

/// What the page is asked with.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    search: String,
    #[serde(default)]
    page: Option<usize>,
    #[serde(default)]
    done: Option<String>,
    /// The term to edit.
    #[serde(default)]
    edit: Option<usize>,
    #[serde(default)]
    format: String,
}

fn title(book: &str) -> Result<&'static str, Problem> {
    match book {
        GLOSSARY => Ok("Glossary"),
        NAMES => Ok("Name book"),
        _ => Err(Problem::nothing()),
    }
}

/// The languages a table has columns for: those of the newsroom, then others that terms name.
fn columns(app: &App, terms: &[Term]) -> Vec<Lang> {
    let settings = app.newsroom.settings();
    let mut langs = vec![settings.lang];
    let named = terms.iter().flat_map(|t| t.names.iter().map(|n| n.lang));
    for lang in settings.editions.iter().copied().chain(named) {
        if !langs.contains(&lang) {
            langs.push(lang);
        }
    }
    langs
}

fn row(number: usize, term: &Term, langs: &[Lang]) -> Value {
    let name = |lang: &Lang| {
        let name = term.name(*lang);
        json!({
            "tag": lang.to_string(),
            "forms": name.map_or(String::new(), |n| n.forms.join(" | ")),
            "forbidden": name.map_or(String::new(), |n| n.forbidden.join(" | ")),
            "case": name.is_some_and(|n| n.case_sensitive),
        })
    };
    json!({
        "number": number, "id": term.id, "keep": term.keep, "sections": term.sections.join(" | "), "note": term.note,
        "names": langs.iter().map(name).collect::<Vec<_>>(),
    })
}

/// `GET /desk/settings/terms/BOOK`
pub async fn page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Admin(signed): Admin,
    Path(book): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let title = title(&book)?;
    let (terms, version) = app.newsroom.store().terms(&book).await?;
    let langs = columns(&app, &terms);
    let wanted = asked.search.trim().to_lowercase();
    let has = |term: &Term| {
        let mut texts = term.names.iter().flat_map(|n| n.forms.iter().chain(&n.forbidden)).chain([&term.id]);
        wanted.is_empty() || texts.any(|t| t.to_lowercase().contains(&wanted))
    };
    let found: Vec<(usize, &Term)> = terms.iter().enumerate().filter(|(_, term)| has(term)).collect();
    let count = found.len().div_ceil(A_PAGE).max(1);
    let number = asked.page.unwrap_or(1).clamp(1, count);
    let shown = found.iter().skip((number - 1) * A_PAGE).take(A_PAGE);
    let edited = asked.edit.and_then(|at| Some(row(at, terms.get(at)?, &langs)));
    let context = json!({
        "book": book,
        "heading": title,
        "version": version,
        "total": terms.len(),
        "found": found.len(),
        "langs": langs.iter().copied().map(Tongue::from).collect::<Vec<_>>(),
        "terms": shown.map(|(at, term)| row(*at, term, &langs)).collect::<Vec<_>>(),
        "edited": edited,
        "empty": row(0, &Term::default(), &langs),
        "search": asked.search,
        "page_number": number,
        "page_count": count,
        "done": asked.done,
    });
    pages.render(
        &app,
        Some(&signed),
        Head { template: "settings_terms.html", title, section: "settings" },
        context,
    )
}

fn forms(text: &str) -> Vec<String> {
    text.split('|')
        .map(|f| f.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|f| !f.is_empty())
        .collect()
}

fn term(form: &Form, langs: &[Lang]) -> Result<Term, Problem> {
    let name = |lang: &Lang| {
        let field = |what: &str| form.get(&format!("{what}-{lang}")).to_owned();
        let (forms, forbidden) = (forms(&field("forms")), forms(&field("forbidden")));
        let case_sensitive = form.has(&format!("case-{lang}"));
        (!forms.is_empty() || !forbidden.is_empty()).then_some(TermName {
            lang: *lang,
            forms,
            forbidden,
            case_sensitive,
        })
    };
    let names: Vec<TermName> = langs.iter().filter_map(name).collect();
    let first = names.iter().find_map(|n| n.forms.first());
    let Some(first) = first else {
        return Err(Problem::input("A term needs a word in at least one language."));
    };
    let id = form.some("term").unwrap_or(first).to_owned();
    Ok(Term {
        id,
        keep: form.has("keep"),
        sections: forms(form.get("sections")),
        note: form.some("note").map(str::to_owned),
        names,
    })
}

/// `POST /desk/settings/terms/BOOK`: `action` is `add`, `change` or `remove` (of the term with this `number`), on the
/// `version` that the editor saw.
pub async fn act(
    State(app): State<App>,
    Admin(signed): Admin,
    Path(book): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    title(&book)?;
    let (mut terms, _) = app.newsroom.store().terms(&book).await?;
    let langs = columns(&app, &terms);
    let at = || {
        let at: usize = form.parse("number")?;
        if at < terms.len() { Ok(at) } else { Err(Problem::nothing()) }
    };
    match form.get("action") {
        "add" => terms.insert(0, term(&form, &langs)?),
        "change" => {
            let at = at()?;
            terms[at] = term(&form, &langs)?;
        }
        "remove" => {
            let at = at()?;
            terms.remove(at);
        }
        _ => return Err(Problem::input("There is no such action.")),
    }
    app.newsroom.set_terms(&book, &terms, form.parse("version")?, &signed.user.login).await?;
    Ok(Redirect::to(&format!("/desk/settings/terms/{book}?done=saved")).into_response())
}

/// `POST /desk/settings/terms/BOOK/import`: a CSV or TBX file, which is added to what is there or replaces it.
pub async fn import(
    State(app): State<App>,
    Admin(signed): Admin,
    Path(book): Path<String>,
    upload: Upload,
) -> Result<Response, Problem> {
    title(&book)?;
    let (before, _) = app.newsroom.store().terms(&book).await?;
    let (name, bytes) = (upload.name.clone(), upload.bytes.clone());
    let read = tokio::task::spawn_blocking(move || read_terms(&bytes, TermFormat::of(&name, &bytes))).await;
    let read = match read {
        Ok(Ok(terms)) => terms,
        Ok(Err(error)) => return Err(Problem::input(format!("{} cannot be read: {error}.", upload.name))),
        Err(_) => return Err(Problem::input("The file cannot be read.")),
    };
    let terms = match upload.field("how") {
        "replace" => read,
        // A term that is there already, by its name, is replaced by the file's.
        _ => {
            let kept = before.iter().filter(|old| !read.iter().any(|new| new.id == old.id)).cloned();
            read.iter().cloned().chain(kept).collect()
        }
    };
    let done = if differences(&before, &terms).is_empty() { "same" } else { "imported" };
    let version = upload.field("version").parse().map_err(|_| Problem::input("The form has no version."))?;
    app.newsroom.set_terms(&book, &terms, version, &signed.user.login).await?;
    Ok(Redirect::to(&format!("/desk/settings/terms/{book}?done={done}")).into_response())
}

/// `GET /desk/settings/terms/BOOK/export?format=csv|tbx`
pub async fn export(
    State(app): State<App>,
    Admin(_): Admin,
    Path(book): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    title(&book)?;
    let (terms, _) = app.newsroom.store().terms(&book).await?;
    let (format, ending, kind) = match asked.format.as_str() {
        "tbx" => (TermFormat::Tbx, "tbx", "application/x-tbx+xml"),
        _ => (TermFormat::Csv, "csv", "text/csv; charset=utf-8"),
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{book}.{ending}\"")),
    ];
    Ok((headers, write_terms(&terms, format)).into_response())
}
