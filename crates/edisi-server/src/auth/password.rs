//! Passwords, hashed with Argon2id: 19 MiB, two passes, one lane, as OWASP advises.

use std::sync::OnceLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};

/// Passwords are at least this long, in characters.
pub const SHORTEST: usize = 10;
/// And at most so long, in bytes: hashing must not become a way to keep the server busy.
pub const LONGEST: usize = 1024;

/// Why a password cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// It is too short.
    #[error("the password is too short; use at least {SHORTEST} characters")]
    Short,
    /// It is too long.
    #[error("the password is too long; use at most {LONGEST} bytes")]
    Long,
    /// It could not be hashed.
    #[error("the password could not be hashed; the server is out of memory or randomness")]
    Hash,
}

/// Hashes a new password, in PHC string form. Takes tens of milliseconds: not for the threads that serve.
///
/// # Errors
/// When it is too short or too long.
pub fn hash(password: &str) -> Result<String, PasswordError> {
    if password.chars().count() < SHORTEST {
        return Err(PasswordError::Short);
    }
    if password.len() > LONGEST {
        return Err(PasswordError::Long);
    }
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|_| PasswordError::Hash)?;
    Ok(hash.to_string())
}

/// Whether a password is the one of `hash`; without a hash (nobody has this login) it takes as long and is wrong.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let nobody = || NOBODY.get_or_init(|| self::hash(&super::secret::random()).unwrap_or_default()).as_str();
    let known = hash.is_some();
    if password.len() > LONGEST {
        return false;
    }
    let right = PasswordHash::new(hash.unwrap_or_else(nobody))
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    right && known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_alone() {
        let made = hash("kopi-tubruk-pagi").unwrap();
        assert!(made.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{made}");
        assert_ne!(made, hash("kopi-tubruk-pagi").unwrap());
        assert!(verify("kopi-tubruk-pagi", Some(&made)));
        assert!(!verify("kopi-tubruk-malam", Some(&made)));
        assert!(!verify("kopi-tubruk-pagi", None));
        assert!(!verify("kopi-tubruk-pagi", Some("no hash")));
    }

    #[test]
    fn lengths_are_kept_in_bounds() {
        assert_eq!(hash("sembilan9"), Err(PasswordError::Short));
        assert_eq!(hash(&"x".repeat(1025)), Err(PasswordError::Long));
        assert!(hash("日本語日本語日本語日").is_ok());
    }
}
