//! Runs segments through engines, past the cache.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::cache::{Cache, CacheError, CacheKey, Entry};
use crate::translator::{Batch, Control, Draft, EngineError, FinishReason, Item, Progress, Translator};
use crate::units::is_translatable;

/// A segment and who is to translate it.
pub(crate) struct Job {
    pub engine: Arc<dyn Translator>,
    pub item: Item,
    /// Whether the segment is to stay as it is.
    pub keep: bool,
}

/// A finished job.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    pub draft: Draft,
    /// Engine time when it was made; 0 for copies and for the second and later of equal jobs.
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

/// Runs all jobs; the result has one entry per job, in order. Equal jobs run once, and the time is booked on
/// the first of them.
pub(crate) fn run(
    jobs: &[Job],
    cache: &SharedCache,
    control: &Control<'_>,
    step: &mut dyn FnMut(Step<'_>),
) -> Result<Vec<Done>, EngineError> {
    let mut results: Vec<Option<Done>> = vec![None; jobs.len()];
    let mut queues: Vec<Queue> = Vec::new();
    for task in distinct(jobs) {
        let job = &jobs[task.jobs[0]];
        let known = if !job.keep && is_translatable(&job.item.text) {
            cache.get(&task.key)
        } else {
            Some(Entry { draft: Draft::copied(job.item.text.clone()), micros: 0 })
        };
        match known {
            Some(entry) => {
                task.jobs.iter().for_each(|&j| step(Step::Done(j)));
                task.settle(entry, false, &mut results);
            }
            None => match queues.iter_mut().find(|q| Arc::ptr_eq(&q.engine, &job.engine)) {
                Some(queue) => queue.add(task, &job.item),
                None => {
                    let mut queue =
                        Queue { engine: Arc::clone(&job.engine), batch: Batch::default(), tasks: Vec::new() };
                    queue.add(task, &job.item);
                    queues.push(queue);
                }
            },
        }
    }
    for queue in queues {
        queue.run(cache, control, &mut results, step)?;
    }
    Ok(results.into_iter().map(|r| r.expect("every job is copied, cached or queued")).collect())
}

/// Jobs that are the same work.
struct Task {
    key: CacheKey,
    jobs: Vec<usize>,
}

fn distinct(jobs: &[Job]) -> Vec<Task> {
    let mut tasks: Vec<Task> = Vec::new();
    let mut places = HashMap::new();
    for (index, job) in jobs.iter().enumerate() {
        let key = CacheKey::new(&job.item, job.engine.id());
        let place = *places.entry((key, job.keep)).or_insert(tasks.len());
        match tasks.get_mut(place) {
            Some(task) => task.jobs.push(index),
            None => tasks.push(Task { key, jobs: vec![index] }),
        }
    }
    tasks
}

impl Task {
    fn settle(&self, entry: Entry, fresh: bool, results: &mut [Option<Done>]) {
        for (i, &job) in self.jobs.iter().enumerate() {
            let micros = if i == 0 { entry.micros } else { 0 };
            results[job] = Some(Done { draft: entry.draft.clone(), micros, fresh: fresh && i == 0 });
        }
    }
}

/// Work of one engine.
struct Queue {
    engine: Arc<dyn Translator>,
    batch: Batch,
    tasks: Vec<Task>,
}

impl Queue {
    fn add(&mut self, task: Task, item: &Item) {
        self.batch.items.push(item.clone());
        self.tasks.push(task);
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
        let mut micros = vec![0u64; self.tasks.len()];
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
                let task = &self.tasks[index];
                cache.put(&task.key, &Entry { draft: draft.clone(), micros: micros[index] });
                task.jobs.iter().for_each(|&job| step(Step::Done(job)));
            }
        })?;
        assert_eq!(drafts.len(), self.tasks.len(), "an engine returns one draft per item");
        for ((task, draft), micros) in self.tasks.iter().zip(drafts).zip(micros) {
            let fresh = draft.finish != FinishReason::Deadline;
            task.settle(Entry { draft, micros }, fresh, results);
        }
        Ok(())
    }
}
