//! `edisi check` on a real machine-made edition of a real article. `EDISI_SHARED` names the folder with both.
#![cfg(feature = "accept")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Findings that reading the two texts does not bear out.
const MOST_FALSE_ALARMS: usize = 3;

#[test]
fn the_dropped_attribution_is_found_and_little_else() {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let seeds = std::env::var_os("EDISI_SHARED").map_or(default, PathBuf::from).join("seeds");
    assert!(seeds.is_dir(), "{} is missing; set EDISI_SHARED", seeds.display());
    let ran = Command::new(env!("CARGO_BIN_EXE_edisi"))
        .args(["check", "--json"])
        .args([seeds.join("voi-id.txt"), seeds.join("voi-en.txt")])
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(9), "{}", String::from_utf8_lossy(&ran.stderr));
    let review: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let (mut dropped, mut others) = (0, Vec::new());
    for row in review["rows"].as_array().unwrap() {
        let source = row["source"].as_str().unwrap();
        // The source names the agency and the day, the edition does not.
        let lacks = source.contains("Reuters") && !row["target"].as_str().unwrap().contains("Reuters");
        for finding in row["findings"].as_array().unwrap().iter().filter(|f| f["severity"] != "note") {
            if lacks {
                dropped += 1;
            } else {
                others.push(finding["message"].clone());
            }
        }
    }
    assert!(dropped > 0, "the attribution is not missed");
    assert!(others.len() <= MOST_FALSE_ALARMS, "{others:#?}");
}
