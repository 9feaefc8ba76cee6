//! Fetches a page over http or https.

use std::io::Read;
use std::time::Duration;

use url::Url;

use crate::error::{ErrorKind, ExtractError, NetworkError};
use crate::input::Options;

/// What a server answered.
pub(crate) struct Page {
    /// The address after redirects.
    pub url: Url,
    pub content_type: Option<String>,
    pub bytes: Vec<u8>,
}

const ACCEPT: &str = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/feed+json, application/json, text/markdown, text/plain;q=0.9, */*;q=0.5";

/// Fetches an address within the limits of the options on time, size and redirects.
pub(crate) fn get(url: &Url, options: &Options) -> Result<Page, ExtractError> {
    let name = url.as_str();
    let network = |kind| ExtractError::new(name, ErrorKind::Network(kind));
    if !matches!(url.scheme(), "http" | "https") {
        return Err(network(NetworkError::Scheme));
    }
    let agent = ureq::Agent::config_builder()
        .user_agent(concat!("edisi/", env!("CARGO_PKG_VERSION")))
        .accept(ACCEPT)
        .timeout_global(Some(options.timeout))
        .timeout_connect(Some(options.timeout.min(Duration::from_secs(15))))
        .max_redirects(options.max_redirects)
        .http_status_as_error(false)
        .build()
        .new_agent();
    let mut response = agent.get(name).call().map_err(|e| failed(name, e))?;
    let status = response.status();
    if !status.is_success() {
        return Err(network(NetworkError::Status(status.as_u16())));
    }
    let limit = options.max_bytes;
    let too_large = |size| ExtractError::new(name, ErrorKind::TooLarge { size, limit });
    let length = response.body().content_length();
    if length.is_some_and(|l| l > limit) {
        return Err(too_large(length));
    }
    let content_type =
        response.headers().get("content-type").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let address = ureq::ResponseExt::get_uri(&response).to_string();
    let mut bytes = Vec::new();
    // One byte more than allowed tells a page of the limit's size from a larger one.
    let reader = response.body_mut().with_config().limit(u64::MAX).reader();
    reader.take(limit + 1).read_to_end(&mut bytes).map_err(|e| failed(name, ureq::Error::from(e)))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(None));
    }
    Ok(Page { url: Url::parse(&address).unwrap_or_else(|_| url.clone()), content_type, bytes })
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
