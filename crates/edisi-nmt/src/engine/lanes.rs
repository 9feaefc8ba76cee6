//! One thread's work: keeps its lanes full until no text is left.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use edisi_text::sentences;

use super::{Candidate, Engine, Queue, Request, typography, unknown};
use crate::control::Control;
use crate::network::{Lane, MAX_STEPS, Output, Space};
use crate::shortlist::Candidates;
use crate::split::split;
use crate::statistics::Statistics;
use crate::terms::{Constraint, THRESHOLDS, replace};
use crate::translation::{Finish, Link, MIN_LINK, Token, Translation, stands_alone};
use crate::vocabulary::{Decoded, Encoding};

/// So many of the most frequent tokens are candidates of every sentence, besides what its shortlist has. The lists
/// were made to be joined over a batch; alone they leave out function words. Measured on FLORES dev, en→pt: 46.80 BLEU
/// with the list's own 50, 46.86 with 256, 46.88 with the whole vocabulary.
const FREQUENT: u32 = 256;

/// A part of a text: what is translated in one go.
struct Part {
    /// Index of the text.
    text: usize,
    /// Which part of it.
    number: usize,
    /// Its bytes in the text.
    span: Range<usize>,
    /// Its tokens with the end mark, and where each comes from in the text.
    ids: Vec<u32>,
    sources: Vec<Range<usize>>,
    /// Which tokens the vocabulary has no piece for.
    unknown: Vec<usize>,
    /// Tokens that may be written.
    limit: usize,
    /// How often it was decoded before because a term was missing.
    attempts: usize,
}

/// A text of which some parts are done.
struct Open {
    text: usize,
    spans: Vec<Range<usize>>,
    parts: Vec<Option<Translation>>,
    missing: usize,
}

pub(super) struct Worker<'e> {
    engine: &'e Engine,
    space: Space,
    statistics: Statistics,
    waiting: VecDeque<Part>,
    /// What is decoded now, and which part it is.
    lanes: Vec<Lane>,
    parts: Vec<Part>,
    /// Texts of several parts.
    open: Vec<Open>,
    encoding: Encoding,
    decoded: Decoded,
    candidates: Candidates,
    /// What is added to the shortlist's candidates.
    extra: Vec<u32>,
}

