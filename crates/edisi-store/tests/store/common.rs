//! A database for each test, and what is put into it.

use edisi_article::{Article, Block, BlockKind};
use edisi_edition::kept::KeptSegment;
use edisi_edition::publish::Snapshot;
use edisi_edition::report::Counts;
use edisi_edition::translator::FinishReason;
use edisi_edition::units::Place;
use edisi_edition::{Decision, EditionSegment, Tier};
use edisi_store::*;
use edisi_text::Lang;
use serde_json::json;

/// An empty database that goes with the test.
pub struct Db {
    pub store: Store,
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Db {
    pub async fn sqlite() -> Db {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}/edisi.db", folder.path().display());
        let store = Store::open(&url).await.expect("a new database");
        Db { store, url, _folder: Some(folder) }
    }

    /// On the server at `EDISI_TEST_POSTGRES`, whose databases are thrown away with it.
    #[cfg(feature = "test-postgres")]
    pub async fn postgres() -> Db {
        use sqlx::{AssertSqlSafe, Connection};
        let server =
            std::env::var("EDISI_TEST_POSTGRES").expect("EDISI_TEST_POSTGRES; use scripts/test-postgres.sh");
        sqlx::any::install_default_drivers();
        let name = format!("t{}", Id::new().to_string().replace('-', ""));
        let mut connection =
            sqlx::AnyConnection::connect(&format!("{server}/postgres")).await.expect("a server");
        let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(create).execute(&mut connection).await.expect("a new database");
        let url = format!("{server}/{name}");
        let store = Store::open(&url).await.expect("a new database");
        Db { store, url, _folder: None }
    }
}

/// Makes tests of functions that take an empty database: one for each kind.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::common::Db::sqlite().await).await;
            })+
        }
        #[cfg(feature = "test-postgres")]
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::common::Db::postgres().await).await;
            })+
        }
    };
}
pub(crate) use on_both;

pub fn none() -> Effects {
    Effects::default()
}

/// One job and one line of the audit log.
pub fn some(name: &str) -> Effects {
    Effects { jobs: vec![job("translate", name)], audit: vec![line("test.done", name)] }
}

pub fn job(kind: &'static str, key: &str) -> NewJob {
    NewJob { kind, key: key.into(), payload: json!({ "key": key }), due: at(0), max_attempts: 3 }
}

pub fn line(action: &'static str, object: &str) -> NewAudit {
    NewAudit { actor: "uji".into(), action, object: object.into(), details: json!({ "halo": "dunia" }) }
}

/// Seconds after a moment in 2026.
pub fn at(seconds: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(1_780_000_000 + seconds).expect("a time")
}

pub fn article(title: &str, sentences: &[&str]) -> Article {
    Article {
        input: "uji".into(),
        title: Some(title.into()),
        language: Some(Lang::ID),
        blocks: sentences.iter().map(|s| Block::plain(BlockKind::Paragraph, *s)).collect(),
        ..Article::default()
    }
}

pub fn incoming(origin: &str, title: &str, sentences: &[&str]) -> Incoming {
    let mut content = article(title, sentences);
    content.url = Some(origin.into());
    Incoming {
        origin: origin.into(),
        slug: title.to_lowercase().replace(' ', "-"),
        lang: Lang::ID,
        source: None,
        hash: format!("{title}|{}", sentences.join("|")),
        content,
    }
}

/// The article of `incoming`, taken in.
pub async fn taken_in(store: &Store, incoming: &Incoming) -> ArticleRow {
    match store.ingest(incoming, None, |_| none()).await.expect("taken in") {
        Ingested::Created(row) | Ingested::Revised(row) | Ingested::Unchanged(row) => row,
    }
}

pub fn segment(index: i64, source: &str, text: &str) -> NewSegment {
    let made = EditionSegment {
        source: source.into(),
        source_range: 0..0,
        text: text.into(),
        range: 0..0,
        finish: FinishReason::Stop,
        score: None,
        detour: false,
        memory: None,
        suggestions: Vec::new(),
        repair: None,
        decision: Decision::Publish,
        pivot: None,
        failed: None,
        findings: Vec::new(),
        links: None,
        alternatives: Vec::new(),
    };
    NewSegment {
        place: Place::Block { block: usize::try_from(index).expect("a number") },
        index: 0,
        source: source.into(),
        text: text.into(),
        state: SegmentState::Machine,
        findings: Vec::new(),
        decision: Decision::Publish,
        machine: KeptSegment { segment: made, links: None, alternatives: vec!["another".into()] },
        by: None,
    }
}

pub fn counts(segments: usize) -> Counts {
    Counts { segments, ..Counts::default() }
}

/// An edition of `edition`'s article at `revision` with these sentences.
pub fn made(edition: &EditionRow, revision: Id, texts: &[(&str, &str)]) -> MadeEdition {
    let segments = texts.iter().zip(0..).map(|((source, text), i)| segment(i, source, text)).collect();
    MadeEdition {
        id: edition.id,
        version: edition.version,
        revision,
        state: EditionState::Review,
        tier: Tier::Production,
        route: Vec::new(),
        counts: counts(texts.len()),
        urgency: 5,
        segments,
    }
}

/// An English edition of a new article, with its segments.
pub async fn edition(
    store: &Store,
    origin: &str,
    texts: &[(&str, &str)],
) -> (ArticleRow, EditionRow, Vec<SegmentRow>) {
    let sentences: Vec<&str> = texts.iter().map(|(source, _)| *source).collect();
    let row = taken_in(store, &incoming(origin, "Banjir surut", &sentences)).await;
    let open = store.open_edition(row.id, Lang::EN).await.expect("an edition");
    let made = made(&open, row.revision, texts);
    let edition = store.save_made(&made, open.content_version, none()).await.expect("saved");
    let segments = store.segments(edition.id).await.expect("segments");
    (row, edition, segments)
}

pub fn publication(row: &ArticleRow, edition: Option<&EditionRow>, title: &str) -> NewPublication {
    let lang = edition.map_or(Lang::ID, |e| e.lang);
    let mut content = Snapshot::original(&article(title, &["Air surut."]), Lang::ID, "r");
    content.lang = lang;
    NewPublication {
        article: row.id,
        lang,
        edition: edition.map(|e| (e.id, e.version)),
        revision: row.revision,
        title: title.into(),
        content,
        approved: edition.and_then(|e| e.approved.clone()),
    }
}

pub fn user(login: &str) -> User {
    User {
        id: Id::new(),
        login: login.into(),
        name: "Siti Rahma".into(),
        role: Role::Editor,
        password_hash: "$argon2id$uji".into(),
        disabled: false,
        created: at(0),
    }
}

/// How many jobs and lines of the audit log there are.
pub async fn effects_of(store: &Store) -> (usize, usize) {
    let jobs = store.jobs(None, 10_000).await.expect("jobs").len();
    (jobs, store.audit(None, None, 10_000).await.expect("lines").len())
}

/// The error a call should have given.
pub fn error<T: std::fmt::Debug>(result: Result<T, StoreError>) -> StoreError {
    result.expect_err("an error")
}
