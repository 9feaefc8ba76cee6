//! Editions and their segments, as editors work on them.

use edisi_edition::report::Counts;
use edisi_text::Lang;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::effects::apply;
use super::row::{Row, found, json, ms, opt_json, plain, word};
use super::{Result, Store, articles, now};
use crate::{
    EditionChange, EditionRow, EditionState, Effects, Id, QueueFilter, Queued, SegmentChange, SegmentHistory,
    SegmentRow, StoreError,
};

/// An edition's columns, and whether it is behind its article `a`.
macro_rules! edition_columns {
    () => {
        "e.*, CASE WHEN e.revision_id = a.revision_id THEN 0 ELSE 1 END AS stale"
    };
}

impl Store {
    /// The edition of an article in a language, made in state `Translating` when there is none.
    ///
    /// # Errors
    /// `NotFound` when there is no such article.
    pub async fn open_edition(&self, article: Id, lang: Lang) -> Result<EditionRow> {
        if let Some(known) = self.edition_of(article, lang).await? {
            return Ok(known);
        }
        let mut write = self.write().await?;
        let revision = articles::by_id(write.conn(), article).await?.revision;
        sqlx::query(
            "INSERT INTO editions (id, article_id, lang, revision_id, state, version, content_version, route, urgency,
                                   published_number, updated)
             VALUES ($1, $2, $3, $4, $5, 1, 1, '[]', 0, 0, $6) ON CONFLICT (article_id, lang) DO NOTHING",
        )
        .bind(Id::new().to_string())
        .bind(article.to_string())
        .bind(lang.to_string())
        .bind(revision.to_string())
        .bind(word(EditionState::Translating)?)
        .bind(ms(now()))
        .execute(write.conn())
        .await?;
        let made = by_lang(write.conn(), article, lang).await?;
        write.commit().await?;
        found(made, "edition", lang)
    }

    /// An edition.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn edition(&self, id: Id) -> Result<EditionRow> {
        by_id(&mut *self.read().await?, id).await
    }

    /// The edition of an article in a language, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn edition_of(&self, article: Id, lang: Lang) -> Result<Option<EditionRow>> {
        by_lang(&mut *self.read().await?, article, lang).await
    }

    /// The editions of an article, by language.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn editions(&self, article: Id) -> Result<Vec<EditionRow>> {
        let query = sqlx::query(concat!(
            "SELECT ",
            edition_columns!(),
            " FROM editions e JOIN articles a ON a.id = e.article_id WHERE e.article_id = $1 ORDER BY e.lang"
        ));
        let rows = query.bind(article.to_string()).fetch_all(&mut *self.read().await?).await?;
        rows.iter().map(|row| edition(Row::new("editions", row))).collect()
    }

    /// Editions with their articles, the most urgent first, then the oldest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn queue(&self, filter: &QueueFilter) -> Result<Vec<Queued>> {
        let stale = match filter.stale {
            None => "",
            Some(true) => " AND e.revision_id <> a.revision_id",
            Some(false) => " AND e.revision_id = a.revision_id",
        };
        let states: Vec<String> = filter.states.iter().map(word).collect::<Result<_>>()?;
        let among = match states.len() {
            0 => String::new(),
            n => format!(
                " AND e.state IN ({})",
                (0..n).map(|i| format!("${}", i + 4)).collect::<Vec<_>>().join(", ")
            ),
        };
        let sql = format!(
            "SELECT {}, a.id AS a_id, a.origin AS a_origin, a.slug AS a_slug, a.url AS a_url, a.title AS a_title,
                    a.lang AS a_lang, a.source_id AS a_source_id, a.revision_id AS a_revision_id,
                    a.created AS a_created, a.updated AS a_updated
             FROM editions e JOIN articles a ON a.id = e.article_id
             WHERE ($1 = '' OR e.lang = $1){stale}{among}
             ORDER BY e.urgency DESC, e.id LIMIT $2 OFFSET $3",
            edition_columns!()
        );
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(filter.lang.map(|l| l.to_string()).unwrap_or_default())
            .bind(filter.limit.max(0))
            .bind(filter.offset.max(0));
        for state in states {
            query = query.bind(state);
        }
        let rows = query.fetch_all(&mut *self.read().await?).await?;
        let queued = |row| {
            let row = Row::new("editions", row);
            Ok(Queued { edition: edition(row)?, article: articles::article(row.part("articles", "a_"))? })
        };
        rows.iter().map(queued).collect()
    }

    /// How many editions there are in each state that has any.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn queue_counts(&self) -> Result<Vec<(EditionState, i64)>> {
        let query = sqlx::query("SELECT state, COUNT(*) AS n FROM editions GROUP BY state ORDER BY state");
        let rows = query.fetch_all(&mut *self.read().await?).await?;
        let count = |row| {
            let row = Row::new("editions", row);
            Ok((row.word("state")?, row.int("n")?))
        };
        rows.iter().map(count).collect()
    }

    /// The segments of an edition, in reading order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn segments(&self, edition: Id) -> Result<Vec<SegmentRow>> {
        all_segments(&mut *self.read().await?, edition).await
    }

    /// A segment.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn segment(&self, id: Id) -> Result<SegmentRow> {
        segment_by_id(&mut *self.read().await?, id).await
    }

    /// Changes a segment, keeps the state before in its history, raises the edition's versions, and takes an approval
    /// away: what was approved or published goes back to `Review`. `recount` is told of the edition as it is, whoever else
    /// is changing its other segments, and says its counts and its urgency.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when the segment is at another version.
    pub async fn change_segment(
        &self,
        change: &SegmentChange,
        recount: impl FnOnce(&EditionRow) -> (Counts, i64) + Send,
        effects: Effects,
    ) -> Result<SegmentRow> {
        let mut write = self.write().await?;
        let before = segment_by_id(write.conn(), change.id).await?;
        same("segment", before.version, change.version)?;
        let (counts, urgency) = recount(&by_id(write.conn(), before.edition).await?);
        sqlx::query(
            "INSERT INTO segment_history (segment_id, version, text, state, changed_by) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(before.id.to_string())
        .bind(before.version)
        .bind(before.text)
        .bind(word(before.state)?)
        .bind(opt_json(before.by.as_ref())?)
        .execute(write.conn())
        .await?;
        sqlx::query(
            "UPDATE segments SET text = $2, state = $3, findings = $4, decision = $5, changed_by = $6,
                                 version = version + 1 WHERE id = $1",
        )
        .bind(change.id.to_string())
        .bind(plain(&change.text))
        .bind(word(change.state)?)
        .bind(json(&change.findings)?)
        .bind(word(change.decision)?)
        .bind(opt_json(change.by.as_ref())?)
        .execute(write.conn())
        .await?;
        sqlx::query(
            "UPDATE editions SET version = version + 1, content_version = content_version + 1, counts = $2,
                                 urgency = $3, updated = $4, approved = NULL,
                                 state = CASE WHEN state IN ('approved', 'published') THEN 'review' ELSE state END
             WHERE id = $1",
        )
        .bind(before.edition.to_string())
        .bind(json(&counts)?)
        .bind(urgency)
        .bind(ms(now()))
        .execute(write.conn())
        .await?;
        let after = segment_by_id(write.conn(), change.id).await?;
        apply(write.conn(), effects).await?;
        write.commit().await?;
        Ok(after)
    }

    /// The states a segment had, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn segment_history(&self, id: Id) -> Result<Vec<SegmentHistory>> {
        let query = sqlx::query("SELECT * FROM segment_history WHERE segment_id = $1 ORDER BY version DESC");
        let rows = query.bind(id.to_string()).fetch_all(&mut *self.read().await?).await?;
        let state = |row| {
            let row = Row::new("segment_history", row);
            Ok(SegmentHistory {
                version: row.int("version")?,
                text: row.text("text")?,
                state: row.word("state")?,
                by: row.opt_json("changed_by")?,
            })
        };
        rows.iter().map(state).collect()
    }

    /// Changes an edition.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when it is at another version: it or one of its segments was changed.
    pub async fn change_edition(&self, change: &EditionChange, effects: Effects) -> Result<EditionRow> {
        let mut write = self.write().await?;
        let before = by_id(write.conn(), change.id).await?;
        same("edition", before.version, change.version)?;
        sqlx::query(
            "UPDATE editions SET version = version + 1, content_version = content_version + 1, state = $2,
                                 approved = $3, counts = $4, urgency = $5, updated = $6 WHERE id = $1",
        )
        .bind(change.id.to_string())
        .bind(word(change.state)?)
        .bind(opt_json(change.approved.as_ref())?)
        .bind(opt_json(change.counts.as_ref())?)
        .bind(change.urgency)
        .bind(ms(now()))
        .execute(write.conn())
        .await?;
        let after = by_id(write.conn(), change.id).await?;
        apply(write.conn(), effects).await?;
        write.commit().await?;
        Ok(after)
    }
}

