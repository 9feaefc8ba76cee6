//! Users, their sessions, and keys for programs.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::effects::apply;
use super::row::{Row, found, json, ms, plain, taken, word};
use super::{Result, Store};
use crate::{ApiToken, Effects, Id, Session, StoreError, User};

/// Uses of a token within this many milliseconds are noted once.
const NOTED: i64 = 60_000;

impl Store {
    /// Adds a user.
    ///
    /// # Errors
    /// `Taken` when the login is.
    pub async fn create_user(&self, user: &User, effects: Effects) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(
            "INSERT INTO users (id, login, name, role, password_hash, disabled, created)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(user.id.to_string())
        .bind(plain(&user.login))
        .bind(plain(&user.name))
        .bind(word(user.role)?)
        .bind(user.password_hash.clone())
        .bind(i64::from(user.disabled))
        .bind(ms(user.created))
        .execute(write.conn())
        .await
        .map_err(taken("user", &user.login))?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }

    /// Changes all of a user but `created`.
    ///
    /// # Errors
    /// `NotFound`; `Taken` when another has the login.
    pub async fn update_user(&self, user: &User, effects: Effects) -> Result<()> {
        let mut write = self.write().await?;
        let done = sqlx::query(
            "UPDATE users SET login = $2, name = $3, role = $4, password_hash = $5, disabled = $6 WHERE id = $1",
        )
        .bind(user.id.to_string())
        .bind(plain(&user.login))
        .bind(plain(&user.name))
        .bind(word(user.role)?)
        .bind(user.password_hash.clone())
        .bind(i64::from(user.disabled))
        .execute(write.conn())
        .await
        .map_err(taken("user", &user.login))?;
        affected(done.rows_affected(), "user", user.id)?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }

