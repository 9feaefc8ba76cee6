use edisi_store::*;
use edisi_text::Lang;

use crate::common::*;

on_both!(
    taken_in_once,
    another_state_is_a_revision,
    names_are_unique,
    lists,
    deleted_with_all,
    taken_in_at_the_same_time
);

async fn taken_in_once(db: Db) {
    let new = incoming("https://kabar.example/1", "Banjir surut", &["Air surut."]);
    let asked = |ingested: &Ingested| match ingested {
        Ingested::Created(row) => some(&row.id.to_string()),
        other => panic!("{other:?}"),
    };
    let first = db.store.ingest(&new, None, asked).await.expect("taken in");
    let Ingested::Created(row) = first else { panic!("{first:?}") };
    assert_eq!((row.origin.as_str(), row.slug.as_str()), ("https://kabar.example/1", "banjir-surut"));
    assert_eq!(row.url.as_deref(), Some("https://kabar.example/1"));
    assert_eq!(row, db.store.article(row.id).await.expect("there"));
    let revision = db.store.revision(row.revision).await.expect("there");
    assert_eq!((revision.number, &revision.content), (1, &new.content));
    let version = db.store.site_version().await.expect("a version");

    let again = db.store.ingest(&new, None, |_| panic!("nothing follows")).await.expect("known");
    assert_eq!(again, Ingested::Unchanged(row));
    assert_eq!(effects_of(&db.store).await, (1, 1));
    assert_eq!(db.store.site_version().await.expect("a version"), version);
}

async fn another_state_is_a_revision(db: Db) {
    let new = incoming("https://kabar.example/1", "Banjir surut", &["Tiga orang."]);
    let row = taken_in(&db.store, &new).await;
    let edition = db.store.open_edition(row.id, Lang::EN).await.expect("an edition");
    assert!(!edition.stale);
    let version = db.store.site_version().await.expect("a version");

    let changed = incoming("https://kabar.example/1", "Banjir mulai surut", &["Empat orang."]);
    let correction = ("Jumlah korban diralat.".to_owned(), vec![("Tiga".to_owned(), "Empat".to_owned())]);
    let revised = db.store.ingest(&changed, Some(correction.clone()), |_| some("x")).await.expect("taken in");
    let Ingested::Revised(now) = revised else { panic!("{revised:?}") };
    assert_eq!((now.id, now.slug.as_str()), (row.id, "banjir-surut"), "its address stays");
    assert_eq!(now.title, "Banjir mulai surut");
    assert_eq!(now, db.store.article(row.id).await.expect("there"));
    assert!(db.store.edition(edition.id).await.expect("there").stale);
    assert!(db.store.site_version().await.expect("a version") > version);

    let numbers: Vec<i64> =
        db.store.revisions(row.id).await.expect("two").into_iter().map(|r| r.number).collect();
    assert_eq!(numbers, [2, 1]);
    let corrections = db.store.corrections(row.id).await.expect("one");
    assert_eq!(corrections.len(), 1);
    assert_eq!((corrections[0].note.clone(), corrections[0].changes.clone()), correction);
    assert_eq!(corrections[0].revision, now.revision);

    db.store.set_correction_note(corrections[0].id, "Diralat.", none()).await.expect("set");
    assert_eq!(db.store.corrections(row.id).await.expect("one")[0].note, "Diralat.");
    let missing = error(db.store.set_correction_note(Id::new(), "x", some("y")).await);
    assert!(matches!(missing, StoreError::NotFound { .. }), "{missing}");
    assert_eq!(effects_of(&db.store).await, (1, 1), "a change that failed has no effects");

    let back = taken_in(&db.store, &new).await;
    assert_ne!(back.revision, row.revision, "the first state again is a third revision");
}

