//! Work to be done in the background.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::effects::apply;
use super::people::affected;
use super::row::{Row, found, ms, plain, taken, word};
use super::{Result, Store, now};
use crate::{Effects, Id, Job, JobState};

/// Why a job whose worker vanished on its last try is parked.
const VANISHED: &str = "the program ended, or stopped answering, while it did this";

impl Store {
    /// Takes the job of these kinds that has been due longest; also one whose lease has run out. One whose lease has run
    /// out on its last try is parked instead: it may be what ends the program.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim(&self, kinds: &[&str], lease: Duration, now: Timestamp) -> Result<Option<Job>> {
        if kinds.is_empty() || !self.is_due(kinds, now).await? {
            return Ok(None);
        }
        let mut write = self.write().await?;
        let query = sqlx::query(
            "UPDATE jobs SET state = 'parked', leased_until = NULL, error = $2, updated = $1
             WHERE state = 'running' AND leased_until <= $1 AND attempts >= max_attempts",
        );
        query.bind(ms(now)).bind(VANISHED).execute(write.conn()).await?;
        let mut query = sqlx::query(AssertSqlSafe(due(kinds))).bind(ms(now));
        for kind in kinds {
            query = query.bind((*kind).to_owned());
        }
        let job = match query.fetch_optional(write.conn()).await? {
            Some(row) => {
                let id = Row::new("jobs", &row).id("id")?;
                let query = sqlx::query(
                    "UPDATE jobs SET state = 'running', attempts = attempts + 1, leased_until = $2, updated = $3
                     WHERE id = $1",
                );
                let query = query.bind(id.to_string()).bind(until(now, lease)).bind(ms(now));
                query.execute(write.conn()).await?;
                Some(by_id(write.conn(), id).await?)
            }
            None => None,
        };
        write.commit().await?;
        Ok(job)
    }

    /// Whether there is something to claim: idle workers only read.
    async fn is_due(&self, kinds: &[&str], now: Timestamp) -> Result<bool> {
        let mut query = sqlx::query(AssertSqlSafe(due(kinds))).bind(ms(now));
        for kind in kinds {
            query = query.bind((*kind).to_owned());
        }
        Ok(query.fetch_optional(&mut *self.read().await?).await?.is_some())
    }

    /// Prolongs a lease.
    ///
    /// # Errors
    /// `NotFound` when the job is no longer this worker's (by its number of attempts).
    pub async fn renew(&self, job: &Job, lease: Duration, now: Timestamp) -> Result<()> {
        let mut write = self.write().await?;
        let query = sqlx::query(
            "UPDATE jobs SET leased_until = $3, updated = $4 WHERE id = $1 AND attempts = $2 AND state = 'running'",
        );
        let query = query.bind(job.id.to_string()).bind(job.attempts).bind(until(now, lease)).bind(ms(now));
        affected(query.execute(write.conn()).await?.rows_affected(), "job", job.id)?;
        write.commit().await
    }

    /// A job is done.
    ///
    /// # Errors
    /// `NotFound` when it is no longer this worker's; nothing is done then.
    pub async fn finish(&self, job: &Job, effects: Effects) -> Result<()> {
        let mut write = self.write().await?;
        end(write.conn(), job, JobState::Done, None, job.due).await?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }

    /// A try failed: queued again at `retry`, or parked when that is `None` or the tries are used up.
    ///
    /// # Errors
    /// `NotFound` when it is no longer this worker's; nothing is done then.
    pub async fn fail(
        &self,
        job: &Job,
        error: &str,
        retry: Option<Timestamp>,
        effects: Effects,
    ) -> Result<JobState> {
        let (state, due) = match retry {
            Some(retry) if job.attempts < job.max_attempts => (JobState::Queued, retry),
            _ => (JobState::Parked, job.due),
        };
        let mut write = self.write().await?;
        end(write.conn(), job, state, Some(error), due).await?;
        apply(write.conn(), effects).await?;
        write.commit().await?;
        Ok(state)
    }

    /// Hands a job back untouched: its try does not count.
    ///
    /// # Errors
    /// `NotFound` when it is no longer this worker's.
    pub async fn release(&self, job: &Job) -> Result<()> {
        let mut write = self.write().await?;
        let query = sqlx::query(
            "UPDATE jobs SET state = 'queued', attempts = attempts - 1, leased_until = NULL, updated = $3
             WHERE id = $1 AND attempts = $2 AND state = 'running'",
        );
        let query = query.bind(job.id.to_string()).bind(job.attempts).bind(ms(now()));
        affected(query.execute(write.conn()).await?.rows_affected(), "job", job.id)?;
        write.commit().await
    }

    /// Hands back all running jobs, and says how many: for a program that alone uses the database and has just started.
    /// The tries that were interrupted count, and a job that has used them up is parked: it may be what ended the
    /// program.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_all(&self) -> Result<u64> {
        let mut write = self.write().await?;
        let at = ms(now());
        let query = sqlx::query(
            "UPDATE jobs SET state = 'parked', leased_until = NULL, error = $2, updated = $1
             WHERE state = 'running' AND attempts >= max_attempts",
        );
        query.bind(at).bind(VANISHED).execute(write.conn()).await?;
        let query = sqlx::query(
            "UPDATE jobs SET state = 'queued', leased_until = NULL, updated = $1 WHERE state = 'running'",
        );
        let back = query.bind(at).execute(write.conn()).await?.rows_affected();
        write.commit().await?;
        Ok(back)
    }

    /// Jobs, those that changed last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn jobs(&self, state: Option<JobState>, limit: i64) -> Result<Vec<Job>> {
        let state = state.map(word).transpose()?.unwrap_or_default();
        let query = sqlx::query(
            "SELECT * FROM jobs WHERE ($1 = '' OR state = $1) ORDER BY updated DESC, id DESC LIMIT $2",
        );
        let rows = query.bind(state).bind(limit.max(0)).fetch_all(&mut *self.read().await?).await?;
        rows.iter().map(job).collect()
    }

    /// How many jobs there are of each kind and state that has any.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn job_counts(&self) -> Result<Vec<(String, JobState, i64)>> {
        let query = sqlx::query(
            "SELECT kind, state, COUNT(*) AS n FROM jobs GROUP BY kind, state ORDER BY kind, state",
        );
        let rows = query.fetch_all(&mut *self.read().await?).await?;
        let count = |row| {
            let row = Row::new("jobs", row);
            Ok((row.text("kind")?, row.word("state")?, row.int("n")?))
        };
        rows.iter().map(count).collect()
    }

    /// Sets a parked job going again, with all its tries.
    ///
    /// # Errors
    /// `NotFound` when there is no such parked job; `Taken` when another has its place by now.
    pub async fn unpark(&self, id: Id, effects: Effects) -> Result<()> {
        let mut write = self.write().await?;
        let query = sqlx::query(
            "UPDATE jobs SET state = 'queued', attempts = 0, due = $2, updated = $2
             WHERE id = $1 AND state = 'parked'",
        );
        let done = query.bind(id.to_string()).bind(ms(now())).execute(write.conn()).await;
        let done = done.map_err(taken("job", &id.to_string()))?;
        affected(done.rows_affected(), "parked job", id)?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }

    /// Deletes done jobs that last changed before this, and says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_done_jobs(&self, before: Timestamp) -> Result<u64> {
        self.delete(sqlx::query("DELETE FROM jobs WHERE state = 'done' AND updated < $1").bind(ms(before)))
            .await
    }
}

