use edisi_store::*;
use edisi_text::Lang;

use crate::common::*;

on_both!(
    opened_once,
    made_and_made_again,
    made_on_something_else,
    a_segment_changes,
    two_editors_one_segment,
    an_approval_goes_with_a_change,
    the_queue,
    ten_thousand_segments
);

fn change(segment: &SegmentRow, text: &str, by: &User) -> SegmentChange {
    SegmentChange {
        id: segment.id,
        version: segment.version,
        text: text.into(),
        state: SegmentState::Edited,
        findings: Vec::new(),
        decision: edisi_edition::Decision::Publish,
        by: Some(By { user: by.id, name: by.name.clone(), at: at(1) }),
    }
}

fn approve(edition: &EditionRow, by: &User) -> EditionChange {
    EditionChange {
        id: edition.id,
        version: edition.version,
        state: EditionState::Approved,
        approved: Some(Approval { user: by.id, name: by.name.clone(), at: at(2), edited: 1, accepted: 1 }),
        counts: edition.counts,
        urgency: 0,
    }
}

async fn opened_once(db: Db) {
    let row = taken_in(&db.store, &incoming("https://kabar.example/1", "Banjir", &["Air."])).await;
    let first = db.store.open_edition(row.id, Lang::EN).await.expect("an edition");
    assert_eq!((first.state, first.version, first.stale), (EditionState::Translating, 1, false));
    assert_eq!((first.tier, first.counts, first.made), (None, None, None));
    assert_eq!(db.store.open_edition(row.id, Lang::EN).await.expect("the same"), first);
    db.store.open_edition(row.id, Lang::AR).await.expect("another");
    let langs: Vec<Lang> =
        db.store.editions(row.id).await.expect("two").into_iter().map(|e| e.lang).collect();
    assert_eq!(langs, [Lang::AR, Lang::EN]);
    assert_eq!(db.store.edition_of(row.id, Lang::JA).await.expect("none"), None);
    let missing = error(db.store.open_edition(Id::new(), Lang::EN).await);
    assert!(matches!(missing, StoreError::NotFound { what: "article", .. }), "{missing}");
}

