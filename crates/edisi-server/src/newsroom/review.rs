//! What editors do about segments and editions.

use edisi_article::{Finding, Severity};
use edisi_edition::translator::FinishReason;
use edisi_edition::{Decision, Pair};
use edisi_store::{
    Approval, ArticleRow, By, EditionChange, EditionRow, EditionState, Id, SegmentChange, SegmentHistory,
    SegmentRow, SegmentState, StoreError,
};
use jiff::Timestamp;
use serde_json::json;

use super::counts::Counted;
use super::{Action, Editor, Newsroom, NewsroomError, Result, audit, counts, effects, jobs};
use crate::events::Event;

/// The longest text an editor may write for one sentence, in bytes.
const MAX_TEXT: usize = 20_000;

impl Newsroom {
    /// Does something about a segment, on the version of it that the editor saw.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else was faster; [`NewsroomError::Refused`] for an empty or endless text,
    /// for accepting what is a gap, and when there is nothing to undo.
    pub async fn act(
        &self,
        editor: &Editor,
        segment: Id,
        version: i64,
        action: Action,
    ) -> Result<SegmentRow> {
        let row = self.store().segment(segment).await?;
        if row.version != version {
            return Err(StoreError::Conflict { what: "segment", current: row.version }.into());
        }
        let edition = self.store().edition(row.edition).await?;
        let article = self.store().article(edition.article).await?;
        let by = Some(By { user: editor.user, name: editor.name.clone(), at: Timestamp::now() });
        let (text, state, by, verb) = match action {
            Action::Accept if counts::is_gap(&row) => {
                return Err(NewsroomError::Refused(
                    "there is no translation to accept; write one for this sentence".into(),
                ));
            }
            Action::Accept => {
                let state = match row.state {
                    SegmentState::Edited => SegmentState::Edited,
                    _ => SegmentState::Accepted,
                };
                (row.text.clone(), state, by, "segment.accepted")
            }
            Action::Edit(text) => (written(&text)?, SegmentState::Edited, by, "segment.edited"),
            Action::Reject => (row.source.clone(), SegmentState::Rejected, by, "segment.rejected"),
            Action::Undo => {
                let before = undone(self.store().segment_history(segment).await?, &row)?;
                (before.text, before.state, before.by, "segment.undone")
            }
        };
        let (findings, decision) = self.judge(&article, &edition, &row, &text, state).await?;
        let before = counts::of([&row]);
        let changed = Counted { state, decision, findings: &findings, machine: &row.machine };
        let after = counts::of([changed]);
        let recount = |edition: &EditionRow| {
            let counted = edition.counts.unwrap_or_default().exchange(&before, &after);
            // Readers do not see the change before the next publication.
            (counted, counts::urgency(&counted, edition.published_number > 0))
        };
        let details = json!({ "number": row.number, "before": row.text, "after": text });
        let line = audit(&editor.login, verb, "segment", segment, details);
        let change = SegmentChange { id: segment, version, text, state, findings, decision, by };
        let row = self.store().change_segment(&change, recount, line.into()).await?;
        self.events().tell(Event::Segment {
            edition: row.edition,
            segment,
            version: row.version,
            by: editor.name.clone(),
        });
        let after = self.store().edition(edition.id).await?;
        if after.state != edition.state {
            self.tell(&after);
        }
        Ok(row)
    }

    /// What the checks say of a segment's text in a state, and what the policy makes of that.
    async fn judge(
        &self,
        article: &ArticleRow,
        edition: &EditionRow,
        row: &SegmentRow,
        text: &str,
        state: SegmentState,
    ) -> Result<(Vec<Finding>, Decision)> {
        match state {
            SegmentState::Rejected => Ok((Vec::new(), Decision::Hold)),
            SegmentState::Machine => {
                let made = &row.machine.segment;
                Ok((made.findings.clone(), made.decision))
            }
            // Who wrote or accepted it saw the findings: nothing is held any more.
            SegmentState::Accepted | SegmentState::Edited => {
                let revision = self.store().revision(edition.revision).await?;
                let pair = Pair::new(article.lang, edition.lang);
                let section = revision.content.section;
                let findings = self.pipeline().check(&row.source, text, pair, section.as_deref());
                Ok((findings.map_err(NewsroomError::failed)?, Decision::Publish))
            }
        }
    }

