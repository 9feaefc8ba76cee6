//! `Idempotency-Key`: a request sent again is answered with the answer that it had.
//!
//! Answers are remembered for a day while the server runs. After that, and after a restart, what is sent again meets the
//! versions and origins that the store keeps: an article is known by its origin, a change by the version it was made on.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use moka::sync::Cache;
use sha2::{Digest, Sha256};

use super::BODY;
use crate::api::Problem;

/// Answers that are remembered.
const ANSWERS: u64 = 10_000;
/// Longer answers are not remembered.
const LONGEST: usize = 1 << 20;

#[derive(Clone)]
struct Answer {
    asked: [u8; 32],
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// Answers given before.
#[derive(Clone)]
pub(super) struct Kept {
    answers: Cache<[u8; 32], Answer>,
    busy: Arc<Mutex<HashSet<[u8; 32]>>>,
}

impl Default for Kept {
    fn default() -> Kept {
        let day = Duration::from_secs(24 * 60 * 60);
        Kept {
            answers: Cache::builder().max_capacity(ANSWERS).time_to_live(day).build(),
            busy: Arc::default(),
        }
    }
}

/// A request that is being answered.
struct Busy(Arc<Mutex<HashSet<[u8; 32]>>>, [u8; 32]);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

/// Answers a request that was answered before as it was then.
pub(super) async fn once(State(kept): State<Kept>, request: Request, next: Next) -> Response {
    let key = request.headers().get("idempotency-key").cloned();
    let Some(key) = key.filter(|_| request.method() == Method::POST) else { return next.run(request).await };
    if key.len() > 255 {
        return Problem::malformed("an Idempotency-Key has at most 255 bytes").into_response();
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY).await else {
        return Problem::malformed("the request is too large, or ended too early").into_response();
    };
    // A key of a program is its own.
    let who = parts.headers.get(header::AUTHORIZATION).map_or(&b""[..], |value| value.as_bytes());
    let place = digest(&[who, parts.uri.path().as_bytes(), key.as_bytes()]);
    let query = parts.uri.query().unwrap_or_default();
    let asked = digest(&[query.as_bytes(), &body]);
    if let Some(answer) = kept.answers.get(&place) {
        if answer.asked != asked {
            return Problem::invalid("this Idempotency-Key was sent with another request; make a new one")
                .into_response();
        }
        let mut response = (answer.status, answer.headers, answer.body).into_response();
        response.headers_mut().insert("idempotent-replayed", header::HeaderValue::from_static("true"));
        return response;
    }
    if !kept.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(place) {
        return Problem::conflict("a request with this Idempotency-Key is being answered", None)
            .into_response();
    }
    let _busy = Busy(Arc::clone(&kept.busy), place);
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    // What failed may be tried again.
    if response.status().is_server_error() || matches!(response.status().as_u16(), 401 | 403 | 409 | 429) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Problem::internal("an answer ended too early").into_response();
    };
    if body.len() <= LONGEST {
        let (status, headers, body) = (parts.status, parts.headers.clone(), body.clone());
        kept.answers.insert(place, Answer { asked, status, headers, body });
    }
    Response::from_parts(parts, Body::from(body))
}

/// A hash of several things, each with its length.
fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
