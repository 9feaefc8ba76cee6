//! Tries again what failed or what the checks find wrong; see [`crate::repair`] for the order and the choice.

use std::sync::Arc;

use edisi_article::Finding;

use super::{Made, Pipeline, Plan, Source};
use crate::checks;
use crate::clauses;
use crate::repair::{self, Tried, Way};
use crate::router::Leg;
use crate::translator::{Control, EngineError, FailureReason, FinishReason, Terms};

/// A sentence of a plan that is tried in more than one way.
struct Open {
    plan: usize,
    segment: usize,
    tried: Vec<Tried>,
}

impl Open {
    /// Whether no try so far is free of errors.
    fn is_unsettled(&self) -> bool {
        self.tried.iter().all(Tried::is_wrong)
    }

    /// Whether no try so far can stand at all.
    fn has_failed(&self) -> bool {
        self.tried.iter().all(|t| t.made.draft.failed.is_some())
    }
}

/// Whether another try could help: not with copies, nor with what editors reviewed, nor when time ran out.
fn may_mend(made: &Made, source: Source<'_>) -> bool {
    let late = made.draft.failed.as_ref().is_some_and(|f| f.reason == FailureReason::Deadline);
    let is_given = matches!(made.draft.finish, FinishReason::Copied | FinishReason::Memory);
    !source.keep && !late && !is_given
}

