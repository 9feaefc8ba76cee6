//! Many callers, one engine: what they ask for is put together into batches.
//!
//! An engine is fast when it is given much at once, and clients of an API ask for a sentence each. [`Batched`] stands
//! before an engine and is one itself: while a batch is with the engine the next one gathers, and nobody waits for
//! company when the engine is idle. Callers take turns, so that a long text does not hold up short ones.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::translator::{
    Batch, Control, Draft, EngineError, EngineErrorKind, EngineId, Item, Pair, Progress, Terms, Translator,
};

/// How batches are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchOptions {
    /// Segments that may wait; who asks for more is told to come again ([`EngineErrorKind::Busy`]).
    pub waiting: usize,
    /// Segments in a batch at most.
    pub batch: usize,
}

impl Default for BatchOptions {
    fn default() -> BatchOptions {
        BatchOptions { waiting: 20_000, batch: 128 }
    }
}

/// A batch that has been with the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ran {
    /// Segments in it.
    pub items: usize,
    /// Callers they were of.
    pub callers: usize,
    /// How long the engine took.
    pub time: Duration,
}

/// How often a caller looks whether it is to stop.
const GLANCE: Duration = Duration::from_millis(20);

/// An engine that puts the work of its callers together.
pub struct Batched {
    engine: Arc<dyn Translator>,
    options: BatchOptions,
    shared: Arc<Shared>,
}

type Observer = Box<dyn Fn(Ran) + Send + Sync>;

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    waiting: AtomicUsize,
}

#[derive(Default)]
struct State {
    callers: VecDeque<Caller>,
    /// What the engine is at, and whose it is.
    running: Option<(Arc<AtomicBool>, Vec<Arc<AtomicBool>>)>,
    closed: bool,
}

/// What a caller has asked for and the engine has not begun with.
struct Caller {
    items: VecDeque<(usize, Item)>,
    deadline: Option<Instant>,
    gone: Arc<AtomicBool>,
    reply: Sender<Reply>,
}

/// A segment with the engine.
struct Owner {
    index: usize,
    reply: Sender<Reply>,
}

enum Reply {
    Loading,
    Loaded,
    Done(usize, Draft),
    Failed(EngineErrorKind, String),
}

impl Batched {
    /// Puts a queue before an engine; `observe` hears of every batch.
    ///
    /// # Panics
    /// When the system has no thread left.
    pub fn new(
        engine: Arc<dyn Translator>,
        options: BatchOptions,
        observe: impl Fn(Ran) + Send + Sync + 'static,
    ) -> Batched {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
            waiting: AtomicUsize::new(0),
        });
        let worker = Worker {
            engine: Arc::clone(&engine),
            batch: options.batch.max(1),
            shared: Arc::clone(&shared),
            observe: Box::new(observe),
        };
        let name = format!("batches {}", engine.id().model);
        let spawned = std::thread::Builder::new().name(name).spawn(move || worker.work());
        spawned.expect("the system has a thread left");
        Batched { engine, options, shared }
    }

    /// The engine behind the queue.
    pub fn engine(&self) -> &Arc<dyn Translator> {
        &self.engine
    }

    /// Segments that wait now.
    pub fn waiting(&self) -> usize {
        self.shared.waiting.load(Ordering::Relaxed)
    }

    fn ask(
        &self,
        batch: &Batch,
        deadline: Option<Instant>,
    ) -> Result<(Arc<AtomicBool>, Receiver<Reply>), EngineError> {
        let (reply, replies) = channel();
        let gone = Arc::new(AtomicBool::new(false));
        let mut state = self.shared.lock();
        let waiting = self.shared.waiting.load(Ordering::Relaxed);
        // Whoever comes to an empty queue is served, however much it is.
        if waiting > 0 && waiting + batch.items.len() > self.options.waiting {
            let message = format!("{waiting} sentences are waiting already; try again in a few seconds");
            return Err(EngineError::new(EngineErrorKind::Busy, message));
        }
        self.shared.waiting.fetch_add(batch.items.len(), Ordering::Relaxed);
        let items = batch.items.iter().cloned().enumerate().collect();
        state.callers.push_back(Caller { items, deadline, gone: Arc::clone(&gone), reply });
        drop(state);
        self.shared.changed.notify_one();
        Ok((gone, replies))
    }
}

impl Drop for Batched {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_one();
    }
}

impl Translator for Batched {
    fn id(&self) -> &EngineId {
        self.engine.id()
    }

    fn supports(&self, pair: Pair) -> bool {
        self.engine.supports(pair)
    }

    fn better_through_english(&self, pair: Pair) -> bool {
        self.engine.better_through_english(pair)
    }

    fn context_segments(&self) -> usize {
        self.engine.context_segments()
    }

    fn terms(&self) -> Terms {
        self.engine.terms()
    }

