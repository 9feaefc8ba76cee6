use edisi_models::{Coverage, Engine, FileEntry, Licence, SCHEMA};
use edisi_text::Lang;
use tempfile::TempDir;

use super::*;
use crate::translator::{Item, Wanted};

fn installed(prompt: Prompt) -> (TempDir, LlmEngine) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Manifest::MODEL);
    edisi_llm::testing::tiny_model(&path).unwrap();
    let file = FileEntry {
        name: Manifest::MODEL.into(),
        bytes: std::fs::metadata(&path).unwrap().len(),
        sha256: crate::engines::files::sha256(&path).unwrap(),
        source: None,
    };
    let manifest = Manifest {
        schema: SCHEMA,
        name: "tiny".into(),
        version: "1".into(),
        description: "Random weights".into(),
        tier: edisi_models::Tier::Draft,
        engine: Engine::GgufGemma3 { prompt },
        coverage: Coverage::AnyOf(vec![Lang::ID, Lang::EN, Lang::JA]),
        through_english: vec![(Lang::ID, Lang::JA)],
        scores: Vec::new(),
        base: None,
        adapter: None,
        changes: None,
        licence: Licence { name: "CC0-1.0".into(), url: String::new(), file: None, notice: None },
        files: vec![file],
    };
    (dir, LlmEngine::new(manifest, path, LlmOptions { threads: 2, max_batch: 3 }))
}

fn batch(texts: &[&str]) -> Batch {
    let targets = [Lang::EN, Lang::JA];
    let item = |(i, text): (usize, &&str)| Item {
        pair: Pair::new(Lang::ID, targets[i % 2]),
        text: text.to_string(),
        context: Vec::new(),
        document: 0,
        constraints: Default::default(),
    };
    Batch { items: texts.iter().enumerate().map(item).collect() }
}

fn run(engine: &LlmEngine, batch: &Batch) -> Vec<Draft> {
    engine.translate(batch, &Control::default(), &mut |_| {}).unwrap()
}

#[test]
fn drafts_do_not_depend_on_the_batch() {
    for prompt in [Prompt::Plain, Prompt::FewShot] {
        let (_dir, engine) = installed(prompt);
        let all = batch(&["Harga beras naik.", "Warga\nmengeluh.", "Ia tiba", "Harga", "a b c d"]);
        let together = run(&engine, &all);
        assert_eq!(together.len(), 5);
        for (item, draft) in all.items.iter().zip(&together) {
            let alone = Batch { items: vec![item.clone()] };
            assert_eq!(run(&engine, &alone), std::slice::from_ref(draft));
            assert!(draft.failed.is_some() || !draft.text.is_empty());
            assert!(!draft.text.contains('\n'));
        }
    }
}

#[test]
fn a_draft_follows_the_words_that_are_given() {
    let (_dir, engine) = installed(Prompt::Plain);
    assert_eq!(engine.terms(), Terms::Read);
    assert_eq!(installed(Prompt::FewShot).1.terms(), Terms::Unheard);
    let mut given = batch(&["Harga beras naik."]);
    given.items[0].constraints.terms = vec![Wanted { source: (6..11).into(), target: "rice".into() }];
    let drafts = run(&engine, &given);
    assert_eq!(drafts, run(&engine, &batch(&["Harga rice naik."])));
    assert_ne!(drafts, run(&engine, &batch(&["Harga beras naik."])));
}

#[test]
fn words_are_preferred_where_no_article_comes_before_them() {
    let mut items = batch(&["Harga beras naik.", "Harga beras naik."]).items;
    for item in &mut items {
        item.constraints.terms = vec![Wanted { source: (6..11).into(), target: "米".into() }];
    }
    assert_eq!(items[0].pair.target, Lang::EN);
    assert_eq!(items.iter().map(given).collect::<Vec<_>>(), [vec![], vec!["米".to_owned()]]);
    items[0].constraints.lost = vec!["rice".into()];
    assert_eq!(given(&items[0]), ["rice"], "what was lost once is preferred in spite of articles");
}

