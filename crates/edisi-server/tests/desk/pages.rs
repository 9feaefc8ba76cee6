//! What pages show, and settings.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use edisi_article::{Finding, FindingKind, Severity, Span};
use edisi_edition::Decision;
use edisi_store::{By, Effects, Id, Role, SegmentChange, SegmentState};
use edisi_text::Lang;
use jiff::Timestamp;

use crate::common::{edition, work};
use crate::room::Desk;

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
    desk.newsroom.store().change_segment(&change, |_| (counts, 1), Effects::default()).await.unwrap();
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
        ("zone", "Asia/Makassar"),
        ("per_minute", "30"),
        ("per_minute_key", "0"),
        ("proxies", "10.0.0.2 ::1"),
    ];
    assert_eq!(desk.post(&rina, "/desk/settings", &fields).await.goes_to(), "/desk/settings?done=1");
    let settings = desk.newsroom.settings();
    let langs: Vec<String> = settings.editions.iter().map(ToString::to_string).collect();
    assert_eq!((settings.name.as_str(), langs.join(" ").as_str()), ("Kabar Banua", "en ar de"));
    assert_eq!(settings.base_url, "https://kabar.example");
    assert_eq!(
        (settings.zone.as_str(), settings.api.per_minute, settings.api.proxies.len()),
        ("Asia/Makassar", 30, 2)
    );
    assert!(!settings.api.key_required, "an empty box is a no");
    let bad = desk
        .post(
            &rina,
            "/desk/settings",
            &[("name", ""), ("lang", "id"), ("per_minute", "0"), ("per_minute_key", "0"), ("zone", "UTC")],
        )
        .await;
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
