//! Folders of files: ninjs, pages, texts. Files stay where they are.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use edisi_article::Article;
use edisi_extract::{Options, extract_bytes};
use sha2::{Digest, Sha256};

use super::seen::{self, Entry};
use super::{Look, LookError};

/// Folders within folders that are looked into.
const DEPTH: usize = 4;
/// What files are called that are read; others (pictures, what is being uploaded) are passed over.
const ENDINGS: [&str; 9] = ["html", "htm", "xhtml", "json", "ninjs", "jsonl", "txt", "md", "markdown"];

/// A file that may be read.
struct Found {
    /// Its name from the folder on.
    name: String,
    path: PathBuf,
    size: u64,
    changed: SystemTime,
}

impl Found {
    /// What tells its state from another before it is read.
    fn state(&self) -> String {
        let since = self.changed.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        format!("{}:{}", self.size, since.as_nanos())
    }
}

pub(super) async fn look(look: &mut Look<'_>) -> Result<(), LookError> {
    let folder = PathBuf::from(&look.source.location);
    let settled = look.options.settled;
    let found = blocking(move || list(&folder, settled)).await??;
    look.seen.keep(&found.iter().map(|file| file.name.clone()).collect::<Vec<_>>());
    for file in found {
        let state = file.state();
        let before = look.seen.get(&file.name).map(|entry| entry.mark.clone()).unwrap_or_default();
        if before.starts_with(&format!("{state}:")) {
            continue;
        }
        if !look.has_room() {
            break;
        }
        look.read += 1;
        read(look, &file, &state, &before).await?;
    }
    Ok(())
}

async fn read(look: &mut Look<'_>, file: &Found, state: &str, before: &str) -> Result<(), LookError> {
    let (path, lang) = (file.path.clone(), look.source.lang);
    let got = blocking(move || contents(&path, &Options { lang, ..Options::default() })).await?;
    let (hash, articles) = match got {
        Ok(got) => got,
        // Its rights may be put right without a trace in its state.
        Err(problem) => {
            look.fail(problem);
            return Ok(());
        }
    };
    let is_same = before.rsplit(':').next() == Some(hash.as_str());
    look.seen.set(&file.name, Entry { mark: format!("{state}:{hash}"), ..Entry::default() });
    if is_same {
        return Ok(());
    }
    match articles {
        Err(problem) => look.fail(problem),
        Ok(articles) => {
            let is_one = articles.len() == 1;
            for (number, article) in articles.into_iter().enumerate() {
                let key = match (&article.url, is_one) {
                    (Some(url), _) => url.clone(),
                    (None, true) => format!("{}/{}", look.source.location, file.name),
                    (None, false) => format!("{}/{}#{}", look.source.location, file.name, number + 1),
                };
                look.take_in(article, key).await?;
            }
        }
    }
    Ok(())
}

type Read = (String, Result<Vec<Article>, String>);

/// The hash of a file, and the articles in it.
fn contents(path: &Path, options: &Options) -> Result<Read, String> {
    let size = std::fs::metadata(path).map_err(|e| format!("{}: {e}", path.display()))?.len();
    if size > options.max_bytes {
        return Err(format!("{}: larger than {} bytes; cut it up", path.display(), options.max_bytes));
    }
    let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let hash = Sha256::digest(&bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let name = path.display().to_string();
    Ok((hash, extract_bytes(&name, &bytes, None, options).map_err(|e| e.to_string())))
}

/// The files of a folder that nobody is writing any more, the oldest first. Links are not followed.
fn list(folder: &Path, settled: Duration) -> Result<Vec<Found>, LookError> {
    let failed = |path: &Path, e: std::io::Error| {
        LookError::source(format!(
            "cannot read the folder {}: {e}; check its name and who may read it",
            path.display()
        ))
    };
    let now = SystemTime::now();
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((at, depth)) = folders.pop() {
        for entry in std::fs::read_dir(&at).map_err(|e| failed(&at, e))? {
            let path = entry.map_err(|e| failed(&at, e))?.path();
            // Gone again, or a link.
            let Ok(meta) = std::fs::symlink_metadata(&path) else { continue };
            if meta.is_dir() && depth < DEPTH {
                folders.push((path, depth + 1));
                continue;
            }
            let Ok(changed) = meta.modified() else { continue };
            let is_settled = now.duration_since(changed).is_ok_and(|age| age >= settled);
            if !meta.is_file() || !is_settled || !is_read(&path) {
                continue;
            }
            let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
            found.push(Found { name, path, size: meta.len(), changed });
        }
    }
    found.sort_by(|a, b| (a.changed, &a.name).cmp(&(b.changed, &b.name)));
    // Of more files than can be remembered the newest.
    Ok(found.split_off(found.len().saturating_sub(seen::MOST)))
}

fn is_read(path: &Path) -> bool {
    let is_hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    !is_hidden && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, LookError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|e| LookError::source(format!("the reader ended early: {e}")))
}
