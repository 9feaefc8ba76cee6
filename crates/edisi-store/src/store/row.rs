//! How values stand in the tables.

use std::str::FromStr;

use edisi_text::Lang;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{Any, Decode, Row as _, Type};

use super::Result;
use crate::{Id, StoreError};

/// A row of a table, read column by column.
#[derive(Clone, Copy)]
pub(super) struct Row<'r> {
    row: &'r AnyRow,
    table: &'static str,
    prefix: &'static str,
}

impl<'r> Row<'r> {
    pub(super) fn new(table: &'static str, row: &'r AnyRow) -> Row<'r> {
        Row { row, table, prefix: "" }
    }

    /// The same row, of whose columns those are meant whose names begin with `prefix`.
    pub(super) fn part(self, table: &'static str, prefix: &'static str) -> Row<'r> {
        Row { row: self.row, table, prefix }
    }

    fn damaged(&self, column: &str, problem: impl std::fmt::Display) -> StoreError {
        StoreError::Damaged { table: self.table, problem: format!("{column}: {problem}") }
    }

    fn get<T: Decode<'r, Any> + Type<Any>>(&self, column: &str) -> Result<T> {
        let name = format!("{}{column}", self.prefix);
        self.row.try_get(name.as_str()).map_err(|e| self.damaged(column, e))
    }

    pub(super) fn text(&self, column: &str) -> Result<String> {
        self.get(column)
    }

    pub(super) fn opt_text(&self, column: &str) -> Result<Option<String>> {
        self.get(column)
    }

    pub(super) fn int(&self, column: &str) -> Result<i64> {
        self.get(column)
    }

    pub(super) fn flag(&self, column: &str) -> Result<bool> {
        Ok(self.int(column)? != 0)
    }

    pub(super) fn parsed<T: FromStr<Err: std::fmt::Display>>(&self, column: &str) -> Result<T> {
        self.text(column)?.parse().map_err(|e| self.damaged(column, e))
    }

    pub(super) fn opt_parsed<T: FromStr<Err: std::fmt::Display>>(&self, column: &str) -> Result<Option<T>> {
        self.opt_text(column)?.map(|t| t.parse().map_err(|e| self.damaged(column, e))).transpose()
    }

    pub(super) fn id(&self, column: &str) -> Result<Id> {
        self.parsed(column)
    }

    pub(super) fn lang(&self, column: &str) -> Result<Lang> {
        self.parsed(column)
    }

    pub(super) fn time(&self, column: &str) -> Result<Timestamp> {
        Timestamp::from_millisecond(self.int(column)?).map_err(|e| self.damaged(column, e))
    }

    pub(super) fn opt_time(&self, column: &str) -> Result<Option<Timestamp>> {
        let at: Option<i64> = self.get(column)?;
        at.map(|at| Timestamp::from_millisecond(at).map_err(|e| self.damaged(column, e))).transpose()
    }

    pub(super) fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        serde_json::from_str(&self.text(column)?).map_err(|e| self.damaged(column, e))
    }

    pub(super) fn opt_json<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>> {
        let text = self.opt_text(column)?;
        text.map(|t| serde_json::from_str(&t).map_err(|e| self.damaged(column, e))).transpose()
    }

    /// One of an enum's names.
    pub(super) fn word<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        serde_json::from_value(Value::String(self.text(column)?)).map_err(|e| self.damaged(column, e))
    }

    pub(super) fn opt_word<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>> {
        let word = self.opt_text(column)?.map(Value::String);
        word.map(|w| serde_json::from_value(w).map_err(|e| self.damaged(column, e))).transpose()
    }
}

pub(super) fn ms(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// `value` as JSON.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::Database(sqlx::Error::Encode(e.into())))
}

pub(super) fn opt_json<T: Serialize>(value: Option<&T>) -> Result<Option<String>> {
    value.map(json).transpose()
}

/// The name of an enum's value.
pub(super) fn word<T: Serialize>(value: T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        Ok(other) => Err(StoreError::Database(sqlx::Error::Encode(format!("{other} is no word").into()))),
        Err(e) => Err(StoreError::Database(sqlx::Error::Encode(e.into()))),
    }
}

/// A text as both databases can hold it: PostgreSQL has no place for U+0000.
pub(super) fn plain(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// Puts one error in place of that of a name that must be unique.
pub(super) fn taken(what: &'static str, key: &str) -> impl FnOnce(sqlx::Error) -> StoreError {
    let key = key.to_owned();
    move |error| match &error {
        sqlx::Error::Database(e) if e.is_unique_violation() => StoreError::Taken { what, key },
        _ => StoreError::Database(error),
    }
}

/// There is none, or here it is.
pub(super) fn found<T>(row: Option<T>, what: &'static str, key: impl std::fmt::Display) -> Result<T> {
    row.ok_or_else(|| StoreError::NotFound { what, key: key.to_string() })
}
