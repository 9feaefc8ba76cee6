//! The engine's work: editions of a revision.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use edisi_edition::kept::keep;
use edisi_edition::{Control, Edition, EngineErrorKind, Event as Step, Pair, Pipeline, PipelineError};
use edisi_store::{
    ArticleRow, EditionRow, EditionState, MadeEdition, NewSegment, Revision, SegmentRow, SegmentState,
    StoreError,
};
use edisi_text::Lang;
use serde_json::json;

use super::jobs::{self, MakePayload};
use super::{Newsroom, NewsroomError, Result, audit, blocking, carry, counts, effects, review};
use crate::events::Event;
use crate::settings::PublishMode;

/// Between two reports on an edition that is being made.
const REPORT: Duration = Duration::from_millis(200);
/// Tries to save an edition while an editor works on the one before.
const TRIES: usize = 20;

impl Newsroom {
    /// Makes editions of a revision, unless the article has a later one by now.
    pub(crate) async fn make(&self, payload: &MakePayload, cancel: Arc<AtomicBool>) -> Result<()> {
        let row = match self.store().article(payload.article).await {
            Err(StoreError::NotFound { .. }) => return Ok(()),
            row => row?,
        };
        if row.revision != payload.revision {
            return Ok(());
        }
        let revision = self.store().revision(row.revision).await?;
        let pipeline = self.pipeline();
        let (mut langs, mut nobody) = (Vec::new(), Vec::new());
        for &lang in &payload.langs {
            match pipeline.router().route(Pair::new(row.lang, lang)) {
                Ok(_) => langs.push(lang),
                Err(error) => nobody.push((lang, error.to_string())),
            }
        }
        for (lang, error) in nobody {
            self.could_not(&row, lang, &error).await?;
        }
        if langs.is_empty() {
            return Ok(());
        }
        let mut opened = Vec::new();
        for &lang in &langs {
            let edition = self.store().open_edition(row.id, lang).await?;
            self.tell(&edition);
            opened.push(edition);
        }
        let made = self.run(Arc::clone(&pipeline), &row, revision.clone(), &opened, cancel).await?;
        for edition in made {
            self.save(&pipeline, &row, &revision, edition, &payload.actor).await?;
        }
        Ok(())
    }

    /// Nothing more is tried: the editions say so.
    pub(crate) async fn give_up(&self, payload: &MakePayload, error: &str) -> Result<()> {
        let row = match self.store().article(payload.article).await {
            Err(StoreError::NotFound { .. }) => return Ok(()),
            row => row?,
        };
        if row.revision == payload.revision {
            for &lang in &payload.langs {
                self.could_not(&row, lang, error).await?;
            }
        }
        Ok(())
    }

    async fn could_not(&self, row: &ArticleRow, lang: Lang, error: &str) -> Result<()> {
        let edition = self.store().open_edition(row.id, lang).await?;
        // One that is there from before stays as it is, behind its article.
        if edition.state != EditionState::Translating {
            return Ok(());
        }
        let change = review::change(&edition, EditionState::Failed);
        let line = audit("edisi", "edition.failed", "edition", edition.id, json!({ "error": error }));
        let edition = self.store().change_edition(&change, line.into()).await?;
        self.tell(&edition);
        Ok(())
    }