impl<'e> Worker<'e> {
    pub fn new(engine: &'e Engine, space: Space) -> Worker<'e> {
        Worker {
            engine,
            space,
            statistics: Statistics::default(),
            waiting: VecDeque::new(),
            lanes: Vec::new(),
            parts: Vec::new(),
            open: Vec::new(),
            encoding: Encoding::new(),
            decoded: Decoded::new(),
            candidates: Candidates::new(),
            extra: Vec::new(),
        }
    }

    /// Gives the memory back, and what was counted.
    pub fn finish(self) -> (Space, Statistics) {
        (self.space, self.statistics)
    }

    /// Translates until the queue is empty.
    pub fn run(
        &mut self,
        texts: &[Request<'_>],
        queue: &Queue,
        control: &Control<'_>,
        done: &mut dyn FnMut(usize, Translation),
    ) {
        loop {
            if let Some(reason) = control.stop() {
                self.abandon(reason, texts, queue, done);
                return;
            }
            // Refilled in larger groups, because the encoder is faster with many rows.
            if self.lanes.len() * 4 <= self.engine.options.lanes * 3 {
                self.refill(texts, queue, done);
            }
            if self.lanes.is_empty() {
                return;
            }
            self.step(texts, done);
        }
    }

    fn step(&mut self, texts: &[Request<'_>], done: &mut dyn FnMut(usize, Translation)) {
        let Engine { model, kernel, positions, target, .. } = self.engine;
        self.space.step(model, &**kernel, positions, &mut self.lanes, &mut self.statistics);
        for at in (0..self.lanes.len()).rev() {
            let (lane, part) = (&self.lanes[at], &self.parts[at]);
            let finish = if lane.steps.last().is_some_and(|s| s.token == target.eos()) {
                Finish::Stop
            } else if lane.steps.len() >= part.limit {
                Finish::Length
            } else {
                continue;
            };
            let (lane, part) = (self.lanes.swap_remove(at), self.parts.swap_remove(at));
            self.complete(lane, part, finish, texts, done);
        }
    }

    /// Takes texts from the queue into free lanes, as many as are worth encoding together.
    fn refill(&mut self, texts: &[Request<'_>], queue: &Queue, done: &mut dyn FnMut(usize, Translation)) {
        let options = &self.engine.options;
        let mut share = queue.share();
        let (mut batch, mut tokens) = (Vec::new(), 0);
        while self.lanes.len() + batch.len() < options.lanes && tokens < options.encode_tokens {
            if self.waiting.is_empty() {
                let Some(text) = (share > 0).then(|| queue.take()).flatten() else { break };
                share -= 1;
                self.prepare(text, texts, done);
                continue;
            }
            let part = self.waiting.pop_front().expect("not empty");
            tokens += part.ids.len();
            batch.push(part);
        }
        if batch.is_empty() {
            return;
        }
        let Engine { model, kernel, positions, .. } = self.engine;
        let start = Instant::now();
        let sentences: Vec<&[u32]> = batch.iter().map(|p| &p.ids[..]).collect();
        let memories = self.space.encode(model, &**kernel, positions, &sentences);
        self.statistics.encoder += start.elapsed();
        let start = Instant::now();
        for (part, memories) in batch.into_iter().zip(memories) {
            self.statistics.sentences += 1;
            self.statistics.source_tokens += part.ids.len() as u64;
            let terms = texts[part.text].terms;
            let constraint = THRESHOLDS[part.attempts]
                .filter(|_| !terms.is_empty())
                .and_then(|share| Constraint::new(&self.engine.target, terms, &part.sources, share));
            let output = self.output(&part.ids, constraint.as_ref());
            self.lanes.push(self.space.lane(model, memories, output, constraint));
            self.parts.push(part);
        }
        self.statistics.shortlist += start.elapsed();
    }

    /// What a sentence may be answered with.
    fn output(&mut self, ids: &[u32], constraint: Option<&Constraint>) -> Arc<Output> {
        let Engine { model, target, candidates, .. } = self.engine;
        let output = match candidates {
            Candidate::All(output) => output.clone(),
            Candidate::Listed(shortlist) => {
                let frequent = 0..FREQUENT.min(target.len() as u32);
                self.extra.clear();
                self.extra.extend(frequent.chain(constraint.iter().flat_map(|c| c.pieces())));
                shortlist.candidates(ids, &self.extra, &mut self.candidates);
                self.space.output(model, self.candidates.ids(), target.unk())
            }
        };
        self.statistics.candidates += output.len() as u64;
        output
    }

    /// Splits a text into tokens, and into parts when it has too many.
    fn prepare(&mut self, text: usize, texts: &[Request<'_>], done: &mut dyn FnMut(usize, Translation)) {
        let start = Instant::now();
        let engine = self.engine;
        let whole = texts[text].text;
        let sentences = match engine.options.source {
            Some(lang) => sentences(whole, lang),
            None => std::iter::once(0..whole.len()).collect(),
        };
        let mut spans = Vec::with_capacity(sentences.len());
        for sentence in sentences {
            let sources = typography::encode(&engine.source, &whole[sentence.clone()], &mut self.encoding);
            if sources.len() <= engine.options.max_tokens {
                spans.extend((!sources.is_empty()).then_some(sentence));
            } else {
                let parts = split(&whole[sentence.clone()], &sources, engine.options.max_tokens);
                spans.extend(parts.into_iter().map(|p| p.start + sentence.start..p.end + sentence.start));
            }
        }
        if spans.is_empty() {
            done(text, Translation::empty());
            return;
        }
        for (number, span) in spans.iter().enumerate() {
            let sources = typography::encode(&engine.source, &whole[span.clone()], &mut self.encoding);
            let mut ids = Vec::with_capacity(self.encoding.len() + 1);
            // Cut anew, a part can have a few tokens more than it had within the text, but not without end.
            ids.extend_from_slice(self.encoding.ids());
            ids.push(engine.source.eos());
            let sources = sources.into_iter().map(|s| s.start + span.start..s.end + span.start).collect();
            let limit = (ids.len() as f32 * engine.options.length_factor) as usize + 10;
            self.waiting.push_back(Part {
                text,
                number,
                span: span.clone(),
                sources,
                unknown: self.encoding.unknown().map(|(at, _)| at).collect(),
                limit: limit.min(MAX_STEPS),
                attempts: 0,
                ids,
            });
        }
        if spans.len() > 1 {
            let parts = spans.iter().map(|_| None).collect();
            self.open.push(Open { text, missing: spans.len(), spans, parts });
        }
        self.statistics.text += start.elapsed();
    }

    /// Turns what a lane wrote into text.
    fn complete(
        &mut self,
        lane: Lane,
        part: Part,
        finish: Finish,
        texts: &[Request<'_>],
        done: &mut dyn FnMut(usize, Translation),
    ) {
        let start = Instant::now();
        let target = &self.engine.target;
        let Request { text: source, terms } = texts[part.text];
        self.statistics.target_tokens += lane.steps.len() as u64;
        let written = lane.steps.len() - usize::from(finish == Finish::Stop);
        let ids: Vec<u32> = lane.steps[..written].iter().map(|s| s.token).collect();
        target.decode(&ids, &mut self.decoded);
        let mut translation = Translation::empty();
        translation.text.push_str(self.decoded.text());
        translation.finish = finish;
        let rows = lane.attention.chunks_exact(lane.source_len());
        for ((step, span), row) in lane.steps[..written].iter().zip(self.decoded.spans()).zip(rows) {
            let first = translation.links.len();
            // The last source token is the end mark, which stands for nothing in the text.
            for (source, &weight) in part.sources.iter().zip(row) {
                if weight >= MIN_LINK && !source.is_empty() {
                    translation.links.push(Link { source: source.clone(), weight });
                }
            }
            translation.tokens.push(Token {
                span: span.clone(),
                logprob: step.logprob,
                margin: step.margin,
                begins_word: target.begins_word(step.token) || alone(self.decoded.text(), span.start),
                links: first..translation.links.len(),
            });
        }
        self.space.retire(lane);
        if !terms.is_empty() {
            let last = part.attempts + 1 == THRESHOLDS.len() || finish != Finish::Stop;
            replace(source, terms, &part.span, last, &mut translation);
            if !translation.unmet.is_empty() && !last {
                self.waiting.push_front(Part { attempts: part.attempts + 1, ..part });
                return;
            }
        }
        unknown::copy(source, part.unknown.iter().map(|&at| part.sources[at].clone()), &mut translation);
        self.give(part, translation, texts, done);
        self.statistics.text += start.elapsed();
    }

    /// Hands a text on when all of its parts are there.
    fn give(
        &mut self,
        part: Part,
        translation: Translation,
        texts: &[Request<'_>],
        done: &mut dyn FnMut(usize, Translation),
    ) {
        let Some(at) = self.open.iter().position(|o| o.text == part.text) else {
            done(part.text, translation);
            return;
        };
        let open = &mut self.open[at];
        debug_assert_eq!(open.spans[part.number], part.span);
        open.parts[part.number] = Some(translation);
        open.missing -= 1;
        if open.missing > 0 {
            return;
        }
        let open = self.open.swap_remove(at);
        let source = texts[open.text].text;
        let mut whole = Translation { parts: open.parts.len(), ..Translation::empty() };
        let mut end = open.spans[0].start;
        for (part, span) in open.parts.into_iter().zip(open.spans) {
            whole.append(&source[end..span.start], part.expect("none is missing"));
            end = span.end;
        }
        done(open.text, whole);
    }

    /// Gives everything up: what is being decoded as it is, the rest empty.
    fn abandon(
        &mut self,
        reason: Finish,
        texts: &[Request<'_>],
        queue: &Queue,
        done: &mut dyn FnMut(usize, Translation),
    ) {
        let lanes = std::mem::take(&mut self.lanes);
        for (lane, part) in lanes.into_iter().zip(std::mem::take(&mut self.parts)) {
            self.complete(lane, part, reason, texts, done);
        }
        for part in std::mem::take(&mut self.waiting) {
            self.give(part, Translation { finish: reason, ..Translation::empty() }, texts, done);
        }
        while let Some(text) = queue.take() {
            done(text, Translation { finish: reason, ..Translation::empty() });
        }
    }
}

/// Whether one of the two characters on both sides of a byte stands alone as a word.
fn alone(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    before.chars().next_back().is_some_and(stands_alone) || after.chars().next().is_some_and(stands_alone)
}
