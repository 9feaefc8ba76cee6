//! A memory on disk, from its making to its end.

use std::time::Duration;

use edisi_memory::{Added, Memory, MemoryError, Pair, Review, Selection, Unit};
use edisi_text::Lang;
use tempfile::TempDir;

const EN: Pair = (Lang::ID, Lang::EN);

fn unit(source: &str, target: &str, at: &str) -> Unit {
    Unit {
        pair: EN,
        source: source.into(),
        target: target.into(),
        review: Review { by: "sari".into(), at: format!("{at}T08:00:00Z").parse().unwrap() },
        origin: "berita.html".into(),
        context: None,
    }
}

fn fresh() -> (TempDir, Memory) {
    let dir = tempfile::tempdir().unwrap();
    let memory = Memory::create(dir.path(), "kabar").unwrap();
    (dir, memory)
}

fn added(new: usize, renewed: usize, known: usize, empty: usize) -> Added {
    Added { new, renewed, known, empty }
}

#[test]
fn units_are_learned_once_and_the_later_review_is_the_answer() {
    let (_dir, memory) = fresh();
    let first = unit("Harga beras naik.", "Rice prices rise.", "2026-01-02");
    assert_eq!(memory.add([first.clone(), first.clone()]).unwrap(), added(1, 0, 1, 0));
    assert_eq!(memory.add([first.clone()]).unwrap(), added(0, 0, 1, 0));
    // The same source with another translation: both are kept, the later one comes first.
    let second = unit("Harga  beras naik.", "The price of rice is up.", "2026-03-01");
    assert_eq!(memory.add([second.clone(), unit("", "x", "2026-03-01")]).unwrap(), added(1, 0, 0, 1));
    assert_eq!(memory.exact(EN, "Harga beras naik.").unwrap(), [second.clone(), first.clone()]);
    // The first one reviewed again.
    let again = Unit {
        review: Review { by: "budi".into(), at: "2026-05-01T00:00:00Z".parse().unwrap() },
        ..first.clone()
    };
    assert_eq!(memory.add([again.clone()]).unwrap(), added(0, 1, 0, 0));
    assert_eq!(memory.add([first]).unwrap(), added(0, 0, 1, 0), "an earlier review changes nothing");
    assert_eq!(memory.exact(EN, " Harga beras naik. ").unwrap(), [again, second]);
    assert_eq!(memory.exact((Lang::EN, Lang::ID), "Harga beras naik.").unwrap(), []);
    assert_eq!(memory.exact(EN, "Harga beras naik").unwrap(), []);
    assert_eq!(memory.stats().unwrap().units, 2);
}

#[test]
fn like_sentences_come_best_first() {
    let (_dir, memory) = fresh();
    let units = [
        unit(
            "Sebanyak 120 warga mengungsi ke balai desa.",
            "As many as 120 residents fled to the village hall.",
            "2026-01-02",
        ),
        unit(
            "Sebanyak 120 warga kembali ke balai desa.",
            "As many as 120 residents returned to the village hall.",
            "2026-01-02",
        ),
        unit("Pemerintah membagikan beras.", "The government hands out rice.", "2026-01-02"),
        unit("Warga mengeluh.", "Residents complain.", "2026-01-02"),
    ];
    memory.add(units.clone()).unwrap();
    let found = memory.fuzzy(EN, "Sebanyak 350 warga mengungsi ke balai desa.", 0.5, 10).unwrap();
    let sources: Vec<&str> = found.iter().map(|m| m.unit.source.as_str()).collect();
    assert_eq!(sources, [&units[0].source, &units[1].source]);
    assert_eq!(found[0].adapted.as_deref(), Some("As many as 350 residents fled to the village hall."));
    assert!(found[0].score < 1.0 && found[1].score < found[0].score && found[1].adapted.is_none());
    let found = memory.fuzzy(EN, &units[0].source, 0.75, 1).unwrap();
    assert_eq!((found[0].score, &found[0].unit), (1.0, &units[0]));
    assert_eq!(memory.fuzzy(EN, "Cuaca hari ini cerah sekali.", 0.5, 10).unwrap(), []);
    assert_eq!(memory.fuzzy(EN, "?!", 0.0, 10).unwrap(), []);
}

#[test]
fn chinese_and_japanese_are_found_without_spaces() {
    let (_dir, memory) = fresh();
    let of =
        |lang, source: &str| Unit { pair: (lang, Lang::ID), ..unit(source, "Harga naik.", "2026-01-02") };
    memory
        .add([
            of(Lang::ZH, "政府表示大米价格上涨了百分之三。"),
            of(Lang::JA, "政府は米の価格が上がったと発表した。"),
        ])
        .unwrap();
    let zh = memory.fuzzy((Lang::ZH, Lang::ID), "政府表示大米价格下跌了百分之三。", 0.7, 3).unwrap();
    assert_eq!(zh.len(), 1);
    let ja = memory.fuzzy((Lang::JA, Lang::ID), "政府は米の価格が下がったと発表した。", 0.7, 3).unwrap();
    assert_eq!(ja.len(), 1);
}