    /// What the checks would say of a text for a segment, before it is saved.
    ///
    /// # Errors
    /// When there is no such segment, or the text is endless.
    pub async fn check(&self, segment: Id, text: &str) -> Result<Vec<Finding>> {
        let row = self.store().segment(segment).await?;
        let edition = self.store().edition(row.edition).await?;
        let article = self.store().article(edition.article).await?;
        let text = written(text)?;
        Ok(self.judge(&article, &edition, &row, &text, SegmentState::Edited).await?.0)
    }

    /// Accepts every segment that nobody has touched and that has no finding but notes. Says how many.
    ///
    /// # Errors
    /// When there is no such edition, or the store fails; those accepted before stay accepted.
    pub async fn accept_clean(&self, editor: &Editor, edition: Id) -> Result<u64> {
        let mut done = 0;
        for row in self.store().segments(edition).await? {
            let noted = row.findings.iter().all(|f| f.severity == Severity::Note);
            if row.state != SegmentState::Machine || counts::is_gap(&row) || !noted {
                continue;
            }
            match self.act(editor, row.id, row.version, Action::Accept).await {
                // Somebody else is at it: theirs.
                Err(NewsroomError::Store(StoreError::Conflict { .. })) => {}
                row => {
                    row?;
                    done += 1;
                }
            }
        }
        Ok(done)
    }

    /// Takes responsibility for an edition as it is at these versions: all its segments count as reviewed, and go into the
    /// memory. Published next, when `publish`.
    ///
    /// # Errors
    /// [`NewsroomError::Refused`] while a sentence has no translation or the edition is behind its article; a conflict
    /// when the edition, or one of its segments, was changed in between.
    pub async fn approve(
        &self,
        editor: &Editor,
        edition: Id,
        version: i64,
        content_version: i64,
        publish: bool,
    ) -> Result<EditionRow> {
        let row = self.store().edition(edition).await?;
        if row.content_version != content_version {
            return Err(StoreError::Conflict { what: "edition", current: row.content_version }.into());
        }
        if row.stale {
            return Err(NewsroomError::Refused(
                "the original was changed since; wait until the edition has followed, then approve".into(),
            ));
        }
        if !matches!(row.state, EditionState::Review | EditionState::Published | EditionState::Rejected) {
            return Err(NewsroomError::Refused(format!(
                "an edition that is {:?} cannot be approved",
                row.state
            )));
        }
        let segments = self.store().segments(edition).await?;
        let gaps = segments.iter().filter(|s| counts::is_gap(s)).count();
        if gaps > 0 || segments.is_empty() {
            return Err(NewsroomError::Refused(format!(
                "{gaps} sentences have no translation; write them, then approve"
            )));
        }
        let count = |state| i64::try_from(segments.iter().filter(|s| s.state == state).count()).unwrap_or(0);
        let edited = count(SegmentState::Edited);
        let approval = Approval {
            user: editor.user,
            name: editor.name.clone(),
            at: Timestamp::now(),
            edited,
            accepted: i64::try_from(segments.len()).unwrap_or(0) - edited,
        };
        let details = json!({ "lang": row.lang, "edited": edited, "accepted": approval.accepted });
        let mut jobs = vec![jobs::learn(edition, content_version)];
        if publish {
            jobs.push(jobs::publish(edition, version + 1));
        }
        let change =
            EditionChange { version, approved: Some(approval), ..change(&row, EditionState::Approved) };
        let line = audit(&editor.login, "edition.approved", "edition", edition, details);
        let row = self.store().change_edition(&change, effects(line, jobs)).await?;
        self.tell(&row);
        Ok(row)
    }

