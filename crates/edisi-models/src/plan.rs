//! Which models a newsroom's languages need.

use edisi_text::Lang;

use crate::registry::pair_name;
use crate::{Coverage, Engine, Entry, Error, Registry, Release, Store};

/// A model that is needed, and where it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Needed {
    /// Installed already, under this name.
    Installed(String),
    /// To be pulled from the catalogue, by this name.
    Catalogue(String),
    /// To be pulled from the registry.
    Release(Box<Release>),
}

impl Needed {
    /// The model's name, once it is installed.
    pub fn name(&self) -> String {
        match self {
            Needed::Installed(name) | Needed::Catalogue(name) => name.clone(),
            Needed::Release(release) => release.name(),
        }
    }
}

/// Where to look for the models of pairs.
#[derive(Debug, Clone, Copy)]
pub struct Shelf<'a> {
    registry: Option<&'a Registry>,
    architecture: Option<&'a str>,
    anew: bool,
    registry_first: bool,
}

impl<'a> Shelf<'a> {
    /// What is installed and what the catalogue has.
    pub fn local() -> Self {
        Shelf { registry: None, architecture: None, anew: false, registry_first: false }
    }

    /// The registry as well; of its models those of one family, if that is named.
    pub fn with_registry(self, registry: &'a Registry, architecture: Option<&'a str>) -> Self {
        Shelf { registry: Some(registry), architecture, ..self }
    }

    /// Whether a model of the registry is taken before one of the catalogue.
    pub fn registry_first(self, registry_first: bool) -> Self {
        Shelf { registry_first, ..self }
    }

    /// Whether to pull what is installed once more.
    pub fn anew(self, anew: bool) -> Self {
        Shelf { anew, ..self }
    }
}

impl Store {
    /// The Marian models that it takes to translate `from` into each of `to`: a direct model where there is one,
    /// else two through English. Each is named once.
    ///
    /// # Errors
    /// [`Error::NoPair`] for a language that cannot be reached; the models' folder cannot be read.
    pub fn needed(&self, from: Lang, to: &[Lang], shelf: &Shelf<'_>) -> Result<Vec<Needed>, Error> {
        let mut needed: Vec<Needed> = Vec::new();
        for target in to {
            let direct = self.one(from, *target, shelf)?;
            let legs = match direct {
                Some(model) => vec![model],
                None => {
                    let halves = [self.one(from, Lang::EN, shelf)?, self.one(Lang::EN, *target, shelf)?];
                    let halves = halves.into_iter().collect::<Option<Vec<_>>>();
                    halves.ok_or_else(|| no_pair(from, *target, shelf))?
                }
            };
            for leg in legs {
                if !needed.contains(&leg) {
                    needed.push(leg);
                }
            }
        }
        Ok(needed)
    }

    fn one(&self, from: Lang, to: Lang, shelf: &Shelf<'_>) -> Result<Option<Needed>, Error> {
        if from == to {
            return Ok(None);
        }
        let marian = |engine: &Engine, coverage: &Coverage| {
            matches!(engine, Engine::Marian { .. }) && coverage.covers(from, to)
        };
        let listing = self.list()?;
        let installed = listing.models.iter().find(|m| marian(&m.manifest.engine, &m.manifest.coverage));
        let listed = |e: &&Entry| marian(&e.engine, &e.coverage);
        let release = shelf.registry.and_then(|r| r.best(from, to, shelf.architecture));
        Ok(match (installed, self.catalogue.entries().find(listed), release) {
            (Some(model), ..) if !shelf.anew => Some(Needed::Installed(model.manifest.name.clone())),
            (_, Some(entry), release) if release.is_none() || !shelf.registry_first => {
                Some(Needed::Catalogue(entry.name.clone()))
            }
            (_, _, release) => release.map(|release| Needed::Release(Box::new(release.clone()))),
        })
    }
}

fn no_pair(from: Lang, to: Lang, shelf: &Shelf<'_>) -> Error {
    let have = match shelf.registry {
        None => "the registry of models was not asked".to_owned(),
        Some(registry) => {
            let mut families: Vec<_> = registry.of_pair(from, to).map(|r| r.architecture.as_str()).collect();
            families.dedup();
            match families.is_empty() {
                true => format!("`edisi models list` shows what {} has", registry.url),
                false => format!("of {} there is: {}", pair_name(from, to), families.join(", ")),
            }
        }
    };
    Error::NoPair { from: from.english_name(), to: to.english_name(), have }
}
