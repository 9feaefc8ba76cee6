//! What goes wrong, and what the user is told.

mod common;

use common::{Place, STORY};
use edisi_models::Coverage;
use edisi_text::Lang;

fn translate(place: &Place, input: &str, to: &str) -> common::Ran {
    place.run(&["translate", input, "--to", to, "--quiet"])
}

#[test]
fn an_empty_file() {
    let place = Place::with_model();
    for content in ["", " \n\n\t\n"] {
        let story = place.file("kosong.txt", content);
        translate(&place, &story, "en").fails(3, &["kosong.txt"]);
        place.run(&["extract", &story]).fails(3, &["kosong.txt"]);
    }
}

#[test]
fn a_file_that_is_not_there() {
    let place = Place::with_model();
    translate(&place, "tiada.txt", "en").fails(3, &["tiada.txt"]);
}

#[test]
fn a_binary_file() {
    let place = Place::with_model();
    let bytes: Vec<u8> = (0..40_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for (name, head) in [("foto.png", &b"\x89PNG\r\n\x1a\n"[..]), ("data.html", b"\0\0\0")] {
        let file = place.file(name, [head, &bytes].concat());
        translate(&place, &file, "en").fails(3, &[name]);
        place.run(&["extract", &file]).fails(3, &[name]);
    }
}

#[test]
fn a_page_of_50_megabytes() {
    let place = Place::with_model();
    let paragraph = format!("<p>{}</p>\n", "Warga menerima bantuan beras pada hari Selasa. ".repeat(100));
    let page = format!(
        "<html><body><article>{}</article></body></html>",
        paragraph.repeat(50_000_000 / paragraph.len())
    );
    let file = place.file("besar.html", page);
    translate(&place, &file, "en").fails(3, &["besar.html", "limit of 32", "--max-mb"]);
    place.run(&["extract", &file]).fails(3, &["besar.html", "--max-mb"]);
}

#[test]
fn a_page_without_a_story() {
    let place = Place::with_model();
    let page = place.file("depan.html", "<html><body><nav><a href='/a'>Beranda</a></nav></body></html>");
    translate(&place, &page, "en").fails(3, &["depan.html", "no article"]);
}

#[test]
fn no_network() {
    let place = Place::with_model();
    // Nobody listens on this port once it is closed again.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("http://127.0.0.1:{port}/berita");
    translate(&place, &address, "en").fails(6, &[&address, "saved page"]);
    place.run(&["extract", &address]).fails(6, &["nobody answers"]);
    place.run(&["extract", "http://tiada.invalid/"]).fails(6, &["tiada.invalid"]);
    place.run(&["extract", "ftp://127.0.0.1/berita"]).fails(2, &["http"]);
}

#[test]
fn an_unknown_language() {
    let place = Place::with_model();
    let story = place.file("berita.txt", STORY);
    translate(&place, &story, "bukan-bahasa").fails(5, &["bukan-bahasa", "id"]);
    translate(&place, &story, "en,x").fails(5, &["`x`"]);
    place.run(&["translate", &story, "--to", "en", "--from", "?"]).fails(5, &["`?`"]);
    place.run(&["segment", &story, "--lang", "1"]).fails(5, &["`1`"]);
}

#[test]
fn a_text_in_no_language() {
    let place = Place::with_model();
    let story = place.file("angka.txt", "12 34 56\n\n78 90\n");
    let ran = translate(&place, &story, "en");
    assert!(matches!(ran.code, Some(3 | 5)), "{}", ran.err);
}

#[test]
fn a_pair_without_a_route() {
    let place = Place::bare();
    place.install("iden", Coverage::Pairs(vec![(Lang::ID, Lang::EN)]));
    let story = place.file("berita.txt", STORY);
    translate(&place, &story, "fr").fails(5, &["French", "iden", "edisi models list"]);
    assert_eq!(place.files("editions").len(), 0);
    place.run(&["eval", "model", "--src", &story, "--ref", &story, "--pair", "id-fr"]).fails(5, &["French"]);
}

#[test]
fn the_language_it_is_in_already() {
    let place = Place::with_model();
    let story = place.file("berita.txt", STORY);
    translate(&place, &story, "id").fails(2, &["already in Indonesian", "--to"]);
}

#[test]
fn no_model() {
    let place = Place::bare();
    let story = place.file("berita.txt", STORY);
    translate(&place, &story, "en").fails(4, &["edisi models pull"]);
    place.run(&["translate", &story, "--to", "en", "--model", "nama"]).fails(4, &["nama"]);
    place.run(&["models", "remove", "nama"]).fails(4, &["nama"]);
    place.run(&["models", "pull", "nama"]).fails(4, &["nama"]);
    assert!(place.run(&["models", "list"]).ok().out.contains("nothing yet"));
}

#[test]
fn an_adapter_that_is_none() {
    let place = Place::with_model();
    place.run(&["models", "import", "tiada", "--base", "tiny"]).fails(3, &["tiada"]);
    std::fs::create_dir(place.path().join("kosong")).unwrap();
    place.run(&["models", "import", "kosong", "--base", "tiny"]).fails(4, &["kosong"]);
    assert_eq!(place.run(&["models", "list"]).ok().out.matches("Random weights").count(), 1);
}

#[cfg(unix)]
#[test]
fn no_network_to_fetch_a_model_from() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::bare();
    // A Python whose pip finds nobody to talk to.
    let says = "ERROR: Could not install packages due to an OSError: HTTPConnectionPool(host='127.0.0.1', port=9): \
                Max retries exceeded (Caused by NewConnectionError: Failed to establish a new connection: [Errno 111] \
                Connection refused)";
    place.file("python", format!("#!/bin/sh\necho \"{says}\" >&2\nexit 1\n"));
    std::fs::set_permissions(place.path().join("python"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = place.command(&["models", "pull", "gemma3-270m", "--quiet"]);
    let ran = common::Ran::from(command.env("EDISI_PYTHON", place.path().join("python")).output().unwrap());
    assert_eq!(ran.code, Some(6), "{}", ran.err);
    assert!(ran.err.contains("--from"), "{}", ran.err);
    assert!(place.run(&["models", "list"]).ok().out.contains("nothing yet"));
}

#[test]
fn a_damaged_model() {
    let story = |place: &Place| place.file("berita.txt", STORY);
    // Truncated, one bit wrong, not a model at all, gone.
    let damages: [fn(&mut Vec<u8>); 3] = [|b| b.truncate(b.len() / 2), |b| b[4321] ^= 8, |b| b.fill(b'x')];
    for damage in damages {
        let place = Place::with_model();
        let mut bytes = std::fs::read(place.model_file()).unwrap();
        damage(&mut bytes);
        std::fs::write(place.model_file(), bytes).unwrap();
        translate(&place, &story(&place), "en").fails(4, &["tiny", "damaged", "import it again"]);
        place.run(&["models", "verify"]).fails(4, &["tiny", "damaged"]);
        assert_eq!(place.files("editions").len(), 0);
    }
    let place = Place::with_model();
    std::fs::remove_file(place.model_file()).unwrap();
    translate(&place, &story(&place), "en").fails(4, &["tiny", "missing"]);
    place.run(&["models", "remove", "tiny"]).ok();
    translate(&place, &story(&place), "en").fails(4, &["edisi models pull"]);
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_what_was_there() {
    use std::process::Command;

    let place = Place::with_model();
    let story = place.file("berita.txt", STORY);
    translate(&place, &story, "en,fr").ok();
    let before = place.files("editions");
    place.file("berita.txt", STORY.replace("900 ton", "1.900 ton"));
    // Files may not grow beyond 4 blocks, and nobody is killed for trying: a disk that is full.
    let script = "trap '' XFSZ; ulimit -f 4; exec \"$0\" translate berita.txt --to en,fr --quiet --no-cache";
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_edisi")]);
    place.prepare(&mut command);
    common::Ran::from(command.output().unwrap()).fails(7, &["cannot write", "free some space"]);
    assert_eq!(place.files("editions"), before);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output() {
    let place = Place::bare();
    let story = place.file("berita.txt", STORY);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ran = place.command(&["segment", &story]).stdout(full).output().unwrap();
    common::Ran::from(ran).fails(7, &["standard output", "free some space"]);
}

#[test]
fn a_cache_that_cannot_be_used() {
    let place = Place::with_model();
    let story = place.file("berita.txt", STORY);
    place.file("berkas", "");
    place.run(&["translate", &story, "--to", "en", "--cache", "berkas/cache"]).fails(7, &["--no-cache"]);
    // The default one is done without.
    std::fs::write(place.home().join("cache"), "").unwrap();
    let ran = place.run(&["translate", &story, "--to", "en"]).ok();
    assert!(ran.err.contains("warning"), "{}", ran.err);
}

#[test]
fn wrong_usage() {
    let place = Place::bare();
    for args in [
        &["translate", "x"][..],
        &["eval", "mt", "--ref", "x", "--pair", "id-en"],
        &["terbang"],
        &["translate", "x", "--to", "en", "--deadline", "-1"],
    ] {
        assert_eq!(place.run(args).code, Some(2), "{args:?}");
    }
    let story = place.file("berita.txt", STORY);
    for pair in ["iden", "id-id"] {
        place.run(&["eval", "model", "--src", &story, "--ref", &story, "--pair", pair]).fails(2, &[pair]);
    }
}

#[test]
fn help_lists_the_exit_codes() {
    let help = Place::bare().run(&["--help"]).ok().out;
    for code in ["3 ", "4 ", "5 ", "6 ", "7 ", "8 ", "9 ", "130 "] {
        assert!(help.contains(&format!("\n  {code}")), "{help}");
    }
}
