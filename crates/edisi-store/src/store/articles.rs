//! Articles, their revisions, and what readers are told of changes.

use edisi_text::Lang;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::effects::{apply, raise};
use super::people::affected;
use super::row::{Row, found, json, ms, plain};
use super::{Result, Store, now};
use crate::{ArticleFilter, ArticleRow, Correction, Effects, Id, Incoming, Ingested, Revision};

/// Sentences before and after.
type Changes = Vec<(String, String)>;

impl Store {
    /// Takes an article in: new by its origin, or another revision by its hash, or known. Editions that exist become
    /// stale with a new revision, and a row of `corrections` is written when `correction` is given (not for the first
    /// revision). `effects` is told what became of it and says what follows; it is not asked about `Unchanged`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ingest(
        &self,
        incoming: &Incoming,
        correction: Option<(String, Changes)>,
        effects: impl FnOnce(&Ingested) -> Effects + Send,
    ) -> Result<Ingested> {
        let mut write = self.write().await?;
        let known = by_origin(write.conn(), &incoming.origin).await?;
        let ingested = match known {
            None => Ingested::Created(create(write.conn(), incoming).await?),
            Some(known) => {
                let revision = revision_of(write.conn(), known.revision).await?;
                if revision.hash == incoming.hash {
                    return Ok(Ingested::Unchanged(known));
                }
                Ingested::Revised(revise(write.conn(), known, &revision, incoming, correction).await?)
            }
        };
        raise(write.conn(), "site").await?;
        apply(write.conn(), effects(&ingested)).await?;
        write.commit().await?;
        Ok(ingested)
    }

    /// An article.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn article(&self, id: Id) -> Result<ArticleRow> {
        by_id(&mut *self.read().await?, id).await
    }

    /// The article of this origin, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn article_by_origin(&self, origin: &str) -> Result<Option<ArticleRow>> {
        by_origin(&mut *self.read().await?, origin).await
    }

    /// Articles, those taken in last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn articles(&self, filter: &ArticleFilter) -> Result<Vec<ArticleRow>> {
        let words: Vec<String> =
            filter.search.split_whitespace().map(|word| format!("%{}%", literal(&fold(word)))).collect();
        let mut sql = String::from("SELECT * FROM articles WHERE ($1 = '' OR id < $1)");
        for number in 0..words.len() {
            sql += &format!(" AND folded LIKE ${} ESCAPE '!'", number + 3);
        }
        sql += " ORDER BY id DESC LIMIT $2";
        let before = filter.before.map(|id| id.to_string()).unwrap_or_default();
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(before).bind(filter.limit.max(0));
        for word in words {
            query = query.bind(word);
        }
        let rows = query.fetch_all(&mut *self.read().await?).await?;
        rows.iter().map(|row| article(Row::new("articles", row))).collect()
    }

    /// A revision.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn revision(&self, id: Id) -> Result<Revision> {
        revision_of(&mut *self.read().await?, id).await
    }

    /// The revisions of an article, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revisions(&self, article: Id) -> Result<Vec<Revision>> {
        let query = sqlx::query("SELECT * FROM revisions WHERE article_id = $1 ORDER BY number DESC");
        let rows = query.bind(article.to_string()).fetch_all(&mut *self.read().await?).await?;
        rows.iter().map(revision).collect()
    }

    /// The corrections of an article, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn corrections(&self, article: Id) -> Result<Vec<Correction>> {
        let query = sqlx::query("SELECT * FROM corrections WHERE article_id = $1 ORDER BY id DESC");
        let rows = query.bind(article.to_string()).fetch_all(&mut *self.read().await?).await?;
        let correction = |row| {
            let row = Row::new("corrections", row);
            Ok(Correction {
                id: row.id("id")?,
                article: row.id("article_id")?,
                revision: row.id("revision_id")?,
                note: row.text("note")?,
                changes: row.json("changes")?,
                at: row.time("at")?,
            })
        };
        rows.iter().map(correction).collect()
    }

    /// Replaces what the newsroom says about a correction.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn set_correction_note(&self, id: Id, note: &str, effects: Effects) -> Result<()> {
        let mut write = self.write().await?;
        let query = sqlx::query("UPDATE corrections SET note = $2 WHERE id = $1");
        let done = query.bind(id.to_string()).bind(plain(note)).execute(write.conn()).await?;
        affected(done.rows_affected(), "correction", id)?;
        raise(write.conn(), "site").await?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }

    /// Deletes an article and all that hangs on it: revisions, editions, publications, corrections.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete_article(&self, id: Id, effects: Effects) -> Result<()> {
        let mut write = self.write().await?;
        let query = sqlx::query("DELETE FROM articles WHERE id = $1").bind(id.to_string());
        affected(query.execute(write.conn()).await?.rows_affected(), "article", id)?;
        raise(write.conn(), "site").await?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }
}

async fn create(conn: &mut AnyConnection, incoming: &Incoming) -> Result<ArticleRow> {
    let at = now();
    let row = ArticleRow {
        id: Id::new(),
        origin: plain(&incoming.origin),
        slug: free_slug(conn, &plain(&incoming.slug)).await?,
        url: url(incoming),
        title: title(incoming),
        lang: incoming.lang,
        source: incoming.source,
        revision: Id::new(),
        created: at,
        updated: at,
    };
    sqlx::query(
        "INSERT INTO articles (id, origin, slug, url, title, folded, lang, source_id, revision_id, created, updated)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
    )
    .bind(row.id.to_string())
    .bind(row.origin.clone())
    .bind(row.slug.clone())
    .bind(row.url.clone())
    .bind(row.title.clone())
    .bind(fold(&row.title))
    .bind(row.lang.to_string())
    .bind(row.source.map(|id| id.to_string()))
    .bind(row.revision.to_string())
    .bind(ms(at))
    .execute(&mut *conn)
    .await?;
    add_revision(conn, &row, 1, incoming).await?;
    Ok(row)
}

