use std::time::Duration;

use edisi_store::*;

use crate::common::*;

on_both!(users, sessions, tokens, settings, the_audit_log);

async fn users(db: Db) {
    let mut siti = user("siti");
    db.store.create_user(&siti, some("made")).await.expect("made");
    let taken = error(db.store.create_user(&user("siti"), some("again")).await);
    assert!(matches!(&taken, StoreError::Taken { what: "user", key } if key == "siti"), "{taken}");
    assert_eq!(effects_of(&db.store).await, (1, 1));
    siti.role = Role::Admin;
    siti.name = "Siti R.".into();
    db.store.update_user(&siti, none()).await.expect("changed");
    assert_eq!(db.store.user(siti.id).await.expect("there"), siti);
    assert_eq!(db.store.user_by_login("siti").await.expect("there"), Some(siti.clone()));
    assert_eq!(db.store.user_by_login("budi").await.expect("none"), None);
    let budi = user("budi");
    db.store.create_user(&budi, none()).await.expect("made");
    assert_eq!(db.store.users().await.expect("two"), [budi.clone(), siti]);
    let renamed = User { login: "siti".into(), ..budi };
    assert!(matches!(error(db.store.update_user(&renamed, none()).await), StoreError::Taken { .. }));
    assert!(matches!(error(db.store.update_user(&user("x"), none()).await), StoreError::NotFound { .. }));
}

async fn sessions(db: Db) {
    let mut siti = user("siti");
    db.store.create_user(&siti, none()).await.expect("made");
    let session = |hash: &str, expires| Session {
        hash: hash.into(),
        user: siti.id,
        csrf: "c".into(),
        created: at(0),
        expires: at(expires),
    };
    for (hash, expires) in [("a", 10), ("b", 20), ("c", 30)] {
        db.store.create_session(&session(hash, expires)).await.expect("begun");
    }
    let found = db.store.session("a", at(9)).await.expect("there");
    assert_eq!(found, Some((session("a", 10), siti.clone())));
    assert_eq!(db.store.session("a", at(10)).await.expect("none"), None, "it has expired");
    assert_eq!(db.store.session("x", at(0)).await.expect("none"), None);
    assert_eq!(db.store.delete_expired_sessions(at(10)).await.expect("one"), 1);
    db.store.delete_session("b").await.expect("ended");
    assert_eq!(db.store.session("b", at(0)).await.expect("none"), None);
    siti.disabled = true;
    db.store.update_user(&siti, none()).await.expect("changed");
    assert_eq!(db.store.session("c", at(0)).await.expect("none"), None, "the user is disabled");
    siti.disabled = false;
    db.store.update_user(&siti, none()).await.expect("changed");
    db.store.delete_sessions(siti.id).await.expect("ended");
    assert_eq!(db.store.session("c", at(0)).await.expect("none"), None);
}

async fn tokens(db: Db) {
    let siti = user("siti");
    db.store.create_user(&siti, none()).await.expect("made");
    let key = ApiToken {
        id: Id::new(),
        name: "feed".into(),
        hash: "h".into(),
        scopes: vec!["translate".into()],
        user: siti.id,
        created: at(0),
        expires: Some(at(1000)),
        used: None,
        revoked: false,
    };
    db.store.create_token(&key, none()).await.expect("made");
    let used = |second| {
        let store = db.store.clone();
        async move { store.token("h", at(second)).await.expect("asked").map(|t| t.used) }
    };
    assert_eq!(used(5).await, Some(Some(at(5))));
    assert_eq!(used(64).await, Some(Some(at(5))), "to the minute");
    assert_eq!(used(65).await, Some(Some(at(65))));
    assert_eq!(used(1000).await, None, "it has expired");
    assert_eq!(db.store.token("x", at(5)).await.expect("none"), None);
    db.store.revoke_token(key.id, some("revoked")).await.expect("revoked");
    assert_eq!(used(5).await, None);
    let all = db.store.tokens().await.expect("one");
    assert_eq!(all, [ApiToken { used: Some(at(65)), revoked: true, ..key }]);
    assert!(matches!(error(db.store.revoke_token(Id::new(), none()).await), StoreError::NotFound { .. }));
}

async fn settings(db: Db) {
    assert_eq!(db.store.setting::<Vec<i64>>("n").await.expect("none"), None);
    db.store.set_setting("n", &vec![1_i64, 2], some("set")).await.expect("set");
    let version = db.store.site_version().await.expect("a version");
    db.store.set_setting("n", &vec![3_i64], none()).await.expect("set");
    assert_eq!(db.store.setting("n").await.expect("there"), Some(vec![3_i64]));
    assert!(db.store.site_version().await.expect("a version") > version, "pages depend on settings");
    let damaged = error(db.store.setting::<String>("n").await);
    assert!(matches!(damaged, StoreError::Damaged { table: "settings", .. }), "{damaged}");
    db.store.ping().await.expect("an answer");
}

async fn the_audit_log(db: Db) {
    for object in ["article/1", "article/2", "article/1"] {
        db.store
            .record(Effects { jobs: vec![], audit: vec![line("test.done", object)] })
            .await
            .expect("written");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let all = db.store.audit(None, None, 10).await.expect("three");
    assert_eq!(
        all.iter().map(|l| l.object.as_str()).collect::<Vec<_>>(),
        ["article/1", "article/2", "article/1"]
    );
    assert!(all.is_sorted_by(|a, b| a.id > b.id && a.at >= b.at));
    assert_eq!(all[0].details, line("x", "x").details);
    let of = db.store.audit(Some("article/1"), Some(all[0].id), 10).await.expect("one");
    assert_eq!(of, [all[2].clone()]);
}
