//! Decoding many requests side by side.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::config::MAX_POSITIONS;
use crate::error::GenerateError;
use crate::forward::{Item, Pass, Scratch};
use crate::kernels::Best;
use crate::kv::{Pool, Stretch};
use crate::model::{Mask, Model};
use crate::sharing::{self, Leaf};

/// New tokens of one pass: more keep the arithmetic busy, fewer keep the buffers small.
const ROWS_PER_PASS: usize = 384;

/// How to run.
#[derive(Debug, Clone)]
pub struct GeneratorOptions {
    /// Threads to compute with; 0 for one a core.
    pub threads: usize,
    /// Requests decoded side by side; memory grows with it, results do not change with it.
    pub max_batch: usize,
}

impl Default for GeneratorOptions {
    fn default() -> GeneratorOptions {
        GeneratorOptions { threads: 0, max_batch: 64 }
    }
}

/// A text to continue up to the end of the line.
#[derive(Debug, Clone)]
pub struct Request {
    /// What the prompt begins with; separate, so that a long one is cut into tokens once for many requests.
    /// Its end must be the end of a line.
    pub prefix: Arc<str>,
    /// The rest of the prompt.
    pub prompt: String,
    /// Most tokens to say.
    pub max_tokens: usize,
    /// The pieces that may be said, [`Model::mask`]; all of them if there is none.
    pub mask: Option<Mask>,
}

/// Why a completion ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finish {
    /// The model ended the line.
    Stop,
    /// `max_tokens` were said.
    Length,
    /// The same tokens came over and over; the text is cut after their first appearance.
    Loop,
    /// The prompt and `max_tokens` together are longer than the engine's limit; nothing was said.
    TooLong,
    /// The deadline passed; the text is what there was.
    Deadline,
    /// Cancelled; the text is what there was.
    Cancelled,
}

/// One token that was said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TokenScore {
    /// Its number in the vocabulary.
    pub id: u32,
    /// Natural logarithm of its probability among all pieces that may be said.
    pub logprob: f32,
    /// By how much its logarithm exceeds that of the runner-up.
    pub margin: f32,
}

/// What a request gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    /// The continuation, without the line break.
    pub text: String,
    /// Its tokens.
    pub tokens: Vec<TokenScore>,
    /// Why it ended.
    pub finish: Finish,
    /// Tokens of the prompt.
    pub prompt_tokens: usize,
}

/// When to give up.
#[derive(Debug, Clone, Copy, Default)]
pub struct Control<'a> {
    /// Not a step is begun after this.
    pub deadline: Option<Instant>,
    /// Not a step is begun once this is set.
    pub cancel: Option<&'a AtomicBool>,
}

impl Control<'_> {
    fn stop(&self) -> Option<Finish> {
        if self.cancel.is_some_and(|c| c.load(Ordering::Relaxed)) {
            Some(Finish::Cancelled)
        } else if self.deadline.is_some_and(|d| Instant::now() >= d) {
            Some(Finish::Deadline)
        } else {
            None
        }
    }
}

/// Runs requests through a [`Model`], greedily: the most probable token at each step.
///
/// A completion depends on its request alone, not on the others, the batch size or the threads.
pub struct Generator<'m> {
    model: &'m Model,
    threads: rayon::ThreadPool,
    max_batch: usize,
}

