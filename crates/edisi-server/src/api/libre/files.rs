//! `/translate_file` and `/download_file`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{self, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use edisi_edition::loose::Format;
use serde_json::{Value, json};

use super::error::LibreError;
use super::fields::Fields;
use super::translate::{self, Work};
use super::{admit, languages, odt, srt};
use crate::App;
use crate::api::Api;
use crate::auth::limit::Peer;
use crate::auth::secret;

/// The files that can be translated.
pub(super) const FORMATS: [&str; 5] = [".txt", ".html", ".htm", ".srt", ".odt"];

/// How long a translated file can be fetched.
const KEPT: Duration = Duration::from_secs(30 * 60);

/// Digits of the secret in a file's address.
const SECRET: usize = 32;

pub(super) async fn translate_file(
    State(app): State<App>,
    Extension(api): Extension<Arc<Api>>,
    peer: Peer,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Json<Value>, LibreError> {
    admit(&app, &api, peer, &headers, fields.text("api_key")?.as_deref()).await?;
    let (source, target) = (fields.needed("source")?, fields.needed("target")?);
    let (name, bytes) = fields.file.ok_or_else(|| LibreError::bad("Invalid request: missing file"))?;
    let lower = name.to_ascii_lowercase();
    let ending = FORMATS.into_iter().find(|ending| lower.ends_with(ending)).ok_or_else(|| {
        LibreError::bad(format!("Invalid request: file format not supported; send {}", FORMATS.join(", ")))
    })?;
    let is_odt = ending == ".odt";
    let text = if is_odt {
        odt::read(&bytes)?
    } else {
        let text = String::from_utf8(bytes.to_vec());
        text.map_err(|_| LibreError::bad("Invalid request: the file is not in UTF-8; convert it first"))?
    };
    let settings = app.newsroom.settings();
    let (size, limit) = (text.chars().count(), settings.api.characters.saturating_mul(20));
    if limit > 0 && size > limit {
        return Err(LibreError::bad(format!("Invalid request: file ({size}) exceeds text limit ({limit})")));
    }
    let target = languages::parse(&target)?;
    let format = if is_odt || ending.starts_with(".htm") { Format::Html } else { Format::Text };
    let lang = match source.as_str() {
        "auto" => translate::detected(&text, format).map(|found| found.0).ok_or_else(|| {
            LibreError::bad("Invalid request: cannot tell the language of the file; name it")
        })?,
        code => languages::parse(code)?,
    };
    let seconds = settings.api.seconds.saturating_mul(5);
    let work = |texts: Vec<String>, format| Work {
        sources: vec![lang; texts.len()],
        texts,
        target,
        format,
        alternatives: 0,
        seconds,
    };
    let made = if ending == ".srt" {
        let cues = srt::read(&text);
        let texts = cues.texts();
        let made = translate::run(&api, work(texts, Format::Html)).await?;
        cues.write(made.into_iter().map(|m| m.text))
    } else {
        let mut made = translate::run(&api, work(vec![text], format)).await?;
        made.pop().map(|m| m.text).unwrap_or_default()
    };
    let made = if is_odt { odt::write(&bytes, &made)? } else { made.into_bytes() };
    let (folder, ending, code) = (api.files.clone(), ending, target.to_string());
    let saved = tokio::task::spawn_blocking(move || save(&folder, &made, &code, ending)).await;
    let file = saved.map_err(LibreError::internal)?.map_err(LibreError::internal)?;
    let base = match settings.base_url.as_str() {
        "" => &app.local_url,
        base => base,
    };
    Ok(Json(json!({ "translatedFileUrl": format!("{base}/download_file/{file}") })))
}

/// Keeps a translation for half an hour under a name that cannot be guessed.
fn save(folder: &Path, bytes: &[u8], lang: &str, ending: &str) -> std::io::Result<String> {
    std::fs::create_dir_all(folder)?;
    for old in std::fs::read_dir(folder)?.flatten() {
        let age = old.metadata().and_then(|m| m.modified()).ok().and_then(|at| at.elapsed().ok());
        if age.is_some_and(|age| age > KEPT) {
            // Another request may have been faster.
            let _ = std::fs::remove_file(old.path());
        }
    }
    let name = format!("{}.{lang}{ending}", &secret::random()[..SECRET]);
    std::fs::write(folder.join(&name), bytes)?;
    Ok(name)
}

pub(super) async fn download_file(
    Extension(api): Extension<Arc<Api>>,
    extract::Path(name): extract::Path<String>,
) -> Result<Response, LibreError> {
    let missing = || LibreError::not_found("Invalid filename: files can be fetched for half an hour");
    let path = file(&api.files, &name).ok_or_else(missing)?;
    let read =
        tokio::task::spawn_blocking(move || std::fs::read(path)).await.map_err(LibreError::internal)?;
    let bytes = read.map_err(|_| missing())?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// The file of a name that [`save`] has given; nothing else of the disk.
fn file(folder: &Path, name: &str) -> Option<PathBuf> {
    let (secret, rest) = name.split_at_checked(SECRET)?;
    let good = secret.bytes().all(|b| b.is_ascii_hexdigit())
        && rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
        && !rest.contains("..");
    good.then(|| folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_translated_files_only() {
        let folder = tempfile::tempdir().unwrap();
        let name = save(folder.path(), b"teks", "zh-Hans", ".txt").unwrap();
        assert_eq!(std::fs::read_to_string(file(folder.path(), &name).unwrap()).unwrap(), "teks");
        for bad in [
            "",
            "../../etc/passwd",
            "a/b",
            &format!("{}/../x", "0".repeat(32)),
            &format!("{}..x", "0".repeat(32)),
        ] {
            assert_eq!(file(folder.path(), bad), None, "{bad}");
        }
    }
}
