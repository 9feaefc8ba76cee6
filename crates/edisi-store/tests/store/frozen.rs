//! Databases of every schema there ever was, as the Edisi of their time left them, are opened and read.
//!
//! `tests/frozen/vN.db.gz` is made once, with the Edisi whose schema is N, and never again:
//! `cargo test -p edisi-store -- --ignored frozen::make`.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use edisi_store::*;
use edisi_text::Lang;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::common::*;

/// The schema that this Edisi makes.
const CURRENT: i64 = 1;

fn frozen(schema: i64) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/frozen/v{schema}.db.gz"))
}

#[tokio::test]
#[ignore = "makes the frozen database of a new schema; a committed one is not made again"]
async fn make() {
    let file = frozen(CURRENT);
    assert!(!file.exists(), "{} is there; it is not made again", file.display());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("edisi.db");
    let store = Store::open(&format!("sqlite:{}", path.display())).await.expect("opened");
    crate::backup::fill(&store).await;
    store.close().await;
    let bytes = std::fs::read(path).expect("the database");
    let mut out = GzEncoder::new(std::fs::File::create(file).expect("a file"), Compression::best());
    out.write_all(&bytes).expect("written");
    out.finish().expect("written");
}

#[tokio::test]
async fn each_schema_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("backup");
    let fresh = Db::sqlite().await.store.backup(&backup).await.expect("written");
    assert_eq!(fresh.schema, CURRENT, "the schema is another: set CURRENT and make its frozen database");
    for schema in 1..=CURRENT {
        let mut bytes = Vec::new();
        let file = std::fs::File::open(frozen(schema)).expect("its frozen database");
        GzDecoder::new(file).read_to_end(&mut bytes).expect("a whole file");
        let path = folder.path().join(format!("v{schema}.db"));
        std::fs::write(&path, bytes).expect("written");
        let store = Store::open(&format!("sqlite:{}", path.display())).await.expect("opened");
        is_as_filled(&store).await;
        let summary = store.backup(&backup).await.expect("written");
        assert!(summary.rows.iter().all(|(_, rows)| *rows > 0), "something of everything: {summary:?}");
    }
}

/// What `backup::fill` puts into a database.
async fn is_as_filled(store: &Store) {
    let row = store.article_by_origin("https://kabar.example/1").await.expect("asked").expect("there");
    assert_eq!((row.slug.as_str(), row.title.as_str(), row.lang), ("banjir-surut", "Banjir surut", Lang::ID));
    let revisions = store.revisions(row.id).await.expect("two");
    assert_eq!(revisions[0].content.blocks[0].text, "Air sungai naik.");
    assert_eq!(revisions[1].content.blocks[1].text, "Warga pulang.");
    let corrections = store.corrections(row.id).await.expect("one");
    assert_eq!(corrections[0].changes, [("surut".to_owned(), "naik".to_owned())]);
    let edition = store.edition_of(row.id, Lang::EN).await.expect("asked").expect("there");
    assert_eq!((edition.state, edition.stale), (EditionState::Published, true));
    let segments = store.segments(edition.id).await.expect("two");
    assert_eq!(segments[0].text, "The river’s water has receded.\n\"\u{1f30a}\"");
    assert_eq!(segments[0].by.as_ref().map(|by| by.name.as_str()), Some("Siti Rahma"));
    assert_eq!(segments[1].machine.segment.text, "Residents return.");
    let history = store.segment_history(segments[0].id).await.expect("one");
    assert_eq!(history[0].text, "The river has receded.");
    let published = store.publications(row.id).await.expect("two");
    assert_eq!(
        published.iter().map(|p| (p.lang, p.number)).collect::<Vec<_>>(),
        [(Lang::ID, 1), (Lang::EN, 1)]
    );
    let siti = store.user_by_login("siti").await.expect("asked").expect("there");
    assert_eq!(siti.role, Role::Editor);
    assert!(store.session("s", at(1)).await.expect("asked").is_some());
    assert_eq!(store.tokens().await.expect("one")[0].scopes, ["translate"]);
    assert_eq!(store.setting::<String>("newsroom").await.expect("there").as_deref(), Some("Kabar Desa"));
    assert_eq!(store.sources().await.expect("one")[0].seen, [("a.html".to_owned(), "1".to_owned())]);
    assert_eq!(store.webhooks().await.expect("one")[0].secret, "rahasia");
    assert_eq!(store.terms("names").await.expect("one").1, 1);
    assert_eq!(store.memory_units(None, 9).await.expect("one")[0].target, "Residents return.");
    assert_eq!(store.jobs(Some(JobState::Queued), 9).await.expect("three").len(), 3);
    assert_eq!(store.audit(None, None, 9).await.expect("three").len(), 3);
    assert!(store.site_version().await.expect("a version") > 0);
}