async fn names_are_unique(db: Db) {
    let mut slugs = Vec::new();
    for number in 0..3 {
        let new = incoming(&format!("https://kabar.example/{number}"), "Banjir surut", &["Air."]);
        slugs.push(taken_in(&db.store, &new).await.slug);
    }
    assert_eq!(slugs, ["banjir-surut", "banjir-surut-2", "banjir-surut-3"]);
    let mut odd = incoming("tag:kabar,1", "", &["\u{0}Air."]);
    odd.content.title = Some("Judul\u{0}".into());
    let row = taken_in(&db.store, &odd).await;
    assert_eq!((row.slug.as_str(), row.url), ("article", None), "not an address of the web");
    assert_eq!(row.title, "Judul\u{fffd}");
    assert_eq!(db.store.revision(row.revision).await.expect("there").content, odd.content);
}

async fn lists(db: Db) {
    for (number, title) in ["Banjir surut", "Harga BERAS naik 100%", "Élan baru"].iter().enumerate() {
        taken_in(&db.store, &incoming(&format!("https://kabar.example/{number}"), title, &["A."])).await;
    }
    let search = |search: &str| {
        let filter = ArticleFilter { search: search.into(), before: None, limit: 10 };
        let store = db.store.clone();
        async move {
            let rows = store.articles(&filter).await.expect("articles");
            rows.into_iter().map(|row| row.title).collect::<Vec<_>>()
        }
    };
    assert_eq!(search("").await, ["Élan baru", "Harga BERAS naik 100%", "Banjir surut"]);
    assert_eq!(search("naik beras").await, ["Harga BERAS naik 100%"]);
    assert_eq!(search("éLAN").await, ["Élan baru"]);
    assert_eq!(search("100%").await, ["Harga BERAS naik 100%"]);
    assert_eq!(search("b_njir").await, Vec::<String>::new(), "no pattern");
    assert_eq!(search("naik surut").await, Vec::<String>::new(), "all words");
    let page = ArticleFilter { limit: 2, ..ArticleFilter::default() };
    let first = db.store.articles(&page).await.expect("a page");
    let next = ArticleFilter { before: Some(first[1].id), ..page };
    let second = db.store.articles(&next).await.expect("a page");
    assert_eq!(second.iter().map(|row| row.title.as_str()).collect::<Vec<_>>(), ["Banjir surut"]);
}

async fn deleted_with_all(db: Db) {
    let (row, edition, segments) = edition(&db.store, "https://kabar.example/1", &[("Air.", "Water.")]).await;
    db.store.publish(&publication(&row, Some(&edition), "Water"), |_| none()).await.expect("published");
    db.store.delete_article(row.id, none()).await.expect("deleted");
    assert!(matches!(error(db.store.article(row.id).await), StoreError::NotFound { what: "article", .. }));
    assert!(matches!(error(db.store.segment(segments[0].id).await), StoreError::NotFound { .. }));
    assert!(matches!(error(db.store.delete_article(row.id, none()).await), StoreError::NotFound { .. }));
    assert_eq!(db.store.published_index().await.expect("an index"), []);
    assert_eq!(db.store.article_by_origin("https://kabar.example/1").await.expect("none"), None);
}

async fn taken_in_at_the_same_time(db: Db) {
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..40 {
        let store = db.store.clone();
        // Each of ten articles four times, half of them through connections of another program.
        let other = if number % 2 == 0 { None } else { Some(db.url.clone()) };
        let new = incoming(&format!("https://kabar.example/{}", number / 4), "Sama", &["Air."]);
        tasks.spawn(async move {
            let store = match other {
                Some(url) => Store::open(&url).await.expect("opened"),
                None => store,
            };
            store.ingest(&new, None, |_| some(&new.origin)).await.expect("taken in")
        });
    }
    let done = tasks.join_all().await;
    let created = done.iter().filter(|i| matches!(i, Ingested::Created(_))).count();
    assert_eq!((created, done.len()), (10, 40));
    assert_eq!(effects_of(&db.store).await, (10, 10));
}
