//! The desk's styles and script: own files, named by their content, so that browsers may keep them for ever.

use std::sync::Arc;

use axum::Extension;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::pages::Pages;
use super::problem::Problem;
use crate::auth::secret;

/// A file.
#[derive(Debug)]
pub struct Asset {
    /// Where it is: `/desk/assets/desk.0123456789ab.css`.
    pub path: String,
    kind: &'static str,
    text: &'static str,
}

/// All files.
#[derive(Debug)]
pub struct Assets {
    /// Styles.
    pub css: Asset,
    /// The script.
    pub js: Asset,
}

impl Assets {
    /// Names the files.
    pub fn new() -> Assets {
        let asset = |ending: &str, kind, text: &'static str| {
            let hash = secret::hash(text);
            Asset { path: format!("/desk/assets/desk.{}.{ending}", &hash[..12]), kind, text }
        };
        Assets {
            css: asset("css", "text/css; charset=utf-8", include_str!("../../assets/desk.css")),
            js: asset("js", "text/javascript; charset=utf-8", include_str!("../../assets/desk.js")),
        }
    }
}

/// `GET /desk/assets/NAME`
pub async fn asset(
    Extension(pages): Extension<Arc<Pages>>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let Assets { css, js } = &pages.assets;
    let is_it = |asset: &&Asset| asset.path.rsplit_once('/').is_some_and(|(_, own)| own == name);
    let asset = [css, js].into_iter().find(is_it).ok_or_else(Problem::nothing)?;
    let headers =
        [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.text).into_response())
}
