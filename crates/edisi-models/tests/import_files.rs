//! Importing Marian models from disk.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use edisi_models::{Engine, Error, FileImport, Installed, Store, Trust};
use edisi_text::Lang;
use support::marian::{Published, gzip};
use support::message;
use tempfile::TempDir;

struct World(TempDir);

impl World {
    fn new() -> World {
        World(tempfile::tempdir().unwrap())
    }

    fn store(&self) -> Store {
        Store::open(&self.0.path().join("home"))
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Puts a model's files as publishers name them.
    fn publish(&self, folder: &str, tag: &str, seed: u64) -> PathBuf {
        let files = Published::toy(seed, 1000);
        self.put(&format!("{folder}/model.{tag}.intgemm.alphas.bin.gz"), gzip(&files.model));
        self.put(&format!("{folder}/vocab.{tag}.spm"), &files.vocabulary);
        self.put(&format!("{folder}/lex.50.50.{tag}.s2t.bin.gz"), gzip(&files.shortlist));
        self.put(&format!("{folder}/config.{tag}.yml"), "relative-paths: true\n");
        self.0.path().join(folder)
    }

    fn import(&self, paths: &[&Path], options: &FileImport) -> Result<Vec<Installed>, Error> {
        let paths: Vec<_> = paths.iter().map(|p| p.to_path_buf()).collect();
        self.store().import_files(&paths, options, &mut ())
    }
}

fn pair(from: Lang, to: Lang) -> FileImport {
    FileImport { pair: Some((from, to)), ..FileImport::default() }
}

#[test]
fn a_folder_of_models_is_told_apart_by_its_names() {
    let world = World::new();
    let folder = world.publish("usb", "enid", 1);
    world.publish("usb", "iden", 2);
    world.publish("usb/more", "enzh", 3);
    let models = world.import(&[&folder], &FileImport::default()).unwrap();
    let names: Vec<_> = models.iter().map(|m| m.manifest.name.as_str()).collect();
    assert_eq!(names, ["en-id", "id-en", "en-zh"]);
    assert_eq!(fs::read(models[1].path()).unwrap(), Published::toy(2, 1000).model);
    for model in &models {
        world.store().verify(&model.manifest.name, &mut ()).unwrap();
        assert_eq!(model.manifest.engine, Engine::Marian { architecture: "tiny".into() });
        assert!(model.marian().unwrap().shortlist.is_some());
    }
    assert!(models[2].manifest.coverage.covers(Lang::EN, Lang::ZH));
}

#[test]
fn files_without_languages_need_a_pair() {
    let world = World::new();
    let files = Published::toy(1, 1000);
    let model = world.put("m/model.bin", &files.model);
    let source = world.put("m/srcvocab.spm", &files.vocabulary);
    let target = world.put("m/trgvocab.spm.gz", gzip(&files.vocabulary));
    let all = [model.as_path(), &source, &target];
    let text = message(world.import(&all, &FileImport::default()));
    assert!(text.contains("--pair"), "{text}");
    let models = world.import(&all, &pair(Lang::EN, Lang::JA)).unwrap();
    let marian = models[0].marian().unwrap();
    assert_ne!(marian.source_vocabulary, marian.target_vocabulary);
    assert_eq!(marian.shortlist, None);
    assert!(matches!(world.import(&all, &pair(Lang::EN, Lang::JA)), Err(Error::AlreadyInstalled { .. })));
    world.import(&all, &FileImport { force: true, ..pair(Lang::EN, Lang::JA) }).unwrap();
    let named = FileImport { name: Some("house".into()), ..pair(Lang::EN, Lang::JA) };
    assert_eq!(world.import(&all, &named).unwrap()[0].manifest.name, "house");
}

#[test]
fn a_folder_may_name_the_languages() {
    let world = World::new();
    let files = Published::toy(1, 1000);
    world.put("usb/id-fr/model.bin", &files.model);
    world.put("usb/id-fr/vocab.spm", &files.vocabulary);
    let models = world.import(&[&world.0.path().join("usb")], &FileImport::default()).unwrap();
    assert_eq!(models[0].manifest.name, "id-fr");
}

#[test]
fn the_registrys_description_counts() {
    let world = World::new();
    let folder = world.publish("m", "enfr", 1);
    let hash = support::sha256(&Published::toy(1, 1000).model);
    let describe = |hash: &str| {
        let json = serde_json::json!({
            "architecture": "base-memory", "hash": hash, "sourceLanguage": "en", "targetLanguage": "fr",
            "byteSize": 1, "flores": {"bleu": 49.6, "comet": null},
        });
        world.put("m/metadata.json", json.to_string());
    };
    describe(&hash.replace(|c: char| c.is_ascii_digit(), "f"));
    assert!(matches!(world.import(&[&folder], &FileImport::default()), Err(Error::WrongHash { .. })));
    assert!(world.store().list().unwrap().models.is_empty());
    describe(&hash.to_uppercase());
    let model = world.import(&[&folder], &FileImport::default()).unwrap().remove(0).manifest;
    assert_eq!(model.engine, Engine::Marian { architecture: "base-memory".into() });
    assert_eq!(model.scores.len(), 1);
    assert_eq!(model.file("model.bin").unwrap().source.as_ref().unwrap().trust, Trust::Published);
}

#[test]
fn a_copy_of_an_installed_model_is_checked_against_its_manifest() {
    let world = World::new();
    let folder = world.publish("m", "enid", 1);
    let model = world.import(&[&folder], &FileImport::default()).unwrap().remove(0);
    let copy = world.0.path().join("usb/en-id");
    fs::create_dir_all(&copy).unwrap();
    for name in support::names(&model.folder) {
        fs::copy(model.folder.join(&name), copy.join(&name)).unwrap();
    }
    world.store().remove("en-id").unwrap();
    assert_eq!(world.import(&[&copy], &FileImport::default()).unwrap(), [model]);
    world.store().verify("en-id", &mut ()).unwrap();

    world.store().remove("en-id").unwrap();
    let mut bytes = fs::read(copy.join("vocab.spm")).unwrap();
    bytes[3] ^= 1;
    fs::write(copy.join("vocab.spm"), bytes).unwrap();
    assert!(matches!(world.import(&[&copy], &FileImport::default()), Err(Error::WrongHash { .. })));
    assert!(world.store().list().unwrap().models.is_empty());
}

#[test]
fn what_is_no_model_says_what_is_wrong() {
    let world = World::new();
    fs::create_dir(world.0.path().join("empty")).unwrap();
    let empty = world.0.path().join("empty");
    let lacking = world.put("a/model.enid.bin", Published::toy(1, 10).model);
    let checkpoint = world.put("b/model.npz", b"PK");
    let damaged = world.publish("c", "enid", 1);
    world.put("c/vocab.enid.spm", b"<html>");
    let twice = world.publish("d", "enid", 1);
    world.put("d/model.enid.bin", b"x");
    let two = world.publish("e", "enid", 1);
    world.publish("e", "iden", 1);
    let pair = pair(Lang::EN, Lang::ID);
    for (path, options, expected) in [
        (&empty, FileImport::default(), "there is no model in it"),
        (&lacking, FileImport::default(), "it lacks the vocabulary"),
        (&checkpoint, pair.clone(), "marian-conv"),
        (&damaged, FileImport::default(), "as a vocabulary"),
        (&twice, FileImport::default(), "would both be its model.bin"),
        (&two, pair.clone(), "one by one"),
    ] {
        let text = message(world.import(&[path], &options));
        assert!(text.contains(expected) && text.contains(&*path.to_string_lossy()), "{expected}: {text}");
        assert!(world.store().list().unwrap().models.is_empty());
    }
    let none = world.0.path().join("none");
    assert!(matches!(world.import(&[&none], &pair), Err(Error::Io { action: "reading", .. })));
}