async fn made_and_made_again(db: Db) {
    let texts = [("Satu.", "One."), ("Dua.", "Two."), ("Tiga.", "Three.")];
    let (row, first, before) = edition(&db.store, "https://kabar.example/1", &texts).await;
    assert_eq!((first.version, first.content_version, first.urgency), (2, 2, 5));
    assert_eq!((first.state, first.counts), (EditionState::Review, Some(counts(3))));
    assert_eq!(before.iter().map(|s| s.number).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(before[1].machine.alternatives, ["another"]);
    let siti = user("siti");
    let wanted = change(&before[0], "Just one.", &siti);
    let edited = db.store.change_segment(&wanted, |_| (counts(3), 4), none()).await.expect("changed");

    // The second sentence is another, and the third comes before it.
    let again = db.store.edition(first.id).await.expect("there");
    let texts = [("Satu.", "Just one."), ("Tiga.", "Three!"), ("Empat.", "Four.")];
    let mut made = made(&again, row.revision, &texts);
    made.segments[0].state = SegmentState::Edited;
    made.segments[0].by = edited.by.clone();
    db.store.save_made(&made, again.content_version, some("made")).await.expect("saved");
    let after = db.store.segments(first.id).await.expect("segments");
    assert_eq!(after.len(), 3);
    assert_eq!((after[0].id, after[0].version, &after[0].by), (edited.id, edited.version, &edited.by));
    let history = db.store.segment_history(edited.id).await.expect("its history");
    assert_eq!(history.iter().map(|h| h.text.as_str()).collect::<Vec<_>>(), ["One."], "it stays");
    assert_eq!((after[1].id, after[1].version), (before[2].id, before[2].version + 1), "its text is another");
    assert!(before.iter().all(|s| s.id != after[2].id), "a new sentence has a new name");
    assert_eq!(effects_of(&db.store).await, (1, 1));
}

async fn made_on_something_else(db: Db) {
    let (row, first, segments) = edition(&db.store, "https://kabar.example/1", &[("Satu.", "One.")]).await;
    let late = made(&first, row.revision, &[("Satu.", "Another one.")]);
    let siti = user("siti");
    let wanted = change(&segments[0], "A single one.", &siti);
    db.store.change_segment(&wanted, |_| (counts(1), 1), none()).await.expect("changed");
    let refused = error(db.store.save_made(&late, first.content_version, some("x")).await);
    assert!(matches!(refused, StoreError::Conflict { what: "edition", .. }), "{refused}");
    let now = db.store.edition(first.id).await.expect("there");
    let half = MadeEdition { version: now.version, ..late };
    let refused = error(db.store.save_made(&half, first.content_version, some("x")).await);
    assert!(matches!(refused, StoreError::Conflict { current, .. } if current == now.content_version));
    assert_eq!(db.store.segments(first.id).await.expect("one")[0].text, "A single one.");
    assert_eq!(effects_of(&db.store).await, (0, 0));
}

async fn a_segment_changes(db: Db) {
    let texts = [("Satu.", "One."), ("Dua.", "Two.")];
    let (_, first, segments) = edition(&db.store, "https://kabar.example/1", &texts).await;
    let siti = user("siti");
    let wanted = change(&segments[1], "A pair.", &siti);
    let changed =
        db.store.change_segment(&wanted, |_| (counts(2), 9), some("changed")).await.expect("changed");
    assert_eq!((changed.text.as_str(), changed.version), ("A pair.", segments[1].version + 1));
    assert_eq!((changed.state, changed.by.clone()), (SegmentState::Edited, wanted.by.clone()));
    assert_eq!(changed, db.store.segment(changed.id).await.expect("there"));
    assert_eq!(changed.machine, segments[1].machine, "what the machine made stays");
    let now = db.store.edition(first.id).await.expect("there");
    assert_eq!((now.content_version, now.urgency), (first.content_version + 1, 9));
    assert_eq!(now.version, first.version + 1, "whoever approves what was there before is told");

    let undo = SegmentChange {
        version: changed.version,
        text: "Two.".into(),
        state: SegmentState::Machine,
        by: None,
        ..wanted
    };
    db.store.change_segment(&undo, |_| (counts(2), 5), none()).await.expect("undone");
    let history = db.store.segment_history(changed.id).await.expect("two");
    assert_eq!(history.iter().map(|h| h.text.as_str()).collect::<Vec<_>>(), ["A pair.", "Two."]);
    assert_eq!((history[0].by.clone(), history[1].by.clone()), (changed.by, None));
    assert_eq!(effects_of(&db.store).await, (1, 1));
}

async fn two_editors_one_segment(db: Db) {
    let (_, _, segments) = edition(&db.store, "https://kabar.example/1", &[("Satu.", "One.")]).await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..8 {
        let (store, segment) = (db.store.clone(), segments[0].clone());
        tasks.spawn(async move {
            let wanted = change(&segment, &format!("Text {number}."), &user("siti"));
            store.change_segment(&wanted, |_| (counts(1), 1), some(&number.to_string())).await
        });
    }
    let done = tasks.join_all().await;
    let (won, lost): (Vec<_>, Vec<_>) = done.into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, 7));
    for lost in lost {
        let current = segments[0].version + 1;
        assert!(matches!(error(lost), StoreError::Conflict { what: "segment", current: c } if c == current));
    }
    assert_eq!(effects_of(&db.store).await, (1, 1));
    assert_eq!(db.store.segment_history(segments[0].id).await.expect("one").len(), 1);
}

