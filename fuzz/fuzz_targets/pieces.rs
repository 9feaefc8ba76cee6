//! Any text, and any ids, through good vocabularies.
#![no_main]

use std::sync::LazyLock;

use edisi_nmt::vocabulary::{Decoded, Encoding, Vocabulary};
use libfuzzer_sys::fuzz_target;

static VOCABULARIES: LazyLock<[Vocabulary; 3]> = LazyLock::new(|| {
    let files: [&[u8]; 3] = [
        include_bytes!("../../crates/edisi-nmt/tests/vocabulary/plain.spm"),
        include_bytes!("../../crates/edisi-nmt/tests/vocabulary/bytes.spm"),
        include_bytes!("../../crates/edisi-nmt/tests/vocabulary/suffix.spm"),
    ];
    files.map(|file| Vocabulary::from_bytes(file).expect("the test's own vocabulary loads"))
});

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let ids: Vec<u32> =
        data.chunks(2).map(|pair| pair.iter().fold(0, |id, byte| id << 8 | u32::from(*byte))).collect();
    let mut encoding = Encoding::new();
    let mut decoded = Decoded::new();
    for vocabulary in VOCABULARIES.iter() {
        vocabulary.encode(&text, &mut encoding);
        let mut at = encoding.sources().next().map_or(0, |first| first.start);
        for range in encoding.sources() {
            assert_eq!(range.start, at, "the ranges follow each other");
            assert!(text.get(range.clone()).is_some(), "{range:?} cuts a character");
            at = range.end;
        }
        vocabulary.decode(encoding.ids(), &mut decoded);
        assert_eq!(decoded.spans().len(), encoding.len());
        vocabulary.decode(&ids, &mut decoded);
        assert_eq!(decoded.spans().len(), ids.len());
    }
});
