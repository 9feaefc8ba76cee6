//! Signed-in browsers.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use edisi_store::{Id, Session, Store, StoreError, User};
use jiff::Timestamp;

use super::secret;

/// A session that is not used ends after this.
pub const IDLE: Duration = Duration::from_secs(12 * 3600);
/// Every session ends after this.
pub const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);
/// The end of a session is moved only by this much at once: not every request writes.
const STEP: Duration = Duration::from_secs(300);

/// What the cookie is called. With `__Host-` browsers take it over HTTPS only, and from this host only.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-edisi" } else { "edisi" }
}

/// The cookie's value among the headers of a request.
pub fn cookie(headers: &HeaderMap, secure: bool) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == cookie_name(secure)).map(|(_, value)| value)
}

/// Begins a session for `user`. The second is the `Set-Cookie` header that goes with it.
///
/// # Errors
/// When the store fails.
pub async fn begin(
    store: &Store,
    user: Id,
    secure: bool,
    now: Timestamp,
) -> Result<(Session, HeaderValue), StoreError> {
    let name = secret::random();
    let session = Session {
        hash: secret::hash(&name),
        user,
        csrf: secret::random(),
        created: now,
        expires: now + IDLE,
    };
    store.create_session(&session).await?;
    Ok((session, set_cookie(secure, &name, LONGEST)))
}

/// The header that makes a browser forget its session.
pub fn forget(secure: bool) -> HeaderValue {
    set_cookie(secure, "", Duration::ZERO)
}

fn set_cookie(secure: bool, value: &str, age: Duration) -> HeaderValue {
    let (name, only) = (cookie_name(secure), if secure { "; Secure" } else { "" });
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{only}", age.as_secs());
    HeaderValue::from_str(&text).expect("hexadecimal")
}

/// The session of a cookie and whose it is, if it is one; moves its end.
///
/// # Errors
/// When the store fails.
pub async fn find(
    store: &Store,
    cookie: &str,
    now: Timestamp,
) -> Result<Option<(Session, User)>, StoreError> {
    if cookie.len() != 64 {
        return Ok(None);
    }
    let found = store.session(&secret::hash(cookie), now).await?;
    let Some((mut session, user)) = found else { return Ok(None) };
    let end = (now + IDLE).min(session.created + LONGEST);
    if end > session.expires + STEP {
        store.renew_session(&session.hash, end).await?;
        session.expires = end;
    }
    Ok(Some((session, user)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("theme=dark; edisi=abc; x=1"));
        assert_eq!(cookie(&headers, false), Some("abc"));
        assert_eq!(cookie(&headers, true), None);
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-edisi=def"));
        assert_eq!(cookie(&headers, true), Some("def"));
    }

    #[test]
    fn cookies_are_for_this_host_and_not_for_scripts() {
        let made = set_cookie(true, "ab12", IDLE);
        let want = "__Host-edisi=ab12; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure";
        assert_eq!(made.to_str().unwrap(), want);
        assert_eq!(forget(false).to_str().unwrap(), "edisi=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }
}
