//! Segments on their way through the one or two engines of a route.

use super::{Event, Made, Pipeline, Plan, Source};
use crate::checks;
use crate::glossary;
use crate::router::Leg;
use crate::translator::{Constraints, Control, Draft, EngineError, FinishReason, Item, Pair, Terms};
use crate::work::{self, Done, Job, Step};

impl Pipeline {
    /// Both legs of every plan, for the segments that have a text.
    pub(super) fn legs(
        &self,
        plans: &mut [Plan],
        text: &dyn Fn(usize, usize) -> Option<String>,
        segments: &[Source<'_>],
        control: &Control<'_>,
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Result<Vec<Vec<Option<Made>>>, EngineError> {
        let first = self.stage(0, plans, text, segments, control, on_event)?;
        let english = |plan: usize, s: usize| usable(&first[plan][s].as_ref()?.draft).map(str::to_owned);
        let second = self.stage(1, plans, &english, segments, control, on_event)?;
        let made = |(first, second): (Option<Done>, Option<Done>)| {
            let Done { draft, micros, fresh } = first?;
            Some(match second {
                None => Made { micros, fresh, ..Made::of(draft) },
                Some(second) => Made {
                    pivot: Some(draft),
                    micros: micros + second.micros,
                    fresh: fresh || second.fresh,
                    ..Made::of(second.draft)
                },
            })
        };
        Ok(first.into_iter().zip(second).map(|(a, b)| a.into_iter().zip(b).map(made).collect()).collect())
    }

    /// Runs leg `leg` of every plan that has one. Per plan and segment: what came of it, if there was a text.
    fn stage(
        &self,
        leg: usize,
        plans: &mut [Plan],
        text: &dyn Fn(usize, usize) -> Option<String>,
        segments: &[Source<'_>],
        control: &Control<'_>,
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Result<Vec<Vec<Option<Done>>>, EngineError> {
        let mut results: Vec<Vec<Option<Done>>> = plans.iter().map(|_| vec![None; segments.len()]).collect();
        let (mut jobs, mut owners) = (Vec::new(), Vec::new());
        let glossary = |plan: &Plan| {
            let step = plan.route.legs.get(leg).filter(|step| step.engine.terms() != Terms::Unheard);
            step.map(|step| self.glossaries.of(step.pair, plan.section.as_deref())).transpose()
        };
        let glossaries: Vec<_> = plans.iter().map(glossary).collect::<Result<_, _>>()?;
        for (segment, source) in segments.iter().enumerate() {
            for (p, plan) in plans.iter_mut().enumerate() {
                let Some(step) = plan.route.legs.get(leg) else { continue };
                match text(p, segment) {
                    Some(text_now) => {
                        let mut job = job(step, text_now, source.keep, segment, &|s| text(p, s));
                        if let Some(glossary) = &glossaries[p] {
                            let (text, Pair { source, target }) = (&job.item.text, job.item.pair);
                            let demands = plan.demands.get(&segment).cloned().unwrap_or_default();
                            let lost = demands.iter().map(|d| d.target.clone()).collect();
                            let constraints = glossary::constraints([
                                glossary::terms(glossary, text),
                                glossary::wanted(self.names.mentions(text, (source, target))),
                                demands,
                                glossary::established(step, text),
                            ]);
                            job.item.constraints = Constraints { lost, ..constraints };
                        }
                        jobs.push(job);
                        owners.push((p, segment));
                    }
                    None => plan.done += 1,
                }
            }
        }
        let done = work::run(&jobs, &self.cache, control, &mut |step| match step {
            Step::Loading(model) => on_event(Event::Loading { model }),
            Step::Loaded(model) => on_event(Event::Loaded { model }),
            Step::Done(job) => {
                let plan = &mut plans[owners[job].0];
                plan.done += 1;
                on_event(Event::Step { lang: plan.lang, done: plan.done, steps: plan.steps });
            }
        })?;
        for ((mut done, job), (plan, segment)) in done.into_iter().zip(&jobs).zip(owners) {
            let draft = &mut done.draft;
            if draft.failed.is_none() && draft.finish != FinishReason::Copied {
                draft.failed = checks::refusal(&job.item.text, &draft.text, job.item.pair, &self.checks);
            }
            results[plan][segment] = Some(done);
        }
        Ok(results)
    }
}

fn job(leg: &Leg, text: String, keep: bool, segment: usize, before: &dyn Fn(usize) -> Option<String>) -> Job {
    let from = segment.saturating_sub(leg.engine.context_segments());
    let context = (from..segment).filter_map(before).collect();
    let item = Item { pair: leg.pair, text, context, document: 0, constraints: Constraints::default() };
    Job { engine: leg.engine.clone(), item, keep }
}

fn usable(draft: &Draft) -> Option<&str> {
    (draft.failed.is_none() && !draft.text.trim().is_empty()).then(|| draft.text.trim())
}
