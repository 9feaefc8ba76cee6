//! Damaged model files: a small good one with bytes replaced and its end cut off, or any bytes at all.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use edisi_nmt::testing::{Sizes, model};
use edisi_nmt::vocabulary::Vocabulary;
use edisi_nmt::{Control, Engine, Files, Options};
use libfuzzer_sys::fuzz_target;

const VOCABULARY: &[u8] = include_bytes!("../../crates/edisi-nmt/tests/vocabulary/bytes.spm");

/// The good file, and a folder with the vocabulary.
static GOOD: LazyLock<(Vec<u8>, PathBuf)> = LazyLock::new(|| {
    let vocabulary = Vocabulary::from_bytes(VOCABULARY).expect("the test's own vocabulary loads");
    let folder = std::env::temp_dir().join(format!("edisi-fuzz-model-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    std::fs::write(folder.join("vocab.spm"), VOCABULARY).expect("room for a vocabulary");
    (model(Sizes::tiny(vocabulary.len()), 1), folder)
});

fuzz_target!(|data: &[u8]| {
    let (good, folder) = &*GOOD;
    let [mode, data @ ..] = data else { return };
    let file = match mode % 4 {
        0 => data.to_vec(),
        cut => {
            // Each four bytes of the input set one byte of the file, most of them in the headers.
            let mut file = good.clone();
            for patch in data.as_chunks::<4>().0 {
                let at = usize::from(u16::from_le_bytes([patch[0], patch[1]])) << (patch[2] % 8);
                let end = file.len();
                file[at % end] = patch[3];
            }
            let kept = if cut == 1 { file.len() * data.len() / (data.len() + 64) } else { file.len() };
            file.truncate(kept);
            file
        }
    };
    let path = folder.join("model.bin");
    std::fs::write(&path, file).expect("room for a model");
    let vocabulary = folder.join("vocab.spm");
    let files =
        Files { model: path, source_vocabulary: vocabulary.clone(), target_vocabulary: vocabulary, shortlist: None };
    let mut options = Options::default();
    options.threads = 1;
    if let Ok(engine) = Engine::open(&files, options) {
        let translations = engine.translate(&["the river", ""], &Control::default(), &mut |_, _| ());
        assert_eq!(translations.len(), 2);
    }
});
