//! Pages in the layouts of real news sites, with what extraction must find beside them.

use std::path::{Path, PathBuf};

use edisi_extract::html::extract;
use serde_json::{Value, json};

fn pages() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut pages: Vec<PathBuf> = std::fs::read_dir(&dir)
        .expect("tests/pages is there")
        .map(|e| e.expect("a folder entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "html"))
        .collect();
    pages.sort();
    assert!(pages.len() >= 9, "pages are missing from {}", dir.display());
    pages
}

/// The article's value for a field of the expectation, in the expectation's form.
fn found(article: &Value, field: &str, want: &Value) -> Value {
    let blocks = article["blocks"].as_array().expect("blocks");
    match field {
        "blocks" => {
            let forms = want.as_array().expect("a list of blocks");
            let block = |(i, b): (usize, &Value)| match forms.get(i).and_then(Value::as_array).map(Vec::len) {
                Some(3) => json!([b["kind"], b["text"], b["html"]]),
                _ => json!([b["kind"], b["text"]]),
            };
            blocks.iter().enumerate().map(block).collect()
        }
        "levels" => blocks.iter().map(|b| b["level"].clone()).collect(),
        _ => article[field].clone(),
    }
}

#[test]
fn pages_give_what_is_written_beside_them() {
    let mut wrong = Vec::new();
    for page in pages() {
        let name = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let html = std::fs::read_to_string(&page).expect("a page");
        let want =
            std::fs::read_to_string(page.with_extension("json")).expect("an expectation beside the page");
        let want: Value = serde_json::from_str(&want).unwrap_or_else(|e| panic!("{name}: {e}"));
        let article = extract(&html, None).unwrap_or_else(|e| panic!("{name}: {e}"));
        let article = serde_json::to_value(&article).expect("an article is JSON");
        for (field, want) in want.as_object().expect("an object") {
            let got = found(&article, field, want);
            if got != *want {
                wrong.push(format!("{name}: {field}\n  want {want:#}\n  got  {got:#}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
