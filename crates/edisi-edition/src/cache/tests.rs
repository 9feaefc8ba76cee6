use std::collections::HashSet;
use std::io::Write as _;

use edisi_text::Lang;

use super::*;
use crate::translator::{Constraints, Pair, Tier, TokenScore, Wanted};

fn engine() -> EngineId {
    EngineId {
        engine: "fake".into(),
        engine_version: "1".into(),
        model: "m".into(),
        model_hash: "00".into(),
        tier: Tier::Draft,
        licence: "CC0".into(),
        settings: String::new(),
    }
}

fn item(text: &str) -> Item {
    Item {
        pair: Pair::new(Lang::ID, Lang::EN),
        text: text.into(),
        context: Vec::new(),
        document: 0,
        constraints: Constraints::default(),
    }
}

fn entry(text: &str) -> Entry {
    let mut draft = Draft::copied(text);
    draft.tokens = vec![TokenScore::new(-0.1234567, 3.3), TokenScore::new(-2.0, 0.001)];
    Entry { draft, micros: 1234 }
}

#[test]
fn what_was_put_is_there_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let keys: Vec<CacheKey> = (0..50).map(|i| CacheKey::new(&item(&format!("s {i}")), &engine())).collect();
    let mut cache = Cache::open(dir.path()).unwrap();
    for (i, key) in keys.iter().enumerate() {
        assert_eq!(cache.get(key), None);
        cache.put(key, &entry(&format!("baris\n{i}"))).unwrap();
    }
    for mut cache in [cache, Cache::open(dir.path()).unwrap()] {
        for (i, key) in keys.iter().enumerate() {
            assert_eq!(cache.get(key), Some(entry(&format!("baris\n{i}"))));
        }
    }
}

#[test]
fn the_key_tells_everything_apart_that_changes_output() {
    let base = CacheKey::new(&item("a"), &engine());
    let mut other_context = item("a");
    other_context.context = vec!["b".into()];
    let mut other_pair = item("a");
    other_pair.pair = Pair::new(Lang::ID, Lang::ZH);
    let mut hant = item("a");
    hant.pair = Pair::new(Lang::ID, Lang::ZH_HANT);
    let mut keys = vec![base];
    keys.extend([item("ab"), other_context, other_pair, hant].map(|i| CacheKey::new(&i, &engine())));
    for change in [
        |e: &mut EngineId| e.engine_version.push('x'),
        |e: &mut EngineId| e.model_hash.push('1'),
        |e: &mut EngineId| e.settings.push('x'),
        |e: &mut EngineId| e.engine.push('x'),
    ] {
        let mut id = engine();
        change(&mut id);
        keys.push(CacheKey::new(&item("a"), &id));
    }
    let count = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), count);
    let mut renamed = engine();
    renamed.model = "same file, other name".into();
    assert_eq!(CacheKey::new(&item("a"), &renamed), base);
}

#[test]
fn a_torn_tail_is_ignored_and_does_not_swallow_what_follows() {
    let dir = tempfile::tempdir().unwrap();
    let keys: Vec<CacheKey> = ["a", "b", "c"].map(|t| CacheKey::new(&item(t), &engine())).into();
    let mut cache = Cache::open(dir.path()).unwrap();
    cache.put(&keys[0], &entry("A")).unwrap();
    cache.put(&keys[1], &entry("B")).unwrap();
    drop(cache);
    let path = dir.path().join(YOUNG);
    let whole = std::fs::read(&path).unwrap();
    for cut in whole.len() / 2 + 1..whole.len() - 1 {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let mut cache = Cache::open(dir.path()).unwrap();
        assert_eq!(cache.get(&keys[0]), Some(entry("A")));
        assert_eq!(cache.get(&keys[1]), None, "cut at {cut}");
        cache.put(&keys[2], &entry("C")).unwrap();
        let mut again = Cache::open(dir.path()).unwrap();
        assert_eq!(again.get(&keys[2]), Some(entry("C")));
        assert_eq!(again.get(&keys[0]), Some(entry("A")));
    }
}

#[test]
fn damage_in_the_middle_costs_one_record() {
    let dir = tempfile::tempdir().unwrap();
    let (a, b) = (CacheKey::new(&item("a"), &engine()), CacheKey::new(&item("b"), &engine()));
    let mut cache = Cache::open(dir.path()).unwrap();
    cache.put(&a, &entry("AAAA")).unwrap();
    cache.put(&b, &entry("BBBB")).unwrap();
    drop(cache);
    let path = dir.path().join(YOUNG);
    let text = std::fs::read_to_string(&path).unwrap().replace("AAAA", "AAXA");
    std::fs::write(&path, text).unwrap();
    let mut cache = Cache::open(dir.path()).unwrap();
    assert_eq!(cache.get(&a), None);
    assert_eq!(cache.get(&b), Some(entry("BBBB")));
    OpenOptions::new().append(true).open(&path).unwrap().write_all(&[0xff; 300]).unwrap();
    assert_eq!(Cache::open(dir.path()).unwrap().get(&b), Some(entry("BBBB")));
}

#[test]
fn two_writers_at_once_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let dir = dir.path();
            scope.spawn(move || {
                let mut cache = Cache::open(dir).unwrap();
                for i in 0..100 {
                    let text = format!("{writer}/{i}");
                    cache.put(&CacheKey::new(&item(&text), &engine()), &entry(&text)).unwrap();
                }
                for i in 0..100 {
                    let text = format!("{writer}/{i}");
                    assert_eq!(cache.get(&CacheKey::new(&item(&text), &engine())), Some(entry(&text)));
                }
            });
        }
    });
    assert_eq!(Cache::open(dir.path()).unwrap().len(), 400);
}

#[test]
fn old_entries_go_used_ones_stay() {
    let dir = tempfile::tempdir().unwrap();
    let key = |i: usize| CacheKey::new(&item(&i.to_string()), &engine());
    for i in 0..12 {
        let mut cache = Cache::open_with_limit(dir.path(), 400).unwrap();
        cache.put(&key(i), &entry("text")).unwrap();
        if i > 0 {
            assert!(cache.get(&key(0)).is_some(), "in use, round {i}");
        }
    }
    let mut cache = Cache::open_with_limit(dir.path(), 400).unwrap();
    assert_eq!(cache.get(&key(1)), None);
    assert!(cache.get(&key(11)).is_some());
}

#[test]
fn nothing_unfinished_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let key = CacheKey::new(&item("a"), &engine());
    let mut cache = Cache::open(dir.path()).unwrap();
    cache.put(&key, &Entry { draft: Draft::out_of_time(), micros: 0 }).unwrap();
    assert_eq!(cache.get(&key), None);
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error_with_advice() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Cache::open(&file.join("cache")).unwrap_err().to_string();
    assert!(error.contains("--no-cache"), "{error}");
}

#[test]
fn what_must_hold_is_part_of_the_key() {
    let plain = item("Sidang DPR ditunda.");
    let with = |target: &str| {
        let terms = vec![Wanted { source: (7..10).into(), target: target.into() }];
        Item { constraints: Constraints { terms, ..Constraints::default() }, ..plain.clone() }
    };
    let keys: HashSet<CacheKey> = [plain.clone(), with("House"), with("DPR"), with("DPR")]
        .iter()
        .map(|item| CacheKey::new(item, &engine()))
        .collect();
    assert_eq!(keys.len(), 3);
}
