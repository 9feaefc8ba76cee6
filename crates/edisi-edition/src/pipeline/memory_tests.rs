//! Editions with a memory, a name book and named glossaries.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use edisi_article::{Block, BlockKind, FindingKind};
use edisi_memory::{Review, Unit};
use edisi_quality::NameBook;
use tempfile::TempDir;

use super::*;
use crate::edition::EditionSegment;
use crate::policy::Decision;
use crate::recall::Reuse;
use crate::report::Counts;
use crate::testing::FakeEngine;
use crate::translator::{FinishReason, Tier, Translator};

fn article(sentences: &[&str]) -> Article {
    Article {
        input: "berita.html".into(),
        language: Some(Lang::ID),
        blocks: vec![Block::plain(BlockKind::Paragraph, sentences.join(" "))],
        ..Article::default()
    }
}

fn memory(units: &[(&str, &str, &str)]) -> (TempDir, Memory) {
    let dir = tempfile::tempdir().unwrap();
    let memory = Memory::create(dir.path(), "kabar").unwrap();
    let unit = |(source, target, by): &(&str, &str, &str)| Unit {
        pair: (Lang::ID, Lang::EN),
        source: (*source).into(),
        target: (*target).into(),
        review: Review { by: (*by).into(), at: "2026-11-02T08:00:00Z".parse().unwrap() },
        origin: "lama.html".into(),
        context: None,
    };
    memory.add(units.iter().map(unit)).unwrap();
    (dir, memory)
}

fn pipeline(engine: &Arc<FakeEngine>) -> Pipeline {
    let engine = Arc::clone(engine) as Arc<dyn Translator>;
    let checks = CheckOptions { form: false, statements: false, style: false, ..CheckOptions::default() };
    Pipeline::new(Router::new(vec![engine]), None).with_checks(checks)
}

fn engine() -> Arc<FakeEngine> {
    Arc::new(FakeEngine::new("llm", Tier::Draft, &[]))
}

fn make(pipeline: &Pipeline, article: &Article) -> Edition {
    let set = pipeline.translate(article, None, &[Lang::EN], &Control::default(), &mut |_| {}).unwrap();
    set.editions.into_iter().next().unwrap()
}

fn segments(edition: &Edition) -> Vec<&EditionSegment> {
    edition.segments().collect()
}

const PRICE: &str = "Harga beras naik 12 persen.";
const RICE: &str = "Rice prices are up 12 percent.";

#[test]
fn what_was_reviewed_is_not_translated_again() {
    let (_dir, memory) = memory(&[(PRICE, RICE, "sari")]);
    let engine = engine();
    let made = make(&pipeline(&engine).with_memory(memory), &article(&[PRICE, "Warga mengeluh."]));
    assert_eq!(engine.calls.load(Ordering::Relaxed), 1);
    let [first, second] = segments(&made)[..] else { panic!("two sentences") };
    assert_eq!((first.text.as_str(), first.finish), (RICE, FinishReason::Memory));
    let from = first.memory.as_ref().unwrap();
    assert_eq!(
        (from.reuse, from.review.by.as_str(), from.origin.as_str()),
        (Reuse::Reviewed, "sari", "lama.html")
    );
    assert!(second.memory.is_none() && second.finish == FinishReason::Stop);
    let counts = Counts::of(&made);
    assert_eq!((counts.reviewed, counts.adapted), (1, 0));
    assert!(!made.is_reviewed(), "the other sentence is a machine's");
}

#[test]
fn an_edition_is_reviewed_when_every_sentence_is() {
    let (_dir, memory) = memory(&[(PRICE, RICE, "sari"), ("Warga mengeluh.", "Residents complain.", "budi")]);
    let engine = engine();
    let made = make(&pipeline(&engine).with_memory(memory), &article(&[PRICE, "Warga mengeluh.", "9.900."]));
    assert_eq!(engine.calls.load(Ordering::Relaxed), 0);
    assert!(made.is_reviewed());
}

#[test]
fn errors_of_a_reviewed_sentence_are_told_and_change_nothing() {
    let (_dir, memory) = memory(&[(PRICE, "Rice prices are up 15 percent.", "sari")]);
    let engine = engine();
    let policy: Policy = "error=original".parse().unwrap();
    let made = make(&pipeline(&engine).with_memory(memory).with_policy(policy), &article(&[PRICE]));
    let one = segments(&made)[0];
    assert_eq!(one.text, "Rice prices are up 15 percent.");
    assert_eq!(one.findings.iter().map(|f| f.kind).collect::<Vec<_>>(), [FindingKind::NumberMissing]);
    assert!(one.repair.is_none() && one.failed.is_none());
    assert_eq!(one.decision, Decision::Hold, "an editor's sentence is not taken out by a rule for machines");
    assert_eq!(engine.calls.load(Ordering::Relaxed), 0);
}

