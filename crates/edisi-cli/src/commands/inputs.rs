//! From what the user names to articles.

use std::time::Duration;

use edisi_article::Article;
use edisi_extract::{ErrorKind, ExtractError, Input, NetworkError, Options};
use edisi_text::Lang;

use crate::args::Reading;
use crate::failure::{Code, Failure};

/// The articles of one input: a file, an address, or `-`.
pub fn articles(input: &str, lang: Option<Lang>, reading: &Reading) -> Result<Vec<Article>, Failure> {
    Ok(edisi_extract::extract(Input::from_arg(input)?, &options(lang, reading))?)
}

/// How inputs are read.
pub fn options(lang: Option<Lang>, reading: &Reading) -> Options {
    Options {
        lang,
        max_bytes: reading.max_mb.saturating_mul(1 << 20),
        timeout: Duration::from_secs_f64(reading.timeout),
        ..Options::default()
    }
}

impl From<ExtractError> for Failure {
    fn from(error: ExtractError) -> Failure {
        let (code, option) = match error.kind() {
            ErrorKind::Network(NetworkError::Scheme) => (Code::Usage, ""),
            ErrorKind::Network(NetworkError::Timeout) => (Code::Network, " with --timeout"),
            ErrorKind::Network(_) => (Code::Network, ""),
            ErrorKind::TooLarge { .. } => (Code::Input, " with --max-mb"),
            _ => (Code::Input, ""),
        };
        Failure::new(code, format!("{error}{option}"))
    }
}
