//! Beam search over the continuations of one request; with one beam, greedy decoding.
//!
//! Hypotheses grow by one token a step. Of all their best continuations the `beams` most probable live on;
//! those that end the line are set aside, each in the place of one that lives, and the best of these wins once there
//! are `beams` of them or none that lives can overtake it. Probable is here what is probable to the model and has the
//! given words in it ([`Given::cost`]).

use crate::generate::{Finish, TokenScore};
use crate::given::{Given, Progress};
use crate::kernels::{MAX_CANDIDATES, Scan};
use crate::kv::{Pool, Stretch};

/// The power of its length by which the log-probability of a hypothesis is divided. With 1, a mean a token, short
/// translations win that leave something out.
const LENGTH_POWER: f32 = 1.4;

/// By what hypotheses of different lengths are compared: their log-probability for their length in tokens.
fn merit(score: f32, length: usize) -> f32 {
    score / (length as f32).powf(LENGTH_POWER)
}

/// Most beams: half the candidates of a step may end the line, and the rest must still fill them.
pub(crate) const MAX_BEAMS: usize = MAX_CANDIDATES / 2;

/// One way the text may go on.
pub(crate) struct Hypothesis {
    pub stretch: Stretch,
    /// Tokens not yet evaluated.
    pub pending: Vec<u32>,
    said: Vec<TokenScore>,
    /// Sum of the log-probabilities.
    score: f32,
    /// How much of the given words is said.
    given: Progress,
}

/// A hypothesis and one token more.
struct Candidate {
    /// Which live hypothesis.
    parent: usize,
    token: TokenScore,
    score: f32,
    given: Progress,
    /// The score, less what given words are missing.
    value: f32,
}

/// A hypothesis that has ended.
struct Ended {
    said: Vec<TokenScore>,
    /// See [`merit`].
    merit: f32,
    finish: Finish,
}

/// What a search came to.
#[derive(Debug, PartialEq)]
pub(crate) struct Outcome {
    /// The winner's tokens.
    pub said: Vec<TokenScore>,
    /// Why it ended.
    pub finish: Finish,
    /// The other hypotheses that ended by themselves, the more probable a token first.
    pub others: Vec<Vec<TokenScore>>,
}

impl Outcome {
    /// Nothing said, for the reason `finish`.
    pub fn nothing(finish: Finish) -> Outcome {
        Outcome { said: Vec::new(), finish, others: Vec::new() }
    }
}

/// The search of one request.
pub(crate) struct Search {
    beams: usize,
    max_tokens: usize,
    pub live: Vec<Hypothesis>,
    ended: Vec<Ended>,
    given: Given,
}

impl Search {
    /// Begins after `prompt`, whose keys and values will go to `stretch`.
    pub fn new(beams: usize, max_tokens: usize, prompt: Vec<u32>, stretch: Stretch, given: Given) -> Search {
        let root =
            Hypothesis { stretch, pending: prompt, said: Vec::new(), score: 0.0, given: given.start() };
        Search { beams: beams.clamp(1, MAX_BEAMS), max_tokens, live: vec![root], ended: Vec::new(), given }
    }

    /// How many candidates [`Search::advance`] wants of each hypothesis.
    pub fn keep(&self) -> usize {
        2 * self.beams
    }

