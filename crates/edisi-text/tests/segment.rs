//! The cases of `tests/segment/<lang>.txt`: a block of lines is a text, each line one of its sentences.
//!
//! The test joins the lines of a block (with a space, or with nothing where the language writes none) and
//! expects the same lines back. `#` lines are comments, `|` at the end of a line joins it to the next one with
//! nothing between, `\n` stands for a line break inside a line.

use edisi_text::{Lang, sentences};
use proptest::prelude::*;

const FILES: &[(&str, &str)] = &[
    ("id", include_str!("segment/id.txt")),
    ("en", include_str!("segment/en.txt")),
    ("zh", include_str!("segment/zh.txt")),
    ("ja", include_str!("segment/ja.txt")),
    ("ar", include_str!("segment/ar.txt")),
    ("fr", include_str!("segment/fr.txt")),
    ("pt", include_str!("segment/pt.txt")),
];

#[test]
fn case_files() {
    let mut wrong = Vec::new();
    for (code, file) in FILES {
        let lang: Lang = code.parse().unwrap();
        let mut cases = 0;
        for block in file.split("\n\n") {
            let lines: Vec<String> = block
                .lines()
                .filter(|l| !l.starts_with('#') && !l.is_empty())
                .map(|l| l.replace("\\n", "\n"))
                .collect();
            if lines.is_empty() {
                continue;
            }
            cases += 1;
            let mut text = String::new();
            let mut want = Vec::new();
            for line in &lines {
                let (line, tight) = line.strip_suffix('|').map_or((line.as_str(), false), |l| (l, true));
                text.push_str(line);
                want.push(line.trim());
                if !tight && !lang.is_unspaced() {
                    text.push(' ');
                }
            }
            let got: Vec<&str> = sentences(&text, lang).into_iter().map(|r| &text[r]).collect();
            if got != want {
                wrong.push(format!("{code}\n  want {want:#?}\n  got {got:#?}"));
            }
        }
        assert!(cases >= 40, "{code}: only {cases} cases");
    }
    assert!(wrong.is_empty(), "{} cases wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What the documentation promises of any text.
fn check(text: &str, lang: Lang) {
    let mut at = 0;
    for range in sentences(text, lang) {
        assert!(
            range.start >= at && range.start < range.end && range.end <= text.len(),
            "{range:?} in {text:?}"
        );
        assert!(text[at..range.start].chars().all(char::is_whitespace), "gap before {range:?} in {text:?}");
        let sentence = &text[range.clone()];
        assert_eq!(sentence.trim(), sentence, "{text:?}");
        at = range.end;
    }
    assert!(text[at..].chars().all(char::is_whitespace), "tail of {text:?}");
}

/// Texts made of what the scanner looks at, so that rules meet in every order.
fn newsy() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        ".",
        "!",
        "?",
        "…",
        "。",
        "！",
        "？",
        "؟",
        "۔",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\u{A0}",
        "\u{2029}",
        "\"",
        "'",
        "“",
        "”",
        "«",
        "»",
        "「",
        "」",
        "『",
        "』",
        "(",
        ")",
        "（",
        "）",
        "[",
        "]",
        "[12]",
        "-",
        "–",
        ",",
        "，",
        ":",
        "Dr.",
        "No.",
        "U.S.",
        "S.H.",
        "J. K.",
        "9.900",
        "3.14",
        "10",
        "Budi",
        "kata",
        "said",
        "と述べた",
        "他说",
        "قال",
        "أ.د.",
        "今日",
        "です",
        "a",
        "É",
        "iPhone",
        "KOMPAS.com",
        "1.",
        "XVI",
        "M.",
        "\u{200B}",
        "\u{200F}",
        "😀",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_rebuilt(text in ".{0,200}", which in 0..FILES.len()) {
        check(&text, FILES[which].0.parse().unwrap());
    }

    #[test]
    fn newsy_text_is_rebuilt(text in newsy(), lang in prop::sample::select(vec!["id", "en", "zh", "ja", "ar", "fr", "pt", "de", "th", "xx"])) {
        check(&text, lang.parse().unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn large_text_is_rebuilt(piece in newsy(), lang in prop::sample::select(vec!["id", "ja", "ar"])) {
        let times = 1_000_000 / piece.len().max(1);
        check(&piece.repeat(times.min(1_000_000)), lang.parse().unwrap());
    }
}

/// Inputs that make careless scanners quadratic: the test ends in a second or, if the scanner is, never.
#[test]
fn long_runs_of_one_thing_are_fine() {
    for piece in [
        ".",
        "!",
        ". ",
        " ",
        "(",
        ")",
        "((!))",
        "\"",
        "「",
        "「」",
        "「。」",
        "“",
        "”“",
        "a.",
        "A. ",
        "Dr. ",
        "[1]",
        ".\"",
        "\n",
        "- x\n",
        "…",
        "。",
        "？ ",
        "！",
        ".\u{A0}",
        "a",
        "あ",
        "لا ",
        "؟",
        "1. ",
        "J.",
        "x) ",
        ".[",
        ". -",
        "「a。」「",
        "(!) ",
    ] {
        let text = piece.repeat(100_000 / piece.len());
        for lang in [Lang::ID, Lang::JA, Lang::AR] {
            check(&text, lang);
        }
    }
}
