use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Id;

/// What a user may do. Each may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Read drafts.
    Reader,
    /// Change, approve and publish editions.
    Editor,
    /// Users, tokens, sources, settings.
    Admin,
}

/// A person who works at the desk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// What they are called inside.
    pub id: Id,
    /// What they sign in with; lower case, unique.
    pub login: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Argon2id, in PHC string form.
    #[serde(skip)]
    pub password_hash: String,
    /// Whether they may not sign in any more.
    pub disabled: bool,
    /// Since when.
    pub created: Timestamp,
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// SHA-256 of its cookie, hexadecimal.
    pub hash: String,
    /// Whose it is.
    pub user: Id,
    /// What forms must bring along.
    pub csrf: String,
    /// Since when.
    pub created: Timestamp,
    /// Until when.
    pub expires: Timestamp,
}

/// A key for programs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApiToken {
    /// What it is called inside.
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// SHA-256 of the key, hexadecimal.
    #[serde(skip)]
    pub hash: String,
    /// What it may do: `translate`, `articles:read`, `articles:write`, `editions:write`, `admin`.
    pub scopes: Vec<String>,
    /// Who made it.
    pub user: Id,
    /// When.
    pub created: Timestamp,
    /// Until when.
    pub expires: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub used: Option<Timestamp>,
    /// Whether it was taken back.
    pub revoked: bool,
}
