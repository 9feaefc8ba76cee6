//! Segments whose translation the site's memory has.

use std::collections::HashMap;

use edisi_article::Severity;
use edisi_memory::MemoryError;

use super::{Made, Pipeline, PipelineError, Plan, Source};
use crate::checks;
use crate::recall::{Found, Recalled, Reuse, Suggestion};
use crate::translator::Draft;
use crate::units::is_translatable;

/// What is known of a segment before any engine is asked.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Its translation.
    pub made: Option<Made>,
    /// Translations of sentences like it.
    pub suggestions: Vec<Suggestion>,
}

impl Pipeline {
    /// What the memory knows of every segment, by plan.
    pub(super) fn remember(
        &self,
        plans: &[Plan],
        segments: &[Source<'_>],
    ) -> Result<Vec<Vec<Known>>, PipelineError> {
        let Some(memory) = &self.memory else {
            return Ok(vec![vec![Known::default(); segments.len()]; plans.len()]);
        };
        let mut out = Vec::with_capacity(plans.len());
        for plan in plans {
            let mut seen: HashMap<&str, Known> = HashMap::new();
            let mut known = Vec::with_capacity(segments.len());
            for source in segments {
                if source.keep || !is_translatable(source.text) {
                    known.push(Known::default());
                    continue;
                }
                if !seen.contains_key(source.text) {
                    let found = Found::of(memory, plan.pair(), source.text)?;
                    seen.insert(source.text, self.known(plan, source.text, found)?);
                }
                known.push(seen[source.text].clone());
            }
            out.push(known);
        }
        Ok(out)
    }

    fn known(&self, plan: &Plan, source: &str, found: Found) -> Result<Known, PipelineError> {
        let mut made = None;
        for (recalled, draft) in found.drafts {
            let (one, is_wrong) = self.recalled(plan, source, recalled, draft)?;
            if !is_wrong {
                made = Some(one);
                break;
            }
        }
        Ok(Known { made, suggestions: found.suggestions })
    }

    /// A translation from the memory with what the checks say of it, and whether it must not be taken: what an editor
    /// reviewed stands whatever they say.
    fn recalled(
        &self,
        plan: &Plan,
        source: &str,
        recalled: Recalled,
        draft: Draft,
    ) -> Result<(Made, bool), PipelineError> {
        let findings = self.findings(plan, source, draft.text.trim())?;
        let adapted = recalled.reuse == Reuse::Adapted;
        let refused = || checks::refusal(source, &draft.text, plan.pair(), &self.checks).is_some();
        let is_wrong = adapted && (findings.iter().any(|f| f.severity == Severity::Error) || refused());
        Ok((Made { memory: Some(Box::new(recalled)), findings, ..Made::of(draft) }, is_wrong))
    }
}

impl From<MemoryError> for PipelineError {
    fn from(error: MemoryError) -> PipelineError {
        PipelineError::Memory(error)
    }
}
