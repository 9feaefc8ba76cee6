//! Edisi as a running service for a newsroom.
//!
//! | module | does |
//! |---|---|
//! | [`settings`] | what a newsroom decides: languages, addresses, what is published without an editor |
//! | [`newsroom`] | what happens to articles and editions: taking in, making, reviewing, publishing, correcting |
//! | [`worker`] | runs the jobs that those leave behind |
//! | [`events`] | tells whoever watches what changes |
//! | [`auth`] | who is asking, and what they may do |
//! | [`desk`] | the editors' pages |
//! | [`site`] | the readers' pages and feeds |
//! | [`api`] | LibreTranslate's API, the newsroom's own, metrics and health |
//! | [`watch`] | looks at feeds, sitemaps and folders for new articles |
//!
//! HTTP is known to `auth`, `desk`, `site` and `api` only; SQL to nobody here.

pub mod api;
pub mod auth;
pub mod desk;
pub mod events;
pub mod newsroom;
pub mod serve;
pub mod settings;
pub mod site;
mod state;
#[cfg(feature = "testing")]
pub mod testing;
pub mod watch;
pub mod webhook;
pub mod worker;

pub use newsroom::{Newsroom, NewsroomError};
pub use serve::{Listening, Options, ServeError, serve};
pub use settings::{PublishMode, Settings};
pub use state::App;
