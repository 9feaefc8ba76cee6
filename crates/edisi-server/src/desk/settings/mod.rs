//! What administrators decide, and what they look after.

mod audit;
mod hooks;
mod jobs;
mod memory;
mod newsroom;
mod sources;
mod terms;
mod tokens;
mod users;

use axum::Router;
use axum::extract::{FromRequest, Multipart, Request};
use axum::routing::get;
use edisi_store::{Effects, NewAudit};
use serde_json::Value;

use super::problem::Problem;
use crate::App;

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/settings", get(newsroom::page).post(newsroom::change))
        .route("/desk/settings/users", get(users::page).post(users::act))
        .route("/desk/settings/tokens", get(tokens::page).post(tokens::act))
        .route("/desk/settings/sources", get(sources::page).post(sources::act))
        .route("/desk/settings/webhooks", get(hooks::page).post(hooks::act))
        .route("/desk/settings/memory", get(memory::page).post(memory::import))
        .route("/desk/settings/memory.tmx", get(memory::export))
        .route("/desk/settings/jobs", get(jobs::page).post(jobs::act))
        .route("/desk/settings/audit", get(audit::page))
        .route("/desk/settings/terms/{book}", get(terms::page).post(terms::act))
        .route("/desk/settings/terms/{book}/import", axum::routing::post(terms::import))
        .route("/desk/settings/terms/{book}/export", get(terms::export))
}

/// A change with its line of the audit log.
fn effects(actor: &str, action: &'static str, object: String, details: Value) -> Effects {
    NewAudit { actor: actor.to_owned(), action, object, details }.into()
}

/// A file that was sent with a form, and the form's other fields before it.
struct Upload {
    /// The file's name, as the sender has it.
    name: String,
    bytes: axum::body::Bytes,
    fields: Vec<(String, String)>,
}

impl Upload {
    fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
    }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Upload, Problem> {
        let broken = |_| Problem::input("The upload broke off or is no form with a file.");
        let mut form = Multipart::from_request(request, state).await.map_err(|_| broken(()))?;
        let mut fields = Vec::new();
        while let Some(field) = form.next_field().await.map_err(|_| broken(()))? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(|_| broken(()))?;
                if bytes.is_empty() {
                    break;
                }
                return Ok(Upload { name, bytes, fields });
            }
            fields.push((name, field.text().await.map_err(|_| broken(()))?));
        }
        Err(Problem::input("Choose a file first."))
    }
}
