//! Fetches a page over http or https.

use std::io::Read;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use ureq::config::ConfigBuilder;
use ureq::http::HeaderMap;
use ureq::typestate::AgentScope;
use url::Url;

use crate::error::{ErrorKind, ExtractError, NetworkError};
use crate::input::Options;
use crate::reach::{self, NotPublic};

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The address after redirects.
    pub url: Url,
    /// What the server says it is.
    pub content_type: Option<String>,
    /// The content; unpacked, if it was gzip.
    pub bytes: Vec<u8>,
    /// What to ask with the next time.
    pub validators: Validators,
}

/// What tells a server which state of a page is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What a server said when asked for a page of which a state is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// It is as it was.
    NotModified,
    /// It is this now.
    Page(Page),
}

const ACCEPT: &str = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/feed+json, application/json, text/markdown, text/plain;q=0.9, */*;q=0.5";

/// Longer validators are not kept.
const MAX_VALIDATOR: usize = 1024;
/// The longest wait that a server may ask for.
const MAX_WAIT: Duration = Duration::from_secs(24 * 3600);

/// Fetches an address within the limits of the options on time, size, redirects and [`Reach`](crate::Reach). With validators of a
/// state that is known, the answer may be that it still is.
///
/// # Errors
/// [`ErrorKind::Network`], [`ErrorKind::TooLarge`]; how long the server asks to be left alone is in
/// [`ExtractError::retry_after`].
pub fn fetch(url: &Url, options: &Options, known: &Validators) -> Result<Fetched, ExtractError> {
    let name = url.as_str();
    let network = |kind| ExtractError::new(name, ErrorKind::Network(kind));
    if !matches!(url.scheme(), "http" | "https") {
        return Err(network(NetworkError::Scheme));
    }
    ask(&reach::agent(config(options), options.reach), url, options, known)
}

/// Fetches a page whatever is known of it.
pub(crate) fn get(url: &Url, options: &Options) -> Result<Page, ExtractError> {
    match fetch(url, options, &Validators::default())? {
        Fetched::Page(page) => Ok(page),
        Fetched::NotModified => {
            Err(ExtractError::new(url.as_str(), ErrorKind::Network(NetworkError::Status(304))))
        }
    }
}

fn config(options: &Options) -> ConfigBuilder<AgentScope> {
    ureq::Agent::config_builder()
        .user_agent(concat!("edisi/", env!("CARGO_PKG_VERSION")))
        .accept(ACCEPT)
        .timeout_global(Some(options.timeout))
        .timeout_connect(Some(options.timeout.min(Duration::from_secs(15))))
        .max_redirects(options.max_redirects)
        .http_status_as_error(false)
}

fn ask(
    agent: &ureq::Agent,
    url: &Url,
    options: &Options,
    known: &Validators,
) -> Result<Fetched, ExtractError> {
    let name = url.as_str();
    let network = |kind| ExtractError::new(name, ErrorKind::Network(kind));
    let mut request = agent.get(name);
    if let Some(etag) = &known.etag {
        request = request.header("if-none-match", etag);
    }
    if let Some(at) = &known.last_modified {
        request = request.header("if-modified-since", at);
    }
    let mut response = request.call().map_err(|e| failed(name, e))?;
    let status = response.status();
    if status == 304 && *known != Validators::default() {
        return Ok(Fetched::NotModified);
    }
    if !status.is_success() {
        let wait = retry_after(response.headers());
        return Err(network(NetworkError::Status(status.as_u16())).wait(wait));
    }
    let limit = options.max_bytes;
    let too_large = |size| ExtractError::new(name, ErrorKind::TooLarge { size, limit });
    let length = response.body().content_length();
    if length.is_some_and(|l| l > limit) {
        return Err(too_large(length));
    }
    let content_type = header(response.headers(), "content-type");
    let validators = Validators {
        etag: header(response.headers(), "etag"),
        last_modified: header(response.headers(), "last-modified"),
    };
    let address = ureq::ResponseExt::get_uri(&response).to_string();
    let mut bytes = Vec::new();
    // One byte more than allowed tells a page of the limit's size from a larger one.
    let reader = response.body_mut().with_config().limit(u64::MAX).reader();
    reader.take(limit + 1).read_to_end(&mut bytes).map_err(|e| failed(name, ureq::Error::from(e)))?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        // A packed file, as sitemaps often are, beside what the transfer itself packs.
        let mut unpacked = Vec::new();
        let read = MultiGzDecoder::new(bytes.as_slice()).take(limit + 1).read_to_end(&mut unpacked);
        if read.is_ok() {
            bytes = unpacked;
        }
    }
    if bytes.len() as u64 > limit {
        return Err(too_large(None));
    }
    let url = Url::parse(&address).unwrap_or_else(|_| url.clone());
    Ok(Fetched::Page(Page { url, content_type, bytes, validators }))
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    (value.len() <= MAX_VALIDATOR).then(|| value.to_owned())
}

/// How long the server asks to be left alone: seconds, or until when.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = header(headers, "retry-after")?;
    let wait = match value.trim().parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = jiff::fmt::rfc2822::parse(value.trim()).ok()?.timestamp();
            Duration::try_from(until.duration_since(jiff::Timestamp::now())).ok()?
        }
    };
    Some(wait.min(MAX_WAIT))
}

fn failed(name: &str, error: ureq::Error) -> ExtractError {
    use std::io::ErrorKind as Io;
    let kind = match &error {
        ureq::Error::HostNotFound => NetworkError::UnknownHost,
        ureq::Error::Timeout(_) => NetworkError::Timeout,
        ureq::Error::TooManyRedirects | ureq::Error::RedirectFailed => NetworkError::Redirects,
        ureq::Error::ConnectionFailed => NetworkError::Refused,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => NetworkError::Tls,
        ureq::Error::BadUri(_) => NetworkError::Scheme,
        ureq::Error::StatusCode(status) => NetworkError::Status(*status),
        ureq::Error::Other(e) if e.is::<NotPublic>() => NetworkError::NotPublic,
        ureq::Error::Io(e) => match e.kind() {
            Io::TimedOut | Io::WouldBlock => NetworkError::Timeout,
            Io::ConnectionRefused | Io::HostUnreachable | Io::NetworkUnreachable => NetworkError::Refused,
            // What the TLS library refuses (a bad certificate, no TLS at all) comes as invalid data.
            Io::InvalidData if name.starts_with("https") => NetworkError::Tls,
            // What resolvers say when a name has no address comes as an uncategorised error.
            _ if e.to_string().contains("failed to lookup address") => NetworkError::UnknownHost,
            _ => NetworkError::Broken,
        },
        _ => NetworkError::Broken,
    };
    ExtractError::with_source(name, ErrorKind::Network(kind), error)
}

#[cfg(test)]
mod tests;