    /// Goes one token further: `scans` are those of the live hypotheses, in order; `says` tells what a token says, in
    /// bytes. Returns the result once there is one.
    pub fn advance(
        &mut self,
        scans: &[Scan],
        ends_line: impl Fn(u32) -> bool,
        says: impl Fn(u32) -> Vec<u8>,
        pool: &mut Pool,
    ) -> Option<Outcome> {
        let mut candidates: Vec<Candidate> = Vec::new();
        for (parent, scan) in scans.iter().enumerate() {
            let found: Vec<(u32, f32)> = scan.candidates().collect();
            for (rank, &(id, logprob)) in found.iter().enumerate() {
                let rival = found.get(usize::from(rank == 0)).map_or(f32::NEG_INFINITY, |c| c.1);
                let token = TokenScore { id, logprob, margin: logprob - rival };
                let score = self.live[parent].score + logprob;
                let given = if self.given.is_empty() {
                    Progress::default()
                } else {
                    self.given.after(&self.live[parent].given, &says(id))
                };
                let value = score + self.given.cost(&given);
                candidates.push(Candidate { parent, token, score, given, value });
            }
        }
        // Stable: among equals the earlier hypothesis and the better rank go first.
        candidates.sort_by(|a, b| b.value.total_cmp(&a.value));
        let mut next: Vec<Hypothesis> = Vec::with_capacity(self.beams);
        let mut places = self.beams - self.sound();
        let mut looping = vec![false; self.live.len()];
        for (rank, candidate) in candidates.into_iter().enumerate() {
            let Candidate { parent, token, score, given, value } = candidate;
            if next.len() >= places {
                break;
            }
            // What else could follow nearly a loop is no better.
            if looping[parent] {
                continue;
            }
            let from = &self.live[parent];
            if ends_line(token.id) {
                if rank < self.beams {
                    let merit = merit(value, from.said.len() + 1);
                    self.ended.push(Ended { said: from.said.clone(), merit, finish: Finish::Stop });
                    places -= 1;
                }
                continue;
            }
            let mut said = from.said.clone();
            said.push(token);
            if let Some(cut) = loop_start(&said) {
                said.truncate(cut);
                looping[parent] = true;
                self.ended.push(Ended { said, merit: f32::NEG_INFINITY, finish: Finish::Loop });
                continue;
            }
            if said.len() >= self.max_tokens {
                let merit = merit(value, said.len());
                self.ended.push(Ended { said, merit, finish: Finish::Length });
                continue;
            }
            let (stretch, pending) = (from.stretch.clone(), vec![token.id]);
            next.push(Hypothesis { stretch, pending, said, score, given });
        }
        for old in std::mem::replace(&mut self.live, next) {
            old.stretch.release(pool);
        }
        self.result()
    }

    /// How many hypotheses have ended by themselves.
    fn sound(&self) -> usize {
        self.ended.iter().filter(|e| e.finish == Finish::Stop).count()
    }

    /// The winner, if nothing that lives can beat it any more.
    fn result(&mut self) -> Option<Outcome> {
        let best = self.best_ended();
        // What lives may still say all that is given.
        let hope = self.live.iter().map(|h| merit(h.score, h.said.len())).fold(f32::NEG_INFINITY, f32::max);
        let over = self.live.is_empty()
            || self.sound() >= self.beams
            || best.is_some_and(|i| self.ended[i].finish == Finish::Stop && self.ended[i].merit >= hope);
        if !over {
            return None;
        }
        let Some(winner) = best.map(|i| self.ended.remove(i)) else {
            return Some(Outcome::nothing(Finish::Stop));
        };
        let mut others = std::mem::take(&mut self.ended);
        others.retain(|e| e.finish == Finish::Stop);
        // Stable: among equals the one that ended first.
        others.sort_by(|a, b| b.merit.total_cmp(&a.merit));
        let others = others.into_iter().map(|e| e.said).collect();
        Some(Outcome { said: winner.said, finish: winner.finish, others })
    }

    /// The best ended hypothesis: one that ended by itself before any other, then the more probable one.
    fn best_ended(&self) -> Option<usize> {
        let order = |e: &Ended| match e.finish {
            Finish::Stop => 2,
            Finish::Length => 1,
            _ => 0,
        };
        (0..self.ended.len()).reduce(|a, b| {
            let (x, y) = (&self.ended[a], &self.ended[b]);
            let better = order(y).cmp(&order(x)).then(y.merit.total_cmp(&x.merit));
            if better.is_gt() { b } else { a }
        })
    }

    /// Gives up: what the best hypothesis has said so far.
    pub fn abandon(mut self, pool: &mut Pool) -> Vec<TokenScore> {
        let best = self.best_ended().map(|i| std::mem::take(&mut self.ended[i].said));
        let live = self.live.iter_mut().next().map(|h| std::mem::take(&mut h.said));
        self.release(pool);
        best.or(live).unwrap_or_default()
    }

    /// Hands the memory back.
    pub fn release(self, pool: &mut Pool) {
        self.live.into_iter().for_each(|h| h.stretch.release(pool));
    }
}

/// Longest repeated stretch looked for.
const LOOP_PERIOD: usize = 24;
/// A stretch said this often in a row, and this many tokens of it, is a loop.
const LOOP_TIMES: usize = 4;
const LOOP_TOKENS: usize = 20;

