//! Who asks, and what is asked, with errors as problems.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::{Extension, Json};
use serde::de::DeserializeOwned;

use crate::App;
use crate::api::{Api, Problem};
use crate::auth::limit::{Peer, counted};
use crate::auth::token::{Program, Scope, bearer};

/// A program with a key that is good, within its limits.
pub(super) struct Caller(pub Program);

impl Caller {
    /// Lets it go on when its key is for this.
    pub fn must(&self, scope: Scope) -> Result<(), Problem> {
        if self.0.may(scope) {
            return Ok(());
        }
        let name = scope.name();
        Err(Problem::forbidden(format!(
            "this takes a key with the scope `{name}`, of a user who may do it too"
        )))
    }

    /// Who it is to the audit log.
    pub fn actor(&self) -> String {
        self.0.actor()
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Caller, Problem> {
        let api = Extension::<Arc<Api>>::from_request_parts(parts, app).await.map_err(Problem::internal)?;
        let Ok(peer) = Peer::from_request_parts(parts, app).await;
        let settings = &app.newsroom.settings().api;
        let limits = api.limits(settings);
        let wait = |wait: std::time::Duration| Problem::too_many(wait.as_secs() + 1);
        let key = bearer(&parts.headers).ok_or_else(Problem::unauthorized)?;
        match Program::of(app.newsroom.store(), key).await? {
            Some(program) => {
                limits.key.check(&program.token.id.to_string()).map_err(wait)?;
                Ok(Caller(program))
            }
            None => {
                limits.wrong.check(&counted(peer.client(&parts.headers, &settings.proxies))).map_err(wait)?;
                Err(Problem::unauthorized())
            }
        }
    }
}

/// JSON in the body.
pub(super) struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Problem> {
        let Json(value) = Json::from_request(request, state).await?;
        Ok(Body(value))
    }
}

/// What stands in the path.
pub(super) struct At<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<At<T>, Problem> {
        let Path(value) = Path::from_request_parts(parts, state).await?;
        Ok(At(value))
    }
}

/// The parameters behind the `?`.
pub(super) struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Asked<T>, Problem> {
        let Query(value) = Query::from_request_parts(parts, state).await?;
        Ok(Asked(value))
    }
}
