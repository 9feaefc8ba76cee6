//! The newsroom's own API.

use axum::Router;

use crate::App;

/// The routes, below `/api/v1`.
pub(super) fn routes() -> Router<App> {
    Router::new()
}
