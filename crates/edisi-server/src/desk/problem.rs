//! What went wrong, for an editor to read.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use edisi_store::StoreError;
use serde_json::Value;

use crate::auth::Refusal;
use crate::auth::people::PeopleError;
use crate::auth::setup::SetupError;
use crate::newsroom::NewsroomError;

/// What went wrong. As a response it is plain text; [`front`](super::front::front) makes a page or JSON of it.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The status.
    pub status: StatusCode,
    /// One sentence.
    pub message: String,
    /// What scripts are told besides: in a conflict, how the segment stands now.
    pub details: Value,
}

impl Problem {
    /// A problem with nothing but its sentence.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Problem {
        Problem { status, message: message.into(), details: Value::Null }
    }

    /// What was sent makes no sense.
    pub fn input(message: impl Into<String>) -> Problem {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// There is no such page.
    pub fn nothing() -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "There is no such page.")
    }

    fn failed(message: String) -> Problem {
        tracing::error!(error = message, "the desk could not do something");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.message.clone()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        let status = match &error {
            StoreError::NotFound { .. } => StatusCode::NOT_FOUND,
            StoreError::Conflict { .. } | StoreError::Taken { .. } => StatusCode::CONFLICT,
            _ => return Problem::failed(error.to_string()),
        };
        Problem::new(status, sentence(&error.to_string()))
    }
}

impl From<NewsroomError> for Problem {
    fn from(error: NewsroomError) -> Problem {
        match error {
            NewsroomError::Store(error) => error.into(),
            NewsroomError::Refused(message) => Problem::input(sentence(&message)),
            other => Problem::failed(other.to_string()),
        }
    }
}

impl From<PeopleError> for Problem {
    fn from(error: PeopleError) -> Problem {
        match error {
            PeopleError::Store(error) => error.into(),
            other => Problem::input(sentence(&other.to_string())),
        }
    }
}

impl From<SetupError> for Problem {
    fn from(error: SetupError) -> Problem {
        match error {
            SetupError::Store(error) => error.into(),
            SetupError::People(error) => error.into(),
            SetupError::Invalid => Problem::new(StatusCode::FORBIDDEN, sentence(&error.to_string())),
        }
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Problem {
        match refusal {
            Refusal::Store(message) => Problem::failed(message.clone()),
            other => Problem::new(other.status(), sentence(&other.to_string())),
        }
    }
}

/// An error's text as a sentence of a page.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", chars.as_str())
}
