//! Arguments of `edisi user`.

use clap::{Args, Subcommand, ValueEnum};

use super::Place;

#[derive(Debug, Args)]
pub struct Users {
    #[command(subcommand)]
    pub action: UserAction,
}

#[derive(Debug, Subcommand)]
pub enum UserAction {
    /// Add somebody who may sign in at the desk
    Add(UserAdd),
    /// Give somebody a new password, and end their sessions
    Passwd(UserPasswd),
    /// List who may sign in
    List(UserList),
    /// Keep somebody out, and end their sessions
    Disable(UserWho),
    /// Let somebody in again
    Enable(UserWho),
}

/// What somebody may do; each may what those before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum UserRole {
    /// See drafts
    Reader,
    /// Review, approve and publish editions
    Editor,
    /// Users, keys, sources, settings
    Admin,
}

#[derive(Debug, Args)]
pub struct UserAdd {
    /// What they sign in with
    pub login: String,
    /// Their name; the login when it is not given
    #[arg(long, default_value = "")]
    pub name: String,
    /// What they may do
    #[arg(long, value_enum, default_value = "editor")]
    pub role: UserRole,
    /// Make a password and print it, instead of asking for one
    #[arg(long)]
    pub generate: bool,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Args)]
pub struct UserPasswd {
    /// What they sign in with
    pub login: String,
    /// Make a password and print it, instead of asking for one
    #[arg(long)]
    pub generate: bool,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Args)]
pub struct UserList {
    /// Print one JSON object a user
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Args)]
pub struct UserWho {
    /// What they sign in with
    pub login: String,
    #[command(flatten)]
    pub place: Place,
}
