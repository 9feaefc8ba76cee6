//! The site as files, for servers that only send files.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use edisi_edition::render::RenderError;
use edisi_store::{PublishedFilter, Store, StoreError};
use serde::{Deserialize, Serialize};
use tempfile::Builder;

use super::address::is_slug;
use super::content::{self, PER_FRONT};
use super::live::{Site, look};
use super::sitemap::PER_SITEMAP;
use super::{Address, FeedKind, Form, Shown};
use crate::settings::Settings;

/// The list of files in the folder that were written by [`export`].
const MANIFEST: &str = ".edisi-site.json";

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// Files that are new or changed.
    pub written: usize,
    /// Files that were there as they should be.
    pub kept: usize,
    /// Files that were taken away, because what they were of is no longer on the site.
    pub removed: usize,
}

/// Why a site was not written. What is there is whole pages, of before or of now.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A page cannot be rendered.
    #[error("the page {path} cannot be made: {source}")]
    Render {
        /// Its path.
        path: String,
        /// Why.
        source: RenderError,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}; free some space, or name another folder with -o", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The list of files of the last time cannot be read.
    #[error("{} cannot be read: {problem}; delete it, or name another folder with -o", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A story is called what no file can be called.
    #[error("the story `{0}` cannot be a file; give it another name")]
    Slug(String),
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Manifest {
    files: BTreeSet<String>,
}

/// Writes the site into `dir`. Every file appears whole or not at all; those of what is no longer on the site go.
///
/// Addresses are those of the served site, with `.html` appended to the files of pages: a static server has to send
/// `en/story.html` for `/en/story`, as most do or can be told to.
///
/// # Errors
/// See [`ExportError`].
pub async fn export(
    site: &Site,
    store: &Store,
    settings: &Arc<Settings>,
    dir: &Path,
) -> Result<Exported, ExportError> {
    let shown = look(store, settings, "", site.style()).await?;
    let plan = plan(store, &shown).await?;
    let mut folder = Folder::open(dir)?;
    folder.expect(plan.iter().map(Address::file))?;
    for address in &plan {
        let content = content::read(store, &shown, address).await?;
        let fail = |source| ExportError::Render { path: address.path(), source };
        let page = content::answer(site.renderer(), &shown, address, &content).map_err(fail)?;
        // The original has no file in other forms, and what was just taken off the site no page.
        if page.status.is_success() {
            folder.write(address.file(), &page.body)?;
        }
    }
    folder.finish()
}

/// What is written, in this order: what pages need before them, lists after what they list, so that whoever reads meanwhile
/// finds no dead links.
async fn plan(store: &Store, shown: &Shown) -> Result<Vec<Address>, ExportError> {
    let index = store.published_index().await?;
    let mut out = vec![Address::Style(shown.style.clone()), Address::Languages, Address::Missing];
    for (_, slug, lang, _) in &index {
        if !is_slug(slug) {
            return Err(ExportError::Slug(slug.clone()));
        }
        let form = |form| Address::Story { lang: *lang, slug: slug.clone(), form };
        out.extend([Form::Page, Form::Markdown, Form::Ninjs].map(form));
    }
    for &lang in &shown.langs {
        let mut before = None;
        let mut front = Address::Front(lang);
        loop {
            out.push(front);
            let found = store.published(&PublishedFilter { lang, before, limit: PER_FRONT + 1 }).await?;
            let Some(last) = content::last_of_full(&found) else { break };
            before = Some(last);
            front = Address::Older(lang, last);
        }
        out.push(Address::About(lang));
        out.extend(FeedKind::ALL.map(|kind| Address::Feed(lang, kind)));
    }
    // Search engines read whole addresses only.
    if !shown.base().is_empty() {
        out.extend([Address::Robots, Address::Sitemaps]);
        for &lang in &shown.langs {
            let stories = index.iter().filter(|row| row.2 == lang).count();
            out.extend((1..=stories.div_ceil(PER_SITEMAP)).map(|number| Address::Sitemap(lang, number)));
        }
    }
    Ok(out)
}

/// The folder a site is written into.
struct Folder {
    dir: PathBuf,
    before: BTreeSet<String>,
    now: BTreeSet<String>,
    done: Exported,
}

impl Folder {
    fn open(dir: &Path) -> Result<Folder, ExportError> {
        std::fs::create_dir_all(dir).map_err(failed(dir))?;
        let path = dir.join(MANIFEST);
        let before = match std::fs::read(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Manifest::default(),
            read => {
                let bytes = read.map_err(failed(&path))?;
                serde_json::from_slice(&bytes)
                    .map_err(|e| ExportError::Manifest { path, problem: e.to_string() })?
            }
        };
        let (before, now) = (before.files, BTreeSet::new());
        Ok(Folder { dir: dir.to_owned(), before, now, done: Exported::default() })
    }

    /// Notes files before they are written, so that they are taken away some day whatever happens now.
    fn expect(&mut self, files: impl Iterator<Item = String>) -> Result<(), ExportError> {
        self.before.extend(files);
        self.note(&self.before)
    }

    fn write(&mut self, file: String, content: &[u8]) -> Result<(), ExportError> {
        let path = self.dir.join(&file);
        self.now.insert(file);
        if std::fs::read(&path).is_ok_and(|there| there == content) {
            self.done.kept += 1;
            return Ok(());
        }
        put(&path, content)?;
        self.done.written += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<Exported, ExportError> {
        for file in self.before.difference(&self.now) {
            let path = self.dir.join(file);
            let stays_inside = Path::new(file).components().all(|c| matches!(c, Component::Normal(_)));
            if !stays_inside {
                continue;
            }
            match std::fs::remove_file(&path) {
                Ok(()) => self.done.removed += 1,
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(failed(&path)(e)),
            }
        }
        self.note(&self.now)?;
        Ok(self.done)
    }

    fn note(&self, files: &BTreeSet<String>) -> Result<(), ExportError> {
        let manifest = Manifest { files: files.clone() };
        let text = serde_json::to_string_pretty(&manifest).expect("a list of names");
        put(&self.dir.join(MANIFEST), text.as_bytes())
    }
}

fn put(path: &Path, content: &[u8]) -> Result<(), ExportError> {
    let dir = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir).map_err(failed(dir))?;
    let mut builder = Builder::new();
    builder.prefix(".edisi-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.tempfile_in(dir).map_err(failed(path))?;
    file.write_all(content).and_then(|()| file.as_file().sync_data()).map_err(failed(path))?;
    file.persist(path).map_err(|e| failed(path)(e.error))?;
    Ok(())
}

fn failed(path: &Path) -> impl Fn(io::Error) -> ExportError + use<> {
    let path = path.to_owned();
    move |source| ExportError::Write { path: path.clone(), source }
}
