//! Any bytes as a registry of models.
#![no_main]

use edisi_models::{Registry, parse_pair};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = std::str::from_utf8(data).map(parse_pair);
    let Ok(registry) = Registry::parse("https://example.org/models.json", data) else { return };
    for release in registry.releases() {
        assert!(registry.best(release.from, release.to, None).is_some());
        assert!(release.files.iter().all(|file| file.url.starts_with("http")));
        let _ = (release.name(), release.version(), release.tier(), release.bytes());
    }
});
