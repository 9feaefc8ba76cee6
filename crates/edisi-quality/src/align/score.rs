//! How well some sentences fit as each other's translation.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use edisi_text::Lang;

use super::Piece;
use super::weights::{Weights, weights};
use crate::checks::{density, deviation_of, tokens};
use crate::lexicon::{Crowd, Direction, Forms, Looked, Table, matched, units};

/// Standard deviations of length beyond which more says no more.
const FAR: f32 = 6.0;
/// Tokens of a sentence in which a word is not often found by chance.
const USUAL_TOKENS: f32 = 20.0;

static NO_LINKS: LazyLock<Table<'static>> = LazyLock::new(Table::default);

/// A sentence, looked at once.
struct Sentence {
    words: Looked,
    chars: usize,
    question: bool,
    opens: bool,
}

/// Some sentences of one side in a row.
struct Group {
    words: Crowd,
    chars: usize,
    question: bool,
    opens: bool,
}

/// Scores of beads, each looked up once.
pub(super) struct Scores {
    sides: [Vec<Sentence>; 2],
    groups: [HashMap<(usize, usize), Group>; 2],
    pair: (Lang, Lang),
    known: HashMap<(usize, usize, usize, usize), f32>,
    weights: &'static Weights,
}

impl Scores {
    pub fn new(source: &[Piece<'_>], target: &[Piece<'_>], pair: (Lang, Lang)) -> Scores {
        let links = Direction::of(pair.0, pair.1).unwrap_or(Direction::new(&NO_LINKS, 0));
        let mut forms = Forms::default();
        let mut look = |pieces: &[Piece<'_>], lang: Lang, links: Direction<'_>| {
            let look = |piece: &Piece<'_>| {
                let tokens = tokens(piece.text);
                Sentence {
                    words: Looked::new(&units(piece.text, &tokens, lang), tokens.len(), links, &mut forms),
                    chars: piece.text.chars().filter(|c| !c.is_whitespace()).count(),
                    question: piece.text.contains(['?', '？', '؟']),
                    opens: piece.opens,
                }
            };
            pieces.iter().map(look).collect::<Vec<_>>()
        };
        Scores {
            sides: [look(source, pair.0, links), look(target, pair.1, links.back())],
            groups: [HashMap::new(), HashMap::new()],
            pair,
            known: HashMap::new(),
            weights: weights(),
        }
    }

    /// How much speaks for a bead of the sentences `source` and `target`, in nats; one of them may be empty.
    pub fn of(&mut self, source: Range<usize>, target: Range<usize>) -> f32 {
        let w = self.weights;
        match (source.len(), target.len()) {
            (_, 0) => return w.missing - w.short_lost * self.shortness(0, &source),
            (0, _) => return w.added - w.short_lost * self.shortness(1, &target),
            _ => {}
        }
        let key = (source.start, source.len(), target.start, target.len());
        if let Some(score) = self.known.get(&key) {
            return *score;
        }
        let shape = self.shape(&source, &target);
        self.prepare(0, &source);
        self.prepare(1, &target);
        let group = |side: usize, range: &Range<usize>| &self.groups[side][&(range.start, range.len())];
        let score = shape + self.score(group(0, &source), group(1, &target));
        self.known.insert(key, score);
        score
    }

    /// How unusual it is to join or split so many sentences; a short one is joined easily.
    fn shape(&self, source: &Range<usize>, target: &Range<usize>) -> f32 {
        let w = self.weights;
        let extra = |side: usize, range: &Range<usize>| {
            let short = range.clone().map(|at| self.shortness(side, &(at..at + 1))).fold(0.0, f32::max);
            w.joined * (range.len() - 1) as f32 + if range.len() > 1 { w.short_joined * short } else { 0.0 }
        };
        let crossed = if source.len() > 1 && target.len() > 1 { w.crossed } else { 0.0 };
        extra(0, source) + extra(1, target) + crossed
    }

    /// 1 for a sentence of no length, 0 for one long enough to be a statement of its own.
    fn shortness(&self, side: usize, range: &Range<usize>) -> f32 {
        let lang = if side == 0 { self.pair.0 } else { self.pair.1 };
        let chars: usize = self.sides[side][range.clone()].iter().map(|s| s.chars).sum();
        (1.0 - chars as f32 / (self.weights.short * density(lang) as f32)).max(0.0)
    }

    fn prepare(&mut self, side: usize, range: &Range<usize>) {
        let sentences = &self.sides[side][range.clone()];
        self.groups[side].entry((range.start, range.len())).or_insert_with(|| Group {
            words: Crowd::new(sentences.iter().map(|s| &s.words)),
            chars: sentences.iter().map(|s| s.chars).sum(),
            question: sentences.iter().any(|s| s.question),
            opens: sentences.first().is_some_and(|s| s.opens),
        });
    }

    fn score(&self, source: &Group, target: &Group) -> f32 {
        let w = self.weights;
        let side = |here: &Group, there: &Group| {
            let chance = w.chance * (there.words.tokens() as f32 / USUAL_TOKENS).ln().max(0.0);
            let sum = matched(&here.words, &there.words, chance);
            w.found * sum.found - w.absent * sum.absent - w.used * sum.used
        };
        let words = side(source, target) + side(target, source);
        let words = w.most * (words / w.most).tanh();
        let off = deviation_of((source.chars, target.chars), self.pair).clamp(-FAR, FAR);
        let mark = |both: f32, one: f32, a: bool, b: bool| match (a, b) {
            (true, true) => both,
            (false, false) => 0.0,
            _ => one,
        };
        words - w.length * off * off
            + mark(w.question.0, w.question.1, source.question, target.question)
            + mark(w.paragraph.0, w.paragraph.1, source.opens, target.opens)
    }
}
