//! Reading a backup into an empty database.

use std::path::Path;

use serde_json::Value;
use sqlx::{AnyConnection, AssertSqlSafe};
use tokio::sync::mpsc;

use super::file::{Reading, hex};
use super::tables::{Holds, TABLES, Table, names};
use super::{BackupSummary, FORMAT, Header, TableHeader, Trailer, VERSION, bad};
use crate::StoreError;
use crate::store::open::SCHEMA;
use crate::store::{Result, Store};

/// Rows that are handed over, and written with one statement.
const BATCH: usize = 50;
/// A batch ends early at about this many bytes.
const BATCH_BYTES: usize = 256 * 1024;

struct Batch {
    table: &'static Table,
    rows: Vec<Vec<Value>>,
}

pub(super) async fn restore(store: &Store, file: &Path) -> Result<BackupSummary> {
    let mut write = store.write().await?;
    for table in TABLES {
        let sql = format!("SELECT 1 AS n FROM {} LIMIT 1", table.name);
        if sqlx::query(AssertSqlSafe(sql)).fetch_optional(write.conn()).await?.is_some() {
            return Err(bad(format!(
                "the database is in use (there are {}); restore into a new one",
                table.name
            )));
        }
    }
    let (batches, mut coming) = mpsc::channel(4);
    let file = file.to_owned();
    let reader = tokio::task::spawn_blocking(move || read(&file, &batches));
    let mut failed = None;
    while let Some(batch) = coming.recv().await {
        if let Err(error) = insert(write.conn(), &batch).await {
            failed = Some(error);
            break;
        }
    }
    drop(coming);
    let summary = reader.await.map_err(bad)?;
    match (failed, summary) {
        (Some(StoreError::Database(error)), _) => Err(bad(format!("a row does not fit: {error}"))),
        (Some(error), _) => Err(error),
        (None, summary) => {
            let summary = summary?;
            write.commit().await?;
            Ok(summary)
        }
    }
}

async fn insert(conn: &mut AnyConnection, batch: &Batch) -> Result<()> {
    let columns: Vec<(&str, Holds)> = batch.table.columns().collect();
    let tuple = |row: usize| {
        let at: Vec<String> =
            (1..=columns.len()).map(|column| format!("${}", row * columns.len() + column)).collect();
        format!("({})", at.join(", "))
    };
    let sql = format!(
        "INSERT INTO {} ({}) VALUES {}",
        batch.table.name,
        names(batch.table).join(", "),
        (0..batch.rows.len()).map(tuple).collect::<Vec<_>>().join(", ")
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for row in &batch.rows {
        for (value, (_, holds)) in row.iter().zip(&columns) {
            query = match holds {
                Holds::Text => query.bind(value.as_str().map(String::from)),
                Holds::Int => query.bind(value.as_i64()),
            };
        }
    }
    query.execute(conn).await?;
    Ok(())
}

/// Reads the file, and sends its rows before it has seen whether the file is whole.
fn read(file: &Path, batches: &mpsc::Sender<Batch>) -> Result<BackupSummary> {
    let mut reading = Reading::begin(file)?;
    let schema = {
        let first = reading.next()?.ok_or_else(|| bad("the file is empty"))?;
        header(first.0)?
    };
    let mut counts: Vec<(String, u64)> = Vec::new();
    let mut batch: Option<Batch> = None;
    let mut bytes = 0;
    loop {
        let Some((line, hash)) = reading.next()? else { return Err(bad("the file is cut off")) };
        if line.first() == Some(&b'[') {
            let Some(current) = &mut batch else { return Err(bad("a row comes before its table")) };
            bytes += line.len();
            current.rows.push(row(line, current.table)?);
            if let Some((_, count)) = counts.last_mut() {
                *count += 1;
            }
            if current.rows.len() >= BATCH || bytes >= BATCH_BYTES {
                let full = Batch { table: current.table, rows: std::mem::take(&mut current.rows) };
                bytes = 0;
                send(batches, full)?;
            }
            continue;
        }
        if let Some(last) = batch.take().filter(|batch| !batch.rows.is_empty()) {
            send(batches, last)?;
        }
        if let Ok(trailer) = serde_json::from_slice::<Trailer>(line) {
            if trailer.sha256 != hex(hash) || trailer.rows != counts {
                return Err(bad("the file was altered: its rows are not those it says it has"));
            }
            if counts.len() != TABLES.len() || reading.next()?.is_some() {
                return Err(bad("the file was altered: it has not the tables it should have"));
            }
            return Ok(BackupSummary { schema, rows: counts });
        }
        let table = table(line, counts.len())?;
        counts.push((table.name.to_owned(), 0));
        batch = Some(Batch { table, rows: Vec::new() });
    }
}

fn send(batches: &mpsc::Sender<Batch>, batch: Batch) -> Result<()> {
    batches.blocking_send(batch).map_err(|_| bad("the database gave up"))
}

/// The schema it is of.
fn header(line: &[u8]) -> Result<i64> {
    let header: Header =
        serde_json::from_slice(line).map_err(|_| bad("this is not a file that `edisi backup` wrote"))?;
    if header.format != FORMAT {
        return Err(bad("this is not a file that `edisi backup` wrote"));
    }
    if header.version > VERSION || header.schema > SCHEMA {
        return Err(StoreError::TooNew { found: header.schema.max(header.version), known: SCHEMA });
    }
    Ok(header.schema)
}

/// The table that a line announces; the `number`th there is.
fn table(line: &[u8], number: usize) -> Result<&'static Table> {
    let header: TableHeader =
        serde_json::from_slice(line).map_err(|e| bad(format!("the file was altered: {e}")))?;
    TABLES
        .get(number)
        .filter(|table| table.name == header.table && names(table) == header.columns)
        .ok_or_else(|| bad(format!("the file was altered: `{}` is not the table it should be", header.table)))
}

fn row(line: &[u8], table: &Table) -> Result<Vec<Value>> {
    let row: Vec<Value> =
        serde_json::from_slice(line).map_err(|e| bad(format!("the file was altered: {e}")))?;
    let fits = |(value, (_, holds)): (&Value, (&str, Holds))| match holds {
        Holds::Text => value.is_string() || value.is_null(),
        Holds::Int => value.is_i64() || value.is_null(),
    };
    if row.len() == table.columns().count() && row.iter().zip(table.columns()).all(fits) {
        Ok(row)
    } else {
        Err(bad(format!("the file was altered: a row of {} does not fit", table.name)))
    }
}
