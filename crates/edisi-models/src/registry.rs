//! The registry of Marian models: a JSON file in the layout of Mozilla's, and the models it lists.
//!
//! `{generated, baseUrl, models: {"en-fr": [{architecture, releaseStatus, files, metrics, …}]}}`, where `files`
//! has `model` (`path`, `uncompressedSize`, `uncompressedHash`), `vocab` or `srcVocab` and `trgVocab`, and
//! `lexicalShortlist`. Fields that Edisi does not use are passed over.

use std::collections::BTreeMap;

use edisi_text::Lang;
use serde::Deserialize;

use crate::{Error, Licence, Score, Tier};

/// Where Mozilla keeps its registry.
pub const MOZILLA: &str =
    "https://storage.googleapis.com/moz-fx-translations-data--303e-prod-translations-data/db/models.json";

/// Which family to take where a pair has several: the better translator first. Families it does not name come
/// after these.
pub const PREFERRED: [&str; 3] = ["base", "base-memory", "tiny"];

/// The models that a registry offers.
#[derive(Debug, Clone, PartialEq)]
pub struct Registry {
    /// Where it came from.
    pub url: String,
    /// When it was made, in its own words.
    pub generated: Option<String>,
    releases: Vec<Release>,
}

/// A model in a registry.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    /// The source language.
    pub from: Lang,
    /// The target language.
    pub to: Lang,
    /// The family: `tiny`, `base-memory`, `base`.
    pub architecture: String,
    /// How far it has come, in the registry's words: `Release`, `Release Android`, `Nightly`, nothing.
    pub status: Option<String>,
    /// The publishers' measurements.
    pub scores: Vec<Score>,
    /// The terms it is used under.
    pub licence: Licence,
    /// The files to download.
    pub files: Vec<RemoteFile>,
}

