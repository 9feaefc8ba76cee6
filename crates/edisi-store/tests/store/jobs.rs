use std::collections::HashSet;
use std::time::Duration;

use edisi_store::*;

use crate::common::*;

on_both!(
    asked_for_once,
    in_order,
    each_job_once,
    a_lease_runs_out,
    tries_are_used_up,
    poison,
    handed_back,
    finished_with_effects
);

const LEASE: Duration = Duration::from_secs(60);

async fn claimed(store: &Store, second: i64) -> Option<Job> {
    store.claim(&["translate", "publish"], LEASE, at(second)).await.expect("asked")
}

async fn asked_for_once(db: Db) {
    let late = NewJob { due: at(50), ..job("translate", "a") };
    db.store.enqueue(late.clone()).await.expect("asked");
    db.store.enqueue(NewJob { due: at(90), ..late.clone() }).await.expect("asked");
    assert_eq!(claimed(&db.store, 49).await, None);
    db.store.enqueue(NewJob { due: at(20), payload: 1.into(), ..late.clone() }).await.expect("asked");
    let jobs = db.store.jobs(None, 10).await.expect("one");
    assert_eq!(jobs.len(), 1);
    assert_eq!((jobs[0].due, &jobs[0].payload), (at(20), &late.payload), "sooner, and nothing else");
    db.store.enqueue(job("publish", "a")).await.expect("another kind");
    assert_eq!(db.store.jobs(Some(JobState::Queued), 10).await.expect("two").len(), 2);

    let running = db.store.claim(&["translate"], LEASE, at(20)).await.expect("asked").expect("due");
    db.store.enqueue(NewJob { due: at(1), ..late.clone() }).await.expect("asked");
    assert_eq!(
        db.store.jobs(Some(JobState::Running), 10).await.expect("one"),
        std::slice::from_ref(&running)
    );
    db.store.finish(&running, none()).await.expect("finished");
    db.store.enqueue(late).await.expect("asked");
    assert_eq!(db.store.jobs(None, 10).await.expect("three").len(), 3, "after it is done, there is another");
}

async fn in_order(db: Db) {
    for (key, due) in [("c", 30), ("a", 10), ("b", 20)] {
        db.store.enqueue(NewJob { due: at(due), ..job("translate", key) }).await.expect("asked");
    }
    db.store.enqueue(job("poll", "z")).await.expect("asked");
    let mut keys = Vec::new();
    while let Some(job) = claimed(&db.store, 25).await {
        assert_eq!((job.state, job.attempts, job.leased_until), (JobState::Running, 1, Some(at(25 + 60))));
        keys.push(job.key);
    }
    assert_eq!(keys, ["a", "b"]);
    assert_eq!(db.store.claim(&[], LEASE, at(25)).await.expect("asked"), None);
    let counts = db.store.job_counts().await.expect("counts");
    let wanted = [
        ("poll", JobState::Queued, 1),
        ("translate", JobState::Queued, 1),
        ("translate", JobState::Running, 2),
    ];
    assert_eq!(counts, wanted.map(|(kind, state, n)| (kind.to_owned(), state, n)));
}

async fn each_job_once(db: Db) {
    let jobs = (0..60).map(|n| job("translate", &n.to_string())).collect();
    db.store.record(Effects { jobs, audit: vec![] }).await.expect("asked");
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..6 {
        let (store, url) = (db.store.clone(), db.url.clone());
        workers.spawn(async move {
            let store = if worker % 2 == 0 { store } else { Store::open(&url).await.expect("opened") };
            let mut keys = Vec::new();
            while let Some(job) = claimed(&store, 1).await {
                store.finish(&job, none()).await.expect("finished");
                keys.push(job.key);
            }
            keys
        });
    }
    let keys: Vec<String> = workers.join_all().await.into_iter().flatten().collect();
    assert_eq!((keys.len(), keys.iter().collect::<HashSet<_>>().len()), (60, 60));
}