/// What is changed is what was read.
pub(super) fn same(what: &'static str, current: i64, read: i64) -> Result<()> {
    if current == read { Ok(()) } else { Err(StoreError::Conflict { what, current }) }
}

pub(super) async fn by_id(conn: &mut AnyConnection, id: Id) -> Result<EditionRow> {
    let query = sqlx::query(concat!(
        "SELECT ",
        edition_columns!(),
        " FROM editions e JOIN articles a ON a.id = e.article_id WHERE e.id = $1"
    ));
    let row = query.bind(id.to_string()).fetch_optional(conn).await?;
    edition(Row::new("editions", &found(row, "edition", id)?))
}

async fn by_lang(conn: &mut AnyConnection, article: Id, lang: Lang) -> Result<Option<EditionRow>> {
    let query = sqlx::query(concat!(
        "SELECT ",
        edition_columns!(),
        " FROM editions e JOIN articles a ON a.id = e.article_id WHERE e.article_id = $1 AND e.lang = $2"
    ));
    let row = query.bind(article.to_string()).bind(lang.to_string()).fetch_optional(conn).await?;
    row.map(|row| edition(Row::new("editions", &row))).transpose()
}

pub(super) async fn all_segments(conn: &mut AnyConnection, edition: Id) -> Result<Vec<SegmentRow>> {
    let query = sqlx::query("SELECT * FROM segments WHERE edition_id = $1 ORDER BY number");
    query.bind(edition.to_string()).fetch_all(conn).await?.iter().map(segment).collect()
}

