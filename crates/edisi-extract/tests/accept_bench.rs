//! The article-extraction benchmark, in the project's shared folder (`EDISI_SHARED`, else `../shared` beside
//! the repository).
#![cfg(feature = "accept")]

use std::path::PathBuf;

use edisi_extract::bench::bench_dir;

fn folder() -> PathBuf {
    let shared = std::env::var_os("EDISI_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    shared.join("bench/article-extraction")
}

#[test]
fn the_benchmark_is_met() {
    let dir = folder();
    assert!(dir.is_dir(), "{} is missing: set EDISI_SHARED to the shared folder", dir.display());
    let report = bench_dir(&dir, None).expect("the benchmark runs");
    assert_eq!(report.pages, 181);
    assert!(report.f1 >= 0.972, "F1 {:.4}", report.f1);
    // Rules that fit a few pages show as a half that falls behind.
    let even = |page: &str| u8::from_str_radix(&page[..2], 16).is_ok_and(|b| b % 2 == 0);
    for half in [report.subset(even), report.subset(|p| !even(p))] {
        assert!(half.f1 >= 0.965, "F1 {:.4} over {} pages", half.f1, half.pages);
    }
}
