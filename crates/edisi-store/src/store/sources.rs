//! What is watched for new articles, and who is told of changes.

use sqlx::Any;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;

use super::effects::apply;
use super::people::affected;
use super::row::{Row, found, json, ms, plain, taken, word};
use super::{Result, Store};
use crate::{Effects, Id, SourceLook, SourceRow, Webhook};

impl Store {
    /// Adds a source.
    ///
    /// # Errors
    /// `Taken` when its location is watched already.
    pub async fn add_source(&self, source: &SourceRow, effects: Effects) -> Result<()> {
        let query = sqlx::query(
            "INSERT INTO sources (id, kind, location, lang, seconds, etag, last_modified, seen, due, failures, error,
                                  paused, created)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        );
        let mut write = self.write().await?;
        let query = bind(query, source)?.bind(ms(source.created));
        query.execute(write.conn()).await.map_err(taken("source", &source.location))?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }

    /// Changes all of a source but `created`.
    ///
    /// # Errors
    /// `NotFound`; `Taken` when its new location is watched already.
    pub async fn update_source(&self, source: &SourceRow, effects: Effects) -> Result<()> {
        let query = sqlx::query(
            "UPDATE sources SET kind = $2, location = $3, lang = $4, seconds = $5, etag = $6, last_modified = $7,
                                seen = $8, due = $9, failures = $10, error = $11, paused = $12 WHERE id = $1",
        );
        let mut write = self.write().await?;
        let done = bind(query, source)?.execute(write.conn()).await;
        let done = done.map_err(taken("source", &source.location))?;
        affected(done.rows_affected(), "source", source.id)?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }

    /// Notes what a look at a source left behind, and nothing else: an operator may have changed the source meanwhile.
    ///
    /// # Errors
    /// `NotFound` when it was removed.
    pub async fn note_look(&self, id: Id, look: &SourceLook) -> Result<()> {
        let mut write = self.write().await?;
        let done = sqlx::query(
            "UPDATE sources SET etag = $2, last_modified = $3, seen = $4, due = $5, failures = $6, error = $7
             WHERE id = $1",
        )
        .bind(id.to_string())
        .bind(look.etag.as_deref().map(plain))
        .bind(look.last_modified.as_deref().map(plain))
        .bind(json(&look.seen)?)
        .bind(ms(look.due))
        .bind(look.failures)
        .bind(look.error.as_deref().map(plain))
        .execute(write.conn())
        .await?;
        affected(done.rows_affected(), "source", id)?;
        write.commit().await
    }

    /// A source.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn source(&self, id: Id) -> Result<SourceRow> {
        let query = sqlx::query("SELECT * FROM sources WHERE id = $1").bind(id.to_string());
        source(&found(query.fetch_optional(&mut *self.read().await?).await?, "source", id)?)
    }

    /// All sources, in the order they were added.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sources(&self) -> Result<Vec<SourceRow>> {
        let query = sqlx::query("SELECT * FROM sources ORDER BY created, id");
        query.fetch_all(&mut *self.read().await?).await?.iter().map(source).collect()
    }

    /// Removes a source; its articles stay.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn remove_source(&self, id: Id, effects: Effects) -> Result<()> {
        let mut write = self.write().await?;
        let query = sqlx::query("DELETE FROM sources WHERE id = $1").bind(id.to_string());
        affected(query.execute(write.conn()).await?.rows_affected(), "source", id)?;
        let query = sqlx::query("UPDATE articles SET source_id = NULL WHERE source_id = $1");
        query.bind(id.to_string()).execute(write.conn()).await?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }

    /// Adds a webhook.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_webhook(&self, hook: &Webhook, effects: Effects) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query("INSERT INTO webhooks (id, url, secret, events, created) VALUES ($1, $2, $3, $4, $5)")
            .bind(hook.id.to_string())
            .bind(plain(&hook.url))
            .bind(plain(&hook.secret))
            .bind(json(&hook.events)?)
            .bind(ms(hook.created))
            .execute(write.conn())
            .await
            .map_err(taken("webhook", &hook.url))?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }

    /// All webhooks, in the order they were added.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn webhooks(&self) -> Result<Vec<Webhook>> {
        let query = sqlx::query("SELECT * FROM webhooks ORDER BY created, id");
        let rows = query.fetch_all(&mut *self.read().await?).await?;
        let hook = |row| {
            let row = Row::new("webhooks", row);
            Ok(Webhook {
                id: row.id("id")?,
                url: row.text("url")?,
                secret: row.text("secret")?,
                events: row.json("events")?,
                created: row.time("created")?,
            })
        };
        rows.iter().map(hook).collect()
    }

    /// Removes a webhook.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn remove_webhook(&self, id: Id, effects: Effects) -> Result<()> {
        let mut write = self.write().await?;
        let query = sqlx::query("DELETE FROM webhooks WHERE id = $1").bind(id.to_string());
        affected(query.execute(write.conn()).await?.rows_affected(), "webhook", id)?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }
}

type Asked<'q> = Query<'q, Any, AnyArguments>;

fn bind<'q>(query: Asked<'q>, source: &SourceRow) -> Result<Asked<'q>> {
    Ok(query
        .bind(source.id.to_string())
        .bind(word(source.kind)?)
        .bind(plain(&source.location))
        .bind(source.lang.map(|lang| lang.to_string()))
        .bind(source.interval)
        .bind(source.etag.as_deref().map(plain))
        .bind(source.last_modified.as_deref().map(plain))
        .bind(json(&source.seen)?)
        .bind(ms(source.due))
        .bind(source.failures)
        .bind(source.error.as_deref().map(plain))
        .bind(i64::from(source.paused)))
}

fn source(row: &AnyRow) -> Result<SourceRow> {
    let row = Row::new("sources", row);
    Ok(SourceRow {
        id: row.id("id")?,
        kind: row.word("kind")?,
        location: row.text("location")?,
        lang: row.opt_parsed("lang")?,
        interval: row.int("seconds")?,
        etag: row.opt_text("etag")?,
        last_modified: row.opt_text("last_modified")?,
        seen: row.json("seen")?,
        due: row.time("due")?,
        failures: row.int("failures")?,
        error: row.opt_text("error")?,
        paused: row.flag("paused")?,
        created: row.time("created")?,
    })
}
