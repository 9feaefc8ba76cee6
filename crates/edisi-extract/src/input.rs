//! What the CLI and embedders call.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::time::Duration;

use edisi_article::Article;
use edisi_text::Lang;
use url::Url;

use crate::encoding::{self, Decoded};
use crate::error::{ErrorKind, ExtractError, NetworkError};
use crate::feed::FeedEntry;
use crate::reach::Reach;
use crate::sniff::Format;
use crate::{damage, dump, feed, fetch, html, json, markdown, sniff};

/// Where articles come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file.
    Path(PathBuf),
    /// Standard input.
    Stdin,
    /// A web address, fetched.
    Url(Url),
    /// What the caller already holds.
    Bytes {
        /// What to call it in messages and in `Article.input`; its ending helps to tell the format.
        name: String,
        /// The bytes, in any encoding.
        bytes: Vec<u8>,
    },
}

impl Input {
    /// Reads a command-line argument: `-` is standard input, what has a `://` an address, the rest a file.
    ///
    /// # Errors
    /// [`NetworkError::Scheme`] for an address that is neither http nor https, or is malformed.
    pub fn from_arg(arg: &str) -> Result<Input, ExtractError> {
        if arg == "-" {
            return Ok(Input::Stdin);
        }
        if !arg.contains("://") {
            return Ok(Input::Path(arg.into()));
        }
        let bad = || ErrorKind::Network(NetworkError::Scheme);
        let url = Url::parse(arg).map_err(|e| ExtractError::with_source(arg, bad(), e))?;
        match url.scheme() {
            "http" | "https" => Ok(Input::Url(url)),
            _ => Err(ExtractError::new(arg, bad())),
        }
    }

    /// What messages and `Article.input` call it.
    pub fn name(&self) -> String {
        match self {
            Input::Path(path) => path.display().to_string(),
            Input::Stdin => "-".to_owned(),
            Input::Url(url) => url.to_string(),
            Input::Bytes { name, .. } => name.clone(),
        }
    }
}

/// How to read an input.
#[derive(Debug, Clone)]
pub struct Options {
    /// The language of the text, when it is known; else it is told from the page and its text.
    pub lang: Option<Lang>,
    /// The format, when it is known; else it is told from name, content type and content.
    pub format: Option<Format>,
    /// The address relative links are resolved against.
    pub base: Option<Url>,
    /// The most an input may hold, in bytes.
    pub max_bytes: u64,
    /// The most a fetch may take, all in all.
    pub timeout: Duration,
    /// The most redirects a fetch may follow.
    pub max_redirects: u32,
    /// Where a fetch may go.
    pub reach: Reach,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            lang: None,
            format: None,
            base: None,
            max_bytes: 32 << 20,
            timeout: Duration::from_secs(30),
            max_redirects: 5,
            reach: Reach::Anywhere,
        }
    }
}

/// Finds the articles in an input: one in a page or text, one an entry in a feed, one a line in JSON lines.
///
/// # Errors
/// See [`ErrorKind`]; never an empty list.
pub fn extract(input: Input, options: &Options) -> Result<Vec<Article>, ExtractError> {
    let name = input.name();
    match input {
        Input::Bytes { bytes, .. } => extract_bytes(&name, &bytes, None, options),
        Input::Stdin => extract_bytes(&name, &read(io::stdin().lock(), &name, None, options)?, None, options),
        Input::Path(path) => {
            let file = File::open(&path).map_err(|e| ExtractError::io(&name, e))?;
            let meta = file.metadata().map_err(|e| ExtractError::io(&name, e))?;
            if meta.is_dir() {
                return Err(ExtractError::new(&name, ErrorKind::Directory));
            }
            let size = meta.is_file().then_some(meta.len());
            extract_bytes(&name, &read(file, &name, size, options)?, None, options)
        }
        Input::Url(url) => {
            let page = fetch::get(&url, options)?;
            let options = match &options.base {
                Some(_) => options.clone(),
                None => Options { base: Some(page.url), ..options.clone() },
            };
            extract_bytes(&name, &page.bytes, page.content_type.as_deref(), &options)
        }
    }
}

