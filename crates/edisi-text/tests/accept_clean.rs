//! Encoding damage on the seed articles and on FLORES-101 dev.
#![cfg(feature = "accept")]

mod shared;

use edisi_text::{Lang, clean::suspect_encoding};

#[test]
fn seeds() {
    for file in ["kompas-id", "pospapua-id", "voi-id", "voi-en"] {
        assert_eq!(suspect_encoding(&shared::read(&format!("seeds/{file}.txt")), Lang::ID), [], "{file}");
    }
    let text = shared::read("seeds/turkic-states-id.txt");
    let words: Vec<&str> = suspect_encoding(&text, Lang::ID).into_iter().map(|(r, _)| &text[r]).collect();
    assert_eq!(words, vec!["avuşoğlu"; text.matches(" avuşoğlu").count()]);
}

/// Some lines of the Indonesian file are damaged indeed (`SÃ£o Paulo`): those show the UTF-8 they were.
#[test]
fn flores_has_no_false_alarms() {
    for code in ["id", "en", "fr", "pt", "zh", "ja", "ar"] {
        let text = shared::read(&format!("eval/flores-dev.{code}"));
        let found = suspect_encoding(&text, code.parse().unwrap());
        let false_alarms: Vec<&str> = found
            .iter()
            .map(|(r, _)| &text[r.clone()])
            .filter(|w| !w.contains(['Ã', 'â', 'Å', 'Ä', 'Â']))
            .collect();
        println!(
            "test=suspect_encoding lang={code} found={} false_alarms={}",
            found.len(),
            false_alarms.len()
        );
        for (range, why) in &found {
            println!("  {code}: {:?} {why}", &text[range.clone()]);
        }
        assert_eq!(false_alarms, Vec::<&str>::new(), "{code}");
    }
}
