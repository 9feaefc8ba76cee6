//! What every request to the desk passes: who it is, whether it may, and what browsers must keep to.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};

use super::pages::{Head, Pages};
use super::problem::Problem;
use crate::App;
use crate::auth::{Refusal, SignedIn, guard};

/// What [`front`] needs.
#[derive(Clone)]
pub struct Front {
    /// The server.
    pub app: App,
    /// The templates.
    pub pages: Arc<Pages>,
}

/// These change something and need no session: they begin one.
const OPEN: &[&str] = &["/desk/sign-in", "/desk/setup"];

const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

/// Looks at a request, has it answered, and turns what went wrong into a page or into JSON.
pub async fn front(State(front): State<Front>, request: Request, next: Next) -> Response {
    let json = wants_json(request.headers());
    let here = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let reads = request.method() == Method::GET;
    let (mut signed, mut response) = (None, None);
    match guard::check(&front.app, request, OPEN).await {
        Ok(request) => {
            signed = request.extensions().get::<SignedIn>().cloned();
            response = Some(next.run(request).await);
        }
        Err(refusal) => response = response.or(Some(refusal.into_response())),
    }
    let mut response = response.expect("one of both");
    let refusal = response.extensions().get::<Refusal>().cloned();
    let problem = response.extensions().get::<Problem>().cloned().or(refusal.as_ref().map(Problem::from));
    if let Some(problem) = problem {
        let sign_in = refusal == Some(Refusal::SignIn) && !json;
        response = match sign_in {
            true => Redirect::to(&sign_in_path(if reads { &here } else { "/desk" })).into_response(),
            false => tell(&front, signed.as_ref(), &problem, json, response.headers()),
        };
    }
    let headers = response.headers_mut();
    let mut set = |name: header::HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    // Not `no-referrer`: browsers would send forms with `Origin: null` then.
    set(header::REFERRER_POLICY, "same-origin");
    set(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(header::CACHE_CONTROL, "no-store");
    response
}

fn sign_in_path(next: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("/desk/sign-in?next={next}")
}

/// Whether a script asks.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accept.contains("application/json")
}

fn tell(
    front: &Front,
    signed: Option<&SignedIn>,
    problem: &Problem,
    json: bool,
    headers: &HeaderMap,
) -> Response {
    let mut response = if json {
        let mut body = json!({ "error": problem.message });
        if let (Value::Object(body), Value::Object(more)) = (&mut body, &problem.details) {
            body.extend(more.clone());
        }
        (problem.status, Json(body)).into_response()
    } else {
        let head = Head { template: "problem.html", title: title(problem.status), section: "" };
        match front.pages.render(&front.app, signed, head, json!({ "message": problem.message })) {
            Ok(page) => (problem.status, page).into_response(),
            Err(worse) => (worse.status, worse.message).into_response(),
        }
    };
    if let Some(wait) = headers.get(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    response
}

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::FORBIDDEN => "Not allowed",
        StatusCode::CONFLICT => "Changed in between",
        StatusCode::TOO_MANY_REQUESTS => "Too many tries",
        status if status.is_server_error() => "Something failed",
        _ => "That did not work",
    }
}

/// Any other path.
pub async fn nothing() -> Problem {
    Problem::nothing()
}
