use std::io::{Read, Write};
use std::path::Path;

use edisi_memory::{Review, Unit};
use edisi_store::*;
use edisi_text::Lang;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::common::*;

on_both!(there_and_back, one_moment, what_is_refused);

/// A newsroom with a bit of everything.
pub async fn fill(store: &Store) {
    let siti = user("siti");
    store.create_user(&siti, none()).await.expect("made");
    let session =
        Session { hash: "s".into(), user: siti.id, csrf: "c".into(), created: at(0), expires: at(9) };
    store.create_session(&session).await.expect("begun");
    let key = ApiToken {
        id: Id::new(),
        name: "feed".into(),
        hash: "h".into(),
        scopes: vec!["translate".into()],
        user: siti.id,
        created: at(0),
        expires: None,
        used: None,
        revoked: false,
    };
    store.create_token(&key, none()).await.expect("made");
    store.set_setting("newsroom", &"Kabar Desa", some("set")).await.expect("set");
    let texts = [("Air sungai surut.", "The river has receded."), ("Warga pulang.", "Residents return.")];
    let (row, first, segments) = edition(store, "https://kabar.example/1", &texts).await;
    let change = SegmentChange {
        id: segments[0].id,
        version: segments[0].version,
        text: "The river’s water has receded.\n\"\u{1f30a}\"".into(),
        state: SegmentState::Edited,
        findings: vec![],
        decision: edisi_edition::Decision::Publish,
        by: Some(By { user: siti.id, name: siti.name.clone(), at: at(1) }),
    };
    store.change_segment(&change, |_| (counts(2), 1), none()).await.expect("changed");
    let first = store.edition(first.id).await.expect("there");
    store
        .publish(&publication(&row, Some(&first), "The river"), |_| some("published"))
        .await
        .expect("published");
    store.publish(&publication(&row, None, "Air"), |_| none()).await.expect("published");
    let changed = incoming("https://kabar.example/1", "Banjir surut", &["Air sungai naik."]);
    let correction = ("Diralat.".to_owned(), vec![("surut".to_owned(), "naik".to_owned())]);
    store.ingest(&changed, Some(correction), |_| some("revised")).await.expect("revised");
    let feed = SourceRow {
        id: Id::new(),
        kind: SourceKind::Folder,
        location: "masuk".into(),
        lang: Some(Lang::ID),
        interval: 60,
        etag: None,
        last_modified: None,
        seen: vec![("a.html".into(), "1".into())],
        due: at(0),
        failures: 0,
        error: None,
        paused: false,
        created: at(0),
    };
    store.add_source(&feed, none()).await.expect("added");
    let hook = Webhook {
        id: Id::new(),
        url: "https://hook.example/".into(),
        secret: "rahasia".into(),
        events: vec![],
        created: at(0),
    };
    store.add_webhook(&hook, none()).await.expect("added");
    store.set_terms("names", &[edisi_article::Term::default()], 0, none()).await.expect("set");
    let unit = Unit {
        pair: (Lang::ID, Lang::EN),
        source: "Warga pulang.".into(),
        target: "Residents return.".into(),
        review: Review { by: "siti".into(), at: at(2) },
        origin: String::new(),
        context: None,
    };
    store.remember(&[unit], none()).await.expect("kept");
}

/// The lines of a backup but those that differ from one to the next: when it was made, and the hash.
fn rows(file: &Path) -> Vec<String> {
    let mut lines: Vec<String> = text(file).lines().map(String::from).collect();
    lines.retain(|line| line.starts_with('['));
    lines.sort();
    lines
}

fn text(file: &Path) -> String {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(file).expect("a file")).read_to_string(&mut text).expect("text");
    text
}

fn pack(file: &Path, text: &str) {
    let mut out = GzEncoder::new(std::fs::File::create(file).expect("a file"), flate2::Compression::fast());
    out.write_all(text.as_bytes()).expect("written");
    out.finish().expect("written");
}

/// An empty database of each kind there is.
async fn empty() -> Vec<Db> {
    vec![
        Db::sqlite().await,
        #[cfg(feature = "test-postgres")]
        Db::postgres().await,
    ]
}

