//! What a change brings with it, and the audit log.

use sqlx::AnyConnection;

use super::row::{Row, json, ms, plain};
use super::{Result, Store, now};
use crate::{AuditRow, Effects, Id, NewAudit, NewJob};

impl Store {
    /// Asks for work and writes into the audit log, without any other change.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record(&self, effects: Effects) -> Result<()> {
        let mut write = self.write().await?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }

    /// Asks for a job.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn enqueue(&self, job: NewJob) -> Result<()> {
        self.record(Effects { jobs: vec![job], audit: Vec::new() }).await
    }

    /// The audit log, the latest first: all of it, or what was done to `object`; before the line `before`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(&self, object: Option<&str>, before: Option<Id>, limit: i64) -> Result<Vec<AuditRow>> {
        let query = sqlx::query(
            "SELECT * FROM audit WHERE ($1 = '' OR object = $1) AND ($2 = '' OR id < $2)
             ORDER BY id DESC LIMIT $3",
        );
        let query = query
            .bind(object.unwrap_or_default().to_owned())
            .bind(before.map(|id| id.to_string()).unwrap_or_default())
            .bind(limit.max(0));
        let rows = query.fetch_all(&mut *self.read().await?).await?;
        let line = |row| {
            let row = Row::new("audit", row);
            Ok(AuditRow {
                id: row.id("id")?,
                at: row.time("at")?,
                actor: row.text("actor")?,
                action: row.text("action")?,
                object: row.text("object")?,
                details: row.json("details")?,
            })
        };
        rows.iter().map(line).collect()
    }
}

/// Does what a change brings with it, in the change's own transaction.
pub(super) async fn apply(conn: &mut AnyConnection, effects: Effects) -> Result<()> {
    for job in effects.jobs {
        ask(conn, job).await?;
    }
    for line in effects.audit {
        let NewAudit { actor, action, object, details } = line;
        sqlx::query(
            "INSERT INTO audit (id, at, actor, action, object, details) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(Id::new().to_string())
        .bind(ms(now()))
        .bind(plain(&actor))
        .bind(action)
        .bind(plain(&object))
        .bind(json(&details)?)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

async fn ask(conn: &mut AnyConnection, job: NewJob) -> Result<()> {
    let at = ms(now());
    let open = sqlx::query(
        "UPDATE jobs SET updated = CASE WHEN state = 'queued' AND due > $3 THEN $4 ELSE updated END,
                         due = CASE WHEN state = 'queued' AND due > $3 THEN $3 ELSE due END
         WHERE kind = $1 AND name = $2 AND state IN ('queued', 'running')",
    );
    let open = open.bind(job.kind).bind(plain(&job.key)).bind(ms(job.due)).bind(at);
    if open.execute(&mut *conn).await?.rows_affected() > 0 {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO jobs (id, kind, name, payload, state, attempts, max_attempts, due, created, updated)
         VALUES ($1, $2, $3, $4, 'queued', 0, $5, $6, $7, $7)",
    )
    .bind(Id::new().to_string())
    .bind(job.kind)
    .bind(plain(&job.key))
    .bind(json(&job.payload)?)
    .bind(job.max_attempts)
    .bind(ms(job.due))
    .bind(at)
    .execute(&mut *conn)
    .await?;
    Ok(())
}

/// Raises a counter.
pub(super) async fn raise(conn: &mut AnyConnection, counter: &'static str) -> Result<()> {
    sqlx::query(
        "INSERT INTO counters (name, value) VALUES ($1, 1)
         ON CONFLICT (name) DO UPDATE SET value = counters.value + 1",
    )
    .bind(counter)
    .execute(conn)
    .await?;
    Ok(())
}
