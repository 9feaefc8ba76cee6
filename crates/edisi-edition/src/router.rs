//! Which engine translates a pair, and whether directly or through English.

use std::cmp::Ordering;
use std::sync::Arc;

use edisi_text::Lang;
use serde::{Deserialize, Serialize};

use crate::translator::{EngineId, Pair, Tier, Translator};

/// Directly or through English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// One engine from source to target.
    Direct,
    /// Source to English, English to target.
    English,
}

/// One step of a route: a pair and the engine that does it.
#[derive(Clone)]
pub struct Leg {
    /// What this step translates.
    pub pair: Pair,
    /// Who does it.
    pub engine: Arc<dyn Translator>,
}

/// How a pair is translated: one leg, or two through English.
#[derive(Clone)]
pub struct Route {
    /// The steps, in order; one or two.
    pub legs: Vec<Leg>,
}

impl Route {
    /// The lowest tier on the way.
    pub fn tier(&self) -> Tier {
        self.legs.iter().map(|l| l.engine.id().tier).min().unwrap_or(Tier::Draft)
    }

    /// The route in a form for reports.
    pub fn report(&self) -> Vec<LegReport> {
        self.legs
            .iter()
            .map(|l| LegReport { pair: l.pair.to_string(), engine: l.engine.id().clone() })
            .collect()
    }
}

/// A leg as reports show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegReport {
    /// `id-en`.
    pub pair: String,
    /// Who translated.
    #[serde(flatten)]
    pub engine: EngineId,
}

/// Why there is no way from one language to the other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RouteError {
    /// No model at all.
    #[error(
        "no translation model is installed; run `edisi models pull` (or `edisi models import` without a network)"
    )]
    ModelMissing,
    /// Models, but none for this pair.
    #[error(
        "no installed model translates {} ({}) to {} ({}), directly or through English; installed: {}; \
         `edisi models list` shows what can be had",
        pair.source.english_name(), pair.source, pair.target.english_name(), pair.target, installed.join(", ")
    )]
    NoRoute {
        /// What was asked for.
        pair: Pair,
        /// The installed models.
        installed: Vec<String>,
    },
}

/// Chooses among the installed engines.
#[derive(Clone)]
pub struct Router {
    engines: Vec<Arc<dyn Translator>>,
    forced: Option<Via>,
}

impl Router {
    /// A router over these engines; among equals the first is preferred.
    pub fn new(engines: Vec<Arc<dyn Translator>>) -> Router {
        Router { engines, forced: None }
    }

    /// The same router, always going this way; for measurements.
    pub fn via(mut self, via: Via) -> Router {
        self.forced = Some(via);
        self
    }

    /// The engines it chooses from.
    pub fn engines(&self) -> &[Arc<dyn Translator>] {
        &self.engines
    }

    /// The same router over other engines in the places of these.
    pub fn map(&self, engine: impl FnMut(&Arc<dyn Translator>) -> Arc<dyn Translator>) -> Router {
        Router { engines: self.engines.iter().map(engine).collect(), forced: self.forced }
    }

    /// The best way to translate `pair`: the higher tier first, then directly, unless its engine measured
    /// better through English.
    ///
    /// # Errors
    /// When no engine is installed, or none that can.
    pub fn route(&self, pair: Pair) -> Result<Route, RouteError> {
        if self.engines.is_empty() {
            return Err(RouteError::ModelMissing);
        }
        let direct = self.best(pair).map(|leg| Route { legs: vec![leg] });
        let english = self.through_english(pair);
        let chosen = match (direct, english) {
            (direct, english @ Some(_)) if self.forced == Some(Via::English) => english.or(direct),
            (direct @ Some(_), _) if self.forced == Some(Via::Direct) => direct,
            (Some(direct), Some(english)) => Some(match direct.tier().cmp(&english.tier()) {
                Ordering::Greater => direct,
                Ordering::Less => english,
                Ordering::Equal if direct.legs[0].engine.better_through_english(pair) => english,
                Ordering::Equal => direct,
            }),
            (direct, english) => direct.or(english),
        };
        chosen.ok_or_else(|| RouteError::NoRoute {
            pair,
            installed: self.engines.iter().map(|e| e.id().model.clone()).collect(),
        })
    }

