//! What a newsroom keeps, in one database: SQLite by default, PostgreSQL with the same tables and the same tests.
//!
//! [`Store`] is the way in. Every change that has consequences takes [`Effects`]: the jobs it asks for and the lines it
//! writes into the audit log, committed with it or not at all, so that a program killed at any moment has neither lost
//! work nor done it twice. Rows that people change carry a `version`; a change names the version it was made on and is
//! refused as a [`StoreError::Conflict`] when somebody else was faster.
//!
//! The SQL is the same for both databases and stays in `store/`; tables are in `migrations/`.
//!
//! Times are UTC, to the millisecond. Texts are UTF-8. Spans in findings are byte ranges into the segment's texts.

mod error;
mod id;
mod record;
mod store;

pub use error::StoreError;
pub use id::Id;
pub use record::*;
pub use store::{BackupSummary, Store};
