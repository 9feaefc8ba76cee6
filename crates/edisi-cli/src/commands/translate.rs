//! `edisi translate`

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use edisi_article::Article;
use edisi_edition::publish::{self, REPORT, file_stem};
use edisi_edition::report::Counts;
use edisi_edition::{Control, EditionSet, Pipeline, Tier};
use edisi_text::Lang;
use serde_json::{Value, json};

use super::{engines, inputs, memory, print, terms};
use crate::args::Translate;
use crate::failure::{Code, Failure};
use crate::interrupt;
use crate::progress::{Progress, warn};

pub fn run(args: &Translate) -> Result<(), Failure> {
    let started = Instant::now();
    let targets: Vec<Lang> = args.to.iter().map(|tag| tag.parse()).collect::<Result<_, _>>()?;
    let from: Option<Lang> = args.from.as_deref().map(str::parse).transpose()?;
    let deadline = args.deadline.map(|s| started + Duration::from_secs_f64(s));
    let (terms, versions) = terms::read(&args.terms.glossary)?;
    let names = terms::names(args.terms.names.as_deref())?;
    let memory = memory::asked(args.memory.as_deref(), args.site.as_deref())?;
    let mut pipeline = engines::pipeline(&args.engine, &args.cache)?
        .with_policy(args.policy)
        .with_repair(!args.no_repair)
        .with_glossary(terms)
        .with_glossary_versions(versions)
        .with_names(names);
    if let Some(memory) = memory {
        pipeline = pipeline.with_memory(memory);
    }
    let mut job = Job { args, targets, from, deadline, pipeline, folders: HashSet::new(), gaps: 0 };
    let mut failed: Option<Failure> = None;
    for input in &args.inputs {
        // One input that cannot be used does not keep the others from their editions; a machine without
        // models or disk does.
        match job.input(input) {
            Ok(()) => {}
            Err(failure)
                if args.inputs.len() > 1 && matches!(failure.code(), Code::Input | Code::Network) =>
            {
                if let Some(earlier) = failed.replace(failure) {
                    earlier.report();
                }
            }
            Err(failure) => return Err(failure),
        }
    }
    match failed {
        Some(failure) => Err(failure),
        None if args.strict && job.gaps > 0 => Err(Failure::new(
            Code::Gaps,
            format!("{} sentences could not be translated and stand in the original language", job.gaps),
        )),
        None => Ok(()),
    }
}

struct Job<'a> {
    args: &'a Translate,
    targets: Vec<Lang>,
    from: Option<Lang>,
    deadline: Option<Instant>,
    pipeline: Pipeline,
    folders: HashSet<PathBuf>,
    gaps: usize,
}

impl Job<'_> {
    fn input(&mut self, input: &str) -> Result<(), Failure> {
        let articles = inputs::articles(input, self.from, &self.args.reading)?;
        let alone = articles.len() == 1;
        for article in &articles {
            self.article(article, alone)?;
        }
        Ok(())
    }

    fn article(&mut self, article: &Article, alone: bool) -> Result<(), Failure> {
        let started = Instant::now();
        let folder = self.folder(article, alone);
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut progress = Progress::new(self.args.quiet, self.args.json, &name);
        let control = Control { deadline: self.deadline, cancel: Some(interrupt::flag()) };
        let made = self
            .pipeline
            .translate(article, self.from, &self.targets, &control, &mut |event| progress.event(event));
        progress.finish();
        let set = made?;
        if let Some(trouble) = self.pipeline.take_cache_trouble() {
            warn(&trouble.to_string());
        }
        let base = self.args.base_url.as_ref().map(|url| format!("{}/{name}/", url.trim_end_matches('/')));
        publish::write(&folder, &publish::files(&set, base.as_deref())?)?;
        self.gaps += set.editions.iter().map(|e| e.failed()).sum::<usize>();
        let seconds = started.elapsed().as_secs_f64();
        if self.args.json {
            print(&format!("{}\n", summary(&set, &folder, seconds)))
        } else if self.args.quiet {
            Ok(())
        } else {
            print(&overview(&set, &folder, seconds))
        }
    }

    /// The folder for an article: named after its file when it is the only one in it, else after its title;
    /// numbered when another article has it already.
    fn folder(&mut self, article: &Article, alone: bool) -> PathBuf {
        let from_input = || publish::slug(&stem(&article.input));
        let from_title = || article.title.as_deref().and_then(publish::slug);
        let name = if alone { from_input().or_else(from_title) } else { from_title().or_else(from_input) };
        let name = name.unwrap_or_else(|| "article".to_owned());
        (1..)
            .map(|n| self.args.output.join(if n == 1 { name.clone() } else { format!("{name}-{n}") }))
            .find(|folder| is_free(folder, article) && self.folders.insert(folder.clone()))
            .expect("numbers do not run out")
    }
}