    /// Another way for what `route` failed on: through English instead of directly, or the other way round.
    /// `None` where there is none, or where one way was asked for.
    pub fn detour(&self, route: &Route) -> Option<Route> {
        let (first, last) = (route.legs.first()?.pair, route.legs.last()?.pair);
        let pair = Pair::new(first.source, last.target);
        match (self.forced, route.legs.len()) {
            (Some(_), _) => None,
            (None, 1) => self.through_english(pair),
            (None, _) => self.best(pair).map(|leg| Route { legs: vec![leg] }),
        }
    }

    fn through_english(&self, pair: Pair) -> Option<Route> {
        if pair.source == Lang::EN || pair.target == Lang::EN {
            return None;
        }
        let first = self.best(Pair::new(pair.source, Lang::EN))?;
        let second = self.best(Pair::new(Lang::EN, pair.target))?;
        Some(Route { legs: vec![first, second] })
    }

    fn best(&self, pair: Pair) -> Option<Leg> {
        let mut best: Option<&Arc<dyn Translator>> = None;
        for engine in self.engines.iter().filter(|e| e.supports(pair)) {
            if best.is_none_or(|b| engine.id().tier > b.id().tier) {
                best = Some(engine);
            }
        }
        best.map(|engine| Leg { pair, engine: Arc::clone(engine) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::FakeEngine;

    fn router(engines: Vec<FakeEngine>) -> Router {
        Router::new(engines.into_iter().map(|e| Arc::new(e) as Arc<dyn Translator>).collect())
    }

    fn way(router: &Router, pair: (Lang, Lang)) -> String {
        let route = router.route(Pair::new(pair.0, pair.1)).unwrap();
        route
            .report()
            .iter()
            .map(|l| format!("{} {}", l.pair, l.engine.model))
            .collect::<Vec<_>>()
            .join(" > ")
    }

    #[test]
    fn production_goes_before_draft_even_through_english() {
        let engines = vec![
            FakeEngine::new("llm", Tier::Draft, &[]),
            FakeEngine::new("iden", Tier::Production, &[(Lang::ID, Lang::EN)]),
            FakeEngine::new("enfr", Tier::Production, &[(Lang::EN, Lang::FR)]),
        ];
        let router = router(engines);
        assert_eq!(way(&router, (Lang::ID, Lang::EN)), "id-en iden");
        assert_eq!(way(&router, (Lang::ID, Lang::FR)), "id-en iden > en-fr enfr");
        assert_eq!(way(&router, (Lang::ID, Lang::JA)), "id-ja llm");
        assert_eq!(router.route(Pair::new(Lang::ID, Lang::FR)).unwrap().tier(), Tier::Production);
    }

    #[test]
    fn a_measurement_or_force_goes_through_english() {
        let mut engine = FakeEngine::new("llm", Tier::Draft, &[]);
        engine.through_english = vec![Pair::new(Lang::ID, Lang::AR)];
        let router = router(vec![engine]);
        assert_eq!(way(&router, (Lang::ID, Lang::FR)), "id-fr llm");
        assert_eq!(way(&router, (Lang::ID, Lang::AR)), "id-en llm > en-ar llm");
        assert_eq!(way(&router.clone().via(Via::Direct), (Lang::ID, Lang::AR)), "id-ar llm");
        assert_eq!(way(&router.clone().via(Via::English), (Lang::ID, Lang::JA)), "id-en llm > en-ja llm");
        assert_eq!(way(&router.clone().via(Via::English), (Lang::ID, Lang::EN)), "id-en llm");
        let detour = |router: &Router, to| {
            let detour = router.detour(&router.route(Pair::new(Lang::ID, to)).unwrap());
            detour.map(|r| r.legs.iter().map(|l| l.pair.to_string()).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(detour(&router, Lang::FR).as_deref(), Some("id-en en-fr"));
        assert_eq!(detour(&router, Lang::AR).as_deref(), Some("id-ar"));
        assert_eq!(detour(&router, Lang::EN), None);
        assert_eq!(detour(&router.clone().via(Via::Direct), Lang::FR), None);
    }

    #[test]
    fn a_single_pivot_leg_is_no_route() {
        let router = router(vec![FakeEngine::new("iden", Tier::Production, &[(Lang::ID, Lang::EN)])]);
        let error = router.route(Pair::new(Lang::ID, Lang::FR)).err().unwrap();
        assert!(matches!(&error, RouteError::NoRoute { installed, .. } if installed == &["iden"]));
        assert!(error.to_string().contains("edisi models list"), "{error}");
        assert_eq!(
            Router::new(Vec::new()).route(Pair::new(Lang::ID, Lang::FR)).err(),
            Some(RouteError::ModelMissing)
        );
    }
}
