//! Settings: any value under a name.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::effects::{apply, raise};
use super::row::{Row, json};
use super::{Result, Store};
use crate::Effects;

impl Store {
    /// The value under `name`, if there is one.
    ///
    /// # Errors
    /// `Damaged` when it is not a `T`.
    pub async fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let query = sqlx::query("SELECT value FROM settings WHERE name = $1").bind(name.to_owned());
        let row = query.fetch_optional(&mut *self.read().await?).await?;
        row.map(|row| Row::new("settings", &row).json("value")).transpose()
    }

    /// Puts a value under `name`. Raises the site's version: pages depend on settings.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_setting<T: Serialize + Sync>(
        &self,
        name: &str,
        value: &T,
        effects: Effects,
    ) -> Result<()> {
        let value = json(value)?;
        let mut write = self.write().await?;
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(name.to_owned())
        .bind(value)
        .execute(write.conn())
        .await?;
        raise(write.conn(), "site").await?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }
}
