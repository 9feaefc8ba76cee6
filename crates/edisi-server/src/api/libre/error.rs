//! Errors as LibreTranslate's clients read them: `{"error": "…"}`.

use std::time::Duration;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use edisi_edition::{EngineErrorKind, PipelineError};
use serde_json::json;

/// Why a request was not done.
#[derive(Debug)]
pub(super) struct LibreError {
    status: StatusCode,
    message: String,
    /// Seconds to wait.
    retry: Option<u64>,
}

impl LibreError {
    fn new(status: StatusCode, message: impl Into<String>) -> LibreError {
        LibreError { status, message: message.into(), retry: None }
    }

    /// The request makes no sense.
    pub fn bad(message: impl Into<String>) -> LibreError {
        LibreError::new(StatusCode::BAD_REQUEST, message)
    }

    pub fn missing(name: &str) -> LibreError {
        LibreError::bad(format!("Invalid request: missing {name} parameter"))
    }

    pub fn forbidden(message: &str) -> LibreError {
        LibreError::new(StatusCode::FORBIDDEN, message)
    }

    pub fn slow_down(wait: Duration) -> LibreError {
        let seconds = wait.as_secs() + 1;
        let message = format!("Slowdown: the next request is answered in {seconds} seconds");
        LibreError { retry: Some(seconds), ..LibreError::new(StatusCode::TOO_MANY_REQUESTS, message) }
    }

    /// Something that should work does not; what it is stands in the log.
    pub fn internal(error: impl std::fmt::Display) -> LibreError {
        tracing::error!(error = %error, "a translation failed");
        let message = "Cannot translate text: the log of the server says why";
        LibreError::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    pub fn out_of_time(seconds: u64) -> LibreError {
        let message =
            format!("Cannot translate text: it takes more than {seconds} seconds; send less at once");
        LibreError::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    pub fn not_found(message: &str) -> LibreError {
        LibreError::new(StatusCode::NOT_FOUND, message)
    }

    pub fn too_large(message: impl Into<String>) -> LibreError {
        LibreError::new(StatusCode::PAYLOAD_TOO_LARGE, message)
    }
}

impl From<PipelineError> for LibreError {
    fn from(error: PipelineError) -> LibreError {
        match &error {
            PipelineError::Route(route) => LibreError::bad(route.to_string()),
            PipelineError::Engine(engine) if engine.kind() == EngineErrorKind::Busy => LibreError {
                retry: Some(5),
                ..LibreError::new(StatusCode::TOO_MANY_REQUESTS, format!("Slowdown: {engine}"))
            },
            _ => LibreError::internal(error),
        }
    }
}

impl IntoResponse for LibreError {
    fn into_response(self) -> Response {
        let body = Json(json!({ "error": self.message }));
        match self.retry {
            Some(seconds) => {
                (self.status, [(header::RETRY_AFTER, seconds.to_string())], body).into_response()
            }
            None => (self.status, body).into_response(),
        }
    }
}
