//! Any bytes as a file with a text and its translation.
#![no_main]

use edisi_bitext::{Format, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [format, data @ ..] = data else { return };
    let _ = Format::of("fuzz", data);
    let format = [Format::Tmx, Format::Xliff, Format::Tsv][usize::from(*format) % 3];
    if let Ok(bitext) = read(data, format, None) {
        assert!(!bitext.units.is_empty(), "never an empty success");
    }
});
