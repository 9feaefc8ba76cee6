//! Webhooks.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use edisi_store::{Id, Webhook};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::effects;
use crate::App;
use crate::auth::{Admin, SignedIn};
use crate::desk::form::Form;
use crate::desk::pages::{Head, Pages};
use crate::desk::problem::Problem;
use crate::webhook::{self, EVENTS};

async fn show(app: &App, pages: &Pages, signed: &SignedIn, made: Value) -> Result<Html<String>, Problem> {
    let hooks = app.newsroom.store().webhooks().await?;
    let row = |h: &Webhook| json!({ "id": h.id, "url": h.url, "events": h.events, "created": h.created.to_string() });
    let context =
        json!({ "hooks": hooks.iter().map(row).collect::<Vec<_>>(), "events": EVENTS, "made": made });
    let head = Head { template: "settings_webhooks.html", title: "Webhooks", section: "settings" };
    pages.render(app, Some(signed), head, context)
}

/// `GET /desk/settings/webhooks`
pub async fn page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Admin(signed): Admin,
) -> Result<Html<String>, Problem> {
    show(&app, &pages, &signed, Value::Null).await
}

/// `POST /desk/settings/webhooks`: `action` is `add` (the secret is shown once) or `remove`.
pub async fn act(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Admin(signed): Admin,
    form: Form,
) -> Result<Response, Problem> {
    let (store, actor) = (app.newsroom.store(), &signed.user.login);
    if form.get("action") == "remove" {
        let id: Id = form.parse("id")?;
        store
            .remove_webhook(id, effects(actor, "webhook.removed", format!("webhook/{id}"), Value::Null))
            .await?;
        return Ok(Redirect::to("/desk/settings/webhooks").into_response());
    }
    let url = form.get("url").trim();
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(Problem::input("A webhook has an address such as https://bot.example/edisi."));
    }
    let events: Vec<String> =
        EVENTS.iter().filter(|e| form.all("event").any(|f| f == **e)).map(|e| (*e).to_owned()).collect();
    let hook = Webhook {
        id: Id::new(),
        url: url.to_owned(),
        secret: webhook::secret(),
        events,
        created: Timestamp::now(),
    };
    let details = json!({ "url": hook.url, "events": hook.events });
    store
        .add_webhook(&hook, effects(actor, "webhook.added", format!("webhook/{}", hook.id), details))
        .await?;
    let made = json!({ "url": hook.url, "secret": hook.secret });
    Ok(show(&app, &pages, &signed, made).await?.into_response())
}
