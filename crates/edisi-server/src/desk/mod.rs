//! The editors' pages, under `/desk`.
//!
//! Pages are rendered here from [templates](../../templates/desk); one script ([`assets`]) makes the editor quick. Without it
//! the same forms work. Everything that changes something is a POST that brings the session's token along, which
//! [`front`](front::front) sees to.

mod account;
mod article;
mod assets;
mod changes;
mod choices;
mod edition;
mod events;
mod form;
mod front;
mod marks;
mod pages;
mod problem;
mod queue;
mod segment;
mod settings;
mod sign;
mod view;
mod words;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Extension, Router, middleware};

use crate::App;
use crate::auth::guard::LARGEST_BODY;
use front::Front;
use pages::Pages;

/// The routes, with their full paths: to be merged, not nested.
///
/// # Panics
/// When a template that is compiled in is wrong.
pub fn routes(app: &App) -> Router<App> {
    let pages = Arc::new(Pages::new());
    let front = Front { app: app.clone(), pages: Arc::clone(&pages) };
    Router::new()
        .route("/desk", get(queue::page))
        .route("/desk/", get(|| async { Redirect::permanent("/desk") }))
        .route("/desk/rows", get(queue::rows))
        .route("/desk/events", get(events::stream))
        .route("/desk/sign-in", get(sign::page).post(sign::sign_in))
        .route("/desk/sign-out", post(sign::sign_out))
        .route("/desk/setup", get(sign::setup_page).post(sign::setup))
        .route("/desk/account", get(account::page).post(account::change))
        .route("/desk/articles", get(article::list))
        .route("/desk/articles/new", get(article::new_page).post(article::create))
        .route("/desk/articles/{id}", get(article::page).post(article::act))
        .route("/desk/articles/{id}/changes", get(article::differences))
        .route("/desk/corrections/{id}", post(article::note))
        .route("/desk/editions/{id}", get(edition::page).post(edition::act))
        .route("/desk/editions/{id}/bar", get(edition::bar))
        .route("/desk/segments/{id}", get(segment::show).post(segment::act))
        .route("/desk/segments/{id}/check", post(segment::check))
        .route("/desk/segments/{id}/history", get(segment::history))
        .merge(settings::routes())
        .route("/desk/assets/{name}", get(assets::asset))
        .route("/desk/{*path}", get(front::nothing).post(front::nothing))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(front, front::front))
        .layer(Extension(pages))
}
