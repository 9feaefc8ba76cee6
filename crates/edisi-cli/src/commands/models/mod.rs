//! `edisi models`

mod import;
mod list;
mod pull;

use std::path::Path;

use edisi_models::{Error, Installed, Network, Source, Store, Trust};

use super::print;
use crate::args::{Models, ModelsAction, RegistryArgs};
use crate::failure::{Code, Failure};
use crate::progress::{Installing, say};

pub fn run(args: &Models) -> Result<(), Failure> {
    let store = Store::open_default()?;
    match &args.action {
        ModelsAction::List(args) => list::run(&store, args),
        ModelsAction::Pull(args) => pull::run(&store, args),
        ModelsAction::Verify { names } => verify(&store, names),
        ModelsAction::Remove { names } => names.iter().try_for_each(|name| Ok(store.remove(name)?)),
        ModelsAction::Import(args) => import::run(&store, args),
    }
}

fn source(from: Option<&Path>) -> Source {
    from.map_or_else(Source::default, |dir| Source::Folder(dir.to_owned()))
}

fn network(args: &RegistryArgs) -> Network {
    let mut network = Network::default();
    if let Some(timeout) = args.timeout {
        let timeout = std::time::Duration::from_secs_f64(timeout);
        (network.connect, network.stall) = (timeout, timeout);
    }
    if let Some(retries) = args.retries {
        network.retries = retries;
    }
    network
}

fn done(model: Result<Installed, Error>, progress: &mut Installing, quiet: bool) -> Result<(), Failure> {
    progress.finish();
    let model = model?;
    if !quiet {
        say(&format!("{} is installed in {}", model.manifest.name, model.folder.display()));
    }
    Ok(())
}

fn verify(store: &Store, names: &[String]) -> Result<(), Failure> {
    let listing = store.list()?;
    let all: Vec<String> = listing
        .models
        .iter()
        .map(|m| m.manifest.name.clone())
        .chain(listing.damaged.iter().map(|(name, _)| name.clone()))
        .collect();
    let mut bad = Vec::new();
    for name in if names.is_empty() { &all } else { names } {
        let mut progress = Installing::new(false);
        let verified = store.verify(name, &mut progress);
        progress.finish();
        match verified {
            Ok(model) => print(&format!("{name}: sound{}\n", unstated(&model)))?,
            Err(error @ Error::Damaged { .. }) => bad.push(error.to_string()),
            Err(error) => return Err(error.into()),
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(Failure::new(Code::Model, bad.join("\nedisi: "))) }
}

/// What a sound model's hashes do not prove.
fn unstated(model: &Installed) -> String {
    let first_use =
        |f: &&edisi_models::FileEntry| f.source.as_ref().is_some_and(|s| s.trust == Trust::FirstUse);
    let files: Vec<_> = model.manifest.files.iter().filter(first_use).map(|f| f.name.as_str()).collect();
    match files.is_empty() {
        true => String::new(),
        false => format!(" ({} as first installed: no hash is published)", files.join(", ")),
    }
}
