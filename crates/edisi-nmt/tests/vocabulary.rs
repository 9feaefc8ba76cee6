//! Vocabularies against goldens of the reference implementation; `vocabulary/make.py` makes them.

use std::ops::Range;
use std::path::{Path, PathBuf};

use edisi_nmt::vocabulary::{Decoded, Encoding, Position, Vocabulary, VocabularyError};
use proptest::prelude::*;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vocabulary")
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn load(name: &str) -> Vocabulary {
    Vocabulary::from_bytes(&read(&folder().join(name))).unwrap()
}

/// text, ids, bounds, decoded text, spans
type Case = (String, Vec<u32>, Vec<usize>, String, Vec<(usize, usize)>);

fn golden(name: &str) -> Vec<Case> {
    let lines = String::from_utf8(read(&folder().join(format!("{name}.golden.jsonl")))).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The reference gives the range of a character spelled in bytes to its last byte; here all share it.
fn share_spans(vocabulary: &Vocabulary, ids: &[u32], spans: &[(usize, usize)]) -> Vec<Range<usize>> {
    let mut shared: Vec<_> = spans.iter().map(|(begin, end)| *begin..*end).collect();
    for index in (1..shared.len()).rev() {
        let (before, span) = (shared[index - 1].clone(), shared[index].clone());
        let bytes = vocabulary.byte_of(ids[index]).is_some() && vocabulary.byte_of(ids[index - 1]).is_some();
        if bytes && before.is_empty() && before.start == span.start {
            shared[index - 1] = span;
        }
    }
    shared
}

fn compare(vocabulary: &Vocabulary, name: &str) {
    let cases = golden(name);
    assert!(cases.len() > 200, "{name}: {}", cases.len());
    // One for all, so that what a text leaves behind would show.
    let (mut encoding, mut decoded) = (Encoding::new(), Decoded::new());
    for (text, ids, bounds, back, spans) in cases {
        vocabulary.encode(&text, &mut encoding);
        assert_eq!(encoding.ids(), ids, "{name}: {text:?}");
        let found: Vec<_> = encoding.sources().collect();
        let expected: Vec<_> = bounds.windows(2).map(|pair| pair[0]..pair[1]).collect();
        assert_eq!(found, expected, "{name}: {text:?}");
        vocabulary.decode(&ids, &mut decoded);
        assert_eq!(decoded.text(), back, "{name}: {text:?}");
        assert_eq!(decoded.spans(), share_spans(vocabulary, &ids, &spans), "{name}: {text:?}");
    }
}

#[test]
fn a_character_map() {
    compare(&load("plain.spm"), "plain");
}

#[test]
fn byte_fallback_and_symbols() {
    compare(&load("bytes.spm"), "bytes");
}

#[test]
fn space_behind_the_word() {
    compare(&load("suffix.spm"), "suffix");
}

/// Needs the English–Portuguese models in EDISI_HOME (`edisi models pull en-pt`, `pt-en`).
#[cfg(feature = "models")]
#[test]
fn real_models() {
    let home = std::env::var_os("EDISI_HOME").expect("EDISI_HOME names the folder with the models");
    for name in ["en-pt", "pt-en"] {
        let file = Path::new(&home).join("models").join(name).join("vocab.spm");
        let vocabulary = Vocabulary::from_bytes(&read(&file)).unwrap();
        assert_eq!((vocabulary.len(), vocabulary.eos(), vocabulary.unk()), (32000, 0, 1));
        compare(&vocabulary, name);
    }
}

#[test]
fn what_a_vocabulary_tells() {
    let plain = load("plain.spm");
    assert_eq!((plain.eos(), plain.unk()), (0, 1));
    assert_eq!(plain.piece(0), Some("</s>"));
    assert!(plain.is_control(0) && !plain.is_control(1));
    assert!(!plain.has_byte_fallback());
    assert_eq!(plain.piece(plain.len() as u32), None);
    let the = plain.id("\u{2581}the").unwrap();
    assert_eq!(plain.piece(the), Some("\u{2581}the"));
    assert!(plain.begins_word(the));
    assert_eq!(plain.id("</s>"), None, "text is never split into control pieces");

    let bytes = load("bytes.spm");
    assert!(bytes.has_byte_fallback());
    let ids: Vec<_> = (0..bytes.len() as u32).filter(|id| bytes.byte_of(*id).is_some()).collect();
    assert_eq!(ids.len(), 256);
    assert_eq!(bytes.piece(ids[0x41]), Some("<0x41>"));
    assert_eq!(bytes.byte_of(ids[0x41]), Some(0x41));
}

#[test]
fn unknown_characters_are_named() {
    let plain = load("plain.spm");
    let mut encoding = Encoding::new();
    let text = "the \u{1f600}\u{1f600} river \u{10ffff}";
    plain.encode(text, &mut encoding);
    let unknown: Vec<_> =
        encoding.unknown().map(|(index, range)| (encoding.ids()[index], &text[range])).collect();
    assert_eq!(unknown, [(1, "\u{1f600}\u{1f600}"), (1, "\u{10ffff}")]);
    load("bytes.spm").encode(text, &mut encoding);
    assert_eq!(encoding.unknown().len(), 0);
}

#[test]
fn fragments_at_both_positions() {
    let plain = load("plain.spm");
    let (mut at_start, mut within) = (Encoding::new(), Encoding::new());
    plain.encode_at("river", Position::WordStart, &mut at_start);
    plain.encode_at("river", Position::WithinWord, &mut within);
    let text =
        |encoding: &Encoding| encoding.ids().iter().map(|id| plain.piece(*id).unwrap()).collect::<String>();
    assert_eq!(text(&at_start), "\u{2581}river");
    assert_eq!(text(&within), "river");
    assert_eq!(within.sources().next_back(), Some(within.source(within.len() - 1)));
    plain.encode_at(" ", Position::WithinWord, &mut within);
    assert!(within.is_empty());
}

#[test]
fn control_and_foreign_ids_decode_to_nothing() {
    let plain = load("plain.spm");
    let mut decoded = Decoded::new();
    let the = plain.id("\u{2581}the").unwrap();
    plain.decode(&[0, the, u32::MAX, the, 0], &mut decoded);
    assert_eq!(decoded.text(), "the the");
    assert_eq!(decoded.spans(), [0..0, 0..3, 3..3, 3..7, 7..7]);
}

#[test]
fn damaged_files_are_refused() {
    for name in ["plain.spm", "bytes.spm", "suffix.spm"] {
        let file = read(&folder().join(name));
        for length in (0..file.len()).step_by(file.len() / 97 + 1) {
            // A file may end between two fields: then it lacks something, or is a smaller vocabulary.
            if let Ok(vocabulary) = Vocabulary::from_bytes(&file[..length]) {
                assert!(vocabulary.len() > 1);
            }
        }
    }
    assert!(matches!(Vocabulary::from_bytes(&[]), Err(VocabularyError::Malformed { .. })));
    assert!(matches!(Vocabulary::from_bytes(b"<!DOCTYPE html>"), Err(VocabularyError::Malformed { .. })));
}

/// A file with these pieces: text, type, score.
fn file(pieces: &[(&str, u8, f32)], trainer: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    for (text, kind, score) in pieces {
        let mut piece = vec![0x0a, text.len() as u8];
        piece.extend(text.as_bytes());
        piece.push(0x15);
        piece.extend(score.to_le_bytes());
        piece.extend([0x18, *kind]);
        file.extend([0x0a, piece.len() as u8]);
        file.extend(piece);
    }
    file.extend([0x12, trainer.len() as u8]);
    file.extend(trainer);
    file
}

#[test]
fn contradictions_are_refused() {
    let good = [("</s>", 3, 0.0), ("<unk>", 2, 0.0), ("a", 1, -1.0), ("a", 3, 0.0)];
    assert_eq!(Vocabulary::from_bytes(&file(&good, &[])).unwrap().len(), 4);
    let refused = |extra: (&str, u8, f32), trainer: &[u8]| {
        let pieces: Vec<_> = good.into_iter().chain([extra]).collect();
        Vocabulary::from_bytes(&file(&pieces, trainer)).unwrap_err().to_string()
    };
    assert!(refused(("a", 5, 0.0), &[]).contains("`a` occurs twice"));
    assert!(refused(("</s>", 3, 0.0), &[]).contains("`</s>` occurs twice"));
    assert!(refused(("<u>", 2, 0.0), &[]).contains("exactly one unknown"));
    assert!(refused(("<0x00>", 6, 0.0), &[]).contains("out of place"));
    assert!(refused(("<0x00>", 6, 0.0), &[0x98, 0x02, 1]).contains("each of the 256"));
    assert!(refused(("b", 7, 0.0), &[]).contains("type 7"));
    assert!(refused(("", 1, 0.0), &[]).contains("empty"));
    assert!(refused(("b\0", 1, 0.0), &[]).contains("NUL"));
    assert!(refused(("b", 1, f32::NAN), &[]).contains("not a number"));
    assert!(refused(("b", 1, 0.0), &[0x18, 2]).contains("other than unigram"));
    assert!(refused(("b", 1, 0.0), &[0xfa, 0x02, 1, b'x']).contains("no end-of-sentence piece `x`"));
}

/// Text with a bias to what normalisation treats specially.
fn any_text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        any::<String>(),
        Just(" ".to_owned()),
        "[ \u{2581}\u{200b}\u{ad}\u{fb03}\u{fdfa}\u{301}\u{1f600}@<b>é０-９ﾊﾞ\0-\u{7f}]{0,20}",
        prop::sample::select(vec!["the river ", "ç\u{327}", "né@@", "  ", "中文。"]).prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn ranges_follow_each_other(text in any_text()) {
        for name in ["plain.spm", "bytes.spm", "suffix.spm"] {
            let vocabulary = load(name);
            let mut encoding = Encoding::new();
            vocabulary.encode(&text, &mut encoding);
            let mut at = encoding.sources().next().map_or(0, |first| first.start);
            for range in encoding.sources() {
                prop_assert_eq!(range.start, at);
                prop_assert!(text.get(range.clone()).is_some(), "{:?} cuts a character of {:?}", range, text);
                at = range.end;
            }
            let mut decoded = Decoded::new();
            vocabulary.decode(encoding.ids(), &mut decoded);
            prop_assert_eq!(decoded.spans().len(), encoding.len());
            let mut at = 0;
            for span in decoded.spans() {
                prop_assert!(decoded.text().get(span.clone()).is_some());
                prop_assert!(span.start == at || span.end == at);
                at = span.end;
            }
            prop_assert_eq!(at, decoded.text().len());
        }
    }

    #[test]
    fn any_ids_decode(ids in prop::collection::vec(0u32..720, 0..40)) {
        let vocabulary = load("bytes.spm");
        let mut decoded = Decoded::new();
        vocabulary.decode(&ids, &mut decoded);
        prop_assert_eq!(decoded.spans().len(), ids.len());
        prop_assert_eq!(decoded.spans().last().map_or(0, |span| span.end), decoded.text().len());
    }

    #[test]
    fn damage_never_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut file = read(&folder().join("bytes.spm"));
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if let Ok(vocabulary) = Vocabulary::from_bytes(&file) {
            vocabulary.encode("the river né@@ \u{1f600}", &mut Encoding::new());
        }
    }
}
