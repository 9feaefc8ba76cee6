//! From an article to its editions.

mod legs;
mod mend;
mod remember;

use std::collections::HashMap;
use std::sync::Arc;

use edisi_article::{Article, Finding, GlossaryVersion, Term};
use edisi_memory::{Memory, MemoryError};
use edisi_quality::{CheckOptions, NameBook};
use edisi_text::Lang;
use sha2::{Digest, Sha256};

use crate::assemble::{self, Judge};
use crate::cache::{Cache, CacheError, hex};
use crate::checks;
use crate::edition::{Edition, EditionSet, EditionUnit};
use crate::glossary::Glossaries;
use crate::policy::Policy;
use crate::recall::{Recalled, Suggestion};
use crate::repair::Repair;
use crate::router::{Route, RouteError, Router};
use crate::translator::{Control, Draft, EngineError, Pair, Wanted};
use crate::units::{self, Unit};
use crate::work::SharedCache;
use remember::Known;

/// Makes editions with the engines of a router, remembering finished segments in a cache.
pub struct Pipeline {
    router: Router,
    cache: SharedCache,
    checks: CheckOptions,
    policy: Policy,
    repair: bool,
    glossaries: Glossaries,
    glossary_versions: Vec<GlossaryVersion>,
    names: NameBook,
    memory: Option<Arc<Memory>>,
}

/// What a pipeline tells while it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// An edition is about to be made, in so many steps; some may be done already.
    Planned {
        /// The edition's language.
        lang: Lang,
        /// Segments, times two on a route through English.
        steps: usize,
    },
    /// A model is being loaded.
    Loading {
        /// Its name.
        model: &'a str,
    },
    /// A model is ready.
    Loaded {
        /// Its name.
        model: &'a str,
    },
    /// A step is done.
    Step {
        /// The edition's language.
        lang: Lang,
        /// Steps done.
        done: usize,
        /// Of so many.
        steps: usize,
    },
}

/// Why there are no editions.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// Nobody said what language the article is in, and its text does not tell.
    #[error("cannot tell which language {input} is in; name it with --from")]
    UnknownSource {
        /// The article's input.
        input: String,
    },
    /// There is no text in the article.
    #[error("{input} has no text to translate")]
    Empty {
        /// The article's input.
        input: String,
    },
    /// All editions asked for are in the article's own language.
    #[error("{input} is already in {}; name another language with --to", lang.english_name())]
    SameLanguage {
        /// The article's input.
        input: String,
        /// Its language.
        lang: Lang,
    },
    /// There is no way to one of the languages.
    #[error(transparent)]
    Route(#[from] RouteError),
    /// An engine could not work, or was cancelled.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The memory cannot be read.
    #[error(transparent)]
    Memory(MemoryError),
}

/// How sure the guess of an article's language must be, 0 to 1.
const SURE: f32 = 0.2;

/// What became of a segment.
#[derive(Debug, Clone)]
pub struct Made {
    /// The translation; see its `failed`.
    pub draft: Draft,
    /// The English in between, on a route through English.
    pub pivot: Option<Draft>,
    /// Whether another route than the edition's own made it, because that one failed or made errors.
    pub detour: bool,
    /// Where the memory has it from, when no engine made it.
    pub memory: Option<Box<Recalled>>,
    /// Reviewed translations of sentences like it.
    pub suggestions: Vec<Suggestion>,
    /// What was tried, where the first try was found wrong.
    pub repair: Option<Box<Repair>>,
    /// What the checks noticed; nothing in copies and in what failed.
    pub findings: Vec<Finding>,
    /// Engine time when it was made, in microseconds; 0 for the second and later of equal segments.
    pub micros: u64,
    /// Whether the engine had to work for it in this run.
    pub fresh: bool,
}

impl Made {
    /// A first draft that took no time.
    pub(crate) fn of(draft: Draft) -> Made {
        Made {
            draft,
            pivot: None,
            detour: false,
            memory: None,
            suggestions: Vec::new(),
            repair: None,
            findings: Vec::new(),
            micros: 0,
            fresh: false,
        }
    }
}

/// One edition in the making.
struct Plan {
    lang: Lang,
    route: Route,
    /// The way that was tried where the route failed.
    detour: Option<Route>,
    steps: usize,
    done: usize,
    /// The section of the article, which terms may be for.
    section: Option<String>,
    /// What the glossary does not ask for, but must stand in another try of a segment, by the segment's index.
    demands: HashMap<usize, Vec<Wanted>>,
}

impl Plan {
    fn pair(&self) -> Pair {
        let source = self.route.legs.first().map_or(self.lang, |leg| leg.pair.source);
        Pair::new(source, self.lang)
    }

    /// A plan of so many steps along a route.
    fn new(lang: Lang, route: Route, steps: usize, section: Option<String>) -> Plan {
        Plan { lang, route, detour: None, steps, done: 0, section, demands: HashMap::new() }
    }

    /// The same edition by another way or of other segments, of which nobody is told.
    fn again(&self, route: Route) -> Plan {
        Plan::new(self.lang, route, 0, self.section.clone())
    }
}

