use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use edisi_article::{Block, BlockKind, FindingKind, Image};

use super::*;
use crate::policy::Decision;
use crate::repair::Way;
use crate::testing::FakeEngine;
use crate::translator::{EngineErrorKind, FailureReason, FinishReason, Terms, Tier, Translator};
use crate::units::Place;

fn article() -> Article {
    let mut linked =
        Block::plain(BlockKind::Paragraph, "Warga Desa Sukamaju mengeluh. GAGAL di sini. Harga 9.900.");
    linked.html = r#"Warga <a href="https://desa.example/">Desa Sukamaju</a> mengeluh. GAGAL di <strong>sini</strong>. Harga 9.900."#.into();
    Article {
        input: "berita.html".into(),
        title: Some("Harga beras naik".into()),
        language: Some(Lang::ID),
        blocks: vec![
            linked,
            Block::plain(BlockKind::TableRow, "Kota\t9.900"),
            Block::plain(BlockKind::Paragraph, "Harga beras naik"),
        ],
        images: vec![Image { url: "p.jpg".into(), caption: Some("Pasar pagi".into()), ..Image::default() }],
        ..Article::default()
    }
}

fn pipeline(engines: Vec<Arc<FakeEngine>>, cache: Option<Cache>) -> Pipeline {
    // The engine's output is the source with a mark, which no check of form lets through.
    Pipeline::new(Router::new(engines.into_iter().map(|e| e as Arc<dyn Translator>).collect()), cache)
        .with_checks(CheckOptions { form: false, statements: false, style: false, ..CheckOptions::default() })
        .with_repair(false)
}

fn draft_engine() -> Arc<FakeEngine> {
    Arc::new(FakeEngine::new("llm", Tier::Draft, &[]))
}

fn run(pipeline: &Pipeline, targets: &[Lang]) -> EditionSet {
    pipeline.translate(&article(), None, targets, &Control::default(), &mut |_| {}).unwrap()
}

/// Everything of an edition but how long it took.
fn content(set: &EditionSet) -> String {
    format!("{:?}", set.editions.iter().map(|e| (&e.lang, &e.tier, &e.route, &e.units)).collect::<Vec<_>>())
}

#[test]
fn an_edition_has_every_text_translated_or_a_visible_gap() {
    let set = run(&pipeline(vec![draft_engine()], None), &[Lang::EN, Lang::ID, Lang::EN]);
    assert_eq!(set.editions.len(), 1, "the article's own language and doubles are passed over");
    let edition = &set.editions[0];
    assert_eq!(edition.unit(Place::Title).unwrap().text, "[en] Harga beras naik");
    let body = edition.unit(Place::Block { block: 0 }).unwrap();
    assert_eq!(body.text, "[en] Warga Desa Sukamaju mengeluh. GAGAL di sini. [en] Harga 9.900.");
    assert_eq!(
        edition.unit(Place::Cell { block: 1, column: 1 }).unwrap().segments[0].finish,
        FinishReason::Copied
    );
    assert_eq!(edition.unit(Place::Caption { image: 0 }).unwrap().text, "[en] Pasar pagi");

    assert_eq!(edition.failed(), 1);
    let (place, finding) = edition.findings().find(|(_, f)| f.kind == FindingKind::SegmentFailed).unwrap();
    assert_eq!((place, finding.block, finding.segment), (Place::Block { block: 0 }, Some(0), Some(1)));
    assert_eq!(body.segments[1].failed.as_ref().unwrap().reason, FailureReason::Loop);

    let marked: Vec<_> = body.markup.iter().map(|m| (m.tag, &body.text[m.range.clone()])).collect();
    assert_eq!(marked, [("a", "Desa Sukamaju"), ("strong", "sini")]);
}

#[test]
fn what_the_checks_refuse_is_a_gap() {
    let strict = pipeline(vec![draft_engine()], None).with_checks(CheckOptions::default());
    let sentence =
        "Pemerintah daerah berjanji akan membagikan bantuan beras kepada warga yang belum menerimanya.";
    let article = Article { blocks: vec![Block::plain(BlockKind::Paragraph, sentence)], ..article() };
    let set = strict.translate(&article, None, &[Lang::JA], &Control::default(), &mut |_| {}).unwrap();
    let body = set.editions[0].unit(Place::Block { block: 0 }).unwrap();
    let reason = body.segments[0].failed.as_ref().unwrap().reason;
    assert!(matches!(reason, FailureReason::Untranslated | FailureReason::WrongScript), "{reason:?}");
    assert_eq!(body.text, sentence);
}