    async fn run(
        &self,
        pipeline: Arc<Pipeline>,
        row: &ArticleRow,
        revision: Revision,
        opened: &[EditionRow],
        cancel: Arc<AtomicBool>,
    ) -> Result<Vec<Edition>> {
        let (events, article, lang) = (self.events().clone(), row.id, row.lang);
        let ids: Vec<_> = opened.iter().map(|e| (e.lang, e.id)).collect();
        blocking(move || {
            let targets: Vec<Lang> = ids.iter().map(|(lang, _)| *lang).collect();
            let control = Control { deadline: None, cancel: Some(&cancel) };
            let mut told = vec![None::<Instant>; ids.len()];
            let mut report = |event: Step<'_>| {
                let (lang, done, steps) = match event {
                    Step::Step { lang, done, steps } => (lang, done, steps),
                    Step::Planned { lang, steps } => (lang, 0, steps),
                    _ => return,
                };
                let Some(at) = ids.iter().position(|(of, _)| *of == lang) else { return };
                if done < steps && told[at].is_some_and(|t| t.elapsed() < REPORT) {
                    return;
                }
                told[at] = Some(Instant::now());
                events.tell(Event::Progress { article, edition: ids[at].1, lang, done, steps });
            };
            let set = pipeline
                .translate(&revision.content, Some(lang), &targets, &control, &mut report)
                .map_err(|e| match e {
                    PipelineError::Engine(e) if e.kind() == EngineErrorKind::Cancelled => {
                        NewsroomError::Cancelled
                    }
                    e => NewsroomError::failed(e),
                })?;
            if let Some(trouble) = pipeline.take_cache_trouble() {
                tracing::warn!("{trouble}");
            }
            Ok(set.editions)
        })
        .await
    }

    /// Saves an edition with what editors had done about the sentences that stayed.
    async fn save(
        &self,
        pipeline: &Pipeline,
        row: &ArticleRow,
        revision: &Revision,
        made: Edition,
        actor: &str,
    ) -> Result<()> {
        for _ in 0..TRIES {
            let before = self.store().open_edition(row.id, made.lang).await?;
            let old = self.store().segments(before.id).await?;
            let (saved, effects) = self.prepare(pipeline, row, revision, &made, &before, &old, actor)?;
            match self.store().save_made(&saved, before.content_version, effects).await {
                // An editor was at it in between: what they did is taken over too.
                Err(StoreError::Conflict { .. }) => continue,
                edition => {
                    self.tell(&edition?);
                    return Ok(());
                }
            }
        }
        Err(NewsroomError::Failed("editors kept changing the edition while it was to be replaced".into()))
    }

    #[allow(clippy::too_many_arguments)]
    fn prepare(
        &self,
        pipeline: &Pipeline,
        row: &ArticleRow,
        revision: &Revision,
        made: &Edition,
        before: &EditionRow,
        old: &[SegmentRow],
        actor: &str,
    ) -> Result<(MadeEdition, edisi_store::Effects)> {
        let mut segments: Vec<NewSegment> = keep(made).into_iter().map(new_segment).collect();
        let pair = Pair::new(row.lang, made.lang);
        let carried = {
            let sources: Vec<&str> = segments.iter().map(|s| s.source.as_str()).collect();
            carry::over(old, &sources)
        };
        for (segment, old) in segments.iter_mut().zip(carried) {
            let Some(old) = old else { continue };
            (segment.state, segment.by) = (old.state, old.by.clone());
            (segment.text, segment.findings, segment.decision) = match old.state {
                SegmentState::Rejected => (segment.source.clone(), Vec::new(), edisi_edition::Decision::Hold),
                _ => {
                    let findings = pipeline
                        .check(&segment.source, &old.text, pair, revision.content.section.as_deref())
                        .map_err(NewsroomError::failed)?;
                    (old.text.clone(), findings, edisi_edition::Decision::Publish)
                }
            };
        }
        let counted = counts::of(&segments);
        let mut jobs = Vec::new();
        let is_clean = counted.held == 0;
        let auto = self.settings().mode(made.lang) == PublishMode::Clean && is_clean;
        let version = before.version + 1;
        if auto {
            jobs.push(jobs::publish(before.id, version));
        }
        let event = if is_clean { "edition.ready" } else { "edition.held" };
        jobs.push(jobs::announce(event, row.id, Some(before.id), made.lang, None));
        let details = json!({
            "lang": made.lang, "revision": revision.number, "sentences": counted.segments, "held": counted.held,
            "kept": segments.iter().filter(|s| s.state != SegmentState::Machine).count(),
        });
        let saved = MadeEdition {
            id: before.id,
            version: before.version,
            revision: revision.id,
            state: EditionState::Review,
            tier: made.tier,
            route: made.route.clone(),
            urgency: counts::urgency(&counted, before.published_number > 0),
            counts: counted,
            segments,
        };
        Ok((saved, effects(audit(actor, "edition.made", "edition", before.id, details), jobs)))
    }
}

fn new_segment(
    (place, index, machine): (edisi_edition::units::Place, usize, edisi_edition::kept::KeptSegment),
) -> NewSegment {
    let made = &machine.segment;
    NewSegment {
        place,
        index: i64::try_from(index).unwrap_or(i64::MAX),
        source: made.source.clone(),
        text: made.text.clone(),
        state: SegmentState::Machine,
        findings: made.findings.clone(),
        decision: made.decision,
        by: None,
        machine,
    }
}
