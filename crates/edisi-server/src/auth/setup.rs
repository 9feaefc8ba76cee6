//! The first administrator of an empty newsroom, by a link that works once.

use edisi_store::{Effects, Role, Store, StoreError, User};
use serde::{Deserialize, Serialize};

use super::people::{self, PeopleError};
use super::secret;
use crate::App;

/// The name of the setting that keeps the link's hash.
const KEY: &str = "setup";

#[derive(Debug, Serialize, Deserialize)]
struct Pending {
    hash: String,
}

/// Why the link does not work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// It is another link, or was used.
    #[error("this link is not valid, or was used; sign in, or start the server again for a new one")]
    Invalid,
    /// The user cannot be made.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A link by which whoever has it becomes the first administrator; `None` when there are users. For the server to print
/// when it starts: earlier links end.
///
/// # Errors
/// When the store fails.
pub async fn link(app: &App) -> Result<Option<String>, StoreError> {
    let store = app.newsroom.store();
    if !store.users().await?.is_empty() {
        return Ok(None);
    }
    let name = secret::random();
    store.set_setting(KEY, &Some(Pending { hash: secret::hash(&name) }), Effects::default()).await?;
    let settings = app.newsroom.settings();
    let base = if settings.base_url.is_empty() { &*app.local_url } else { settings.base_url.as_str() };
    Ok(Some(format!("{base}/desk/setup?token={name}")))
}

/// Whether `token` is the link's, and nobody has used it.
///
/// # Errors
/// When the store fails.
pub async fn is_valid(store: &Store, token: &str) -> Result<bool, StoreError> {
    let pending: Option<Pending> = store.setting::<Option<Pending>>(KEY).await?.flatten();
    let right = pending.is_some_and(|p| secret::same(&p.hash, &secret::hash(token)));
    Ok(right && store.users().await?.is_empty())
}

/// Makes the first administrator.
///
/// # Errors
/// When the link is not valid, or login or password cannot be used.
pub async fn finish(
    store: &Store,
    token: &str,
    login: &str,
    name: &str,
    password: &str,
) -> Result<User, SetupError> {
    // Two who follow the same link at once: the second finds a user.
    static ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _one = ONE.lock().await;
    if !is_valid(store, token).await? {
        return Err(SetupError::Invalid);
    }
    let user = people::add(store, login, name, Role::Admin, password, "setup").await?;
    store.set_setting(KEY, &None::<Pending>, Effects::default()).await?;
    Ok(user)
}
