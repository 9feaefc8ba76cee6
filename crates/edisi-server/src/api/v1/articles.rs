//! Articles, their revisions and their editions.

use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use edisi_store::{ArticleFilter, Id, Ingested};
use edisi_text::Lang;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::caller::{Asked, At, Body, Caller};
use super::take::{self, NewArticle};
use super::views::{ArticleView, EditionView, Page, RevisionView};
use crate::App;
use crate::api::{Api, Problem};
use crate::auth::token::Scope;
use crate::newsroom::Origin;

/// Rows of a page, at most.
const MOST: i64 = 200;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Words of the headline.
    #[serde(default)]
    search: String,
    /// Those before this one: what `next` of the page before says.
    #[param(value_type = Option<String>)]
    before: Option<Id>,
    /// At most so many, 200 if more.
    limit: Option<i64>,
}

/// Articles, the latest first.
#[utoipa::path(get, operation_id = "listArticles", path = "/articles", tag = "articles", params(ListQuery),
    responses((status = 200, body = Page<ArticleView>), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Asked(query): Asked<ListQuery>,
) -> Result<Json<Page<ArticleView>>, Problem> {
    caller.must(Scope::ArticlesRead)?;
    let limit = query.limit.unwrap_or(50).clamp(1, MOST);
    let filter = ArticleFilter { search: query.search, before: query.before, limit };
    let rows = app.newsroom.store().articles(&filter).await?;
    let next = rows.last().filter(|_| rows.len() as i64 == limit).map(|row| row.id.to_string());
    Ok(Json(Page { items: rows.iter().map(ArticleView::from).collect(), next }))
}

/// What became of an article that was sent.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Taken {
    /// `created`, `revised` or `unchanged`.
    outcome: &'static str,
    article: ArticleView,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SendQuery {
    /// The language of the text, where the body does not say it.
    #[param(value_type = Option<String>)]
    lang: Option<Lang>,
    /// The address a page was published at, for a body of HTML.
    url: Option<String>,
    /// What makes it the same article when it comes again.
    key: Option<String>,
    /// What the newsroom says about the change, when it is another revision.
    note: Option<String>,
}

/// Sends an article: its fields, ninjs, a page, or the address of one. Editions are made in the background.
///
/// Of `url`, `html`, `ninjs` and `text` exactly one is given. A body of `text/html` is a page, one of
/// `application/ninjs+json` is ninjs.
#[utoipa::path(post, operation_id = "sendArticle", path = "/articles", tag = "articles", params(SendQuery), request_body = NewArticle,
    responses((status = 201, description = "It is new", body = Taken),
        (status = 200, description = "It is known, or a new revision of one that is", body = Taken),
        (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 422, description = "It is no article", body = Problem)))]
pub(super) async fn send(
    State(app): State<App>,
    Extension(api): Extension<Arc<Api>>,
    caller: Caller,
    Asked(query): Asked<SendQuery>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Taken>), Problem> {
    caller.must(Scope::ArticlesWrite)?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let sent = NewArticle::read(kind, &body)?;
    let sent = sent.or(query.lang, query.url, query.key, query.note);
    let (key, note) = (sent.key.clone(), sent.note.clone());
    let idempotency = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let fallback = match idempotency {
        Some(key) => format!("api/{}/{key}", caller.0.token.id),
        None => format!("api/{}", Id::new()),
    };
    let private = api.private_addresses;
    let article = tokio::task::spawn_blocking(move || take::article(sent, private))
        .await
        .map_err(Problem::internal)??;
    let key = key.or_else(|| article.url.is_none().then_some(fallback));
    let done = app.newsroom.ingest(article, Origin { key, source: None, note }, &caller.actor()).await?;
    let (status, outcome, row) = match &done {
        Ingested::Created(row) => (StatusCode::CREATED, "created", row),
        Ingested::Revised(row) => (StatusCode::OK, "revised", row),
        Ingested::Unchanged(row) => (StatusCode::OK, "unchanged", row),
    };
    Ok((status, Json(Taken { outcome, article: row.into() })))
}

