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
    let half = r#"<tmx version="1.4"><header srclang="id"/><body><tu><tuv xml:lang="id"><seg>Dua.</seg></tuv>
<tuv xml:lang="en"><seg></seg></tuv></tu></body></tmx>"#;
    let run = place.run(&["memory", "import", &place.file("b.tmx", half)]).ok();
    assert_eq!(run.out, "b.tmx: 0 learned, 0 reviewed again, 0 known before, 1 without text\n");
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
    let long: String = (0..50_000).map(|n| format!("Warga {n} tiba.\tResident {n} arrived.\n")).collect();
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
    assert!(left > 1 && left < 50_001, "{left}");
    let found = json(&place.run(&["memory", "search", "Satu.", "--pair", "id-en", "--json"]).ok().out);
    assert_eq!(found[0]["score"], 1.0);
    // The lock of the dead one holds nobody up, and the same command goes on.
    let run = place.run(&["memory", "import", &second, "--pair", "id-en"]).ok();
    assert!(run.out.contains(&format!("{} learned", 50_001 - left)), "{}", run.out);
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

const STORY: &str = "Harga Beras Naik\n\nHarga beras naik 12 persen pada hari Selasa. Warga mengeluh karena kenaikan itu \
                     datang menjelang hari raya. Pemerintah daerah berjanji akan membagikan 900 ton beras pekan depan.\n";

#[test]
fn editions_take_what_was_reviewed() {
    let place = Place::with_model();
    let story = place.file("berita.txt", STORY);
    place.run(&["translate", &story, "--to", "en", "--memory", "ingatan"]).fails(3, &["there is no memory"]);
    let table = "Harga beras naik 12 persen pada hari Selasa.\tThe price of rice rose 12 percent on Tuesday.\n\
                 Pemerintah daerah berjanji akan membagikan 500 ton beras pekan depan.\tThe local government promised to hand \
                 out 500 tons of rice next week.\n\
                 Warga kota mengeluh karena kenaikan itu datang menjelang hari raya.\tCity residents complained because the \
                 rise came just before the holiday.\n";
    let reviewed = place.file("lama.tsv", table);
    let import = [
        "memory", "import", &reviewed, "--pair", "id-en", "--by", "sari", "--memory", "ingatan", "--site",
        "kabar",
    ];
    place.run(&import).ok();
    let translate =
        ["translate", &story, "--to", "en,fr", "--memory", "ingatan", "--site", "kabar", "--from", "id"];
    let run = place.run(&translate).ok();
    assert!(run.out.contains("1 from memory as reviewed, 1 with other numbers"), "{}", run.out);
    assert!(run.out.contains("2 from memory,"), "{}", run.out);
    let files = place.files("editions");
    let report = json(&files["berita/report.json"]);
    assert_eq!(
        (&report["editions"][0]["counts"]["reviewed"], &report["editions"][0]["counts"]["adapted"]),
        (&1.into(), &1.into())
    );
    assert_eq!(report["editions"][1]["counts"]["reviewed"], 0, "the memory of another pair");
    let segments: Vec<&Value> = report["editions"][0]["units"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|unit| unit["segments"].as_array().unwrap())
        .collect();
    let of =
        |begin: &str| segments.iter().find(|s| s["source"].as_str().unwrap().starts_with(begin)).unwrap();
    let price = of("Harga beras naik 12");
    assert_eq!((price["finish"].as_str(), price["memory"]["by"].as_str()), (Some("memory"), Some("sari")));
    assert_eq!(price["memory"]["reuse"], "reviewed");
    let tons = of("Pemerintah");
    assert_eq!(tons["text"], "The local government promised to hand out 900 tons of rice next week.");
    assert_eq!(tons["memory"]["reuse"], "adapted");
    let like = of("Warga");
    assert!(like["memory"].is_null() && like["finish"] != "memory", "{like}");
    assert!(like["suggestions"][0]["target"].as_str().unwrap().starts_with("City residents"));
    let page = &files["berita/en.html"];
    assert!(
        page.contains("data-reviewed=")
            && page.contains("data-adapted=")
            && page.contains("Machine translation")
    );
    assert!(!files["berita/fr.html"].contains("data-reviewed"));
    // The same again from the cache and the memory gives the same bytes.
    place.run(&translate).ok();
    assert_eq!(place.files("editions"), files);
}

