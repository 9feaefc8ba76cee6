use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::json;

use super::*;
use crate::api::v1;

const TEXT: &str = "Harga beras naik di pasar kota.\n\nWarga mengeluh, kata Sari.";

async fn editor(case: &Case) -> String {
    case.key(Role::Editor, &["articles:read", "articles:write", "editions:write"]).await
}

async fn article(case: &Case, key: &str) -> Value {
    let sent = json!({ "title": "Harga beras naik", "text": TEXT, "lang": "id", "key": "beras" });
    let answer = case.post("/api/v1/articles", Some(key), sent).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()["article"].clone()
}

#[tokio::test]
async fn articles_come_in_change_and_go() {
    let case = Case::new().await;
    let key = editor(&case).await;
    let row = article(&case, &key).await;
    assert_eq!((row["lang"].as_str(), row["title"].as_str()), (Some("id"), Some("Harga beras naik")));
    let same = json!({ "title": "Harga beras naik", "text": TEXT, "lang": "id", "key": "beras" });
    let answer = case.post("/api/v1/articles", Some(&key), same).await;
    assert_eq!((answer.status, answer.json()["outcome"].as_str()), (StatusCode::OK, Some("unchanged")));
    let changed =
        json!({ "title": "Harga beras turun", "text": TEXT, "lang": "id", "key": "beras", "note": "Judul." });
    let answer = case.post("/api/v1/articles", Some(&key), changed).await;
    assert_eq!((answer.status, answer.json()["outcome"].as_str()), (StatusCode::OK, Some("revised")));
    let id = row["id"].as_str().unwrap();
    let revisions = case.get(&format!("/api/v1/articles/{id}/revisions"), Some(&key)).await.json();
    assert_eq!(revisions.as_array().unwrap().len(), 2);
    let revision = revisions[0]["id"].as_str().unwrap();
    let whole = case.get(&format!("/api/v1/revisions/{revision}"), Some(&key)).await.json();
    assert_eq!(whole["content"]["title"], "Harga beras turun");
    let list = case.get("/api/v1/articles?search=turun&limit=1", Some(&key)).await.json();
    assert_eq!((list["items"][0]["id"].as_str(), list["next"].as_str()), (Some(id), Some(id)));
    let gone =
        case.ask(Method::DELETE, &format!("/api/v1/articles/{id}"), Some(&key), "", Body::empty()).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let answer = case.get(&format!("/api/v1/articles/{id}"), Some(&key)).await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (StatusCode::NOT_FOUND, Some("not-found")));
    assert_eq!(answer.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn pages_and_ninjs_are_articles_too() {
    let case = Case::new().await;
    let key = editor(&case).await;
    let story = "Pemerintah kota membuka kembali pasar lama setelah perbaikan selama tiga bulan. ".repeat(4);
    let page = format!(
        "<html lang=id><head><title>Pasar dibuka</title></head><body><article><h1>Pasar dibuka</h1><p>{story}</p>\
         <p><script>alert(1)</script>{story}</p></article></body></html>"
    );
    let path = "/api/v1/articles?url=https://kabar.example/pasar";
    let answer = case.ask(Method::POST, path, Some(&key), "text/html; charset=utf-8", page).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    assert_eq!(answer.json()["article"]["origin"], "https://kabar.example/pasar");
    assert!(!answer.text().contains("alert"));
    let ninjs = json!({
        "uri": "https://kabar.example/ninjs/1", "language": "id",
        "headlines": [{ "role": "main", "value": "<script>alert(1)</script>Pasar" }],
        "bodies": [{ "role": "main", "contentType": "text/plain", "value": story }],
    });
    let answer = case.post("/api/v1/articles", Some(&key), json!({ "ninjs": ninjs })).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    assert_eq!(answer.json()["article"]["origin"], "https://kabar.example/ninjs/1");
}

#[tokio::test]
async fn what_is_no_article_is_refused() {
    let case = Case::new().await;
    let key = editor(&case).await;
    for (body, status) in [
        (json!({}), 422),
        (json!({ "text": " \n\n " }), 422),
        (json!({ "text": "a", "html": "b" }), 422),
        (json!({ "html": "" }), 422),
        (json!({ "text": "Halo dunia.", "lang": "id", "unknown": 1 }), 400),
        (json!({ "url": "file:///etc/passwd" }), 422),
        (json!({ "url": "http://127.0.0.1:1/" }), 422),
        (json!({ "url": "http://169.254.169.254/latest/meta-data/" }), 422),
        (json!({ "url": "http://[::1]/" }), 422),
        (json!([]), 400),
    ] {
        let answer = case.post("/api/v1/articles", Some(&key), body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.text());
        assert_eq!(answer.json()["status"], status);
    }
    let answer = case.ask(Method::POST, "/api/v1/articles", Some(&key), "image/png", "x").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let deep = "<div>".repeat(200_000);
    let answer = case.ask(Method::POST, "/api/v1/articles", Some(&key), "text/html", deep).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let huge = "x".repeat(33 << 20);
    let answer = case.ask(Method::POST, "/api/v1/articles", Some(&key), "text/html", huge).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn keys_open_what_they_are_for() {
    let case = Case::new().await;
    let reader = case.key(Role::Reader, &["articles:read", "articles:write", "admin"]).await;
    let answer = case.get("/api/v1/articles", None).await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
    assert_eq!(case.get("/api/v1/articles", Some("edisi_x")).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(case.get("/api/v1/articles", Some(&reader)).await.status, StatusCode::OK);
    // The scopes of a key are no more than what the user may do.
    let sent = json!({ "text": TEXT, "lang": "id" });
    assert_eq!(
        case.post("/api/v1/articles", Some(&reader), sent.clone()).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(case.get("/api/v1/tokens", Some(&reader)).await.status, StatusCode::FORBIDDEN);
    let translate = case.key(Role::Admin, &["translate"]).await;
    assert_eq!(case.get("/api/v1/articles", Some(&translate)).await.status, StatusCode::FORBIDDEN);

    let admin = case.key(Role::Admin, &["admin"]).await;
    let new = json!({ "name": "kabel", "scopes": ["articles:write"] });
    let made = case.post("/api/v1/tokens", Some(&admin), new).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let made = made.json();
    let key = made["key"].as_str().unwrap();
    assert_eq!(case.post("/api/v1/articles", Some(key), sent.clone()).await.status, StatusCode::CREATED);
    assert!(!case.get("/api/v1/tokens", Some(&admin)).await.text().contains(key));
    let path = format!("/api/v1/tokens/{}", made["id"].as_str().unwrap());
    let revoked = case.ask(Method::DELETE, &path, Some(&admin), "", Body::empty()).await;
    assert_eq!(revoked.status, StatusCode::NO_CONTENT);
    assert_eq!(case.post("/api/v1/articles", Some(key), sent).await.status, StatusCode::UNAUTHORIZED);
    for bad in [
        json!({ "name": " ", "scopes": ["admin"] }),
        json!({ "name": "a", "scopes": [] }),
        json!({ "name": "a", "scopes": ["admin"], "expires": "2020-01-01T00:00:00Z" }),
    ] {
        let answer = case.post("/api/v1/tokens", Some(&admin), bad).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    }
    let audit = case.get("/api/v1/audit", Some(&admin)).await.json();
    let actions: BTreeSet<&str> =
        audit.as_array().unwrap().iter().filter_map(|l| l["action"].as_str()).collect();
    assert!(
        actions.is_superset(&BTreeSet::from(["token.created", "token.revoked", "article.created"])),
        "{actions:?}"
    );
}

#[tokio::test]
async fn guesses_at_keys_are_slowed_down() {
    let case = Case::new().await;
    let mut statuses = BTreeSet::new();
    for _ in 0..40 {
        statuses.insert(case.get("/api/v1/articles", Some("edisi_wrong")).await.status.as_u16());
    }
    assert_eq!(statuses, BTreeSet::from([401, 429]));
    // Who has a key is not.
    let key = editor(&case).await;
    assert_eq!(case.get("/api/v1/articles", Some(&key)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_sent_again_is_done_once() {
    let case = Case::new().await;
    let key = editor(&case).await;
    let send = async |idempotency: &str, text: &str| {
        let request = Request::post("/api/v1/articles")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {key}"))
            .header("idempotency-key", idempotency)
            .body(Body::from(json!({ "title": "Pasar", "text": text, "lang": "id" }).to_string()))
            .unwrap();
        case.send(request).await
    };
    let first = send("satu", TEXT).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    let again = send("satu", TEXT).await;
    assert_eq!((again.status, &again.body), (StatusCode::CREATED, &first.body));
    assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), ("", "true"));
    assert_eq!(send("satu", "Lain.").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let other = send("dua", TEXT).await;
    assert_eq!(other.status, StatusCode::CREATED);
    assert_ne!(other.json()["article"]["id"], first.json()["article"]["id"]);
    let list = case.get("/api/v1/articles", Some(&key)).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn editions_are_asked_for_and_conflicts_told() {
    let case = Case::new().await;
    let key = editor(&case).await;
    let row = article(&case, &key).await;
    let id = row["id"].as_str().unwrap();
    let path = format!("/api/v1/articles/{id}/editions");
    let asked = case.post(&path, Some(&key), json!({ "lang": "en" })).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.text());
    let edition = asked.json();
    assert_eq!((edition["lang"].as_str(), edition["state"].as_str()), (Some("en"), Some("translating")));
    for (lang, status) in [("id", 422), ("ja", 422), ("!", 400)] {
        let answer = case.post(&path, Some(&key), json!({ "lang": lang })).await;
        assert_eq!(answer.status.as_u16(), status, "{lang}: {}", answer.text());
    }
    let one = edition["id"].as_str().unwrap();
    let seen = case.get(&format!("/api/v1/editions/{one}"), Some(&key)).await.json();
    assert_eq!((seen["title"].as_str(), &seen["segments"]), (Some("Harga beras naik"), &json!([])));
    let queue = case.get("/api/v1/editions?state=translating&lang=en", Some(&key)).await.json();
    assert_eq!(queue["items"][0]["id"], one);
    assert_eq!(case.get("/api/v1/editions?state=nonsense", Some(&key)).await.status, StatusCode::BAD_REQUEST);
    let version = edition["version"].as_i64().unwrap();
    let stale = json!({ "version": version + 7 });
    let answer = case.post(&format!("/api/v1/editions/{one}/publish"), Some(&key), stale).await;
    assert_eq!(
        (answer.status, answer.json()["current_version"].as_i64()),
        (StatusCode::CONFLICT, Some(version))
    );
    let nobody = Id::new();
    let act = json!({ "version": 1, "action": "accept" });
    let answer = case.post(&format!("/api/v1/segments/{nobody}"), Some(&key), act).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let act = json!({ "version": 1, "action": "edit" });
    let answer = case.post(&format!("/api/v1/segments/{nobody}"), Some(&key), act).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(case.get("/api/v1/editions/1", Some(&key)).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn books_go_in_and_out_as_json_csv_and_tbx() {
    let case = Case::new().await;
    let key = editor(&case).await;
    let path = "/api/v1/books/glossary";
    let table = "term,id,en\nDPR,DPR,House of Representatives\n";
    let answer = case.ask(Method::PUT, &format!("{path}?version=0"), Some(&key), "text/csv", table).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.json()["terms"], 1);
    let book = case.get(path, Some(&key)).await.json();
    assert_eq!(book["terms"][0]["names"][1]["forms"][0], "House of Representatives");
    let tbx = case.get(&format!("{path}?format=tbx"), Some(&key)).await.text();
    let version = book["version"].as_i64().unwrap();
    let put = format!("{path}?version={version}");
    let answer = case.ask(Method::PUT, &put, Some(&key), "application/x-tbx+xml", tbx).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let answer = case.ask(Method::PUT, &put, Some(&key), "application/json", book.to_string()).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        case.get(&format!("{path}?format=csv"), Some(&key)).await.text().contains("House of Representatives")
    );
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><tbx>&b;</tbx>";
    let answer =
        case.ask(Method::PUT, &format!("{path}?version=9"), Some(&key), "application/x-tbx+xml", bomb).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    assert_eq!(case.get("/api/v1/books/other", Some(&key)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_memory_goes_in_and_out_as_tmx() {
    let case = Case::new().await;
    let key = editor(&case).await;
    let tmx = "<?xml version=\"1.0\"?><tmx version=\"1.4\"><header srclang=\"id\" segtype=\"sentence\"/><body>\
        <tu><tuv xml:lang=\"id\"><seg>Harga naik.</seg></tuv><tuv xml:lang=\"en\" changeid=\"budi\"><seg>Prices &lt;rise&gt;.</seg></tuv></tu>\
        </body></tmx>";
    let answer = case.ask(Method::POST, "/api/v1/memory.tmx", Some(&key), "application/x-tmx+xml", tmx).await;
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({ "units": 1 })));
    assert_eq!(case.get("/api/v1/memory", Some(&key)).await.json(), json!({ "units": 1 }));
    let out = case.get("/api/v1/memory.tmx", Some(&key)).await.text();
    assert!(out.contains("Prices &lt;rise&gt;.") && out.contains("changeid=\"budi\""), "{out}");
    let lol: String = (0..20).map(|i| format!("<!ENTITY l{} \"&l{i};&l{i};\">", i + 1)).collect();
    let bomb = format!(
        "<!DOCTYPE tmx [<!ENTITY l0 \"ha\">{lol}]><tmx><body><tu><tuv xml:lang=\"id\"><seg>&l20;</seg></tuv></tu></body></tmx>"
    );
    for bad in [bomb.as_str(), "<tmx", "", "<tmx><body></body></tmx>"] {
        let answer = case
            .ask(Method::POST, "/api/v1/memory.tmx", Some(&key), "application/x-tmx+xml", bad.to_owned())
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    }
}

#[tokio::test]
async fn sources_and_webhooks_are_the_administrators() {
    let case = Case::new().await;
    let admin = case.key(Role::Admin, &["admin"]).await;
    let feed = json!({ "kind": "feed", "location": "https://kabar.example/feed", "interval": 300 });
    let made = case.post("/api/v1/sources", Some(&admin), feed.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(case.post("/api/v1/sources", Some(&admin), feed).await.status, StatusCode::CONFLICT);
    let path = format!("/api/v1/sources/{}", made.json()["id"].as_str().unwrap());
    let json = "application/json";
    let changed = case.ask(Method::PATCH, &path, Some(&admin), json, "{\"paused\":true}").await;
    assert_eq!(
        (changed.json()["paused"].as_bool(), changed.json()["interval"].as_i64()),
        (Some(true), Some(300))
    );
    assert_eq!(
        case.ask(Method::DELETE, &path, Some(&admin), "", Body::empty()).await.status,
        StatusCode::NO_CONTENT
    );
    for bad in [
        json!({ "kind": "feed", "location": "javascript:alert(1)" }),
        json!({ "kind": "folder", "location": "/etc" }),
        json!({ "kind": "feed", "location": "https://kabar.example/", "interval": 1 }),
    ] {
        assert_eq!(
            case.post("/api/v1/sources", Some(&admin), bad).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    let hook = json!({ "url": "https://hook.example/in", "events": ["edition.ready"] });
    let made = case.post("/api/v1/webhooks", Some(&admin), hook).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let secret = made.json()["secret"].as_str().unwrap().to_owned();
    assert!(
        secret.starts_with("whsec_")
            && !case.get("/api/v1/webhooks", Some(&admin)).await.text().contains(&secret)
    );
    for bad in [
        json!({ "url": "http://hook.example/" }),
        json!({ "url": "ftp://hook.example/" }),
        json!({ "url": "https://hook.example/", "events": ["edition.eaten"] }),
    ] {
        assert_eq!(
            case.post("/api/v1/webhooks", Some(&admin), bad).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    let key = editor(&case).await;
    for path in ["sources", "webhooks", "jobs", "tokens", "audit"] {
        let answer = case.get(&format!("/api/v1/{path}"), Some(&key)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    article(&case, &key).await;
    let jobs = case.get("/api/v1/jobs?state=queued", Some(&admin)).await.json();
    assert!(jobs.as_array().unwrap().iter().any(|job| job["kind"] == "make"), "{jobs}");
    let nobody = format!("/api/v1/jobs/{}/unpark", Id::new());
    assert_eq!(case.post(&nobody, Some(&admin), json!({})).await.status, StatusCode::NOT_FOUND);
}

/// Where the document is kept for people; `EDISI_WRITE_OPENAPI=1` writes it anew.
const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/newsroom/openapi.json");

#[tokio::test]
async fn the_document_is_the_one_that_is_kept_and_valid() {
    let mut made = serde_json::to_string_pretty(&v1::document()).unwrap();
    made.push('\n');
    if std::env::var_os("EDISI_WRITE_OPENAPI").is_some() {
        std::fs::write(KEPT, &made).unwrap();
    }
    let kept = std::fs::read_to_string(KEPT).unwrap();
    assert!(
        kept == made,
        "the routes have changed: run this test with EDISI_WRITE_OPENAPI=1 and look at the difference"
    );
    let document: Value = serde_json::from_str(&made).unwrap();
    assert_eq!(Case::new().await.get("/api/v1/openapi.json", None).await.json(), document);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        assert!(path.starts_with("/api/v1/"), "{path}");
        for (method, operation) in item.as_object().unwrap() {
            let what = format!("{method} {path}");
            assert!(!operation["summary"].as_str().unwrap_or_default().is_empty(), "{what} is not described");
            assert!(names.insert(operation["operationId"].to_string()), "{what} has the name of another");
            let given: BTreeSet<&str> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|p| p["in"] == "path")
                .filter_map(|p| p["name"].as_str())
                .collect();
            let wanted: BTreeSet<&str> =
                path.split('{').skip(1).filter_map(|p| p.split('}').next()).collect();
            assert_eq!(given, wanted, "{what}");
        }
    }
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"][name].is_object(), "there is no schema {name}");
    }
}

#[tokio::test]
async fn every_route_of_the_document_asks_for_a_key() {
    let case = Case::new().await;
    let document: Value = serde_json::to_value(v1::document()).unwrap();
    let mut routes = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let path =
            path.replace("{id}", &Id::new().to_string()).replace("{lang}", "en").replace("{book}", "names");
        for method in item.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let answer = case.ask(method.clone(), &path, None, "application/json", "{}").await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            routes += 1;
        }
    }
    assert!(routes > 30, "{routes}");
    assert_eq!(case.get("/api/v1/nothing", None).await.status, StatusCode::NOT_FOUND);
}