async fn there_and_back(db: Db) {
    fill(&db.store).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("kabar.backup");
    let written = db.store.backup(&file).await.expect("written");
    assert!(written.rows.iter().all(|(_, n)| *n > 0), "something of everything: {written:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    for other in empty().await {
        let read = other.store.restore(&file).await.expect("read");
        assert_eq!(read, written);
        let again = folder.path().join("again.backup");
        assert_eq!(other.store.backup(&again).await.expect("written"), written);
        assert_eq!(rows(&again), rows(&file));
        let (theirs, ours) = (other.store.users().await, db.store.users().await);
        assert_eq!(theirs.expect("users"), ours.expect("users"));
        let all = QueueFilter { limit: 10, ..QueueFilter::default() };
        let (theirs, ours) = (other.store.queue(&all).await, db.store.queue(&all).await);
        assert_eq!(theirs.expect("a queue"), ours.expect("a queue"));
        let refused = error(other.store.restore(&file).await).to_string();
        assert!(refused.contains("in use"), "{refused}");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(left.len(), 2, "nothing but the two backups");
}

async fn one_moment(db: Db) {
    // While articles come in, each with its line in the audit log, a backup has as many of the one as of the other.
    let writer = {
        let store = db.store.clone();
        tokio::spawn(async move {
            for number in 0.. {
                let new = incoming(&format!("https://kabar.example/{number}"), "Banjir", &["Air."]);
                if store.ingest(&new, None, |_| some(&new.origin)).await.is_err() {
                    break;
                }
            }
        })
    };
    let folder = tempfile::tempdir().expect("a folder");
    let mut largest = 0;
    for number in 0..20 {
        let summary = db.store.backup(&folder.path().join(number.to_string())).await.expect("written");
        let of = |table: &str| summary.rows.iter().find(|(name, _)| name == table).expect("a table").1;
        let found = [of("articles"), of("revisions"), of("jobs"), of("audit")];
        assert_eq!(found, [found[0]; 4]);
        largest = largest.max(found[0]);
    }
    assert!(largest > 0, "nothing was written meanwhile");
    db.store.close().await;
    writer.await.expect("ended");
}

async fn what_is_refused(db: Db) {
    let folder = tempfile::tempdir().expect("a folder");
    let (whole, other) = (folder.path().join("whole"), folder.path().join("other"));
    {
        let full = Db::sqlite().await;
        fill(&full.store).await;
        full.store.backup(&whole).await.expect("written");
    }
    let bytes = std::fs::read(&whole).expect("a file");
    let good = text(&whole);
    let mut cases: Vec<(String, Vec<u8>)> = vec![
        ("empty".into(), Vec::new()),
        ("no gzip".into(), b"halo".to_vec()),
        ("half".into(), bytes[..bytes.len() / 2].to_vec()),
        ("without its last byte".into(), bytes[..bytes.len() - 1].to_vec()),
    ];
    let mut altered = |name: &str, text: String| {
        pack(&other, &text);
        cases.push((name.into(), std::fs::read(&other).expect("a file")));
    };
    altered("another word", good.replacen("Residents", "Visitors!", 1));
    altered(
        "a line less",
        good.lines().filter(|l| !l.contains("Residents")).map(|l| format!("{l}\n")).collect(),
    );
    altered("no last line", good[..good.trim_end().rfind('\n').expect("lines") + 1].to_owned());
    altered("more behind it", format!("{good}{{}}\n"));
    altered("not ours", format!("{{\"format\":\"other\",\"version\":1,\"schema\":1,\"made\":\"\"}}\n{good}"));
    altered("another column", signed(&good.replacen("\"login\"", "\"log_in\"", 1)));
    altered("a number for a text", signed(&good.replacen("\"siti\"", "7", 1)));
    altered("a text for a number", signed(&good.replacen("[\"names\",1,", "[\"names\",\"x\",", 1)));
    altered(
        "no such user",
        signed(&good.lines().filter(|l| !l.contains("Siti")).map(|l| format!("{l}\n")).collect::<String>()),
    );
    let newer = "{\"format\":\"edisi-backup\",\"version\":1,\"schema\":99,\"made\":\"\"}\n";
    altered("newer", signed(&format!("{newer}{}", good.split_once('\n').expect("lines").1)));
    for (name, bytes) in cases {
        std::fs::write(&other, bytes).expect("written");
        let refused = error(db.store.restore(&other).await);
        match name.as_str() {
            "newer" => assert!(matches!(refused, StoreError::TooNew { found: 99, .. }), "{name}: {refused}"),
            _ => assert!(matches!(refused, StoreError::Backup(_)), "{name}: {refused}"),
        }
        assert_eq!(effects_of(&db.store).await, (0, 0), "{name}");
        assert_eq!(db.store.users().await.expect("none"), [], "{name}");
    }
    assert!(matches!(error(db.store.restore(&folder.path().join("none")).await), StoreError::Backup(_)));
    db.store.restore(&whole).await.expect("the whole one still goes");
    let nowhere = error(db.store.backup(&folder.path().join("none/b")).await);
    assert!(nowhere.to_string().contains("No such file"), "{nowhere}");
}

/// The text with counts and hash made right again: altered by somebody who knows how.
fn signed(text: &str) -> String {
    let body: String =
        text.lines().filter(|l| !l.contains("\"end\":true")).map(|l| format!("{l}\n")).collect();
    let mut counts: Vec<(String, u64)> = Vec::new();
    for line in body.lines() {
        let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        match value.get("table") {
            Some(table) => counts.push((table.as_str().expect("a name").into(), 0)),
            None if value.is_array() => counts.last_mut().expect("a table").1 += 1,
            None => (),
        }
    }
    let sha256: String = Sha256::digest(&body).iter().map(|b| format!("{b:02x}")).collect();
    format!("{body}{}\n", serde_json::json!({ "end": true, "rows": counts, "sha256": sha256 }))
}
