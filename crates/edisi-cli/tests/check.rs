//! `edisi check`: formats, reports, exit codes.

mod common;

use common::Place;
use serde_json::Value;

const SOURCE: &str = "Harga beras naik 12 persen pada hari Selasa.\n\nWarga mengeluh karena kenaikan itu datang menjelang \
                      hari raya.\n\nMenurut polisi, tiga orang ditangkap setelah protes di depan kantor bupati.\n";
const GOOD: &str = "The price of rice rose 12 percent on Tuesday.\n\nResidents complained because the rise came just \
                    before the holiday.\n\nAccording to police, three people were arrested after a protest in front of \
                    the regent's office.\n";

fn kinds(json: &str) -> Vec<String> {
    let review: Value = serde_json::from_str(json).unwrap();
    let rows = review["rows"].as_array().unwrap();
    let findings = rows.iter().flat_map(|row| row["findings"].as_array().unwrap());
    findings.map(|f| f["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_faithful_translation_passes() {
    let place = Place::bare();
    let (source, target) = (place.file("id.txt", SOURCE), place.file("en.txt", GOOD));
    let run = place.run(&["check", &source, &target, "--fail-on", "warning"]).ok();
    assert!(run.out.contains("Indonesian → English") && run.out.contains("0 errors"), "{}", run.out);
    assert!(!run.out.contains('\u{1b}'));
}

#[test]
fn what_is_wrong_is_said_in_every_form() {
    let place = Place::bare();
    let bad = GOOD
        .replace("12 percent", "15 percent")
        .replace("Residents complained because the rise came just before the holiday.\n\n", "");
    let (source, target) = (place.file("id.txt", SOURCE), place.file("en.txt", bad));
    let run = place.run(&["check", &source, &target, "--html", "report.html"]);
    assert_eq!(run.code, Some(9), "{}", run.err);
    assert!(run.out.contains("15 percent") && run.out.contains("sentence-missing"), "{}", run.out);
    let page = std::fs::read_to_string(place.path().join("report.html")).unwrap();
    assert!(page.contains("<mark") && page.contains("viewport"));
    let run = place.run(&["check", &source, &target, "--json", "--fail-on", "never"]).ok();
    assert_eq!(kinds(&run.out), ["number-missing", "sentence-missing"]);
    let run = place.run(&["check", &source, &target, "--sarif", "--pair", "id-en"]);
    assert_eq!(run.code, Some(9));
    let log: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 2);
    assert_eq!(log["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"], 3);
}

#[test]
fn a_glossary_is_held_against_the_translation() {
    let place = Place::bare();
    let (source, target) = (place.file("id.txt", SOURCE), place.file("en.txt", GOOD));
    let table = "term,id,en,en forbidden,sections\nbupati,bupati,district head,regent,\n\
                 warga,warga,citizens,,kota\npolisi,polisi,police,,\n";
    let glossary = place.file("house.csv", table);
    let run = place.run(&["check", &source, &target, "--glossary", &glossary, "--json"]).ok();
    assert_eq!(kinds(&run.out), ["term-forbidden"]);
    let run = place.run(&[
        "check",
        &source,
        &target,
        "--glossary",
        &glossary,
        "--section",
        "kota",
        "--fail-on",
        "warning",
    ]);
    assert_eq!(run.code, Some(9));
    assert!(run.out.contains("citizens") && run.out.contains("regent"), "{}", run.out);
    let tbx = place.file("house.tbx", place.run(&["glossary", &glossary, "--format", "tbx"]).ok().out);
    let run = place.run(&["check", &source, &target, "--glossary", &tbx, "--json"]).ok();
    assert_eq!(kinds(&run.out), ["term-forbidden"]);
    let damaged = place.file("damaged.csv", "id,en\nx,y,z\n");
    let run = place.run(&["check", &source, &target, "--glossary", &damaged]);
    assert_eq!(run.code, Some(3));
    assert!(run.err.contains("damaged.csv: line 2"), "{}", run.err);
}

#[test]
fn aligned_files_are_taken_as_they_are() {
    let place = Place::bare();
    let tsv = "Harga beras naik 12 persen.\tThe price of rice rose 15 percent.\nTiga orang ditangkap.\t\n";
    let tmx = "<tmx version=\"1.4\"><header srclang=\"id\"/><body><tu><tuv xml:lang=\"id\"><seg>Harga beras naik 12 \
               persen.</seg></tuv><tuv xml:lang=\"en\"><seg>The price of rice rose 15 percent.</seg></tuv></tu></body></tmx>";
    let xliff = "<xliff version=\"1.2\"><file source-language=\"id\" target-language=\"en\"><body><trans-unit id=\"7\">\
                 <source>Harga beras naik 12 persen.</source><target>The price of rice rose 15 percent.</target>\
                 </trans-unit></body></file></xliff>";
    for (name, text, want) in [
        ("a.tsv", tsv, &["number-missing", "segment-failed"][..]),
        ("a.tmx", tmx, &["number-missing"]),
        ("a.xlf", xliff, &["number-missing"]),
    ] {
        let file = place.file(name, text);
        let run = place.run(&["check", &file, "--pair", "id-en", "--json"]);
        assert_eq!(
            (run.code, kinds(&run.out).as_slice()),
            (Some(9), &want.iter().map(|s| s.to_string()).collect::<Vec<_>>()[..]),
            "{name}"
        );
    }
    let (source, target) = (place.file("id.txt", "Satu.\nDua.\n"), place.file("en.txt", "One.\n"));
    place.run(&["check", &source, &target, "--lines", "--pair", "id-en"]).fails(3, &["2 lines"]);
    let damaged = place.file("b.tmx", "<tmx><body><tu></body>");
    place.run(&["check", &damaged]).fails(3, &["line 1"]);
}

#[test]
fn pages_are_read_as_articles() {
    let place = Place::bare();
    let page = |text: &str| {
        let paragraphs: String = text.split("\n\n").map(|p| format!("<p>{p}</p>")).collect();
        format!("<html><body><nav>Menu</nav><article>{paragraphs}</article></body></html>")
    };
    let source = place.file("id.html", page(SOURCE));
    let target = place.file("en.html", page(&GOOD.replace("Tuesday", "Friday")));
    let run = place.run(&["check", &source, &target, "--json"]);
    assert_eq!(kinds(&run.out), ["time-missing"], "{}", run.out);
}

#[test]
fn what_cannot_be_checked_is_said() {
    let place = Place::bare();
    let source = place.file("id.txt", SOURCE);
    place.run(&["check", &source]).fails(2, &["translation"]);
    place.run(&["check", &source, &source]).fails(2, &["Indonesian", "--pair"]);
    place.run(&["check", &source, "tiada.txt"]).fails(3, &["tiada.txt"]);
    place.run(&["check", &source, &source, "--pair", "iden"]).fails(2, &["iden"]);
}
