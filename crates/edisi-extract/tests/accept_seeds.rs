//! The five real pages of the shared folder, saved as text, against what a person read off them.
#![cfg(feature = "accept")]

use std::path::PathBuf;

#[path = "support/expected.rs"]
mod expected;

fn seeds() -> PathBuf {
    let shared = std::env::var_os("EDISI_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    shared.join("seeds")
}

#[test]
fn seeds_are_read_as_a_person_reads_them() {
    let dir = seeds();
    let cases = expected::cases(&dir);
    assert_eq!(cases.len(), 5, "{} holds five seeds; set EDISI_SHARED to the shared folder", dir.display());
    expected::check(&cases);
}
