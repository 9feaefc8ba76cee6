//! The newsroom's words from files, and `edisi glossary`.

use std::path::{Path, PathBuf};

use edisi_article::{GlossaryVersion, Term, TermName};
use edisi_bitext::terms::{
    Differences, GlossaryFile, TermFormat, differences, read_glossary, write_glossary,
};
use edisi_quality::NameBook;
use serde_json::json;

use super::{print, read_bytes, read_text};
use crate::args::{Glossary, GlossaryAction, GlossaryFormat};
use crate::failure::{Code, Failure};

/// The terms of all files, in order, and which glossaries they are.
pub fn read(files: &[PathBuf]) -> Result<(Vec<Term>, Vec<GlossaryVersion>), Failure> {
    let (mut terms, mut versions) = (Vec::new(), Vec::new());
    for path in files {
        let file = glossary(path)?;
        versions.push(file.identity(&path.file_name().unwrap_or_default().to_string_lossy()));
        terms.extend(file.terms);
    }
    Ok((terms, versions))
}

fn glossary(path: &Path) -> Result<GlossaryFile, Failure> {
    let bytes = read_bytes(path)?;
    let format = TermFormat::of(&path.to_string_lossy(), &bytes);
    read_glossary(&bytes, format).map_err(|e| Failure::new(Code::Input, format!("{}: {e}", path.display())))
}

/// The name book of a file; an empty one without a file.
pub fn names(file: Option<&Path>) -> Result<NameBook, Failure> {
    let Some(path) = file else { return Ok(NameBook::default()) };
    NameBook::read(&read_text(path)?)
        .map_err(|e| Failure::new(Code::Input, format!("{}: {e}", path.display())))
}

pub fn run(args: &Glossary) -> Result<(), Failure> {
    if let Some(GlossaryAction::Diff { old, new, json }) = &args.action {
        return diff(old, new, *json);
    }
    let format = match args.format {
        GlossaryFormat::Csv => TermFormat::Csv,
        GlossaryFormat::Tbx => TermFormat::Tbx,
    };
    let file = match &args.files[..] {
        [path] => glossary(path)?,
        // Of several there is no one version.
        files => GlossaryFile { terms: read(files)?.0, version: None },
    };
    print(&write_glossary(&file, format))
}

fn diff(old: &Path, new: &Path, as_json: bool) -> Result<(), Failure> {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (before, after) = (glossary(old)?, glossary(new)?);
    let found = differences(&before.terms, &after.terms);
    let versions = (before.identity(&name(old)), after.identity(&name(new)));
    if as_json {
        let shown = json!({
            "old": versions.0, "new": versions.1,
            "added": found.added, "removed": found.removed, "changed": found.changed,
        });
        return print(&format!("{shown}\n"));
    }
    print(&shown(&versions.0, &versions.1, &found))
}

fn shown(old: &GlossaryVersion, new: &GlossaryVersion, found: &Differences) -> String {
    let version = |v: &GlossaryVersion| {
        let said = v.version.as_ref().map_or_else(String::new, |said| format!(" {said}"));
        format!("{}{said} ({})", v.name, &v.hash[..12])
    };
    let mut out = format!("{} → {}\n", version(old), version(new));
    for (mark, terms) in [('+', &found.added), ('-', &found.removed)] {
        for term in terms {
            let names: Vec<String> = term.names.iter().map(name).collect();
            out += &format!("{mark} {}: {}\n", term.id, names.join("; "));
        }
    }
    for changed in &found.changed {
        out += &format!("~ {}: {}\n", changed.new.id, aspects(&changed.old, &changed.new).join("; "));
    }
    out + &format!(
        "{} added, {} removed, {} changed\n",
        found.added.len(),
        found.removed.len(),
        found.changed.len()
    )
}

/// What a term is called in a language.
fn name(name: &TermName) -> String {
    let mut out = format!("{} {}", name.lang, name.forms.join(" | "));
    if !name.forbidden.is_empty() {
        out += &format!(" (not {})", name.forbidden.join(" | "));
    }
    if name.case_sensitive {
        out += " (case)";
    }
    out
}

/// What a change of a term changes.
fn aspects(old: &Term, new: &Term) -> Vec<String> {
    let mut langs: Vec<_> = old.names.iter().chain(&new.names).map(|n| n.lang).collect();
    langs.sort_unstable();
    langs.dedup();
    let said = |term: &Term, lang| term.name(lang).map_or_else(|| format!("{lang} –"), name);
    let names = langs.into_iter().filter(|lang| old.name(*lang) != new.name(*lang));
    let mut out: Vec<String> =
        names.map(|lang| format!("{} → {}", said(old, lang), said(new, lang))).collect();
    let mut other = |what: &str, old: String, new: String| {
        if old != new {
            out.push(format!("{what} {old} → {new}"));
        }
    };
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    other("keep", yes(old.keep), yes(new.keep));
    other("sections", old.sections.join(" | "), new.sections.join(" | "));
    other("note", old.note.clone().unwrap_or_default(), new.note.clone().unwrap_or_default());
    out
}