impl Pipeline {
    /// Has every segment judged and what is wrong tried again; the best try stays, with what the checks say of it.
    pub(super) fn mend(
        &self,
        plans: &mut [Plan],
        segments: &[Source<'_>],
        made: &mut [Vec<Made>],
        control: &Control<'_>,
    ) -> Result<(), EngineError> {
        let mut open: Vec<Open> = Vec::new();
        for (p, plan) in plans.iter().enumerate() {
            for (s, made) in made[p].iter_mut().enumerate().filter(|(s, m)| may_mend(m, segments[*s])) {
                let first = self.judge(plan, segments[s].text, made.clone(), Way::Route)?;
                if first.made.draft.failed.is_some() || self.repair && first.is_doubtful() {
                    open.push(Open { plan: p, segment: s, tried: vec![first] });
                } else {
                    *made = first.made;
                }
            }
        }
        if self.repair {
            self.among_hypotheses(plans, segments, &mut open)?;
            self.with_demands(plans, segments, &mut open, control)?;
            self.in_halves(plans, segments, &mut open, control)?;
        }
        self.on_detour(plans, segments, &mut open, control)?;
        for Open { plan, segment, tried } in open {
            made[plan][segment] = repair::choose(tried);
        }
        Ok(())
    }

    /// A try, with what the checks say of it.
    fn judge(&self, plan: &Plan, source: &str, mut made: Made, way: Way) -> Result<Tried, EngineError> {
        let pair = plan.pair();
        if made.draft.failed.is_none() {
            made.draft.failed = checks::refusal(source, &made.draft.text, pair, &self.checks);
        }
        made.findings = match made.draft.failed {
            Some(_) => Vec::new(),
            None => self.findings(plan, source, made.draft.text.trim())?,
        };
        Ok(Tried { way, made })
    }

    /// What the checks say of a translation.
    pub(super) fn findings(
        &self,
        plan: &Plan,
        source: &str,
        translation: &str,
    ) -> Result<Vec<Finding>, EngineError> {
        self.check(source, translation, plan.pair(), plan.section.as_deref())
    }

    /// What else the engine's search ended with.
    fn among_hypotheses(
        &self,
        plans: &[Plan],
        segments: &[Source<'_>],
        open: &mut [Open],
    ) -> Result<(), EngineError> {
        for Open { plan, segment, tried } in open {
            let first = tried[0].made.clone();
            for alternative in &first.draft.alternatives {
                let made = Made { draft: alternative.draft(), micros: 0, fresh: false, ..first.clone() };
                tried.push(self.judge(&plans[*plan], segments[*segment].text, made, Way::Hypothesis)?);
            }
        }
        Ok(())
    }

    /// The same route, with the numbers and names that were lost demanded of the engine.
    fn with_demands(
        &self,
        plans: &[Plan],
        segments: &[Source<'_>],
        open: &mut [Open],
        control: &Control<'_>,
    ) -> Result<(), EngineError> {
        let mut again: Vec<Plan> = plans.iter().map(|p| p.again(p.route.clone())).collect();
        for o in open.iter().filter(|o| o.is_unsettled()) {
            // Where there are two legs, the words of the source are not those that the second one reads.
            if let [leg] = &*plans[o.plan].route.legs
                && leg.engine.terms() != Terms::Unheard
            {
                let demands = repair::demands(segments[o.segment].text, &o.tried[0].made.findings, leg.pair);
                if !demands.is_empty() {
                    again[o.plan].demands.insert(o.segment, demands);
                }
            }
        }
        let wanted: Vec<Vec<usize>> = again.iter().map(|p| p.demands.keys().copied().collect()).collect();
        let text = |p: usize, s: usize| wanted[p].contains(&s).then(|| segments[s].text.to_owned());
        let mut made = self.legs(&mut again, &text, segments, control, &mut |_| {})?;
        for Open { plan, segment, tried } in open {
            if let Some(made) = made[*plan][*segment].take() {
                tried.push(self.judge(&plans[*plan], segments[*segment].text, made, Way::Demanded)?);
            }
        }
        Ok(())
    }

    /// The other route: for what failed, and for errors where another engine takes part in it. Through English and
    /// back the same engine seldom does better than in halves, for twice the time.
    fn on_detour(
        &self,
        plans: &mut [Plan],
        segments: &[Source<'_>],
        open: &mut [Open],
        control: &Control<'_>,
    ) -> Result<(), EngineError> {
        let (mut detours, mut owners) = (Vec::new(), Vec::new());
        for (p, plan) in plans.iter_mut().enumerate() {
            let Some(route) = self.router.detour(&plan.route) else { continue };
            let is_own = |leg: &Leg| plan.route.legs.iter().any(|own| Arc::ptr_eq(&own.engine, &leg.engine));
            let only_failed = route.legs.iter().all(is_own);
            let wants = |o: &Open| if only_failed { o.has_failed() } else { o.is_unsettled() };
            let segments: Vec<usize> =
                open.iter().filter(|o| o.plan == p && wants(o)).map(|o| o.segment).collect();
            if !segments.is_empty() {
                plan.detour = Some(route.clone());
                detours.push(plan.again(route));
                owners.push((p, segments));
            }
        }
        let again = |d: usize, s: usize| owners[d].1.contains(&s).then(|| segments[s].text.to_owned());
        let mut second = self.legs(&mut detours, &again, segments, control, &mut |_| {})?;
        for Open { plan, segment, tried } in open {
            let Some(d) = owners.iter().position(|(p, _)| p == plan) else { continue };
            if let Some(made) = second[d][*segment].take() {
                tried.push(self.judge(&plans[*plan], segments[*segment].text, made, Way::Detour)?);
            }
        }
        Ok(())
    }

    /// The same route in two halves.
    fn in_halves(
        &self,
        plans: &mut [Plan],
        segments: &[Source<'_>],
        open: &mut [Open],
        control: &Control<'_>,
    ) -> Result<(), EngineError> {
        let cut: Vec<(&mut Open, usize)> = open
            .iter_mut()
            .filter(|o| o.is_unsettled())
            .filter_map(|o| {
                let at = clauses::cut(segments[o.segment].text)?;
                Some((o, at))
            })
            .collect();
        let halves: Vec<Source<'_>> = cut
            .iter()
            .flat_map(|(o, at)| {
                let (first, second) = segments[o.segment].text.split_at(*at);
                let first = first.trim_end_matches([',', '，', '、', '،']);
                [first, second].map(|text| Source { text: text.trim(), keep: false })
            })
            .collect();
        let mut again: Vec<Plan> = plans.iter().map(|p| p.again(p.route.clone())).collect();
        let text = |p: usize, h: usize| (cut[h / 2].0.plan == p).then(|| halves[h].text.to_owned());
        let mut made = self.legs(&mut again, &text, &halves, control, &mut |_| {})?;
        for (at, (open, _)) in cut.into_iter().enumerate() {
            let plan = &plans[open.plan];
            let mut half = |h: usize| made[open.plan][h].take();
            if let (Some(first), Some(second)) = (half(2 * at), half(2 * at + 1)) {
                let whole = repair::join(&first, &second, plan.lang);
                open.tried.push(self.judge(plan, segments[open.segment].text, whole, Way::Halves)?);
            }
        }
        Ok(())
    }
}