#[test]
fn other_numbers_are_put_in_where_the_checks_agree() {
    let (_dir, memory) = memory(&[(PRICE, RICE, "sari")]);
    let engine = engine();
    let made = make(&pipeline(&engine).with_memory(memory), &article(&["Harga beras naik 35 persen."]));
    let one = segments(&made)[0];
    assert_eq!(one.text, "Rice prices are up 35 percent.");
    assert_eq!(one.memory.as_ref().unwrap().reuse, Reuse::Adapted);
    assert!(!made.is_reviewed(), "nobody has seen it with this number");
    assert_eq!(Counts::of(&made).adapted, 1);
    assert_eq!(one.suggestions[0].target, RICE);
}

#[test]
fn an_adapted_sentence_with_an_error_is_left_to_the_engine() {
    // The unit's translation never had the year.
    let (_dir, memory) = memory(&[("Harga beras naik 12 persen pada 2024.", RICE, "sari")]);
    let engine = engine();
    let made = make(
        &pipeline(&engine).with_memory(memory).with_repair(false),
        &article(&["Harga beras naik 35 persen pada 2024."]),
    );
    let one = segments(&made)[0];
    assert_eq!(one.text, "[en] Harga beras naik 35 persen pada 2024.");
    assert!(one.memory.is_none());
    assert_eq!(one.suggestions[0].adapted.as_deref(), Some("Rice prices are up 35 percent."));
    assert_eq!(one.suggestions.len(), 1);
}

#[test]
fn sentences_like_it_are_shown_to_the_editor_only() {
    let (_dir, memory) = memory(&[(
        "Harga beras turun 12 persen di pasar.",
        "Rice is down 12 percent at the market.",
        "sari",
    )]);
    let engine = engine();
    let made = make(
        &pipeline(&engine).with_memory(memory),
        &article(&["Harga beras naik 12 persen di pasar.", "Cuaca cerah."]),
    );
    let [first, second] = segments(&made)[..] else { panic!("two sentences") };
    assert!(first.memory.is_none() && first.text.starts_with("[en] "));
    assert_eq!(first.suggestions.len(), 1);
    assert!((0.75..1.0).contains(&first.suggestions[0].score));
    assert_eq!(second.suggestions, []);
}

#[test]
fn a_cache_does_not_keep_what_is_from_the_memory() {
    let (_dir, memory) = memory(&[(PRICE, RICE, "sari")]);
    let cache = tempfile::tempdir().unwrap();
    let engine = engine();
    let with_cache = || {
        let router = Router::new(vec![Arc::clone(&engine) as Arc<dyn Translator>]);
        Pipeline::new(router, Some(Cache::open(cache.path()).unwrap())).with_checks(CheckOptions {
            form: false,
            statements: false,
            style: false,
            ..CheckOptions::default()
        })
    };
    make(&with_cache().with_memory(memory), &article(&[PRICE]));
    let without = make(&with_cache(), &article(&[PRICE]));
    assert_eq!(segments(&without)[0].text, format!("[en] {PRICE}"));
    assert!(segments(&without)[0].memory.is_none());
}

#[test]
fn the_name_book_is_given_to_engines_and_held_against_what_they_make() {
    let book = || NameBook::read("id,en\nKota Sentosa,Sentosa Town\n").unwrap();
    let engine = engine();
    let made = make(&pipeline(&engine).with_names(book()), &article(&["Warga Kota Sentosa mengeluh."]));
    assert_eq!(segments(&made)[0].text, "[en] Warga Sentosa Town mengeluh.");
    assert_eq!(segments(&made)[0].findings, []);
    let (_dir, memory) =
        memory(&[("Warga Kota Sentosa mengeluh.", "Residents of the town complain.", "sari")]);
    let pipeline = pipeline(&engine).with_names(book()).with_memory(memory);
    let made = make(&pipeline, &article(&["Warga Kota Sentosa mengeluh."]));
    let kinds: Vec<FindingKind> = segments(&made)[0].findings.iter().map(|f| f.kind).collect();
    assert!(kinds.contains(&FindingKind::NameBook), "{kinds:?}");
}

#[test]
fn editions_name_their_glossaries() {
    let version = GlossaryVersion {
        name: "rumah.csv".into(),
        version: Some("7".into()),
        hash: "ab".repeat(32),
        terms: 3,
    };
    let made = make(&pipeline(&engine()).with_glossary_versions(vec![version.clone()]), &article(&[PRICE]));
    assert_eq!(made.glossaries, [version]);
}
