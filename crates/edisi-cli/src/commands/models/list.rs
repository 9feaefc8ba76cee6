//! `edisi models list`

use edisi_models::{Entry, Error, Installed, Listing, Network, Registry, Release, Score, Store, Tier};
use serde_json::{Value, json};

use super::network;
use crate::args::List;
use crate::commands::print;
use crate::failure::Failure;
use crate::progress::{Installing, warn};

pub fn run(store: &Store, args: &List) -> Result<(), Failure> {
    let listing = store.list()?;
    let installed = |name: &str| listing.models.iter().any(|m| m.manifest.name == name);
    let catalogue: Vec<_> = store.catalogue().entries().filter(|e| !installed(&e.name)).collect();
    let registry = match args.installed {
        true => None,
        false => Some(ask(store, args)),
    };
    let offered: Vec<&Release> = match &registry {
        Some(Ok(registry)) => registry.releases().collect(),
        _ => Vec::new(),
    };
    if args.json {
        let registry = registry.as_ref().map(|registry| match registry {
            Ok(r) => {
                let models: Vec<_> = offered.iter().map(|release| release_json(r, release)).collect();
                json!({"url": r.url, "generated": r.generated, "models": models})
            }
            Err(error) => json!({"error": error.to_string()}),
        });
        return print(&format!("{:#}\n", as_json(&listing, &catalogue, registry)));
    }
    let mut out = text_of_installed(store, &listing);
    if !catalogue.is_empty() {
        out += "Can be installed with `edisi models pull NAME`:\n";
    }
    for e in catalogue {
        out += &format!(
            "  {:16} {:10} {:>6}  {}\n",
            e.name,
            tier(e.tier),
            megabytes(e.download_bytes()),
            e.description
        );
    }
    if let Some(Ok(registry)) = &registry {
        out += &text_of_registry(registry, &offered, &installed);
    }
    print(&out)?;
    if let Some(Err(error)) = registry {
        warn(&error.to_string());
    }
    Ok(())
}

/// The registry, without insisting: whoever lists what is installed should not wait long for it.
fn ask(store: &Store, args: &List) -> Result<Registry, Error> {
    let url = store.registry_url(args.registry.registry.as_deref())?;
    let asked = network(&args.registry);
    let patient = args.registry.timeout.is_some() || args.registry.retries.is_some();
    let brief = std::time::Duration::from_secs(5);
    let brief = Network { connect: brief, stall: brief, retries: 0, ..asked.clone() };
    store.registry(&url, if patient { &asked } else { &brief }, &mut Installing::new(true))
}

fn as_json(listing: &Listing, catalogue: &[&Entry], registry: Option<Value>) -> Value {
    let installed = listing.models.iter();
    let installed: Vec<_> =
        installed.map(|m| json!({"manifest": m.manifest, "folder": m.folder, "bytes": bytes(m)})).collect();
    let damaged: Vec<_> =
        listing.damaged.iter().map(|(name, e)| json!({"name": name, "error": e.to_string()})).collect();
    let available: Vec<_> = catalogue
        .iter()
        .map(|e| {
            json!({
                "name": e.name,
                "tier": e.tier,
                "description": e.description,
                "coverage": e.coverage,
                "licence": e.licence,
                "scores": e.scores,
                "download_bytes": e.download_bytes(),
            })
        })
        .collect();
    let mut all = json!({"installed": installed, "damaged": damaged, "available": available});
    if let Some(registry) = registry {
        all["registry"] = registry;
    }
    all
}

fn release_json(registry: &Registry, release: &Release) -> Value {
    let best = registry.best(release.from, release.to, None).is_some_and(|best| best == release);
    json!({
        "name": release.name(),
        "from": release.from,
        "to": release.to,
        "architecture": release.architecture,
        "status": release.status,
        "tier": release.tier(),
        "bytes": release.bytes(),
        "licence": release.licence,
        "scores": release.scores,
        "preferred": best,
    })
}

fn text_of_installed(store: &Store, listing: &Listing) -> String {
    let mut out = format!("Installed in {}:\n", store.folder().display());
    for m in &listing.models {
        let of = &m.manifest;
        let tail = [of.description.clone(), of.licence.name.clone(), scores(&of.scores)];
        let tail: Vec<_> = tail.into_iter().filter(|part| !part.is_empty()).collect();
        out += &format!(
            "  {:16} {:10} {:>6}  {}\n",
            of.name,
            tier(of.tier),
            megabytes(bytes(m)),
            tail.join("; ")
        );
    }
    for (name, error) in &listing.damaged {
        out += &format!("  {name:16} damaged    {error}\n");
    }
    if listing.models.is_empty() && listing.damaged.is_empty() {
        out += "  nothing yet; run `edisi models pull`\n";
    }
    out
}

/// One line a pair: the model that would be pulled, and which other families there are.
fn text_of_registry(registry: &Registry, offered: &[&Release], installed: &dyn Fn(&str) -> bool) -> String {
    let mut out = format!("In the registry {}, with `edisi models pull FROM:TO`:\n", registry.url);
    let best = |r: &&&Release| registry.best(r.from, r.to, None).is_some_and(|best| best == **r);
    for release in offered.iter().filter(best) {
        let name = release.name();
        let others =
            registry.of_pair(release.from, release.to).filter(|r| r.architecture != release.architecture);
        let others: Vec<_> = others.map(|r| r.architecture.as_str()).collect();
        let mut tail =
            vec![release.architecture.clone(), release.licence.name.clone(), scores(&release.scores)];
        if !others.is_empty() {
            tail.push(format!("also {}", others.join(", ")));
        }
        if installed(&name) {
            tail.push("installed".into());
        }
        tail.retain(|part| !part.is_empty());
        out += &format!(
            "  {name:16} {:10} {:>6}  {}\n",
            tier(release.tier()),
            megabytes(release.bytes()),
            tail.join("; ")
        );
    }
    out
}

/// `bleu 49.6, comet22 0.87`, as the publishers state them.
fn scores(scores: &[Score]) -> String {
    let line: Vec<_> = scores.iter().map(|s| format!("{} {}", s.metric, round(s.value))).collect();
    line.join(", ")
}

/// Two digits after the point for a percentage, four for a share.
fn round(value: f64) -> f64 {
    let scale = if value.abs() < 2.0 { 1e4 } else { 1e2 };
    (value * scale).round() / scale
}

fn tier(tier: Tier) -> String {
    format!("{tier:?}").to_lowercase()
}

fn bytes(model: &Installed) -> u64 {
    model.manifest.files.iter().map(|f| f.bytes).sum()
}

fn megabytes(bytes: u64) -> String {
    match bytes {
        0 => String::new(),
        bytes => format!("{} MB", bytes.div_ceil(1 << 20)),
    }
}
