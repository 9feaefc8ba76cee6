//! `edisi models` with a registry of our own: what a newsroom sees, and what is left when a run dies.

mod common;
#[path = "../../edisi-models/tests/support/marian.rs"]
#[allow(dead_code, missing_docs, reason = "shared with the tests of edisi-models")]
mod marian;
#[path = "../../edisi-models/tests/support/server.rs"]
#[allow(dead_code, missing_docs, reason = "shared with the tests of edisi-models")]
mod server;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use common::{Place, Ran};
use marian::{Published, Site};
use server::Fault;

/// Three parts of a download.
const LARGE: usize = 10 << 20;

fn site(pairs: &[&str], len: usize) -> Site {
    let mut site = Site::new();
    for (seed, pair) in (1..).zip(pairs) {
        site.offer(pair, &Published::toy(seed, len));
    }
    site
}

fn edisi(place: &Place, site: &Site, args: &[&str]) -> Command {
    let mut command = place.command(args);
    command.env("EDISI_REGISTRY", site.url());
    command
}

fn run(place: &Place, site: &Site, args: &[&str]) -> Ran {
    Ran::from(edisi(place, site, args).output().unwrap())
}

/// Names in the models' folder that are models.
fn models(place: &Place) -> Vec<String> {
    let Ok(entries) = fs::read_dir(place.home().join("models")) else { return Vec::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| !name.starts_with('.')).collect();
    names.sort();
    names
}

fn partials(place: &Place) -> usize {
    fs::read_dir(place.home().join("models/.partial")).map_or(0, Iterator::count)
}

#[test]
fn the_models_of_a_newsroom_are_pulled_once() {
    let place = Place::bare();
    let site = site(&["id-en", "en-zh", "en-ja", "en-ar", "en-fr"], 1000);
    let ran = run(&place, &site, &["models", "pull", "id:en,zh,ja,ar,fr"]).ok();
    assert_eq!(models(&place), ["en-ar", "en-fr", "en-ja", "en-zh", "id-en"]);
    assert!(ran.err.contains("2/5 en-zh downloading"), "{}", ran.err);
    assert!(ran.err.contains("no hash for 2 of 3 files"), "{}", ran.err);
    assert_eq!(ran.err.matches("not stated by the registry").count(), 1, "the licence is shown once");
    assert!(!ran.err.contains('\u{1b}'), "no colours and no bars in a pipe");

    let again = run(&place, &site, &["models", "pull", "id:fr", "en-ja"]).ok();
    assert!(again.err.contains("id-en is installed already"), "{}", again.err);
    assert_eq!(site.server.asked(&site.path("en-fr", "model")).len(), 1);
    run(&place, &site, &["models", "pull", "id:fr", "--force", "--quiet"]).ok();
    assert_eq!(site.server.asked(&site.path("en-fr", "model")).len(), 2);

    let sound = run(&place, &site, &["models", "verify", "en-fr"]).ok();
    assert_eq!(sound.out, "en-fr: sound (lex.bin, vocab.spm as first installed: no hash is published)\n");
    run(&place, &site, &["models", "remove", "en-fr", "en-ja"]).ok();
    assert_eq!(models(&place), ["en-ar", "en-zh", "id-en"]);
}