/// Whether a folder holds nothing, or earlier editions of the same article.
fn is_free(folder: &Path, article: &Article) -> bool {
    let Ok(text) = std::fs::read_to_string(folder.join(REPORT)) else { return true };
    let Ok(report) = serde_json::from_str::<Value>(&text) else { return true };
    let before = &report["article"];
    let same = |key: &str, now: Option<&str>| now.is_some() && before[key].as_str() == now;
    same("url", article.url.as_deref())
        || (same("input", Some(&article.input)) && before["title"].as_str() == article.title.as_deref())
}

/// What an input is called: the file's name without its extensions, an address's last part.
fn stem(input: &str) -> String {
    if input == "-" {
        return String::new();
    }
    let path = input.split(['?', '#']).next().unwrap_or(input).trim_end_matches('/');
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let name = name.strip_suffix(".gz").unwrap_or(name);
    name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem }).to_owned()
}

fn overview(set: &EditionSet, folder: &Path, seconds: f64) -> String {
    let mut out = format!("{}\n", folder.join(publish::INDEX).display());
    for edition in &set.editions {
        let counts = Counts::of(edition);
        let route: Vec<String> =
            edition.route.iter().map(|leg| format!("{} {}", leg.pair, leg.engine.model)).collect();
        out += &format!(
            "  {:8} {:3} sentences, {} gaps, {} errors, {} warnings; {} tried again, {} bettered, {} held; {} tier, {}\n",
            file_stem(edition.lang),
            counts.segments,
            counts.failed,
            counts.errors.saturating_sub(counts.failed),
            counts.warnings,
            counts.retried,
            counts.repaired,
            counts.held,
            edition.tier,
            route.join(", "),
        );
        if counts.reviewed + counts.adapted > 0 {
            out += &format!(
                "           {} from memory as reviewed, {} with other numbers\n",
                counts.reviewed, counts.adapted
            );
        }
    }
    let fresh: usize = set.editions.iter().map(|e| e.fresh).sum();
    let all: usize = set.editions.iter().map(|e| e.segments().count()).sum();
    let recalled: usize =
        set.editions.iter().flat_map(|e| e.segments()).filter(|s| s.memory.is_some()).count();
    let known = all.saturating_sub(fresh + recalled);
    let from_memory = if recalled > 0 { format!("{recalled} from memory, ") } else { String::new() };
    out += &format!(
        "  {seconds:.1} s; {fresh} sentences translated now, {from_memory}{known} copied or kept from before\n"
    );
    if set.editions.iter().any(|e| e.tier == Tier::Draft && !e.is_reviewed()) {
        out += "  draft tier: gives the gist; every sentence needs an editor before it is published\n";
    }
    out
}

fn summary(set: &EditionSet, folder: &Path, seconds: f64) -> Value {
    let editions: Vec<Value> = set
        .editions
        .iter()
        .map(|e| {
            json!({
                "lang": e.lang, "tier": e.tier, "counts": Counts::of(e), "fresh": e.fresh,
                "route": e.route, "file": folder.join(format!("{}.html", file_stem(e.lang))),
            })
        })
        .collect();
    json!({
        "input": set.article.input, "title": set.article.title, "source": set.source, "revision": set.revision,
        "folder": folder, "editions": editions, "seconds": (seconds * 1000.0).round() / 1000.0,
    })
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn inputs_have_names() {
        for (input, name) in [
            ("a/b/berita.html", "berita"),
            ("berita.html.gz", "berita"),
            ("https://contoh.example/2022/01/08/protes-almaty/?utm=1", "protes-almaty"),
            (".hidden", ".hidden"),
            ("-", ""),
        ] {
            assert_eq!(stem(input), name, "{input}");
        }
    }
}
