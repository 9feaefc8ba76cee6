//! `edisi models`

use std::path::Path;

use edisi_edition::publish;
use edisi_models::{Error, ImportOptions, Installed, Prompt, PullOptions, Source, Store};
use serde_json::json;

use super::print;
use crate::args::{Import, Models, ModelsAction};
use crate::failure::{Code, Failure};
use crate::progress::{Installing, say};

pub fn run(args: &Models) -> Result<(), Failure> {
    let store = Store::open_default()?;
    match &args.action {
        ModelsAction::List { json } => list(&store, *json),
        ModelsAction::Pull { name, from, force, quiet } => {
            pull(&store, name.as_deref(), from.as_deref(), *force, *quiet)
        }
        ModelsAction::Verify { names } => verify(&store, names),
        ModelsAction::Remove { names } => names.iter().try_for_each(|name| Ok(store.remove(name)?)),
        ModelsAction::Import(args) => import(&store, args),
    }
}

fn list(store: &Store, as_json: bool) -> Result<(), Failure> {
    let listing = store.list()?;
    let bytes = |m: &Installed| m.manifest.files.iter().map(|f| f.bytes).sum::<u64>();
    let available: Vec<_> = store
        .catalogue()
        .entries()
        .filter(|e| listing.models.iter().all(|m| m.manifest.name != e.name))
        .collect();
    if as_json {
        let installed: Vec<_> = listing
            .models
            .iter()
            .map(|m| json!({"manifest": m.manifest, "folder": m.folder, "bytes": bytes(m)}))
            .collect();
        let damaged: Vec<_> =
            listing.damaged.iter().map(|(name, e)| json!({"name": name, "error": e.to_string()})).collect();
        let available: Vec<_> = available
            .iter()
            .map(|e| json!({"name": e.name, "tier": e.tier, "description": e.description, "download_bytes": e.download_bytes()}))
            .collect();
        let all = json!({"installed": installed, "damaged": damaged, "available": available});
        return print(&format!("{all:#}\n"));
    }
    let mut out = format!("Installed in {}:\n", store.folder().display());
    for m in &listing.models {
        let m1 = &m.manifest;
        let tier = format!("{:?}", m1.tier).to_lowercase();
        out += &format!(
            "  {:16} {tier:10} {:>6}  {}; {}\n",
            m1.name,
            megabytes(bytes(m)),
            m1.description,
            m1.licence.name
        );
    }
    for (name, error) in &listing.damaged {
        out += &format!("  {name:16} damaged    {error}\n");
    }
    if listing.models.is_empty() && listing.damaged.is_empty() {
        out += "  nothing yet; run `edisi models pull`\n";
    }
    if !available.is_empty() {
        out += "Can be installed with `edisi models pull NAME`:\n";
    }
    for e in available {
        let tier = format!("{:?}", e.tier).to_lowercase();
        out +=
            &format!("  {:16} {tier:10} {:>6}  {}\n", e.name, megabytes(e.download_bytes()), e.description);
    }
    print(&out)
}

fn megabytes(bytes: u64) -> String {
    match bytes {
        0 => String::new(),
        bytes => format!("{} MB", bytes.div_ceil(1 << 20)),
    }
}

fn pull(
    store: &Store,
    name: Option<&str>,
    from: Option<&Path>,
    force: bool,
    quiet: bool,
) -> Result<(), Failure> {
    let name = match name.or_else(|| default_model(store)) {
        Some(name) => name,
        None => {
            let message = "this edisi was built without a catalogue of models; use `edisi models import`";
            return Err(Failure::new(Code::Internal, message));
        }
    };
    let mut progress = Installing::new(quiet);
    let model = store.pull(
        name,
        &PullOptions { source: source(from), force, ..PullOptions::default() },
        &mut progress,
    );
    done(model, &mut progress, quiet)
}

/// What `edisi models pull` installs: a model trained to translate, if there is one.
fn default_model(store: &Store) -> Option<&str> {
    let trained = store.catalogue().entries().find(|e| e.engine.prompt() == Some(Prompt::Plain));
    trained.or_else(|| store.catalogue().entries().next()).map(|e| e.name.as_str())
}

fn import(store: &Store, args: &Import) -> Result<(), Failure> {
    let name = args.name.clone().or_else(|| publish::slug(&args.path.file_name()?.to_string_lossy()));
    let Some(name) = name else {
        let message =
            format!("{} has no name to install it under; give one with --name", args.path.display());
        return Err(Failure::new(Code::Usage, message));
    };
    let mut progress = Installing::new(args.quiet);
    let options = ImportOptions { force: args.force, source: source(args.from.as_deref()) };
    let model = store.import(&args.path, &name, &args.base, &options, &mut progress);
    done(model, &mut progress, args.quiet)
}

fn source(from: Option<&Path>) -> Source {
    from.map_or_else(Source::default, |dir| Source::Folder(dir.to_owned()))
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
            Ok(_) => print(&format!("{name}: sound\n"))?,
            Err(error @ Error::Damaged { .. }) => bad.push(error.to_string()),
            Err(error) => return Err(error.into()),
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(Failure::new(Code::Model, bad.join("\nedisi: "))) }
}
