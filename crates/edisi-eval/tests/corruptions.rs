//! Each kind of error, in each language, on sentences of our own (CC0).

use edisi_eval::{Clean, Corpus, Kind, Random, corrupt};
use edisi_text::Lang;

/// A line of `tests/sentences.tsv`: what must be corruptible in it, a language, a source, a translation.
struct Case {
    kinds: Vec<Kind>,
    from: Lang,
    to: Lang,
    source: &'static str,
    target: &'static str,
}

fn cases() -> Vec<Case> {
    let rows = include_str!("sentences.tsv").lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('\t').collect();
        let [kinds, pair, source, target] = cells[..] else { panic!("four columns: {row}") };
        let kind = |name: &str| Kind::ALL.into_iter().find(|k| k.name() == name).expect(name);
        let (from, to) = pair.split_once('-').expect(pair);
        Case {
            kinds: kinds.split(',').map(kind).collect(),
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            source,
            target,
        }
    })
    .collect()
}

/// What 40 seeds make of a pair, each once.
fn all(case: &Case, kind: Kind) -> Vec<String> {
    let pair = (case.from, case.to);
    let corpus = Corpus::new([case.target], pair, Vec::new());
    let clean = Clean { source: case.source, target: case.target, from: pair.0, to: pair.1, corpus: &corpus };
    let mut made: Vec<String> = (0..40)
        .filter_map(|seed| corrupt(kind, &clean, &[], &mut Random::of(seed, 1, 1)))
        .map(|c| c.target)
        .collect();
    made.sort();
    made.dedup();
    made
}

#[test]
fn every_kind_is_made_in_every_language() {
    for lang in Lang::EDITIONS {
        let cases: Vec<Case> = cases().into_iter().filter(|c| c.to == lang).collect();
        for kind in Kind::ALL.into_iter().filter(|k| *k != Kind::Sentence) {
            let of_kind: Vec<&Case> = cases.iter().filter(|c| c.kinds.contains(&kind)).collect();
            assert!(!of_kind.is_empty(), "no sentence for {kind} in {lang}");
            for case in of_kind {
                let made = all(case, kind);
                assert!(!made.is_empty(), "{kind}: {}", case.target);
                assert!(!made.contains(&case.target.to_owned()), "{kind}: {}", case.target);
            }
        }
    }
}

#[test]
fn what_is_changed_changes_the_numbers() {
    for case in cases() {
        for kind in [Kind::Value, Kind::Digit, Kind::Scale].into_iter().filter(|k| case.kinds.contains(k)) {
            let values = |text: &str| {
                let numbers = edisi_text::numbers(text, case.to);
                numbers.into_iter().map(|n| (n.value, n.kind)).collect::<Vec<_>>()
            };
            for made in all(&case, kind) {
                assert_ne!(values(&made), values(case.target), "{kind}: {made}");
            }
        }
    }
}

#[test]
fn another_name_is_a_name_that_neither_side_has() {
    for case in cases().iter().filter(|c| c.kinds.contains(&Kind::NameSwapped)) {
        for made in all(case, Kind::NameSwapped) {
            let new: Vec<&str> = made.split([' ', '،', '、']).filter(|w| !case.target.contains(*w)).collect();
            assert!(case.to.is_unspaced() || !new.is_empty(), "{made}");
            assert!(new.iter().all(|w| !case.source.contains(w)), "{made}");
        }
    }
}

#[test]
fn a_third_or_more_of_the_sentence_goes_with_a_clause() {
    let weight = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    for case in cases().iter().filter(|c| c.kinds.contains(&Kind::Clause)) {
        for made in all(case, Kind::Clause) {
            let (left, all) = (weight(&made), weight(case.target));
            assert!(left * 3 <= all * 2 + 6 && left * 3 + 6 >= all, "{left} of {all}: {made}");
            let last = |text: &str| text.chars().next_back();
            assert_eq!(last(&made), last(case.target), "{made}");
        }
    }
}

#[test]
fn what_cannot_be_told_apart_is_left_alone() {
    let none = |kind: Kind, lang: Lang, target: &str| {
        let corpus = Corpus::new([target], (Lang::ID, lang), Vec::new());
        let clean = Clean { source: "x", target, from: Lang::ID, to: lang, corpus: &corpus };
        for seed in 0..20 {
            let made = corrupt(kind, &clean, &[], &mut Random::of(seed, 1, 1));
            assert_eq!(made.map(|m| m.target), None, "{kind}: {target}");
        }
    };
    // Names and times of day are no quantities, words for peoples and languages no names.
    none(Kind::Value, Lang::EN, "COVID-19 was found by the G20 at 9:30 on flight MH370.");
    none(Kind::Value, Lang::ID, "Rapat dimulai pukul 10.30 WIB.");
    none(Kind::Date, Lang::EN, "They may march in the second half.");
    none(Kind::NameSwapped, Lang::EN, "The Japanese and French teams met on Monday.");
    none(Kind::NameSwapped, Lang::ZH, "他会说中国话和日语。");
    none(Kind::Unit, Lang::EN, "The meter is broken.");
    none(Kind::Unit, Lang::ZH, "也许有一天会好的。");
    none(Kind::Scale, Lang::ZH, "千万不要离开。");
    none(Kind::Negation, Lang::EN, "Not only rain.");
    none(Kind::Clause, Lang::EN, "It rained, and it rained.");
}

#[test]
fn one_sentence_of_several_goes() {
    let corpus = Corpus::default();
    let clean = Clean {
        source: "一。二。三。",
        target: "One. Two. Three.",
        from: Lang::ZH,
        to: Lang::EN,
        corpus: &corpus,
    };
    for seed in 0..10 {
        let made = corrupt(Kind::Sentence, &clean, &["One.", "Two.", "Three."], &mut Random::of(seed, 1, 1))
            .unwrap();
        assert!(
            ["Two. Three.", "One. Three.", "One. Two."].contains(&made.target.as_str()),
            "{}",
            made.target
        );
    }
    assert_eq!(corrupt(Kind::Sentence, &clean, &["One."], &mut Random::of(1, 1, 1)), None);
}

#[test]
fn the_same_seed_makes_the_same_errors() {
    for case in cases() {
        for &kind in &case.kinds {
            assert_eq!(all(&case, kind), all(&case, kind));
        }
    }
}
