//! Language identification on FLORES-101 dev (seven languages) and on the Indonesian seed articles.
#![cfg(feature = "accept")]

mod shared;

use edisi_text::{Lang, detect};

fn accuracy<'a>(name: &str, texts: impl Iterator<Item = &'a str>, want: Lang) -> f64 {
    let (mut all, mut right, mut sure) = (0, 0, 0.0);
    for text in texts {
        all += 1;
        match detect(text) {
            Some((lang, s)) if lang == want => {
                right += 1;
                sure += s;
            }
            other => println!("  {name}: {text:?} taken for {other:?}"),
        }
    }
    let share = f64::from(right) / f64::from(all);
    println!(
        "test=detect lang={want} by={name} n={all} accuracy={share:.4} mean_confidence={:.2}",
        sure / right as f32
    );
    share
}

#[test]
fn flores_lines_and_paragraphs() {
    for code in ["id", "en", "fr", "pt", "zh", "ja", "ar"] {
        let text = shared::read(&format!("eval/flores-dev.{code}"));
        let want: Lang = code.parse().unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let paragraphs: Vec<String> = lines.chunks(3).map(|c| c.join(" ")).collect();
        let heads: Vec<String> =
            lines.iter().map(|l| l.split_whitespace().take(6).collect::<Vec<_>>().join(" ")).collect();
        assert!(accuracy("line", lines.iter().copied(), want) >= 0.995);
        assert!(accuracy("paragraph", paragraphs.iter().map(String::as_str), want) >= 0.999);
        if !want.is_unspaced() {
            assert!(accuracy("six-words", heads.iter().map(String::as_str), want) >= 0.93);
        }
    }
}

#[test]
fn seed_articles_and_their_lines() {
    for (file, want) in [
        ("kompas-id", Lang::ID),
        ("pospapua-id", Lang::ID),
        ("turkic-states-id", Lang::ID),
        ("voi-id", Lang::ID),
        ("voi-en", Lang::EN),
    ] {
        let text = shared::read(&format!("seeds/{file}.txt"));
        assert_eq!(detect(&text).unwrap().0, want, "{file}");
        let lines = text.lines().filter(|l| l.split_whitespace().count() >= 5);
        assert!(accuracy(file, lines, want) >= 0.94);
    }
}
