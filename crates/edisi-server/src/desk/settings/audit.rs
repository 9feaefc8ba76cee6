//! The audit log.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Html;
use edisi_store::Id;
use serde::Deserialize;
use serde_json::json;

use crate::App;
use crate::auth::Admin;
use crate::desk::article::audit_lines;
use crate::desk::pages::{Head, Pages};
use crate::desk::problem::Problem;

const A_PAGE: i64 = 100;

/// What the page is asked with.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    object: String,
    #[serde(default)]
    before: Option<Id>,
}

/// `GET /desk/settings/audit`
pub async fn page(
    State(app): State<App>,
    Extension(pages): Extension<Arc<Pages>>,
    Admin(signed): Admin,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let object = Some(asked.object.trim()).filter(|o| !o.is_empty());
    let mut lines = app.newsroom.store().audit(object, asked.before, A_PAGE + 1).await?;
    let more = lines.len() as i64 > A_PAGE;
    lines.truncate(A_PAGE as usize);
    let context = json!({
        "audit": audit_lines(&lines),
        "object": asked.object,
        "before": lines.last().filter(|_| more).map(|l| l.id),
    });
    let head = Head { template: "settings_audit.html", title: "Audit log", section: "settings" };
    pages.render(&app, Some(&signed), head, context)
}