#[test]
fn equal_sentences_are_translated_once() {
    let engine = draft_engine();
    run(&pipeline(vec![engine.clone()], None), &[Lang::EN, Lang::FR]);
    // The headline stands in the body once more; what fails in French is tried through English.
    assert_eq!(engine.calls.load(Ordering::Relaxed), 2 * 6 + 1);
}

#[test]
fn through_english_shows_the_english() {
    let engines = vec![
        Arc::new(FakeEngine::new("iden", Tier::Production, &[(Lang::ID, Lang::EN)])),
        Arc::new(FakeEngine::new("enja", Tier::Production, &[(Lang::EN, Lang::JA)])),
    ];
    let set = run(&pipeline(engines.clone(), None), &[Lang::JA, Lang::EN]);
    let title = &set.editions[0].unit(Place::Title).unwrap().segments[0];
    assert_eq!(title.text, "[ja] [en] Harga beras naik");
    assert_eq!(title.pivot.as_ref().unwrap().text, "[en] Harga beras naik");
    assert_eq!(
        set.editions[0].route.iter().map(|l| l.engine.model.as_str()).collect::<Vec<_>>(),
        ["iden", "enja"]
    );
    assert_eq!(set.editions[0].failed(), 1, "what fails on the way fails");
    assert_eq!(engines[0].calls.load(Ordering::Relaxed), 6, "English is made once for both editions");
}

#[test]
fn what_fails_directly_is_tried_through_english() {
    let engine = draft_engine();
    let article = Article {
        blocks: vec![Block::plain(BlockKind::Paragraph, "Kalimat SULIT. Kalimat mudah. GAGAL total.")],
        ..article()
    };
    let pipeline_1 = pipeline(vec![engine], None);
    let set = pipeline_1.translate(&article, None, &[Lang::FR], &Control::default(), &mut |_| {}).unwrap();
    let segments = &set.editions[0].unit(Place::Block { block: 0 }).unwrap().segments;
    assert_eq!(segments[0].text, "[fr] [en] Kalimat SULIT.");
    assert!(segments[0].detour && segments[0].pivot.as_ref().unwrap().text == "[en] Kalimat SULIT.");
    assert!(!segments[1].detour && segments[1].text == "[fr] Kalimat mudah.");
    assert!(!segments[2].detour && segments[2].failed.is_some());
    let detour: Vec<&str> = set.editions[0].detour.iter().map(|l| l.pair.as_str()).collect();
    assert_eq!(detour, ["id-en", "en-fr"]);
    assert!(run(&pipeline_1, &[Lang::EN]).editions[0].detour.is_empty());
}

#[test]
fn cache_and_order_do_not_show() {
    let dir = tempfile::tempdir().unwrap();
    let fresh = run(&pipeline(vec![draft_engine()], None), &[Lang::EN, Lang::ZH]);
    let first =
        run(&pipeline(vec![draft_engine()], Some(Cache::open(dir.path()).unwrap())), &[Lang::EN, Lang::ZH]);
    let engine = draft_engine();
    let second =
        run(&pipeline(vec![engine.clone()], Some(Cache::open(dir.path()).unwrap())), &[Lang::EN, Lang::ZH]);
    assert_eq!(content(&fresh), content(&first));
    assert_eq!(content(&first), content(&second));
    assert_eq!(engine.calls.load(Ordering::Relaxed), 0);
    let times = |set: &EditionSet| set.editions.iter().map(|e| e.engine_micros).collect::<Vec<_>>();
    assert_eq!(times(&first), times(&second), "times are those of the making");
    assert_eq!(second.editions.iter().map(|e| e.fresh).sum::<usize>(), 0);
}

#[test]
fn work_before_a_cancellation_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let mut impatient = FakeEngine::new("llm", Tier::Draft, &[]);
    impatient.patience = 4;
    let pipeline_1 = pipeline(vec![Arc::new(impatient)], Some(Cache::open(dir.path()).unwrap()));
    let error =
        pipeline_1.translate(&article(), None, &[Lang::EN], &Control::default(), &mut |_| {}).unwrap_err();
    assert!(matches!(error, PipelineError::Engine(e) if e.kind() == EngineErrorKind::Cancelled));
    let engine = draft_engine();
    run(&pipeline(vec![engine.clone()], Some(Cache::open(dir.path()).unwrap())), &[Lang::EN]);
    assert_eq!(engine.calls.load(Ordering::Relaxed), 6 - 4);
}

