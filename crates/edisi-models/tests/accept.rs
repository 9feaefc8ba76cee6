//! The development adapter, merged into the real base model. Needs the shared folder (`EDISI_SHARED`, by
//! default beside the repository) and the base in the data directory (`edisi models pull gemma3-270m`).
#![cfg(all(feature = "accept", unix))]

use std::path::{Path, PathBuf};

use edisi_models::{ImportOptions, Store};

/// What numpy and the reference `gguf` package make of the same base and adapter, matrix for matrix; the file
/// around it is ours. Whatever changes this changes what every user installs.
const MERGED: &str = "2615469c9f5431689fd6a642ae9fa093f2201b1774ed2a65ff954425ca1afc32";

#[test]
fn the_merge_is_the_same_on_every_machine() {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("EDISI_SHARED").map_or_else(beside, PathBuf::from);
    let base = Store::open_default().unwrap().get("gemma3-270m").unwrap_or_else(|e| panic!("{e}"));
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("models")).unwrap();
    std::os::unix::fs::symlink(&base.folder, home.path().join("models/gemma3-270m")).unwrap();
    let store = Store::open(home.path());
    let adapter = shared.join("train/adapter-v0");
    let model = store.import(&adapter, "edisi-draft", "gemma3-270m", &ImportOptions::default(), &mut ());
    let model = model.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(model.manifest.model_sha256(), Some(MERGED));
}