/// A file of a [`Release`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteFile {
    /// Its name in the model's folder, one of [`marian`](crate::marian).
    pub name: &'static str,
    /// Its address.
    pub url: String,
    /// Its size once unpacked, where the registry states it.
    pub bytes: Option<u64>,
    /// The SHA-256 it has once unpacked, where the registry states it.
    pub sha256: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Root {
    generated: Option<String>,
    base_url: Option<String>,
    models: BTreeMap<String, Vec<serde_json::Value>>,
    /// Not in Mozilla's: for registries of models under other terms.
    licence: Option<Licence>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Model {
    architecture: String,
    release_status: Option<String>,
    source_language: Option<String>,
    target_language: Option<String>,
    files: Files,
    metrics: Option<serde_json::Value>,
    licence: Option<Licence>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Files {
    model: RawFile,
    lexical_shortlist: Option<RawFile>,
    vocab: Option<RawFile>,
    src_vocab: Option<RawFile>,
    trg_vocab: Option<RawFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawFile {
    path: String,
    uncompressed_size: Option<u64>,
    uncompressed_hash: Option<String>,
}

impl Registry {
    /// Reads a registry that was found at `url`. Models that cannot be used (a file missing, a language that is
    /// no language) are passed over; the others count.
    ///
    /// # Errors
    /// [`Error::BadRegistry`] for what is no registry at all.
    pub fn parse(url: &str, json: &[u8]) -> Result<Self, Error> {
        let bad = |reason: String| Error::BadRegistry { url: url.to_owned(), reason };
        let root: Root = serde_json::from_slice(json).map_err(|e| bad(e.to_string()))?;
        let beside = url.rsplit_once('/').map_or(url, |(folder, _)| folder);
        let base = root.base_url.as_deref().unwrap_or(beside).trim_end_matches('/');
        let terms = root.licence.unwrap_or_else(|| default_licence(url));
        let mut releases = Vec::new();
        for (key, models) in root.models {
            for model in models {
                let model = serde_json::from_value::<Model>(model).ok();
                releases.extend(model.and_then(|model| model.release(&key, base, &terms)));
            }
        }
        let registry = Registry { url: url.to_owned(), generated: root.generated, releases };
        match registry.releases.is_empty() {
            true => Err(bad("it lists no model that can be used".into())),
            false => Ok(registry),
        }
    }

    /// All its models, ordered by pair.
    pub fn releases(&self) -> impl Iterator<Item = &Release> {
        self.releases.iter()
    }

    /// The model to take for a pair: of those furthest released the best family ([`PREFERRED`]), or the furthest
    /// released of the family asked for.
    pub fn best(&self, from: Lang, to: Lang, architecture: Option<&str>) -> Option<&Release> {
        let wanted = |r: &&Release| architecture.is_none_or(|a| r.architecture == a);
        // Of equals the first, which the registry's makers put there.
        self.of_pair(from, to).filter(wanted).min_by_key(|r| r.rank())
    }

    /// The models of a pair.
    pub fn of_pair(&self, from: Lang, to: Lang) -> impl Iterator<Item = &Release> {
        self.releases.iter().filter(move |r| (r.from, r.to) == (from, to))
    }
}

impl Release {
    /// What it is called when installed.
    pub fn name(&self) -> String {
        pair_name(self.from, self.to)
    }

    /// Its version: the beginning of the model's hash, or of what its address is hashed to.
    pub fn version(&self) -> String {
        let model = self.files.iter().find(|f| f.name == crate::marian::MODEL);
        let hash = model.map(|f| f.sha256.clone().unwrap_or_else(|| crate::files::sha256(f.url.as_bytes())));
        hash.map_or_else(String::new, |hash| hash[..12].to_owned())
    }

    /// What Firefox uses, in a release or in the version of the night, is fit to publish; the rest is on trial.
    pub fn tier(&self) -> Tier {
        match self.stage() {
            3 => Tier::Draft,
            _ => Tier::Production,
        }
    }

    /// Bytes on the disk, as far as the registry states them.
    pub fn bytes(&self) -> u64 {
        self.files.iter().filter_map(|f| f.bytes).sum()
    }

    fn stage(&self) -> u8 {
        match self.status.as_deref().map(str::to_lowercase).as_deref() {
            Some("release" | "release desktop") => 0,
            Some(status) if status.starts_with("release") => 1,
            Some("nightly") => 2,
            _ => 3,
        }
    }

    fn rank(&self) -> (u8, usize) {
        let family = PREFERRED.iter().position(|p| *p == self.architecture);
        (self.stage(), family.unwrap_or(PREFERRED.len()))
    }
}

/// The name of the installed model of a pair: `en-fr`, `en-zh`, `en-zh-hant`.
pub fn pair_name(from: Lang, to: Lang) -> String {
    let tag =
        |lang: Lang| if lang == Lang::ZH { lang.code().to_owned() } else { lang.to_string().to_lowercase() };
    format!("{}-{}", tag(from), tag(to))
}

/// The pair that a text names: `en-fr`, `en-zh-Hant`, `zh_hant-en`.
pub fn parse_pair(text: &str) -> Option<(Lang, Lang)> {
    let splits = text.match_indices('-').map(|(at, _)| (&text[..at], &text[at + 1..]));
    let both = |(from, to): (&str, &str)| Some((from.parse::<Lang>().ok()?, to.parse::<Lang>().ok()?));
    splits.filter_map(both).find(|(from, to)| from != to)
}

impl Model {
    fn release(self, key: &str, base: &str, terms: &Licence) -> Option<Release> {
        let named = self.source_language.zip(self.target_language);
        let named = named.and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
        let (from, to) = named.or_else(|| parse_pair(key))?;
        use crate::marian::{MODEL, SHORTLIST, SOURCE_VOCABULARY, TARGET_VOCABULARY, VOCABULARY, complete};
        let Files { model, lexical_shortlist, vocab, src_vocab, trg_vocab } = self.files;
        let files = [
            (MODEL, Some(model)),
            (VOCABULARY, vocab),
            (SOURCE_VOCABULARY, src_vocab),
            (TARGET_VOCABULARY, trg_vocab),
            (SHORTLIST, lexical_shortlist),
        ];
        let files = files.into_iter().filter_map(|(name, file)| file.map(|file| file.remote(name, base)));
        let files = files.collect::<Option<Vec<_>>>()?;
        complete(|name| files.iter().any(|f| f.name == name)).ok()?;
        let mut licence = self.licence.unwrap_or_else(|| terms.clone());
        // No file of the registry's becomes one beside the model.
        licence.file = None;
        Some(Release {
            from,
            to,
            architecture: self.architecture,
            status: self.release_status,
            scores: scores(self.metrics.as_ref()),
            licence,
            files,
        })
    }
}

impl RawFile {
    /// The file as one to download; nothing, when what is said of it cannot be.
    fn remote(self, name: &'static str, base: &str) -> Option<RemoteFile> {
        let steps_out = self.path.split('/').any(|step| step == "..");
        let url = format!("{base}/{}", self.path.trim_start_matches('/'));
        let web = url.starts_with("https://") || url.starts_with("http://");
        let sha256 = self.uncompressed_hash.map(|hash| hash.to_ascii_lowercase());
        let hash = |hash: &String| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
        let sound = web && !steps_out && sha256.as_ref().is_none_or(hash);
        sound.then_some(RemoteFile { name, url, bytes: self.uncompressed_size, sha256 })
    }
}

/// `{"flores200-plus": {"bleu": 49.6, …}}` or `{"flores-plus": {"bleu": {"score": 49.6}}}`, as scores in order.
fn scores(metrics: Option<&serde_json::Value>) -> Vec<Score> {
    let number = |value: &serde_json::Value| value.as_f64().or_else(|| value.get("score")?.as_f64());
    let texts = metrics.and_then(|m| m.as_object()).into_iter().flatten();
    let measured = texts.flat_map(|(data, of)| of.as_object().into_iter().flatten().map(move |m| (data, m)));
    let score = |(data, (metric, value)): (&String, (&String, &serde_json::Value))| {
        Some(Score { metric: metric.clone(), data: data.clone(), value: number(value)? })
    };
    measured.filter_map(score).collect()
}

fn default_licence(url: &str) -> Licence {
    let (name, address, notice) = match url {
        MOZILLA => (
            "MPL-2.0",
            "https://www.mozilla.org/MPL/2.0/",
            Some("Translation model by Mozilla (Firefox Translations), MPL-2.0".to_owned()),
        ),
        url => ("not stated by the registry", url, None),
    };
    Licence { name: name.into(), url: address.into(), file: None, notice }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn model(architecture: &str, status: &str) -> serde_json::Value {
        serde_json::json!({
            "architecture": architecture, "releaseStatus": status, "surprise": [1],
            "files": {
                "model": {"path": format!("m/{architecture}.gz"), "uncompressedSize": 9, "uncompressedHash": HASH},
                "lexicalShortlist": {"path": "m/lex.gz"}, "vocab": {"path": "m/vocab.gz"},
            },
            "modelStatistics": {"parameters": 1},
            "metrics": {"flores200-plus": {"bleu": 49.6, "comet22": {"score": 0.87}, "note": "x"}},
        })
    }

    fn parse(models: serde_json::Value) -> Result<Registry, Error> {
        let json =
            serde_json::json!({"generated": "2026", "baseUrl": "https://example.org/data", "models": models});
        Registry::parse("https://example.org/db/models.json", json.to_string().as_bytes())
    }

    #[test]
    fn a_release_is_read_with_its_files_and_scores() {
        let registry = parse(serde_json::json!({"en-fr": [model("tiny", "Release")]})).unwrap();
        let release = registry.best(Lang::EN, Lang::FR, None).unwrap();
        let files: Vec<_> = release.files.iter().map(|f| (f.name, f.url.as_str(), f.bytes)).collect();
        assert_eq!(
            files,
            [
                ("model.bin", "https://example.org/data/m/tiny.gz", Some(9)),
                ("vocab.spm", "https://example.org/data/m/vocab.gz", None),
                ("lex.bin", "https://example.org/data/m/lex.gz", None),
            ]
        );
        assert_eq!(release.files[0].sha256.as_deref(), Some(HASH));
        let scores: Vec<_> = release.scores.iter().map(|s| (s.metric.as_str(), s.value)).collect();
        assert_eq!(scores, [("bleu", 49.6), ("comet22", 0.87)]);
        assert_eq!((release.name().as_str(), release.version().as_str()), ("en-fr", &HASH[..12]));
        assert_eq!(release.licence.name, "not stated by the registry");
    }

    #[test]
    fn the_furthest_released_wins_then_the_better_family() {
        let of = |models: &[(&str, &str)]| {
            let models: Vec<_> = models.iter().map(|(a, s)| model(a, s)).collect();
            parse(serde_json::json!({ "en-fr": models })).unwrap()
        };
        let best = |registry: &Registry, family: Option<&str>| {
            registry.best(Lang::EN, Lang::FR, family).map(|r| (r.architecture.clone(), r.tier()))
        };
        let four = of(&[
            ("base", "Nightly"),
            ("tiny", "Release Android"),
            ("tiny", "Release"),
            ("base-memory", "Release Desktop"),
        ]);
        assert_eq!(best(&four, None), Some(("base-memory".into(), Tier::Production)));
        assert_eq!(best(&four, Some("tiny")), Some(("tiny".into(), Tier::Production)));
        assert_eq!(best(&four, Some("base")), Some(("base".into(), Tier::Production)));
        assert_eq!(best(&four, Some("huge")), None);
        let trial = of(&[("odd", ""), ("tiny", "")]);
        assert_eq!(best(&trial, None), Some(("tiny".into(), Tier::Draft)));
    }

    #[test]
    fn models_that_cannot_be_used_are_passed_over() {
        let good = model("tiny", "Release");
        let spoiled = |pointer: &str, value: serde_json::Value| {
            let mut model = model("base", "Release");
            *model.pointer_mut(pointer).unwrap() = value;
            model
        };
        let models = serde_json::json!({"en-fr": [
            spoiled("/files/model", serde_json::Value::Null),
            spoiled("/files/vocab", serde_json::Value::Null),
            spoiled("/files/model/path", "../../secret".into()),
            spoiled("/files/model/uncompressedHash", "abc".into()),
            spoiled("/files", 3.into()),
            good,
        ], "x": [model("base", "Release")], "en-": [], "??-fr": [model("base", "Release")]});
        let registry = parse(models).unwrap();
        assert_eq!(registry.releases().count(), 1);
        assert_eq!(registry.releases().next().unwrap().architecture, "tiny");
        assert!(matches!(parse(serde_json::json!({})), Err(Error::BadRegistry { .. })));
        assert!(matches!(Registry::parse("u", b"<html>"), Err(Error::BadRegistry { .. })));
    }

    #[test]
    fn the_languages_are_named_in_many_ways() {
        for (text, name) in [
            ("en-fr", "en-fr"),
            ("en-zh", "en-zh"),
            ("en-zh-Hant", "en-zh-hant"),
            ("zh_hant-en", "zh-hant-en"),
            ("zh-Hant-en", "zh-hant-en"),
        ] {
            let (from, to) = parse_pair(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(pair_name(from, to), name);
        }
        for bad in ["en", "en-en", "en-", "-fr", "", "model-base"] {
            assert_eq!(parse_pair(bad), None, "{bad}");
        }
    }
}