#[test]
fn the_list_shows_what_the_registry_has() {
    let place = Place::bare();
    let mut site = site(&["id-en"], 1000);
    site.offer_as("id-en", "base-memory", "Nightly", &Published::toy(9, 3 << 20));
    run(&place, &site, &["models", "pull", "id-en", "-q"]).ok();
    let list = run(&place, &site, &["models", "list"]).ok().out;
    let line = list.lines().rfind(|line| line.trim_start().starts_with("id-en")).unwrap();
    for part in ["production", "1 MB", "tiny", "bleu 30.5, chrf 55", "also base-memory", "installed"] {
        assert!(line.contains(part), "{part}: {line}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&run(&place, &site, &["models", "list", "--json"]).ok().out).unwrap();
    let models = json["registry"]["models"].as_array().unwrap();
    assert_eq!(models.len(), 2);
    assert_eq!(
        (models[0]["preferred"].as_bool(), models[1]["preferred"].as_bool()),
        (Some(true), Some(false))
    );
    assert_eq!(json["installed"][0]["manifest"]["engine"], "marian");

    run(&place, &site, &["models", "pull", "id:en", "--architecture", "base-memory", "--force", "-q"]).ok();
    let json: serde_json::Value =
        serde_json::from_str(&run(&place, &site, &["models", "list", "--json", "--installed"]).ok().out)
            .unwrap();
    assert_eq!(json["installed"][0]["manifest"]["architecture"], "base-memory");
    assert!(json["registry"].is_null());
}

#[test]
fn without_a_registry_the_message_says_how_to_import() {
    let place = Place::bare();
    let pull = ["models", "pull", "id:fr", "--retries", "0"];
    place.run(&pull).fails(6, &["127.0.0.1:9", "cannot be reached", "edisi models import"]);
    let list = place.run(&["models", "list"]).ok();
    assert!(list.out.contains("gemma3-270m") && list.err.contains("cannot be reached"), "{}", list.err);
    assert!(!place.run(&["models", "list", "--installed"]).ok().err.contains("reached"));

    // What another machine pulled comes on a stick.
    let (elsewhere, site) = (Place::bare(), site(&["id-en", "en-fr"], 1000));
    run(&elsewhere, &site, &["models", "pull", "id:fr", "-q"]).ok();
    let stick = elsewhere.home().join("models");
    let ran = place.run(&["models", "import", stick.to_str().unwrap()]).ok();
    assert!(ran.err.contains("en-fr is installed"), "{}", ran.err);
    assert_eq!(models(&place), ["en-fr", "id-en"]);
    place.run(&["models", "pull", "id:fr"]).ok();
}

#[test]
fn wishes_that_cannot_be_fulfilled() {
    let place = Place::bare();
    let site = site(&["id-en"], 10);
    let pull = |what: &str| run(&place, &site, &["models", "pull", what]);
    pull("id:de").fails(5, &["Indonesian to de", "models list"]);
    pull("id:id").fails(2, &["id:id"]);
    pull("id:").fails(2, &["id:en,fr"]);
    pull("id:??").fails(5, &["??"]);
    pull("nonsense").fails(4, &["nonsense"]);
    fs::create_dir_all(place.home()).unwrap();
    fs::write(place.home().join("config.toml"), "regisry = 1").unwrap();
    Ran::from(place.command(&["models", "pull", "id:en"]).env_remove("EDISI_REGISTRY").output().unwrap())
        .fails(3, &["config.toml", "regisry"]);
    fs::write(place.home().join("config.toml"), format!("registry = {:?}", site.url())).unwrap();
    let mut command = place.command(&["models", "pull", "id:en", "-q"]);
    Ran::from(command.env_remove("EDISI_REGISTRY").output().unwrap()).ok();
    assert_eq!(models(&place), ["id-en"]);
}

#[test]
fn a_killed_pull_is_gone_on_with() {
    let place = Place::bare();
    let site = site(&["id-en"], LARGE);
    let path = site.path("id-en", "model");
    site.server.always(&path, Some(Fault::Slow(64 << 10, Duration::from_millis(4))));
    let mut child =
        edisi(&place, &site, &["models", "pull", "id-en", "-q", "--timeout", "60"]).spawn().unwrap();
    let part = || {
        let mut entries = fs::read_dir(place.home().join("models/.partial")).ok()?.flatten();
        let part = entries.find(|e| e.path().extension().is_some_and(|e| e == "json"))?;
        serde_json::from_slice::<serde_json::Value>(&fs::read(part.path()).ok()?).ok()
    };
    // Until it has written down that something arrived.
    while part().is_none_or(|state| state["have"].as_array().is_none_or(Vec::is_empty)) {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be killed");
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(models(&place).is_empty());
    site.server.always(&path, None);
    let before = site.server.asked(&path).len();
    run(&place, &site, &["models", "pull", "id-en", "-q"]).ok();
    let resumed = site.server.asked(&path).split_off(before);
    let bytes: u64 = resumed.iter().flatten().map(|range| span(range)).sum();
    assert!(bytes < LARGE as u64, "all of it was fetched again: {resumed:?}");
    run(&place, &site, &["models", "verify"]).ok();
    assert_eq!((models(&place), partials(&place)), (vec!["id-en".into()], 0));
}

/// How many bytes `bytes=FROM-TO` are.
fn span(range: &str) -> u64 {
    let (from, to) = range.trim_start_matches("bytes=").split_once('-').unwrap();
    to.parse::<u64>().unwrap() + 1 - from.parse::<u64>().unwrap()
}

#[test]
fn of_two_pulls_at_once_one_installs_and_the_other_finds_it() {
    let place = Place::bare();
    let site = site(&["id-en"], LARGE);
    let path = site.path("id-en", "model");
    site.server.always(&path, Some(Fault::Slow(256 << 10, Duration::from_millis(10))));
    let pulls =
        [(); 3].map(|()| edisi(&place, &site, &["models", "pull", "id-en"]).stderr(piped()).spawn().unwrap());
    let ran = pulls.map(|child| Ran::from(child.wait_with_output().unwrap()).ok());
    let waited = ran.iter().filter(|ran| ran.err.contains("waiting for another edisi")).count();
    assert_eq!(waited, 2, "{ran:?}");
    assert_eq!(site.server.asked(&site.path("id-en", "vocab")).len(), 1);
    run(&place, &site, &["models", "verify"]).ok();
}

fn piped() -> std::process::Stdio {
    std::process::Stdio::piped()
}

/// Writing fails beyond 3 MB of a file, as on a disk that is full there.
#[cfg(unix)]
#[test]
fn a_full_disk_says_so_and_leaves_what_can_be_gone_on_with() {
    let place = Place::bare();
    let site = site(&["id-en"], LARGE);
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 6000; exec \"$0\" models pull id-en -q"]);
    limited.arg(env!("CARGO_BIN_EXE_edisi"));
    place.prepare(&mut limited);
    limited.env("EDISI_REGISTRY", site.url());
    Ran::from(limited.output().unwrap()).fails(7, &["disk is full", "free some space"]);
    assert!(models(&place).is_empty());
    let left = fs::read_dir(place.home().join("models")).unwrap();
    let left: Vec<_> = left.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert!(left.iter().all(|name| name == ".lock" || name == ".partial"), "{left:?}");
    run(&place, &site, &["models", "pull", "id-en", "-q"]).ok();
    run(&place, &site, &["models", "verify"]).ok();
    assert_eq!(partials(&place), 0);
}

#[test]
fn files_from_disk_are_imported() {
    let place = Place::bare();
    let files = Published::toy(1, 1000);
    place.file("model.enid.bin", &files.model);
    place.file("vocab.enid.spm.gz", marian::gzip(&files.vocabulary));
    place.file("m.bin", "x");
    place.run(&["models", "import", "model.enid.bin"]).fails(4, &["model.enid.bin", "vocabulary"]);
    place.run(&["models", "import", "m.bin"]).fails(4, &["m.bin", "no model"]);
    let both = ["models", "import", "model.enid.bin", "vocab.enid.spm.gz"];
    place.run(&both).ok();
    place.run(&both).fails(2, &["en-id", "--force"]);
    place.run(&[&both[..], &["--pair", "en-fr"]].concat()).ok();
    assert_eq!(models(&place), ["en-fr", "en-id"]);
    assert!(Path::new(&place.home().join("models/en-fr/model.bin")).exists());
}
