//! Keys for programs.
//!
//! A key is shown once, when it is made; the store has its SHA-256 only. What a program may do is said by the scopes of
//! its key, and by the role of the user who made it: a key of somebody who may not sign in any more opens nothing.

use axum::http::{HeaderMap, header};
use edisi_store::{ApiToken, Role, Store, StoreError, User};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::secret;
use crate::newsroom::Editor;

/// What all keys begin with, so that those who scan for lost secrets know them.
pub const PREFIX: &str = "edisi_";

/// What a key may be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Scope {
    /// Translate texts that are kept nowhere.
    #[serde(rename = "translate")]
    Translate,
    /// Read articles and editions.
    #[serde(rename = "articles:read")]
    ArticlesRead,
    /// Send and delete articles.
    #[serde(rename = "articles:write")]
    ArticlesWrite,
    /// Change, approve and publish editions; change glossary, names and memory.
    #[serde(rename = "editions:write")]
    EditionsWrite,
    /// Sources, webhooks, keys, jobs; and all the others.
    #[serde(rename = "admin")]
    Admin,
}

impl Scope {
    /// All there are.
    pub const ALL: [Scope; 5] =
        [Scope::Translate, Scope::ArticlesRead, Scope::ArticlesWrite, Scope::EditionsWrite, Scope::Admin];

    /// Its name in keys.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Translate => "translate",
            Scope::ArticlesRead => "articles:read",
            Scope::ArticlesWrite => "articles:write",
            Scope::EditionsWrite => "editions:write",
            Scope::Admin => "admin",
        }
    }

    /// What the user who made a key must be for it.
    pub fn role(self) -> Role {
        match self {
            Scope::Translate | Scope::ArticlesRead => Role::Reader,
            Scope::ArticlesWrite | Scope::EditionsWrite => Role::Editor,
            Scope::Admin => Role::Admin,
        }
    }
}

/// A new key and what the store keeps of it.
///
/// # Panics
/// When the system has no randomness.
pub fn generate() -> (String, String) {
    let key = format!("{PREFIX}{}", secret::random());
    let hash = secret::hash(&key);
    (key, hash)
}

/// The key of a request: `Authorization: Bearer edisi_…`.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim()).filter(|key| !key.is_empty())
}

/// A program that has shown a key that is good.
#[derive(Debug, Clone)]
pub struct Program {
    /// Its key.
    pub token: ApiToken,
    /// Whose it is.
    pub user: User,
}

impl Program {
    /// The program with this key; `None` when the key is none, or nobody's who may sign in.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn of(store: &Store, key: &str) -> Result<Option<Program>, StoreError> {
        if !key.starts_with(PREFIX) || key.len() > 128 {
            return Ok(None);
        }
        let Some(token) = store.token(&secret::hash(key), Timestamp::now()).await? else { return Ok(None) };
        match store.user(token.user).await {
            Ok(user) if !user.disabled => Ok(Some(Program { token, user })),
            Ok(_) | Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether it may do this.
    pub fn may(&self, scope: Scope) -> bool {
        let has = |scope: Scope| self.token.scopes.iter().any(|s| s == scope.name());
        let named = has(scope)
            || has(Scope::Admin) && self.user.role >= Role::Admin
            // Who may write an edition has read it.
            || scope == Scope::ArticlesRead && (has(Scope::ArticlesWrite) || has(Scope::EditionsWrite));
        named && self.user.role >= scope.role()
    }

    /// Who it is to the audit log.
    pub fn actor(&self) -> String {
        format!("{} ({})", self.user.login, self.token.name)
    }

    /// The editor it works for.
    pub fn editor(&self) -> Editor {
        Editor { user: self.user.id, login: self.actor(), name: self.user.name.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_long_different_and_known_by_their_hash() {
        let ((a, hash_a), (b, _)) = (generate(), generate());
        assert_ne!(a, b);
        assert_eq!((a.len(), a.starts_with(PREFIX)), (PREFIX.len() + 64, true));
        assert_eq!(secret::hash(&a), hash_a);
        assert_eq!(secret::hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_bearer_is_read() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(of("Bearer edisi_1").as_deref(), Some("edisi_1"));
        assert_eq!(of("bearer  edisi_1 ").as_deref(), Some("edisi_1"));
        for bad in ["Basic abc", "Bearer", "Bearer ", "edisi_1"] {
            assert_eq!(of(bad), None, "{bad}");
        }
    }
}
