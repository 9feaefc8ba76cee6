//! Any bytes as a vocabulary; what loads must cope with any text and any ids.
#![no_main]

use edisi_nmt::vocabulary::{Decoded, Encoding, Vocabulary};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(vocabulary) = Vocabulary::from_bytes(data) else { return };
    let mut encoding = Encoding::new();
    let mut decoded = Decoded::new();
    // Texts that share bytes with the pieces find more of them than fixed ones.
    let own = String::from_utf8_lossy(&data[..data.len().min(512)]);
    for text in [own.as_ref(), " the  né\u{301}@@ \u{1f600}\u{fb03}\u{3000}", ""] {
        vocabulary.encode(text, &mut encoding);
        for range in encoding.sources() {
            assert!(text.get(range.clone()).is_some(), "{range:?} cuts a character");
        }
        vocabulary.decode(encoding.ids(), &mut decoded);
        assert_eq!(decoded.spans().len(), encoding.len());
    }
    let ids: Vec<u32> = data.iter().map(|byte| u32::from(*byte)).take(256).collect();
    vocabulary.decode(&ids, &mut decoded);
});
