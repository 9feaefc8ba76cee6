//! Who is asking, and what they may do.
//!
//! People sign in with a password ([`password`]) and get a [`session`], which [`guard`] finds again in their cookie; forms
//! bring a token of the session along. Wrong passwords cost time ([`throttle`]). The first administrator comes from the
//! command line or from a link that the server prints while there is nobody ([`setup`]). Programs bring a key ([`token`])
//! and are kept to a rate ([`limit`]).

pub mod guard;
pub mod limit;
pub mod password;
pub mod people;
pub mod secret;
pub mod session;
pub mod setup;
pub mod throttle;
pub mod token;

pub use guard::{Admin, Editor, Reader, Refusal, SignedIn};
