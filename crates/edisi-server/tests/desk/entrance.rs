//! Sessions, roles, and requests from elsewhere.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use edisi_server::auth::{people, setup};
use edisi_store::Role;

use crate::room::{Desk, PASSWORD, Person, action};

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
    assert_eq!(desk.post(&nobody, "/desk/setup", &fields(PASSWORD)).await.goes_to(), "/desk");
    let user = desk.newsroom.store().user_by_login("rina").await.unwrap().unwrap();
    assert_eq!(user.role, Role::Admin);
    assert_eq!(desk.post(&nobody, "/desk/setup", &fields(PASSWORD)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(setup::link(&desk.app).await.unwrap(), None);
}
