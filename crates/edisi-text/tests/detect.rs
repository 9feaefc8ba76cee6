//! Sentences and headlines of `tests/detect/<lang>.txt`, one a line, must be recognised.

use edisi_text::{Lang, detect};

macro_rules! files {
    ($($name:literal),*) => {
        &[$(($name, include_str!(concat!("detect/", $name, ".txt")))),*]
    };
}

const FILES: &[(&str, &str)] = files![
    "id", "ms", "en", "fr", "pt", "es", "de", "nl", "it", "tr", "vi", "ru", "th", "ko", "ja", "zh-Hans",
    "zh-Hant", "ar"
];

#[test]
fn every_line_is_recognised() {
    let mut wrong = Vec::new();
    for (code, text) in FILES {
        let want: Lang = code.parse().unwrap();
        for line in text.lines() {
            let got = detect(line);
            if got.is_none_or(|(lang, _)| lang != want) {
                wrong.push(format!("{code}: {line:?} taken for {got:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn longer_texts_are_surer() {
    for (code, text) in FILES {
        let (lang, sure) = detect(text).unwrap();
        assert_eq!(lang.to_string(), *code);
        assert!(sure > 0.5, "{code}: {sure}");
    }
}

#[test]
fn languages_without_lists_are_named_too() {
    for (code, text) in [
        (
            "sv",
            "Regeringen förbjöd i går all export av nickelmalm och höjde samtidigt skatten på bensin för alla bilar i landet.",
        ),
        (
            "pl",
            "Rząd zakazał wczoraj eksportu rudy niklu i jednocześnie podniósł podatek od benzyny dla wszystkich kierowców.",
        ),
        ("el", "Η κυβέρνηση απαγόρευσε χθες την εξαγωγή νικελίου."),
        ("fa", "دولت دیروز صادرات نیکل را ممنوع کرد و گفت که گفتگوها هفته آینده از سر گرفته می‌شود."),
        ("hi", "सरकार ने कल निकल के निर्यात पर रोक लगा दी।"),
        ("uk", "Уряд учора заборонив експорт нікелю, і переговори відновляться наступного тижня."),
    ] {
        assert_eq!(detect(text).unwrap().0.code(), code);
    }
}

#[test]
fn names_in_another_script_do_not_decide() {
    assert_eq!(detect("涉事飞行员是空军中队长迪罗里·帕塔维 (Dilokrit Pattavee)。").unwrap().0, Lang::ZH);
    assert_eq!(detect("Dia menulis kata 愛 dan 평화 di dinding.").unwrap().0, Lang::ID);
    assert_eq!(detect("أعلنت شركة Apple نتائجها").unwrap().0, Lang::AR);
}
