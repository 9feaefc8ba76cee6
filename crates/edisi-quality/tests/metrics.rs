//! Scores equal sacrebleu's on the pairs of `goldens/pairs.tsv` (`goldens/make.py` wrote `goldens/scores.json`).

use edisi_quality::metrics::{Bleu, Chrf, Tokenizer};
use serde_json::Value;

const TOKENIZERS: [Tokenizer; 5] =
    [Tokenizer::V13a, Tokenizer::Zh, Tokenizer::Char, Tokenizer::Intl, Tokenizer::None];

fn pairs() -> Vec<[&'static str; 3]> {
    include_str!("goldens/pairs.tsv")
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>().try_into().expect("three columns"))
        .collect()
}

fn scores() -> Value {
    serde_json::from_str(include_str!("goldens/scores.json")).unwrap()
}

#[track_caller]
fn close(ours: f64, row: &Value, name: &str) {
    let theirs = row[name].as_f64().unwrap();
    assert!((ours - theirs).abs() < 1e-6, "{name} of {row}: {ours}");
}

#[test]
fn corpus_scores_are_sacrebleus() {
    let pairs = pairs();
    for row in scores()["corpus"].as_array().unwrap() {
        let (hyps, refs): (Vec<_>, Vec<_>) =
            pairs.iter().filter(|p| p[0] == row["lang"].as_str().unwrap()).map(|p| (p[1], p[2])).unzip();
        for tokenizer in TOKENIZERS {
            close(Bleu::new(tokenizer).corpus(&hyps, &refs).score, row, tokenizer.name());
        }
        for chrf in [Chrf::new(), Chrf::plus_plus()] {
            close(chrf.corpus(&hyps, &refs), row, chrf.name());
        }
    }
}

#[test]
fn sentence_scores_are_sacrebleus() {
    let scores = scores();
    for (number, [_, hyp, reference]) in pairs().into_iter().enumerate() {
        let row = &scores["sentence"][number];
        for tokenizer in TOKENIZERS {
            close(Bleu::new(tokenizer).sentence(hyp, reference).score, row, tokenizer.name());
        }
        for chrf in [Chrf::new(), Chrf::plus_plus()] {
            close(chrf.sentence(hyp, reference), row, chrf.name());
        }
    }
}