async fn a_lease_runs_out(db: Db) {
    db.store.enqueue(job("translate", "a")).await.expect("asked");
    let first = claimed(&db.store, 0).await.expect("due");
    db.store.renew(&first, LEASE, at(50)).await.expect("renewed");
    assert_eq!(claimed(&db.store, 109).await, None, "it was renewed");
    let second = claimed(&db.store, 110).await.expect("its lease ran out");
    assert_eq!((second.id, second.attempts), (first.id, 2));
    for late in [
        db.store.renew(&first, LEASE, at(111)).await,
        db.store.finish(&first, some("late")).await,
        db.store.fail(&first, "late", None, some("late")).await.map(drop),
        db.store.release(&first).await,
    ] {
        assert!(matches!(error(late), StoreError::NotFound { what: "job", .. }));
    }
    assert_eq!(effects_of(&db.store).await, (1, 0), "who comes late changes nothing");
    db.store.finish(&second, none()).await.expect("finished");
    assert_eq!(db.store.jobs(Some(JobState::Done), 10).await.expect("one").len(), 1);
    assert_eq!(db.store.delete_done_jobs(at(0)).await.expect("none"), 0);
    assert_eq!(db.store.delete_done_jobs(jiff::Timestamp::MAX).await.expect("one"), 1);
}

async fn tries_are_used_up(db: Db) {
    db.store.enqueue(job("translate", "a")).await.expect("asked");
    for (attempt, state) in [(1, JobState::Queued), (2, JobState::Queued), (3, JobState::Parked)] {
        let job = claimed(&db.store, attempt * 10).await.expect("due");
        assert_eq!(job.attempts, attempt);
        let failed = db.store.fail(&job, "no model", Some(at(attempt * 10 + 10)), none()).await;
        assert_eq!(failed.expect("noted"), state);
        assert_eq!(claimed(&db.store, attempt * 10 + 9).await, None, "not before its time");
    }
    assert_eq!(claimed(&db.store, 1_000_000).await, None);
    let parked = db.store.jobs(Some(JobState::Parked), 10).await.expect("one").remove(0);
    assert_eq!(parked.error.as_deref(), Some("no model"));
    db.store.unpark(parked.id, none()).await.expect("unparked");
    assert!(matches!(error(db.store.unpark(parked.id, none()).await), StoreError::NotFound { .. }));
    let again = db.store.claim(&["translate"], LEASE, jiff::Timestamp::now()).await.expect("asked");
    assert_eq!(again.map(|j| (j.id, j.attempts)), Some((parked.id, 1)), "with all its tries");

    db.store.enqueue(job("publish", "b")).await.expect("asked");
    let hopeless = claimed(&db.store, 0).await.expect("due");
    assert_eq!(db.store.fail(&hopeless, "no", None, none()).await.expect("noted"), JobState::Parked);
    db.store.enqueue(job("publish", "b")).await.expect("asked");
    let taken = error(db.store.unpark(hopeless.id, none()).await);
    assert!(matches!(taken, StoreError::Taken { what: "job", .. }), "{taken}");
}

async fn poison(db: Db) {
    db.store.enqueue(job("translate", "a")).await.expect("asked");
    for attempt in 1..=3 {
        let job = claimed(&db.store, attempt * 100).await.expect("its lease ran out");
        assert_eq!(job.attempts, attempt);
    }
    assert_eq!(claimed(&db.store, 1_000).await, None, "three times its worker vanished");
    let parked = db.store.jobs(Some(JobState::Parked), 10).await.expect("one");
    assert!(parked[0].error.as_deref().is_some_and(|e| e.contains("ended")));
}

async fn handed_back(db: Db) {
    db.store.enqueue(job("translate", "a")).await.expect("asked");
    for _ in 0..5 {
        let job = claimed(&db.store, 0).await.expect("due");
        assert_eq!(job.attempts, 1, "its try does not count");
        db.store.release(&job).await.expect("handed back");
    }
    for attempt in 1..=3 {
        let job = claimed(&db.store, 0).await.expect("due");
        assert_eq!(job.attempts, attempt, "that of a program that ended does");
        assert_eq!(db.store.release_all().await.expect("handed back"), u64::from(attempt < 3));
    }
    assert_eq!(db.store.jobs(Some(JobState::Parked), 10).await.expect("one").len(), 1);
}

async fn finished_with_effects(db: Db) {
    db.store.enqueue(job("poll", "a")).await.expect("asked");
    let poll = db.store.claim(&["poll"], LEASE, at(0)).await.expect("asked").expect("due");
    // A job may ask for itself again.
    let next =
        Effects { jobs: vec![NewJob { due: at(300), ..job("poll", "a") }], audit: vec![line("polled", "a")] };
    db.store.finish(&poll, next).await.expect("finished");
    assert_eq!(db.store.claim(&["poll"], LEASE, at(299)).await.expect("asked"), None);
    assert!(db.store.claim(&["poll"], LEASE, at(300)).await.expect("asked").is_some());
}
