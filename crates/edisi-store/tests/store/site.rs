use edisi_store::*;
use edisi_text::Lang;

use crate::common::*;

on_both!(
    published_once,
    published_on_something_else,
    corrected,
    withdrawn_and_back,
    lists,
    published_at_the_same_time,
    sources,
    webhooks
);

async fn published_once(db: Db) {
    let (row, edition, _) = edition(&db.store, "https://kabar.example/1", &[("Air.", "Water.")]).await;
    let version = db.store.site_version().await.expect("a version");
    let new = publication(&row, Some(&edition), "Water recedes");
    let first = db.store.publish(&new, |p| some(&p.number.to_string())).await.expect("published");
    assert_eq!((first.number, first.stale, first.slug.as_str()), (1, false, "banjir-surut"));
    assert_eq!((&first.content, first.title.as_str()), (&new.content, "Water recedes"));
    assert_eq!(db.store.publication(row.id, Lang::EN).await.expect("there"), Some(first.clone()));
    let now = db.store.edition(edition.id).await.expect("there");
    assert_eq!((now.state, now.published_number), (EditionState::Published, 1));
    assert_eq!(now.version, edition.version + 1);
    let raised = db.store.site_version().await.expect("a version");
    assert!(raised > version);

    // The worker was killed after that, and does it again on the version it knew.
    let again = db.store.publish(&new, |_| panic!("nothing follows")).await.expect("published");
    assert_eq!(again, first);
    assert_eq!(effects_of(&db.store).await, (1, 1));
    assert_eq!(db.store.site_version().await.expect("a version"), raised);
    assert_eq!(db.store.edition(edition.id).await.expect("there"), now);
}

async fn published_on_something_else(db: Db) {
    let (row, edition, segments) = edition(&db.store, "https://kabar.example/1", &[("Air.", "Water.")]).await;
    let read = publication(&row, Some(&edition), "Water");
    let change = SegmentChange {
        id: segments[0].id,
        version: segments[0].version,
        text: "The water.".into(),
        state: SegmentState::Edited,
        findings: Vec::new(),
        decision: edisi_edition::Decision::Publish,
        by: None,
    };
    db.store.change_segment(&change, |_| (counts(1), 1), none()).await.expect("changed");
    let refused = error(db.store.publish(&read, |_| some("x")).await);
    assert!(matches!(refused, StoreError::Conflict { what: "edition", .. }), "{refused}");
    assert_eq!(db.store.publication(row.id, Lang::EN).await.expect("none"), None);
    let gone = NewPublication { edition: Some((Id::new(), 1)), ..read };
    assert!(matches!(error(db.store.publish(&gone, |_| none()).await), StoreError::NotFound { .. }));
    assert_eq!(effects_of(&db.store).await, (0, 0));

    // Published, changed, changed back: the same content again brings the edition back, and no second publication.
    let now = db.store.edition(edition.id).await.expect("there");
    let first =
        db.store.publish(&publication(&row, Some(&now), "Water"), |_| none()).await.expect("published");
    let changed = SegmentChange { version: change.version + 1, ..change };
    db.store.change_segment(&changed, |_| (counts(1), 1), none()).await.expect("changed");
    let now = db.store.edition(edition.id).await.expect("there");
    assert_eq!(now.state, EditionState::Review);
    let old =
        NewPublication { edition: Some((now.id, now.version - 1)), ..publication(&row, Some(&now), "Water") };
    assert!(matches!(error(db.store.publish(&old, |_| none()).await), StoreError::Conflict { .. }));
    let again =
        db.store.publish(&publication(&row, Some(&now), "Water"), |_| none()).await.expect("published");
    assert_eq!(again, first);
    assert_eq!(db.store.edition(edition.id).await.expect("there").state, EditionState::Published);
}

async fn corrected(db: Db) {
    let row = taken_in(&db.store, &incoming("https://kabar.example/1", "Banjir", &["Tiga."])).await;
    let first = db.store.publish(&publication(&row, None, "Banjir"), |_| none()).await.expect("published");
    let row = taken_in(&db.store, &incoming("https://kabar.example/1", "Banjir", &["Empat."])).await;
    assert!(db.store.publication(row.id, Lang::ID).await.expect("there").expect("there").stale);
    let second = db.store.publish(&publication(&row, None, "Banjir"), |_| none()).await.expect("published");
    assert_eq!((second.number, second.stale, second.edition), (2, false, None));
    assert_eq!(second.first_published, first.first_published);
    assert_eq!(db.store.publications(row.id).await.expect("one"), [second]);
}

async fn withdrawn_and_back(db: Db) {
    let (row, edition, _) = edition(&db.store, "https://kabar.example/1", &[("Air.", "Water.")]).await;
    let new = publication(&row, Some(&edition), "Water");
    let first = db.store.publish(&new, |_| none()).await.expect("published");
    let version = db.store.site_version().await.expect("a version");
    db.store.withdraw(row.id, Lang::EN, some("gone")).await.expect("withdrawn");
    assert!(db.store.site_version().await.expect("a version") > version);
    assert_eq!(db.store.publication(row.id, Lang::EN).await.expect("none"), None);
    assert_eq!(db.store.publication_by_slug(&row.slug, Lang::EN).await.expect("none"), None);
    let now = db.store.edition(edition.id).await.expect("there");
    assert_eq!((now.state, now.published_number), (EditionState::Review, 1));
    let missing = error(db.store.withdraw(row.id, Lang::EN, some("again")).await);
    assert!(matches!(missing, StoreError::NotFound { what: "publication", .. }), "{missing}");
    assert_eq!(effects_of(&db.store).await, (1, 1));

    let back = db.store.publish(&publication(&row, Some(&now), "Water"), |_| none()).await.expect("back");
    assert_eq!((back.number, back.first_published), (2, first.first_published));
}

