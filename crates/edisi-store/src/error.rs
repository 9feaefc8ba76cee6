/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such row.
    #[error("there is no {what} `{key}`")]
    NotFound {
        /// What was looked for: `article`, `segment`.
        what: &'static str,
        /// How it was called.
        key: String,
    },
    /// Somebody changed the row in between.
    #[error("the {what} was changed by somebody else (it is at version {current}); load it again")]
    Conflict {
        /// What was to be changed.
        what: &'static str,
        /// The version it has now.
        current: i64,
    },
    /// A name that must be unique is taken.
    #[error("there is already a {what} `{key}`")]
    Taken {
        /// What was to be made.
        what: &'static str,
        /// The name.
        key: String,
    },
    /// The database was made by a newer Edisi.
    #[error("the database has schema version {found}, this Edisi knows up to {known}; install a newer Edisi")]
    TooNew {
        /// What the database has.
        found: i64,
        /// What this program knows.
        known: i64,
    },
    /// A row holds what this program cannot read.
    #[error("a row of {table} is damaged: {problem}; restore a backup with `edisi restore`")]
    Damaged {
        /// The table.
        table: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// The database cannot be opened.
    #[error("cannot open the database {database}: {problem}")]
    Open {
        /// Where it is, without its password.
        database: String,
        /// What is wrong.
        problem: String,
    },
    /// A backup cannot be written or read.
    #[error("backup: {0}")]
    Backup(String),
    /// The database did not answer as it should.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
}
