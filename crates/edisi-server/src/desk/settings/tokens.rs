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
use crate::auth::token::{self, Scope};
use crate::auth::{Admin, SignedIn};
use crate::desk::form::Form;
use crate::desk::pages::{Head, Pages};
use crate::desk::problem::Problem;

/// What a scope allows, in words.
fn words(scope: Scope) -> &'static str {
    match scope {
        Scope::Translate => "translate texts that are kept nowhere (LibreTranslate’s API)",
        Scope::ArticlesRead => "read articles and editions",
        Scope::ArticlesWrite => "send and delete articles",
        Scope::EditionsWrite => "change, approve and publish editions; glossary, names and memory",
        Scope::Admin => "everything, sources, webhooks, keys and jobs too",
    }
}

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
    let scopes = Scope::ALL.map(|scope| json!({ "name": scope.name(), "words": words(scope) }));
    let context = json!({
        "tokens": tokens.iter().map(row).collect::<Vec<_>>(), "made": made, "scopes": scopes,
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
    let scopes: Vec<String> = Scope::ALL
        .iter()
        .map(|scope| scope.name().to_owned())
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
    let (key, hash) = token::generate();
    let token = ApiToken {
        id: Id::new(),
        name: name.to_owned(),
        hash,
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
