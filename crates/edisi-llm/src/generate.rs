//! The interface to decoding: requests in, completions out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::error::GenerateError;
use crate::model::{Mask, Model};
use crate::run::Run;

/// How to run.
#[derive(Debug, Clone)]
pub struct GeneratorOptions {
    /// Threads to compute with; 0 for one a core.
    pub threads: usize,
    /// Hypotheses decoded side by side (requests times beams); memory grows with it, results do not change.
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
    /// Hypotheses followed side by side, 1 (greedy) to 8: more find better translations and take longer.
    pub beams: usize,
    /// The pieces that may be said, [`Model::mask`]; all of them if there is none.
    pub mask: Option<Mask>,
    /// Words that the continuation is to have in it, those that stand in the prompt as they are to be said; one that is
    /// to be said twice, twice. They are preferred, not forced: see `GAIN` in `given.rs` for how much.
    pub given: Vec<String>,
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
    /// By how much its logarithm exceeds that of the best other piece; negative where the search preferred a
    /// piece that was not the most probable one.
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
    /// The other continuations that the search ended with, the more probable a token first; at most one fewer than
    /// the beams, none of them [cut off](Finish), no text twice.
    pub alternatives: Vec<Alternative>,
}

/// Another continuation than the one chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// The continuation, without the line break.
    pub text: String,
    /// Its tokens.
    pub tokens: Vec<TokenScore>,
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
    pub(crate) fn stop(&self) -> Option<Finish> {
        if self.cancel.is_some_and(|c| c.load(Ordering::Relaxed)) {
            Some(Finish::Cancelled)
        } else if self.deadline.is_some_and(|d| Instant::now() >= d) {
            Some(Finish::Deadline)
        } else {
            None
        }
    }
}

/// Runs requests through a [`Model`].
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
