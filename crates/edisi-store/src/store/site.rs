//! What stands on the site.

use edisi_text::Lang;
use jiff::Timestamp;
use sqlx::AnyConnection;

use super::desk::{by_id as edition_by_id, same};
use super::effects::{apply, raise};
use super::row::{Row, found, json, ms, opt_json, plain, word};
use super::{Result, Store, articles, now};
use crate::{EditionState, Effects, Id, NewPublication, Publication, PublishedFilter, StoreError};

/// A publication's columns, and whether it is behind its article `a`.
macro_rules! current {
    ($rest:literal) => {
        concat!(
            "SELECT p.*, a.slug, CASE WHEN p.revision_id = a.revision_id THEN 0 ELSE 1 END AS stale
             FROM publications p JOIN articles a ON a.id = p.article_id WHERE p.is_current = 1 ",
            $rest
        )
    };
}

impl Store {
    /// Publishes; sets the edition to `Published`. When the revision, approval and content are those of the current
    /// publication, none is written (and no effects), whatever the version, and the current one is returned; an edition
    /// that has left `Published` meanwhile goes back to it, if the version is the one read.
    ///
    /// # Errors
    /// `NotFound` when there is no such article or edition; `Conflict` when the edition, or one of its segments, has
    /// changed.
    pub async fn publish(
        &self,
        new: &NewPublication,
        effects: impl FnOnce(&Publication) -> Effects + Send,
    ) -> Result<Publication> {
        let mut write = self.write().await?;
        let article = articles::by_id(write.conn(), new.article).await?;
        let before = in_lang(write.conn(), new.article, new.lang).await?;
        let edition = match new.edition {
            Some((id, version)) => Some((edition_by_id(write.conn(), id).await?, version)),
            None => None,
        };
        let known = before.filter(|before| {
            before.edition == new.edition.map(|(id, _)| id)
                && before.revision == new.revision
                && before.approved == new.approved
                && before.title == plain(&new.title)
                && before.content == new.content
        });
        if let Some(known) = known {
            if let Some((edition, version)) = edition.filter(|(e, _)| e.state != EditionState::Published) {
                same("edition", edition.version, version)?;
                set_published(write.conn(), edition.id, known.number).await?;
                write.commit().await?;
            }
            return Ok(known);
        }
        if let Some((edition, version)) = &edition {
            same("edition", edition.version, *version)?;
        }
        let (last, first) = history(write.conn(), new.article, new.lang).await?;
        let published = now();
        let publication = Publication {
            id: Id::new(),
            article: new.article,
            slug: article.slug,
            lang: new.lang,
            edition: new.edition.map(|(id, _)| id),
            number: last + 1,
            revision: new.revision,
            stale: new.revision != article.revision,
            title: plain(&new.title),
            content: new.content.clone(),
            approved: new.approved.clone(),
            first_published: match first {
                Some(first) => first,
                None => moment(write.conn(), new.lang, published).await?,
            },
            published,
        };
        end_current(write.conn(), new.article, new.lang).await?;
        insert(write.conn(), &publication).await?;
        if let Some(edition) = publication.edition {
            set_published(write.conn(), edition, publication.number).await?;
        }
        raise(write.conn(), "site").await?;
        apply(write.conn(), effects(&publication)).await?;
        write.commit().await?;
        Ok(publication)
    }

    /// Takes a version off the site. A published edition goes back to `Approved`, or to `Review` if nobody approved it.
    ///
    /// # Errors
    /// `NotFound` when it is not on the site.
    pub async fn withdraw(&self, article: Id, lang: Lang, effects: Effects) -> Result<()> {
        let mut write = self.write().await?;
        if end_current(write.conn(), article, lang).await? == 0 {
            return Err(StoreError::NotFound { what: "publication", key: format!("{article}/{lang}") });
        }
        sqlx::query(
            "UPDATE editions SET version = version + 1, content_version = content_version + 1, updated = $3,
                                 state = CASE WHEN approved IS NULL THEN 'review' ELSE 'approved' END
             WHERE article_id = $1 AND lang = $2 AND state = 'published'",
        )
        .bind(article.to_string())
        .bind(lang.to_string())
        .bind(ms(now()))
        .execute(write.conn())
        .await?;
        raise(write.conn(), "site").await?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }

