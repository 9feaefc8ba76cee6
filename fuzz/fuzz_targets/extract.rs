//! Any bytes as a page, feed, wire file or text.
#![no_main]

use edisi_extract::{Format, Options, extract_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [format, data @ ..] = data else { return };
    let formats = [
        None,
        Some(Format::Html),
        Some(Format::Text),
        Some(Format::Markdown),
        Some(Format::Feed),
        Some(Format::Json),
    ];
    let format = formats[usize::from(*format) % formats.len()];
    let options = Options { format, ..Options::default() };
    if let Ok(articles) = extract_bytes("fuzz", data, None, &options) {
        assert!(!articles.is_empty(), "never an empty success");
    }
});