async fn segment_by_id(conn: &mut AnyConnection, id: Id) -> Result<SegmentRow> {
    let query = sqlx::query("SELECT * FROM segments WHERE id = $1").bind(id.to_string());
    segment(&found(query.fetch_optional(conn).await?, "segment", id)?)
}

fn edition(row: Row<'_>) -> Result<EditionRow> {
    Ok(EditionRow {
        id: row.id("id")?,
        article: row.id("article_id")?,
        lang: row.lang("lang")?,
        revision: row.id("revision_id")?,
        stale: row.flag("stale")?,
        state: row.word("state")?,
        version: row.int("version")?,
        content_version: row.int("content_version")?,
        tier: row.opt_word("tier")?,
        route: row.json("route")?,
        counts: row.opt_json("counts")?,
        urgency: row.int("urgency")?,
        approved: row.opt_json("approved")?,
        published_number: row.int("published_number")?,
        made: row.opt_time("made")?,
        updated: row.time("updated")?,
    })
}

fn segment(row: &AnyRow) -> Result<SegmentRow> {
    let row = Row::new("segments", row);
    Ok(SegmentRow {
        id: row.id("id")?,
        edition: row.id("edition_id")?,
        number: row.int("number")?,
        place: row.json("place")?,
        index: row.int("idx")?,
        source: row.text("source")?,
        text: row.text("text")?,
        state: row.word("state")?,
        findings: row.json("findings")?,
        decision: row.word("decision")?,
        machine: row.json("machine")?,
        by: row.opt_json("changed_by")?,
        version: row.int("version")?,
    })
}