async fn revise(
    conn: &mut AnyConnection,
    known: ArticleRow,
    before: &Revision,
    incoming: &Incoming,
    correction: Option<(String, Changes)>,
) -> Result<ArticleRow> {
    let row = ArticleRow {
        url: url(incoming).or(known.url),
        title: title(incoming),
        lang: incoming.lang,
        source: incoming.source.or(known.source),
        revision: Id::new(),
        updated: now(),
        ..known
    };
    add_revision(conn, &row, before.number + 1, incoming).await?;
    sqlx::query(
        "UPDATE articles SET url = $2, title = $3, folded = $4, lang = $5, source_id = $6, revision_id = $7,
                             updated = $8 WHERE id = $1",
    )
    .bind(row.id.to_string())
    .bind(row.url.clone())
    .bind(row.title.clone())
    .bind(fold(&row.title))
    .bind(row.lang.to_string())
    .bind(row.source.map(|id| id.to_string()))
    .bind(row.revision.to_string())
    .bind(ms(row.updated))
    .execute(&mut *conn)
    .await?;
    if let Some((note, changes)) = correction {
        sqlx::query(
            "INSERT INTO corrections (id, article_id, revision_id, note, changes, at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(Id::new().to_string())
        .bind(row.id.to_string())
        .bind(row.revision.to_string())
        .bind(plain(&note))
        .bind(json(&changes)?)
        .bind(ms(row.updated))
        .execute(&mut *conn)
        .await?;
    }
    Ok(row)
}

async fn add_revision(
    conn: &mut AnyConnection,
    row: &ArticleRow,
    number: i64,
    incoming: &Incoming,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO revisions (id, article_id, number, hash, content, created) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(row.revision.to_string())
    .bind(row.id.to_string())
    .bind(number)
    .bind(plain(&incoming.hash))
    .bind(json(&incoming.content)?)
    .bind(ms(row.updated))
    .execute(conn)
    .await?;
    Ok(())
}

/// `wanted`, or with the first number behind it that is free.
async fn free_slug(conn: &mut AnyConnection, wanted: &str) -> Result<String> {
    let wanted = if wanted.is_empty() { "article" } else { wanted };
    let query = sqlx::query_scalar("SELECT slug FROM articles WHERE slug = $1 OR slug LIKE $2 ESCAPE '!'");
    let slugs: Vec<String> =
        query.bind(wanted.to_owned()).bind(format!("{}-%", literal(wanted))).fetch_all(conn).await?;
    let taken: std::collections::HashSet<String> = slugs.into_iter().collect();
    let mut slug = wanted.to_owned();
    let mut number = 1;
    while taken.contains(&slug) {
        number += 1;
        slug = format!("{wanted}-{number}");
    }
    Ok(slug)
}

fn url(incoming: &Incoming) -> Option<String> {
    let web = |url: &&String| url.starts_with("https://") || url.starts_with("http://");
    incoming.content.url.as_ref().filter(web).map(|url| plain(url))
}

fn title(incoming: &Incoming) -> String {
    plain(incoming.content.title.as_deref().unwrap_or_default())
}

fn fold(text: &str) -> String {
    plain(&text.to_lowercase())
}

/// A text in a pattern that escapes with `!`.
fn literal(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

pub(super) async fn by_id(conn: &mut AnyConnection, id: Id) -> Result<ArticleRow> {
    let query = sqlx::query("SELECT * FROM articles WHERE id = $1").bind(id.to_string());
    let row = query.fetch_optional(conn).await?;
    article(Row::new("articles", &found(row, "article", id)?))
}

async fn by_origin(conn: &mut AnyConnection, origin: &str) -> Result<Option<ArticleRow>> {
    let query = sqlx::query("SELECT * FROM articles WHERE origin = $1").bind(plain(origin));
    let row = query.fetch_optional(conn).await?;
    row.map(|row| article(Row::new("articles", &row))).transpose()
}

async fn revision_of(conn: &mut AnyConnection, id: Id) -> Result<Revision> {
    let query = sqlx::query("SELECT * FROM revisions WHERE id = $1").bind(id.to_string());
    revision(&found(query.fetch_optional(conn).await?, "revision", id)?)
}

pub(super) fn article(row: Row<'_>) -> Result<ArticleRow> {
    Ok(ArticleRow {
        id: row.id("id")?,
        origin: row.text("origin")?,
        slug: row.text("slug")?,
        url: row.opt_text("url")?,
        title: row.text("title")?,
        lang: row.parsed::<Lang>("lang")?,
        source: row.opt_parsed("source_id")?,
        revision: row.id("revision_id")?,
        created: row.time("created")?,
        updated: row.time("updated")?,
    })
}

fn revision(row: &AnyRow) -> Result<Revision> {
    let row = Row::new("revisions", row);
    Ok(Revision {
        id: row.id("id")?,
        article: row.id("article_id")?,
        number: row.int("number")?,
        hash: row.text("hash")?,
        content: row.json("content")?,
        created: row.time("created")?,
    })
}
