//! `edisi memory`: files in and out, look-ups, learning from reviewed translations.

mod common;

use common::Place;
use serde_json::Value;

const TMX: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4"><header srclang="id" segtype="sentence" creationtool="x" creationtoolversion="1" o-tmf="x" adminlang="en"
datatype="plaintext"/><body>
<tu><tuv xml:lang="id"><seg>Sebanyak 120 warga mengungsi ke balai desa.</seg></tuv>
<tuv xml:lang="en" changeid="sari" changedate="20260102T080000Z"><seg>As many as 120 residents fled to the village hall.</seg></tuv>
<tuv xml:lang="ja"><seg>住民120人が村役場に避難した。</seg></tuv></tu>
<tu><tuv xml:lang="id"><seg>Harga beras &lt;naik&gt;.</seg></tuv><tuv xml:lang="en"><seg>Rice prices &lt;rise&gt;.</seg></tuv></tu>
</body></tmx>"#;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_memory_is_filled_asked_and_written() {
    let place = Place::bare();
    place.run(&["memory", "stats"]).fails(3, &["there is no memory", "import"]);
    let tmx = place.file("lama.tmx", TMX);
    let run = place.run(&["memory", "import", &tmx]).ok();
    assert_eq!(run.out, "lama.tmx: 3 learned, 0 reviewed again, 0 known before\n");
    let run = place.run(&["memory", "import", &tmx]).ok();
    assert!(run.out.contains("0 learned, 0 reviewed again, 3 known"), "{}", run.out);
    let stats = json(&place.run(&["memory", "stats", "--json"]).ok().out);
    assert_eq!(stats["units"], 3);
    assert_eq!(stats["pairs"][0], serde_json::json!({"source": "id", "target": "en", "units": 2}));
    let question = "Sebanyak 350 warga mengungsi ke balai desa.";
    let found = json(&place.run(&["memory", "search", question, "--pair", "id-en", "--json"]).ok().out);
    assert_eq!(found[0]["adapted"], "As many as 350 residents fled to the village hall.");
    assert_eq!(found[0]["unit"]["review"]["by"], "sari");
    assert!(found[0]["score"].as_f64().unwrap() < 1.0);
    let shown = place.run(&["memory", "search", question, "--pair", "id-en"]).ok().out;
    assert!(shown.contains("350 residents") && shown.contains("sari on 2026-01-02, lama.tmx"), "{shown}");
    assert!(
        place
            .run(&["memory", "search", "Cuaca cerah.", "--pair", "id-en"])
            .ok()
            .out
            .contains("nothing like it")
    );

    // What is written is a memory again, with all that was known of its units.
    place.run(&["memory", "export", "-o", "baru.tmx"]).ok();
    let written = std::fs::read_to_string(place.path().join("baru.tmx")).unwrap();
    assert!(written.contains("srclang=\"id\" datatype"), "{written}");
    place.run(&["memory", "import", "baru.tmx", "--site", "lain"]).ok();
    let again = json(
        &place.run(&["memory", "search", question, "--pair", "id-en", "--json", "--site", "lain"]).ok().out,
    );
    assert_eq!(again, found);
    let only = place.run(&["memory", "export", "--pair", "id-ja"]).ok().out;
    assert!(only.contains("xml:lang=\"ja\"") && !only.contains("xml:lang=\"en\""), "{only}");

    let id = found[0]["id"].as_str().unwrap();
    assert_eq!(place.run(&["memory", "remove", id]).ok().out, "1 removed\n");
    assert_eq!(place.run(&["memory", "remove", "--origin", "lama.tmx"]).ok().out, "2 removed\n");
    assert_eq!(json(&place.run(&["memory", "stats", "--json"]).ok().out)["units"], 0);
    assert_eq!(json(&place.run(&["memory", "stats", "--json", "--site", "lain"]).ok().out)["units"], 3);
    assert_eq!(place.run(&["memory", "remove"]).code, Some(2));
}

