//! Where Edisi keeps its data.

use std::ffi::OsString;
use std::path::PathBuf;

use etcetera::BaseStrategy;

use crate::Error;

/// The data directory: `$EDISI_HOME`, else `edisi` in the user's data directory (`$XDG_DATA_HOME`,
/// `~/.local/share`; `%APPDATA%` on Windows). It need not exist.
///
/// # Errors
/// [`Error::NoHome`] when nothing names a home directory.
pub fn data_dir() -> Result<PathBuf, Error> {
    choose(std::env::var_os("EDISI_HOME"), || Some(etcetera::choose_base_strategy().ok()?.data_dir()))
}

fn choose(edisi_home: Option<OsString>, user_data: impl Fn() -> Option<PathBuf>) -> Result<PathBuf, Error> {
    match edisi_home.filter(|home| !home.is_empty()) {
        Some(home) => Ok(home.into()),
        None => user_data().map(|dir| dir.join("edisi")).ok_or(Error::NoHome),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edisi_home_wins_unless_it_is_empty() {
        let user = || Some(PathBuf::from("data"));
        assert_eq!(choose(Some("elsewhere".into()), user).unwrap(), PathBuf::from("elsewhere"));
        assert_eq!(choose(Some("".into()), user).unwrap(), PathBuf::from("data/edisi"));
        assert_eq!(choose(None, user).unwrap(), PathBuf::from("data/edisi"));
        assert!(matches!(choose(None, || None), Err(Error::NoHome)));
    }
}
