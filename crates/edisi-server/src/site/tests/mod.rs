//! A small site in a temporary folder, and what readers get of it.

mod exported;
mod feeds;
mod pages;
mod served;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use edisi_article::{Article, Block, BlockKind, Image};
use edisi_edition::publish::{Snapshot, Translation};
use edisi_edition::render::{ImageTexts, Passage, Reviewed};
use edisi_edition::{Router, Tier};
use edisi_store::{
    Approval, ArticleRow, Effects, Id, Incoming, Ingested, NewPublication, Publication, Store,
};
use edisi_text::Lang;
use tower::ServiceExt;

use super::{Site, routes};
use crate::{App, Newsroom, Settings};

const HOSTILE: &str = "</script><script>alert(1)</script>\"'&<img src=x onerror=alert(1)>{{ 917*13 }}\u{1}";
const BASE: &str = "https://kabar.example";

/// A site with its store.
struct World {
    dir: tempfile::TempDir,
    newsroom: Newsroom,
}

impl World {
    async fn new() -> World {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&crate::serve::database_in(dir.path())).await.unwrap();
        let newsroom = Newsroom::open(store, Router::new(Vec::new()), dir.path()).await.unwrap();
        let world = World { dir, newsroom };
        world
            .set(|s| {
                s.name = "Kabar Pesisir".into();
                s.base_url = BASE.into();
                s.hubs = vec!["https://hub.example/".into()];
                s.contact = Some("redaksi@kabar.example".into());
            })
            .await;
        world
    }

    fn store(&self) -> &Store {
        self.newsroom.store()
    }

    async fn set(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = (*self.newsroom.settings()).clone();
        change(&mut settings);
        self.newsroom.set_settings(settings, "test").await.unwrap();
    }

    async fn ingest(&self, article: &Article, correction: Option<&str>) -> ArticleRow {
        let incoming = Incoming {
            origin: article.input.clone(),
            slug: edisi_edition::publish::slug(article.title.as_deref().unwrap()).unwrap(),
            lang: Lang::ID,
            source: None,
            hash: format!("{:064x}", article.body_text().len() * 31 + article.title.as_ref().unwrap().len()),
            content: article.clone(),
        };
        let changes = vec![("Air surut.".to_owned(), "Air mulai surut.".to_owned())];
        let correction = correction.map(|note| (note.to_owned(), changes));
        match self.store().ingest(&incoming, correction, |_| Effects::default()).await.unwrap() {
            Ingested::Created(row) | Ingested::Revised(row) | Ingested::Unchanged(row) => row,
        }
    }

    /// Publishes the article's current revision in a language, by a machine or as approved.
    async fn publish(&self, row: &ArticleRow, lang: Lang, approved: bool) -> Publication {
        let article = self.store().revision(row.revision).await.unwrap().content;
        let approved = approved.then(|| Approval {
            user: Id::new(),
            name: "Sari".into(),
            at: "2026-11-20T05:00:00Z".parse().unwrap(),
            edited: 1,
            accepted: 2,
        });
        let (edition, content) = if lang == Lang::ID {
            (None, Snapshot::original(&article, Lang::ID, "0123456789abcdef"))
        } else {
            let edition = self.store().open_edition(row.id, lang).await.unwrap();
            (Some((edition.id, edition.version)), translated(&article, lang))
        };
        let new = NewPublication {
            article: row.id,
            lang,
            edition,
            revision: row.revision,
            title: content.title().unwrap_or_default().to_owned(),
            content,
            approved,
        };
        self.store().publish(&new, |_| Effects::default()).await.unwrap()
    }

    async fn story(&self, title: &str, langs: &[Lang]) -> ArticleRow {
        let row = self.ingest(&article(title), None).await;
        for &lang in langs {
            self.publish(&row, lang, lang == Lang::AR).await;
        }
        row
    }

    /// The site as a program that has just started has it.
    fn served(&self) -> axum::Router {
        let app = App {
            newsroom: self.newsroom.clone(),
            data: Arc::new(self.dir.path().to_owned()),
            local_url: "http://127.0.0.1:8080".into(),
            secure: false,
        };
        routes(Arc::new(Site::open(self.dir.path()).unwrap())).with_state(app)
    }

    async fn get(&self, path: &str) -> Got {
        get(&self.served(), path, &[]).await
    }
}

/// An answer.
struct Got {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Got {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

async fn get(site: &axum::Router, path: &str, headers: &[(&str, &str)]) -> Got {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = site.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Got { status: parts.status, headers: parts.headers, bytes }
}

fn article(title: &str) -> Article {
    Article {
        input: format!("{title}.html"),
        title: Some(title.into()),
        description: Some("Warga kembali ke rumah.".into()),
        byline: vec!["Bimo Satrio".into()],
        section: Some("Daerah".into()),
        published: Some("2026-11-20T10:30:00+07:00".into()),
        language: Some(Lang::ID),
        blocks: vec![
            Block {
                html: "Banjir di <a href=\"https://kabar.example/peta\">Sukamaju</a> surut.".into(),
                ..Block::plain(BlockKind::Paragraph, "Banjir di Sukamaju surut.")
            },
            Block::plain(BlockKind::Paragraph, "Air surut. Warga pulang."),
        ],
        images: vec![Image { url: "https://kabar.example/banjir.jpg".into(), ..Image::default() }],
        ..Article::default()
    }
}

fn translated(article: &Article, lang: Lang) -> Snapshot {
    let passage = |text: &str| Passage::plain(format!("[{lang}] {text}"));
    let mut blocks: Vec<Vec<Passage>> = article.blocks.iter().map(|b| vec![passage(&b.text)]).collect();
    if let Some(last) = blocks.last_mut() {
        last.push(Passage::gap("Kalimat asli."));
    }
    let translation = Translation {
        title: article.title.as_deref().map(passage),
        description: article.description.as_deref().map(passage),
        blocks,
        images: article.images.iter().map(|_| ImageTexts::default()).collect(),
        findings: Vec::new(),
        engine: "rehearsal".into(),
        model: "rehearsal".into(),
        tier: Tier::Draft,
        reviewed: Reviewed { sentences: 3, is_all: true },
        glossaries: Vec::new(),
    };
    Snapshot {
        lang,
        translation: Some(translation),
        ..Snapshot::original(article, Lang::ID, "0123456789abcdef")
    }
}

/// The addresses in attributes of this name on elements that contain `mark`.
fn attributes<'a>(html: &'a str, mark: &str, name: &str) -> Vec<&'a str> {
    let of = |tag: &'a str| {
        let tag = tag.split_once('>')?.0;
        let value = tag.contains(mark).then(|| tag.split_once(&format!(" {name}=\"")))??.1;
        Some(value.split_once('"')?.0)
    };
    html.split('<').filter_map(of).collect()
}