/// The job of some kinds that has been due longest.
fn due(kinds: &[&str]) -> String {
    let kinds: Vec<String> = (0..kinds.len()).map(|i| format!("${}", i + 2)).collect();
    format!(
        "SELECT id FROM jobs WHERE kind IN ({}) AND (state = 'queued' AND due <= $1
                                                     OR state = 'running' AND leased_until <= $1)
         ORDER BY due, id LIMIT 1",
        kinds.join(", ")
    )
}

fn until(now: Timestamp, lease: Duration) -> i64 {
    ms(now).saturating_add(i64::try_from(lease.as_millis()).unwrap_or(i64::MAX))
}

async fn end(
    conn: &mut AnyConnection,
    job: &Job,
    state: JobState,
    error: Option<&str>,
    due: Timestamp,
) -> Result<()> {
    let query = sqlx::query(
        "UPDATE jobs SET state = $3, leased_until = NULL, error = $4, due = $5, updated = $6
         WHERE id = $1 AND attempts = $2 AND state = 'running'",
    );
    let query = query
        .bind(job.id.to_string())
        .bind(job.attempts)
        .bind(word(state)?)
        .bind(error.map(plain))
        .bind(ms(due))
        .bind(ms(now()));
    affected(query.execute(conn).await?.rows_affected(), "job", job.id)
}

async fn by_id(conn: &mut AnyConnection, id: Id) -> Result<Job> {
    let query = sqlx::query("SELECT * FROM jobs WHERE id = $1").bind(id.to_string());
    job(&found(query.fetch_optional(conn).await?, "job", id)?)
}

fn job(row: &AnyRow) -> Result<Job> {
    let row = Row::new("jobs", row);
    Ok(Job {
        id: row.id("id")?,
        kind: row.text("kind")?,
        key: row.text("name")?,
        payload: row.json("payload")?,
        state: row.word("state")?,
        attempts: row.int("attempts")?,
        max_attempts: row.int("max_attempts")?,
        due: row.time("due")?,
        leased_until: row.opt_time("leased_until")?,
        error: row.opt_text("error")?,
        created: row.time("created")?,
        updated: row.time("updated")?,
    })
}
