//! What can be asked of the store. One file a subject; the SQL is the same for both databases.

mod articles;
mod backup;
mod books;
mod desk;
mod effects;
mod jobs;
mod made;
mod open;
mod people;
mod row;
mod settings;
mod site;
mod sources;

use std::sync::Arc;

use jiff::Timestamp;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

pub use backup::BackupSummary;

use crate::StoreError;

type Result<T> = std::result::Result<T, StoreError>;

/// The newsroom's database. Cheap to clone; clones share connections.
///
/// Reads run side by side. Writes run one after the other, in whichever program they begin: a newsroom has few of
/// them and they are short, and so none ever fails because of another, on either database.
#[derive(Clone)]
pub struct Store {
    pool: AnyPool,
    kind: Kind,
    gate: Arc<Mutex<()>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

/// A transaction that writes, the only one there is. Rolled back when dropped.
struct Write {
    // Dropped in this order: the next writer comes when the transaction has ended.
    transaction: Transaction<'static, Any>,
    _gate: OwnedMutexGuard<()>,
}

impl Write {
    fn conn(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }

    async fn commit(self) -> Result<()> {
        Ok(self.transaction.commit().await?)
    }
}

impl Store {
    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&mut *self.read().await?).await?;
        Ok(())
    }

    /// Waits for open work and closes the connections, of all clones.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    async fn read(&self) -> Result<PoolConnection<Any>> {
        Ok(self.pool.acquire().await?)
    }

    async fn write(&self) -> Result<Write> {
        let gate = self.gate.clone().lock_owned().await;
        let transaction = match self.kind {
            // Taking the write lock at once waits for it; taking it later can fail.
            Kind::Sqlite => self.pool.begin_with("BEGIN IMMEDIATE").await?,
            Kind::Postgres => {
                let mut transaction = self.pool.begin().await?;
                sqlx::query("SELECT pg_advisory_xact_lock(hashtext('edisi:' || current_schema()))")
                    .execute(&mut *transaction)
                    .await?;
                transaction
            }
        };
        Ok(Write { transaction, _gate: gate })
    }
}

/// The time, as finely as the database keeps it.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
