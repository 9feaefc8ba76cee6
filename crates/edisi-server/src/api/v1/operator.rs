//! For those who run the newsroom: sources, webhooks, jobs, keys, the audit log.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use edisi_extract::Url;
use edisi_store::{ApiToken, Effects, Id, JobState, NewAudit, SourceKind, SourceRow, StoreError, Webhook};
use edisi_text::Lang;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::caller::{Asked, At, Body, Caller};
use super::views::{name, value};
use crate::App;
use crate::api::{Api, Problem};
use crate::auth::token::{self, Scope};
use crate::webhook;

/// Seconds between two looks at a source, at least.
const SOONEST: i64 = 60;

fn line(caller: &Caller, action: &'static str, object: String, details: Value) -> Effects {
    NewAudit { actor: caller.actor(), action, object, details }.into()
}

/// A watched source.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SourceView {
    id: String,
    /// `feed`, `sitemap` or `folder`.
    kind: String,
    /// Its address or folder.
    location: String,
    lang: Option<String>,
    /// Seconds between two looks.
    interval: i64,
    paused: bool,
    /// Failures in a row.
    failures: i64,
    /// Why the last look failed.
    error: Option<String>,
    /// RFC 3339: when it is looked at next.
    due: String,
}

impl From<&SourceRow> for SourceView {
    fn from(row: &SourceRow) -> SourceView {
        SourceView {
            id: row.id.to_string(),
            kind: name(&row.kind),
            location: row.location.clone(),
            lang: row.lang.map(|lang| lang.to_string()),
            interval: row.interval,
            paused: row.paused,
            failures: row.failures,
            error: row.error.clone(),
            due: row.due.to_string(),
        }
    }
}

/// The watched sources.
#[utoipa::path(get, operation_id = "listSources", path = "/sources", tag = "sources",
    responses((status = 200, body = Vec<SourceView>), (status = 403, body = Problem)))]
pub(super) async fn sources(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<SourceView>>, Problem> {
    caller.must(Scope::Admin)?;
    let rows = app.newsroom.store().sources().await?;
    Ok(Json(rows.iter().map(SourceView::from).collect()))
}

#[derive(Deserialize, ToSchema)]
pub(super) struct NewSource {
    /// `feed` or `sitemap`; folders are added on the machine itself.
    #[schema(value_type = String)]
    kind: SourceKind,
    /// Its address.
    location: String,
    /// The language its articles are in, where that is known.
    #[schema(value_type = Option<String>)]
    lang: Option<Lang>,
    /// Seconds between two looks, 60 at least; 900 when not given.
    interval: Option<i64>,
}

/// Has a source watched.
#[utoipa::path(post, operation_id = "addSource", path = "/sources", tag = "sources", request_body = NewSource,
    responses((status = 201, body = SourceView), (status = 409, description = "It is watched already", body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn add_source(
    State(app): State<App>,
    caller: Caller,
    Body(new): Body<NewSource>,
) -> Result<(StatusCode, Json<SourceView>), Problem> {
    caller.must(Scope::Admin)?;
    if new.kind == SourceKind::Folder {
        return Err(Problem::invalid(
            "a folder is added on the machine itself, at the desk or in the settings",
        ));
    }
    web(&new.location)?;
    let row = SourceRow {
        id: Id::new(),
        kind: new.kind,
        location: new.location,
        lang: new.lang,
        interval: interval(new.interval.unwrap_or(900))?,
        etag: None,
        last_modified: None,
        seen: Vec::new(),
        due: Timestamp::now(),
        failures: 0,
        error: None,
        paused: false,
        created: Timestamp::now(),
    };
    let effects =
        line(&caller, "source.added", format!("source/{}", row.id), json!({ "location": row.location }));
    app.newsroom.store().add_source(&row, effects).await?;
    Ok((StatusCode::CREATED, Json((&row).into())))
}

fn web(url: &str) -> Result<Url, Problem> {
    match Url::parse(url) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") && parsed.has_host() => Ok(parsed),
        _ => Err(Problem::invalid(format!("`{url}` is no address of the web"))),
    }
}

fn interval(seconds: i64) -> Result<i64, Problem> {
    if (SOONEST..=30 * 24 * 3600).contains(&seconds) {
        return Ok(seconds);
    }
    Err(Problem::invalid(format!("`interval` is from {SOONEST} seconds to 30 days")))
}

#[derive(Deserialize, ToSchema)]
pub(super) struct SourceChange {
    /// Whether it is not looked at.
    paused: Option<bool>,
    /// Seconds between two looks.
    interval: Option<i64>,
}

/// Changes a source.
#[utoipa::path(patch, operation_id = "changeSource", path = "/sources/{id}", tag = "sources", params(("id" = String, Path)),
    request_body = SourceChange, responses((status = 200, body = SourceView), (status = 404, body = Problem)))]