    /// The current version in a language.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn publication(&self, article: Id, lang: Lang) -> Result<Option<Publication>> {
        in_lang(&mut *self.read().await?, article, lang).await
    }

    /// The current version in a language of the article that is called `slug` in addresses.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn publication_by_slug(&self, slug: &str, lang: Lang) -> Result<Option<Publication>> {
        let query = sqlx::query(current!("AND a.slug = $1 AND p.lang = $2"));
        let row =
            query.bind(plain(slug)).bind(lang.to_string()).fetch_optional(&mut *self.read().await?).await?;
        row.map(|row| publication(Row::new("publications", &row))).transpose()
    }

    /// Whether the article that is called `slug` in addresses had a version in a language that was taken off the site.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn was_published(&self, slug: &str, lang: Lang) -> Result<bool> {
        let query = sqlx::query(
            "SELECT 1 AS n FROM publications p JOIN articles a ON a.id = p.article_id
             WHERE a.slug = $1 AND p.lang = $2 AND p.is_current = 0 LIMIT 1",
        );
        let query = query.bind(plain(slug)).bind(lang.to_string());
        Ok(query.fetch_optional(&mut *self.read().await?).await?.is_some())
    }

    /// The current versions of an article, the original first, then by language.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn publications(&self, article: Id) -> Result<Vec<Publication>> {
        let query = sqlx::query(current!(
            "AND p.article_id = $1 ORDER BY CASE WHEN p.edition_id IS NULL THEN 0 ELSE 1 END, p.lang"
        ));
        let rows = query.bind(article.to_string()).fetch_all(&mut *self.read().await?).await?;
        rows.iter().map(|row| publication(Row::new("publications", row))).collect()
    }

    /// Current versions in a language, those first published last first. No two of a language have the same
    /// `first_published`, so that pages by it miss none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn published(&self, filter: &PublishedFilter) -> Result<Vec<Publication>> {
        let query = sqlx::query(current!(
            "AND p.lang = $1 AND p.first_published < $2 ORDER BY p.first_published DESC LIMIT $3"
        ));
        let query = query
            .bind(filter.lang.to_string())
            .bind(filter.before.map_or(i64::MAX, ms))
            .bind(filter.limit.max(0));
        let rows = query.fetch_all(&mut *self.read().await?).await?;
        rows.iter().map(|row| publication(Row::new("publications", row))).collect()
    }

    /// Every current version, oldest first, without its content: for sitemaps and static sites. (article, slug, lang,
    /// published)
    ///
    /// # Errors
    /// When the database fails.
    pub async fn published_index(&self) -> Result<Vec<(Id, String, Lang, Timestamp)>> {
        let query = sqlx::query(
            "SELECT p.article_id, a.slug, p.lang, p.published
             FROM publications p JOIN articles a ON a.id = p.article_id
             WHERE p.is_current = 1 ORDER BY p.first_published, p.id",
        );
        let rows = query.fetch_all(&mut *self.read().await?).await?;
        let entry = |row| {
            let row = Row::new("publications", row);
            Ok((row.id("article_id")?, row.text("slug")?, row.lang("lang")?, row.time("published")?))
        };
        rows.iter().map(entry).collect()
    }

    /// Raised by every publication and withdrawal, every new revision, correction note and setting; what pages in memory
    /// are keyed by.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn site_version(&self) -> Result<i64> {
        let query = sqlx::query_scalar("SELECT value FROM counters WHERE name = 'site'");
        let value: Option<i64> = query.fetch_optional(&mut *self.read().await?).await?;
        Ok(value.unwrap_or(0))
    }
}