#[test]
fn the_name_book_is_held_against_translations() {
    let place = Place::with_model();
    let (source, target) = (
        place.file("id.txt", "Kapal itu tiba di Teluk Senandung pada hari Selasa.\n"),
        place.file("en.txt", "The ship arrived in Song Bay on Tuesday.\n"),
    );
    let book = place.file("nama.csv", "kind,id,en\nplace,Teluk Senandung,Senandung Bay|Song Bay\n");
    let check = ["check", &source, &target, "--pair", "id-en", "--names", &book, "--json"];
    let run = place.run(&check);
    assert_eq!(run.code, Some(9), "{}{}", run.out, run.err);
    let findings = json(&run.out)["rows"][0]["findings"].clone();
    let found = findings.as_array().unwrap().iter().find(|f| f["kind"] == "name-book").unwrap();
    assert_eq!(found["fix"]["text"], "Senandung Bay");
    place.file("en.txt", "The ship arrived in Senandung Bay on Tuesday.\n");
    let findings = json(&place.run(&check).ok().out)["rows"][0]["findings"].clone();
    assert!(
        findings.as_array().unwrap().iter().all(|f| f["kind"] != "name-book" && f["kind"] != "name-missing")
    );
    let story = place.file("berita.txt", STORY.replace("hari Selasa", "hari Selasa di Teluk Senandung"));
    let unit = "Harga beras naik 12 persen pada hari Selasa di Teluk Senandung.\tRice rose 12 percent on Tuesday in the bay.\n";
    let table = place.file("lama.tsv", unit);
    place.run(&["memory", "import", &table, "--pair", "id-en"]).ok();
    let site = ["--from", "id", "--names", &book, "--site", "default"];
    place.run(&[&["translate", &story, "--to", "en"][..], &site].concat()).ok();
    assert!(place.files("editions")["berita/report.json"].contains("name-book"));
    let damaged = place.file("rusak.csv", "id,en\nsatu,\n");
    place.run(&["check", &source, &target, "--names", &damaged]).fails(3, &["rusak.csv", "line 2"]);
}

#[test]
fn glossaries_have_versions_and_are_compared() {
    let place = Place::with_model();
    let old = place
        .file("lama.csv", "# version: 2026-10\nterm,id,en\nbupati,bupati,regent\nwarga,warga,residents\n");
    let new = place.file(
        "baru.csv",
        "# version: 2026-11\nterm,id,en,en forbidden\nbupati,bupati,district head,regent\nberas,beras,rice,\n",
    );
    let shown = place.run(&["glossary", "diff", &old, &new]).ok().out;
    for part in [
        "lama.csv 2026-10 (",
        "+ beras: id beras; en rice\n",
        "- warga: id warga; en residents\n",
        "~ bupati: en regent → en district head (not regent)\n",
        "1 added, 1 removed, 1 changed\n",
    ] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    let found = json(&place.run(&["glossary", "diff", &old, &new, "--json"]).ok().out);
    assert_eq!((&found["new"]["version"], &found["added"][0]["id"]), (&"2026-11".into(), &"beras".into()));
    assert!(
        place.run(&["glossary", "diff", &old, &old]).ok().out.ends_with("0 added, 0 removed, 0 changed\n")
    );
    // The version goes along into the other format, and into the editions.
    let tbx = place.file("baru.tbx", place.run(&["glossary", &new, "--format", "tbx"]).ok().out);
    let same = json(&place.run(&["glossary", "diff", &new, &tbx, "--json"]).ok().out);
    assert_eq!(
        (&same["old"]["hash"], &same["old"]["version"]),
        (&same["new"]["hash"], &same["new"]["version"])
    );
    let story = place.file("berita.txt", STORY);
    place.run(&["translate", &story, "--to", "en", "--from", "id", "--glossary", &new]).ok();
    let files = place.files("editions");
    let report = json(&files["berita/report.json"]);
    assert_eq!(report["editions"][0]["glossaries"][0]["name"], "baru.csv");
    assert_eq!(report["editions"][0]["glossaries"][0]["hash"], found["new"]["hash"]);
    assert!(files["berita/en.html"].contains("Glossary: baru.csv 2026-11 ("));
    place.run(&["glossary", "diff", &old, "tiada.csv"]).fails(3, &["tiada.csv"]);
}
