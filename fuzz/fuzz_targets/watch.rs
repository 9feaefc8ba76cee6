//! Any bytes as what a watched site serves: its list of articles, and what it asks programs to leave alone.
#![no_main]

use edisi_extract::robots::Robots;
use edisi_extract::{Options, feed_entries, sitemap};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = feed_entries("fuzz", data, None, &Options::default());
    if let Ok(sitemap::Sitemap::Pages(listed) | sitemap::Sitemap::Index(listed)) = sitemap::read("fuzz", data, 10) {
        assert!(listed.len() <= 10);
    }
    let robots = Robots::parse(data, "edisi");
    assert!(robots.allows("/robots.txt"));
    robots.allows("/berita/2026/banjir?halaman=2");
});
