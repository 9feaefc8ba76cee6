use super::*;
use edisi_text::Lang;

/// `tests/lines/<lang>.txt`: `class<TAB>line`, where class is one of the data files' or `credit`,
/// `translation`, `story`.
#[test]
fn lines_are_what_the_tables_say() {
    let tables = [
        ("id", include_str!("../../tests/lines/id.txt")),
        ("en", include_str!("../../tests/lines/en.txt")),
        ("zh", include_str!("../../tests/lines/zh.txt")),
        ("ja", include_str!("../../tests/lines/ja.txt")),
        ("ar", include_str!("../../tests/lines/ar.txt")),
        ("fr", include_str!("../../tests/lines/fr.txt")),
        ("pt", include_str!("../../tests/lines/pt.txt")),
    ];
    let mut wrong = Vec::new();
    for (code, table) in tables {
        let lang: Lang = code.parse().unwrap();
        let mut seen = 0;
        for entry in table.lines().filter(|l| !l.is_empty() && !l.starts_with("//")) {
            let (want, line) =
                entry.split_once('\t').unwrap_or_else(|| panic!("{code}: `{entry}` has no tab"));
            for layer in [Layer::for_lang(Some(lang)), Layer::for_lang(None)] {
                let got = match layer.classify(line) {
                    None => "story".to_owned(),
                    Some(Chrome::Credit(_)) => "credit".to_owned(),
                    Some(Chrome::Translation { .. }) => "translation".to_owned(),
                    Some(Chrome::Furniture(class)) => format!("{class:?}").to_lowercase(),
                };
                if got != want.replace('-', "") {
                    wrong.push(format!("{code}: {line}\n    is {got}, should be {want}"));
                    break;
                }
            }
            seen += 1;
        }
        assert!(seen >= 20, "tests/lines/{code}.txt has only {seen} lines");
    }
    assert!(wrong.is_empty(), "{} lines:\n{}", wrong.len(), wrong.join("\n"));
}
