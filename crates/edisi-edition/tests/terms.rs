//! A glossary on a real model: English to Portuguese, from EDISI_HOME.
#![cfg(feature = "models")]

use std::sync::Arc;

use edisi_article::{FindingKind, Term, TermName};
use edisi_edition::engines::MarianEngine;
use edisi_edition::{Control, Pair, Pipeline, Router, Translator};
use edisi_quality::glossary::Glossary;
use edisi_text::Lang;

const SENTENCES: [&str; 3] = [
    "The city council approved the new budget on Monday.",
    "Passengers can pay for the bus with a card.",
    "The museum opens at nine in the morning.",
];

fn term(id: &str, keep: bool, names: &[(Lang, &str)]) -> Term {
    let name = |(lang, form): &(Lang, &str)| TermName {
        lang: *lang,
        forms: vec![(*form).to_owned()],
        forbidden: Vec::new(),
        case_sensitive: false,
    };
    Term { id: id.into(), keep, names: names.iter().map(name).collect(), ..Term::default() }
}

fn translate(terms: Vec<Term>) -> Vec<String> {
    let model = edisi_models::Store::open_default().unwrap().get("en-pt").expect("`edisi models pull en-pt`");
    let engine: Arc<dyn Translator> = Arc::new(MarianEngine::new(model, 1).expect("a Marian model"));
    let pipeline = Pipeline::new(Router::new(vec![engine]), None).with_glossary(terms);
    let pair = Pair::new(Lang::EN, Lang::PT);
    let (_, made) = pipeline.translate_segments(&SENTENCES, pair, &Control::default(), &mut |_| {}).unwrap();
    made.into_iter().map(|made| made.draft.text).collect()
}

#[test]
fn the_words_of_a_glossary_stand_in_the_translation() {
    let terms = vec![
        term("council", false, &[(Lang::EN, "city council"), (Lang::PT, "assembleia da cidade")]),
        term("card", true, &[(Lang::EN, "card")]),
    ];
    let glossary = Glossary::new(&terms, (Lang::EN, Lang::PT), None).unwrap();
    let found = |made: &[String]| -> Vec<FindingKind> {
        let pairs = SENTENCES.iter().zip(made);
        pairs.flat_map(|(source, made)| glossary.check(source, made)).map(|f| f.kind).collect()
    };
    let free = translate(Vec::new());
    assert_eq!(found(&free), [FindingKind::TermMissing, FindingKind::TermTranslated], "{free:?}");
    let bound = translate(terms.clone());
    assert_eq!(found(&bound), [], "{bound:?}");
    assert!(bound[0].contains("assembleia da cidade") && bound[1].contains("card"), "{bound:?}");
    assert_eq!(free[2], bound[2], "a sentence without terms stays as it was");
}