/// Finds the articles in bytes. `content_type` is the HTTP header, when there is one.
///
/// # Errors
/// See [`ErrorKind`]; never an empty list.
pub fn extract_bytes(
    name: &str,
    bytes: &[u8],
    content_type: Option<&str>,
    options: &Options,
) -> Result<Vec<Article>, ExtractError> {
    let fail = |kind| ExtractError::new(name, kind);
    let decoded = decoded(name, bytes, content_type, options)?;
    let text = decoded.text.as_str();
    let format = match options.format {
        Some(format) => format,
        None => sniff::format(name, content_type, text).map_err(fail)?,
    };
    let base = options.base.as_ref().map(Url::as_str);
    let lang = options.lang;
    let mut articles = match format {
        Format::Html => vec![
            html::extract(text, base)
                .map_err(|e| ExtractError::with_source(name, ErrorKind::NoArticle, e))?,
        ],
        Format::Text => vec![dump::extract(text, lang).ok_or_else(|| fail(ErrorKind::NoArticle))?],
        Format::Markdown => vec![markdown::read(text, base, lang).ok_or_else(|| fail(ErrorKind::NoArticle))?],
        Format::Json => json::read(text, lang).map_err(fail)?,
        Format::Feed => feed::read(text, base, lang).map_err(fail)?,
    };
    if articles.is_empty() {
        return Err(fail(ErrorKind::NoArticle));
    }
    for article in &mut articles {
        if article.input.is_empty() {
            article.input = name.to_owned();
        }
        if let Some(lang) = lang {
            article.language = Some(lang);
        }
        damage::report(article);
    }
    Ok(articles)
}

/// Finds the entries of a feed in bytes, those too that only name a page.
///
/// # Errors
/// See [`ErrorKind`].
pub fn feed_entries(
    name: &str,
    bytes: &[u8],
    content_type: Option<&str>,
    options: &Options,
) -> Result<Vec<FeedEntry>, ExtractError> {
    let decoded = decoded(name, bytes, content_type, options)?;
    let base = options.base.as_ref().map(Url::as_str);
    let mut entries =
        feed::entries(&decoded.text, base, options.lang).map_err(|kind| ExtractError::new(name, kind))?;
    for article in entries.iter_mut().filter_map(|entry| entry.article.as_mut()) {
        article.input = name.to_owned();
        damage::report(article);
    }
    Ok(entries)
}

/// The text of bytes that hold text, and no more of it than allowed.
fn decoded(
    name: &str,
    bytes: &[u8],
    content_type: Option<&str>,
    options: &Options,
) -> Result<Decoded, ExtractError> {
    let fail = |kind| ExtractError::new(name, kind);
    let size = bytes.len() as u64;
    if size > options.max_bytes {
        return Err(fail(ErrorKind::TooLarge { size: Some(size), limit: options.max_bytes }));
    }
    if let Some(kind) = encoding::binary(bytes) {
        return Err(fail(kind));
    }
    let decoded = encoding::decode(bytes, content_type.and_then(sniff::charset)).map_err(fail)?;
    if decoded.text.trim().is_empty() { Err(fail(ErrorKind::Empty)) } else { Ok(decoded) }
}

/// Reads to the end, but no further than the limit.
fn read(from: impl Read, name: &str, size: Option<u64>, options: &Options) -> Result<Vec<u8>, ExtractError> {
    let limit = options.max_bytes;
    let too_large = |size| ExtractError::new(name, ErrorKind::TooLarge { size, limit });
    if size.is_some_and(|s| s > limit) {
        return Err(too_large(size));
    }
    let mut bytes = Vec::new();
    from.take(limit + 1).read_to_end(&mut bytes).map_err(|e| ExtractError::io(name, e))?;
    if bytes.len() as u64 > limit { Err(too_large(None)) } else { Ok(bytes) }
}
