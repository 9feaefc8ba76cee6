//! Glossary, name book and translation memory.

use edisi_article::Term;
use edisi_memory::Unit;

use super::desk::same;
use super::effects::apply;
use super::row::{Row, json, ms, plain};
use super::{Result, Store, now};
use crate::Effects;

impl Store {
    /// The current terms of `glossary` or `names`, with their version number; 0 when there never were any.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn terms(&self, book: &str) -> Result<(Vec<Term>, i64)> {
        let query =
            sqlx::query("SELECT entries, version FROM terms WHERE book = $1 ORDER BY version DESC LIMIT 1");
        let row = query.bind(plain(book)).fetch_optional(&mut *self.read().await?).await?;
        let Some(row) = row else { return Ok((Vec::new(), 0)) };
        let row = Row::new("terms", &row);
        Ok((row.json("entries")?, row.int("version")?))
    }

    /// The version number that [`Store::terms`] has, without the terms.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn terms_version(&self, book: &str) -> Result<i64> {
        let query = sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM terms WHERE book = $1");
        Ok(query.bind(plain(book)).fetch_one(&mut *self.read().await?).await?)
    }

    /// Replaces them and says their version number. Earlier versions stay.
    ///
    /// # Errors
    /// `Conflict` when `version` is not the current one.
    pub async fn set_terms(&self, book: &str, terms: &[Term], version: i64, effects: Effects) -> Result<i64> {
        let entries = json(terms)?;
        let mut write = self.write().await?;
        let query = sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM terms WHERE book = $1");
        let current: i64 = query.bind(plain(book)).fetch_one(write.conn()).await?;
        same("terms", current, version)?;
        sqlx::query("INSERT INTO terms (book, version, entries, at) VALUES ($1, $2, $3, $4)")
            .bind(plain(book))
            .bind(current + 1)
            .bind(entries)
            .bind(ms(now()))
            .execute(write.conn())
            .await?;
        apply(write.conn(), effects).await?;
        write.commit().await?;
        Ok(current + 1)
    }

    /// Keeps units that editors reviewed; the same unit (its id) again replaces the one before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remember(&self, units: &[Unit], effects: Effects) -> Result<()> {
        let mut write = self.write().await?;
        for unit in units {
            sqlx::query(
                "INSERT INTO memory (id, unit) VALUES ($1, $2)
                 ON CONFLICT (id) DO UPDATE SET unit = excluded.unit",
            )
            .bind(unit.id())
            .bind(json(unit)?)
            .execute(write.conn())
            .await?;
        }
        apply(write.conn(), effects).await?;
        write.commit().await
    }

    /// Forgets units, and says how many of them were there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(&self, ids: &[String], effects: Effects) -> Result<u64> {
        let mut write = self.write().await?;
        let mut gone = 0;
        for id in ids {
            let query = sqlx::query("DELETE FROM memory WHERE id = $1").bind(plain(id));
            gone += query.execute(write.conn()).await?.rows_affected();
        }
        apply(write.conn(), effects).await?;
        write.commit().await?;
        Ok(gone)
    }

    /// How many units there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn memory_count(&self) -> Result<i64> {
        Ok(sqlx::query_scalar("SELECT COUNT(*) FROM memory").fetch_one(&mut *self.read().await?).await?)
    }

    /// A page of units in the order of their ids, after `after`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn memory_units(&self, after: Option<&str>, limit: i64) -> Result<Vec<Unit>> {
        let query = sqlx::query("SELECT unit FROM memory WHERE id > $1 ORDER BY id LIMIT $2");
        let query = query.bind(plain(after.unwrap_or_default())).bind(limit.max(0));
        let rows = query.fetch_all(&mut *self.read().await?).await?;
        rows.iter().map(|row| Row::new("memory", row).json("unit")).collect()
    }
}
