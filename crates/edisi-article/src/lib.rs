//! The article as Edisi's crates hand it to each other: metadata, blocks, findings.
//!
//! This crate knows no page format, no engine and no store; it is what they have in common.

mod article;
mod finding;
mod term;

pub use article::{Article, Block, BlockKind, Image, Link, SCHEMA_VERSION, escape_html};
pub use finding::{Concern, Finding, FindingKind, Fix, Severity, Span};
pub use term::{GlossaryVersion, Term, TermName};
