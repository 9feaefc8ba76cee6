//! Users.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use edisi_store::Role;
use serde_json::{Value, json};

use crate::App;
use crate::auth::{Admin, SignedIn, people, secret};
use crate::desk::form::Form;
use crate::desk::pages::{Head, Pages};
use crate::desk::problem::Problem;
use crate::desk::words;

async fn show(app: &App, pages: &Pages, signed: &SignedIn, made: Value) -> Result<Html<String>, Problem> {
    let users = app.newsroom.store().users().await?;
    let row = |u: &edisi_store::User| {
        json!({
            "id": u.id, "login": u.login, "name": u.name, "role": words::role(u.role), "disabled": u.disabled,
            "created": u.created.to_string(), "self": u.id == signed.user.id,
        })
    };
    let context = json!({ "users": users.iter().map(row).collect::<Vec<_>>(), "made": made });
    let head = Head { template: "settings_users.html", title: "People", section: "settings" };
    pages.render(app, Some(signed), head, context)
}

/// `GET /desk/settings/users`
pub async fn page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Admin(signed): Admin,
) -> Result<Html<String>, Problem> {
    show(&app, &pages, &signed, Value::Null).await
}

fn role(form: &Form) -> Result<Role, Problem> {
    match form.get("role") {
        "reader" => Ok(Role::Reader),
        "editor" => Ok(Role::Editor),
        "admin" => Ok(Role::Admin),
        _ => Err(Problem::input("A role is reader, editor or admin.")),
    }
}

/// `POST /desk/settings/users`: `action` is `add`, `change` or `password`. Passwords are made here and shown once.
pub async fn act(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Admin(signed): Admin,
    form: Form,
) -> Result<Response, Problem> {
    let (store, actor) = (app.newsroom.store(), &signed.user.login);
    let password = secret::passphrase();
    let made = match form.get("action") {
        "add" => {
            let role = role(&form)?;
            people::add(store, form.get("login"), form.get("name"), role, &password, actor).await?
        }
        "change" => {
            let user = store.user(form.parse("id")?).await?;
            let disabled = form.has("disabled");
            people::change(store, &user, form.get("name"), role(&form)?, disabled, actor).await?;
            return Ok(Redirect::to("/desk/settings/users").into_response());
        }
        "password" => {
            let user = store.user(form.parse("id")?).await?;
            people::set_password(store, &user, &password, actor).await?;
            user
        }
        _ => return Err(Problem::input("There is no such action.")),
    };
    let made = json!({ "login": made.login, "password": password });
    Ok(show(&app, &pages, &signed, made).await?.into_response())
}