    /// The edition is not to be published.
    ///
    /// # Errors
    /// A conflict when it was changed in between.
    pub async fn reject(
        &self,
        editor: &Editor,
        edition: Id,
        version: i64,
        reason: &str,
    ) -> Result<EditionRow> {
        let row = self.store().edition(edition).await?;
        let change = EditionChange { version, approved: None, ..change(&row, EditionState::Rejected) };
        let details = json!({ "lang": row.lang, "reason": reason });
        let line = audit(&editor.login, "edition.rejected", "edition", edition, details);
        let row = self.store().change_edition(&change, line.into()).await?;
        self.tell(&row);
        Ok(row)
    }
}

/// A change of nothing but the state.
pub(super) fn change(row: &EditionRow, state: EditionState) -> EditionChange {
    EditionChange {
        id: row.id,
        version: row.version,
        state,
        approved: row.approved.clone(),
        counts: row.counts,
        urgency: row.urgency,
    }
}

/// Whether there is something to translate in a segment that an engine or an editor worked on.
pub(super) fn is_translation(row: &SegmentRow) -> bool {
    row.machine.segment.finish != FinishReason::Copied
}

fn written(text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        let message =
            "an edition has a text for every sentence; write one, or reject the sentence".to_owned();
        return Err(NewsroomError::Refused(message));
    }
    if text.len() > MAX_TEXT {
        return Err(NewsroomError::Refused(format!(
            "a sentence has at most {MAX_TEXT} bytes; this has {}",
            text.len()
        )));
    }
    Ok(text.to_owned())
}

/// The state to which undoing leads: the one below the current one, where a state that was reached by going back has
/// taken the one above it away.
fn undone(history: Vec<SegmentHistory>, row: &SegmentRow) -> Result<SegmentHistory> {
    let now =
        SegmentHistory { version: row.version, text: row.text.clone(), state: row.state, by: row.by.clone() };
    let mut stack: Vec<SegmentHistory> = Vec::new();
    for next in history.into_iter().rev().chain([now]) {
        let same = |s: &SegmentHistory| s.text == next.text && s.state == next.state;
        if stack.len() > 1 && same(&stack[stack.len() - 2]) {
            stack.pop();
        } else {
            stack.push(next);
        }
    }
    stack.pop();
    stack.pop().ok_or_else(|| NewsroomError::Refused("there is nothing to undo in this sentence".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> SegmentHistory {
        SegmentHistory { version: 0, text: text.into(), state: SegmentState::Edited, by: None }
    }

    /// What undoing leads to after the texts have stood in this order.
    fn after(texts: &[&str]) -> Option<String> {
        let segment = serde_json::json!({
            "id": Id::new(), "edition": Id::new(), "number": 0, "place": { "place": "title" }, "index": 0,
            "source": "a", "text": texts[texts.len() - 1], "state": "edited", "findings": [],
            "decision": "publish", "machine": { "source": "a", "text": "a", "finish": "stop" }, "by": null,
            "version": 0,
        });
        let history = texts[..texts.len() - 1].iter().rev().map(|t| row(t)).collect();
        undone(history, &serde_json::from_value(segment).unwrap()).ok().map(|h| h.text)
    }

    #[test]
    fn undoing_goes_back_one_state_at_a_time() {
        assert_eq!(after(&["a"]), None);
        assert_eq!(after(&["a", "b", "c"]).as_deref(), Some("b"));
        assert_eq!(after(&["a", "b", "c", "b"]).as_deref(), Some("a"));
        assert_eq!(after(&["a", "b", "c", "b", "a"]), None);
        assert_eq!(after(&["a", "b", "a", "d"]).as_deref(), Some("a"));
    }
}
