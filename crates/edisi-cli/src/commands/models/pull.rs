//! `edisi models pull`

use edisi_models::{Error, Needed, Prompt, PullOptions, Registry, Shelf, Store, parse_pair};
use edisi_text::Lang;

use super::{done, network, source};
use crate::args::Pull;
use crate::failure::{Code, Failure};
use crate::progress::{Installing, say};

/// What one word of the command asks for.
enum Wish {
    /// A model of the catalogue.
    Name(String),
    /// Whatever it takes to translate a language into others.
    Languages(Lang, Vec<Lang>),
}

pub fn run(store: &Store, args: &Pull) -> Result<(), Failure> {
    let mut words = args.what.clone();
    if words.is_empty() {
        let Some(name) = default_model(store) else {
            let message = "this edisi was built without a catalogue of models; use `edisi models import`";
            return Err(Failure::new(Code::Internal, message));
        };
        words.push(name.to_owned());
    }
    let wishes = words.iter().map(|word| wish(store, word)).collect::<Result<Vec<_>, _>>()?;
    let options = PullOptions {
        source: source(args.from.as_deref()),
        force: args.force,
        network: network(&args.registry),
        wait: true,
    };
    let mut progress = Installing::new(args.quiet);
    let mut needed = Vec::new();
    for model in plan(store, args, &wishes, &options, &mut progress)? {
        if !needed.contains(&model) {
            needed.push(model);
        }
    }
    let missing = needed.iter().filter(|n| !matches!(n, Needed::Installed(_))).count();
    let mut at = 0;
    for model in &needed {
        at += usize::from(!matches!(model, Needed::Installed(_)));
        progress.model(&model.name(), (missing > 1).then_some((at, missing)));
        let installed = match model {
            Needed::Installed(name) => {
                if !args.quiet {
                    say(&format!("{name} is installed already"));
                }
                continue;
            }
            Needed::Catalogue(name) => store.pull(name, &options, &mut progress),
            Needed::Release(release) => store.pull_release(release, &options, &mut progress),
        };
        done(installed, &mut progress, args.quiet)?;
    }
    Ok(())
}

/// What `edisi models pull` installs: a model trained to translate, if there is one.
fn default_model(store: &Store) -> Option<&str> {
    let trained = store.catalogue().entries().find(|e| e.engine.prompt() == Some(Prompt::Plain));
    trained.or_else(|| store.catalogue().entries().next()).map(|e| e.name.as_str())
}

fn wish(store: &Store, word: &str) -> Result<Wish, Failure> {
    if let Some((from, to)) = word.split_once(':') {
        let from: Lang = from.parse()?;
        let to = to
            .split(',')
            .filter(|lang| !lang.is_empty())
            .map(str::parse)
            .collect::<Result<Vec<Lang>, _>>()?;
        if to.is_empty() || to.contains(&from) {
            let message =
                format!("`{word}`: name one language and others to translate it into, such as id:en,fr");
            return Err(Failure::new(Code::Usage, message));
        }
        return Ok(Wish::Languages(from, to));
    }
    match parse_pair(word) {
        Some((from, to)) if store.catalogue().get(word).is_none() => Ok(Wish::Languages(from, vec![to])),
        _ => Ok(Wish::Name(word.to_owned())),
    }
}

/// The models that fulfil the wishes. The registry is asked only for what is neither installed nor in the
/// catalogue, or when it is named.
fn plan(
    store: &Store,
    args: &Pull,
    wishes: &[Wish],
    options: &PullOptions,
    progress: &mut Installing,
) -> Result<Vec<Needed>, Failure> {
    let named = args.registry.registry.is_some() || args.architecture.is_some();
    let mut registry: Option<Registry> = None;
    let mut needed = Vec::new();
    for wish in wishes {
        let (from, to) = match wish {
            Wish::Name(name) => {
                needed.push(Needed::Catalogue(name.clone()));
                continue;
            }
            Wish::Languages(from, to) => (*from, to),
        };
        if !named {
            match store.needed(from, to, &Shelf::local().anew(args.force)) {
                Err(Error::NoPair { .. }) => {}
                local => {
                    needed.extend(local?);
                    continue;
                }
            }
        }
        let registry = match &mut registry {
            Some(registry) => registry,
            none => {
                let url = store.registry_url(args.registry.registry.as_deref())?;
                none.insert(store.registry(&url, &options.network, progress)?)
            }
        };
        let shelf = Shelf::local().anew(args.force).with_registry(registry, args.architecture.as_deref());
        needed.extend(store.needed(from, to, &shelf.registry_first(named))?);
    }
    Ok(needed)
}
