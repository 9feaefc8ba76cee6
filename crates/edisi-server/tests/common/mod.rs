//! A newsroom in a temporary folder, with the rehearsal's engine.

#![allow(dead_code)]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use edisi_article::{Article, Block, BlockKind};
use edisi_edition::{Router, Translator};
use edisi_server::newsroom::Editor;
use edisi_server::serve::database_in;
use edisi_server::testing::Parrot;
use edisi_server::worker::{Work, Workers};
use edisi_server::{Newsroom, PublishMode, Settings};
use edisi_store::{EditionRow, Effects, Id, JobState, Role, Store, User};
use edisi_text::Lang;
use jiff::Timestamp;

pub const SENTENCES: [&str; 6] = [
    "Pasar terapung Lok Baru di Banjarmasin dibuka kembali pada Sabtu, 14 November 2026, setelah diperbaiki selama tiga bulan.",
    "Sebanyak 312 pedagang mulai berjualan dari perahu sejak pukul 05.30 WITA.",
    "\"Kami senang bisa kembali ke sungai,\" kata Siti Rahmah, pedagang sayur berusia 47 tahun.",
    "Pemerintah kota mengeluarkan Rp2,4 miliar untuk dermaga dan lampu baru.",
    "Wali Kota Ahmad Fauzi mengatakan dermaga itu tidak dipungut biaya sampai Desember.",
    "Pengunjung diminta tidak membuang sampah ke sungai.",
];

pub fn article(sentences: &[&str]) -> Article {
    Article {
        input: "pasar-lok-baru.html".into(),
        url: Some("https://kabar.example/pasar-lok-baru".into()),
        title: Some("Pasar Terapung Lok Baru Dibuka Kembali".into()),
        language: Some(Lang::ID),
        blocks: sentences.chunks(2).map(|p| Block::plain(BlockKind::Paragraph, p.join(" "))).collect(),
        ..Article::default()
    }
}

pub async fn open(data: &Path) -> Newsroom {
    let store = Store::open(&database_in(data)).await.unwrap();
    let engine: Arc<dyn Translator> = Arc::new(Parrot::new(Duration::ZERO, None));
    Newsroom::open(store, Router::new(vec![engine]), data).await.unwrap()
}

pub async fn set(newsroom: &Newsroom, change: impl FnOnce(&mut Settings)) {
    let mut settings = (*newsroom.settings()).clone();
    change(&mut settings);
    newsroom.set_settings(settings, "test").await.unwrap();
}

/// Publishes in these languages when nothing is held.
pub fn clean(settings: &mut Settings, langs: &[Lang]) {
    settings.publish = langs.iter().map(|&lang| (lang, PublishMode::Clean)).collect();
}

pub async fn editor(newsroom: &Newsroom, login: &str) -> Editor {
    let user = User {
        id: Id::new(),
        login: login.into(),
        name: login.to_uppercase(),
        role: Role::Editor,
        password_hash: String::new(),
        disabled: false,
        created: Timestamp::now(),
    };
    newsroom.store().create_user(&user, Effects::default()).await.unwrap();
    Editor { user: user.id, login: user.login, name: user.name }
}

/// Lets workers do all there is to do.
pub async fn work(newsroom: &Newsroom) {
    let workers = Workers::start(newsroom, &Work::default());
    let started = Instant::now();
    loop {
        let counts = newsroom.store().job_counts().await.unwrap();
        if counts.iter().all(|(_, state, n)| *n == 0 || matches!(state, JobState::Done | JobState::Parked)) {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "jobs do not end: {counts:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    workers.stop().await;
    let parked = newsroom.store().jobs(Some(JobState::Parked), 10).await.unwrap();
    assert!(parked.is_empty(), "{parked:?}");
}

pub async fn edition(newsroom: &Newsroom, article: Id, lang: Lang) -> EditionRow {
    newsroom.store().edition_of(article, lang).await.unwrap().expect("there is an edition")
}
