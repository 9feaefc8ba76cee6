//! What editors reviewed goes into the memory: into the store, and into the index on disk that look-ups ask.

use std::sync::Arc;

use edisi_memory::{Memory, Review, Unit};
use edisi_store::{Effects, Id, SegmentState, Store, StoreError};

use super::{Newsroom, NewsroomError, Result, audit, blocking, counts, review};

/// Units read from the store at once.
const PAGE: i64 = 1000;

impl Newsroom {
    /// The `learn` job: the sentences of an approved edition.
    pub(crate) async fn learn(&self, edition: Id) -> Result<()> {
        let row = match self.store().edition(edition).await {
            Err(StoreError::NotFound { .. }) => return Ok(()),
            row => row?,
        };
        // No longer approved: somebody went on changing it, and approves again.
        let Some(approval) = row.approved else { return Ok(()) };
        let article = self.store().article(row.article).await?;
        let segments = self.store().segments(edition).await?;
        let mut units = Vec::new();
        let mut context: Option<String> = None;
        for segment in segments {
            if review::is_translation(&segment) && !counts::is_gap(&segment) {
                let given = segment.by.as_ref().filter(|_| segment.state != SegmentState::Machine);
                let (by, at) = given.map_or((&approval.name, approval.at), |by| (&by.name, by.at));
                units.push(Unit {
                    pair: (article.lang, row.lang),
                    source: segment.source.clone(),
                    target: segment.text.clone(),
                    review: Review { by: by.clone(), at },
                    origin: article.origin.clone(),
                    context: context.clone(),
                });
            }
            context = Some(segment.source);
        }
        let details = serde_json::json!({ "units": units.len() });
        let line = audit("edisi", "memory.learned", "edition", edition, details);
        self.remember(units, line.into()).await
    }

    /// Adds reviewed units to the memory.
    ///
    /// # Errors
    /// When the store or the index cannot be written.
    pub async fn remember(&self, units: Vec<Unit>, effects: Effects) -> Result<()> {
        self.store().remember(&units, effects).await?;
        let memory = Arc::clone(self.memory());
        blocking(move || memory.add(units).map(|_| ()).map_err(NewsroomError::failed)).await
    }
}

/// Fills the index from the store when it has not the same number of units: it is new, a backup was restored, or the
/// program was killed between the two.
pub(super) async fn bring_up_to_date(store: &Store, memory: &Arc<Memory>) -> Result<()> {
    let count = store.memory_count().await?;
    let index = Arc::clone(memory);
    let has = blocking(move || index.stats().map(|s| s.units).map_err(NewsroomError::failed)).await?;
    if u64::try_from(count) == Ok(has) {
        return Ok(());
    }
    if has > 0 {
        let index = Arc::clone(memory);
        let all = edisi_memory::Selection::All;
        blocking(move || index.remove(&all).map(|_| ()).map_err(NewsroomError::failed)).await?;
    }
    let mut after: Option<String> = None;
    loop {
        let page = store.memory_units(after.as_deref(), PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id());
        let index = Arc::clone(memory);
        blocking(move || index.add(page).map(|_| ()).map_err(NewsroomError::failed)).await?;
    }
}
