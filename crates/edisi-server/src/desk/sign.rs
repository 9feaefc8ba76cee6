//! Signing in and out, and the first administrator.

use std::sync::Arc;
use std::time::Instant;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use edisi_store::{Effects, NewAudit, User};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::form::Form;
use super::pages::{Head, Pages};
use super::problem::Problem;
use crate::App;
use crate::auth::limit::{self, Peer};
use crate::auth::{SignedIn, password, session, setup};

const SIGN_IN: Head<'static> = Head { template: "sign_in.html", title: "Sign in", section: "" };
const SETUP: Head<'static> = Head { template: "setup.html", title: "First administrator", section: "" };

/// What the pages are asked with.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    next: String,
    #[serde(default)]
    token: String,
}

/// A path of the desk, whatever a link claims.
fn safe(next: &str) -> &str {
    let is_desk = next == "/desk" || next.starts_with("/desk/") || next.starts_with("/desk?");
    let is_plain = !next.contains(['\\', '\r', '\n']) && !next.starts_with("/desk/sign-in");
    if is_desk && is_plain { next } else { "/desk" }
}

/// `GET /desk/sign-in`
pub async fn page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    signed: Option<Extension<SignedIn>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    if signed.is_some() {
        return Ok(Redirect::to(safe(&asked.next)).into_response());
    }
    let nobody = app.newsroom.store().users().await?.is_empty();
    let context = json!({ "next": safe(&asked.next), "login": "", "wrong": Value::Null, "nobody": nobody });
    Ok(pages.render(&app, None, SIGN_IN, context)?.into_response())
}

/// `POST /desk/sign-in`
pub async fn sign_in(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    peer: Peer,
    headers: HeaderMap,
    old: Option<Extension<SignedIn>>,
    form: Form,
) -> Result<Response, Problem> {
    let login = form.get("login").trim().to_ascii_lowercase();
    let proxies = &app.newsroom.settings().api.proxies;
    let address = limit::counted(peer.client(&headers, proxies));
    let now = Instant::now();
    let again = |status: StatusCode, wrong: String| {
        let context =
            json!({ "next": safe(form.get("next")), "login": login, "wrong": wrong, "nobody": false });
        Ok::<_, Problem>((status, pages.render(&app, None, SIGN_IN, context)?).into_response())
    };
    if let Some(wait) = pages.throttle.wait(&login, &address, now) {
        let seconds = wait.as_secs() + 1;
        let text = format!("Too many wrong tries. Wait {seconds} s and try again.");
        let mut response = again(StatusCode::TOO_MANY_REQUESTS, text)?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return Ok(response);
    }
    pages.throttle.tried(&login, &address, now);
    let store = app.newsroom.store();
    let user = store.user_by_login(&login).await?.filter(|u| !u.disabled);
    let (given, hash) = (form.get("password").to_owned(), user.as_ref().map(|u| u.password_hash.clone()));
    let right = tokio::task::spawn_blocking(move || password::verify(&given, hash.as_deref())).await;
    let Some(user) = user.filter(|_| matches!(right, Ok(true))) else {
        tracing::warn!(login, address, "a sign-in failed");
        return again(StatusCode::UNAUTHORIZED, "Login and password do not belong together.".into());
    };
    pages.throttle.succeeded(&login, &address);
    if let Some(Extension(old)) = old {
        store.delete_session(&old.session.hash).await?;
    }
    enter(&app, &user, safe(form.get("next")), &address).await
}

/// Begins a session and goes to `next`.
async fn enter(app: &App, user: &User, next: &str, address: &str) -> Result<Response, Problem> {
    let store = app.newsroom.store();
    let (_, cookie) = session::begin(store, user.id, app.secure, Timestamp::now()).await?;
    let line = NewAudit {
        actor: user.login.clone(),
        action: "user.signed-in",
        object: format!("user/{}", user.id),
        details: json!({ "address": address }),
    };
    store.record(Effects { jobs: Vec::new(), audit: vec![line] }).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response())
}

/// `POST /desk/sign-out`
pub async fn sign_out(
    State(app): State<App>,
    Extension(signed): Extension<SignedIn>,
) -> Result<Response, Problem> {
    app.newsroom.store().delete_session(&signed.session.hash).await?;
    let headers = [
        (header::SET_COOKIE, session::forget(app.secure)),
        (header::HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\"")),
    ];
    Ok((headers, Redirect::to("/desk/sign-in")).into_response())
}

/// `GET /desk/setup?token=…`
pub async fn setup_page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    if !setup::is_valid(app.newsroom.store(), &asked.token).await? {
        return Err(setup::SetupError::Invalid.into());
    }
    let context = json!({ "token": asked.token, "login": "", "name": "", "wrong": Value::Null });
    pages.render(&app, None, SETUP, context)
}

/// `POST /desk/setup`
pub async fn setup(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    form: Form,
) -> Result<Response, Problem> {
    let (login, name, password) = (form.get("login"), form.get("name"), form.get("password"));
    let store = app.newsroom.store();
    match setup::finish(store, form.get("token"), login, name, password).await {
        Ok(user) => enter(&app, &user, "/desk", "setup").await,
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status != StatusCode::UNPROCESSABLE_ENTITY {
                return Err(problem);
            }
            let context =
                json!({ "token": form.get("token"), "login": login, "name": name, "wrong": problem.message });
            Ok((problem.status, pages.render(&app, None, SETUP, context)?).into_response())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_one_stays_at_the_desk() {
        for path in ["/desk", "/desk/editions/1?page=2#s-1", "/desk?state=all"] {
            assert_eq!(safe(path), path);
        }
        for path in [
            "",
            "//evil.example",
            "https://evil.example/desk/",
            "/desk\\evil",
            "/deskevil",
            "/desk/sign-in?next=x",
        ] {
            assert_eq!(safe(path), "/desk", "{path}");
        }
    }
}
