//! Real articles through the installed model. `make accept` sets `EDISI_HOME` and `EDISI_SHARED`.
#![cfg(feature = "accept")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn shared() -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let dir = std::env::var_os("EDISI_SHARED").map_or(default, PathBuf::from);
    assert!(dir.join("seeds").is_dir(), "{} has no seeds; set EDISI_SHARED", dir.display());
    dir
}

fn translate(input: &Path, to: &str, work: &Path, out: &str, more: &[&str]) -> String {
    let ran = Command::new(env!("CARGO_BIN_EXE_edisi"))
        .current_dir(work)
        .args(["translate", input.to_str().unwrap(), "--to", to, "--cache", "cache", "-o", out])
        .args(more)
        .output()
        .unwrap();
    let err = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(0), "{err}");
    err
}

fn files(dir: &Path) -> BTreeMap<String, String> {
    let read =
        |e: fs::DirEntry| (e.file_name().into_string().unwrap(), fs::read_to_string(e.path()).unwrap());
    fs::read_dir(dir).unwrap().map(|e| read(e.unwrap())).collect()
}

#[test]
fn a_real_article_in_five_languages_twice_the_same() {
    let work = tempfile::tempdir().unwrap();
    let input = shared().join("seeds/voi-id.txt");
    assert!(translate(&input, "en,zh,ja,ar,fr", work.path(), "one", &[]).contains("loading"));
    let first = files(&work.path().join("one/voi-id"));
    let report: Value = serde_json::from_str(&first["report.json"]).unwrap();
    for edition in report["editions"].as_array().unwrap() {
        let (all, failed) = (&edition["counts"]["segments"], &edition["counts"]["failed"]);
        assert!(all.as_u64().unwrap() >= 15, "{edition}");
        assert!(failed.as_u64().unwrap() * 3 <= all.as_u64().unwrap(), "{} of {all} failed", failed);
        assert_eq!(edition["tier"], "draft");
    }
    assert!(!translate(&input, "en,zh,ja,ar,fr", work.path(), "two", &[]).contains("loading"));
    assert_eq!(files(&work.path().join("two/voi-id")), first);
}

#[test]
fn foreign_copy_becomes_an_indonesian_edition() {
    let work = tempfile::tempdir().unwrap();
    translate(&shared().join("seeds/voi-en.txt"), "id", work.path(), "out", &["--threads", "1"]);
    let made = files(&work.path().join("out/voi-en"));
    assert!(made["id.html"].contains("lang=\"id\"") && made["en.html"].contains("lang=\"en\""));
    assert!(made["id.md"].contains("Kazakhstan"));
}
