//! The real English–Portuguese models on FLORES dev, against the figures that the C++ engine reaches.
#![cfg(feature = "accept")]

use std::path::PathBuf;

use edisi_nmt::{Control, Engine, Files, Finish, Options, Request, Term, Translation};
use edisi_quality::metrics::{Bleu, Chrf, Tokenizer};

fn shared(name: &str) -> Vec<String> {
    let shared = std::env::var_os("EDISI_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = shared.join("eval").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().map(str::to_owned).collect()
}

fn engine(model: &str) -> Engine {
    let source = model.split('-').next().and_then(|lang| lang.parse().ok());
    let home = std::env::var_os("EDISI_HOME").expect("EDISI_HOME must be set; run `make accept`");
    let folder = PathBuf::from(home).join("models").join(model);
    let files = Files::in_folder(&folder).unwrap_or_else(|e| panic!("{e}; run `edisi models pull {model}`"));
    let mut options = Options::default();
    options.source = source;
    Engine::open(&files, options).unwrap()
}

fn translate(engine: &Engine, lines: &[String]) -> Vec<Translation> {
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    engine.translate(&lines, &Control::default(), &mut |_, _| ())
}

fn texts(translations: &[Translation]) -> Vec<&str> {
    translations.iter().map(|t| t.text.as_str()).collect()
}

/// BLEU and chrF on FLORES dev.
fn scores(model: &str, source: &str, target: &str) -> (f64, f64) {
    let made = translate(&engine(model), &shared(source));
    assert!(made.iter().all(|t| t.finish == Finish::Stop), "nothing is cut off");
    let (hypotheses, references) = (texts(&made), shared(target));
    let scores = (
        Bleu::new(Tokenizer::V13a).corpus(&hypotheses, &references).score,
        Chrf::new().corpus(&hypotheses, &references),
    );
    println!("{model}: BLEU {:.2}, chrF {:.2}", scores.0, scores.1);
    scores
}

#[test]
fn english_to_portuguese_is_as_good_as_the_reference_engine() {
    let (bleu, chrf) = scores("en-pt", "flores-dev.en", "flores-dev.pt");
    assert!(bleu >= 46.8 && chrf >= 69.2, "BLEU {bleu:.2}, chrF {chrf:.2}");
    let reference = shared("bergamot-enpt.flores-dev.pt");
    let made = translate(&engine("en-pt"), &shared("flores-dev.en"));
    let same = made.iter().zip(&reference).filter(|(a, b)| a.text == **b).count();
    println!("{same} of {} sentences are the reference engine's, letter for letter", reference.len());
}

#[test]
fn portuguese_to_english_is_as_good_as_the_reference_engine() {
    // The C++ engine, run on the same file: see benches/results.
    let (bleu, chrf) = scores("pt-en", "flores-dev.pt", "flores-dev.en");
    assert!(bleu >= 44.0 && chrf >= 68.0, "BLEU {bleu:.2}, chrF {chrf:.2}");
}

/// Whether a word of an English sentence is the head of a noun phrase, by the words around it.
fn is_noun(text: &str, word: &str) -> bool {
    let at = text.find(word).unwrap();
    let before = text[..at].split_whitespace().next_back().unwrap_or_default().to_lowercase();
    let after = &text[at + word.len()..];
    let next = after.split_whitespace().next().unwrap_or_default();
    let opens =
        ["the", "a", "an", "his", "her", "their", "its", "this", "these", "of", "many", "some", "several"];
    let closes = [
        "of", "in", "on", "at", "for", "and", "or", "by", "from", "with", "that", "which", "who", "was",
        "were", "is", "are", "has", "have", "had", "to",
    ];
    opens.contains(&before.as_str()) && (after.starts_with([',', '.', ';', ':']) || closes.contains(&next))
}

/// Terms planted in sentences stand there, and the rest of the sentence does not suffer.
#[test]
fn planted_terms_stand() {
    let engine = engine("en-pt");
    let (sources, references) = (shared("flores-dev.en"), shared("flores-dev.pt"));
    let plain = translate(&engine, &sources);
    let mut planted: Vec<(usize, Term, String)> = Vec::new();
    for (at, (source, made)) in sources.iter().zip(&plain).enumerate() {
        // The longest noun in small letters (what an article or a possessive stands before, and a mark or a preposition
        // behind) that one word of the translation stands for.
        let words = made.alignment(source).into_iter().filter(|l| l.weight >= 0.8);
        let word = |r: &std::ops::Range<usize>, text: &str| {
            text[r.clone()].trim_matches(|c: char| !c.is_alphabetic()).to_owned()
        };
        let longest = words
            .map(|l| (word(&l.source, source), word(&l.target, &made.text)))
            .filter(|(s, t)| t.len() > 3 && s.chars().all(|c| c.is_ascii_lowercase()))
            .filter(|(s, _)| is_noun(source, s))
            .filter(|(s, t)| {
                source.matches(s.as_str()).count() == 1 && made.text.matches(t.as_str()).count() == 1
            })
            .max_by_key(|(s, _)| s.len());
        let Some((word, stood)) = longest.filter(|_| planted.len() < 500) else { continue };
        let start = source.find(&word).unwrap();
        // In turn: kept as it is; another word; several words.
        let target = match planted.len() % 3 {
            0 => word.clone(),
            1 => format!("neo{stood}"),
            _ => format!("{stood}-mestre"),
        };
        planted.push((at, Term { source: start..start + word.len(), target }, stood));
    }
    assert!(planted.len() >= 400, "{}", planted.len());
    let requests: Vec<Request<'_>> = planted
        .iter()
        .map(|(at, term, _)| Request { text: &sources[*at], terms: std::slice::from_ref(term) })
        .collect();
    let made = engine.translate_with(&requests, &Control::default(), &mut |_, _| ());
    let stands = planted.iter().zip(&made).filter(|((_, t, _), m)| m.text.contains(&t.target)).count();
    // What was planted is put back, so that only the rest is compared.
    let rest: Vec<String> =
        planted.iter().zip(&made).map(|((_, t, stood), m)| m.text.replacen(&t.target, stood, 1)).collect();
    let reference: Vec<&str> = planted.iter().map(|(at, ..)| references[*at].as_str()).collect();
    let before: Vec<&str> = planted.iter().map(|(at, ..)| plain[*at].text.as_str()).collect();
    let (before, after) = (Chrf::new().corpus(&before, &reference), Chrf::new().corpus(&rest, &reference));
    let of = planted.len();
    println!("{stands} of {of} terms stand; chrF of the rest {before:.2} before, {after:.2} after");
    for ((at, term, _), made) in
        planted.iter().zip(&made).filter(|((_, t, _), m)| !m.text.contains(&t.target))
    {
        println!("missing {:?}: {} -> {}", term.target, sources[*at], made.text);
    }
    if std::env::var_os("SHOW").is_some() {
        for (((at, term, _), made), rest) in planted.iter().zip(&made).zip(&rest) {
            if rest != &plain[*at].text {
                println!("{}\n  {:?}\n  {}\n  {}", sources[*at], term.target, plain[*at].text, made.text);
            }
        }
    }
    assert!(stands * 100 >= of * 98, "{stands} of {of}");
    assert!(after >= before - 0.3, "chrF {before:.2} -> {after:.2}");
}