impl Pipeline {
    /// A pipeline over these engines; without a cache every segment is translated anew.
    pub fn new(router: Router, cache: Option<Cache>) -> Pipeline {
        Pipeline {
            router,
            cache: SharedCache::new(cache),
            checks: CheckOptions::default(),
            policy: Policy::default(),
            repair: true,
            glossaries: Glossaries::default(),
            glossary_versions: Vec::new(),
            names: NameBook::default(),
            memory: None,
        }
    }

    /// The same pipeline with other checks. Without checks of form, engines' own failures are the only gaps.
    pub fn with_checks(self, checks: CheckOptions) -> Pipeline {
        Pipeline { checks, ..self }
    }

    /// The same pipeline with another policy for sentences that the checks find wrong.
    pub fn with_policy(self, policy: Policy) -> Pipeline {
        Pipeline { policy, ..self }
    }

    /// The same pipeline, trying sentences with errors in other ways or not. What fails altogether is tried on the
    /// other route in any case.
    pub fn with_repair(self, repair: bool) -> Pipeline {
        Pipeline { repair, ..self }
    }

    /// The same pipeline with a glossary: engines that take terms are given those that a sentence speaks of, and every
    /// translation is checked against them.
    pub fn with_glossary(self, terms: Vec<Term>) -> Pipeline {
        Pipeline { glossaries: Glossaries::new(terms), ..self }
    }

    /// The same pipeline, naming in its editions the glossaries that [`Pipeline::with_glossary`] was given.
    pub fn with_glossary_versions(self, glossary_versions: Vec<GlossaryVersion>) -> Pipeline {
        Pipeline { glossary_versions, ..self }
    }

    /// The same pipeline with the newsroom's names: engines that take terms are given those of a sentence, and every
    /// translation is checked against them.
    pub fn with_names(self, names: NameBook) -> Pipeline {
        Pipeline { names, ..self }
    }

    /// The same pipeline with a site's memory: what an editor reviewed is taken from there instead of being translated,
    /// also with other numbers where the checks find no error in it, and what is like it is shown beside the engine's
    /// translation.
    pub fn with_memory(self, memory: impl Into<Arc<Memory>>) -> Pipeline {
        Pipeline { memory: Some(memory.into()), ..self }
    }

    /// The router it asks.
    pub fn router(&self) -> &Router {
        &self.router
    }

    /// What becomes of sentences that the checks find wrong.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What the checks, the glossary and the name book say of somebody's translation of a sentence.
    ///
    /// # Errors
    /// When the glossary cannot be used.
    pub fn check(
        &self,
        source: &str,
        translation: &str,
        pair: Pair,
        section: Option<&str>,
    ) -> Result<Vec<Finding>, EngineError> {
        let glossary = self.glossaries.of(pair, section)?;
        Ok(checks::findings(source, translation, pair, &self.checks, &glossary, &self.names))
    }

    /// The first trouble writing the cache since the last call. The editions are complete all the same.
    pub fn take_cache_trouble(&self) -> Option<CacheError> {
        self.cache.take_trouble()
    }

