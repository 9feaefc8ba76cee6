use std::sync::Arc;

use edisi_article::{Article, Block, BlockKind, Image};

use super::*;
use crate::testing::FakeEngine;
use crate::translator::{Control, Tier, Translator};
use crate::{Pipeline, Router};

fn set() -> EditionSet {
    let engine: Arc<dyn Translator> = Arc::new(FakeEngine::new("llm", Tier::Draft, &[]));
    let article = Article {
        input: "berita.html".into(),
        title: Some("Harga beras naik".into()),
        language: Some(Lang::ID),
        blocks: vec![
            Block::plain(BlockKind::Paragraph, "Warga mengeluh. GAGAL di sini."),
            Block::plain(BlockKind::TableRow, "Kota\t\t9.900"),
        ],
        images: vec![Image {
            url: "https://desa.example/p.jpg".into(),
            caption: Some("Pasar pagi".into()),
            ..Image::default()
        }],
        ..Article::default()
    };
    let checks = edisi_quality::CheckOptions {
        form: false,
        numbers: true,
        names: false,
        statements: false,
        style: false,
    };
    let pipeline = Pipeline::new(Router::new(vec![engine]), None).with_checks(checks);
    pipeline
        .translate(&article, None, &[Lang::EN, Lang::ZH, Lang::AR], &Control::default(), &mut |_| {})
        .unwrap()
}

fn timeless(mut set: EditionSet) -> EditionSet {
    set.editions.iter_mut().for_each(|e| e.engine_micros = 0);
    set
}

#[test]
fn a_set_is_an_index_the_original_and_three_forms_an_edition() {
    let files = files(&set(), None).unwrap();
    let names: Vec<&str> = files.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "index.html",
            "id.html",
            "en.html",
            "en.md",
            "en.ninjs.json",
            "zh.html",
            "zh.md",
            "zh.ninjs.json",
            "ar.html",
            "ar.md",
            "ar.ninjs.json",
            "report.json"
        ]
    );
    let find = |name: &str| &files.iter().find(|f| f.name == name).unwrap().content;
    assert!(find("en.html").contains("[en] Warga mengeluh."));
    assert!(find("en.html").contains("GAGAL di sini."), "the gap shows the original");
    assert!(find("en.html").contains("9.900") && find("en.html").contains("[en] Pasar pagi"));
    let report: serde_json::Value = serde_json::from_str(find("report.json")).unwrap();
    assert_eq!(report["editions"][0]["counts"]["failed"], 1);
    assert_eq!(report["editions"][1]["language"], "zh-Hans");
    assert_eq!(report["editions"][0]["route"][0]["model"], "llm");
    let segment = &report["editions"][0]["units"][1]["segments"][1];
    assert_eq!(segment["failed"]["reason"], "loop");
    assert_eq!(segment["findings"][0]["kind"], "segment-failed");
}

#[test]
fn the_same_set_gives_the_same_bytes() {
    assert_eq!(files(&timeless(set()), None).unwrap(), files(&timeless(set()), None).unwrap());
}

#[test]
fn writing_replaces_whole_files_and_leaves_no_others() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("a/b");
    let file = |content: &str| OutFile { name: "x.md".into(), content: content.into() };
    write(&out, &[file("one")]).unwrap();
    std::fs::write(out.join("mine.txt"), "mine").unwrap();
    write(&out, &[file("two")]).unwrap();
    let mut names: Vec<_> = std::fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["mine.txt", "x.md"]);
    assert_eq!(std::fs::read_to_string(out.join("x.md")).unwrap(), "two");
}

#[test]
fn a_folder_that_cannot_be_made_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file"), "").unwrap();
    let error = write(&dir.path().join("file"), &[]).unwrap_err();
    assert!(error.to_string().contains("-o"), "{error}");
}

#[test]
fn slugs_are_words_of_the_title() {
    assert_eq!(slug("Harga Beras Naik 12% — Kata BPS!").as_deref(), Some("harga-beras-naik-12-kata-bps"));
    assert_eq!(slug("  ../../etc/passwd ").as_deref(), Some("etc-passwd"));
    assert_eq!(slug("日本語の題").as_deref(), Some("日本語の題"));
    assert_eq!(slug("…"), None);
    assert!(slug(&"kata ".repeat(40)).unwrap().chars().count() <= 60);
    assert_eq!(slug(&"x".repeat(200)).unwrap().len(), 60);
}

#[test]
fn what_is_from_the_memory_is_marked_in_every_form() {
    let dir = tempfile::tempdir().unwrap();
    let remember = |units: &[(&str, &str)]| {
        let memory = edisi_memory::Memory::create(dir.path(), "kabar").unwrap();
        let unit = |(source, target): &(&str, &str)| edisi_memory::Unit {
            pair: (Lang::ID, Lang::EN),
            source: (*source).into(),
            target: (*target).into(),
            review: edisi_memory::Review { by: "sari".into(), at: "2026-11-02T08:00:00Z".parse().unwrap() },
            origin: String::new(),
            context: None,
        };
        memory.add(units.iter().map(unit)).unwrap();
        let engine: Arc<dyn Translator> = Arc::new(FakeEngine::new("llm", Tier::Draft, &[]));
        let article = Article {
            input: "berita.html".into(),
            title: Some("Harga beras naik".into()),
            language: Some(Lang::ID),
            blocks: vec![Block::plain(BlockKind::Paragraph, "Warga mengeluh.")],
            ..Article::default()
        };
        let pipeline = Pipeline::new(Router::new(vec![engine]), None).with_memory(memory);
        let set = pipeline.translate(&article, None, &[Lang::EN], &Control::default(), &mut |_| {}).unwrap();
        let files = files(&set, None).unwrap();
        let content = move |name: &str| files.iter().find(|f| f.name == name).unwrap().content.clone();
        ["en.html", "en.md", "en.ninjs.json", REPORT, "id.html", INDEX].map(content)
    };
    let [page, markdown, ninjs, report, original, _] =
        remember(&[("Warga mengeluh.", "Residents complain.")]);
    let marked = "<span data-reviewed=\"2026-11-02\">Residents complain.</span>";
    assert!(page.contains(marked), "{page}");
    assert!(
        page.contains("Machine translation")
            && page.contains("Sentences from translations that an editor reviewed: 1")
    );
    assert!(markdown.contains("reviewed: false") && markdown.contains("reviewed_sentences: 1"), "{markdown}");
    assert!(ninjs.contains("data-reviewed") && ninjs.contains("not reviewed but for 1 sentences"), "{ninjs}");
    assert!(report.contains("\"reuse\": \"reviewed\"") && report.contains("\"by\": \"sari\""), "{report}");

    assert!(original.contains("terjemahan mesin") || original.contains("Terjemahan mesin"), "{original}");

    let [page, markdown, ninjs, _, original, index] = remember(&[("Harga beras naik", "Rice prices rise")]);
    assert!(
        page.contains("Every sentence of this translation from Indonesian has been reviewed by an editor.")
    );
    assert!(!page.contains("edisi-llm") && !page.contains("Translated by fake"), "{page}");
    assert!(
        markdown.contains("machine_translated: false") && markdown.contains("reviewed: true"),
        "{markdown}"
    );
    assert!(!ninjs.contains("digitalSourceType") && ninjs.contains("sentence by sentence"), "{ninjs}");
    assert!(
        !original.contains("TrainedAlgorithmicMedia") && !index.contains("Machine translation"),
        "{index}"
    );
    assert!(index.contains("Reviewed translation"));
}
