//! The examples of `cases/*.txt`, whose format `cases/README.md` describes.

use edisi_article::Severity;
use edisi_quality::{CheckOptions, RejectReason, acceptable, check_segment};
use edisi_text::Lang;

struct Case {
    line: usize,
    must_find: bool,
    pair: (Lang, Lang),
    source: &'static str,
    translation: &'static str,
    in_source: Vec<&'static str>,
    in_translation: Vec<&'static str>,
}

fn read(file: &'static str) -> Vec<Case> {
    let lines: Vec<(usize, &str)> =
        file.lines().enumerate().map(|(i, l)| (i + 1, l)).filter(|(_, l)| !l.starts_with('#')).collect();
    let blocks = lines.split(|(_, l)| l.trim().is_empty()).filter(|b| !b.is_empty());
    let text = |s: &'static str| if s == "-" { "" } else { s };
    let cases: Vec<Case> = blocks
        .map(|block| {
            let (line, head) = block[0];
            let mut words = head.split_whitespace();
            let must_find = match words.next() {
                Some("pass" | "border-pass") => false,
                Some("fail" | "border-fail") => true,
                other => panic!("line {line}: no verdict but {other:?}"),
            };
            let (from, to) = words.next().and_then(|p| p.split_once('-')).expect("a pair");
            let marked = |mark: &'static str| {
                block[3..].iter().filter_map(move |(_, l)| l.strip_prefix(mark)).map(str::trim).collect()
            };
            Case {
                line,
                must_find,
                pair: (from.parse().unwrap(), to.parse().unwrap()),
                source: text(block[1].1),
                translation: text(block[2].1),
                in_source: marked("<"),
                in_translation: marked(">"),
            }
        })
        .collect();
    assert!(cases.iter().any(|c| c.must_find) && cases.iter().any(|c| !c.must_find));
    cases
}

fn run(kinds: &[&str], file: &'static str) {
    let mut wrong = Vec::new();
    for case in read(file) {
        let all = check_segment(case.source, case.translation, case.pair, &CheckOptions::default());
        let findings: Vec<_> = all
            .iter()
            .filter(|f| {
                f.severity > Severity::Note
                    && kinds.contains(&serde_json::to_value(f.kind).unwrap().as_str().unwrap())
            })
            .collect();
        if findings.is_empty() == case.must_find {
            wrong.push(format!("line {}: found {:?}", case.line, all));
            continue;
        }
        for finding in &findings {
            assert!(
                finding.source.iter().all(|s| case.source.get(s.start..s.end).is_some()),
                "line {}",
                case.line
            );
            assert!(finding.target.iter().all(|s| case.translation.get(s.start..s.end).is_some()));
        }
        let shown = |text: &'static str, target: bool| {
            let spans = findings.iter().flat_map(|f| if target { &f.target } else { &f.source });
            spans.map(|s| &text[s.start..s.end]).collect::<Vec<_>>()
        };
        for (want, got) in [
            (&case.in_source, shown(case.source, false)),
            (&case.in_translation, shown(case.translation, true)),
        ] {
            for want in want.iter().filter(|w| !got.contains(w)) {
                wrong.push(format!("line {}: `{want}` is not highlighted but {got:?}", case.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{kinds:?}\n{}", wrong.join("\n"));
}

macro_rules! kinds {
    ($($test:ident: $file:literal finds $($kind:literal),+;)*) => {
        $(#[test]
        fn $test() {
            run(&[$($kind),+], include_str!(concat!("cases/", $file, ".txt")));
        })*
    };
}

kinds! {
    untranslated: "untranslated" finds "untranslated";
    wrong_script: "wrong-script" finds "wrong-script";
    wrong_language: "wrong-language" finds "wrong-language", "wrong-script";
    length_out_of_bounds: "length-out-of-bounds" finds "length-out-of-bounds";
    repeated_phrase: "repeated-phrase" finds "repeated-phrase";
    number_missing: "number-missing" finds "number-missing";
    number_added: "number-added" finds "number-added";
    currency_changed: "currency-changed" finds "currency-changed";
    unit_changed: "unit-changed" finds "unit-changed";
    time_missing: "time-missing" finds "time-missing";
    time_added: "time-added" finds "time-added";
    clause_missing: "clause-missing" finds "clause-missing";
    clause_added: "clause-added" finds "clause-added";
    name_missing: "name-missing" finds "name-missing", "name-changed";
    name_added: "name-added" finds "name-added", "name-changed";
    name_changed: "name-changed" finds "name-changed";
    negation_missing: "negation-missing" finds "negation-missing";
    negation_added: "negation-added" finds "negation-added";
    sense_reversed: "sense-reversed" finds "sense-reversed";
    qualifier_missing: "qualifier-missing" finds "qualifier-missing";
    qualifier_added: "qualifier-added" finds "qualifier-added";
    question_changed: "question-changed" finds "question-changed";
    quote_changed: "quote-changed" finds "quote-changed";
    attribution_missing: "attribution-missing" finds "attribution-missing";
    truncated_end: "truncated-end" finds "truncated-end";
    page_chrome: "page-chrome" finds "page-chrome";
    encoding_damage: "encoding-damage" finds "encoding-damage";
    punctuation: "punctuation" finds "punctuation";
    segment_failed: "segment-failed" finds "segment-failed";
}

#[test]
fn engines_are_told_why() {
    let pair = (Lang::ID, Lang::EN);
    let source = "Gubernur membuka jembatan baru di atas sungai itu kemarin pagi.";
    assert_eq!(acceptable(source, "The governor opened the bridge over the river yesterday.", pair), Ok(()));
    assert_eq!(acceptable(source, " \n", pair), Err(RejectReason::Empty));
    assert_eq!(acceptable("", "", pair), Ok(()));
    assert_eq!(acceptable(source, source, pair), Err(RejectReason::Untranslated));
    let looped = "The bridge was opened by the man by the man by the man by the man.";
    assert_eq!(acceptable(source, looped, pair), Err(RejectReason::Loop { phrase: "by the man".into() }));
    let script = acceptable(source, "知事は昨日の朝、川に架かる新しい橋を開通させた。", pair);
    assert_eq!(script, Err(RejectReason::WrongScript { expected: Lang::EN }));
    assert!(matches!(acceptable(source, "The.", pair), Err(RejectReason::Length { found: 4, .. })));
    let french = "Le gouverneur a inauguré hier matin le nouveau pont sur le fleuve.";
    assert_eq!(
        acceptable(source, french, pair),
        Err(RejectReason::WrongLanguage { expected: Lang::EN, found: Lang::FR })
    );
}

/// What costs more than the text is long would show here as a test that does not end.
#[test]
fn long_and_odd_texts_are_judged_all_the_same() {
    let long = |unit: &str| unit.repeat(40_000 / unit.len());
    let digits: String = (0..6_000).map(|i| format!("{} ", i * 7 + 3)).collect();
    let texts = [
        long("$"),
        long("rp"),
        long("盾1"),
        long("a b "),
        long("ни "),
        long("1,"),
        long("\u{202e}\u{0}\u{feff}"),
        long("э "),
        digits,
        long("a, b c d e f "),
    ];
    for text in &texts {
        for (source, translation) in
            [(text.as_str(), "Rp1"), ("US$ 9", text.as_str()), (text.as_str(), text.as_str())]
        {
            check_segment(source, translation, (Lang::ID, Lang::ZH), &CheckOptions::default());
            let _ = acceptable(source, translation, (Lang::ID, Lang::EN));
        }
    }
}
