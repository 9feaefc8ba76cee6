//! Keys for programs.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use edisi_store::{ApiToken, Id};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::effects;
use crate::App;
use crate::auth::{Admin, SignedIn, secret};
use crate::desk::form::Form;
use crate::desk::pages::{Head, Pages};
use crate::desk::problem::Problem;

/// What a token may be allowed, with what that means.
const SCOPES: &[(&str, &str)] = &[
    ("translate", "translate texts (LibreTranslate’s API)"),
    ("articles:read", "read articles and editions"),
    ("articles:write", "send articles in"),
    ("editions:write", "review, approve and publish editions"),
    ("admin", "everything else: sources, webhooks, terms, tokens"),
];

const DAY: u64 = 24 * 3600;

async fn show(app: &App, pages: &Pages, signed: &SignedIn, made: Value) -> Result<Html<String>, Problem> {
    let store = app.newsroom.store();
    let (tokens, users) = (store.tokens().await?, store.users().await?);
    let row = |t: &ApiToken| {
        json!({
            "id": t.id, "name": t.name, "scopes": t.scopes, "revoked": t.revoked,
            "user": users.iter().find(|u| u.id == t.user).map(|u| u.login.clone()),
            "created": t.created.to_string(), "expires": t.expires.map(|at| at.to_string()),
            "used": t.used.map(|at| at.to_string()),
        })
    };
    let scopes = SCOPES.iter().map(|(name, words)| json!({ "name": name, "words": words }));
    let context = json!({
        "tokens": tokens.iter().map(row).collect::<Vec<_>>(), "made": made, "scopes": scopes.collect::<Vec<_>>(),
    });
    let head = Head { template: "settings_tokens.html", title: "Tokens", section: "settings" };
    pages.render(app, Some(signed), head, context)
}

/// `GET /desk/settings/tokens`
pub async fn page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Admin(signed): Admin,
) -> Result<Html<String>, Problem> {
    show(&app, &pages, &signed, Value::Null).await
}

/// `POST /desk/settings/tokens`: `action` is `make` (the key is shown on the page that comes back, and never again) or
/// `revoke`.
pub async fn act(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Admin(signed): Admin,
    form: Form,
) -> Result<Response, Problem> {
    let (store, actor) = (app.newsroom.store(), &signed.user.login);
    if form.get("action") == "revoke" {
        let id: Id = form.parse("id")?;
        store.revoke_token(id, effects(actor, "token.revoked", format!("token/{id}"), Value::Null)).await?;
        return Ok(Redirect::to("/desk/settings/tokens").into_response());
    }
    let name = form.some("name").ok_or_else(|| Problem::input("A token needs a name: what it is for."))?;
    let scopes: Vec<String> = SCOPES
        .iter()
        .map(|(scope, _)| (*scope).to_owned())
        .filter(|scope| form.all("scope").any(|s| s == scope))
        .collect();
    if scopes.is_empty() {
        return Err(Problem::input("Choose at least one thing that the token may do."));
    }
    let now = Timestamp::now();
    let expires = match form.some("days") {
        None => None,
        Some(_) => {
            let days: u64 = form.parse("days")?;
            Some(now + Duration::from_secs(days.clamp(1, 3650) * DAY))
        }
    };
    let key = format!("edisi_{}", secret::random());
    let token = ApiToken {
        id: Id::new(),
        name: name.to_owned(),
        hash: secret::hash(&key),
        scopes,
        user: signed.user.id,
        created: now,
        expires,
        used: None,
        revoked: false,
    };
    let details = json!({ "name": token.name, "scopes": token.scopes });
    store
        .create_token(&token, effects(actor, "token.created", format!("token/{}", token.id), details))
        .await?;
    let made = json!({ "name": token.name, "key": key });
    Ok(show(&app, &pages, &signed, made).await?.into_response())
}