    fn translate(
        &self,
        batch: &Batch,
        control: &Control<'_>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Vec<Draft>, EngineError> {
        batch.check_supported(&*self.engine)?;
        let mut drafts: Vec<Option<Draft>> = vec![None; batch.items.len()];
        if drafts.is_empty() {
            return Ok(Vec::new());
        }
        let (gone, replies) = self.ask(batch, control.deadline)?;
        let guard = Leaving { gone, shared: &self.shared };
        let mut missing = drafts.len();
        while missing > 0 {
            let reply = match control.cancel {
                None if control.deadline.is_none() => {
                    replies.recv().map_err(|_| RecvTimeoutError::Disconnected)
                }
                _ => replies.recv_timeout(GLANCE),
            };
            match reply {
                Ok(Reply::Loading) => progress(Progress::Loading),
                Ok(Reply::Loaded) => progress(Progress::Loaded),
                Ok(Reply::Done(index, draft)) => {
                    progress(Progress::Done { index, draft: &draft });
                    missing -= usize::from(drafts[index].replace(draft).is_none());
                }
                Ok(Reply::Failed(kind, message)) => return Err(EngineError::new(kind, message)),
                Err(RecvTimeoutError::Disconnected) => {
                    let message = "the engine gave no answer; see the log";
                    return Err(EngineError::new(EngineErrorKind::Internal, message));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if control.is_cancelled() {
                return Err(EngineError::cancelled());
            }
            if missing > 0 && control.is_past_deadline() {
                break;
            }
        }
        drop(guard);
        Ok(drafts.into_iter().map(|d| d.unwrap_or_else(Draft::out_of_time)).collect())
    }
}

/// A caller that waits no longer, for whatever reason.
struct Leaving<'a> {
    gone: Arc<AtomicBool>,
    shared: &'a Shared,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.gone.store(true, Ordering::Relaxed);
        let state = self.shared.lock();
        if let Some((cancel, owners)) = &state.running
            && owners.iter().all(|owner| owner.load(Ordering::Relaxed))
        {
            cancel.store(true, Ordering::Relaxed);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A queue is whole at any time: whoever panicked was outside of it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Worker {
    engine: Arc<dyn Translator>,
    batch: usize,
    shared: Arc<Shared>,
    observe: Observer,
}

impl Worker {
    fn work(&self) {
        loop {
            let mut state = self.shared.lock();
            while state.callers.is_empty() && !state.closed {
                state = self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            if state.callers.is_empty() {
                return;
            }
            let Some(next) = self.gather(&mut state) else { continue };
            drop(state);
            self.run(next);
            self.shared.lock().running = None;
        }
    }

    /// The next batch: everybody's turn, a few segments each, until it is full or nothing waits.
    fn gather(&self, state: &mut State) -> Option<Next> {
        let before: usize = state.callers.iter().map(|c| c.items.len()).sum();
        state.callers.retain_mut(|caller| {
            let late = caller.deadline.is_some_and(|d| Instant::now() >= d);
            if late {
                for (index, _) in &caller.items {
                    // Who has gone hears nothing.
                    let _ = caller.reply.send(Reply::Done(*index, Draft::out_of_time()));
                }
            }
            !late && !caller.gone.load(Ordering::Relaxed)
        });
        let mut next = Next { deadline: None, ..Next::default() };
        let share = (self.batch / state.callers.len().max(1)).max(1);
        let (mut endless, mut documents) = (false, HashMap::new());
        while next.batch.items.len() < self.batch
            && let Some(mut caller) = state.callers.pop_front()
        {
            let take = share.min(self.batch - next.batch.items.len()).min(caller.items.len());
            for (index, mut item) in caller.items.drain(..take) {
                // Documents of different callers are different ones.
                let number = documents.len() as u32;
                item.document =
                    *documents.entry((Arc::as_ptr(&caller.gone), item.document)).or_insert(number);
                next.batch.items.push(item);
                next.owners.push(Owner { index, reply: caller.reply.clone() });
            }
            endless |= caller.deadline.is_none();
            next.deadline = next.deadline.max(caller.deadline);
            if !next.callers.iter().any(|c| Arc::ptr_eq(c, &caller.gone)) {
                next.callers.push(Arc::clone(&caller.gone));
            }
            if !caller.items.is_empty() {
                state.callers.push_back(caller);
            }
        }
        let after: usize = state.callers.iter().map(|c| c.items.len()).sum();
        self.shared.waiting.fetch_sub(before - after, Ordering::Relaxed);
        if next.batch.items.is_empty() {
            return None;
        }
        next.deadline = next.deadline.filter(|_| !endless);
        state.running = Some((Arc::clone(&next.cancel), next.callers.clone()));
        Some(next)
    }

    fn run(&self, next: Next) {
        let Next { batch, owners, callers, deadline, cancel } = next;
        let start = Instant::now();
        let control = Control { deadline, cancel: Some(&cancel) };
        // Who has gone hears nothing.
        let all = |reply: &dyn Fn() -> Reply| owners.iter().for_each(|o| drop(o.reply.send(reply())));
        let ran = catch_unwind(AssertUnwindSafe(|| {
            self.engine.translate(&batch, &control, &mut |progress| match progress {
                Progress::Loading => all(&|| Reply::Loading),
                Progress::Loaded => all(&|| Reply::Loaded),
                Progress::Done { index, draft } => {
                    let Owner { index, reply } = &owners[index];
                    drop(reply.send(Reply::Done(*index, draft.clone())));
                }
            })
        }));
        match ran {
            // An engine may keep to itself what it is at until the end.
            Ok(Ok(drafts)) => {
                for (owner, draft) in owners.iter().zip(drafts) {
                    drop(owner.reply.send(Reply::Done(owner.index, draft)));
                }
            }
            Ok(Err(error)) => all(&|| Reply::Failed(error.kind(), error.to_string())),
            Err(_) => {
                let message = "the engine failed on one of the sentences sent to it; see the log";
                all(&|| Reply::Failed(EngineErrorKind::Internal, message.into()));
            }
        }
        (self.observe)(Ran { items: batch.items.len(), callers: callers.len(), time: start.elapsed() });
    }
}

/// What goes to the engine next.
#[derive(Default)]
struct Next {
    batch: Batch,
    owners: Vec<Owner>,
    callers: Vec<Arc<AtomicBool>>,
    deadline: Option<Instant>,
    cancel: Arc<AtomicBool>,
}

#[cfg(test)]
mod tests;
