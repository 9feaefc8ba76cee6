//! The desk over HTTP: who may, what pages say, and that nobody's work is overwritten.

mod common;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use common::{SENTENCES, article, edition, open, work};
use edisi_article::{Finding, FindingKind, Severity, Span};
use edisi_edition::Decision;
use edisi_server::auth::{people, setup};
use edisi_server::newsroom::Origin;
use edisi_server::{App, Newsroom, desk};
use edisi_store::{By, Effects, Id, Ingested, Role, SegmentChange, SegmentRow, SegmentState};
use edisi_text::Lang;
use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

const PASSWORD: &str = "sungai-martapura-9";

struct Desk {
    newsroom: Newsroom,
    app: App,
    routes: Router,
    _data: TempDir,
}

/// A browser that is signed in.
struct Person {
    cookie: String,
    csrf: String,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    fn goes_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.headers[header::LOCATION].to_str().unwrap()
    }
}

impl Desk {
    async fn new() -> Desk {
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

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 10 << 20).await.unwrap();
        Answer { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    async fn get(&self, who: &Person, path: &str) -> Answer {
        self.send(Request::get(path).header("cookie", &who.cookie).body(Body::empty()).unwrap()).await
    }

    /// A form, as browsers send it.
    async fn post(&self, who: &Person, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields = fields.iter().copied().chain([("csrf", who.csrf.as_str())]);
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header("cookie", &who.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// The same, as the script sends it.
    async fn fetch(&self, who: &Person, path: &str, fields: Value) -> Answer {
        let request = Request::post(path)
            .header("cookie", &who.cookie)
            .header("x-edisi-csrf", &who.csrf)
            .header("accept", "application/json")
            .header("content-type", "application/json");
        self.send(request.body(Body::from(fields.to_string())).unwrap()).await
    }

    async fn sign_in(&self, login: &str, password: &str) -> Answer {
        let nobody = Person { cookie: String::new(), csrf: String::new() };
        self.post(&nobody, "/desk/sign-in", &[("login", login), ("password", password)]).await
    }

    async fn person(&self, login: &str, role: Role) -> Person {
        people::add(self.newsroom.store(), login, login, role, PASSWORD, "test").await.unwrap();
        self.enter(login).await
    }

    async fn enter(&self, login: &str) -> Person {
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
    async fn edition(&self) -> (Id, Vec<SegmentRow>) {
        let taken = self.newsroom.ingest(article(&SENTENCES), Origin::default(), "test").await.unwrap();
        let Ingested::Created(row) = taken else { panic!("{taken:?}") };
        work(&self.newsroom).await;
        let english = edition(&self.newsroom, row.id, Lang::EN).await;
        (english.id, self.newsroom.store().segments(english.id).await.unwrap())
    }
}

fn action(action: &str, version: i64) -> Value {
    json!({ "action": action, "version": version })
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_anything_without_a_session() {
    let desk = Desk::new().await;
    let nobody = Person { cookie: String::new(), csrf: String::new() };
    let answer = desk.get(&nobody, "/desk/articles?search=a").await;
    assert_eq!(answer.goes_to(), "/desk/sign-in?next=%2Fdesk%2Farticles%3Fsearch%3Da");
    let request =
        Request::get("/desk/events").header("accept", "application/json").body(Body::empty()).unwrap();
    assert_eq!(desk.send(request).await.status, StatusCode::UNAUTHORIZED);
    let real = desk.person("rina", Role::Admin).await;
    for cookie in ["edisi=1", &format!("edisi={}", "0".repeat(64)), &real.cookie.to_uppercase()] {
        let forged = Person { cookie: (*cookie).to_owned(), csrf: real.csrf.clone() };
        assert!(desk.get(&forged, "/desk/settings").await.goes_to().starts_with("/desk/sign-in"), "{cookie}");
        let post = desk.post(&forged, "/desk/settings/users", &[("action", "add"), ("login", "x")]).await;
        assert!(post.goes_to().starts_with("/desk/sign-in"), "{cookie}");
    }
    assert_eq!(desk.newsroom.store().users().await.unwrap().len(), 1);
    assert_eq!(desk.get(&real, "/desk/nothing/here").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_tell_browsers_what_they_may() {
    let desk = Desk::new().await;
    let rina = desk.person("rina", Role::Admin).await;
    let answer = desk.get(&rina, "/desk").await;
    let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    // Nothing on a page that this policy would stop.
    assert!(!answer.text.contains(" style=") && !answer.text.contains(" onclick="));
    assert_eq!(
        answer.text.matches("<script").count(),
        answer.text.matches("<script type=\"module\" src=").count()
    );
    let css = answer.text.split("stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let css = desk.get(&rina, &css.replace("&#x2f;", "/")).await;
    assert_eq!(css.headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
    assert!(css.headers[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_need_the_token_of_the_session_and_a_page_of_this_server() {
    let desk = Desk::new().await;
    let rina = desk.person("rina", Role::Admin).await;
    let sari = desk.person("sari", Role::Admin).await;
    let add = [("action", "add"), ("login", "new"), ("role", "admin")];
    for csrf in ["", "0", &sari.csrf] {
        let wrong = Person { cookie: rina.cookie.clone(), csrf: (*csrf).to_owned() };
        let answer = desk.post(&wrong, "/desk/settings/users", &add).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{csrf}");
        assert!(answer.text.contains("not from your session"));
    }
    let body = format!("action=add&login=new&role=admin&csrf={}", rina.csrf);
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let request = Request::post("/desk/settings/users")
            .header("cookie", &rina.cookie)
            .header("host", "127.0.0.1:8080")
            .header("content-type", "application/x-www-form-urlencoded")
            .header(name, value);
        let answer = desk.send(request.body(Body::from(body.clone())).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
    }
    let request = Request::post("/desk/sign-in")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded");
    let answer =
        desk.send(request.body(Body::from(format!("login=rina&password={PASSWORD}"))).unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "nobody is signed in from another site");
    assert_eq!(desk.newsroom.store().users().await.unwrap().len(), 2);
    assert_eq!(desk.post(&rina, "/desk/settings/users", &add).await.status, StatusCode::OK);
    assert_eq!(desk.newsroom.store().users().await.unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_may_what_their_role_allows() {
    let desk = Desk::new().await;
    let (english, segments) = desk.edition().await;
    let reader = desk.person("budi", Role::Reader).await;
    let editor = desk.person("sari", Role::Editor).await;
    let page = format!("/desk/editions/{english}");
    let first = format!("/desk/segments/{}", segments[0].id);
    let seen = desk.get(&reader, &page).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(!seen.text.contains("data-acts") && !seen.text.contains("data-edition-form"));
    assert_eq!(desk.fetch(&reader, &first, action("accept", 1)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.post(&reader, &page, &[("action", "accept-clean")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.get(&reader, "/desk/articles/new").await.status, StatusCode::FORBIDDEN);
    let settings = [
        "",
        "/users",
        "/tokens",
        "/sources",
        "/webhooks",
        "/memory",
        "/memory.tmx",
        "/jobs",
        "/audit",
        "/terms/glossary",
        "/terms/names",
        "/terms/names/export?format=tbx",
    ];
    let admin = desk.person("rina", Role::Admin).await;
    for path in settings {
        let path = format!("/desk/settings{path}");
        assert_eq!(desk.get(&editor, &path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(desk.get(&admin, &path).await.status, StatusCode::OK, "{path}");
    }
    let article = desk.newsroom.store().edition(english).await.unwrap().article;
    let delete = desk.post(&editor, &format!("/desk/articles/{article}"), &[("action", "delete")]).await;
    assert_eq!(delete.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.fetch(&editor, &first, action("accept", 1)).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_passwords_takes_longer_and_longer() {
    let desk = Desk::new().await;
    desk.person("rina", Role::Admin).await;
    for login in ["rina", "nobody-of-this-name"] {
        for _ in 0..5 {
            let answer = desk.sign_in(login, "wrong-password").await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{login}");
            assert!(answer.text.contains("do not belong together"));
        }
        let answer = desk.sign_in(login, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{login}: even the right one has to wait");
        assert!(answer.headers[header::RETRY_AFTER].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_sessions_and_so_does_leaving() {
    let desk = Desk::new().await;
    let rina = desk.person("rina", Role::Admin).await;
    let elsewhere = desk.enter("rina").await;
    let fields = [("action", "password"), ("old", PASSWORD), ("new", "another-river-7")];
    let changed = desk.post(&rina, "/desk/account", &fields).await;
    assert_eq!(changed.goes_to(), "/desk/account");
    for old in [&rina, &elsewhere] {
        assert!(desk.get(old, "/desk").await.goes_to().starts_with("/desk/sign-in"));
    }
    let set = changed.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
    let now = Person { cookie: set.split(';').next().unwrap().to_owned(), csrf: String::new() };
    assert_eq!(desk.get(&now, "/desk").await.status, StatusCode::OK);
    assert_eq!(desk.sign_in("rina", PASSWORD).await.status, StatusCode::UNAUTHORIZED);

    let sari = desk.person("sari", Role::Editor).await;
    assert_eq!(desk.post(&sari, "/desk/sign-out", &[]).await.goes_to(), "/desk/sign-in");
    assert!(desk.get(&sari, "/desk").await.goes_to().starts_with("/desk/sign-in"));
    let sari = desk.enter("sari").await;
    let user = desk.newsroom.store().user_by_login("sari").await.unwrap().unwrap();
    people::change(desk.newsroom.store(), &user, "Sari", user.role, true, "test").await.unwrap();
    assert!(desk.get(&sari, "/desk").await.goes_to().starts_with("/desk/sign-in"));
    assert_eq!(desk.sign_in("sari", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator_comes_by_a_link_that_works_once() {
    let desk = Desk::new().await;
    let first = setup::link(&desk.app).await.unwrap().unwrap();
    let link = setup::link(&desk.app).await.unwrap().unwrap();
    let path = |link: &str| link.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned();
    let nobody = Person { cookie: String::new(), csrf: String::new() };
    assert_eq!(desk.get(&nobody, &path(&first)).await.status, StatusCode::FORBIDDEN, "a newer link ends it");
    assert_eq!(desk.get(&nobody, &path(&link)).await.status, StatusCode::OK);
    let token = link.split("token=").nth(1).unwrap();
    let fields = |password| [("token", token), ("login", "rina"), ("name", "Rina"), ("password", password)];
    let short = desk.post(&nobody, "/desk/setup", &fields("short")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(desk.post(&nobody, "/desk/setup", &fields(PASSWORD)).await.goes_to(), "/desk/settings");
    let user = desk.newsroom.store().user_by_login("rina").await.unwrap().unwrap();
    assert_eq!(user.role, Role::Admin);
    assert_eq!(desk.post(&nobody, "/desk/setup", &fields(PASSWORD)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(setup::link(&desk.app).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_editors_the_second_sees_what_the_first_wrote() {
    let desk = Desk::new().await;
    let (_, segments) = desk.edition().await;
    let rina = desk.person("rina", Role::Editor).await;
    let sari = desk.person("sari", Role::Editor).await;
    let path = format!("/desk/segments/{}", segments[1].id);
    let edit = |text: &str| json!({ "action": "edit", "version": 1, "text": text });
    let first = desk.fetch(&rina, &path, edit("Rina’s text of 14 November 2026.")).await;
    assert_eq!((first.status, first.json()["version"].as_i64()), (StatusCode::OK, Some(2)));
    assert!(first.json()["html"].as_str().unwrap().contains("data-state=\"edited\""));
    let second = desk.fetch(&sari, &path, edit("Sari’s text.")).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    let told = second.json();
    assert_eq!(told["current"]["text"], "Rina’s text of 14 November 2026.");
    assert_eq!(
        (told["current"]["version"].as_i64(), &told["current"]["by"]["name"]),
        (Some(2), &json!("rina"))
    );
    let kept = desk.newsroom.store().segment(segments[1].id).await.unwrap();
    assert_eq!(kept.text, "Rina’s text of 14 November 2026.");

    // Without script both texts are on the page that comes back.
    let fields = [("action", "edit"), ("version", "1"), ("text", "Sari’s <text>.")];
    let page = desk.post(&sari, &path, &fields).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text.contains("Rina’s text of 14 November 2026."), "{}", page.text);
    assert!(page.text.contains("Sari’s &lt;text&gt;.") && page.text.contains("name=\"version\" value=\"2\""));
    let mine =
        desk.fetch(&sari, &path, json!({ "action": "edit", "version": 2, "text": "Sari’s text." })).await;
    assert_eq!(mine.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edition_is_reviewed_and_approved_without_script() {
    let desk = Desk::new().await;
    let (english, segments) = desk.edition().await;
    let rina = desk.person("rina", Role::Editor).await;
    let page = format!("/desk/editions/{english}");
    let wrong = segments.iter().find(|s| s.source == SENTENCES[1]).unwrap();
    let path = format!("/desk/segments/{}", wrong.id);
    let shown = desk.get(&rina, &page).await.text;
    assert!(shown.contains("<mark class=\"error\"") && shown.contains("Number missing"), "{shown}");
    let rejected = desk.post(&rina, &path, &[("action", "reject"), ("version", "1")]).await;
    assert_eq!(rejected.goes_to(), format!("{page}#s-{}", wrong.number + 1));
    let shown = desk.get(&rina, &page).await.text;
    assert!(shown.contains("1 sentence stops approval"), "{shown}");
    let undone = desk.post(&rina, &path, &[("action", "undo"), ("version", "2")]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    let text = wrong.text.replace("321", "312");
    desk.post(&rina, &path, &[("action", "edit"), ("version", "3"), ("text", &text)]).await.goes_to();
    let clean = desk.post(&rina, &page, &[("action", "accept-clean")]).await;
    assert_eq!(clean.goes_to(), format!("{page}?done=accepted"));
    let row = desk.newsroom.store().edition(english).await.unwrap();
    let (version, content) = (row.version.to_string(), row.content_version.to_string());
    let old = [("action", "approve-publish"), ("version", "1"), ("content_version", "1")];
    assert_eq!(desk.post(&rina, &page, &old).await.status, StatusCode::CONFLICT);
    let now = [("action", "approve-publish"), ("version", &version), ("content_version", &content)];
    assert_eq!(desk.post(&rina, &page, &now).await.goes_to(), format!("{page}?done=approved-published"));
    work(&desk.newsroom).await;
    let shown = desk.get(&rina, &page).await.text;
    assert!(shown.contains("approved by <bdi>rina</bdi>") && shown.contains("on the site since"), "{shown}");
    let history = desk.get(&rina, &format!("{path}/history")).await.text;
    assert!(history.contains("<del>321</del>"), "{history}");

    let version = desk.newsroom.store().edition(english).await.unwrap().version.to_string();
    let reject = [("action", "reject"), ("version", version.as_str())];
    assert_eq!(
        desk.post(&rina, &page, &reject).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "without a reason"
    );
    let reason = [reject[0], reject[1], ("reason", "Told twice.")];
    assert_eq!(desk.post(&rina, &page, &reason).await.goes_to(), format!("{page}?done=rejected"));
    assert!(desk.get(&rina, &page).await.text.contains("rina: Told twice."));
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_are_checked_while_they_are_typed() {
    let desk = Desk::new().await;
    let (_, segments) = desk.edition().await;
    let rina = desk.person("rina", Role::Editor).await;
    let wrong = segments.iter().find(|s| s.source == SENTENCES[1]).unwrap();
    let path = format!("/desk/segments/{}/check", wrong.id);
    let told = desk.fetch(&rina, &path, json!({ "text": wrong.text.replace("321", "<b>999") })).await.json();
    assert!(told["findings"].as_str().unwrap().contains("Number missing"), "{told}");
    assert!(!told["target"].as_str().unwrap().contains("<b>"), "{told}");
    let told = desk.fetch(&rina, &path, json!({ "text": wrong.text.replace("321", "312") })).await.json();
    assert!(!told["findings"].as_str().unwrap().contains("Number missing"), "{told}");
    let kept = desk.newsroom.store().segment(wrong.id).await.unwrap();
    assert_eq!(kept.version, 1, "checking changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_write_is_never_markup() {
    let desk = Desk::new().await;
    let rina = desk.person("rina", Role::Admin).await;
    let evil = "</title><script>alert(1)</script><img src=x onerror=alert(1)>\"'";
    let fields = [
        ("title", evil),
        ("lang", "id"),
        ("text", evil),
        ("byline", evil),
        ("description", evil),
        ("section", evil),
    ];
    let path = desk.post(&rina, "/desk/articles/new", &fields).await.goes_to().to_owned();
    work(&desk.newsroom).await;
    let id: Id = path.rsplit('/').next().unwrap().parse().unwrap();
    let english = edition(&desk.newsroom, id, Lang::EN).await;
    let row = desk.newsroom.store().segments(english.id).await.unwrap().remove(0);
    let finding = Finding {
        source: vec![Span { start: 0, end: 9 }],
        target: vec![Span { start: 3, end: 4000 }],
        expected: Some(evil.into()),
        ..Finding::new(FindingKind::NameAdded, Severity::Error, evil)
    };
    let change = SegmentChange {
        id: row.id,
        version: row.version,
        text: evil.into(),
        state: SegmentState::Machine,
        findings: vec![finding],
        decision: Decision::Hold,
        by: Some(By { user: Id::new(), name: evil.into(), at: Timestamp::now() }),
    };
    let counts = english.counts.unwrap();
    desk.newsroom.store().change_segment(&change, &counts, 1, Effects::default()).await.unwrap();
    desk.newsroom.set_terms("glossary", &[], 0, evil).await.unwrap();
    let rows = format!("/desk/editions/{}", english.id);
    let history = format!("/desk/segments/{}/history", row.id);
    let term = [("action", "add"), ("version", "1"), ("forms-id", evil), ("note", evil)];
    desk.post(&rina, "/desk/settings/terms/glossary", &term).await.goes_to();
    desk.post(&rina, "/desk/account", &[("action", "name"), ("name", evil)]).await.goes_to();
    let made = desk
        .post(&rina, "/desk/settings/tokens", &[("action", "make"), ("name", evil), ("scope", "translate")])
        .await;
    let mut pages = vec![made.text];
    for path in [
        "/desk",
        "/desk/articles",
        &path,
        &rows,
        &format!("{rows}/bar"),
        &history,
        "/desk/settings/terms/glossary",
        "/desk/settings/terms/glossary?edit=0",
        "/desk/settings/users",
        "/desk/settings/tokens",
        "/desk/settings/audit",
        "/desk/account",
        "/desk/articles?search=%3Cscript%3Ealert(1)",
        "/desk/settings/audit?object=%3Cscript%3Ealert(1)",
        "/desk?state=%3Cscript%3Ealert(1)&lang=%3Cscript%3E",
    ] {
        let answer = desk.get(&rina, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        pages.push(answer.text);
    }
    for page in pages {
        assert!(!page.contains("<script>") && !page.contains("<img"), "{page}");
        assert!(!page.contains("\"'\""), "a quotation mark ends no attribute: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_terms_and_memory_are_kept_and_come_out_again() {
    let desk = Desk::new().await;
    let rina = desk.person("rina", Role::Admin).await;
    let fields = [
        ("name", "Kabar Banua"),
        ("lang", "id"),
        ("edition", "en"),
        ("edition", "ar"),
        ("clean", "ar"),
        ("other", "de"),
        ("base_url", "https://kabar.example/"),
        ("publish_original", "on"),
    ];
    assert_eq!(desk.post(&rina, "/desk/settings", &fields).await.goes_to(), "/desk/settings?done=1");
    let settings = desk.newsroom.settings();
    let langs: Vec<String> = settings.editions.iter().map(ToString::to_string).collect();
    assert_eq!((settings.name.as_str(), langs.join(" ").as_str()), ("Kabar Banua", "en ar de"));
    assert_eq!(settings.base_url, "https://kabar.example");
    let bad = desk.post(&rina, "/desk/settings", &[("name", ""), ("lang", "id")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);

    let upload = |name: &str, text: &str, more: &str| {
        format!(
            "--B\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n{more}--B\r\nContent-Disposition: \
             form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{text}\r\n--B--\r\n",
            rina.csrf
        )
    };
    let send = async |path: &str, body: String| {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("cookie", &rina.cookie)
            .header("content-type", "multipart/form-data; boundary=B");
        desk.send(request.body(Body::from(body)).unwrap()).await
    };
    let version = "--B\r\nContent-Disposition: form-data; name=\"version\"\r\n\r\n0\r\n";
    let table = upload("terms.csv", "term,id,en\npasar,pasar terapung,floating market\n", version);
    let path = "/desk/settings/terms/glossary";
    assert_eq!(
        send(&format!("{path}/import"), table.clone()).await.goes_to(),
        format!("{path}?done=imported")
    );
    assert_eq!(
        send(&format!("{path}/import"), table).await.status,
        StatusCode::CONFLICT,
        "somebody was faster"
    );
    let csv = desk.get(&rina, &format!("{path}/export?format=csv")).await.text;
    assert!(csv.contains("pasar terapung"), "{csv}");
    assert!(desk.get(&rina, &format!("{path}/export?format=tbx")).await.text.contains("floating market"));

    let tmx = "<tmx version=\"1.4\"><header srclang=\"id\"/><body><tu><tuv xml:lang=\"id\"><seg>Pasar ramai.</seg></tuv>\
               <tuv xml:lang=\"en\"><seg>The market is busy.</seg></tuv></tu></body></tmx>";
    let path = "/desk/settings/memory";
    let imported = send(path, upload("old.tmx", tmx, "")).await;
    assert_eq!(imported.goes_to(), format!("{path}?imported=1&skipped=0"));
    assert!(desk.get(&rina, &format!("{path}.tmx")).await.text.contains("The market is busy."));
    let bomb = "<!DOCTYPE t [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><tmx><body><tu><tuv xml:lang=\"id\"><seg>&b;</seg>\
                </tuv></tu></body></tmx>";
    assert_eq!(send(path, upload("bomb.tmx", bomb, "")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_article_is_shown_in_pages() {
    let desk = Desk::new().await;
    let rina = desk.person("rina", Role::Editor).await;
    let text: Vec<String> = (1..=1_000).map(|n| format!("Kalimat nomor {n} ada di sini.")).collect();
    let mut long = article(&[]);
    long.blocks =
        text.iter().map(|t| edisi_article::Block::plain(edisi_article::BlockKind::Paragraph, t)).collect();
    let Ingested::Created(row) = desk.newsroom.ingest(long, Origin::default(), "test").await.unwrap() else {
        panic!("it is new")
    };
    work(&desk.newsroom).await;
    let english = edition(&desk.newsroom, row.id, Lang::EN).await;
    let page = desk.get(&rina, &format!("/desk/editions/{}?page=3", english.id)).await.text;
    assert_eq!(page.matches("<li class=\"seg").count(), 250);
    assert!(page.contains("id=\"s-501\"") && page.contains("?page=5\""));
}
