//! The smaller commands: segment, eval, bench, models.

mod common;

use std::collections::BTreeMap;

use common::{Place, STORY};

/// The `key=value` pairs of the last line.
fn pairs(text: &str) -> BTreeMap<String, String> {
    let last = text.lines().last().unwrap();
    last.split(' ').map(|p| p.split_once('=').unwrap()).map(|(k, v)| (k.into(), v.into())).collect()
}

#[test]
fn sentences_one_a_line() {
    let place = Place::bare();
    let story = place.file("berita.txt", STORY);
    let out = place.run(&["segment", &story]).ok().out;
    assert!(out.contains("\nWarga mengeluh karena kenaikan itu datang menjelang hari raya.\n"), "{out}");
    assert_eq!(place.run(&["segment", &story, "--lang", "id"]).ok().out, out);
}

#[test]
fn a_perfect_translation_scores_a_hundred() {
    let place = Place::bare();
    let lines = "The price of rice rose on Tuesday.\nResidents complained about it.\n";
    let (reference, hypothesis) = (place.file("ref", lines), place.file("hyp", lines));
    let args = ["eval", "mt", "--ref", &reference, "--hyp", &hypothesis, "--pair", "id-en"];
    let scores = pairs(&place.run(&args).ok().out);
    assert_eq!((scores["bleu"].as_str(), scores["chrf"].as_str()), ("100.00", "100.00"));
    assert_eq!((scores["pair"].as_str(), scores["tokenize"].as_str()), ("id-en", "13a"));
    place.file("hyp", "The price of rice rose on Tuesday.\nNo.\n");
    let scores = pairs(&place.run(&[&args[..], &["--skip", "1"]].concat()).ok().out);
    assert_eq!(scores["segments"], "1");
    assert!(scores["bleu_95"].contains('-'));
    assert!(scores["bleu"].parse::<f64>().unwrap() < 10.0);
    place.file("hyp", "One\nTwo\nThree\n");
    place.run(&args).fails(3, &["3 lines"]);
    // Without a pair, the language is what the human translation looks like.
    let japanese = place.file("ja", "米の値段が火曜日に上がった。\n住民は不満だ。\n");
    let scores = pairs(&place.run(&["eval", "mt", "--ref", &japanese, "--hyp", &japanese]).ok().out);
    assert_eq!((scores["target"].as_str(), scores["bleu"].as_str()), ("ja", "100.00"));
}

#[test]
fn a_translation_is_made_and_scored() {
    let place = Place::with_model();
    let source = place.file("src", "Harga beras naik.\nWarga mengeluh.\nPemerintah berjanji.\n");
    let target = place.file("ref", "米価が上がった。\n住民は不満だ。\n政府は約束した。\n");
    let args = [
        "eval", "model", "--src", &source, "--ref", &target, "--pair", "id-ja", "--skip", "1", "--limit", "2",
    ];
    let scores = pairs(&place.run(&[&args[..], &["--output", "out", "--quiet"]].concat()).ok().out);
    assert_eq!((scores["segments"].as_str(), scores["tokenize"].as_str()), ("2", "char"));
    assert_eq!(scores["route"], "id-ja:tiny");
    assert_eq!(std::fs::read_to_string(place.path().join("out")).unwrap().lines().count(), 2);
    let scores = pairs(&place.run(&[&args[..], &["--via", "english"]].concat()).ok().out);
    assert_eq!(scores["route"], "id-en:tiny>en-ja:tiny");
}

#[test]
fn the_checks_are_measured() {
    let place = Place::bare();
    let source =
        place.file("src", "Harga beras naik 12 persen pada hari Selasa.\nWarga mengeluh.\n".repeat(3));
    let target =
        place.file("ref", "The price of rice rose 12 percent on Tuesday.\nResidents complained.\n".repeat(3));
    let args = ["eval", "guard", "--source", &source, "--target", &target, "--pair", "id-en"];
    let run = place.run(&[&args[..], &["--quiet", "--show", "1"]].concat()).ok();
    assert!(run.err.is_empty() && run.out.contains("value"), "{}", run.out);
    let figures = pairs(&run.out);
    assert_eq!(figures["recall_quantity"], "1.0000", "{}", run.out);
    assert_eq!(figures["alarms_quantity"], "0.0000", "{}", run.out);
    assert!(figures["pairs_per_s"].parse::<f64>().unwrap() > 0.0);
    let json = place.run(&[&args[..], &["--json", "--take", "2", "--kinds", "value"]].concat()).ok().out;
    let report: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(report["kinds"]["value"]["made"], 1);
    place.run(&[&args[..], &["--write", "corrupted.tsv", "--kinds", "value"]].concat()).ok();
    assert_eq!(std::fs::read_to_string(place.path().join("corrupted.tsv")).unwrap().lines().count(), 3);
    place.run(&[&args[..], &["--kinds", "typo"]].concat()).fails(2, &["typo", "value"]);
    place.run(&[&args[..], &["--other", "ja"]].concat()).fails(2, &["LANG=FILE"]);
}

#[test]
fn the_engine_is_measured() {
    let place = Place::with_model();
    let story = place.file("berita.txt", STORY);
    let figures = pairs(&place.run(&["bench", "llm", &story, "--pair", "id-en"]).ok().out);
    assert!(figures["tokens"].parse::<u64>().unwrap() > 0);
    assert!(figures["tokens_per_s"].parse::<f64>().unwrap() > 0.0);
}

#[test]
fn extraction_is_measured_as_the_benchmark_does() {
    let place = Place::bare();
    std::fs::create_dir_all(place.path().join("b/html")).unwrap();
    let text = "Harga beras naik dua belas persen pada hari Selasa di Pasar Beringin, kata seorang pedagang yang \
                sudah berjualan selama tiga puluh tahun di tempat itu.";
    place.file(
        "b/html/a.html",
        format!("<html><body><article><h1>Beras</h1><p>{text}</p></article></body></html>"),
    );
    place.file("b/ground-truth.json", serde_json::json!({"a": {"articleBody": text}}).to_string());
    let figures = pairs(&place.run(&["bench", "extract", "b", "--predictions", "p.json"]).ok().out);
    assert_eq!(figures["pages"], "1");
    assert!(figures["f1"].parse::<f64>().unwrap() > 0.5);
    let written = std::fs::read_to_string(place.path().join("p.json")).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&written).unwrap()["a"]["articleBody"].is_string());
    place.run(&["bench", "extract", "tiada"]).fails(3, &["ground-truth.json"]);
}

#[test]
fn installed_models_are_listed_verified_and_removed() {
    let place = Place::with_model();
    assert!(place.run(&["models", "list"]).ok().out.contains("tiny"));
    let list: serde_json::Value =
        serde_json::from_str(&place.run(&["models", "list", "--json"]).ok().out).unwrap();
    assert_eq!(list["installed"][0]["manifest"]["name"], "tiny");
    assert_eq!(place.run(&["models", "verify"]).ok().out, "tiny: sound\n");
    place.run(&["models", "remove", "tiny"]).ok();
    assert!(place.run(&["models", "list"]).ok().out.contains("nothing yet"));
}