#[test]
fn a_long_sentence_is_translated_clause_by_clause() {
    let (_dir, engine) = installed(Prompt::Plain);
    let parts = [
        "Gubernur membuka pasar baru itu kemarin pagi di kota,",
        "meskipun listrik belum menyala di semua kios dan lorong.",
    ];
    let whole = run(&engine, &batch(&["satu", &parts.join(" ")]));
    let apart = run(&engine, &batch(&["satu", parts[0], "dua", parts[1]]));
    assert_eq!(whole[1].text, clauses::join(&apart[1].text, &apart[3].text, Lang::JA));
    assert_eq!(whole[1].tokens, [apart[1].tokens.clone(), apart[3].tokens.clone()].concat());
    let english = run(&engine, &batch(&[&parts.join(" ")]));
    assert_ne!(
        english[0].text,
        clauses::join(
            &run(&engine, &batch(&[parts[0]]))[0].text,
            &run(&engine, &batch(&[parts[1]]))[0].text,
            Lang::EN
        )
    );
}

#[test]
fn progress_hears_of_loading_once_and_of_every_segment() {
    let (_dir, engine) = installed(Prompt::Plain);
    let batch = batch(&["satu", "dua", "tiga", "empat"]);
    for loads in [1, 0] {
        let (mut loading, mut loaded, mut done) = (0, 0, vec![None; 4]);
        let drafts = engine
            .translate(&batch, &Control::default(), &mut |progress| match progress {
                Progress::Loading => loading += 1,
                Progress::Loaded => loaded += 1,
                Progress::Done { index, draft } => assert_eq!(done[index].replace(draft.clone()), None),
            })
            .unwrap();
        assert_eq!((loading, loaded), (loads, loads));
        assert_eq!(done.into_iter().map(Option::unwrap).collect::<Vec<_>>(), drafts);
    }
}

#[test]
fn out_of_time_and_cancelled_are_told_apart() {
    let (_dir, engine) = installed(Prompt::Plain);
    let batch = batch(&["satu", "dua"]);
    let late = Control { deadline: Some(std::time::Instant::now()), cancel: None };
    let drafts = engine.translate(&batch, &late, &mut |_| {}).unwrap();
    assert!(drafts.iter().all(|d| d.finish == FinishReason::Deadline && d.failed.is_some()));
    let stop = std::sync::atomic::AtomicBool::new(true);
    let stopped = Control { deadline: None, cancel: Some(&stop) };
    let error = engine.translate(&batch, &stopped, &mut |_| {}).unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Cancelled);
}

#[test]
fn a_changed_or_missing_file_is_found_before_use() {
    let (_dir, engine) = installed(Prompt::Plain);
    let path = engine.path.clone();
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let error = engine.translate(&batch(&["satu"]), &Control::default(), &mut |_| {}).unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::ModelDamaged);
    assert!(error.to_string().contains("edisi models pull tiny --force"), "{error}");
    std::fs::remove_file(&path).unwrap();
    let error = engine.translate(&batch(&["satu"]), &Control::default(), &mut |_| {}).unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::ModelMissing);
}

#[test]
fn the_identity_tells_prompts_apart() {
    let (_dir, plain) = installed(Prompt::Plain);
    let (_dir, few) = installed(Prompt::FewShot);
    assert_ne!(plain.id().settings, few.id().settings);
    assert_eq!(plain.id().model_hash, few.id().model_hash);
    assert!(plain.supports(Pair::new(Lang::JA, Lang::ID)) && !plain.supports(Pair::new(Lang::ID, Lang::FR)));
    assert!(plain.better_through_english(Pair::new(Lang::ID, Lang::JA)));
}

#[test]
fn pieces_of_other_languages_are_not_said() {
    for (piece, target, may) in [
        (" kata", Lang::EN, true),
        ("政府", Lang::EN, false),
        ("政府", Lang::ZH, true),
        ("政府", Lang::JA, true),
        ("カ", Lang::ZH, false),
        ("الم", Lang::AR, true),
        ("الم", Lang::JA, false),
        ("Привет", Lang::AR, false),
        ("NATO", Lang::AR, true),
        (" Metro", Lang::ZH, true),
        ("Rail", Lang::ZH, true),
        ("ro", Lang::ZH, true),
        (" the", Lang::ZH, false),
        ("ilegal", Lang::JA, false),
        ("2,5", Lang::AR, true),
        ("、", Lang::JA, true),
    ] {
        assert_eq!(belongs(piece, target), may, "{piece} in {target}");
    }
}
