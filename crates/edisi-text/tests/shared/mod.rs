//! Outside files for the tests of the `accept` group.

use std::path::PathBuf;

/// The file at `path` in the folder `EDISI_SHARED`, by default `shared` beside the repository.
pub fn read(path: &str) -> String {
    let root = std::env::var_os("EDISI_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let file = root.join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}; set EDISI_SHARED", file.display()))
}
