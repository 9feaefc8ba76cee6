//! The whole way on a synthetic model: what it says is nonsense, how it says it is not.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::*;
use crate::testing::{self, Sizes};
use crate::translation::Finish;

const TEXTS: [&str; 6] = [
    "Harga beras naik 3,5 persen di Pasar Beringin pada hari Selasa.",
    "",
    "Ya.",
    "Presiden tiba pukul 09.30 WIB, lalu bertemu dengan para menteri di istana selama dua jam.",
    "   ",
    "Hujan deras mengguyur kota.",
];

fn vocabulary() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vocabulary/plain.spm")
}

/// The files of a synthetic model with that vocabulary.
fn files(folder: &Path, seed: u64) -> Files {
    let pieces = Vocabulary::from_bytes(&std::fs::read(vocabulary()).unwrap()).unwrap().len();
    let model = folder.join("model.bin");
    std::fs::write(&model, testing::model(Sizes::tiny(pieces), seed)).unwrap();
    Files { model, source_vocabulary: vocabulary(), target_vocabulary: vocabulary(), shortlist: None }
}

fn options(threads: usize, lanes: usize, encode_tokens: usize) -> Options {
    Options { threads, lanes, encode_tokens, ..Options::default() }
}

fn translate(engine: &Engine, texts: &[&str]) -> Vec<Translation> {
    engine.translate(texts, &Control::default(), &mut |_, _| ())
}

#[test]
fn a_translation_does_not_depend_on_company_threads_or_instructions() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path(), 7);
    let engine = Engine::open(&files, options(1, 1, 1)).unwrap();
    let alone: Vec<Translation> = TEXTS.iter().map(|t| translate(&engine, &[t]).remove(0)).collect();
    assert!(alone[0].tokens.len() > 5 && alone[3].tokens.len() > 5, "{alone:?}");
    for settings in [(1, 3, 10), (1, 64, 1000), (3, 2, 20), (8, 32, 192)] {
        let engine = Engine::open(&files, options(settings.0, settings.1, settings.2)).unwrap();
        assert_eq!(translate(&engine, &TEXTS), alone, "{settings:?}");
        let backwards: Vec<&str> = TEXTS.iter().rev().copied().collect();
        let mut turned = translate(&engine, &backwards);
        turned.reverse();
        assert_eq!(turned, alone, "{settings:?} backwards");
    }
    for kernel in kernels::available() {
        let name = kernel.name();
        let mut engine = Engine::open(&files, options(1, 4, 50)).unwrap();
        engine.kernel = kernel;
        assert_eq!(translate(&engine, &TEXTS), alone, "{name}");
    }
}

#[test]
fn scores_and_alignment_are_of_the_texts() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(&files(folder.path(), 8), Options::default()).unwrap();
    let source = TEXTS[5];
    let translation = translate(&engine, &[source]).remove(0);
    let mut end = 0;
    for token in &translation.tokens {
        assert_eq!(token.span.start, end, "tokens follow each other");
        end = token.span.end;
        assert!(token.logprob < 0.0 && token.margin >= 0.0);
        let links = translation.links_of(token);
        let total: f32 = links.iter().map(|l| l.weight).sum();
        assert!(total <= 1.0 + 1e-4, "{total}");
        assert!(links.iter().all(|l| source.get(l.source.clone()).is_some()));
    }
    assert_eq!(end, translation.text.len());
    for link in translation.alignment(source) {
        assert!(
            !translation.text[link.target.clone()].contains(' ')
                && !source[link.source.clone()].contains(' ')
        );
    }
}

#[test]
fn done_hears_of_every_text_once() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(&files(folder.path(), 9), options(2, 4, 50)).unwrap();
    let mut heard = vec![None; TEXTS.len()];
    let all = engine.translate(&TEXTS, &Control::default(), &mut |index, translation| {
        assert!(heard[index].replace(translation.clone()).is_none());
    });
    assert_eq!(heard.into_iter().map(Option::unwrap).collect::<Vec<_>>(), all);
    assert!(translate(&engine, &[]).is_empty());
    let statistics = engine.statistics();
    assert_eq!(statistics.sentences, 4);
    assert!(statistics.target_tokens > 4 && statistics.steps > 0);
}

#[test]
fn stops_in_time_and_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(&files(folder.path(), 10), options(2, 4, 50)).unwrap();
    let late = Control { deadline: Some(Instant::now()), cancel: None };
    let finishes = |control: &Control<'_>| -> Vec<Finish> {
        engine.translate(&TEXTS, control, &mut |_, _| ()).iter().map(|t| t.finish).collect()
    };
    assert_eq!(finishes(&late), [Finish::Deadline; TEXTS.len()]);
    let told = AtomicBool::new(true);
    assert_eq!(finishes(&Control { deadline: None, cancel: Some(&told) }), [Finish::Cancelled; TEXTS.len()]);
}

#[test]
fn the_length_limit_is_kept_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path(), 11);
    let engine = Engine::open(&files, Options { length_factor: 0.1, ..Options::default() }).unwrap();
    let translation = translate(&engine, &[TEXTS[3]]).remove(0);
    if translation.finish == Finish::Length {
        assert!(translation.tokens.len() > 10);
    }
    let tokens = translation.tokens.len();
    let engine = Engine::open(&files, Options { length_factor: 0.3, ..Options::default() }).unwrap();
    let longer = translate(&engine, &[TEXTS[3]]).remove(0);
    assert_eq!(
        longer.tokens[..tokens].iter().map(|t| t.logprob).collect::<Vec<_>>(),
        translation.tokens.iter().map(|t| t.logprob).collect::<Vec<_>>()
    );
    assert!(longer.tokens.len() > tokens && translation.finish == Finish::Length, "random weights never end");
}

