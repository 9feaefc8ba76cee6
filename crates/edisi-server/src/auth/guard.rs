//! Looks at every request before anything else does.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use edisi_store::{Role, Session, StoreError, User};
use jiff::Timestamp;

use super::{secret, session};
use crate::App;

/// What scripts send the session's token in.
pub const CSRF_HEADER: &str = "x-edisi-csrf";
/// What forms send it in. In forms with files it is the first field.
pub const CSRF_FIELD: &str = "csrf";
/// Bodies are taken up to this size: translation memories of some 100,000 sentences.
pub const LARGEST_BODY: usize = 64 << 20;

/// A user with their session.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// The user.
    pub user: User,
}

impl SignedIn {
    /// The user as the newsroom knows editors.
    pub fn editor(&self) -> crate::newsroom::Editor {
        let User { id, login, name, .. } = &self.user;
        crate::newsroom::Editor { user: *id, login: login.clone(), name: name.clone() }
    }
}

/// Why somebody may not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// They are not signed in.
    #[error("sign in first")]
    SignIn,
    /// They may not do this.
    #[error("your role does not allow this; ask an administrator")]
    Role,
    /// The form is not one of this session.
    #[error("this form is not from your session; load the page again")]
    Csrf,
    /// The request comes from a page of another site.
    #[error("this request came from another site")]
    Foreign,
    /// The body is larger than [`LARGEST_BODY`], or broke off.
    #[error("the upload is too large or broke off; send at most 64 MiB")]
    Body,
    /// The session could not be looked up.
    #[error("{0}")]
    Store(String),
}

impl Refusal {
    /// The status it is told with.
    pub fn status(&self) -> StatusCode {
        match self {
            Refusal::SignIn => StatusCode::UNAUTHORIZED,
            Refusal::Role | Refusal::Csrf | Refusal::Foreign => StatusCode::FORBIDDEN,
            Refusal::Body => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        Refusal::Store(error.to_string())
    }
}

/// Plain text; whoever wraps the routes may make a page of it, and finds the refusal among the response's extensions.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status(), self.to_string()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Finds out who sends a request, and refuses it when it would change something and is not from a page of this server
/// and of this session. Paths in `open` need no session.
///
/// # Errors
/// See [`Refusal`].
pub async fn check(app: &App, mut request: Request, open: &[&str]) -> Result<Request, Refusal> {
    let signed = match session::cookie(request.headers(), app.secure) {
        Some(cookie) => session::find(app.newsroom.store(), cookie, Timestamp::now()).await?,
        None => None,
    };
    let signed = signed.map(|(session, user)| SignedIn { session, user });
    if let Some(signed) = &signed {
        request.extensions_mut().insert(signed.clone());
    }
    if request.method().is_safe() {
        return Ok(request);
    }
    if !is_from_here(request.headers(), &app.newsroom.settings().base_url) {
        return Err(Refusal::Foreign);
    }
    if open.contains(&request.uri().path()) {
        return Ok(request);
    }
    let SignedIn { session, .. } = signed.ok_or(Refusal::SignIn)?;
    let (request, given) = token(request).await?;
    match given.is_some_and(|given| secret::same(&given, &session.csrf)) {
        true => Ok(request),
        false => Err(Refusal::Csrf),
    }
}

/// Whether a browser sent this from a page of this server. Programs that are no browsers say nothing either way.
fn is_from_here(headers: &HeaderMap, base_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => match text("origin") {
            None => true,
            Some(origin) => {
                let host = origin.split_once("://").map(|(_, host)| host);
                host.is_some() && (host == text("host") || origin == base_url)
            }
        },
    }
}

/// The token that a request brings along, and the request with its body still to be read.
async fn token(request: Request) -> Result<(Request, Option<String>), Refusal> {
    if let Some(value) = request.headers().get(CSRF_HEADER) {
        let given = value.to_str().ok().map(str::to_owned);
        return Ok((request, given));
    }
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, LARGEST_BODY).await.map_err(|_| Refusal::Body)?;
    let given = if kind.starts_with("application/x-www-form-urlencoded") {
        form_urlencoded::parse(&bytes)
            .find(|(name, _)| name == CSRF_FIELD)
            .map(|(_, value)| value.into_owned())
    } else if kind.starts_with("multipart/form-data") {
        first_field(&parts, bytes.clone()).await
    } else {
        None
    };
    Ok((Request::from_parts(parts, Body::from(bytes)), given))
}

async fn first_field(parts: &Parts, bytes: Bytes) -> Option<String> {
    let mut copy = Request::new(Body::from(bytes));
    *copy.headers_mut() = parts.headers.clone();
    let mut form = Multipart::from_request(copy, &()).await.ok()?;
    let field = form.next_field().await.ok()??;
    match field.name() == Some(CSRF_FIELD) {
        true => field.text().await.ok(),
        false => None,
    }
}

/// Whoever is signed in.
#[derive(Debug, Clone)]
pub struct Reader(pub SignedIn);
/// An editor, or more.
#[derive(Debug, Clone)]
pub struct Editor(pub SignedIn);
/// An administrator.
#[derive(Debug, Clone)]
pub struct Admin(pub SignedIn);

fn at_least(parts: &Parts, role: Role) -> Result<SignedIn, Refusal> {
    let signed = parts.extensions.get::<SignedIn>().ok_or(Refusal::SignIn)?;
    if signed.user.role < role {
        return Err(Refusal::Role);
    }
    Ok(signed.clone())
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Reader, Refusal> {
        at_least(parts, Role::Reader).map(Reader)
    }
}

impl<S: Sync> FromRequestParts<S> for Editor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Editor, Refusal> {
        at_least(parts, Role::Editor).map(Editor)
    }
}

impl<S: Sync> FromRequestParts<S> for Admin {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Admin, Refusal> {
        at_least(parts, Role::Admin).map(Admin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect::<HeaderMap>()
    }

    #[test]
    fn requests_from_other_sites_are_told_apart() {
        let from =
            |pairs: &[(&'static str, &'static str)]| is_from_here(&headers(pairs), "https://kabar.example");
        assert!(from(&[]));
        assert!(from(&[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")]));
        assert!(from(&[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080")]));
        assert!(from(&[("host", "127.0.0.1:8080"), ("origin", "https://kabar.example")]));
        assert!(!from(&[("sec-fetch-site", "cross-site")]));
        assert!(!from(&[("sec-fetch-site", "same-site")]));
        assert!(!from(&[("host", "kabar.example"), ("origin", "https://evil.example")]));
        assert!(!from(&[("host", "kabar.example"), ("origin", "null")]));
        assert!(!from(&[("origin", "https://evil.example")]));
    }

    #[tokio::test]
    async fn the_token_is_found_in_forms_and_the_body_stays() {
        let request = Request::post("/")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("a=1&csrf=x%2By&b=2"))
            .unwrap();
        let (request, given) = token(request).await.unwrap();
        assert_eq!(given.as_deref(), Some("x+y"));
        let body = axum::body::to_bytes(request.into_body(), 100).await.unwrap();
        assert_eq!(&body[..], b"a=1&csrf=x%2By&b=2");

        let text = "--B\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nx+y\r\n--B\r\n\
                    Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nterm\r\n--B--\r\n";
        let request = |text: String| {
            Request::post("/")
                .header("content-type", "multipart/form-data; boundary=B")
                .body(Body::from(text))
                .unwrap()
        };
        assert_eq!(token(request(text.into())).await.unwrap().1.as_deref(), Some("x+y"));
        let other = text.replacen("csrf", "other", 1);
        assert_eq!(token(request(other)).await.unwrap().1, None);
    }
}
