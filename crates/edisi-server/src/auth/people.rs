//! Users: made, changed, kept out.

use edisi_store::{Effects, Id, NewAudit, Role, Store, StoreError, User};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::password::{self, PasswordError};

/// Why a user cannot be made or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PeopleError {
    /// The login cannot be used.
    #[error(
        "`{0}` is no login; use up to 64 letters, digits, dots, hyphens, underscores or an address of mail"
    )]
    Login(String),
    /// The password cannot be used.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// Nobody could change the settings any more.
    #[error("this is the only administrator; make somebody else one first")]
    LastAdmin,
    /// The store would not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A login as it is kept: lower case.
///
/// # Errors
/// When it has other characters than letters, digits and `._-@+`.
pub fn login(text: &str) -> Result<String, PeopleError> {
    let login = text.trim().to_ascii_lowercase();
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-@+".contains(c);
    match !login.is_empty() && login.len() <= 64 && login.chars().all(fits) {
        true => Ok(login),
        false => Err(PeopleError::Login(text.to_owned())),
    }
}

/// Makes a user; `name` may be empty, then it is the login.
///
/// # Errors
/// When the login is taken or cannot be used, or the password cannot.
pub async fn add(
    store: &Store,
    login: &str,
    name: &str,
    role: Role,
    password: &str,
    actor: &str,
) -> Result<User, PeopleError> {
    let login = self::login(login)?;
    let user = User {
        id: Id::new(),
        name: Some(name.trim()).filter(|n| !n.is_empty()).unwrap_or(&login).to_owned(),
        login,
        role,
        password_hash: hashed(password).await?,
        disabled: false,
        created: Timestamp::now(),
    };
    store.create_user(&user, line(actor, "user.created", &user, json!({ "role": role }))).await?;
    Ok(user)
}

/// Gives a user a new password and ends their sessions.
///
/// # Errors
/// When the password cannot be used.
pub async fn set_password(
    store: &Store,
    user: &User,
    password: &str,
    actor: &str,
) -> Result<(), PeopleError> {
    let user = User { password_hash: hashed(password).await?, ..user.clone() };
    store.update_user(&user, line(actor, "user.password", &user, Value::Null)).await?;
    Ok(store.delete_sessions(user.id).await?)
}

/// Changes a user's name, role, or whether they may sign in. Who may not any more, or may less, is signed out.
///
/// # Errors
/// [`PeopleError::LastAdmin`].
pub async fn change(
    store: &Store,
    user: &User,
    name: &str,
    role: Role,
    disabled: bool,
    actor: &str,
) -> Result<(), PeopleError> {
    let is_admin = |u: &User| u.role == Role::Admin && !u.disabled;
    if is_admin(user) && (disabled || role != Role::Admin) {
        let others = store.users().await?;
        if !others.iter().any(|u| u.id != user.id && is_admin(u)) {
            return Err(PeopleError::LastAdmin);
        }
    }
    let name = Some(name.trim()).filter(|n| !n.is_empty()).unwrap_or(&user.login).to_owned();
    let changed = User { name, role, disabled, ..user.clone() };
    let details = json!({ "role": role, "disabled": disabled });
    store.update_user(&changed, line(actor, "user.changed", &changed, details)).await?;
    if disabled || role < user.role {
        store.delete_sessions(user.id).await?;
    }
    Ok(())
}

fn line(actor: &str, action: &'static str, user: &User, details: Value) -> Effects {
    let object = format!("user/{}", user.id);
    let mut details = details;
    if let Value::Object(map) = &mut details {
        map.insert("login".into(), user.login.clone().into());
    }
    Effects { jobs: Vec::new(), audit: vec![NewAudit { actor: actor.to_owned(), action, object, details }] }
}

async fn hashed(password: &str) -> Result<String, PasswordError> {
    let password = password.to_owned();
    tokio::task::spawn_blocking(move || password::hash(&password)).await.unwrap_or(Err(PasswordError::Hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_are_lower_case_and_plain() {
        assert_eq!(login(" Sari.W ").unwrap(), "sari.w");
        assert_eq!(login("sari@kabar.example").unwrap(), "sari@kabar.example");
        for bad in ["", "sari w", "<sari>", &"x".repeat(65)] {
            assert!(login(bad).is_err(), "{bad}");
        }
    }
}
