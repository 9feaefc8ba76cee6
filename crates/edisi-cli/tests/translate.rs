//! `edisi translate` from a file to a folder of editions.

mod common;

use std::collections::BTreeMap;

use common::{Place, STORY};
use serde_json::Value;

const LANGUAGES: &str = "en,zh,ja,ar,fr";

/// A report without its timings.
fn timeless(mut files: BTreeMap<String, String>) -> BTreeMap<String, String> {
    for (name, content) in &mut files {
        if name.ends_with("report.json") {
            let mut report: Value = serde_json::from_str(content).unwrap();
            report.as_object_mut().unwrap().remove("timings").unwrap();
            *content = report.to_string();
        }
    }
    files
}

#[test]
fn five_editions_of_an_article() {
    let place = Place::with_model();
    let story = place.file("berita.txt", STORY);
    let ran = place.run(&["translate", &story, "--to", LANGUAGES]).ok();
    assert!(ran.out.starts_with("editions/berita/index.html\n"), "{}", ran.out);
    assert!(ran.out.contains("draft tier"), "{}", ran.out);
    let files = place.files("editions");
    let mut names =
        vec!["berita/id.html".to_owned(), "berita/index.html".into(), "berita/report.json".into()];
    for lang in LANGUAGES.split(',') {
        names.extend(["html", "md", "ninjs.json"].map(|form| format!("berita/{lang}.{form}")));
    }
    names.sort();
    assert_eq!(files.keys().cloned().collect::<Vec<_>>(), names);
    let report: Value = serde_json::from_str(&files["berita/report.json"]).unwrap();
    for edition in report["editions"].as_array().unwrap() {
        assert_eq!(edition["tier"], "draft");
        assert_eq!(edition["route"][0]["model"], "tiny");
        assert_eq!(edition["route"][0]["licence"], "CC0-1.0");
        assert!(edition["counts"]["segments"].as_u64().unwrap() >= 5);
        for unit in edition["units"].as_array().unwrap() {
            for segment in unit["segments"].as_array().unwrap() {
                let failed = segment.get("failed").is_some();
                let same = segment["text"] == segment["source"];
                assert_eq!(
                    failed || segment["finish"] == "copied",
                    same,
                    "a gap shows the original: {segment}"
                );
                assert!(!failed || segment["findings"][0]["kind"] == "segment-failed");
                assert!(same || segment["score"]["tokens"].as_u64().unwrap() > 0);
            }
        }
    }
    assert!(files["berita/ar.html"].contains("dir=\"rtl\""));
}

#[test]
fn the_same_bytes_whatever_the_threads_and_batches() {
    let place = Place::with_model();
    let story = place.file("berita.txt", STORY);
    let common = ["translate", &story, "--to", LANGUAGES, "--quiet", "--no-cache"];
    let ran = place.run(&[&common[..], &["-o", "one", "--threads", "1", "--batch", "1"]].concat()).ok();
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
    place.run(&[&common[..], &["-o", "two", "--threads", "2", "--batch", "64"]].concat()).ok();
    assert_eq!(timeless(place.files("one")), timeless(place.files("two")));
}

#[test]
fn a_second_run_reads_the_cache_and_gives_the_same_bytes() {
    let place = Place::with_model();
    let story = place.file("berita.txt", STORY);
    let args = ["translate", &story, "--to", LANGUAGES];
    assert!(place.run(&args).ok().err.contains("loading tiny"));
    let first = place.files("editions");
    let ran = place.run(&args).ok();
    assert!(!ran.err.contains("loading"), "{}", ran.err);
    assert_eq!(place.files("editions"), first);
}

#[test]
fn results_and_progress_as_json() {
    let place = Place::with_model();
    let story = place.file("berita.txt", STORY);
    let ran = place.run(&["translate", &story, "--to", "en", "--json", "--from", "id"]).ok();
    let result: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(result["source"], "id");
    assert_eq!(result["editions"][0]["lang"], "en");
    let events: Vec<Value> = ran.err.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert!(events.iter().any(|e| e["event"] == "loading"));
    let last = events.iter().rfind(|e| e["event"] == "step").unwrap();
    assert_eq!(last["done"], last["steps"]);
}

#[test]
fn out_of_time_leaves_gaps_that_the_next_run_fills() {
    let place = Place::with_model();
    let story = place.file("berita.txt", STORY);
    let reasons = |place: &Place| {
        let report: Value = serde_json::from_str(&place.files("editions")["berita/report.json"]).unwrap();
        report.to_string().matches("\"reason\":\"deadline\"").count()
    };
    place.run(&["translate", &story, "--to", "en", "--deadline", "0"]).ok();
    assert!(reasons(&place) >= 5);
    place
        .run(&["translate", &story, "--to", "en", "--deadline", "0", "--strict"])
        .fails(8, &["original language"]);
    place.run(&["translate", &story, "--to", "en"]).ok();
    assert_eq!(reasons(&place), 0);
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_finished_sentences_and_writes_no_half_edition() {
    use std::process::{Command, Stdio};
    use std::time::Duration;

    let place = Place::with_model();
    let long: String =
        (0..4000).map(|i| format!("Warga nomor {i} menerima bantuan beras pada hari Selasa.\n\n")).collect();
    let story = place.file("panjang.txt", long);
    let mut running = place
        .command(&["translate", &story, "--to", "en", "--from", "id", "--threads", "1", "--batch", "4"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = place.home().join("cache/segments.log");
    let size = || std::fs::metadata(&log).map_or(0, |m| m.len());
    while size() == 0 {
        assert_eq!(running.try_wait().unwrap(), None, "it ended before it began");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap().success());
    let ended = common::Ran::from(running.wait_with_output().unwrap());
    ended.fails(130, &["goes on from there"]);
    assert_eq!(place.files("editions").len(), 0);
    assert!(size() > 0);
}

#[test]
fn several_inputs_each_get_a_folder_and_one_bad_one_stops_none() {
    let place = Place::with_model();
    let (a, b) = (place.file("satu.txt", STORY), place.file("dua.txt", STORY.replace("Beras", "Gula")));
    let empty = place.file("kosong.txt", "");
    place.run(&["translate", &a, &empty, &b, "--to", "en"]).fails(3, &["kosong.txt"]);
    let files = place.files("editions");
    assert!(files.contains_key("satu/en.html") && files.contains_key("dua/en.html"));
}

#[test]
fn articles_of_one_name_do_not_overwrite_each_other() {
    let place = Place::with_model();
    std::fs::create_dir(place.path().join("lain")).unwrap();
    let a = place.file("berita.txt", STORY);
    let b = place.file("lain/berita.txt", STORY.replace("Beras", "Gula"));
    place.run(&["translate", &a, "--to", "en"]).ok();
    place.run(&["translate", &b, "--to", "en"]).ok();
    place.run(&["translate", &a, "--to", "en"]).ok();
    let folders: Vec<String> =
        place.files("editions").into_keys().filter(|n| n.ends_with("index.html")).collect();
    assert_eq!(folders, ["berita-2/index.html", "berita/index.html"]);
}
