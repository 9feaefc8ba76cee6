//! The newsroom's own API.
//!
//! JSON; a key as bearer; errors as [`Problem`]s. Every route is in the OpenAPI document, which is made from this code
//! and stands at `/api/v1/openapi.json`.

mod articles;
mod books;
mod caller;
mod editions;
mod idempotent;
mod memory;
mod operator;
mod take;
mod views;

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::{Json, Router, middleware};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Problem;
use crate::App;

/// Bytes of a request.
const BODY: usize = 32 << 20;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Edisi: the newsroom",
        description = "Articles in, editions out. Send a key as `Authorization: Bearer edisi_…`. Errors are RFC 9457 \
                       problems. Rows that people change carry a version: send the one you saw; when somebody else was \
                       faster the answer is 409 with `current_version`. POST takes an `Idempotency-Key`.",
        license(name = "MIT OR Apache-2.0")
    ),
    modifiers(&Keys),
    security(("key" = []))
)]
struct Document;

struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme("key", SecurityScheme::Http(scheme));
    }
}

fn build() -> OpenApiRouter<App> {
    let routes = OpenApiRouter::new()
        .routes(routes!(articles::list, articles::send))
        .routes(routes!(articles::get, articles::delete))
        .routes(routes!(articles::revisions))
        .routes(routes!(articles::revision))
        .routes(routes!(articles::editions, articles::translate))
        .routes(routes!(articles::withdraw))
        .routes(routes!(editions::queue))
        .routes(routes!(editions::get))
        .routes(routes!(editions::approve))
        .routes(routes!(editions::reject))
        .routes(routes!(editions::publish))
        .routes(routes!(editions::accept_clean))
        .routes(routes!(editions::act))
        .routes(routes!(editions::check))
        .routes(routes!(books::get, books::put))
        .routes(routes!(memory::count))
        .routes(routes!(memory::export, memory::import))
        .routes(routes!(operator::sources, operator::add_source))
        .routes(routes!(operator::change_source, operator::remove_source))
        .routes(routes!(operator::webhooks, operator::add_webhook))
        .routes(routes!(operator::remove_webhook))
        .routes(routes!(operator::jobs))
        .routes(routes!(operator::unpark))
        .routes(routes!(operator::tokens, operator::add_token))
        .routes(routes!(operator::revoke_token))
        .routes(routes!(operator::audit));
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", routes)
}

/// The OpenAPI document of these routes.
pub fn document() -> utoipa::openapi::OpenApi {
    build().split_for_parts().1
}

pub(super) fn routes() -> Router<App> {
    let (router, document) = build().split_for_parts();
    let keep = idempotent::Kept::default();
    router
        .route("/api/v1/openapi.json", get(move || async move { Json(document) }))
        .route("/api/v1/{*rest}", axum::routing::any(nothing))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn_with_state(keep, idempotent::once))
}

async fn nothing() -> Problem {
    Problem::not_found("there is no such address; /api/v1/openapi.json lists those there are")
}