    /// Makes an edition of `article` in every language of `targets`.
    ///
    /// The article's language is `from`, else what the article says, else what its text looks like. The
    /// article's own language among the targets is passed over. The result depends on the article, the
    /// languages, the models, their settings and the memory alone.
    ///
    /// # Errors
    /// When an edition cannot be made at all. Segments that cannot be translated are gaps in the edition.
    /// After an error or a cancellation the segments finished so far are in the cache.
    pub fn translate(
        &self,
        article: &Article,
        from: Option<Lang>,
        targets: &[Lang],
        control: &Control<'_>,
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Result<EditionSet, PipelineError> {
        let input = || article.input.clone();
        let source = from
            .or(article.language)
            .or_else(|| detect(article))
            .ok_or_else(|| PipelineError::UnknownSource { input: input() })?;
        let units = units::units(article, source);
        if units.is_empty() {
            return Err(PipelineError::Empty { input: input() });
        }
        let mut segments = Vec::new();
        for unit in &units {
            let texts = unit.segments.iter().map(|range| &unit.text[range.clone()]).enumerate();
            segments.extend(texts.map(|(i, text)| Source { text, keep: unit.dateline && i == 0 }));
        }
        let mut plans = self.plan(source, targets, segments.len(), article.section.as_deref())?;
        if plans.is_empty() {
            return Err(PipelineError::SameLanguage { input: input(), lang: source });
        }
        let made = self.run(&mut plans, &segments, control, on_event)?;
        let editions = plans.into_iter().zip(made).map(|(plan, made)| self.edition(plan, &units, made));
        Ok(EditionSet {
            source,
            revision: revision(article, source),
            article: Article { language: Some(source), ..article.clone() },
            editions: editions.collect(),
        })
    }

    /// Translates segments that belong to no article, in order, without putting anything together. Says which
    /// route it took.
    ///
    /// # Errors
    /// When there is no route, an engine cannot work, or someone asked to stop.
    pub fn translate_segments(
        &self,
        segments: &[&str],
        pair: Pair,
        control: &Control<'_>,
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Result<(Route, Vec<Made>), PipelineError> {
        let route = self.router.route(pair)?;
        let steps = segments.len() * route.legs.len();
        let mut plans = [Plan::new(pair.target, route.clone(), steps, None)];
        let segments: Vec<Source<'_>> = segments.iter().map(|&text| Source { text, keep: false }).collect();
        let mut made = self.run(&mut plans, &segments, control, on_event)?;
        Ok((route, made.pop().expect("one plan, one result")))
    }

    fn plan(
        &self,
        source: Lang,
        targets: &[Lang],
        segments: usize,
        section: Option<&str>,
    ) -> Result<Vec<Plan>, RouteError> {
        let mut plans: Vec<Plan> = Vec::new();
        for &lang in targets {
            if lang == source || plans.iter().any(|p| p.lang == lang) {
                continue;
            }
            let route = self.router.route(Pair::new(source, lang))?;
            let (steps, section) = (segments * route.legs.len(), section.map(str::to_owned));
            plans.push(Plan::new(lang, route, steps, section));
        }
        Ok(plans)
    }

    /// Translates every segment for every plan.
    fn run(
        &self,
        plans: &mut [Plan],
        segments: &[Source<'_>],
        control: &Control<'_>,
        on_event: &mut dyn FnMut(Event<'_>),
    ) -> Result<Vec<Vec<Made>>, PipelineError> {
        for plan in plans.iter() {
            on_event(Event::Planned { lang: plan.lang, steps: plan.steps });
        }
        let mut known = self.remember(plans, segments)?;
        let rest = |p: usize, s: usize| known[p][s].made.is_none().then(|| segments[s].text.to_owned());
        let made = self.legs(plans, &rest, segments, control, on_event)?;
        let one = |(made, known): (Option<Made>, &mut Known)| {
            known.made.take().or(made).expect("every segment is remembered or has a text")
        };
        let mut made: Vec<Vec<Made>> = made
            .into_iter()
            .zip(&mut known)
            .map(|(made, known)| made.into_iter().zip(known).map(one).collect())
            .collect();
        self.mend(plans, segments, &mut made, control)?;
        for (made, known) in made.iter_mut().flatten().zip(known.into_iter().flatten()) {
            made.suggestions = known.suggestions;
        }
        Ok(made)
    }

    fn edition(&self, plan: Plan, units: &[Unit], made: Vec<Made>) -> Edition {
        let tier = plan.route.tier();
        let engine_micros = made.iter().map(|m| m.micros).sum();
        let fresh = made.iter().filter(|m| m.fresh).count();
        let detour = plan.detour.filter(|_| made.iter().any(|m| m.detour));
        let judge = Judge { target: plan.lang, tier, policy: &self.policy };
        let mut made = made.into_iter();
        let unit = |u: &Unit| assemble::unit(u, made.by_ref().take(u.segments.len()).collect(), &judge);
        let mut units: Vec<EditionUnit> = units.iter().map(unit).collect();
        if self.checks.style {
            assemble::compare_wording(&mut units);
        }
        Edition {
            lang: plan.lang,
            tier,
            route: plan.route.report(),
            detour: detour.map_or(Vec::new(), |route| route.report()),
            units,
            glossaries: self.glossary_versions.clone(),
            engine_micros,
            fresh,
        }
    }
}

/// A segment of the article.
#[derive(Clone, Copy)]
struct Source<'a> {
    text: &'a str,
    /// Whether editions keep it as written.
    keep: bool,
}

/// What language the text looks like, when that is clear enough.
fn detect(article: &Article) -> Option<Lang> {
    let texts = [article.title.clone().unwrap_or_default(), article.body_text()];
    edisi_text::detect(&texts.join("\n")).filter(|(_, sure)| *sure >= SURE).map(|(lang, _)| lang)
}

/// The language an article is in: what it says itself, else what its text looks like.
///
/// # Errors
/// [`PipelineError::UnknownSource`] when neither tells; [`PipelineError::Empty`] for an article without text.
pub fn language(article: &Article) -> Result<Lang, PipelineError> {
    let input = || article.input.clone();
    let lang = article.language.or_else(|| detect(article));
    let lang = lang.ok_or_else(|| PipelineError::UnknownSource { input: input() })?;
    match units::units(article, lang).is_empty() {
        true => Err(PipelineError::Empty { input: input() }),
        false => Ok(lang),
    }
}

/// What state of an article this is: SHA-256, hexadecimal, of its language and all its texts.
pub fn revision(article: &Article, lang: Lang) -> String {
    let images: Vec<_> = article.images.iter().map(|i| (&i.url, &i.alt, &i.caption, &i.credit)).collect();
    let state = (lang, &article.title, &article.description, &article.blocks, images);
    let json = serde_json::to_vec(&state).expect("texts have a JSON form");
    hex(&Sha256::digest(json))
}

#[cfg(test)]
mod memory_tests;
#[cfg(test)]
mod tests;