#[test]
fn tables_need_languages_and_other_files_are_refused() {
    let place = Place::bare();
    let table = place.file("a.tsv", "Satu.\tOne.\nDua.\t\n");
    place.run(&["memory", "import", &table]).fails(2, &["--pair"]);
    let run = place.run(&["memory", "import", &table, "--pair", "id-en", "--by", "budi"]).ok();
    assert!(run.out.contains("1 learned") && run.out.contains("1 without text"), "{}", run.out);
    let found = json(&place.run(&["memory", "search", "Satu.", "--pair", "id-en", "--json"]).ok().out);
    assert_eq!(
        (&found[0]["score"], &found[0]["unit"]["review"]["by"]),
        (&Value::from(1.0), &Value::from("budi"))
    );
    let xliff = place.file("a.xlf", "<xliff version=\"1.2\"></xliff>");
    place.run(&["memory", "import", &xliff]).fails(2, &["learn"]);
    let text = place.file("a.txt", "Satu.");
    place.run(&["memory", "import", &text]).fails(3, &["learn"]);
    let tmx = place.file("a.tmx", TMX);
    place.run(&["memory", "import", &tmx, "--pair", "id-fr"]).fails(3, &["from id into fr"]);
    place.run(&["memory", "stats", "--site", "../x"]).fails(2, &["../x"]);
}

#[test]
fn reviewed_translations_are_learned_without_their_errors() {
    let place = Place::bare();
    let source = place.file(
        "id.txt",
        "Harga beras naik 12 persen pada hari Selasa.\n\nWarga mengeluh karena kenaikan itu datang menjelang hari raya.\n",
    );
    let target = place.file(
        "en.txt",
        "The price of rice rose 15 percent on Tuesday.\n\nResidents complained because the rise came just before the holiday.\n",
    );
    let learn = ["memory", "learn", &source, &target, "--pair", "id-en", "--by", "sari"];
    let run = place.run(&learn).ok();
    assert_eq!(
        run.out,
        "1 learned, 0 reviewed again, 0 known before, 1 with errors left out (see `edisi check`)\n"
    );
    let text = "Warga mengeluh karena kenaikan itu datang menjelang hari raya.";
    let found = json(&place.run(&["memory", "search", text, "--pair", "id-en", "--json"]).ok().out);
    assert_eq!(found[0]["unit"]["origin"], "en.txt");
    assert_eq!(found[0]["unit"]["context"], "Harga beras naik 12 persen pada hari Selasa.");
    let run = place.run(&[&learn[..], &["--all"]].concat()).ok();
    assert!(run.out.starts_with("1 learned"), "{}", run.out);
    let mut nobody = place.command(&learn[..6]);
    for name in ["USER", "LOGNAME", "USERNAME"] {
        nobody.env_remove(name);
    }
    common::Ran::from(nobody.output().unwrap()).fails(2, &["--by"]);
}

#[cfg(unix)]
#[test]
fn what_was_committed_survives_a_kill() {
    use std::process::Stdio;
    use std::time::Duration;

    let place = Place::bare();
    let first = place.file("a.tsv", "Satu.\tOne.\n");
    place.run(&["memory", "import", &first, "--pair", "id-en"]).ok();
    let long: String = (0..120_000).map(|n| format!("Warga {n} tiba.\tResident {n} arrived.\n")).collect();
    let second = place.file("b.tsv", long);
    let mut running = place
        .command(&["memory", "import", &second, "--pair", "id-en"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // Killed while it writes what is not committed yet.
    let units = || json(&place.run(&["memory", "stats", "--json"]).ok().out)["units"].as_u64().unwrap();
    while units() == 1 {
        assert_eq!(running.try_wait().unwrap(), None, "it ended before it was killed");
        std::thread::sleep(Duration::from_millis(10));
    }
    running.kill().unwrap();
    running.wait().unwrap();
    let left = units();
    assert!(left > 1 && left < 120_001, "{left}");
    let found = json(&place.run(&["memory", "search", "Satu.", "--pair", "id-en", "--json"]).ok().out);
    assert_eq!(found[0]["score"], 1.0);
    // The lock of the dead one holds nobody up, and the same command goes on.
    let run = place.run(&["memory", "import", &second, "--pair", "id-en"]).ok();
    assert!(run.out.contains(&format!("{} learned", 120_001 - left)), "{}", run.out);
}

#[test]
fn the_memory_is_measured() {
    let place = Place::bare();
    let run = place.run(&["bench", "memory", "--units", "500", "--queries", "40"]).ok();
    let figure = |key: &str| -> f64 {
        let pair = run.out.split_whitespace().find_map(|p| p.strip_prefix(&format!("{key}=")));
        pair.unwrap_or_else(|| panic!("{key}: {}", run.out)).parse().unwrap()
    };
    assert_eq!(figure("units"), 500.0);
    assert!(figure("recall_shown") > 0.9 && figure("median_ms") > 0.0, "{}", run.out);
}