/// An article and its editions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Whole {
    #[serde(flatten)]
    article: ArticleView,
    editions: Vec<EditionView>,
}

/// An article and its editions.
#[utoipa::path(get, operation_id = "getArticle", path = "/articles/{id}", tag = "articles", params(("id" = String, Path)),
    responses((status = 200, body = Whole), (status = 404, body = Problem)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
) -> Result<Json<Whole>, Problem> {
    caller.must(Scope::ArticlesRead)?;
    let store = app.newsroom.store();
    let (row, editions) = (store.article(id).await?, store.editions(id).await?);
    Ok(Json(Whole { article: (&row).into(), editions: editions.iter().map(EditionView::from).collect() }))
}

/// Takes an article out, with all its editions and publications.
#[utoipa::path(delete, operation_id = "deleteArticle", path = "/articles/{id}", tag = "articles", params(("id" = String, Path)),
    responses((status = 204, description = "It is gone"), (status = 404, body = Problem)))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::ArticlesWrite)?;
    app.newsroom.remove(id, &caller.actor()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The revisions of an article, the latest first, without their texts.
#[utoipa::path(get, operation_id = "listRevisions", path = "/articles/{id}/revisions", tag = "articles", params(("id" = String, Path)),
    responses((status = 200, body = Vec<RevisionView>), (status = 404, body = Problem)))]
pub(super) async fn revisions(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
) -> Result<Json<Vec<RevisionView>>, Problem> {
    caller.must(Scope::ArticlesRead)?;
    app.newsroom.store().article(id).await?;
    let rows = app.newsroom.store().revisions(id).await?;
    Ok(Json(rows.iter().map(|row| RevisionView::of(row, false)).collect()))
}

/// A revision with its text.
#[utoipa::path(get, operation_id = "getRevision", path = "/revisions/{id}", tag = "articles", params(("id" = String, Path)),
    responses((status = 200, body = RevisionView), (status = 404, body = Problem)))]
pub(super) async fn revision(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
) -> Result<Json<RevisionView>, Problem> {
    caller.must(Scope::ArticlesRead)?;
    Ok(Json(RevisionView::of(&app.newsroom.store().revision(id).await?, true)))
}

/// The editions of an article.
#[utoipa::path(get, operation_id = "listEditionsOfArticle", path = "/articles/{id}/editions", tag = "editions", params(("id" = String, Path)),
    responses((status = 200, body = Vec<EditionView>), (status = 404, body = Problem)))]
pub(super) async fn editions(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
) -> Result<Json<Vec<EditionView>>, Problem> {
    caller.must(Scope::ArticlesRead)?;
    app.newsroom.store().article(id).await?;
    let rows = app.newsroom.store().editions(id).await?;
    Ok(Json(rows.iter().map(EditionView::from).collect()))
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Into_ {
    /// The language to translate into, a BCP 47 tag.
    #[schema(value_type = String)]
    lang: Lang,
}

/// Has an edition made, or made again; what editors did stays.
#[utoipa::path(post, operation_id = "makeEdition", path = "/articles/{id}/editions", tag = "editions", params(("id" = String, Path)),
    request_body = Into_, responses((status = 202, description = "It is being made", body = EditionView),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn translate(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
    Body(into): Body<Into_>,
) -> Result<(StatusCode, Json<EditionView>), Problem> {
    caller.must(Scope::EditionsWrite)?;
    let row = app.newsroom.translate(id, into.lang, &caller.actor()).await?;
    Ok((StatusCode::ACCEPTED, Json((&row).into())))
}

/// Takes a version off the site.
#[utoipa::path(delete, operation_id = "withdrawPublication", path = "/articles/{id}/publications/{lang}", tag = "editions",
    params(("id" = String, Path), ("lang" = String, Path)),
    responses((status = 204, description = "It is off the site"), (status = 404, body = Problem)))]
pub(super) async fn withdraw(
    State(app): State<App>,
    caller: Caller,
    At((id, lang)): At<(Id, Lang)>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::EditionsWrite)?;
    app.newsroom.withdraw(&caller.0.editor(), id, lang).await?;
    Ok(StatusCode::NO_CONTENT)
}