#[test]
fn long_text_is_cut_and_put_together() {
    let folder = tempfile::tempdir().unwrap();
    let engine =
        Engine::open(&files(folder.path(), 12), Options { max_tokens: 24, ..options(2, 8, 60) }).unwrap();
    let long = [TEXTS[0], TEXTS[5], TEXTS[3]].join(" ");
    let whole = translate(&engine, &[&long]).remove(0);
    assert!(whole.parts > 2);
    let links: Vec<usize> =
        whole.tokens.iter().flat_map(|t| whole.links_of(t)).map(|l| l.source.end).collect();
    assert!(*links.iter().max().unwrap() > long.len() - 20, "the end was translated too");
    assert!(whole.tokens.iter().all(|t| whole.text.get(t.span.clone()).is_some()));
}

#[test]
fn characters_that_the_vocabulary_lacks_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(&files(folder.path(), 13), Options::default()).unwrap();
    let translation = translate(&engine, &["Timnas juara 🏆 lagi 漢!"]).remove(0);
    assert!(translation.text.contains('🏆') && translation.text.contains('漢'), "{}", translation.text);
    for pair in translation.tokens.windows(2) {
        assert!(pair[0].span.end <= pair[1].span.start);
    }
}

#[test]
fn files_that_do_not_fit_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let good = files(folder.path(), 14);
    let small = folder.path().join("small.bin");
    std::fs::write(&small, testing::model(Sizes::tiny(40), 1)).unwrap();
    let refused = |files: Files| Engine::open(&files, Options::default()).err().unwrap();
    let mismatch = refused(Files { model: small, ..good.clone() });
    assert!(matches!(&mismatch, LoadError::Mismatch(what) if what.contains("40")), "{mismatch}");
    let bytes = std::fs::read(&good.model).unwrap();
    let damaged = folder.path().join("damaged.bin");
    for (len, _) in bytes.iter().enumerate().step_by(1009) {
        std::fs::write(&damaged, &bytes[..len]).unwrap();
        let error = refused(Files { model: damaged.clone(), ..good.clone() });
        assert!(matches!(error, LoadError::Model { .. }), "{len}: {error}");
    }
    let missing = refused(Files { model: folder.path().join("none"), ..good.clone() });
    assert!(matches!(missing, LoadError::Io { .. }));
    let wrong = refused(Files { source_vocabulary: good.model.clone(), ..good.clone() });
    assert!(matches!(wrong, LoadError::Vocabulary { .. }));
    let wrong = refused(Files { shortlist: Some(good.model.clone()), ..good });
    assert!(matches!(wrong, LoadError::Shortlist { .. }));
}

#[test]
fn finds_a_model_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let touch = |name: &str| std::fs::write(path(name), "").unwrap();
    let found = || Files::in_folder(folder.path());
    assert!(found().unwrap_err().to_string().contains("0 files"));
    for name in ["model.enid.intgemm.alphas.bin", "lex.50.50.enid.s2t.bin", "vocab.enid.spm", "config.yml"] {
        touch(name);
    }
    let files = found().unwrap();
    assert_eq!(files.model, path("model.enid.intgemm.alphas.bin"));
    assert_eq!(files.shortlist, Some(path("lex.50.50.enid.s2t.bin")));
    assert_eq!(
        (files.source_vocabulary, files.target_vocabulary),
        (path("vocab.enid.spm"), path("vocab.enid.spm"))
    );
    std::fs::remove_file(path("vocab.enid.spm")).unwrap();
    touch("trgvocab.spm");
    touch("srcvocab.spm");
    let files = found().unwrap();
    assert_eq!(
        (files.source_vocabulary, files.target_vocabulary),
        (path("srcvocab.spm"), path("trgvocab.spm"))
    );
    touch("other.bin");
    assert!(found().unwrap_err().to_string().contains("2 files"));
}

fn term(text: &str, source: &str, target: &str) -> Term {
    let start = text.find(source).unwrap();
    Term { source: start..start + source.len(), target: target.into() }
}

#[test]
fn terms_stand_in_the_translation_or_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let text = TEXTS[0];
    let terms = [
        term(text, "beras", "Reis"),
        term(text, "Pasar Beringin", "Marché Beringin"),
        term(text, "Selasa", "漢字"),
    ];
    for seed in 20..30 {
        let engine = Engine::open(&files(folder.path(), seed), Options::default()).unwrap();
        let plain = translate(&engine, &[text]).remove(0);
        let requests = [Request { text, terms: &terms }, Request { text, terms: &[] }];
        let made = engine.translate_with(&requests, &Control::default(), &mut |_, _| ());
        assert_eq!(made[1], plain, "terms of one text leave the others alone");
        for (index, term) in terms.iter().enumerate() {
            let stands = crate::terms::stands(&made[0].text, &term.target);
            assert_ne!(stands, made[0].unmet.contains(&index), "{term:?} in {:?}", made[0].text);
        }
        assert!(made[0].tokens.iter().all(|t| made[0].text.get(t.span.clone()).is_some()));
    }
}