#[test]
fn a_deadline_leaves_gaps_that_are_filled_next_time() {
    let dir = tempfile::tempdir().unwrap();
    let pipeline = pipeline(vec![draft_engine()], Some(Cache::open(dir.path()).unwrap()));
    let late = Control { deadline: Some(Instant::now()), cancel: None };
    let set = pipeline.translate(&article(), None, &[Lang::EN], &late, &mut |_| {}).unwrap();
    assert_eq!(set.editions[0].failed(), 7);
    assert_eq!(run(&pipeline, &[Lang::EN]).editions[0].failed(), 1);
}

#[test]
fn events_count_every_step() {
    let (mut planned, mut last) = (0, 0);
    let pipeline = pipeline(vec![draft_engine()], None);
    pipeline
        .translate(&article(), None, &[Lang::AR], &Control::default(), &mut |event| match event {
            Event::Planned { steps, .. } => planned = steps,
            Event::Step { done, steps, .. } => {
                assert_eq!((done, steps), (last + 1, planned));
                last = done;
            }
            _ => {}
        })
        .unwrap();
    assert_eq!((planned, last), (8, 8));
}

#[test]
fn what_cannot_be_done_says_so() {
    let pipeline_1 = pipeline(vec![draft_engine()], None);
    let go = |article: &Article, targets: &[Lang]| {
        pipeline_1
            .translate(article, None, targets, &Control::default(), &mut |_| {})
            .map(|_| ())
            .unwrap_err()
    };
    assert!(matches!(go(&article(), &[Lang::ID]), PipelineError::SameLanguage { .. }));
    assert!(matches!(
        go(&Article { blocks: vec![], title: None, images: vec![], ..article() }, &[Lang::EN]),
        PipelineError::Empty { .. }
    ));
    let none = pipeline(vec![], None);
    let error = none
        .translate(&article(), None, &[Lang::EN], &Control::default(), &mut |_| {})
        .map(|_| ())
        .unwrap_err();
    assert!(matches!(error, PipelineError::Route(RouteError::ModelMissing)));
    let stop = AtomicBool::new(true);
    let control = Control { deadline: None, cancel: Some(&stop) };
    let error =
        pipeline_1.translate(&article(), None, &[Lang::EN], &control, &mut |_| {}).map(|_| ()).unwrap_err();
    assert!(matches!(error, PipelineError::Engine(e) if e.kind() == EngineErrorKind::Cancelled));
}

#[test]
fn the_revision_is_the_texts() {
    let base = revision(&article(), Lang::ID);
    assert_eq!(base, revision(&Article { input: "elsewhere".into(), ..article() }, Lang::ID));
    assert_ne!(base, revision(&article(), Lang::EN));
    let mut changed = article();
    changed.blocks[0].text.push('!');
    assert_ne!(base, revision(&changed, Lang::ID));
}

fn translate(sentence: &str, target: Lang, policy: &str) -> EditionSet {
    translate_with(vec![draft_engine()], sentence, target, policy)
}

fn translate_with(engines: Vec<Arc<FakeEngine>>, sentence: &str, target: Lang, policy: &str) -> EditionSet {
    let article =
        Article { blocks: vec![Block::plain(BlockKind::Paragraph, sentence)], ..Article::default() };
    let article = Article { language: Some(Lang::ID), ..article };
    let numbers =
        CheckOptions { names: false, form: false, statements: false, style: false, ..Default::default() };
    let pipeline =
        pipeline(engines, None).with_checks(numbers).with_repair(true).with_policy(policy.parse().unwrap());
    pipeline.translate(&article, None, &[target], &Control::default(), &mut |_| {}).unwrap()
}

#[test]
fn a_sentence_with_errors_is_tried_on_the_other_route_where_another_engine_is_on_it() {
    let engines = || {
        let direct = FakeEngine::new("direct", Tier::Draft, &[(Lang::ID, Lang::FR)]);
        let english = FakeEngine::new("english", Tier::Draft, &[(Lang::ID, Lang::EN), (Lang::EN, Lang::FR)]);
        vec![Arc::new(direct), Arc::new(english)]
    };
    let translate = |sentence, target, policy| translate_with(engines(), sentence, target, policy);
    let set = translate("Harga SALAH naik di 25 toko.", Lang::FR, "");
    let edition = &set.editions[0];
    let segment = edition.segments().next().unwrap();
    assert_eq!(segment.text, "[fr] [en] Harga SALAH naik di 25 toko.");
    let repair = segment.repair.as_ref().unwrap();
    assert_eq!((repair.chosen, segment.detour), (Way::Detour, true));
    assert!(repair.before.iter().any(|f| f.kind == FindingKind::NumberMissing));
    assert_eq!(repair.attempts[0].text, "[fr] Harga SALAH naik di  toko.");
    assert!(repair.attempts[0].penalty > repair.attempts.last().unwrap().penalty);
    let counts = crate::report::Counts::of(edition);
    assert_eq!(
        (counts.retried, counts.repaired, counts.errors_before, counts.errors, counts.held),
        (1, 1, 1, 0, 0)
    );
    assert_eq!(content(&set), content(&translate("Harga SALAH naik di 25 toko.", Lang::FR, "")));
}