async fn in_lang(conn: &mut AnyConnection, article: Id, lang: Lang) -> Result<Option<Publication>> {
    let query = sqlx::query(current!("AND p.article_id = $1 AND p.lang = $2"));
    let row = query.bind(article.to_string()).bind(lang.to_string()).fetch_optional(conn).await?;
    row.map(|row| publication(Row::new("publications", &row))).transpose()
}

/// The number of the last publication, and when the first was.
async fn history(conn: &mut AnyConnection, article: Id, lang: Lang) -> Result<(i64, Option<Timestamp>)> {
    let query = sqlx::query(
        "SELECT COALESCE(MAX(number), 0) AS number, MIN(first_published) AS first_published FROM publications
         WHERE article_id = $1 AND lang = $2",
    );
    let row = query.bind(article.to_string()).bind(lang.to_string()).fetch_one(conn).await?;
    let row = Row::new("publications", &row);
    Ok((row.int("number")?, row.opt_time("first_published")?))
}

/// The first moment from `at` on at which nothing of the language was first published.
async fn moment(conn: &mut AnyConnection, lang: Lang, at: Timestamp) -> Result<Timestamp> {
    let mut moment = ms(at);
    loop {
        let query =
            sqlx::query("SELECT 1 AS n FROM publications WHERE lang = $1 AND first_published = $2 LIMIT 1");
        if query.bind(lang.to_string()).bind(moment).fetch_optional(&mut *conn).await?.is_none() {
            return Ok(Timestamp::from_millisecond(moment).unwrap_or(at));
        }
        moment += 1;
    }
}

async fn end_current(conn: &mut AnyConnection, article: Id, lang: Lang) -> Result<u64> {
    let query = sqlx::query(
        "UPDATE publications SET is_current = 0 WHERE article_id = $1 AND lang = $2 AND is_current = 1",
    );
    Ok(query.bind(article.to_string()).bind(lang.to_string()).execute(conn).await?.rows_affected())
}

async fn insert(conn: &mut AnyConnection, new: &Publication) -> Result<()> {
    sqlx::query(
        "INSERT INTO publications (id, article_id, lang, edition_id, number, revision_id, title, content, approved,
                                   first_published, published, is_current)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
    )
    .bind(new.id.to_string())
    .bind(new.article.to_string())
    .bind(new.lang.to_string())
    .bind(new.edition.map(|id| id.to_string()))
    .bind(new.number)
    .bind(new.revision.to_string())
    .bind(new.title.clone())
    .bind(json(&new.content)?)
    .bind(opt_json(new.approved.as_ref())?)
    .bind(ms(new.first_published))
    .bind(ms(new.published))
    .execute(conn)
    .await?;
    Ok(())
}

async fn set_published(conn: &mut AnyConnection, edition: Id, number: i64) -> Result<()> {
    let done = sqlx::query(
        "UPDATE editions SET state = $2, published_number = $3, version = version + 1,
                             content_version = content_version + 1, updated = $4 WHERE id = $1",
    )
    .bind(edition.to_string())
    .bind(word(EditionState::Published)?)
    .bind(number)
    .bind(ms(now()))
    .execute(conn)
    .await?;
    found((done.rows_affected() > 0).then_some(()), "edition", edition)
}

fn publication(row: Row<'_>) -> Result<Publication> {
    Ok(Publication {
        id: row.id("id")?,
        article: row.id("article_id")?,
        slug: row.text("slug")?,
        lang: row.lang("lang")?,
        edition: row.opt_parsed("edition_id")?,
        number: row.int("number")?,
        revision: row.id("revision_id")?,
        stale: row.flag("stale")?,
        title: row.text("title")?,
        content: row.json("content")?,
        approved: row.opt_json("approved")?,
        first_published: row.time("first_published")?,
        published: row.time("published")?,
    })
}
