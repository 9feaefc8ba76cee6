//! Why an input gave no article.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

/// Why an input gave no article: the input, what was wrong with it, and what to do next.
#[derive(Debug)]
pub struct ExtractError {
    input: String,
    kind: ErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
    retry_after: Option<Duration>,
}

/// What was wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is nothing in it.
    Empty,
    /// It is no text: an image, a program, a PDF.
    Binary {
        /// What it is, when its first bytes tell: `a PNG image`.
        what: Option<&'static str>,
    },
    /// It is larger than [`Options::max_bytes`](crate::Options::max_bytes).
    TooLarge {
        /// Its size in bytes, when known before reading it all.
        size: Option<u64>,
        /// The limit in bytes.
        limit: u64,
    },
    /// It is in a format Edisi does not read.
    UnsupportedFormat {
        /// What it is.
        what: String,
    },
    /// Nothing in it reads like a story.
    NoArticle,
    /// Its characters cannot be told: too much of it is invalid in every encoding that could be meant.
    BadEncoding {
        /// The encoding it was read in.
        encoding: &'static str,
    },
    /// It is not the JSON it seems to be.
    BadJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1; 0 when the trouble is not at one place.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// It is not the feed it seems to be.
    BadFeed {
        /// What is wrong with it.
        reason: String,
    },
    /// There is no such file.
    NotFound,
    /// It is a folder.
    Directory,
    /// It cannot be read.
    Io,
    /// It cannot be fetched.
    Network(NetworkError),
}

/// Why a URL could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkError {
    /// Neither `http` nor `https`.
    Scheme,
    /// The host's name does not resolve.
    UnknownHost,
    /// Nobody answers there.
    Refused,
    /// It took longer than [`Options::timeout`](crate::Options::timeout).
    Timeout,
    /// The certificate or the encrypted connection is bad.
    Tls,
    /// The server answered with an error.
    Status(u16),
    /// More than [`Options::max_redirects`](crate::Options::max_redirects) redirects, or a redirect to nowhere.
    Redirects,
    /// With [`Reach::Public`](crate::Reach::Public): the host, or one it redirects to, is on this machine or its
    /// network.
    NotPublic,
    /// The connection broke, or the answer is no HTTP.
    Broken,
}

impl ExtractError {
    pub(crate) fn new(input: &str, kind: ErrorKind) -> ExtractError {
        ExtractError { input: input.to_owned(), kind, source: None, retry_after: None }
    }

    pub(crate) fn with_source(
        input: &str,
        kind: ErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> ExtractError {
        ExtractError { input: input.to_owned(), kind, source: Some(source.into()), retry_after: None }
    }

    pub(crate) fn io(input: &str, error: io::Error) -> ExtractError {
        let kind = match error.kind() {
            io::ErrorKind::NotFound => ErrorKind::NotFound,
            io::ErrorKind::IsADirectory => ErrorKind::Directory,
            _ => ErrorKind::Io,
        };
        ExtractError::with_source(input, kind, error)
    }

    /// The same, and how long the server asks to be left alone.
    pub(crate) fn wait(mut self, retry_after: Option<Duration>) -> ExtractError {
        self.retry_after = retry_after;
        self
    }

    /// How long the server asks to be left alone (`Retry-After`), at most a day.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// What was wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The input: a file's name, `-`, or a URL.
    pub fn input(&self) -> &str {
        &self.input
    }
}

impl StdError for ExtractError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|s| s as &(dyn StdError + 'static))
    }
}

impl fmt::Display for ExtractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.input)?;
        match &self.kind {
            ErrorKind::Empty => write!(f, "there is nothing in it; save the page or text again"),
            ErrorKind::Binary { what } => {
                write!(
                    f,
                    "this is {}, not text; give a saved page, a text, Markdown, ninjs or a feed",
                    what.unwrap_or("binary data")
                )
            }
            ErrorKind::TooLarge { size, limit } => {
                let limit = mebibytes(*limit);
                match size {
                    Some(size) => write!(f, "{} is larger than the limit of {limit}", mebibytes(*size))?,
                    None => write!(f, "larger than the limit of {limit}")?,
                }
                write!(f, "; save the article alone, or raise the limit")
            }
            ErrorKind::UnsupportedFormat { what } => {
                write!(
                    f,
                    "{what} is no format Edisi reads; save it as HTML, text, Markdown, ninjs JSON, RSS or Atom"
                )
            }
            ErrorKind::NoArticle => {
                write!(
                    f,
                    "no article found; is it a front page, a log-in wall, or filled in by JavaScript? Open the article in a browser, save the page, and give that file"
                )
            }
            ErrorKind::BadEncoding { encoding } => {
                write!(f, "its characters are not valid {encoding} nor anything else; save it again as UTF-8")
            }
            ErrorKind::BadJson { line, column: 0, reason } => {
                write!(
                    f,
                    "line {line}: {reason}; give a ninjs 3.1 document or lines printed by `edisi extract`"
                )
            }
            ErrorKind::BadJson { line, column, reason } => {
                write!(f, "line {line}, column {column}: {reason}; mend the JSON there")
            }
            ErrorKind::BadFeed { reason } => write!(
                f,
                "the feed cannot be read: {reason}; check it in a feed validator, or save its articles as pages"
            ),
            ErrorKind::NotFound => write!(f, "no such file; check the name"),
            ErrorKind::Directory => write!(f, "this is a folder; name the files in it"),
            ErrorKind::Io => {
                write!(f, "cannot be read")?;
                if let Some(source) = &self.source {
                    write!(f, ": {source}")?;
                }
                write!(f, "; check the permissions")
            }
            ErrorKind::Network(e) => e.fmt(f),
        }
    }
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NetworkError::Scheme => f.write_str("only http and https addresses are fetched; give one, or a file"),
            NetworkError::UnknownHost => f.write_str("the host is not known; check the address and the connection, or give a saved page"),
            NetworkError::Refused => f.write_str("nobody answers at this address; check it and the connection, or give a saved page"),
            NetworkError::Timeout => f.write_str("the server did not answer in time; try again later, or raise the time limit"),
            NetworkError::Tls => f.write_str("the secure connection failed; check the machine's clock and the site's certificate in a browser"),
            NetworkError::Status(status @ (401 | 402 | 403 | 451)) => write!(f, "the server refuses access (HTTP {status}); open it in a browser, save the page, and give that file"),
            NetworkError::Status(status @ (404 | 410)) => write!(f, "there is no such page (HTTP {status}); check the address"),
            NetworkError::Status(status) => write!(f, "the server answered with HTTP {status}; try again later, or give a saved page"),
            NetworkError::Redirects => f.write_str("too many redirects, or one to nowhere; open it in a browser and give the final address"),
            NetworkError::NotPublic => f.write_str("the address is on a private network, where addresses from outside may not lead; whoever runs this can allow it"),
            NetworkError::Broken => f.write_str("the connection broke, or the answer is no HTTP; try again, or give a saved page"),
        }
    }
}

fn mebibytes(bytes: u64) -> String {
    let mib = bytes as f64 / f64::from(1 << 20);
    if mib >= 1.0 { format!("{mib:.1} MiB") } else { format!("{bytes} bytes") }
}
