//! The life of an article, without HTTP.

mod common;

use common::{SENTENCES, article, clean, edition, editor, open, set, work};
use edisi_article::FindingKind;
use edisi_edition::Decision;
use edisi_edition::recall::Reuse;
use edisi_server::newsroom::{Action, Origin};
use edisi_server::{Newsroom, NewsroomError};
use edisi_store::{EditionState, Id, Ingested, SegmentRow, SegmentState, StoreError};
use edisi_text::Lang;

const LANGS: [Lang; 5] = [Lang::EN, Lang::ZH, Lang::JA, Lang::AR, Lang::FR];

async fn take_in(newsroom: &Newsroom, sentences: &[&str]) -> Id {
    let origin = Origin { note: Some("Angka diperbaiki.".into()), ..Origin::default() };
    match newsroom.ingest(article(sentences), origin, "test").await.unwrap() {
        Ingested::Created(row) | Ingested::Revised(row) | Ingested::Unchanged(row) => row.id,
    }
}

/// A newsroom that has made the editions of an article.
async fn made(dir: &std::path::Path) -> (Newsroom, Id) {
    let newsroom = open(dir).await;
    let id = take_in(&newsroom, &SENTENCES).await;
    work(&newsroom).await;
    (newsroom, id)
}

async fn segment(newsroom: &Newsroom, edition: Id, source: &str) -> SegmentRow {
    let all = newsroom.store().segments(edition).await.unwrap();
    all.into_iter().find(|s| s.source == source).expect("the sentence is in the edition")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_becomes_five_editions_and_the_clean_ones_are_published() {
    let dir = tempfile::tempdir().unwrap();
    let newsroom = open(dir.path()).await;
    set(&newsroom, |s| clean(s, &LANGS)).await;
    let id = take_in(&newsroom, &SENTENCES).await;
    work(&newsroom).await;
    let editions = newsroom.store().editions(id).await.unwrap();
    assert_eq!(editions.len(), 5);
    // The English one has a wrong number: it waits for an editor.
    let english = edition(&newsroom, id, Lang::EN).await;
    assert_eq!((english.state, english.published_number), (EditionState::Review, 0));
    let wrong = segment(&newsroom, english.id, SENTENCES[1]).await;
    assert_eq!(wrong.decision, Decision::Hold);
    assert!(wrong.findings.iter().any(|f| f.kind == FindingKind::NumberMissing));
    let published = newsroom.store().publications(id).await.unwrap();
    assert_eq!(published[0].lang, Lang::ID, "the original is on the site too, and first");
    let french = published.iter().find(|p| p.lang == Lang::FR).expect("the French edition is clean");
    assert_eq!(french.title, "Le marché flottant de Lok Baru rouvre");
    assert_eq!((french.number, &french.approved), (1, &None));

    // The same article again is known; the same work is not done twice.
    assert!(matches!(
        newsroom.ingest(article(&SENTENCES), Origin::default(), "test").await.unwrap(),
        Ingested::Unchanged(_)
    ));
    work(&newsroom).await;
    assert_eq!(newsroom.store().publications(id).await.unwrap(), published);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_puts_a_number_right_and_approves() {
    let dir = tempfile::tempdir().unwrap();
    let (newsroom, id) = made(dir.path()).await;
    let sari = editor(&newsroom, "sari").await;
    let english = edition(&newsroom, id, Lang::EN).await;
    let wrong = segment(&newsroom, english.id, SENTENCES[1]).await;
    let right = wrong.text.replace("321", "312");
    assert!(
        newsroom.check(wrong.id, &wrong.text).await.unwrap().len()
            > newsroom.check(wrong.id, &right).await.unwrap().len()
    );
    let fixed = newsroom.act(&sari, wrong.id, wrong.version, Action::Edit(right.clone())).await.unwrap();
    assert_eq!(
        (fixed.state, fixed.decision, fixed.text.as_str()),
        (SegmentState::Edited, Decision::Publish, right.as_str())
    );
    let after = edition(&newsroom, id, Lang::EN).await;
    assert!(after.content_version > english.content_version && after.counts.unwrap().held == 0);

    // On the version before, nothing is approved.
    let early = newsroom.approve(&sari, english.id, english.version, english.content_version, true).await;
    assert!(matches!(early, Err(NewsroomError::Store(StoreError::Conflict { .. }))), "{early:?}");
    let approved =
        newsroom.approve(&sari, english.id, after.version, after.content_version, true).await.unwrap();
    let approval = approved.approved.as_ref().unwrap();
    assert_eq!((approval.name.as_str(), approval.edited), ("SARI", 1));
    work(&newsroom).await;
    let published = newsroom.store().publication(id, Lang::EN).await.unwrap().unwrap();
    assert!(published.approved.is_some());
    assert!(published.content.translation.as_ref().unwrap().reviewed.is_all);
    assert_eq!(edition(&newsroom, id, Lang::EN).await.state, EditionState::Published);

    // What was reviewed is remembered, also for other articles.
    assert!(newsroom.store().memory_count().await.unwrap() >= 6);
    let mut other = article(&SENTENCES[1..2]);
    other.url = Some("https://kabar.example/lain".into());
    let Ingested::Created(row) = newsroom.ingest(other, Origin::default(), "test").await.unwrap() else {
        panic!()
    };
    work(&newsroom).await;
    let again = segment(&newsroom, edition(&newsroom, row.id, Lang::EN).await.id, SENTENCES[1]).await;
    assert_eq!(again.text, right);
    assert_eq!(again.machine.segment.memory.unwrap().reuse, Reuse::Reviewed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_redoes_the_changed_sentence_and_keeps_the_editors_work() {
    let dir = tempfile::tempdir().unwrap();
    let newsroom = open(dir.path()).await;
    set(&newsroom, |s| clean(s, &[Lang::FR])).await;
    let id = take_in(&newsroom, &SENTENCES).await;
    work(&newsroom).await;
    let sari = editor(&newsroom, "sari").await;
    let english = edition(&newsroom, id, Lang::EN).await;
    let wrong = segment(&newsroom, english.id, SENTENCES[1]).await;
    let right = wrong.text.replace("321", "312");
    newsroom.act(&sari, wrong.id, wrong.version, Action::Edit(right.clone())).await.unwrap();
    let english = edition(&newsroom, id, Lang::EN).await;
    newsroom.approve(&sari, english.id, english.version, english.content_version, true).await.unwrap();
    work(&newsroom).await;

    let corrected: Vec<String> = SENTENCES.iter().map(|s| s.replace("Rp2,4", "Rp2,6")).collect();
    let corrected: Vec<&str> = corrected.iter().map(String::as_str).collect();
    take_in(&newsroom, &corrected).await;
    // Until it has followed, the edition on the site is known to be behind.
    assert!(newsroom.store().publication(id, Lang::EN).await.unwrap().unwrap().stale);
    let english = edition(&newsroom, id, Lang::EN).await;
    assert!(english.stale);
    let early = newsroom.approve(&sari, english.id, english.version, english.content_version, true).await;
    assert!(matches!(early, Err(NewsroomError::Refused(_))), "{early:?}");
    work(&newsroom).await;

    let english = edition(&newsroom, id, Lang::EN).await;
    assert_eq!((english.state, english.stale, &english.approved), (EditionState::Review, false, &None));
    let kept = segment(&newsroom, english.id, SENTENCES[1]).await;
    assert_eq!((kept.state, kept.text.as_str()), (SegmentState::Edited, right.as_str()));
    let redone = segment(&newsroom, english.id, corrected[3]).await;
    assert_eq!(redone.state, SegmentState::Machine);
    assert!(redone.text.contains("2.6"), "{}", redone.text);
    let corrections = newsroom.store().corrections(id).await.unwrap();
    assert_eq!(corrections.len(), 1);
    assert_eq!(corrections[0].note, "Angka diperbaiki.");
    assert_eq!(corrections[0].changes, [(SENTENCES[3].to_owned(), corrected[3].to_owned())]);
    // The one that is published without an editor has followed by itself.
    let french = newsroom.store().publication(id, Lang::FR).await.unwrap().unwrap();
    assert_eq!((french.number, french.stale), (2, false));
    let fixed = edition(&newsroom, id, Lang::EN).await;
    newsroom.approve(&sari, fixed.id, fixed.version, fixed.content_version, true).await.unwrap();
    work(&newsroom).await;
    let published = newsroom.store().publication(id, Lang::EN).await.unwrap().unwrap();
    assert_eq!((published.number, published.stale), (2, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_never_overwrite_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let (newsroom, id) = made(dir.path()).await;
    let (sari, budi) = (editor(&newsroom, "sari").await, editor(&newsroom, "budi").await);
    let english = edition(&newsroom, id, Lang::EN).await;
    let seen = segment(&newsroom, english.id, SENTENCES[5]).await;
    let first =
        newsroom.act(&sari, seen.id, seen.version, Action::Edit("Please keep the river clean.".into()));
    let first = first.await.unwrap();
    let second = newsroom.act(&budi, seen.id, seen.version, Action::Accept).await;
    assert!(
        matches!(second, Err(NewsroomError::Store(StoreError::Conflict { current, .. })) if current == first.version)
    );
    assert_eq!(segment(&newsroom, english.id, SENTENCES[5]).await.text, "Please keep the river clean.");

    let undone = newsroom.act(&sari, seen.id, first.version, Action::Undo).await.unwrap();
    assert_eq!((undone.text.as_str(), undone.state), (seen.text.as_str(), SegmentState::Machine));
    let nothing = newsroom.act(&sari, seen.id, undone.version, Action::Undo).await;
    assert!(matches!(nothing, Err(NewsroomError::Refused(_))));
    let rejected = newsroom.act(&budi, seen.id, undone.version, Action::Reject).await.unwrap();
    let english = edition(&newsroom, id, Lang::EN).await;
    let gap = newsroom.approve(&budi, english.id, english.version, english.content_version, false).await;
    assert!(matches!(gap, Err(NewsroomError::Refused(_))), "{gap:?}");
    let empty = newsroom.act(&budi, seen.id, rejected.version, Action::Edit("  ".into())).await;
    assert!(matches!(empty, Err(NewsroomError::Refused(_))));
    let (_, whole) = newsroom.edition(english.id).await.unwrap();
    assert_eq!(whole.failed(), 1, "the refused sentence stands in the original");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_and_terms_are_used_from_then_on() {
    let dir = tempfile::tempdir().unwrap();
    let newsroom = open(dir.path()).await;
    let mut settings = (*newsroom.settings()).clone();
    settings.policy = "error=perhaps".into();
    assert!(matches!(newsroom.set_settings(settings, "test").await, Err(NewsroomError::Refused(_))));
    let term = serde_json::from_value(serde_json::json!({
        "id": "dermaga", "names": [
            { "lang": "id", "forms": ["dermaga"] }, { "lang": "en", "forms": ["jetty"], "forbidden": ["pier"] },
        ],
    }));
    newsroom.set_terms("glossary", &[term.unwrap()], 0, "test").await.unwrap();
    let stale = newsroom.set_terms("glossary", &[], 0, "test").await;
    assert!(matches!(stale, Err(NewsroomError::Store(StoreError::Conflict { .. }))), "{stale:?}");
    let id = take_in(&newsroom, &SENTENCES).await;
    work(&newsroom).await;
    let english = edition(&newsroom, id, Lang::EN).await;
    let pier = segment(&newsroom, english.id, SENTENCES[3]).await;
    assert!(pier.findings.iter().any(|f| f.kind == FindingKind::TermForbidden), "{:?}", pier.findings);

    // After a restart all of it is there.
    drop(newsroom);
    let newsroom = open(dir.path()).await;
    assert_eq!(newsroom.store().terms("glossary").await.unwrap().1, 1);
    assert_eq!(edition(&newsroom, id, Lang::EN).await.id, english.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_of_ten_thousand_sentences_goes_all_the_way() {
    let dir = tempfile::tempdir().unwrap();
    let newsroom = open(dir.path()).await;
    set(&newsroom, |s| s.editions = vec![Lang::EN]).await;
    let sentences: Vec<String> = (0..10_000).map(|n| format!("Warga {n} senang.")).collect();
    let id = take_in(&newsroom, &sentences.iter().map(String::as_str).collect::<Vec<_>>()).await;
    work(&newsroom).await;
    let sari = editor(&newsroom, "sari").await;
    let english = edition(&newsroom, id, Lang::EN).await;
    assert_eq!(english.counts.unwrap().segments, 1 + 10_000);
    let last = segment(&newsroom, english.id, "Warga 9999 senang.").await;
    newsroom.act(&sari, last.id, last.version, Action::Edit("Resident 9999 is happy.".into())).await.unwrap();
    let english = edition(&newsroom, id, Lang::EN).await;
    let published = newsroom.publish(&sari, english.id, english.version).await.unwrap();
    let blocks = published.content.translation.unwrap().blocks;
    assert_eq!(blocks.len(), 5_000);
    assert!(blocks[4_999][0].text.ends_with("Resident 9999 is happy."), "{:?}", blocks[4_999][0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_editors_do_at_once_is_counted_twice() {
    let dir = tempfile::tempdir().unwrap();
    let (newsroom, id) = made(dir.path()).await;
    let (sari, budi) = (editor(&newsroom, "sari").await, editor(&newsroom, "budi").await);
    let english = edition(&newsroom, id, Lang::EN).await;
    let before = english.counts.unwrap();
    let (wrong, right) = (
        segment(&newsroom, english.id, SENTENCES[1]).await,
        segment(&newsroom, english.id, SENTENCES[5]).await,
    );
    let (one, other) = tokio::join!(
        newsroom.act(&sari, wrong.id, wrong.version, Action::Edit(wrong.text.replace("321", "312"))),
        newsroom.act(&budi, right.id, right.version, Action::Accept),
    );
    one.unwrap();
    other.unwrap();
    let after = edition(&newsroom, id, Lang::EN).await.counts.unwrap();
    assert_eq!((before.reviewed, before.held, before.errors), (0, 1, 1));
    assert_eq!((after.reviewed, after.held, after.errors, after.segments), (2, 0, 0, before.segments));
}