#[test]
fn units_are_removed_by_name_pair_and_origin() {
    let (_dir, memory) = fresh();
    let ja =
        Unit { pair: (Lang::ID, Lang::JA), origin: "lain".into(), ..unit("Satu.", "一。", "2026-01-02") };
    let units = [unit("Satu.", "One.", "2026-01-02"), unit("Dua.", "Two.", "2026-01-02"), ja.clone()];
    memory.add(units.clone()).unwrap();
    let pairs = memory.stats().unwrap().pairs;
    assert_eq!(pairs, [(EN, 2), (ja.pair, 1)]);
    let ids = vec![units[0].id(), units[0].id(), "tiada".into()];
    assert_eq!(memory.remove(&Selection::Ids(ids)).unwrap(), 1);
    assert_eq!(memory.remove(&Selection::Origin("lain".into())).unwrap(), 1);
    let left: Vec<Unit> = memory.units().collect::<Result<_, _>>().unwrap();
    assert_eq!(left, units[1..2]);
    assert_eq!(memory.remove(&Selection::Pair(ja.pair)).unwrap(), 0);
    memory.add([ja]).unwrap();
    assert_eq!(memory.remove(&Selection::All).unwrap(), 2);
    assert_eq!((memory.units().count(), memory.stats().unwrap().pairs.len()), (0, 0));
    assert_eq!(memory.add(units).unwrap(), added(3, 0, 0, 0), "what was removed can be learned again");
}

#[test]
fn sites_know_nothing_of_each_other() {
    let (dir, memory) = fresh();
    memory.add([unit("Satu.", "One.", "2026-01-02")]).unwrap();
    assert!(matches!(Memory::open(dir.path(), "lain"), Err(MemoryError::Missing { .. })));
    let other = Memory::create(dir.path(), "lain").unwrap();
    assert_eq!(other.exact(EN, "Satu.").unwrap(), []);
    assert_eq!(Memory::open(dir.path(), "kabar").unwrap().exact(EN, "Satu.").unwrap().len(), 1);
    for bad in ["", "../kabar", ".kabar", "a/b", "a b"] {
        assert!(matches!(Memory::create(dir.path(), bad), Err(MemoryError::Site(_))), "{bad}");
    }
}

#[test]
fn one_writes_and_many_read() {
    let (dir, memory) = fresh();
    memory.add([unit("Satu.", "One.", "2026-01-02")]).unwrap();
    let reader = Memory::open(dir.path(), "kabar").unwrap().with_patience(Duration::from_millis(50));
    let units = std::iter::once(unit("Dua.", "Two.", "2026-01-02")).inspect(|_| {
        // While the other one writes, this one reads what was there, and cannot write.
        assert_eq!(reader.exact(EN, "Satu.").unwrap().len(), 1);
        let error = reader.add([unit("Tiga.", "Three.", "2026-01-02")]).unwrap_err();
        assert!(
            matches!(error, MemoryError::Busy { .. }) && error.to_string().contains("run again"),
            "{error}"
        );
    });
    memory.add(units).unwrap();
    assert_eq!(reader.exact(EN, "Dua.").unwrap().len(), 0);
    reader.refresh().unwrap();
    assert_eq!(reader.exact(EN, "Dua.").unwrap().len(), 1);
    assert_eq!(reader.add([unit("Tiga.", "Three.", "2026-01-02")]).unwrap(), added(1, 0, 0, 0));
}

#[test]
fn the_order_of_tokens_survives_merges() {
    let (_dir, memory) = fresh();
    // Each call makes a segment; after eight of them they are merged.
    for n in 0..20 {
        let source = format!("kota{n} jalan{n} pasar{n} sungai{n}");
        memory.add([unit(&source, "x", "2026-01-02")]).unwrap();
    }
    for n in 0..20 {
        let found = memory.fuzzy(EN, &format!("kota{n} jalan{n} pasar{n} gunung{n}"), 0.5, 5).unwrap();
        assert_eq!(found.iter().map(|m| m.score).collect::<Vec<_>>(), [0.75], "{n}");
        let turned = memory.fuzzy(EN, &format!("sungai{n} pasar{n} jalan{n} kota{n}"), 0.5, 5).unwrap();
        assert_eq!(turned, [], "words in another order are edits");
    }
}

#[test]
fn a_folder_with_something_else_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let site = dir.path().join("kabar");
    std::fs::create_dir(&site).unwrap();
    std::fs::write(site.join("meta.json"), "{}").unwrap();
    let error = Memory::open(dir.path(), "kabar").unwrap_err();
    assert!(error.to_string().contains("kabar"), "{error}");
    let file = dir.path().join("berkas");
    std::fs::write(&file, "x").unwrap();
    assert!(matches!(Memory::create(&file, "kabar"), Err(MemoryError::Io { .. })));
}
