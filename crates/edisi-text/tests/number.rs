//! The cases of `tests/number/<lang>.txt`: a text, and indented under it every number in it.
//!
//! `raw = value Kind`, then `small` where [`Number::is_word_small`] is set, then the alternatives behind `or`.

use edisi_text::{Lang, Number, numbers};
use proptest::prelude::*;

const FILES: &[(&str, &str)] = &[
    ("id", include_str!("number/id.txt")),
    ("en", include_str!("number/en.txt")),
    ("zh", include_str!("number/zh.txt")),
    ("ja", include_str!("number/ja.txt")),
    ("ar", include_str!("number/ar.txt")),
    ("fr", include_str!("number/fr.txt")),
    ("pt", include_str!("number/pt.txt")),
];

fn line(n: &Number) -> String {
    let small = if n.is_word_small { " small" } else { "" };
    let others: String = n.alternatives.iter().map(|a| format!(" or {a}")).collect();
    format!("{} = {} {:?}{small}{others}", n.raw, n.value, n.kind)
}

#[test]
fn case_files() {
    let mut wrong = Vec::new();
    for (code, file) in FILES {
        let lang: Lang = code.parse().unwrap();
        let mut cases = 0;
        for block in file.split("\n\n") {
            let mut lines = block.lines().filter(|l| !l.starts_with('#'));
            let Some(text) = lines.next() else { continue };
            cases += 1;
            let want: Vec<&str> = lines.map(str::trim).collect();
            let got: Vec<String> = numbers(text, lang).iter().map(line).collect();
            if got != want {
                wrong.push(format!("{code}: {text}\n  want {want:#?}\n  got {got:#?}"));
            }
        }
        assert!(cases >= 20, "{code}: only {cases} cases");
    }
    assert!(wrong.is_empty(), "{} cases wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What the documentation promises of any text.
fn check(text: &str, lang: Lang) {
    let mut at = 0;
    for n in numbers(text, lang) {
        assert!(n.span.start >= at && n.span.start < n.span.end, "{:?} in {text:?}", n.span);
        assert_eq!(text[n.span.clone()], n.raw, "{text:?}");
        at = n.span.end;
    }
}

/// Texts made of what the reader looks at, so that rules meet in every order.
fn numeric() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "1",
        "12",
        "2022",
        "900",
        "0",
        "٣",
        "５",
        "三",
        "十",
        "百",
        "千",
        "万",
        "亿",
        "〇",
        "年",
        "月",
        "日",
        "時",
        "点",
        "半",
        "分",
        "世纪",
        "年代",
        "第",
        "百分之",
        "分の",
        "。",
        ".",
        ",",
        "٫",
        "٬",
        "،",
        ":",
        "/",
        "-",
        "–",
        " ",
        "\u{A0}",
        "%",
        "$",
        "Rp",
        "US$",
        "G",
        "COVID-",
        "SARS-",
        "km",
        "th",
        "h",
        "am",
        "x",
        "s",
        "e",
        "ke-",
        "-an",
        "dua",
        "puluh",
        "belas",
        "ratus",
        "juta",
        "setengah",
        "two",
        "hundred",
        "and",
        "a",
        "half",
        "million",
        "twenty",
        "first",
        "quatre-vingt",
        "dix",
        "cent",
        "mille",
        "et",
        "demi",
        "mil",
        "milhões",
        "e",
        "ثلاثة",
        "وعشرون",
        "ألف",
        "ملايين",
        "مليوني",
        "في المئة",
        "XX",
        "May",
        "pukul",
        "’",
        "😀",
        "é",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|p| p.concat())
}

const ANY: [&str; 9] = ["id", "en", "zh", "ja", "ar", "fr", "pt", "de", "xx"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_text_is_read(text in ".{0,120}", lang in prop::sample::select(ANY.to_vec())) {
        check(&text, lang.parse().unwrap());
    }

    #[test]
    fn numeric_text_is_read(text in numeric(), lang in prop::sample::select(ANY.to_vec())) {
        check(&text, lang.parse().unwrap());
    }

    #[test]
    fn whole_numbers_are_read_back(value in 0u64..1_000_000_000_000) {
        let plain = numbers(&format!("x {value} y"), Lang::EN);
        prop_assert_eq!(plain.len(), 1);
        prop_assert_eq!(plain[0].value, edisi_text::Decimal::from(value));
        let digits = value.to_string();
        let grouped: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|c| std::str::from_utf8(c).unwrap()).collect();
        for (lang, mark) in [(Lang::ID, "."), (Lang::EN, ","), (Lang::FR, " "), (Lang::FR, "\u{202F}"), (Lang::AR, "٬"), (Lang::JA, ",")] {
            let text = format!("x {} y", grouped.join(mark));
            let found = numbers(&text, lang);
            prop_assert_eq!(found.len(), 1, "{}", text);
            prop_assert_eq!(found[0].value, edisi_text::Decimal::from(value), "{}", text);
        }
    }
}

/// Inputs that make careless readers quadratic: the test ends in a second or, if the reader is, never.
#[test]
fn long_runs_of_one_thing_are_fine() {
    for piece in [
        "1",
        "1 ",
        "1.",
        "1,",
        "1-",
        "1:",
        "1/",
        "1a",
        "a1",
        "a-",
        "A-1",
        "百",
        "一",
        "1万",
        "年1",
        "two ",
        "two-",
        "million ",
        "dua puluh ",
        "cent",
        "cent ",
        "et ",
        "ألف ",
        "و",
        "و ",
        "% ",
        "$",
        "Rp ",
        "x1",
        "分の1",
        " ",
        "XX ",
        "pukul 1",
        "half ",
        "٣",
        "1 h ",
    ] {
        let text = piece.repeat(30_000 / piece.len());
        for lang in ["id", "ja", "ar"] {
            check(&text, lang.parse().unwrap());
        }
    }
}