async fn an_approval_goes_with_a_change(db: Db) {
    let (_, first, segments) = edition(&db.store, "https://kabar.example/1", &[("Satu.", "One.")]).await;
    let siti = user("siti");
    let approved =
        db.store.change_edition(&approve(&first, &siti), some("approved")).await.expect("approved");
    assert_eq!(approved.approved, approve(&first, &siti).approved);
    assert_eq!((approved.state, approved.version), (EditionState::Approved, first.version + 1));
    let refused = error(db.store.change_edition(&approve(&first, &siti), some("again")).await);
    assert!(matches!(refused, StoreError::Conflict { current, .. } if current == approved.version));
    assert_eq!(effects_of(&db.store).await, (1, 1));

    db.store
        .change_segment(&change(&segments[0], "Uno.", &siti), |_| (counts(1), 1), none())
        .await
        .expect("changed");
    let now = db.store.edition(first.id).await.expect("there");
    assert_eq!((now.state, now.approved), (EditionState::Review, None));
    let stale = EditionChange { version: approved.version, ..approve(&first, &siti) };
    let refused = error(db.store.change_edition(&stale, none()).await);
    assert!(matches!(refused, StoreError::Conflict { .. }), "nobody approves what they have not seen");
}

async fn the_queue(db: Db) {
    let (first, calm, _) = edition(&db.store, "https://kabar.example/1", &[("Satu.", "One.")]).await;
    let (_, urgent, segments) = edition(&db.store, "https://kabar.example/2", &[("Dua.", "Two.")]).await;
    let siti = user("siti");
    db.store
        .change_segment(&change(&segments[0], "2", &siti), |_| (counts(1), 70), none())
        .await
        .expect("changed");
    let waiting = db.store.open_edition(first.id, Lang::AR).await.expect("an edition");
    let ids = |filter: QueueFilter| {
        let store = db.store.clone();
        async move {
            let queue = store.queue(&filter).await.expect("a queue");
            queue.into_iter().map(|q| q.edition.id).collect::<Vec<_>>()
        }
    };
    let all = QueueFilter { limit: 10, ..QueueFilter::default() };
    assert_eq!(ids(all.clone()).await, [urgent.id, calm.id, waiting.id]);
    let some = QueueFilter { states: vec![EditionState::Review, EditionState::Failed], ..all.clone() };
    assert_eq!(ids(some.clone()).await, [urgent.id, calm.id]);
    assert_eq!(ids(QueueFilter { lang: Some(Lang::AR), ..all.clone() }).await, [waiting.id]);
    assert_eq!(ids(QueueFilter { offset: 1, limit: 1, ..all.clone() }).await, [calm.id]);
    assert_eq!(ids(QueueFilter { stale: Some(true), ..all.clone() }).await, []);
    taken_in(&db.store, &incoming("https://kabar.example/1", "Banjir", &["Lain."])).await;
    let stale = QueueFilter { stale: Some(true), ..some };
    assert_eq!(ids(stale.clone()).await, [calm.id]);
    assert_eq!(ids(QueueFilter { stale: Some(false), ..stale.clone() }).await, [urgent.id]);
    let queued = db.store.queue(&stale).await.expect("one");
    assert_eq!((queued[0].article.id, queued[0].article.title.as_str()), (first.id, "Banjir"));
    let counts = db.store.queue_counts().await.expect("counts");
    assert_eq!(counts, [(EditionState::Review, 2), (EditionState::Translating, 1)]);
}

async fn ten_thousand_segments(db: Db) {
    let row = taken_in(&db.store, &incoming("https://kabar.example/1", "Panjang", &["A."])).await;
    let open = db.store.open_edition(row.id, Lang::EN).await.expect("an edition");
    let texts: Vec<(String, String)> =
        (0..10_000).map(|n| (format!("Kalimat {n}."), format!("Sentence {n}."))).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(s, t)| (s.as_str(), t.as_str())).collect();
    let saved = db.store.save_made(&made(&open, row.revision, &texts), open.content_version, none()).await;
    let saved = saved.expect("saved");
    let segments = db.store.segments(saved.id).await.expect("segments");
    assert_eq!(segments.len(), 10_000);
    assert_eq!((segments[9_999].number, segments[9_999].text.as_str()), (9_999, "Sentence 9999."));
}
