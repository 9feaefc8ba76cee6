//! Runs the jobs that changes leave behind.
//!
//! Two lanes: the engine's work, one job at a time, since an engine uses all cores as it is; and everything else, a few
//! at a time. A job is leased and its lease prolonged while its worker lives; what fails is tried again later, and parked
//! with its error when that does not help. Stopping hands back what is not finished: its sentences are in the cache.

mod deliver;
mod run;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use edisi_store::{Effects, Job, StoreError};
use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::newsroom::{Newsroom, NewsroomError, backoff, is_hopeless, kind};
pub use run::Work;

/// How long a job is a worker's without a sign of life.
const LEASE: Duration = Duration::from_secs(60);
/// Between two looks for work when nobody called.
const IDLE: Duration = Duration::from_millis(500);
/// Jobs other than the engine's that run at once.
const HANDS: usize = 4;
/// Between two looks at sources that are due, and two cleanings-up.
const ROUND: Duration = Duration::from_secs(10);
/// How long done jobs stay for people to see.
const KEEP_DONE: jiff::SignedDuration = jiff::SignedDuration::from_hours(7 * 24);

/// The engine's work.
const ENGINE: [&str; 1] = [kind::MAKE];
/// All the other.
const OTHER: [&str; 7] =
    [kind::PUBLISH, kind::ORIGINAL, kind::LEARN, kind::ANNOUNCE, kind::WEBHOOK, kind::WEBSUB, kind::POLL];

/// Workers at work.
pub struct Workers {
    stop: Arc<AtomicBool>,
    newsroom: Newsroom,
    hands: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Sets workers going.
    pub fn start(newsroom: &Newsroom, work: &Work) -> Workers {
        let stop = Arc::new(AtomicBool::new(false));
        let mut hands = Vec::new();
        for lane in 0..=HANDS {
            let kinds: &'static [&'static str] = if lane == 0 { &ENGINE } else { &OTHER };
            let (newsroom, work) = (newsroom.clone(), work.clone());
            let stop = Arc::clone(&stop);
            hands.push(tokio::spawn(async move { lane_loop(&newsroom, &work, kinds, &stop).await }));
        }
        hands.push(tokio::spawn({
            let (newsroom, stop) = (newsroom.clone(), Arc::clone(&stop));
            async move { rounds(&newsroom, &stop).await }
        }));
        Workers { stop, newsroom: newsroom.clone(), hands }
    }

    /// Stops: what is running is handed back or finished.
    pub async fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.newsroom.work().notify_waiters();
        for hand in self.hands {
            if let Err(e) = hand.await {
                tracing::error!("a worker ended early: {e}");
            }
        }
    }
}

async fn pause(called: &Notify, time: Duration) {
    // Nobody calling is the ordinary case.
    let _ = tokio::time::timeout(time, called.notified()).await;
}

/// Between two rounds; cut short when the workers stop.
async fn rest(stop: &AtomicBool) {
    let mut left = ROUND;
    while !left.is_zero() && !stop.load(Ordering::Relaxed) {
        let step = left.min(IDLE);
        tokio::time::sleep(step).await;
        left -= step;
    }
}

async fn lane_loop(newsroom: &Newsroom, work: &Work, kinds: &[&str], stop: &Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        match newsroom.store().claim(kinds, LEASE, Timestamp::now()).await {
            Ok(Some(job)) => one(newsroom, work, job, stop).await,
            Ok(None) => pause(newsroom.work(), IDLE).await,
            Err(e) => {
                tracing::error!("cannot look for work: {e}");
                pause(newsroom.work(), Duration::from_secs(5)).await;
            }
        }
    }
}

/// Runs one job and writes down what became of it.
async fn one(newsroom: &Newsroom, work: &Work, job: Job, stop: &Arc<AtomicBool>) {
    let store = newsroom.store();
    let living = tokio::spawn({
        let (store, job) = (store.clone(), job.clone());
        async move {
            loop {
                tokio::time::sleep(LEASE / 3).await;
                if let Err(e) = store.renew(&job, LEASE, Timestamp::now()).await {
                    tracing::warn!(job = %job.id, "cannot prolong the lease: {e}");
                }
            }
        }
    });
    // In a task of its own, so that a panic is one failed try.
    let running = tokio::spawn({
        let (newsroom, work, job, stop) = (newsroom.clone(), work.clone(), job.clone(), Arc::clone(stop));
        async move { run::run(&newsroom, &work, &job, stop).await }
    });
    let done = match running.await {
        Ok(done) => done,
        Err(e) => Err(NewsroomError::Failed(format!("the work ended early: {e}"))),
    };
    living.abort();
    let written = match done {
        Ok(()) => store.finish(&job, Effects::default()).await,
        Err(NewsroomError::Cancelled) => store.release(&job).await,
        Err(error) => failed(newsroom, &job, &error.to_string()).await,
    };
    match written {
        // Its lease had run out, and somebody else has it.
        Ok(()) | Err(StoreError::NotFound { .. }) => {}
        Err(e) => tracing::error!(job = %job.id, "cannot write down what became of the job: {e}"),
    }
}

async fn failed(newsroom: &Newsroom, job: &Job, error: &str) -> Result<(), StoreError> {
    tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempts, "{error}");
    let now = Timestamp::now();
    let is_last = is_hopeless(job, now);
    if is_last && let Err(e) = run::give_up(newsroom, job, error).await {
        tracing::error!(job = %job.id, "cannot say that it was given up: {e}");
    }
    let retry = (!is_last).then(|| now + backoff(job.attempts));
    newsroom.store().fail(job, error, retry, Effects::default()).await.map(|_| ())
}

/// What is done again and again: sources that are due, old jobs and sessions.
async fn rounds(newsroom: &Newsroom, stop: &AtomicBool) {
    let mut cleaned = None::<Timestamp>;
    while !stop.load(Ordering::Relaxed) {
        let now = Timestamp::now();
        if let Err(e) = run::ask_for_polls(newsroom, now).await {
            tracing::error!("cannot look for sources that are due: {e}");
        }
        if cleaned.is_none_or(|at| now.duration_since(at).as_hours() >= 1) {
            cleaned = Some(now);
            let store = newsroom.store();
            if let Err(e) = store.delete_done_jobs(now - KEEP_DONE).await {
                tracing::error!("cannot clean up jobs: {e}");
            }
            if let Err(e) = store.delete_expired_sessions(now).await {
                tracing::error!("cannot clean up sessions: {e}");
            }
        }
        rest(stop).await;
    }
}
