use edisi_store::*;

use crate::common::*;

on_both!(a_newer_schema, opened_again);

async fn a_newer_schema(db: Db) {
    use sqlx::Connection;
    let mut connection = sqlx::AnyConnection::connect(&db.url).await.expect("connected");
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 SELECT 99, 'later', success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
    sqlx::query(newer).execute(&mut connection).await.expect("written");
    let newer = error(Store::open(&db.url).await);
    assert!(matches!(newer, StoreError::TooNew { found: 99, known: 1 }), "{newer}");
}

async fn opened_again(db: Db) {
    taken_in(&db.store, &incoming("https://kabar.example/1", "Banjir", &["Air."])).await;
    let again = Store::open(&db.url).await.expect("opened");
    assert!(again.article_by_origin("https://kabar.example/1").await.expect("asked").is_some());
    again.close().await;
    db.store.ping().await.expect("the other connections stay");
}

#[tokio::test]
async fn what_cannot_be_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    for (url, hint) in [
        (format!("sqlite:{}/none/edisi.db", folder.path().display()), "No such file"),
        (format!("sqlite:{}", folder.path().display()), "directory"),
        ("sqlite::memory:".into(), "should be a file"),
        ("mysql://root:geheim@localhost/x".into(), "postgres://"),
        ("postgres://u:geheim@127.0.0.1:1/x".into(), "127.0.0.1:1"),
    ] {
        let message = error(Store::open(&url).await).to_string();
        assert!(message.contains(hint), "{url}: {message}");
        assert!(!message.contains("geheim"), "{message}");
    }
    let garbage = folder.path().join("garbage.db");
    std::fs::write(&garbage, "this is no database, whatever its name is").expect("written");
    let message = error(Store::open(&format!("sqlite:{}", garbage.display())).await).to_string();
    assert!(message.contains("not a database"), "{message}");
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    // A name that is not the same as an address.
    let path = folder.path().join("a b#1?50%.db");
    let store = Store::open(&format!("sqlite:{}", path.display())).await.expect("opened");
    taken_in(&store, &incoming("https://kabar.example/1", "Banjir", &["Air."])).await;
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder.path()).expect("a folder") {
        let entry = entry.expect("a file");
        assert_eq!(entry.metadata().expect("a file").permissions().mode() & 0o777, 0o600, "{entry:?}");
        names.push(entry.file_name().into_string().expect("a name"));
    }
    names.sort();
    assert_eq!(names, ["a b#1?50%.db", "a b#1?50%.db-shm", "a b#1?50%.db-wal"]);
}

fn is_send<T: Send>(value: T) -> T {
    value
}

#[tokio::test]
async fn it_can_be_used_in_any_task() {
    let db = Db::sqlite().await;
    let new = incoming("https://kabar.example/1", "Banjir", &["Air."]);
    let row = taken_in(&db.store, &new).await;
    is_send(db.store.ingest(&new, None, |_| none())).await.expect("known");
    is_send(db.store.publish(&publication(&row, None, "Banjir"), |_| none())).await.expect("published");
    is_send(db.store.claim(&["x"], std::time::Duration::ZERO, at(0))).await.expect("asked");
    let file = tempfile::tempdir().expect("a folder");
    is_send(db.store.backup(&file.path().join("b"))).await.expect("written");
    is_send(db.store.restore(&file.path().join("b"))).await.expect_err("in use");
}
