//! What the tests of rendering are made from.

mod exchange;
mod pages;

use edisi_article::{Article, Block, BlockKind, Finding, FindingKind, Image, Severity};
use edisi_text::Lang;

use super::*;
use crate::markup::Inline;
use crate::translator::Tier;

const HOSTILE: &str = "</script><script>alert(1)</script>\"'&<img src=x onerror=alert(1)>{{ 917*13 }}";

fn block(kind: BlockKind, level: u8, text: &str) -> Block {
    Block { level, ..Block::plain(kind, text) }
}

fn article(title: &str) -> Article {
    Article {
        url: Some("https://berita.example/pelabuhan-buka".into()),
        title: Some(title.into()),
        description: Some("Kapal mulai bersandar.".into()),
        byline: vec!["Sari Wulandari".into(), "Budi".into()],
        site_name: Some("Kabar Pesisir".into()),
        section: Some("Ekonomi".into()),
        keywords: vec!["pelabuhan".into()],
        dateline: Some("MAKASSAR".into()),
        credited_sources: vec!["Antara".into()],
        published: Some("2022-01-08T10:30:00+07:00".into()),
        language: Some(Lang::ID),
        blocks: vec![
            Block {
                html: "Pelabuhan <a href=\"https://berita.example/p\">dibuka</a>. Kapal datang.".into(),
                ..Block::plain(BlockKind::Paragraph, "Pelabuhan dibuka. Kapal datang.")
            },
            block(BlockKind::Heading, 3, "Angka"),
            block(BlockKind::ListItem, 1, "satu"),
            block(BlockKind::ListItem, 2, "satu satu"),
            block(BlockKind::ListItem, 9, "terlalu dalam"),
            Block { ordered: true, ..block(BlockKind::ListItem, 1, "pertama") },
            block(BlockKind::Quote, 0, "Kami senang."),
            block(BlockKind::TableRow, 0, "Kota\tKapal"),
            block(BlockKind::TableRow, 0, "Makassar\t12"),
            block(BlockKind::Preformatted, 0, "a\n  b"),
            block(BlockKind::Caption, 0, "Dermaga. Foto: Antara"),
            block(BlockKind::Paragraph, 0, HOSTILE),
        ],
        images: vec![
            Image {
                url: "https://berita.example/1.jpg".into(),
                alt: Some("Dermaga".into()),
                ..Image::default()
            },
            Image {
                url: "https://berita.example/2.jpg".into(),
                caption: Some("Dermaga.".into()),
                credit: Some("Antara".into()),
                ..Image::default()
            },
            Image { url: "javascript:alert(1)".into(), ..Image::default() },
        ],
        ..Article::default()
    }
}

fn versions(title: &str) -> Vec<Version> {
    [Lang::ID, Lang::EN, Lang::ZH, Lang::JA, Lang::AR, Lang::FR, Lang::PT]
        .map(|lang| Version {
            lang,
            file: format!("{lang}.html"),
            title: Some(format!("{title} {lang}")),
            reviewed: false,
        })
        .into()
}

fn story<'a>(article: &'a Article, versions: &'a [Version]) -> Story<'a> {
    Story {
        article,
        lang: Lang::ID,
        revision: "0123456789abcdef0123456789abcdef",
        base_url: Some("https://edisi.example/pelabuhan/"),
        index_file: "index.html",
        versions,
    }
}

fn passage(text: &str) -> Passage {
    Passage::plain(format!("«{text}»"))
}

fn edition<'a>(story: &'a Story<'a>, lang: Lang, findings: &'a [Finding]) -> EditionView<'a> {
    let mut blocks: Vec<Vec<Passage>> =
        story.article.blocks.iter().map(|b| b.text.split('\t').map(passage).collect()).collect();
    blocks[0] = vec![Passage {
        text: "The port opens. Kapal datang.".into(),
        markup: vec![Inline { tag: "a", href: Some("https://berita.example/p".into()), range: 9..14 }],
        gaps: std::iter::once(16..29).collect(),
        ..Passage::default()
    }];
    let images = story
        .article
        .images
        .iter()
        .map(|i| ImageTexts {
            caption: i.caption.as_deref().map(passage),
            alt: i.alt.as_deref().map(passage),
        })
        .collect();
    EditionView {
        story,
        lang,
        title: story.article.title.as_deref().map(passage),
        description: story.article.description.as_deref().map(passage),
        blocks,
        images,
        findings,
        engine: "edisi-llm",
        model: "model <x>",
        tier: Tier::Draft,
        reviewed: Reviewed::default(),
        glossaries: &[],
    }
}

fn findings() -> Vec<Finding> {
    let mut one = Finding::new(FindingKind::NumberMissing, Severity::Error, "12 is missing");
    (one.block, one.expected) = (Some(8), Some("12".into()));
    vec![one, Finding::new(FindingKind::RepeatedPhrase, Severity::Warning, HOSTILE)]
}

fn edition_of_nothing<'a>(story: &'a Story<'a>, lang: Lang) -> EditionView<'a> {
    EditionView {
        story,
        lang,
        title: None,
        description: None,
        blocks: Vec::new(),
        images: Vec::new(),
        findings: &[],
        engine: "edisi-llm",
        model: "m",
        tier: Tier::Production,
        reviewed: Reviewed::default(),
        glossaries: &[],
    }
}
