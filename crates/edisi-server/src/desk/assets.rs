//! The desk's styles and scripts: own files, in a folder named by their content, so that browsers may keep them for ever.

use std::sync::Arc;

use axum::Extension;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::pages::Pages;
use super::problem::Problem;
use crate::auth::secret;

const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// All files: name, kind, content.
const FILES: &[(&str, &str, &str)] = &[
    ("desk.css", STYLE, include_str!("../../assets/desk/desk.css")),
    ("desk.js", SCRIPT, include_str!("../../assets/desk/desk.js")),
    ("common.js", SCRIPT, include_str!("../../assets/desk/common.js")),
    ("edition.js", SCRIPT, include_str!("../../assets/desk/edition.js")),
    ("list.js", SCRIPT, include_str!("../../assets/desk/list.js")),
];

/// Where the files are.
#[derive(Debug)]
pub struct Assets {
    /// The folder: `/desk/assets/0123456789ab`.
    pub folder: String,
}

impl Assets {
    /// Names the folder.
    pub fn new() -> Assets {
        let all: String = FILES.iter().flat_map(|(name, _, text)| [*name, "\n", *text]).collect();
        Assets { folder: format!("/desk/assets/{}", &secret::hash(&all)[..12]) }
    }
}

/// `GET /desk/assets/HASH/NAME`
pub async fn asset(
    Extension(pages): Extension<Arc<Pages>>,
    Path((hash, name)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let is_current = pages.assets.folder.rsplit('/').next() == Some(hash.as_str());
    let file = FILES.iter().find(|(own, ..)| is_current && *own == name);
    let (_, kind, text) = file.ok_or_else(Problem::nothing)?;
    let headers =
        [(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, *text).into_response())
}