    /// A user.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn user(&self, id: Id) -> Result<User> {
        let query = sqlx::query("SELECT * FROM users WHERE id = $1").bind(id.to_string());
        let row = query.fetch_optional(&mut *self.read().await?).await?;
        user(Row::new("users", &found(row, "user", id)?))
    }

    /// The user who signs in as `login`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn user_by_login(&self, login: &str) -> Result<Option<User>> {
        let query = sqlx::query("SELECT * FROM users WHERE login = $1").bind(plain(login));
        let row = query.fetch_optional(&mut *self.read().await?).await?;
        row.map(|row| user(Row::new("users", &row))).transpose()
    }

    /// All users, by login.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn users(&self) -> Result<Vec<User>> {
        let query = sqlx::query("SELECT * FROM users ORDER BY login");
        let rows = query.fetch_all(&mut *self.read().await?).await?;
        rows.iter().map(|row| user(Row::new("users", row))).collect()
    }

    /// Begins a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_session(&self, session: &Session) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(
            "INSERT INTO sessions (hash, user_id, csrf, created, expires) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(session.hash.clone())
        .bind(session.user.to_string())
        .bind(session.csrf.clone())
        .bind(ms(session.created))
        .bind(ms(session.expires))
        .execute(write.conn())
        .await
        .map_err(taken("session", &session.hash))?;
        write.commit().await
    }

    /// The session and its user, unless it has expired at `now` or the user is disabled.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(&self, hash: &str, now: Timestamp) -> Result<Option<(Session, User)>> {
        let query = sqlx::query(
            "SELECT u.*, s.hash AS s_hash, s.csrf AS s_csrf, s.created AS s_created, s.expires AS s_expires
             FROM sessions s JOIN users u ON u.id = s.user_id
             WHERE s.hash = $1 AND s.expires > $2 AND u.disabled = 0",
        );
        let query = query.bind(plain(hash)).bind(ms(now));
        let Some(row) = query.fetch_optional(&mut *self.read().await?).await? else { return Ok(None) };
        let row = Row::new("users", &row);
        let user = user(row)?;
        let row = row.part("sessions", "s_");
        let session = Session {
            hash: row.text("hash")?,
            user: user.id,
            csrf: row.text("csrf")?,
            created: row.time("created")?,
            expires: row.time("expires")?,
        };
        Ok(Some((session, user)))
    }

    /// Moves the end of a session, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew_session(&self, hash: &str, expires: Timestamp) -> Result<()> {
        let query = sqlx::query("UPDATE sessions SET expires = $1 WHERE hash = $2");
        let mut write = self.write().await?;
        query.bind(ms(expires)).bind(plain(hash)).execute(write.conn()).await?;
        write.commit().await
    }

    /// Ends a session, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_session(&self, hash: &str) -> Result<()> {
        let query = sqlx::query("DELETE FROM sessions WHERE hash = $1").bind(plain(hash));
        self.delete(query).await.map(drop)
    }

    /// Ends all sessions of a user: a new password, a disabled account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_sessions(&self, user: Id) -> Result<()> {
        let query = sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(user.to_string());
        self.delete(query).await.map(drop)
    }

    /// Deletes the sessions that have expired at `now`, and says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64> {
        self.delete(sqlx::query("DELETE FROM sessions WHERE expires <= $1").bind(ms(now))).await
    }

    /// Adds a key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_token(&self, token: &ApiToken, effects: Effects) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(
            "INSERT INTO tokens (id, name, hash, scopes, user_id, created, expires, used, revoked)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(token.id.to_string())
        .bind(plain(&token.name))
        .bind(token.hash.clone())
        .bind(json(&token.scopes)?)
        .bind(token.user.to_string())
        .bind(ms(token.created))
        .bind(token.expires.map(ms))
        .bind(token.used.map(ms))
        .bind(i64::from(token.revoked))
        .execute(write.conn())
        .await
        .map_err(taken("token", &token.name))?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }

    /// All keys, the revoked ones too, in the order they were made.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tokens(&self) -> Result<Vec<ApiToken>> {
        let query = sqlx::query("SELECT * FROM tokens ORDER BY created, id");
        query.fetch_all(&mut *self.read().await?).await?.iter().map(token).collect()
    }

    /// The key with this hash, neither revoked nor expired at `now`, nor its maker disabled; notes the use.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn token(&self, hash: &str, now: Timestamp) -> Result<Option<ApiToken>> {
        let query = sqlx::query(
            "SELECT t.* FROM tokens t JOIN users u ON u.id = t.user_id
             WHERE t.hash = $1 AND t.revoked = 0 AND (t.expires IS NULL OR t.expires > $2) AND u.disabled = 0",
        );
        let query = query.bind(plain(hash)).bind(ms(now));
        let row = query.fetch_optional(&mut *self.read().await?).await?;
        let Some(mut token) = row.as_ref().map(token).transpose()? else { return Ok(None) };
        if token.used.is_none_or(|used| ms(used) + NOTED <= ms(now)) {
            let mut write = self.write().await?;
            let note = sqlx::query("UPDATE tokens SET used = $2 WHERE id = $1");
            note.bind(token.id.to_string()).bind(ms(now)).execute(write.conn()).await?;
            write.commit().await?;
            token.used = Some(now);
        }
        Ok(Some(token))
    }

    /// Takes a key back.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn revoke_token(&self, id: Id, effects: Effects) -> Result<()> {
        let mut write = self.write().await?;
        let query = sqlx::query("UPDATE tokens SET revoked = 1 WHERE id = $1").bind(id.to_string());
        affected(query.execute(write.conn()).await?.rows_affected(), "token", id)?;
        apply(write.conn(), effects).await?;
        write.commit().await
    }

    pub(super) async fn delete(
        &self,
        query: sqlx::query::Query<'_, sqlx::Any, sqlx::any::AnyArguments>,
    ) -> Result<u64> {
        let mut write = self.write().await?;
        let gone = query.execute(write.conn()).await?.rows_affected();
        write.commit().await?;
        Ok(gone)
    }
}

/// The change met a row.
pub(super) fn affected(rows: u64, what: &'static str, key: impl std::fmt::Display) -> Result<()> {
    if rows == 0 { Err(StoreError::NotFound { what, key: key.to_string() }) } else { Ok(()) }
}

fn user(row: Row<'_>) -> Result<User> {
    Ok(User {
        id: row.id("id")?,
        login: row.text("login")?,
        name: row.text("name")?,
        role: row.word("role")?,
        password_hash: row.text("password_hash")?,
        disabled: row.flag("disabled")?,
        created: row.time("created")?,
    })
}

fn token(row: &AnyRow) -> Result<ApiToken> {
    let row = Row::new("tokens", row);
    Ok(ApiToken {
        id: row.id("id")?,
        name: row.text("name")?,
        hash: row.text("hash")?,
        scopes: row.json("scopes")?,
        user: row.id("user_id")?,
        created: row.time("created")?,
        expires: row.opt_time("expires")?,
        used: row.opt_time("used")?,
        revoked: row.flag("revoked")?,
    })
}
