//! Decoding many requests side by side: who is evaluated when.

use std::sync::Arc;

use crate::config::MAX_POSITIONS;
use crate::forward::{Item, Pass, Predict, Scratch};
use crate::generate::{Alternative, Completion, Control, Finish, Request, TokenScore};
use crate::given::Given;
use crate::kernels::Scan;
use crate::kv::{Pool, Stretch};
use crate::model::Model;
use crate::search::{Outcome, Search};
use crate::sharing::{self, Leaf};

/// New tokens of one pass: more keep the arithmetic busy, fewer keep the buffers small.
const ROWS_PER_PASS: usize = 384;

/// A shared stretch of tokens on its way through the model.
struct Shared {
    parent: Option<usize>,
    tokens: Vec<u32>,
    users: usize,
    wanted: bool,
    stretch: Stretch,
}

impl Shared {
    fn is_ready(&self) -> bool {
        self.stretch.len == self.tokens.len()
    }
}

/// Whose tokens are evaluated.
enum Of {
    /// A shared stretch.
    Shared(usize),
    /// A request and which of its hypotheses.
    Active(usize, usize),
}

/// Tokens for the next pass.
struct Work {
    of: Of,
    stretch: Stretch,
    tokens: Vec<u32>,
    /// Whether these are the last ones before a token is wanted.
    predict: bool,
}

/// A request being completed.
struct Active {
    request: usize,
    parent: Option<usize>,
    search: Search,
}

pub(crate) struct Run<'r> {
    model: &'r Model,
    requests: &'r [Request],
    prompts: Vec<Vec<u32>>,
    shared: Vec<Shared>,
    waiting: std::vec::IntoIter<Leaf>,
    active: Vec<Active>,
    done: Vec<Option<Completion>>,
    pool: Pool,
    on_done: &'r mut (dyn FnMut(usize, &Completion) + Send),
}

