//! Editions as a folder of files.

mod snapshot;

pub use snapshot::{Snapshot, Translation};

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use edisi_text::Lang;
use tempfile::{Builder, NamedTempFile};

use crate::edition::{Edition, EditionSet};
use crate::render::{RenderError, Renderer, Story, Version};
use crate::report::Report;
use crate::units::Place;

/// The page that lists the versions.
pub const INDEX: &str = "index.html";
/// The report.
pub const REPORT: &str = "report.json";

/// A file to be written: its name and content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutFile {
    /// Without folders.
    pub name: String,
    /// All of it.
    pub content: String,
}

/// Why a folder could not be written. What was there before is still there.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {source}; {}", path.display(), advice(source))]
pub struct WriteError {
    path: PathBuf,
    source: io::Error,
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "free some space, or name another folder with -o, and run again: finished segments are kept"
        }
        _ => "name another folder with -o",
    }
}

/// The name of a language in file names: `zh` for simplified Chinese, else its tag.
pub fn file_stem(lang: Lang) -> String {
    if lang == Lang::ZH { "zh".to_owned() } else { lang.to_string() }
}

/// All files of a set: the index, a page of the original, and each edition as HTML, Markdown and ninjs, and
/// the report. `base_url` is where the folder will be published, if that is known.
///
/// # Errors
/// When a page cannot be rendered.
pub fn files(set: &EditionSet, base_url: Option<&str>) -> Result<Vec<OutFile>, RenderError> {
    let renderer = Renderer::new()?;
    let title = |edition: &Edition| edition.unit(Place::Title).map(|u| u.text.clone());
    let mut versions = vec![version(set.source, set.article.title.clone(), false)];
    versions.extend(set.editions.iter().map(|e| version(e.lang, title(e), e.is_reviewed())));
    let story = Story {
        article: &set.article,
        lang: set.source,
        revision: &set.revision,
        base_url,
        index_file: INDEX,
        versions: &versions,
    };
    let mut out = Vec::new();
    let mut add = |name: String, content: String| out.push(OutFile { name, content });
    add(INDEX.to_owned(), renderer.index(&story)?);
    add(format!("{}.html", file_stem(set.source)), renderer.original(&story)?);
    for edition in &set.editions {
        let snapshot = Snapshot::of(&set.article, set.source, &set.revision, edition);
        let view = snapshot.view(&story).expect("a snapshot of an edition has its texts");
        let stem = file_stem(edition.lang);
        add(format!("{stem}.html"), renderer.edition(&view)?);
        add(format!("{stem}.md"), view.markdown()?);
        add(format!("{stem}.ninjs.json"), format!("{:#}\n", view.ninjs()?));
    }
    add(REPORT.to_owned(), Report::new(set).to_json());
    Ok(out)
}

fn version(lang: Lang, title: Option<String>, reviewed: bool) -> Version {
    Version { lang, file: format!("{}.html", file_stem(lang)), title, reviewed }
}

/// Writes files into `dir`, which is made when it is not there.
///
/// Each file appears whole or not at all; none appears before all are on the disk. Files of other names are
/// left alone.
///
/// # Errors
/// When something cannot be written.
pub fn write(dir: &Path, files: &[OutFile]) -> Result<(), WriteError> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |source| WriteError { path, source }
    };
    std::fs::create_dir_all(dir).map_err(fail(dir))?;
    let mut ready = Vec::with_capacity(files.len());
    for file in files {
        let path = dir.join(&file.name);
        ready.push((staged(dir, file.content.as_bytes()).map_err(fail(&path))?, path));
    }
    for (temporary, path) in ready {
        temporary.persist(&path).map_err(|e| WriteError { path, source: e.error })?;
    }
    Ok(())
}

fn staged(dir: &Path, content: &[u8]) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".edisi-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(dir)?;
    file.write_all(content)?;
    file.as_file().sync_data()?;
    Ok(file)
}

/// A name for the folder of an article: the words of `text`, at most 60 letters; `None` without any.
pub fn slug(text: &str) -> Option<String> {
    let mut out = String::new();
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        let length = out.chars().count() + word.chars().count();
        if !out.is_empty() && length >= 60 {
            break;
        }
        if !out.is_empty() {
            out.push('-');
        }
        out.extend(word.chars().take(60));
    }
    (!out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests;
