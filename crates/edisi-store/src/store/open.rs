//! Opening a database and bringing it up to date.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, AnyPool, Connection, SqlSafeStr};
use tokio::sync::Mutex;

use super::{Kind, Result, Store};
use crate::StoreError;

/// The schema, step by step; the version of a database is the number of its last step.
const STEPS: &[(i64, &str, &str)] = &[(1, "newsroom", include_str!("../../migrations/0001_newsroom.sql"))];

/// The schema this program has.
pub(super) const SCHEMA: i64 = STEPS[STEPS.len() - 1].0;

const WAIT: Duration = Duration::from_secs(30);

impl Store {
    /// Opens the database at `url`, bringing it up to this program's schema: `sqlite:PATH` (made when it is not there,
    /// for its owner only) or `postgres://…`.
    ///
    /// # Errors
    /// When there is no such database, or a newer Edisi made it.
    pub async fn open(url: &str) -> Result<Store> {
        sqlx::any::install_default_drivers();
        let (kind, pool) = match url.strip_prefix("sqlite:") {
            Some(path) => (Kind::Sqlite, connect_sqlite(path.strip_prefix("//").unwrap_or(path)).await),
            None if url.starts_with("postgres:") || url.starts_with("postgresql:") => {
                (Kind::Postgres, connect_postgres(url).await)
            }
            None => {
                let problem = "its address should begin with `sqlite:` or `postgres://`".into();
                return Err(StoreError::Open { database: redacted(url), problem });
            }
        };
        let store = Store { pool: pool?, kind, gate: Arc::new(Mutex::new(())) };
        store.migrate().await?;
        Ok(store)
    }

    async fn migrate(&self) -> Result<()> {
        let steps = STEPS.iter().map(|&(version, name, sql)| {
            Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql.into_sql_str(), false)
        });
        match Migrator::with_migrations(steps.collect()).run(&self.pool).await {
            Ok(()) => Ok(()),
            Err(MigrateError::VersionMissing(missing)) => {
                let latest = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations");
                let found: Option<i64> = latest.fetch_one(&mut *self.read().await?).await?;
                Err(StoreError::TooNew { found: found.unwrap_or(missing), known: SCHEMA })
            }
            Err(MigrateError::Execute(e)) => Err(StoreError::Database(e)),
            Err(e) => Err(StoreError::Database(sqlx::Error::Migrate(Box::new(e)))),
        }
    }
}

fn options(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new().max_connections(connections).acquire_timeout(WAIT)
}

async fn connect_postgres(url: &str) -> Result<AnyPool> {
    let failed = |e: sqlx::Error| StoreError::Open { database: redacted(url), problem: e.to_string() };
    // A pool would try again and again, and say only that it took too long.
    let first = AnyConnection::connect(url).await.map_err(failed)?;
    first.close().await.map_err(failed)?;
    options(16).connect(url).await.map_err(failed)
}

async fn connect_sqlite(path: &str) -> Result<AnyPool> {
    let failed = |problem: String| StoreError::Open { database: path.into(), problem };
    if path.is_empty() || path.contains(":memory:") {
        return Err(failed("it should be a file".into()));
    }
    make(Path::new(path)).map_err(|e| failed(e.to_string()))?;
    let whole = std::fs::canonicalize(path).map_err(|e| failed(e.to_string()))?;
    let whole = whole.to_str().ok_or_else(|| failed("its path is not UTF-8".into()))?;
    let pragmas = format!(
        "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864;",
        WAIT.as_millis()
    );
    let url = sqlite_url(whole);
    let first = async {
        let mut first = AnyConnection::connect(&url).await?;
        sqlx::raw_sql(sqlx::AssertSqlSafe(pragmas.clone())).execute(&mut first).await?;
        first.close().await
    };
    first.await.map_err(|e| failed(e.to_string()))?;
    let pool = options(8).test_before_acquire(false).idle_timeout(None).max_lifetime(None).after_connect(
        move |connection, _| {
            let pragmas = sqlx::AssertSqlSafe(pragmas.clone());
            Box::pin(async move { sqlx::raw_sql(pragmas).execute(connection).await.map(drop) })
        },
    );
    pool.connect(&url).await.map_err(|e| failed(e.to_string()))
}

/// Makes the file, if it is not there, so that nobody but its owner can read it; SQLite gives its companions the same
/// rights.
fn make(path: &Path) -> std::io::Result<()> {
    let mut how = std::fs::OpenOptions::new();
    how.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut how, 0o600);
    how.open(path).map(drop)
}

fn sqlite_url(path: &str) -> String {
    let mut url = String::from("sqlite://");
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => url.push(char::from(byte)),
            _ => {
                let _ = write!(url, "%{byte:02X}");
            }
        }
    }
    url
}

/// The address as it may stand in a message.
fn redacted(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let host = rest[..end].rsplit_once('@').map_or(&rest[..end], |(_, host)| host);
    let path = rest[end..].split('?').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        assert_eq!(redacted("postgres://u:geheim@db:5432/kabar?sslmode=x"), "postgres://db:5432/kabar");
        assert_eq!(redacted("postgres://db/kabar?password=geheim"), "postgres://db/kabar");
        assert_eq!(redacted("mysql:x"), "mysql:x");
    }

    #[test]
    fn paths_survive_as_addresses() {
        assert_eq!(sqlite_url("/a b/#1?/50%.db"), "sqlite:///a%20b/%231%3F/50%25.db");
    }
}
