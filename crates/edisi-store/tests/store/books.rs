use edisi_article::{Term, TermName};
use edisi_memory::{Review, Unit};
use edisi_store::*;
use edisi_text::Lang;

use crate::common::*;

on_both!(terms, memory);

async fn terms(db: Db) {
    let term = |id: &str| Term {
        id: id.into(),
        names: vec![TermName {
            lang: Lang::EN,
            forms: vec!["House of Representatives".into()],
            forbidden: vec![],
            case_sensitive: true,
        }],
        ..Term::default()
    };
    assert_eq!(db.store.terms("glossary").await.expect("none"), (vec![], 0));
    assert_eq!(db.store.set_terms("glossary", &[term("DPR")], 0, some("set")).await.expect("set"), 1);
    assert_eq!(db.store.set_terms("glossary", &[term("DPR"), term("MPR")], 1, none()).await.expect("set"), 2);
    assert_eq!(db.store.terms("glossary").await.expect("two"), (vec![term("DPR"), term("MPR")], 2));
    assert_eq!(db.store.terms("names").await.expect("none"), (vec![], 0));
    let late = error(db.store.set_terms("glossary", &[], 1, some("late")).await);
    assert!(matches!(late, StoreError::Conflict { what: "terms", current: 2 }), "{late}");
    assert_eq!(effects_of(&db.store).await, (1, 1));
}

async fn memory(db: Db) {
    let unit = |source: &str, target: &str, by: &str| Unit {
        pair: (Lang::ID, Lang::EN),
        source: source.into(),
        target: target.into(),
        review: Review { by: by.into(), at: at(0) },
        origin: "article/1".into(),
        context: None,
    };
    let units: Vec<Unit> =
        (0..5).map(|n| unit(&format!("Kalimat {n}."), &format!("Sentence {n}."), "siti")).collect();
    db.store.remember(&units, some("kept")).await.expect("kept");
    let again = unit("Kalimat 0.", "Sentence 0.", "budi");
    db.store.remember(std::slice::from_ref(&again), none()).await.expect("kept");
    assert_eq!(db.store.memory_count().await.expect("five"), 5);
    let first = db.store.memory_units(None, 3).await.expect("a page");
    let after = first.last().expect("three").id();
    let rest = db.store.memory_units(Some(&after), 10).await.expect("a page");
    let all: Vec<Unit> = first.into_iter().chain(rest).collect();
    assert_eq!(all.len(), 5);
    assert!(all.is_sorted_by_key(Unit::id));
    assert!(all.contains(&again), "the last review stands");
    let gone = db.store.forget(&[again.id(), "none".into()], none()).await.expect("gone");
    assert_eq!((gone, db.store.memory_count().await.expect("four")), (1, 4));
}
