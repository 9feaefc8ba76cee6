//! Errors of the newsroom's API, as RFC 9457 has them.

use axum::Json;
use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use edisi_store::StoreError;
use serde::Serialize;

use crate::newsroom::NewsroomError;

/// Why a request was not done: `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// What kind of problem it is, for programs: `not-found`, `conflict`, `invalid`.
    #[serde(rename = "code")]
    code: &'static str,
    /// The HTTP status.
    status: u16,
    /// What kind of problem it is, for people.
    title: &'static str,
    /// What went wrong, and what would not.
    detail: String,
    /// The version that the row has now, where somebody else was faster.
    #[serde(skip_serializing_if = "Option::is_none")]
    current_version: Option<i64>,
    /// Seconds to wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
}

impl Problem {
    fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Problem {
        let (status, detail) = (status.as_u16(), detail.into());
        Problem { code, status, title, detail, current_version: None, retry_after: None }
    }

    /// The request makes no sense here; `detail` says what would.
    pub fn invalid(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "The request makes no sense here", detail)
    }

    /// The request cannot be read.
    pub fn malformed(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "malformed", "The request cannot be read", detail)
    }

    /// There is no such thing.
    pub fn not_found(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such thing", detail)
    }

    /// No key, or one that is none.
    pub fn unauthorized() -> Problem {
        let detail = "send a key that is good as `Authorization: Bearer edisi_…`";
        Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", "A key is needed", detail)
    }

    /// The key is not for this.
    pub fn forbidden(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::FORBIDDEN, "forbidden", "The key is not for this", detail)
    }

    /// Somebody else was faster, or the name is taken.
    pub fn conflict(detail: impl Into<String>, current: Option<i64>) -> Problem {
        let problem = Problem::new(StatusCode::CONFLICT, "conflict", "It is not as you saw it", detail);
        Problem { current_version: current, ..problem }
    }

    /// Too many requests.
    pub fn too_many(seconds: u64) -> Problem {
        let detail = format!("too many requests; the next is answered in {seconds} seconds");
        let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests", detail);
        Problem { retry_after: Some(seconds), ..problem }
    }

    /// Something that should work does not; what it is stands in the log.
    pub fn internal(error: impl std::fmt::Display) -> Problem {
        tracing::error!(error = %error, "a request failed");
        let detail = "something that should work does not; the log of the server says what";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The server failed", detail)
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        match &error {
            StoreError::NotFound { .. } => Problem::not_found(error.to_string()),
            StoreError::Conflict { current, .. } => Problem::conflict(error.to_string(), Some(*current)),
            StoreError::Taken { .. } => Problem::conflict(error.to_string(), None),
            _ => Problem::internal(error),
        }
    }
}

impl From<NewsroomError> for Problem {
    fn from(error: NewsroomError) -> Problem {
        match error {
            NewsroomError::Store(error) => error.into(),
            NewsroomError::Refused(why) => Problem::invalid(why),
            error => Problem::internal(error),
        }
    }
}

macro_rules! malformed {
    ($($rejection:ty),*) => {$(
        impl From<$rejection> for Problem {
            fn from(rejection: $rejection) -> Problem {
                let status = rejection.status();
                let problem = Problem::malformed(rejection.body_text());
                if status == StatusCode::PAYLOAD_TOO_LARGE || status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
                    return Problem { status: status.as_u16(), ..problem };
                }
                problem
            }
        }
    )*};
}

malformed!(BytesRejection, JsonRejection, PathRejection, QueryRejection);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
