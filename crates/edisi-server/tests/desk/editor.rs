//! Reviewing an edition.

use axum::http::StatusCode;
use edisi_server::newsroom::Origin;
use edisi_store::{Ingested, Role};
use edisi_text::Lang;
use serde_json::json;

use crate::common::{SENTENCES, article, edition, work};
use crate::room::Desk;

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
