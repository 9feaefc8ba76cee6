//! Requests to the site.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, LOCATION, VARY};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, Uri};
use axum::routing::get;
use axum::{Extension, Router};

use super::address::Asked;
use super::live::{Site, SiteError};
use super::{Address, content, negotiate};
use crate::App;

/// The routes. They answer for every path that no other part has.
pub fn routes(site: Arc<Site>) -> Router<App> {
    Router::new()
        .route("/", get(page))
        .route("/{lang}", get(page))
        .route("/{lang}/{*page}", get(page))
        .route("/{lang}/", get(page))
        .layer(Extension(site))
}

async fn page(
    State(app): State<App>,
    Extension(site): Extension<Arc<Site>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let settings = app.newsroom.settings();
    let (state, shown) = match site.shown(app.newsroom.store(), &settings, &app.local_url).await {
        Ok(shown) => shown,
        Err(error) => {
            tracing::error!(%error, "the site cannot be read");
            return status(StatusCode::SERVICE_UNAVAILABLE);
        }
    };
    let path = |address: &Address| shown.frame("").path(&address.path());
    let address = match Address::read(uri.path()) {
        Some(Asked::For(address)) => address,
        Some(Asked::Moved(address)) => return redirect(StatusCode::MOVED_PERMANENTLY, &path(&address)),
        Some(Asked::InReadersLanguage(choice)) => {
            let wanted: Vec<&str> =
                headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|v| v.to_str().ok()).collect();
            let lang = negotiate::choose(Some(&wanted.join(",")), &shown.langs).unwrap_or(settings.lang);
            let mut response = redirect(StatusCode::FOUND, &path(&choice.in_lang(lang)));
            response.headers_mut().insert(VARY, HeaderValue::from_static("accept-language"));
            return response;
        }
        None => {
            return match content::nowhere(site.renderer(), &shown) {
                Ok(page) => page.answer(&headers),
                Err(error) => failed(&SiteError::from(error), &site, &shown, settings.lang, &headers),
            };
        }
    };
    match site.page(app.newsroom.store(), state, &shown, &address).await {
        Ok(page) => page.answer(&headers),
        Err(error) => failed(&error, &site, &shown, address.lang().unwrap_or(settings.lang), &headers),
    }
}

fn failed(
    error: &SiteError,
    site: &Site,
    shown: &super::Shown,
    lang: edisi_text::Lang,
    headers: &HeaderMap,
) -> Response<Body> {
    tracing::error!(%error, "a page cannot be made");
    match content::failed(site.renderer(), shown, lang) {
        Ok(page) => page.answer(headers),
        Err(_) => status(StatusCode::SERVICE_UNAVAILABLE),
    }
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn redirect(code: StatusCode, to: &str) -> Response<Body> {
    let Ok(to) = HeaderValue::from_str(to) else { return status(StatusCode::NOT_FOUND) };
    let mut response = status(code);
    response.headers_mut().insert(LOCATION, to);
    let keep = "public, max-age=0, must-revalidate";
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}