#[test]
fn an_engine_is_not_asked_again_through_english_for_its_own_errors() {
    let set = translate("Harga SALAH naik di 25 toko.", Lang::FR, "");
    let segment = set.editions[0].segments().next().unwrap();
    assert_eq!(segment.text, "[fr] Harga SALAH naik di  toko.");
    let repair = segment.repair.as_ref().unwrap();
    assert!(repair.attempts.iter().all(|a| a.way != Way::Detour), "{:?}", repair.attempts);
}

#[test]
fn another_hypothesis_without_errors_stands_before_all_other_ways() {
    let set = translate("Harga RAGU naik di 25 toko.", Lang::FR, "");
    let segment = set.editions[0].segments().next().unwrap();
    let repair = segment.repair.as_ref().unwrap();
    let ways: Vec<Way> = repair.attempts.iter().map(|a| a.way).collect();
    assert_eq!((repair.chosen, ways), (Way::Hypothesis, vec![Way::Route, Way::Hypothesis]));
    assert_eq!(segment.text, "[fr] Harga RAGU naik di 25 toko.");
    assert_eq!(segment.findings, []);
}

#[test]
fn a_warning_is_worth_another_hypothesis_and_no_second_try() {
    let engine = draft_engine();
    let set = translate_with(vec![Arc::clone(&engine)], "Harga TAMBAH naik di 25 toko.", Lang::FR, "");
    let segment = set.editions[0].segments().next().unwrap();
    let repair = segment.repair.as_ref().unwrap();
    assert!(repair.before.iter().all(|f| f.severity == edisi_article::Severity::Warning));
    assert_eq!((repair.chosen, repair.attempts.len()), (Way::Hypothesis, 2));
    assert_eq!(segment.text, "[fr] Harga TAMBAH naik di 25 toko.");
    assert_eq!(engine.calls.load(std::sync::atomic::Ordering::Relaxed), 1);
}

#[test]
fn a_number_that_was_lost_is_demanded_of_the_engine() {
    let set = translate("Harga LUPA naik 2.500 rupiah.", Lang::EN, "");
    let segment = set.editions[0].segments().next().unwrap();
    let repair = segment.repair.as_ref().unwrap();
    assert_eq!(repair.chosen, Way::Demanded);
    assert_eq!(segment.text, "[en] Harga LUPA naik 2,500 rupiah.");
}

#[test]
fn a_sentence_with_errors_is_tried_in_halves() {
    let sentence = "Harga beras PANJANG naik di 25 toko, kata menteri itu di depan para wartawan.";
    let set = translate(sentence, Lang::EN, "");
    let segment = set.editions[0].segments().next().unwrap();
    let repair = segment.repair.as_ref().unwrap();
    assert_eq!(repair.chosen, Way::Halves);
    assert_eq!(
        segment.text,
        "[en] Harga beras PANJANG naik di 25 toko, [en] kata menteri itu di depan para wartawan."
    );
}

#[test]
fn the_policy_holds_or_keeps_the_original() {
    let sentence = "Harga beras SALAH PANJANG naik di 25 toko, kata menteri.";
    let held = translate(sentence, Lang::EN, "");
    assert_eq!(held.editions[0].held(), 1);
    assert_eq!(held.editions[0].segments().next().unwrap().decision, Decision::Hold);
    let published = translate(sentence, Lang::EN, "error=publish");
    assert_eq!((published.editions[0].held(), published.editions[0].failed()), (0, 0));
    let original = translate(sentence, Lang::EN, "draft:error=original");
    let segment = original.editions[0].segments().next().unwrap();
    assert_eq!((segment.text.as_str(), original.editions[0].failed()), (sentence, 1));
    assert_eq!(segment.failed.as_ref().unwrap().reason, FailureReason::Unacceptable);
}

fn term(id: &str, names: &[(Lang, &str)], section: Option<&str>) -> Term {
    let name = |(lang, form): &(Lang, &str)| edisi_article::TermName {
        lang: *lang,
        forms: vec![(*form).to_owned()],
        forbidden: Vec::new(),
        case_sensitive: false,
    };
    Term {
        id: id.into(),
        names: names.iter().map(name).collect(),
        sections: section.map(str::to_owned).into_iter().collect(),
        ..Term::default()
    }
}

