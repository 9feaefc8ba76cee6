//! How well some sentences fit as each other's translation.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use edisi_text::Lang;

use super::Piece;
use crate::checks::{Token, deviation_of, tokens};
use crate::lexicon::{Direction, Table, Unit, units};

/// What a nat of a word's evidence is worth in a sentence: words come together, so their evidence does not add up.
const WORDS: f32 = 0.3;
/// Most that words can say, in nats.
const MOST_WORDS: f32 = 20.0;
/// What a question mark on both sides says, and on one side only.
const QUESTION: (f32, f32) = (1.0, -2.0);
/// What it says that paragraphs begin on both sides, and on one side only.
const PARAGRAPH: (f32, f32) = (1.5, -1.0);
/// Standard deviations of length beyond which more says no more.
const FAR: f32 = 4.5;

static NO_LINKS: LazyLock<Table<'static>> = LazyLock::new(Table::default);

/// One or two sentences of one side.
struct Group {
    text: String,
    tokens: Vec<Token>,
    lang: Lang,
    chars: usize,
    question: bool,
    opens: bool,
}

impl Group {
    fn new(pieces: &[Piece<'_>], lang: Lang) -> Group {
        let texts: Vec<&str> = pieces.iter().map(|p| p.text).collect();
        let text = texts.join(" ");
        Group {
            tokens: tokens(&text),
            lang,
            chars: text.chars().filter(|c| !c.is_whitespace()).count(),
            question: text.contains(['?', '？', '؟']),
            opens: pieces.first().is_some_and(|p| p.opens),
            text,
        }
    }

    fn units(&self) -> Vec<Unit<'_>> {
        units(&self.text, &self.tokens, self.lang)
    }
}

/// Scores of beads, each looked up once.
pub(super) struct Scores<'p> {
    sides: [Vec<[Option<Group>; 2]>; 2],
    pieces: [&'p [Piece<'p>]; 2],
    pair: (Lang, Lang),
    links: Direction<'static>,
    known: HashMap<(usize, usize, usize, usize), f32>,
}

impl<'p> Scores<'p> {
    pub fn new(source: &'p [Piece<'p>], target: &'p [Piece<'p>], pair: (Lang, Lang)) -> Scores<'p> {
        let empty = |pieces: &[Piece<'_>]| pieces.iter().map(|_| [None, None]).collect::<Vec<_>>();
        Scores {
            sides: [empty(source), empty(target)],
            pieces: [source, target],
            pair,
            links: Direction::of(pair.0, pair.1).unwrap_or(Direction::new(&NO_LINKS, 0)),
            known: HashMap::new(),
        }
    }

    /// How much more likely it is that the sentences `source` and `target` translate each other than that they
    /// have nothing to do with each other, in nats; 0 when either is empty.
    pub fn of(&mut self, source: Range<usize>, target: Range<usize>) -> f32 {
        if source.is_empty() || target.is_empty() {
            return 0.0;
        }
        let key = (source.start, source.len(), target.start, target.len());
        if let Some(score) = self.known.get(&key) {
            return *score;
        }
        self.prepare(0, &source);
        self.prepare(1, &target);
        let group =
            |side: usize, range: &Range<usize>| self.sides[side][range.start][range.len() - 1].as_ref();
        let score = match (group(0, &source), group(1, &target)) {
            (Some(source), Some(target)) => self.score(source, target),
            _ => 0.0,
        };
        self.known.insert(key, score);
        score
    }

    fn prepare(&mut self, side: usize, range: &Range<usize>) {
        let lang = if side == 0 { self.pair.0 } else { self.pair.1 };
        let pieces = &self.pieces[side][range.clone()];
        self.sides[side][range.start][range.len() - 1].get_or_insert_with(|| Group::new(pieces, lang));
    }

    fn score(&self, source: &Group, target: &Group) -> f32 {
        let here = source.units();
        let there = target.units();
        let sum = |evidence: Vec<f32>| -evidence.into_iter().sum::<f32>();
        let forth = sum(self.links.evidence(&source.tokens, &here, &there));
        let back = sum(self.links.back().evidence(&target.tokens, &there, &here));
        let words = (WORDS * (forth + back) / 2.0).clamp(-MOST_WORDS, MOST_WORDS);
        let off = deviation_of((source.chars, target.chars), self.pair).clamp(-FAR, FAR);
        let mark = |(both, one): (f32, f32), a: bool, b: bool| match (a, b) {
            (true, true) => both,
            (false, false) => 0.0,
            _ => one,
        };
        words - off * off / 2.0
            + mark(QUESTION, source.question, target.question)
            + mark(PARAGRAPH, source.opens, target.opens)
    }
}
