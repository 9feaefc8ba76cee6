use std::sync::Arc;

use edisi_article::{Article, Block, BlockKind};

use super::*;
use crate::testing::FakeEngine;
use crate::translator::{Control, Translator};
use crate::{EditionSet, Pipeline, Router};

fn set() -> EditionSet {
    let engine: Arc<dyn Translator> = Arc::new(FakeEngine::new("llm", Tier::Draft, &[]));
    let mut article = Article {
        input: "berita.html".into(),
        title: Some("Harga beras naik".into()),
        language: Some(Lang::ID),
        blocks: vec![
            Block::plain(BlockKind::Paragraph, "Warga mengeluh. GAGAL di sini. Pasar Beringin sepi."),
            Block::plain(BlockKind::TableRow, "Kota\t\t9.900"),
        ],
        ..Article::default()
    };
    article.blocks[0].html =
        "Warga mengeluh. GAGAL di sini. <a href=\"https://desa.example/\">Pasar Beringin sepi.</a>".into();
    let pipeline = Pipeline::new(Router::new(vec![engine]), None);
    pipeline.translate(&article, None, &[Lang::EN], &Control::default(), &mut |_| {}).unwrap()
}

fn frame(edition: &Edition) -> Frame {
    Frame { lang: edition.lang, tier: edition.tier, route: edition.route.clone(), glossaries: Vec::new() }
}

fn review() -> Review {
    Review { by: "sari".into(), at: "2026-11-02T08:00:00Z".parse().unwrap() }
}

#[test]
fn an_edition_survives_being_kept() {
    let set = set();
    let edition = &set.editions[0];
    let kept = keep(edition);
    let json = serde_json::to_string(&kept).unwrap();
    let back: Vec<(Place, usize, KeptSegment)> = serde_json::from_str(&json).unwrap();
    assert_eq!(back, kept);
    let segments = back.into_iter().map(|(_, _, kept)| (kept, Standing::Made));
    let again = assemble(&set.article, set.source, frame(edition), segments).unwrap();
    for (a, b) in edition.units.iter().zip(&again.units) {
        assert_eq!((a.place, &a.text, &a.markup, &a.segments), (b.place, &b.text, &b.markup, &b.segments));
    }
}

#[test]
fn what_editors_did_stands_in_it() {
    let set = set();
    let edition = &set.editions[0];
    let segments = keep(edition).into_iter().map(|(place, index, kept)| {
        let standing = match (place, index) {
            (Place::Title, _) => {
                Standing::Reviewed { text: "Rice is dearer".into(), review: review(), findings: Vec::new() }
            }
            (Place::Block { .. }, 0) => Standing::Refused,
            (Place::Block { .. }, 1) => {
                Standing::Reviewed { text: "It failed here.".into(), review: review(), findings: Vec::new() }
            }
            _ => Standing::Made,
        };
        (kept, standing)
    });
    let again = assemble(&set.article, set.source, frame(edition), segments).unwrap();
    assert_eq!(again.unit(Place::Title).unwrap().text, "Rice is dearer");
    let body = again.unit(Place::Block { block: 0 }).unwrap();
    assert_eq!(body.text, "Warga mengeluh. It failed here. [en] Pasar Beringin sepi.");
    assert_eq!(again.failed(), 1, "the refused one; the failed one was written by an editor");
    let link = &body.markup[0];
    assert_eq!((link.tag, &body.text[link.range.clone()]), ("a", "[en] Pasar Beringin sepi."));
    assert!(!again.is_reviewed());
}

#[test]
fn segments_of_another_revision_are_refused() {
    let set = set();
    let edition = &set.editions[0];
    let kept = || keep(edition).into_iter().map(|(_, _, kept)| (kept, Standing::Made));
    let mut article = set.article.clone();
    article.blocks[0].text = article.blocks[0].text.replace("mengeluh", "senang");
    assert_eq!(assemble(&article, set.source, frame(edition), kept()).unwrap_err(), Mismatch { number: 1 });
    assert!(assemble(&set.article, set.source, frame(edition), kept().skip(1)).is_err());
    assert!(assemble(&set.article, set.source, frame(edition), kept().chain(kept().take(1))).is_err());
}
