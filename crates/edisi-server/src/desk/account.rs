//! What everybody may change about themselves: the name and the password.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::form::Form;
use super::pages::{Head, Pages};
use super::problem::Problem;
use crate::App;
use crate::auth::{Reader, password, people, session};

const HEAD: Head<'static> = Head { template: "account.html", title: "Your account", section: "account" };

/// `GET /desk/account`
pub async fn page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Reader(signed): Reader,
) -> Result<Html<String>, Problem> {
    pages.render(&app, Some(&signed), HEAD, json!({ "wrong": Value::Null }))
}

/// `POST /desk/account`: `action` is `name` or `password`. A new password ends all other sessions and begins this one anew.
pub async fn change(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Reader(signed): Reader,
    form: Form,
) -> Result<Response, Problem> {
    let (store, user) = (app.newsroom.store(), &signed.user);
    if form.get("action") == "name" {
        people::change(store, user, form.get("name"), user.role, user.disabled, &user.login).await?;
        return Ok(Redirect::to("/desk/account").into_response());
    }
    let wrong = |text: &str| {
        let page = pages.render(&app, Some(&signed), HEAD, json!({ "wrong": text }))?;
        Ok::<_, Problem>((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let (old, hash) = (form.get("old").to_owned(), user.password_hash.clone());
    let right = tokio::task::spawn_blocking(move || password::verify(&old, Some(&hash))).await;
    if !matches!(right, Ok(true)) {
        return wrong("The present password is not right.");
    }
    if let Err(error) = people::set_password(store, user, form.get("new"), &user.login).await {
        let problem = Problem::from(error);
        return if problem.status.is_server_error() { Err(problem) } else { wrong(&problem.message) };
    }
    let (_, cookie) = session::begin(store, user.id, app.secure, Timestamp::now()).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/desk/account")).into_response())
}
