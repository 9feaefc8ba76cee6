//! Compares extracted dumps with `*.expected.json` beside them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use edisi_article::{Article, BlockKind, FindingKind};
use serde_json::Value;

/// The `*.txt` files of a folder that have an `*.expected.json` beside them.
pub fn cases(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
    let mut cases: Vec<PathBuf> = entries
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .filter(|p| p.with_extension("expected.json").exists())
        .collect();
    cases.sort();
    cases
}

/// Extracts each case and fails with all the differences there are.
pub fn check(cases: &[PathBuf]) {
    let mut report = String::new();
    for path in cases {
        let name = path.file_name().unwrap().to_string_lossy();
        let expected: Value =
            serde_json::from_str(&std::fs::read_to_string(path.with_extension("expected.json")).unwrap())
                .unwrap_or_else(|e| panic!("{name}: {e}"));
        let bytes = std::fs::read(path).unwrap();
        let articles = edisi_extract::extract_bytes(&name, &bytes, None, &edisi_extract::Options::default())
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(articles.len(), 1, "{name}");
        for difference in differences(&articles[0], &expected) {
            writeln!(report, "{name}: {difference}").unwrap();
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

fn differences(article: &Article, expected: &Value) -> Vec<String> {
    let got = serde_json::to_value(article).unwrap();
    let mut out = Vec::new();
    for (field, want) in expected.as_object().expect("an object") {
        match field.as_str() {
            "body" => body(article, want, &mut out),
            "dropped" => {
                for line in want.as_array().unwrap() {
                    let line = line.as_str().unwrap();
                    if article.blocks.iter().any(|b| b.text == line) {
                        out.push(format!("body holds `{line}`"));
                    }
                }
            }
            "suspect_encoding" => {
                for word in want.as_array().unwrap() {
                    let word = word.as_str().unwrap();
                    let marked = article.findings.iter().any(|f| {
                        f.kind == FindingKind::EncodingDamage
                            && f.block.is_some_and(|b| {
                                f.source.iter().any(|s| &article.blocks[b].text[s.start..s.end] == word)
                            })
                    });
                    if !marked {
                        out.push(format!("no encoding finding marks `{word}`"));
                    }
                }
            }
            // Lists always say something; a null of the table may not be filled either.
            _ => {
                if got[field] != *want {
                    out.push(format!("{field} is {}, should be {want}", got[field]));
                }
            }
        }
    }
    out
}

fn body(article: &Article, want: &Value, out: &mut Vec<String>) {
    let got: Vec<&str> =
        article.blocks.iter().filter(|b| b.kind != BlockKind::Caption).map(|b| b.text.as_str()).collect();
    let want: Vec<&str> = want.as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
    for line in want.iter().filter(|l| !got.contains(l)) {
        out.push(format!("body lacks `{line}`"));
    }
    for line in got.iter().filter(|l| !want.contains(l)) {
        out.push(format!("body has too much: `{line}`"));
    }
    if out.is_empty() && got != want {
        out.push("body is in another order".to_owned());
    }
}
