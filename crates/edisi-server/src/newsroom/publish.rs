//! What readers get.

use edisi_edition::Edition;
use edisi_edition::kept::{Frame, Standing, assemble};
use edisi_edition::publish::Snapshot;
use edisi_memory::Review;
use edisi_store::{
    ArticleRow, By, EditionRow, EditionState, Effects, Id, NewPublication, Publication, Revision, SegmentRow,
    SegmentState, StoreError,
};
use edisi_text::Lang;
use serde_json::json;

use super::jobs::PublishPayload;
use super::{Editor, Newsroom, NewsroomError, Result, audit, counts, jobs};
use crate::settings::PublishMode;

impl Newsroom {
    /// The edition as it stands, put together from its segments.
    ///
    /// # Errors
    /// [`NewsroomError::Refused`] when it is not made yet, or an older Edisi made it that cut sentences in another way.
    pub async fn edition(&self, id: Id) -> Result<(EditionRow, Edition)> {
        let row = self.store().edition(id).await?;
        let article = self.store().article(row.article).await?;
        let revision = self.store().revision(row.revision).await?;
        let segments = self.store().segments(id).await?;
        let edition = put_together(&article, &revision, &row, segments)?;
        Ok((row, edition))
    }

    /// Publishes an edition by an editor's decision: an approved one as reviewed, another with the label of a machine
    /// translation.
    ///
    /// # Errors
    /// A conflict when it was changed in between; [`NewsroomError::Refused`] when it is not made yet.
    pub async fn publish(&self, editor: &Editor, edition: Id, version: i64) -> Result<Publication> {
        let row = self.store().edition(edition).await?;
        if row.version != version {
            return Err(StoreError::Conflict { what: "edition", current: row.version }.into());
        }
        self.put_on_site(&row, &editor.login).await
    }

    /// The `publish` job: publishes an edition as it was when that was decided, if it still is.
    pub(crate) async fn publish_ready(&self, payload: &PublishPayload) -> Result<()> {
        let row = match self.store().edition(payload.edition).await {
            Err(StoreError::NotFound { .. }) => return Ok(()),
            row => row?,
        };
        let is_due = match row.state {
            EditionState::Approved => true,
            EditionState::Review => {
                let is_clean = row.counts.is_some_and(|c| c.held == 0);
                is_clean && self.settings().mode(row.lang) == PublishMode::Clean
            }
            _ => false,
        };
        if row.version != payload.version || !is_due {
            return Ok(());
        }
        match self.put_on_site(&row, "edisi").await {
            // Changed in between: whoever changed it decides again.
            Err(NewsroomError::Store(StoreError::Conflict { .. })) => Ok(()),
            done => done.map(|_| ()),
        }
    }

    async fn put_on_site(&self, row: &EditionRow, actor: &str) -> Result<Publication> {
        if !matches!(row.state, EditionState::Review | EditionState::Approved | EditionState::Published) {
            return Err(NewsroomError::Refused(format!(
                "an edition that is {:?} cannot be published; review it first",
                row.state
            )));
        }
        let article = self.store().article(row.article).await?;
        let revision = self.store().revision(row.revision).await?;
        let segments = self.store().segments(row.id).await?;
        let edition = put_together(&article, &revision, row, segments)?;
        let content = Snapshot::of(&revision.content, article.lang, &revision.hash, &edition);
        let title = content.title().unwrap_or(&article.title).to_owned();
        let new = NewPublication {
            article: article.id,
            lang: row.lang,
            edition: Some((row.id, row.version)),
            revision: revision.id,
            title,
            content,
            approved: row.approved.clone(),
        };
        let publication = self.store().publish(&new, |p| self.published(p, Some(row.id), actor)).await?;
        self.tell(&self.store().edition(row.id).await?);
        Ok(publication)
    }

    /// The `original` job: puts the article itself on the site, in its current state.
    pub(crate) async fn publish_original(&self, article: Id) -> Result<()> {
        let article = match self.store().article(article).await {
            Err(StoreError::NotFound { .. }) => return Ok(()),
            row => row?,
        };
        let revision = self.store().revision(article.revision).await?;
        let new = NewPublication {
            article: article.id,
            lang: article.lang,
            edition: None,
            revision: revision.id,
            title: article.title.clone(),
            content: Snapshot::original(&revision.content, article.lang, &revision.hash),
            approved: None,
        };
        self.store().publish(&new, |p| self.published(p, None, "edisi")).await?;
        Ok(())
    }

    /// What follows from a publication: whoever wants to know is told.
    fn published(&self, publication: &Publication, edition: Option<Id>, actor: &str) -> Effects {
        let (article, lang, number) = (publication.article, publication.lang, publication.number);
        let job = jobs::announce("edition.published", article, edition, lang, Some(number));
        let details = json!({
            "lang": lang, "number": number, "reviewed": publication.approved.is_some(), "edition": edition,
        });
        Effects {
            jobs: vec![job],
            audit: vec![audit(actor, "edition.published", "article", article, details)],
        }
    }

    /// Takes a version off the site.
    ///
    /// # Errors
    /// When there is none.
    pub async fn withdraw(&self, editor: &Editor, article: Id, lang: Lang) -> Result<()> {
        let line = audit(&editor.login, "edition.withdrawn", "article", article, json!({ "lang": lang }));
        self.store().withdraw(article, lang, line.into()).await?;
        if let Some(row) = self.store().edition_of(article, lang).await? {
            self.tell(&row);
        }
        Ok(())
    }
}

/// An edition from its rows.
pub(super) fn put_together(
    article: &ArticleRow,
    revision: &Revision,
    row: &EditionRow,
    segments: Vec<SegmentRow>,
) -> Result<Edition> {
    let tier =
        row.tier.ok_or_else(|| NewsroomError::Refused("the edition is not made yet; wait for it".into()))?;
    let frame = Frame { lang: row.lang, tier, route: row.route.clone(), glossaries: Vec::new() };
    let segments = segments.into_iter().map(|s| {
        let standing = standing(&s, row);
        (s.machine, standing)
    });
    assemble(&revision.content, article.lang, frame, segments)
        .map_err(|e| NewsroomError::Refused(e.to_string()))
}

fn standing(segment: &SegmentRow, edition: &EditionRow) -> Standing {
    let reviewed = |name: &str, at| Standing::Reviewed {
        text: segment.text.clone(),
        review: Review { by: name.to_owned(), at },
        findings: segment.findings.clone(),
    };
    match (segment.state, &segment.by, &edition.approved) {
        (SegmentState::Rejected, ..) => Standing::Refused,
        (SegmentState::Accepted | SegmentState::Edited, Some(By { name, at, .. }), _) => reviewed(name, *at),
        // Whoever approved the edition answers for every sentence of it.
        (_, _, Some(approval)) if !counts::is_gap(segment) => reviewed(&approval.name, approval.at),
        _ => Standing::Made,
    }
}
