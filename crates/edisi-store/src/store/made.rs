//! An edition as the engine made it takes the place of what was there.

use std::collections::{HashMap, VecDeque};

use sqlx::{AnyConnection, AssertSqlSafe};

use super::desk::{all_segments, by_id, same};
use super::effects::apply;
use super::row::{json, ms, opt_json, plain, word};
use super::{Result, Store, now};
use crate::{EditionRow, Effects, Id, MadeEdition, NewSegment, SegmentRow};

/// Rows written with one statement.
const BATCH: usize = 50;
const COLUMNS: usize = 13;

impl Store {
    /// Replaces the segments of an edition, and takes an approval away. A segment whose original sentence was there before
    /// keeps its id, and while its text and state stay too, its history.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when its version or its content version is not the one read.
    pub async fn save_made(
        &self,
        made: &MadeEdition,
        content_version: i64,
        effects: Effects,
    ) -> Result<EditionRow> {
        let mut write = self.write().await?;
        let before = by_id(write.conn(), made.id).await?;
        same("edition", before.version, made.version)?;
        same("edition", before.content_version, content_version)?;
        replace(write.conn(), made).await?;
        let at = ms(now());
        sqlx::query(
            "UPDATE editions SET revision_id = $2, state = $3, version = version + 1,
                                 content_version = content_version + 1, tier = $4, route = $5, counts = $6,
                                 urgency = $7, approved = NULL, made = $8, updated = $8 WHERE id = $1",
        )
        .bind(made.id.to_string())
        .bind(made.revision.to_string())
        .bind(word(made.state)?)
        .bind(word(made.tier)?)
        .bind(json(&made.route)?)
        .bind(json(&made.counts)?)
        .bind(made.urgency)
        .bind(at)
        .execute(write.conn())
        .await?;
        let after = by_id(write.conn(), made.id).await?;
        apply(write.conn(), effects).await?;
        write.commit().await?;
        Ok(after)
    }
}

/// A new segment with the row it follows.
struct Placed<'a> {
    id: Id,
    version: i64,
    segment: &'a NewSegment,
}

async fn replace(conn: &mut AnyConnection, made: &MadeEdition) -> Result<()> {
    let old = all_segments(conn, made.id).await?;
    let mut by_source: HashMap<&str, VecDeque<&SegmentRow>> = HashMap::new();
    for row in &old {
        by_source.entry(&row.source).or_default().push_back(row);
    }
    let mut kept_histories = Vec::new();
    let mut placed = Vec::with_capacity(made.segments.len());
    for segment in &made.segments {
        let follows = by_source.get_mut(plain(&segment.source).as_str()).and_then(VecDeque::pop_front);
        placed.push(match follows {
            None => Placed { id: Id::new(), version: 1, segment },
            Some(old) if old.text == plain(&segment.text) && old.state == segment.state => {
                kept_histories.push(old.id);
                let same = old.findings == segment.findings && old.decision == segment.decision;
                let version = if same { old.version } else { old.version + 1 };
                Placed { id: old.id, version, segment }
            }
            Some(old) => Placed { id: old.id, version: old.version + 1, segment },
        });
    }
    let histories = histories(conn, made.id, &kept_histories).await?;
    let query = sqlx::query("DELETE FROM segments WHERE edition_id = $1").bind(made.id.to_string());
    query.execute(&mut *conn).await?;
    for (batch, rows) in placed.chunks(BATCH).enumerate() {
        insert(conn, made.id, batch * BATCH, rows).await?;
    }
    for (segment, version, text, state, by) in histories {
        sqlx::query(
            "INSERT INTO segment_history (segment_id, version, text, state, changed_by) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(segment)
        .bind(version)
        .bind(text)
        .bind(state)
        .bind(by)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

type History = (String, i64, String, String, Option<String>);

async fn histories(conn: &mut AnyConnection, edition: Id, segments: &[Id]) -> Result<Vec<History>> {
    let query = sqlx::query_as(
        "SELECT h.segment_id, h.version, h.text, h.state, h.changed_by FROM segment_history h
         JOIN segments s ON s.id = h.segment_id WHERE s.edition_id = $1",
    );
    let mut all: Vec<History> = query.bind(edition.to_string()).fetch_all(conn).await?;
    let kept: std::collections::HashSet<String> = segments.iter().map(Id::to_string).collect();
    all.retain(|(segment, ..)| kept.contains(segment));
    Ok(all)
}

async fn insert(conn: &mut AnyConnection, edition: Id, first: usize, rows: &[Placed<'_>]) -> Result<()> {
    let tuple = |row: usize| {
        let at: Vec<String> = (1..=COLUMNS).map(|c| format!("${}", row * COLUMNS + c)).collect();
        format!("({})", at.join(", "))
    };
    let sql = format!(
        "INSERT INTO segments (id, edition_id, number, place, idx, source, text, state, findings, decision, machine,
                               changed_by, version) VALUES {}",
        (0..rows.len()).map(tuple).collect::<Vec<_>>().join(", ")
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for (number, row) in rows.iter().enumerate() {
        let segment = row.segment;
        query = query
            .bind(row.id.to_string())
            .bind(edition.to_string())
            .bind(i64::try_from(first + number).unwrap_or(i64::MAX))
            .bind(json(&segment.place)?)
            .bind(segment.index)
            .bind(plain(&segment.source))
            .bind(plain(&segment.text))
            .bind(word(segment.state)?)
            .bind(json(&segment.findings)?)
            .bind(word(segment.decision)?)
            .bind(json(&segment.machine)?)
            .bind(opt_json(segment.by.as_ref())?)
            .bind(row.version);
    }
    query.execute(conn).await?;
    Ok(())
}
