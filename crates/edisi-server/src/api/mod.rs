//! What programs ask for.
//!
//! | address | what is there |
//! |---|---|
//! | `/translate`, `/detect`, `/languages`, … | LibreTranslate's API: `libre` |
//! | `/api/v1/…` | the newsroom's own: `v1` |
//! | `/metrics`, `/health` | for those who run it: `watch` |

pub mod libre;
mod problem;
mod state;
#[cfg(test)]
mod tests;
pub mod v1;
mod watch;

use std::sync::Arc;

use axum::{Extension, Router, middleware};

use crate::App;
pub use problem::Problem;
pub use state::Api;

/// The routes.
pub fn routes(api: Arc<Api>) -> Router<App> {
    Router::new()
        .merge(libre::routes())
        .merge(v1::routes())
        .merge(watch::routes())
        .layer(middleware::from_fn_with_state(Arc::clone(&api), watch::count))
        .layer(Extension(api))
}
