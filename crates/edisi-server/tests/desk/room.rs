//! A desk in a temporary newsroom, and people at it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use edisi_server::auth::people;
use edisi_server::newsroom::Origin;
use edisi_server::{App, Newsroom, desk};
use edisi_store::{Id, Ingested, Role, SegmentRow};
use edisi_text::Lang;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::common::{SENTENCES, article, edition, open, work};

pub const PASSWORD: &str = "sungai-martapura-9";

pub struct Desk {
    pub newsroom: Newsroom,
    pub app: App,
    pub routes: Router,
    _data: TempDir,
}

/// A browser that is signed in.
pub struct Person {
    pub cookie: String,
    pub csrf: String,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    pub fn goes_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.headers[header::LOCATION].to_str().unwrap()
    }
}

impl Desk {
    pub async fn new() -> Desk {
        let data = tempfile::tempdir().unwrap();
        let newsroom = open(data.path()).await;
        let app = App {
            newsroom: newsroom.clone(),
            data: Arc::new(data.path().to_owned()),
            local_url: "http://127.0.0.1:8080".into(),
            secure: false,
        };
        let routes = desk::routes(&app).with_state(app.clone());
        Desk { newsroom, app, routes, _data: data }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 10 << 20).await.unwrap();
        Answer { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    pub async fn get(&self, who: &Person, path: &str) -> Answer {
        self.send(Request::get(path).header("cookie", &who.cookie).body(Body::empty()).unwrap()).await
    }

    /// A form, as browsers send it.
    pub async fn post(&self, who: &Person, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields = fields.iter().copied().chain([("csrf", who.csrf.as_str())]);
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header("cookie", &who.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// The same, as the script sends it.
    pub async fn fetch(&self, who: &Person, path: &str, fields: Value) -> Answer {
        let request = Request::post(path)
            .header("cookie", &who.cookie)
            .header("x-edisi-csrf", &who.csrf)
            .header("accept", "application/json")
            .header("content-type", "application/json");
        self.send(request.body(Body::from(fields.to_string())).unwrap()).await
    }

    pub async fn sign_in(&self, login: &str, password: &str) -> Answer {
        let nobody = Person { cookie: String::new(), csrf: String::new() };
        self.post(&nobody, "/desk/sign-in", &[("login", login), ("password", password)]).await
    }

    pub async fn person(&self, login: &str, role: Role) -> Person {
        people::add(self.newsroom.store(), login, login, role, PASSWORD, "test").await.unwrap();
        self.enter(login).await
    }

    pub async fn enter(&self, login: &str) -> Person {
        let answer = self.sign_in(login, PASSWORD).await;
        assert_eq!(answer.goes_to(), "/desk");
        let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
        let cookie = set.split(';').next().unwrap().to_owned();
        let mut person = Person { cookie, csrf: String::new() };
        let page = self.get(&person, "/desk/account").await.text;
        let csrf = page.split("name=\"csrf\" content=\"").nth(1).unwrap();
        person.csrf = csrf.split('"').next().unwrap().to_owned();
        person
    }

    /// An article in all languages; the English edition and its segments.
    pub async fn edition(&self) -> (Id, Vec<SegmentRow>) {
        let taken = self.newsroom.ingest(article(&SENTENCES), Origin::default(), "test").await.unwrap();
        let Ingested::Created(row) = taken else { panic!("{taken:?}") };
        work(&self.newsroom).await;
        let english = edition(&self.newsroom, row.id, Lang::EN).await;
        (english.id, self.newsroom.store().segments(english.id).await.unwrap())
    }
}

pub fn action(action: &str, version: i64) -> Value {
    json!({ "action": action, "version": version })
}
