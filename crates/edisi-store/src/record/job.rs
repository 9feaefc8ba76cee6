use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Id;

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    /// Waiting for its time and a worker.
    Queued,
    /// With a worker, until its lease runs out.
    Running,
    /// Done.
    Done,
    /// Given up after too many tries; an operator may set it going again.
    Parked,
}

/// Work to be done in the background.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// What to do: `translate`, `publish`, `poll`, `webhook`.
    pub kind: &'static str,
    /// At most one job of this kind and key is queued or running; asking for another changes nothing but makes a
    /// queued one due no later than asked.
    pub key: String,
    /// What the worker needs to know.
    pub payload: Value,
    /// Not before this.
    pub due: Timestamp,
    /// Tries before it is parked.
    pub max_attempts: i64,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// What it is called.
    pub id: Id,
    /// What to do.
    pub kind: String,
    /// See [`NewJob::key`].
    pub key: String,
    /// What the worker needs to know.
    pub payload: Value,
    /// How it stands.
    pub state: JobState,
    /// Tries begun, this one included.
    pub attempts: i64,
    /// Tries before it is parked.
    pub max_attempts: i64,
    /// Not before this.
    pub due: Timestamp,
    /// Until when its worker has it.
    pub leased_until: Option<Timestamp>,
    /// Why the last try failed.
    pub error: Option<String>,
    /// When it was asked for.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
}

/// What a change brings with it, committed with it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effects {
    /// Work it asks for.
    pub jobs: Vec<NewJob>,
    /// What is written into the audit log.
    pub audit: Vec<NewAudit>,
}

impl From<NewAudit> for Effects {
    fn from(line: NewAudit) -> Effects {
        Effects { jobs: Vec::new(), audit: vec![line] }
    }
}

/// A line for the audit log.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAudit {
    /// Who: a user's login, a token's name, or `edisi` itself.
    pub actor: String,
    /// What: `article.created`, `edition.approved`.
    pub action: &'static str,
    /// On what: `article/ID`.
    pub object: String,
    /// What else there is to know.
    pub details: Value,
}

/// A line of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditRow {
    /// What it is called.
    pub id: Id,
    /// When.
    pub at: Timestamp,
    /// See [`NewAudit::actor`].
    pub actor: String,
    /// See [`NewAudit::action`].
    pub action: String,
    /// See [`NewAudit::object`].
    pub object: String,
    /// See [`NewAudit::details`].
    pub details: Value,
}