/// If the tokens end in a loop, how many of them to keep: up to the end of the first time round.
fn loop_start(said: &[TokenScore]) -> Option<usize> {
    (1..=LOOP_PERIOD).find_map(|period| {
        let times = LOOP_TIMES.max(LOOP_TOKENS.div_ceil(period));
        let length = period * times;
        if said.len() < length {
            return None;
        }
        let tail = &said[said.len() - length..];
        let repeats = tail.iter().skip(period).zip(tail).all(|(a, b)| a.id == b.id);
        repeats.then_some(said.len() - length + period)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(ids: impl IntoIterator<Item = u32>) -> Vec<TokenScore> {
        ids.into_iter().map(|id| TokenScore { id, logprob: 0.0, margin: 0.0 }).collect()
    }

    #[test]
    fn loops_are_cut_after_the_first_time_round() {
        assert_eq!(loop_start(&said([9, 8, 7].into_iter().chain([1, 2, 3, 4, 5].repeat(4)))), Some(8));
        assert_eq!(loop_start(&said([7; 20])), Some(1));
    }

    #[test]
    fn large_numbers_and_repeated_words_are_no_loops() {
        // 1.000.000.000.000, digit by digit
        assert_eq!(loop_start(&said([1].into_iter().chain([50, 0, 0, 0].repeat(4)))), None);
        assert_eq!(loop_start(&said([1, 2, 3, 1, 2, 3, 1, 2, 3])), None);
    }

    /// A language of three words and the end of the line (0), whose probabilities depend on the last word.
    fn next(last: Option<u32>) -> [f32; 4] {
        match last {
            None => [0.01, 0.5, 0.4, 0.09],
            Some(1) => [0.1, 0.3, 0.3, 0.3],
            Some(2) => [0.9, 0.05, 0.03, 0.02],
            _ => [0.25, 0.25, 0.25, 0.25],
        }
    }

    fn run(beams: usize, max_tokens: usize, given: Given) -> (Vec<u32>, Finish, Vec<Vec<u32>>) {
        let mut search = Search::new(beams, max_tokens, vec![9], Stretch::new(0), given);
        let mut pool = Pool::default();
        for _ in 0..50 {
            let scans: Vec<Scan> = search
                .live
                .iter()
                .map(|h| {
                    let logits = next(h.said.last().map(|t| t.id)).map(f32::ln);
                    let kernel = crate::kernels::available().pop().expect("the scalar kernel");
                    kernel.scan_logits(&logits, 0, &[0.0; 4], 0, search.keep())
                })
                .collect();
            if let Some(Outcome { said, finish, others }) =
                search.advance(&scans, |id| id == 0, |id| vec![id as u8], &mut pool)
            {
                let ids = |said: &[TokenScore]| said.iter().map(|t| t.id).collect();
                return (ids(&said), finish, others.iter().map(|o| ids(o)).collect());
            }
        }
        panic!("the search does not end");
    }

    #[test]
    fn two_beams_find_what_greed_misses() {
        // 1 is likelier than 2, but the line that begins with 2 ends at once: 0.4 · 0.9 against 0.5 · 0.3 · …
        assert_eq!(run(1, 6, Given::default()).0[0], 1);
        for beams in [2, 8] {
            let (said, finish, _) = run(beams, 6, Given::default());
            assert_eq!((said, finish), (vec![2], Finish::Stop));
        }
    }

    #[test]
    fn the_other_ends_come_back_best_first() {
        let (said, _, others) = run(4, 6, Given::default());
        assert!(!others.is_empty());
        let merit = |ids: &[u32]| {
            let steps = ids.iter().chain([&0]).scan(None, |last, &id| {
                let p = next(*last)[id as usize];
                *last = Some(id);
                Some(p.ln())
            });
            super::merit(steps.sum::<f32>(), ids.len() + 1)
        };
        let all: Vec<f32> = std::iter::once(&said).chain(&others).map(|ids| merit(ids)).collect();
        assert!(all.is_sorted_by(|a, b| a >= b), "{all:?}");
        assert!(!others.contains(&said));
    }

    #[test]
    fn given_words_are_said_where_they_are_nearly_as_likely() {
        // 2 at once and the end are likeliest; 2 after 1 comes only because 1 is given.
        assert_eq!(run(4, 6, Given::default()).0, [2]);
        assert_eq!(run(4, 6, Given::of(&[&[1, 2]])).0, [1, 2]);
        // 3 is never likely enough to be said four times.
        assert_ne!(run(4, 6, Given::of(&[&[3, 3, 3, 3]])).0, [3, 3, 3, 3]);
    }

    #[test]
    fn the_length_is_kept_to() {
        let (said, finish, _) = run(1, 1, Given::default());
        assert_eq!((said.len(), finish), (1, Finish::Length));
    }
}
