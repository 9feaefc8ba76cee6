//! `config.toml` in the data directory.

use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::Error;
use crate::error::io_error;

/// What a newsroom sets for all its runs. Everything may be absent, and so may the file.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Address of the registry of models.
    pub(crate) registry: Option<String>,
}

pub(crate) fn read(home: &Path) -> Result<Config, Error> {
    let path = home.join("config.toml");
    let text = match fs::read_to_string(&path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Config::default()),
        text => text.map_err(|e| io_error("reading", &path, e))?,
    };
    toml::from_str(&text).map_err(|e| Error::BadConfig { path, reason: e.message().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_may_be_absent_but_not_wrong() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(read(home.path()).unwrap(), Config::default());
        let path = home.path().join("config.toml");
        fs::write(&path, "registry = \"https://example.org/models.json\"\n").unwrap();
        assert_eq!(read(home.path()).unwrap().registry.as_deref(), Some("https://example.org/models.json"));
        for wrong in ["registry = 1", "regstry = \"x\"", "registry"] {
            fs::write(&path, wrong).unwrap();
            assert!(matches!(read(home.path()), Err(Error::BadConfig { .. })), "{wrong}");
        }
    }
}
