//! Articles: the list, one with all that became of it, a new one.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use edisi_article::{Article, Block, BlockKind};
use edisi_store::{ArticleFilter, ArticleRow, AuditRow, Id, Ingested, Role};
use edisi_text::Lang;
use serde::Deserialize;
use serde_json::{Value, json};

use super::changes;
use super::edition::{site_path, summary};
use super::form::Form;
use super::pages::{Head, Pages};
use super::problem::Problem;
use super::view::Tongue;
use crate::App;
use crate::auth::{Editor, Reader, Refusal};
use crate::newsroom::Origin;

/// So many articles are on a page.
const A_PAGE: i64 = 50;
/// So many lines of the audit log.
const LINES: i64 = 60;

/// What the list is asked with.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    search: String,
    #[serde(default)]
    before: Option<Id>,
}

fn row(article: &ArticleRow) -> Value {
    json!({
        "id": article.id, "title": article.title, "url": article.url, "origin": article.origin, "slug": article.slug,
        "lang": Tongue::from(article.lang),
        "created": article.created.to_string(), "updated": article.updated.to_string(),
        "revised": article.created != article.updated,
    })
}

/// `GET /desk/articles`
pub async fn list(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Reader(signed): Reader,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let search = asked.search.trim().to_owned();
    let filter = ArticleFilter { search: search.clone(), before: asked.before, limit: A_PAGE + 1 };
    let mut found = app.newsroom.store().articles(&filter).await?;
    let more = found.len() as i64 > A_PAGE;
    found.truncate(A_PAGE as usize);
    let context = json!({
        "articles": found.iter().map(row).collect::<Vec<_>>(),
        "search": search,
        "before": found.last().filter(|_| more).map(|a| a.id),
    });
    let head = Head { template: "articles.html", title: "Articles", section: "articles" };
    pages.render(&app, Some(&signed), head, context)
}

/// `GET /desk/articles/ID`
pub async fn page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Reader(signed): Reader,
    Path(id): Path<Id>,
) -> Result<Html<String>, Problem> {
    let store = app.newsroom.store();
    let article = store.article(id).await?;
    let editions = store.editions(id).await?;
    let revisions = store.revisions(id).await?;
    let source = match article.source {
        Some(source) => store.source(source).await.ok().map(|s| s.location),
        None => None,
    };
    let settings = app.newsroom.settings();
    let has = |lang: &Lang| *lang == article.lang || editions.iter().any(|e| e.lang == *lang);
    let missing = settings.editions.iter().chain([&settings.lang]).filter(|lang| !has(lang));
    let corrections = store.corrections(id).await?.into_iter().map(|c| {
        let changes: Vec<_> = c.changes.iter().map(|(a, b)| changes::of_texts(a, b)).collect();
        json!({ "id": c.id, "note": c.note, "at": c.at.to_string(), "changes": changes })
    });
    let on_site = store.publications(id).await?.into_iter().map(|p| {
        json!({
            "lang": Tongue::from(p.lang), "href": site_path(p.lang, &p.slug), "number": p.number, "stale": p.stale,
            "published": p.published.to_string(), "approved": p.approved,
        })
    });
    let current = revisions.first().map(|r| &r.content);
    let blocks = current.map_or(&[][..], |c| &c.blocks).iter();
    let text = blocks.map(|b| json!({ "kind": b.kind, "text": b.text }));
    let context = json!({
        "article": row(&article),
        "editions": editions.iter().map(summary).collect::<Vec<_>>(),
        "missing": missing.copied().map(Tongue::from).collect::<Vec<_>>(),
        "revisions": revisions.iter().map(|r| json!({
            "id": r.id, "number": r.number, "created": r.created.to_string(), "hash": r.hash,
        })).collect::<Vec<_>>(),
        "corrections": corrections.collect::<Vec<_>>(),
        "on_site": on_site.collect::<Vec<_>>(),
        "source": source,
        "description": current.and_then(|c| c.description.clone()),
        "text": text.collect::<Vec<_>>(),
        "audit": audit_lines(&trail(store, id, &editions).await?),
    });
    let head = Head { template: "article.html", title: &article.title, section: "articles" };
    pages.render(&app, Some(&signed), head, context)
}

/// The audit log of an article and its editions, the latest first.
async fn trail(
    store: &edisi_store::Store,
    id: Id,
    editions: &[edisi_store::EditionRow],
) -> Result<Vec<AuditRow>, Problem> {
    let mut lines = store.audit(Some(&format!("article/{id}")), None, LINES).await?;
    for edition in editions {
        lines.extend(store.audit(Some(&format!("edition/{}", edition.id)), None, LINES).await?);
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.id));
    lines.truncate(LINES as usize);
    Ok(lines)
}