#[test]
fn engines_are_given_the_terms_of_their_pair_and_section() {
    let terms = vec![
        term("beras", &[(Lang::ID, "beras"), (Lang::EN, "rice"), (Lang::JA, "お米")], None),
        term("pasar", &[(Lang::ID, "pasar"), (Lang::EN, "market")], Some("ekonomi")),
    ];
    let title = |section: Option<&str>, place, lang| {
        let article = Article { section: section.map(str::to_owned), ..article() };
        let pipeline = pipeline(vec![draft_engine()], None).with_glossary(terms.clone());
        let set = pipeline.translate(&article, None, &[lang], &Control::default(), &mut |_| {}).unwrap();
        set.editions[0].unit(place).unwrap().text.clone()
    };
    assert_eq!(title(None, Place::Title, Lang::EN), "[en] Harga rice naik");
    assert_eq!(title(None, Place::Title, Lang::JA), "[ja] Harga お米 naik");
    let caption = Place::Caption { image: 0 };
    assert_eq!(title(None, caption, Lang::EN), "[en] Pasar pagi");
    assert_eq!(title(Some("ekonomi"), caption, Lang::EN), "[en] market pagi");
}

#[test]
fn an_engine_that_reads_terms_is_given_established_forms_too() {
    let title = |kind: Terms, terms: Vec<Term>| {
        let mut engine = FakeEngine::new("llm", Tier::Draft, &[]);
        engine.terms = kind;
        let article = Article { title: Some("Harga di Jepang naik Kamis".into()), ..article() };
        let pipeline = pipeline(vec![Arc::new(engine)], None).with_glossary(terms);
        let set = pipeline.translate(&article, None, &[Lang::FR], &Control::default(), &mut |_| {}).unwrap();
        set.editions[0].unit(Place::Title).unwrap().text.clone()
    };
    let own = || vec![term("jepang", &[(Lang::ID, "jepang"), (Lang::FR, "l'archipel")], None)];
    assert_eq!(title(Terms::Read, Vec::new()), "[fr] Harga di Japon naik jeudi");
    assert_eq!(
        title(Terms::Read, own()),
        "[fr] Harga di l'archipel naik jeudi",
        "the newsroom's words come first"
    );
    assert_eq!(title(Terms::Placed, own()), "[fr] Harga di l'archipel naik Kamis");
    assert_eq!(title(Terms::Unheard, own()), "[fr] Harga di Jepang naik Kamis");
}

#[test]
fn a_term_changes_the_sentences_that_have_it_and_no_others() {
    let dir = tempfile::tempdir().unwrap();
    let engine = draft_engine();
    let run_with = |terms: Vec<Term>| {
        let pipeline =
            pipeline(vec![engine.clone()], Some(Cache::open(dir.path()).unwrap())).with_glossary(terms);
        let before = engine.calls.load(Ordering::Relaxed);
        let set = run(&pipeline, &[Lang::EN]);
        (engine.calls.load(Ordering::Relaxed) - before, set)
    };
    let beras = || vec![term("beras", &[(Lang::ID, "beras"), (Lang::EN, "rice")], None)];
    let (all, _) = run_with(Vec::new());
    let (again, set) = run_with(beras());
    assert!(all > 1 && again == 1, "{all} sentences, then {again}");
    assert_eq!(set.editions[0].unit(Place::Title).unwrap().text, "[en] Harga rice naik");
    assert_eq!(run_with(beras()).0, 0);
}

#[test]
fn a_term_that_an_engine_leaves_out_is_found() {
    // Through English, the Japanese term is given to nobody: there is no English one.
    let engines = vec![
        Arc::new(FakeEngine::new("iden", Tier::Production, &[(Lang::ID, Lang::EN)])),
        Arc::new(FakeEngine::new("enja", Tier::Production, &[(Lang::EN, Lang::JA)])),
    ];
    let terms = vec![term("beras", &[(Lang::ID, "beras"), (Lang::JA, "お米")], None)];
    let set = run(&pipeline(engines, None).with_glossary(terms), &[Lang::JA]);
    let found = set.editions[0].findings().filter(|(_, f)| f.kind == FindingKind::TermMissing);
    let places: Vec<Place> = found.map(|(place, _)| place).collect();
    assert_eq!(places, [Place::Title, Place::Block { block: 2 }]);
}
