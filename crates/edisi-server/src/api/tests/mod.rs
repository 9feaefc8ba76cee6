//! Programs at the door, through the routes.

mod libre;
mod v1;
mod watched;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use edisi_edition::testing::FakeEngine;
use edisi_edition::{Router, Tier, Translator};
use edisi_store::{ApiToken, Effects, Id, Role, Store, User};
use edisi_text::Lang;
use jiff::Timestamp;
use serde_json::Value;
use tower::ServiceExt;

use super::{Api, routes};
use crate::auth::token;
use crate::settings::{ApiSettings, Settings};
use crate::{App, Newsroom};

/// A newsroom with an engine that marks what it was given.
struct Case {
    routes: axum::Router,
    newsroom: Newsroom,
    _folder: tempfile::TempDir,
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The message of an error in LibreTranslate's form.
    fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }
}

/// From Indonesian into English and French, and back into Indonesian from English.
fn engines() -> Router {
    let pairs = [(Lang::ID, Lang::EN), (Lang::EN, Lang::FR), (Lang::EN, Lang::ID)];
    let engine: Arc<dyn Translator> = Arc::new(FakeEngine::new("fake", Tier::Production, &pairs));
    Router::new(vec![engine])
}

impl Case {
    async fn new() -> Case {
        Case::with(ApiSettings { key_required: false, ..ApiSettings::default() }).await
    }

    async fn with(api: ApiSettings) -> Case {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("edisi.db").display());
        let store = Store::open(&url).await.unwrap();
        let newsroom = Newsroom::open(store, engines(), folder.path()).await.unwrap();
        let settings = Settings { editions: vec![Lang::EN, Lang::FR], api, ..Settings::default() };
        newsroom.set_settings(settings, "test").await.unwrap();
        let app = App {
            newsroom: newsroom.clone(),
            data: Arc::new(folder.path().to_owned()),
            local_url: "http://127.0.0.1:8080".into(),
            secure: false,
        };
        let api = Arc::new(Api::new(&newsroom, folder.path(), false));
        Case { routes: routes(api).with_state(app), newsroom, _folder: folder }
    }

    /// A key with these scopes, of a user of this role.
    async fn key(&self, role: Role, scopes: &[&str]) -> String {
        let id = Id::new();
        let user = User {
            id,
            login: format!("u{id}"),
            name: "Sari".into(),
            role,
            password_hash: "-".into(),
            disabled: false,
            created: Timestamp::now(),
        };
        self.newsroom.store().create_user(&user, Effects::default()).await.unwrap();
        let (key, hash) = token::generate();
        let row = ApiToken {
            id: Id::new(),
            name: "test".into(),
            hash,
            scopes: scopes.iter().map(|s| (*s).to_owned()).collect(),
            user: user.id,
            created: Timestamp::now(),
            expires: None,
            used: None,
            revoked: false,
        };
        self.newsroom.store().create_token(&row, Effects::default()).await.unwrap();
        key
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let (mut parts, body) = request.into_parts();
        parts.extensions.insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 4000))));
        let response = self.routes.clone().oneshot(Request::from_parts(parts, body)).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        kind: &str,
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("content-type", kind);
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        self.send(request.body(body.into()).unwrap()).await
    }

    async fn get(&self, path: &str, key: Option<&str>) -> Answer {
        self.ask(Method::GET, path, key, "", Body::empty()).await
    }

    async fn post(&self, path: &str, key: Option<&str>, body: Value) -> Answer {
        self.ask(Method::POST, path, key, "application/json", body.to_string()).await
    }
}