impl<'m> Generator<'m> {
    /// Starts the threads.
    ///
    /// # Errors
    /// [`GenerateError::Threads`] when the system does not give them.
    pub fn new(model: &'m Model, options: &GeneratorOptions) -> Result<Generator<'m>, GenerateError> {
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(options.threads)
            .thread_name(|i| format!("edisi-llm-{i}"))
            .build()
            .map_err(|e| GenerateError::Threads { threads: options.threads, reason: e.to_string() })?;
        Ok(Generator { model, threads, max_batch: options.max_batch.max(1) })
    }

    /// Number of threads.
    pub fn threads(&self) -> usize {
        self.threads.current_num_threads()
    }

    /// Completes all `requests`; `on_done` hears of each as it ends, with its index. What is unfinished at the
    /// deadline or on cancellation comes back as far as it got, with a [`Finish`] that says so.
    pub fn generate(
        &self,
        requests: &[Request],
        control: &Control<'_>,
        on_done: &mut (dyn FnMut(usize, &Completion) + Send),
    ) -> Vec<Completion> {
        self.threads.install(|| Run::new(self.model, requests, on_done).finish(self.max_batch, control))
    }
}

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

/// A request being completed.
struct Active {
    request: usize,
    parent: Option<usize>,
    stretch: Stretch,
    /// Tokens not yet evaluated.
    pending: Vec<u32>,
    said: Vec<TokenScore>,
}

struct Run<'r> {
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
    fn new(
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
                run.report(i, Vec::new(), Finish::TooLong);
            } else if request.max_tokens == 0 {
                run.report(i, Vec::new(), Finish::Length);
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

    fn finish(mut self, max_batch: usize, control: &Control<'_>) -> Vec<Completion> {
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
        while self.active.len() < max_batch
            && let Some(leaf) = self.waiting.next()
        {
            let mut above = leaf.parent;
            while let Some(n) = above {
                self.shared[n].wanted = true;
                above = self.shared[n].parent;
            }
            self.active.push(Active {
                request: leaf.request,
                parent: leaf.parent,
                stretch: Stretch::new(leaf.start),
                pending: self.prompts[leaf.request][leaf.start..].to_vec(),
                said: Vec::new(),
            });
        }
    }

    /// One pass: a token of each request that is under way, and as much of the prompts as fits.
    fn step(&mut self, scratch: &mut Scratch) {
        enum Of {
            Shared(usize),
            Active(usize),
        }
        let config = &self.model.config;
        let mut budget = ROWS_PER_PASS;
        let mut work: Vec<(Of, Stretch, Vec<u32>, bool)> = Vec::new();
        let ready = |shared: &[Shared], parent: Option<usize>| parent.is_none_or(|p| shared[p].is_ready());
        // Requests that only want their next token go first; prompts share what is left of the budget.
        let mut order: Vec<usize> = (0..self.active.len()).collect();
        order.sort_by_key(|&i| self.active[i].pending.len() > 1);
        for i in order {
            if !ready(&self.shared, self.active[i].parent) {
                continue;
            }
            let active = &mut self.active[i];
            let take = active.pending.len().min(budget);
            if take == 0 {
                continue;
            }
            budget -= take;
            let tokens: Vec<u32> = active.pending.drain(..take).collect();
            let stretch = std::mem::replace(&mut active.stretch, Stretch::new(0));
            work.push((Of::Active(i), stretch, tokens, active.pending.is_empty()));
        }
        for n in 0..self.shared.len() {
            let node = &self.shared[n];
            if !node.wanted || node.is_ready() || !ready(&self.shared, node.parent) {
                continue;
            }
            let take = (node.tokens.len() - node.stretch.len).min(budget);
            if take == 0 {
                continue;
            }
            budget -= take;
            let tokens = node.tokens[node.stretch.len..node.stretch.len + take].to_vec();
            let stretch = std::mem::replace(&mut self.shared[n].stretch, Stretch::new(0));
            work.push((Of::Shared(n), stretch, tokens, false));
        }
        let mut items: Vec<Item<'_>> = Vec::with_capacity(work.len());
        for (of, stretch, tokens, predict) in &mut work {
            stretch.grow(tokens.len(), config, &mut self.pool);
            let mut before = Vec::new();
            let mut above = match *of {
                Of::Shared(n) => self.shared[n].parent,
                Of::Active(i) => self.active[i].parent,
            };
            while let Some(n) = above {
                before.push(&self.shared[n].stretch);
                above = self.shared[n].parent;
            }
            before.reverse();
            let mask = match *of {
                Of::Active(i) if *predict => Some(self.requests[self.active[i].request].mask.as_ref()),
                _ => None,
            };
            let predict = mask.map(|mask| &*mask.unwrap_or(&self.model.any).bias);
            items.push(Item { own: stretch, before, tokens, predict });
        }
        let pass = Pass { config, weights: &self.model.weights, kernel: self.model.kernel.as_ref() };
        let found = pass.run(&mut items, scratch);
        drop(items);
        let mut ended: Vec<(usize, Finish)> = Vec::new();
        for ((of, stretch, ..), best) in work.into_iter().zip(found) {
            match of {
                Of::Shared(n) => self.shared[n].stretch = stretch,
                Of::Active(i) => {
                    self.active[i].stretch = stretch;
                    if let Some(best) = best {
                        ended.extend(self.say(i, best).map(|why| (i, why)));
                    }
                }
            }
        }
        ended.sort_by_key(|&(i, _)| std::cmp::Reverse(i));
        for (i, why) in ended {
            let active = self.active.swap_remove(i);
            self.end(active, why);
        }
    }

    /// Takes the best token; says why the request ends with it, if it does.
    fn say(&mut self, i: usize, best: Best) -> Option<Finish> {
        let (tokenizer, active) = (&self.model.tokenizer, &mut self.active[i]);
        if best.top_id == tokenizer.eos || tokenizer.breaks_line(best.top_id) {
            return Some(Finish::Stop);
        }
        let logprob = -best.sum.ln();
        active.said.push(TokenScore { id: best.top_id, logprob, margin: best.top - best.second });
        if let Some(keep) = loop_start(&active.said) {
            active.said.truncate(keep);
            return Some(Finish::Loop);
        }
        if active.said.len() >= self.requests[active.request].max_tokens {
            return Some(Finish::Length);
        }
        active.pending.push(best.top_id);
        None
    }

    fn end(&mut self, active: Active, why: Finish) {
        active.stretch.release(&mut self.pool);
        let mut above = active.parent;
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
        self.report(active.request, active.said, why);
    }

    fn report(&mut self, request: usize, tokens: Vec<TokenScore>, finish: Finish) {
        let ids: Vec<u32> = tokens.iter().map(|t| t.id).collect();
        let text = self.model.tokenizer.decode(&ids);
        let completion = Completion { text, tokens, finish, prompt_tokens: self.prompts[request].len() };
        (self.on_done)(request, &completion);
        self.done[request] = Some(completion);
    }

    /// Ends all that is under way or waiting.
    fn abandon(&mut self, why: Finish) {
        for active in std::mem::take(&mut self.active) {
            self.end(active, why);
        }
        for leaf in std::mem::take(&mut self.waiting) {
            self.report(leaf.request, Vec::new(), why);
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
}