pub(super) async fn change_source(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
    Body(change): Body<SourceChange>,
) -> Result<Json<SourceView>, Problem> {
    caller.must(Scope::Admin)?;
    let store = app.newsroom.store();
    let mut row = store.source(id).await?;
    row.paused = change.paused.unwrap_or(row.paused);
    row.interval = change.interval.map_or(Ok(row.interval), interval)?;
    let details = json!({ "paused": row.paused, "interval": row.interval });
    store.update_source(&row, line(&caller, "source.changed", format!("source/{id}"), details)).await?;
    Ok(Json((&row).into()))
}

/// Watches a source no longer; its articles stay.
#[utoipa::path(delete, operation_id = "removeSource", path = "/sources/{id}", tag = "sources", params(("id" = String, Path)),
    responses((status = 204, description = "It is not watched any more"), (status = 404, body = Problem)))]
pub(super) async fn remove_source(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::Admin)?;
    let effects = line(&caller, "source.removed", format!("source/{id}"), Value::Null);
    app.newsroom.store().remove_source(id, effects).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody who wants to be told.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WebhookView {
    id: String,
    url: String,
    /// Of what; of everything when empty.
    events: Vec<String>,
    /// What messages are signed with; shown once, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// RFC 3339.
    created: String,
}

impl WebhookView {
    fn of(row: &Webhook, secret: Option<String>) -> WebhookView {
        WebhookView {
            id: row.id.to_string(),
            url: row.url.clone(),
            events: row.events.clone(),
            secret,
            created: row.created.to_string(),
        }
    }
}

/// The webhooks.
#[utoipa::path(get, operation_id = "listWebhooks", path = "/webhooks", tag = "webhooks",
    responses((status = 200, body = Vec<WebhookView>), (status = 403, body = Problem)))]
pub(super) async fn webhooks(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<WebhookView>>, Problem> {
    caller.must(Scope::Admin)?;
    let rows = app.newsroom.store().webhooks().await?;
    Ok(Json(rows.iter().map(|row| WebhookView::of(row, None)).collect()))
}

#[derive(Deserialize, ToSchema)]
pub(super) struct NewWebhook {
    /// Where to; an address that everybody can reach.
    url: String,
    /// `edition.ready`, `edition.held`, `edition.published`, `edition.stale`; all when empty.
    #[serde(default)]
    events: Vec<String>,
}

/// Has somebody told. The secret in the answer is shown once.
#[utoipa::path(post, operation_id = "addWebhook", path = "/webhooks", tag = "webhooks", request_body = NewWebhook,
    responses((status = 201, body = WebhookView), (status = 422, body = Problem)))]
pub(super) async fn add_webhook(
    State(app): State<App>,
    Extension(api): Extension<Arc<Api>>,
    caller: Caller,
    Body(new): Body<NewWebhook>,
) -> Result<(StatusCode, Json<WebhookView>), Problem> {
    caller.must(Scope::Admin)?;
    let url = web(&new.url)?;
    if url.scheme() == "http" && !api.private_addresses {
        return Err(Problem::invalid("a webhook has an address with https"));
    }
    if let Some(event) = new.events.iter().find(|event| !webhook::EVENTS.contains(&event.as_str())) {
        let known = webhook::EVENTS.join(", ");
        return Err(Problem::invalid(format!("there is no event `{event}`; there are {known}")));
    }
    let secret = webhook::secret();
    let row = Webhook {
        id: Id::new(),
        url: new.url,
        secret: secret.clone(),
        events: new.events,
        created: Timestamp::now(),
    };
    let effects = line(&caller, "webhook.added", format!("webhook/{}", row.id), json!({ "url": row.url }));
    app.newsroom.store().add_webhook(&row, effects).await?;
    Ok((StatusCode::CREATED, Json(WebhookView::of(&row, Some(secret)))))
}

/// Tells somebody no longer.
#[utoipa::path(delete, operation_id = "removeWebhook", path = "/webhooks/{id}", tag = "webhooks", params(("id" = String, Path)),
    responses((status = 204, description = "It is gone"), (status = 404, body = Problem)))]
pub(super) async fn remove_webhook(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::Admin)?;
    let effects = line(&caller, "webhook.removed", format!("webhook/{id}"), Value::Null);
    app.newsroom.store().remove_webhook(id, effects).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct JobsQuery {
    /// `queued`, `running`, `done` or `parked`.
    #[param(value_type = Option<String>)]
    state: Option<JobState>,
    /// At most so many, 500 if more.
    limit: Option<i64>,
}

/// Jobs.
#[utoipa::path(get, operation_id = "listJobs", path = "/jobs", tag = "jobs", params(JobsQuery),
    responses((status = 200, body = Vec<Object>), (status = 403, body = Problem)))]
pub(super) async fn jobs(
    State(app): State<App>,
    caller: Caller,
    Asked(query): Asked<JobsQuery>,
) -> Result<Json<Value>, Problem> {
    caller.must(Scope::Admin)?;
    let rows = app.newsroom.store().jobs(query.state, query.limit.unwrap_or(100).clamp(1, 500)).await?;
    Ok(Json(value(&rows)))
}