async fn lists(db: Db) {
    let mut slugs = Vec::new();
    for number in 0..5 {
        let origin = format!("https://kabar.example/{number}");
        let (row, edition, _) = edition(&db.store, &origin, &[("Air.", "Water.")]).await;
        db.store.publish(&publication(&row, Some(&edition), "Water"), |_| none()).await.expect("published");
        db.store.publish(&publication(&row, None, "Air"), |_| none()).await.expect("published");
        slugs.push(row.slug);
    }
    let mut seen = Vec::new();
    let mut filter = PublishedFilter { lang: Lang::EN, before: None, limit: 2 };
    loop {
        let page = db.store.published(&filter).await.expect("a page");
        let Some(last) = page.last() else { break };
        filter.before = Some(last.first_published);
        seen.extend(page.into_iter().map(|p| p.slug));
    }
    seen.reverse();
    assert_eq!(seen, slugs, "however fast one follows the other");
    let index = db.store.published_index().await.expect("an index");
    assert_eq!((index.len(), &index[0].1), (10, &slugs[0]));
    let row = db.store.publication_by_slug(&slugs[3], Lang::EN).await.expect("there").expect("there");
    let versions = db.store.publications(row.article).await.expect("two");
    assert_eq!(
        versions.iter().map(|p| p.lang).collect::<Vec<_>>(),
        [Lang::ID, Lang::EN],
        "the original first"
    );
}

async fn published_at_the_same_time(db: Db) {
    let (row, edition, _) = edition(&db.store, "https://kabar.example/1", &[("Air.", "Water.")]).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (store, new) = (db.store.clone(), publication(&row, Some(&edition), "Water"));
        tasks.spawn(async move { store.publish(&new, |_| some("published")).await.expect("published") });
    }
    let done = tasks.join_all().await;
    assert!(done.iter().all(|p| *p == done[0]));
    assert_eq!(effects_of(&db.store).await, (1, 1));
}

fn source(location: &str) -> SourceRow {
    SourceRow {
        id: Id::new(),
        kind: SourceKind::Feed,
        location: location.into(),
        lang: Some(Lang::ID),
        interval: 300,
        etag: None,
        last_modified: None,
        seen: Vec::new(),
        due: at(0),
        failures: 0,
        error: None,
        paused: false,
        created: at(0),
    }
}

async fn sources(db: Db) {
    let mut feed = source("https://kabar.example/feed");
    db.store.add_source(&feed, some("added")).await.expect("added");
    let taken = error(db.store.add_source(&source("https://kabar.example/feed"), some("again")).await);
    assert!(matches!(taken, StoreError::Taken { what: "source", .. }), "{taken}");
    assert_eq!(effects_of(&db.store).await, (1, 1));
    feed.etag = Some("\"a\"".into());
    feed.seen = vec![("https://kabar.example/1".into(), "x".into())];
    (feed.failures, feed.error, feed.paused) = (2, Some("500".into()), true);
    db.store.update_source(&feed, none()).await.expect("changed");
    assert_eq!(db.store.source(feed.id).await.expect("there"), feed);
    let look = SourceLook {
        etag: None,
        last_modified: Some("Mon, 02 Nov 2026 08:00:00 GMT".into()),
        seen: vec![("https://kabar.example/2".into(), "y".into())],
        due: at(600),
        failures: 0,
        error: None,
    };
    db.store.note_look(feed.id, &look).await.expect("noted");
    let wanted = SourceRow {
        etag: None,
        last_modified: look.last_modified.clone(),
        seen: look.seen.clone(),
        due: at(600),
        failures: 0,
        error: None,
        ..feed.clone()
    };
    assert_eq!(db.store.source(feed.id).await.expect("there"), wanted, "still paused");
    assert!(matches!(error(db.store.note_look(Id::new(), &look).await), StoreError::NotFound { .. }));
    let new = Incoming { source: Some(feed.id), ..incoming("https://kabar.example/1", "Banjir", &["A."]) };
    let row = taken_in(&db.store, &new).await;
    assert_eq!(row.source, Some(feed.id));
    db.store.remove_source(feed.id, none()).await.expect("removed");
    assert_eq!(db.store.sources().await.expect("none"), []);
    assert_eq!(db.store.article(row.id).await.expect("stays").source, None);
    assert!(matches!(error(db.store.update_source(&feed, none()).await), StoreError::NotFound { .. }));
    assert!(matches!(error(db.store.source(feed.id).await), StoreError::NotFound { .. }));
}

async fn webhooks(db: Db) {
    let hook = Webhook {
        id: Id::new(),
        url: "https://hook.example/".into(),
        secret: "rahasia".into(),
        events: vec!["edition.ready".into()],
        created: at(0),
    };
    db.store.add_webhook(&hook, none()).await.expect("added");
    assert_eq!(db.store.webhooks().await.expect("one"), std::slice::from_ref(&hook));
    db.store.remove_webhook(hook.id, none()).await.expect("removed");
    assert!(matches!(error(db.store.remove_webhook(hook.id, none()).await), StoreError::NotFound { .. }));
}
