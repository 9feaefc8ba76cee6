//! Writing a backup.

use std::path::Path;

use futures_util::TryStreamExt;
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};
use tokio::sync::mpsc;

use super::file::Making;
use super::tables::{Holds, TABLES, Table, names};
use super::{BackupSummary, FORMAT, Header, TableHeader, Trailer, VERSION, bad};
use crate::store::open::SCHEMA;
use crate::store::{Kind, Result, Store, now};

/// Lines are handed to the writer in pieces of about this size.
const PIECE: usize = 64 * 1024;

pub(super) async fn backup(store: &Store, file: &Path) -> Result<BackupSummary> {
    let mut making = Making::begin(file)?;
    let (pieces, mut waiting) = mpsc::channel::<Vec<u8>>(4);
    let writer = tokio::task::spawn_blocking(move || {
        while let Some(piece) = waiting.blocking_recv() {
            making.write(&piece)?;
        }
        Ok(making)
    });
    let rows = send(store, pieces).await;
    // The writer's error is the reason why sending failed, if it has one.
    let making: Result<Making> = writer.await.map_err(bad)?;
    let (mut making, rows) = (making?, rows?);
    let trailer = Trailer { end: true, rows: rows.clone(), sha256: making.hash() };
    let trailer = line(&trailer)?;
    tokio::task::spawn_blocking(move || {
        making.write(&trailer)?;
        making.finish()
    })
    .await
    .map_err(bad)??;
    Ok(BackupSummary { schema: SCHEMA, rows })
}

/// Sends all but the last line, from one state of the database.
async fn send(store: &Store, pieces: mpsc::Sender<Vec<u8>>) -> Result<Vec<(String, u64)>> {
    let mut snapshot = match store.kind {
        // In WAL mode a transaction sees the state of its first read.
        Kind::Sqlite => store.pool.begin().await?,
        Kind::Postgres => store.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?,
    };
    let made = now().to_string();
    let mut piece = line(&Header { format: FORMAT.into(), version: VERSION, schema: SCHEMA, made })?;
    let mut counts = Vec::new();
    for table in TABLES {
        let columns = names(table).into_iter().map(String::from).collect();
        piece.extend(line(&TableHeader { table: table.name.into(), columns })?);
        counts.push((table.name.to_owned(), send_table(&mut snapshot, table, &mut piece, &pieces).await?));
    }
    pieces.send(piece).await.map_err(|_| bad("the writer gave up"))?;
    Ok(counts)
}

async fn send_table(
    snapshot: &mut Transaction<'static, Any>,
    table: &Table,
    piece: &mut Vec<u8>,
    pieces: &mpsc::Sender<Vec<u8>>,
) -> Result<u64> {
    let columns: Vec<(&str, Holds)> = table.columns().collect();
    let sql = format!("SELECT {} FROM {}", names(table).join(", "), table.name);
    let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(&mut **snapshot);
    let mut count = 0;
    while let Some(row) = rows.try_next().await? {
        piece.extend(line(&values(&row, &columns)?)?);
        count += 1;
        if piece.len() >= PIECE {
            pieces.send(std::mem::take(piece)).await.map_err(|_| bad("the writer gave up"))?;
        }
    }
    Ok(count)
}

fn values(row: &AnyRow, columns: &[(&str, Holds)]) -> Result<Vec<Value>> {
    let value = |(at, (_, holds)): (usize, &(&str, Holds))| {
        Ok(match holds {
            Holds::Text => row.try_get::<Option<String>, _>(at)?.map_or(Value::Null, Value::String),
            Holds::Int => row.try_get::<Option<i64>, _>(at)?.map_or(Value::Null, Value::from),
        })
    };
    columns.iter().enumerate().map(value).collect()
}

fn line<T: serde::Serialize>(value: &T) -> Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value).map_err(bad)?;
    line.push(b'\n');
    Ok(line)
}
