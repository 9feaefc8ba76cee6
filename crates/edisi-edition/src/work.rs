//! Runs segments through engines, past the cache.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::cache::{Cache, CacheError, CacheKey, Entry};
use crate::translator::{Batch, Constraints, Control, Draft, EngineError, Item, Progress, Translator};
use crate::units::is_translatable;

/// A segment and who is to translate it.
pub(crate) struct Job {
    pub engine: Arc<dyn Translator>,
    pub item: Item,
}

/// A finished job.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    pub draft: Draft,
    /// Engine time when it was made; 0 for copies.
    pub micros: u64,
    /// Whether the engine had to work for it in this run.
    pub fresh: bool,
}

/// What happens while jobs run.
pub(crate) enum Step<'a> {
    Loading(&'a str),
    Loaded(&'a str),
    Done(usize),
}

/// The cache as several threads share it, and the first trouble it had.
#[derive(Debug, Default)]
pub(crate) struct SharedCache {
    cache: Option<Mutex<Cache>>,
    trouble: Mutex<Option<CacheError>>,
}

impl SharedCache {
    pub fn new(cache: Option<Cache>) -> SharedCache {
        SharedCache { cache: cache.map(Mutex::new), trouble: Mutex::default() }
    }

    fn get(&self, key: &CacheKey) -> Option<Entry> {
        self.cache.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner).get(key)
    }

    /// Stores an entry. A cache that cannot be written costs time later, not the edition now.
    fn put(&self, key: &CacheKey, entry: &Entry) {
        let Some(cache) = &self.cache else { return };
        if let Err(error) = cache.lock().unwrap_or_else(PoisonError::into_inner).put(key, entry) {
            self.trouble.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }

    /// The first error since the last call.
    pub fn take_trouble(&self) -> Option<CacheError> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Runs all jobs; the result has one entry per job, in order. Equal jobs run once.
pub(crate) fn run(
    jobs: &[Job],
    cache: &SharedCache,
    control: &Control<'_>,
    step: &mut dyn FnMut(Step<'_>),
) -> Result<Vec<Done>, EngineError> {
    let mut results: Vec<Option<Done>> = vec![None; jobs.len()];
    let mut waiting: Vec<Queue> = Vec::new();
    for (index, job) in jobs.iter().enumerate() {
        if !is_translatable(&job.item.text) {
            results[index] =
                Some(Done { draft: Draft::copied(job.item.text.clone()), micros: 0, fresh: false });
            step(Step::Done(index));
            continue;
        }
        let key = CacheKey::new(&job.item, job.engine.id());
        if let Some(entry) = cache.get(&key) {
            results[index] = Some(Done { draft: entry.draft, micros: entry.micros, fresh: false });
            step(Step::Done(index));
            continue;
        }
        let at = waiting.iter().position(|q| Arc::ptr_eq(&q.engine, &job.engine)).unwrap_or_else(|| {
            waiting.push(Queue::new(&job.engine));
            waiting.len() - 1
        });
        waiting[at].add(index, key, &job.item);
    }
    for queue in waiting {
        queue.run(cache, control, &mut results, step)?;
    }
    Ok(results.into_iter().map(|r| r.expect("every job is copied, cached or queued")).collect())
}

/// Jobs of one engine; equal ones share a place.
struct Queue {
    engine: Arc<dyn Translator>,
    batch: Batch,
    keys: Vec<CacheKey>,
    jobs: Vec<Vec<usize>>,
    places: HashMap<CacheKey, usize>,
}

impl Queue {
    fn new(engine: &Arc<dyn Translator>) -> Queue {
        Queue {
            engine: Arc::clone(engine),
            batch: Batch { items: Vec::new(), constraints: Constraints::default() },
            keys: Vec::new(),
            jobs: Vec::new(),
            places: HashMap::new(),
        }
    }

    fn add(&mut self, job: usize, key: CacheKey, item: &Item) {
        let place = *self.places.entry(key).or_insert_with(|| {
            self.batch.items.push(item.clone());
            self.keys.push(key);
            self.jobs.push(Vec::new());
            self.jobs.len() - 1
        });
        self.jobs[place].push(job);
    }

    fn run(
        &self,
        cache: &SharedCache,
        control: &Control<'_>,
        results: &mut [Option<Done>],
        step: &mut dyn FnMut(Step<'_>),
    ) -> Result<(), EngineError> {
        let model = self.engine.id().model.clone();
        let mut clock = Instant::now();
        let mut micros = vec![0u64; self.keys.len()];
        let drafts = self.engine.translate(&self.batch, control, &mut |progress| match progress {
            Progress::Loading => step(Step::Loading(&model)),
            Progress::Loaded => {
                clock = Instant::now();
                step(Step::Loaded(&model));
            }
            // Segments decode side by side: what passed since the last one finished is booked on this one,
            // so that the sum is the engine's time.
            Progress::Done { index, draft } => {
                micros[index] = u64::try_from(clock.elapsed().as_micros()).unwrap_or(u64::MAX);
                clock = Instant::now();
                cache.put(&self.keys[index], &Entry { draft: draft.clone(), micros: micros[index] });
                for &job in &self.jobs[index] {
                    step(Step::Done(job));
                }
            }
        })?;
        assert_eq!(drafts.len(), self.keys.len(), "an engine returns one draft per item");
        for (place, draft) in drafts.into_iter().enumerate() {
            for &job in &self.jobs[place] {
                results[job] = Some(Done { draft: draft.clone(), micros: micros[place], fresh: true });
            }
        }
        Ok(())
    }
}