/// Sets a parked job going again.
#[utoipa::path(post, operation_id = "unparkJob", path = "/jobs/{id}/unpark", tag = "jobs", params(("id" = String, Path)),
    responses((status = 204, description = "It is queued"), (status = 404, description = "There is none that is parked", body = Problem)))]
pub(super) async fn unpark(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::Admin)?;
    let effects = line(&caller, "job.unparked", format!("job/{id}"), Value::Null);
    app.newsroom.store().unpark(id, effects).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A key for programs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenView {
    id: String,
    name: String,
    scopes: Vec<String>,
    /// The key; shown once, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// Who made it.
    user: String,
    /// RFC 3339.
    created: String,
    /// RFC 3339.
    expires: Option<String>,
    /// RFC 3339: when it was last used, to the minute.
    used: Option<String>,
    revoked: bool,
}

impl TokenView {
    fn of(row: &ApiToken, key: Option<String>) -> TokenView {
        TokenView {
            id: row.id.to_string(),
            name: row.name.clone(),
            scopes: row.scopes.clone(),
            key,
            user: row.user.to_string(),
            created: row.created.to_string(),
            expires: row.expires.map(|at| at.to_string()),
            used: row.used.map(|at| at.to_string()),
            revoked: row.revoked,
        }
    }
}

/// The keys, without what they are.
#[utoipa::path(get, operation_id = "listTokens", path = "/tokens", tag = "tokens",
    responses((status = 200, body = Vec<TokenView>), (status = 403, body = Problem)))]
pub(super) async fn tokens(State(app): State<App>, caller: Caller) -> Result<Json<Vec<TokenView>>, Problem> {
    caller.must(Scope::Admin)?;
    let rows = app.newsroom.store().tokens().await?;
    Ok(Json(rows.iter().map(|row| TokenView::of(row, None)).collect()))
}

#[derive(Deserialize, ToSchema)]
pub(super) struct NewToken {
    /// What it is for.
    name: String,
    scopes: Vec<Scope>,
    /// RFC 3339; for ever when not given.
    #[schema(value_type = Option<String>)]
    expires: Option<Timestamp>,
}

/// Makes a key. It is in the answer and nowhere else.
#[utoipa::path(post, operation_id = "addToken", path = "/tokens", tag = "tokens", request_body = NewToken,
    responses((status = 201, body = TokenView), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn add_token(
    State(app): State<App>,
    caller: Caller,
    Body(new): Body<NewToken>,
) -> Result<(StatusCode, Json<TokenView>), Problem> {
    caller.must(Scope::Admin)?;
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Problem::invalid("a key needs a name of at most 100 characters"));
    }
    if new.scopes.is_empty() {
        return Err(Problem::invalid("a key without a scope opens nothing"));
    }
    if new.expires.is_some_and(|at| at <= Timestamp::now()) {
        return Err(Problem::invalid("`expires` has passed"));
    }
    let (key, hash) = token::generate();
    let row = ApiToken {
        id: Id::new(),
        name: name.to_owned(),
        hash,
        scopes: new.scopes.iter().map(|scope| scope.name().to_owned()).collect(),
        user: caller.0.user.id,
        created: Timestamp::now(),
        expires: new.expires,
        used: None,
        revoked: false,
    };
    let details = json!({ "name": row.name, "scopes": row.scopes });
    let effects = line(&caller, "token.created", format!("token/{}", row.id), details);
    app.newsroom.store().create_token(&row, effects).await?;
    Ok((StatusCode::CREATED, Json(TokenView::of(&row, Some(key)))))
}

/// Takes a key back.
#[utoipa::path(delete, operation_id = "revokeToken", path = "/tokens/{id}", tag = "tokens", params(("id" = String, Path)),
    responses((status = 204, description = "It opens nothing any more"), (status = 404, body = Problem)))]
pub(super) async fn revoke_token(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Id>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::Admin)?;
    let store = app.newsroom.store();
    if !store.tokens().await?.iter().any(|token| token.id == id) {
        return Err(StoreError::NotFound { what: "token", key: id.to_string() }.into());
    }
    store.revoke_token(id, line(&caller, "token.revoked", format!("token/{id}"), Value::Null)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditQuery {
    /// Only of this: `article/ID`.
    object: Option<String>,
    /// Those before this one.
    #[param(value_type = Option<String>)]
    before: Option<Id>,
    /// At most so many, 500 if more.
    limit: Option<i64>,
}

/// The audit log, the latest first.
#[utoipa::path(get, operation_id = "listAudit", path = "/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, body = Vec<Object>), (status = 403, body = Problem)))]
pub(super) async fn audit(
    State(app): State<App>,
    caller: Caller,
    Asked(query): Asked<AuditQuery>,
) -> Result<Json<Value>, Problem> {
    caller.must(Scope::Admin)?;
    let limit = query.limit.unwrap_or(100).clamp(1, 500);
    let rows = app.newsroom.store().audit(query.object.as_deref(), query.before, limit).await?;
    Ok(Json(value(&rows)))
}
