use std::path::PathBuf;
use std::sync::Arc;

use crate::newsroom::Newsroom;

/// What every handler can reach.
#[derive(Clone)]
pub struct App {
    /// The newsroom.
    pub newsroom: Newsroom,
    /// The folder everything is in.
    pub data: Arc<PathBuf>,
    /// The address the server listens on, as a base for links while the settings name none: `http://127.0.0.1:8080`.
    pub local_url: Arc<str>,
    /// Whether cookies are for HTTPS only: the base URL of the settings is one.
    pub secure: bool,
}