impl<'r> Run<'r> {
    /// Prepares `requests`; those that cannot be run are reported at once.
    pub fn new(
        model: &'r Model,
        requests: &'r [Request],
        on_done: &'r mut (dyn FnMut(usize, &Completion) + Send),
    ) -> Run<'r> {
        let mut run = Run {
            model,
            requests,
            prompts: encode(model, requests),
            shared: Vec::new(),
            waiting: Vec::new().into_iter(),
            active: Vec::new(),
            done: requests.iter().map(|_| None).collect(),
            pool: Pool::default(),
            on_done,
        };
        let mut fitting = Vec::new();
        for (i, request) in requests.iter().enumerate() {
            if run.prompts[i].len().saturating_add(request.max_tokens) > MAX_POSITIONS {
                run.report(i, Outcome::nothing(Finish::TooLong));
            } else if request.max_tokens == 0 {
                run.report(i, Outcome::nothing(Finish::Length));
            } else {
                fitting.push(i);
            }
        }
        let prompts: Vec<Vec<u32>> = fitting.iter().map(|&i| run.prompts[i].clone()).collect();
        let tree = sharing::tree(&prompts);
        run.shared = tree
            .nodes
            .iter()
            .map(|n| Shared {
                parent: n.parent,
                tokens: prompts[n.request][n.start..n.end].to_vec(),
                users: n.users,
                wanted: false,
                stretch: Stretch::new(n.start),
            })
            .collect();
        let leaves: Vec<Leaf> =
            tree.leaves.into_iter().map(|l| Leaf { request: fitting[l.request], ..l }).collect();
        run.waiting = leaves.into_iter();
        run
    }

    /// Runs all to their ends.
    pub fn finish(mut self, max_batch: usize, control: &Control<'_>) -> Vec<Completion> {
        let mut scratch = Scratch::new();
        loop {
            if let Some(why) = control.stop() {
                self.abandon(why);
            }
            self.admit(max_batch);
            if self.active.is_empty() {
                break;
            }
            self.step(&mut scratch);
        }
        self.done.into_iter().map(|c| c.expect("every request was reported")).collect()
    }

    /// Fills free places with waiting requests.
    fn admit(&mut self, max_batch: usize) {
        let mut taken: usize = self.active.iter().map(|a| self.requests[a.request].beams).sum();
        while (taken < max_batch || self.active.is_empty())
            && let Some(leaf) = self.waiting.next()
        {
            let mut above = leaf.parent;
            while let Some(n) = above {
                self.shared[n].wanted = true;
                above = self.shared[n].parent;
            }
            let request = &self.requests[leaf.request];
            taken += request.beams;
            let prompt = self.prompts[leaf.request][leaf.start..].to_vec();
            let given = Given::new(&request.given, &self.model.tokenizer);
            let search =
                Search::new(request.beams, request.max_tokens, prompt, Stretch::new(leaf.start), given);
            self.active.push(Active { request: leaf.request, parent: leaf.parent, search });
        }
    }

    /// One pass: a token of each hypothesis that is under way, and as much of the prompts as fits.
    fn step(&mut self, scratch: &mut Scratch) {
        let work = self.choose();
        let (work, found) = self.evaluate(work, scratch);
        let mut scans: Vec<Vec<Scan>> = self.active.iter().map(|_| Vec::new()).collect();
        for (Work { of, stretch, .. }, scan) in work.into_iter().zip(found) {
            match of {
                Of::Shared(n) => self.shared[n].stretch = stretch,
                Of::Active(i, h) => {
                    self.active[i].search.live[h].stretch = stretch;
                    scans[i].extend(scan);
                }
            }
        }
        let tokenizer = &self.model.tokenizer;
        let ends_line = |id| id == tokenizer.eos || tokenizer.breaks_line(id);
        for i in (0..self.active.len()).rev() {
            if scans[i].is_empty() {
                continue;
            }
            let says = |id| tokenizer.bytes(&[id]);
            let result = self.active[i].search.advance(&scans[i], ends_line, says, &mut self.pool);
            if let Some(outcome) = result {
                let active = self.active.swap_remove(i);
                active.search.release(&mut self.pool);
                self.end(active.request, active.parent, outcome);
            }
        }
    }

    /// What the next pass evaluates. Hypotheses that only want their next token go first; prompts share what
    /// is left of the budget.
    fn choose(&mut self) -> Vec<Work> {
        let mut budget = ROWS_PER_PASS;
        let mut work: Vec<Work> = Vec::new();
        let ready = |shared: &[Shared], parent: Option<usize>| parent.is_none_or(|p| shared[p].is_ready());
        let mut order: Vec<usize> = (0..self.active.len()).collect();
        order.sort_by_key(|&i| self.active[i].search.live[0].pending.len() > 1);
        for i in order {
            let active = &mut self.active[i];
            let hypotheses = active.search.live.len();
            // A prompt may come in parts; several hypotheses go on together or not at all.
            if !ready(&self.shared, active.parent) || budget == 0 || (hypotheses > 1 && hypotheses > budget) {
                continue;
            }
            for (h, hypothesis) in active.search.live.iter_mut().enumerate() {
                let take = hypothesis.pending.len().min(budget);
                budget -= take;
                let tokens: Vec<u32> = hypothesis.pending.drain(..take).collect();
                let stretch = std::mem::replace(&mut hypothesis.stretch, Stretch::new(0));
                work.push(Work {
                    of: Of::Active(i, h),
                    stretch,
                    tokens,
                    predict: hypothesis.pending.is_empty(),
                });
            }
        }
        for n in 0..self.shared.len() {
            let node = &self.shared[n];
            let left = node.tokens.len() - node.stretch.len;
            if !node.wanted || left == 0 || budget == 0 || !ready(&self.shared, node.parent) {
                continue;
            }
            let take = left.min(budget);
            budget -= take;
            let tokens = node.tokens[node.stretch.len..node.stretch.len + take].to_vec();
            let stretch = std::mem::replace(&mut self.shared[n].stretch, Stretch::new(0));
            work.push(Work { of: Of::Shared(n), stretch, tokens, predict: false });
        }
        work
    }

    fn evaluate(&mut self, mut work: Vec<Work>, scratch: &mut Scratch) -> (Vec<Work>, Vec<Option<Scan>>) {
        let config = &self.model.config;
        let mut items: Vec<Item<'_>> = Vec::with_capacity(work.len());
        for Work { of, stretch, tokens, predict } in &mut work {
            stretch.grow(tokens.len(), config, &mut self.pool);
            let (mut above, predict) = match *of {
                Of::Shared(n) => (self.shared[n].parent, None),
                Of::Active(i, _) => {
                    let active = &self.active[i];
                    let mask = self.requests[active.request].mask.as_ref().unwrap_or(&self.model.any);
                    let wanted = Predict { mask, keep: active.search.keep() };
                    (active.parent, predict.then_some(wanted))
                }
            };
            let mut before = Vec::new();
            while let Some(n) = above {
                before.push(&self.shared[n].stretch);
                above = self.shared[n].parent;
            }
            before.reverse();
            items.push(Item { own: stretch, before, tokens, predict });
        }
        let pass = Pass { config, weights: &self.model.weights, kernel: self.model.kernel.as_ref() };
        let found = pass.run(&mut items, scratch);
        (work, found)
    }

    /// Reports a request and gives back what it alone still used.
    fn end(&mut self, request: usize, parent: Option<usize>, outcome: Outcome) {
        let mut above = parent;
        while let Some(n) = above {
            let node = &mut self.shared[n];
            node.users -= 1;
            if node.users > 0 {
                break;
            }
            std::mem::replace(&mut node.stretch, Stretch::new(0)).release(&mut self.pool);
            node.wanted = false;
            above = node.parent;
        }
        self.report(request, outcome);
    }

    fn report(&mut self, request: usize, Outcome { said: tokens, finish, others }: Outcome) {
        let text = |tokens: &[TokenScore]| {
            let ids: Vec<u32> = tokens.iter().map(|t| t.id).collect();
            self.model.tokenizer.decode(&ids)
        };
        let chosen = text(&tokens);
        let mut alternatives: Vec<Alternative> = Vec::new();
        for tokens in others.into_iter().take(self.requests[request].beams.saturating_sub(1)) {
            let text = text(&tokens);
            if text != chosen && alternatives.iter().all(|a| a.text != text) {
                alternatives.push(Alternative { text, tokens });
            }
        }
        let prompt_tokens = self.prompts[request].len();
        let completion = Completion { text: chosen, tokens, finish, prompt_tokens, alternatives };
        (self.on_done)(request, &completion);
        self.done[request] = Some(completion);
    }

    /// Ends all that is under way or waiting.
    fn abandon(&mut self, why: Finish) {
        for active in std::mem::take(&mut self.active) {
            let said = active.search.abandon(&mut self.pool);
            self.end(active.request, active.parent, Outcome { said, ..Outcome::nothing(why) });
        }
        for leaf in std::mem::take(&mut self.waiting) {
            self.report(leaf.request, Outcome::nothing(why));
        }
    }
}

/// The tokens of each prompt, the beginning-of-text one first.
fn encode(model: &Model, requests: &[Request]) -> Vec<Vec<u32>> {
    let mut known: Option<(&Arc<str>, Vec<u32>)> = None;
    requests
        .iter()
        .map(|request| {
            if known.as_ref().is_none_or(|(prefix, _)| **prefix != request.prefix) {
                let mut tokens: Vec<u32> = model.tokenizer.bos.into_iter().collect();
                model.tokenizer.encode(&request.prefix, &mut tokens);
                known = Some((&request.prefix, tokens));
            }
            let mut tokens = known.as_ref().map(|(_, tokens)| tokens.clone()).unwrap_or_default();
            model.tokenizer.encode(&request.prompt, &mut tokens);
            if tokens.is_empty() {
                tokens.push(model.tokenizer.eos);
            }
            tokens
        })
        .collect()
}