/// Lines of the audit log as pages show them.
pub fn audit_lines(lines: &[AuditRow]) -> Vec<Value> {
    let one = |line: &AuditRow| {
        let details = match &line.details {
            Value::Object(map) => {
                let plain = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
                let said = map.iter().filter(|(_, v)| !v.is_null() && *v != "");
                said.map(|(k, v)| format!("{k}: {}", plain(v))).collect::<Vec<_>>().join(", ")
            }
            Value::Null => String::new(),
            other => other.to_string(),
        };
        json!({
            "at": line.at.to_string(), "actor": line.actor, "action": line.action, "object": line.object,
            "details": details,
        })
    };
    lines.iter().map(one).collect()
}

/// Which revisions to compare.
#[derive(Debug, Deserialize)]
pub struct Compared {
    from: Id,
    to: Id,
}

/// `GET /desk/articles/ID/changes?from=…&to=…`
pub async fn differences(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Reader(signed): Reader,
    Path(id): Path<Id>,
    Query(compared): Query<Compared>,
) -> Result<Html<String>, Problem> {
    let store = app.newsroom.store();
    let article = store.article(id).await?;
    let (from, to) = (store.revision(compared.from).await?, store.revision(compared.to).await?);
    if from.article != id || to.article != id {
        return Err(Problem::nothing());
    }
    let context = json!({
        "article": row(&article),
        "source": Tongue::from(article.lang),
        "from": { "number": from.number, "created": from.created.to_string() },
        "to": { "number": to.number, "created": to.created.to_string() },
        "changes": changes::of_articles(&from.content, &to.content, article.lang),
    });
    let head = Head { template: "differences.html", title: "What changed", section: "articles" };
    pages.render(&app, Some(&signed), head, context)
}

/// `POST /desk/articles/ID`: `action` is `translate` (into `lang`) or `delete`.
pub async fn act(
    State(app): State<App>,
    Editor(signed): Editor,
    Path(id): Path<Id>,
    form: Form,
) -> Result<Response, Problem> {
    let user = &signed.user;
    match form.get("action") {
        "translate" => {
            let edition = app.newsroom.translate(id, form.parse("lang")?, &user.login).await?;
            Ok(Redirect::to(&format!("/desk/editions/{}", edition.id)).into_response())
        }
        "delete" if user.role < Role::Admin => Err(Problem::from(&Refusal::Role)),
        "delete" => {
            app.newsroom.remove(id, &user.login).await?;
            Ok(Redirect::to("/desk/articles").into_response())
        }
        _ => Err(Problem::input("There is no such action; it is translate or delete.")),
    }
}

/// `POST /desk/corrections/ID`: what readers are told about a change.
pub async fn note(
    State(app): State<App>,
    Editor(signed): Editor,
    Path(id): Path<Id>,
    form: Form,
) -> Result<Response, Problem> {
    let (article, note): (Id, &str) = (form.parse("article")?, form.get("note").trim());
    app.newsroom.set_correction_note(id, note, &signed.user.login).await?;
    Ok(Redirect::to(&format!("/desk/articles/{article}#corrections")).into_response())
}

/// `GET /desk/articles/new`
pub async fn new_page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Editor(signed): Editor,
) -> Result<Html<String>, Problem> {
    let settings = app.newsroom.settings();
    let langs = [settings.lang].into_iter().chain(settings.editions.iter().copied());
    let context = json!({ "langs": langs.map(Tongue::from).collect::<Vec<_>>() });
    let head = Head { template: "article_new.html", title: "New article", section: "articles" };
    pages.render(&app, Some(&signed), head, context)
}

/// `POST /desk/articles/new`: a headline and paragraphs with empty lines between; with the `key` of a known article it is a
/// new revision of that one.
pub async fn create(State(app): State<App>, Editor(signed): Editor, form: Form) -> Result<Response, Problem> {
    let Some(title) = form.some("title") else {
        return Err(Problem::input("An article needs a headline."));
    };
    let lang: Lang = form.parse("lang")?;
    let text = form.get("text").replace("\r\n", "\n");
    let paragraphs = text.split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "));
    let blocks = paragraphs.filter(|p| !p.is_empty()).map(|p| Block::plain(BlockKind::Paragraph, p));
    let blocks: Vec<Block> = blocks.collect();
    if blocks.is_empty() {
        return Err(Problem::input("An article needs a text."));
    }
    let article = Article {
        input: format!("desk:{}", Id::new()),
        title: Some(title.to_owned()),
        description: form.some("description").map(str::to_owned),
        byline: form.some("byline").map(str::to_owned).into_iter().collect(),
        section: form.some("section").map(str::to_owned),
        published: Some(jiff::Timestamp::now().to_string()),
        language: Some(lang),
        blocks,
        ..Article::default()
    };
    let origin = Origin { key: form.some("key").map(str::to_owned), ..Origin::default() };
    let taken = app.newsroom.ingest(article, origin, &signed.user.login).await?;
    let (Ingested::Created(article) | Ingested::Revised(article) | Ingested::Unchanged(article)) = taken;
    Ok(Redirect::to(&format!("/desk/articles/{}", article.id)).into_response())
}
