//! Editions and their sentences.

use axum::Json;
use axum::extract::State;
use edisi_store::{EditionState, Id, QueueFilter};
use edisi_text::Lang;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::caller::{Asked, At, Body, Caller};
use super::views::{EditionView, Page, PublicationView, SegmentView, value};
use crate::App;
use crate::api::Problem;
use crate::auth::token::Scope;
use crate::newsroom::Action;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct QueueQuery {
    /// Only this state.
    #[param(value_type = Option<String>)]
    state: Option<EditionState>,
    /// Only this language.
    #[param(value_type = Option<String>)]
    lang: Option<Lang>,
    /// Only those that are behind their article, or are not.
    stale: Option<bool>,
    /// How many to pass over: what `next` of the page before says.
    #[serde(default)]
    offset: i64,
    /// At most so many, 200 if more.
    limit: Option<i64>,
}

/// Editions, the most urgent first.
#[utoipa::path(get, operation_id = "listEditions", path = "/editions", tag = "editions", params(QueueQuery),
    responses((status = 200, body = Page<EditionView>), (status = 401, body = Problem)))]
pub(super) async fn queue(
    State(app): State<App>,
    caller: Caller,
    Asked(query): Asked<QueueQuery>,
) -> Result<Json<Page<EditionView>>, Problem> {
    caller.must(Scope::ArticlesRead)?;
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let offset = query.offset.max(0);
    let states = query.state.into_iter().collect();
    let filter = QueueFilter { states, lang: query.lang, stale: query.stale, offset, limit };
    let rows = app.newsroom.store().queue(&filter).await?;
    let next = (rows.len() as i64 == limit).then(|| (offset + limit).to_string());
    let items = rows.iter().map(|row| EditionView::from(&row.edition).titled(&row.article.title)).collect();
    Ok(Json(Page { items, next }))
}

/// An edition with its sentences.
#[utoipa::path(get, operation_id = "getEdition", path = "/editions/{id}", tag = "editions", params(("id" = String, Path)),
    responses((status = 200, body = EditionView), (status = 404, body = Problem)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
) -> Result<Json<EditionView>, Problem> {
    caller.must(Scope::ArticlesRead)?;
    let store = app.newsroom.store();
    let row = store.edition(id).await?;
    let article = store.article(row.article).await?;
    Ok(Json(EditionView::from(&row).titled(&article.title).with(&store.segments(id).await?)))
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Approval {
    /// The version of the edition that was seen.
    version: i64,
    /// The version of its sentences that was seen.
    content_version: i64,
    /// Whether it is published next.
    #[serde(default)]
    publish: bool,
}

/// Takes responsibility for an edition, in the name of the user whose key it is.
#[utoipa::path(post, operation_id = "approveEdition", path = "/editions/{id}/approve", tag = "editions", params(("id" = String, Path)),
    request_body = Approval, responses((status = 200, body = EditionView), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn approve(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
    Body(body): Body<Approval>,
) -> Result<Json<EditionView>, Problem> {
    caller.must(Scope::EditionsWrite)?;
    let Approval { version, content_version, publish } = body;
    let row = app.newsroom.approve(&caller.0.editor(), id, version, content_version, publish).await?;
    Ok(Json((&row).into()))
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Refusal {
    /// The version of the edition that was seen.
    version: i64,
    /// Why.
    #[serde(default)]
    reason: String,
}

/// An edition is not to be published.
#[utoipa::path(post, operation_id = "rejectEdition", path = "/editions/{id}/reject", tag = "editions", params(("id" = String, Path)),
    request_body = Refusal, responses((status = 200, body = EditionView), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub(super) async fn reject(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
    Body(body): Body<Refusal>,
) -> Result<Json<EditionView>, Problem> {
    caller.must(Scope::EditionsWrite)?;
    let row = app.newsroom.reject(&caller.0.editor(), id, body.version, &body.reason).await?;
    Ok(Json((&row).into()))
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Version {
    /// The version of the edition that was seen.
    version: i64,
}

/// Publishes an edition: an approved one as reviewed, another with the label of a machine translation.
#[utoipa::path(post, operation_id = "publishEdition", path = "/editions/{id}/publish", tag = "editions", params(("id" = String, Path)),
    request_body = Version, responses((status = 200, body = PublicationView), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn publish(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
    Body(body): Body<Version>,
) -> Result<Json<PublicationView>, Problem> {
    caller.must(Scope::EditionsWrite)?;
    let row = app.newsroom.publish(&caller.0.editor(), id, body.version).await?;
    Ok(Json((&row).into()))
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Accepted {
    /// How many sentences were accepted.
    accepted: u64,
}

/// Accepts every sentence that nobody has touched and that has no finding but notes.
#[utoipa::path(post, operation_id = "acceptCleanSegments", path = "/editions/{id}/accept-clean", tag = "editions", params(("id" = String, Path)),
    responses((status = 200, body = Accepted), (status = 404, body = Problem)))]
pub(super) async fn accept_clean(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
) -> Result<Json<Accepted>, Problem> {
    caller.must(Scope::EditionsWrite)?;
    app.newsroom.store().edition(id).await?;
    Ok(Json(Accepted { accepted: app.newsroom.accept_clean(&caller.0.editor(), id).await? }))
}

/// What is done about a sentence.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum What {
    /// It is right as it stands.
    Accept,
    /// It should be `text`.
    Edit,
    /// It is wrong; the original stands in its place.
    Reject,
    /// Back to what it was before the last change.
    Undo,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Act {
    /// The version of the sentence that was seen.
    version: i64,
    action: What,
    /// With `edit`: the sentence.
    text: Option<String>,
}

/// Does something about a sentence.
#[utoipa::path(post, operation_id = "changeSegment", path = "/segments/{id}", tag = "editions", params(("id" = String, Path)),
    request_body = Act, responses((status = 200, body = SegmentView), (status = 404, body = Problem),
        (status = 409, description = "Somebody else was faster", body = Problem), (status = 422, body = Problem)))]
pub(super) async fn act(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
    Body(body): Body<Act>,
) -> Result<Json<SegmentView>, Problem> {
    caller.must(Scope::EditionsWrite)?;
    let action = match (body.action, body.text) {
        (What::Edit, Some(text)) => Action::Edit(text),
        (What::Edit, None) => return Err(Problem::invalid("`edit` comes with `text`")),
        (What::Accept, _) => Action::Accept,
        (What::Reject, _) => Action::Reject,
        (What::Undo, _) => Action::Undo,
    };
    let row = app.newsroom.act(&caller.0.editor(), id, body.version, action).await?;
    Ok(Json((&row).into()))
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Draft {
    /// A translation of the sentence.
    text: String,
}

/// What the checks would say of a text for a sentence; nothing is saved.
#[utoipa::path(post, operation_id = "checkSegment", path = "/segments/{id}/check", tag = "editions", params(("id" = String, Path)),
    request_body = Draft, responses((status = 200, body = Vec<Object>), (status = 404, body = Problem)))]
pub(super) async fn check(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
    Body(body): Body<Draft>,
) -> Result<Json<Value>, Problem> {
    caller.must(Scope::ArticlesRead)?;
    Ok(Json(value(&app.newsroom.check(id, &body.text).await?)))
}
