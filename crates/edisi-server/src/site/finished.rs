//! An answer, ready to be sent any number of times.

use std::io::Write;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, LINK, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// What pages may load: pictures from anywhere, styles from us, nothing that runs.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' https: http:; font-src 'self'; \
                          script-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// For what changes: kept by browsers and asked about each time, for half a minute by servers in between.
const CHANGING: &str = "public, max-age=0, s-maxage=30, must-revalidate";
/// For what is called by its content.
const LASTING: &str = "public, max-age=31536000, immutable";
/// Below this, compression is not worth a variant.
const SMALL: usize = 512;

/// A finished answer.
#[derive(Debug)]
pub struct Finished {
    /// Its status.
    pub status: StatusCode,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub body: Bytes,
    plain: HeaderMap,
    zipped: Option<(Bytes, HeaderMap)>,
}

impl Finished {
    /// An answer with this content. `links` is what its `Link` header says.
    pub fn new(
        status: StatusCode,
        media_type: &'static str,
        body: String,
        links: Option<String>,
    ) -> Finished {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        let lasting = media_type.starts_with("text/css") && status == StatusCode::OK;
        let keep = if status.is_server_error() {
            "no-store"
        } else if lasting {
            LASTING
        } else {
            CHANGING
        };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
        if let Some(links) = links.and_then(|l| HeaderValue::from_str(&l).ok()) {
            headers.insert(LINK, links);
        }
        let tag = name(body.as_bytes());
        let with = |ending: &str| {
            let mut headers = headers.clone();
            let tag = HeaderValue::from_str(&format!("\"{tag}{ending}\"")).expect("hexadecimal digits");
            headers.insert(ETAG, tag);
            headers
        };
        let zipped = (body.len() >= SMALL).then(|| {
            let mut headers = with("-gz");
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            (gzip(body.as_bytes()), headers)
        });
        Finished { status, media_type, plain: with(""), body: body.into(), zipped }
    }

    /// How much memory it takes, about.
    pub fn weight(&self) -> u32 {
        let zipped = self.zipped.as_ref().map_or(0, |(bytes, _)| bytes.len());
        u32::try_from(self.body.len() + zipped + 2048).unwrap_or(u32::MAX)
    }

    /// The answer to a request with these headers: the content as the client takes it, or that it has it already.
    pub fn answer(&self, request: &HeaderMap) -> Response<Body> {
        let (body, headers) = match &self.zipped {
            Some((body, headers)) if takes_gzip(request) => (body, headers),
            _ => (&self.body, &self.plain),
        };
        let known = self.status == StatusCode::OK && has(request, &headers[ETAG]);
        let mut response = Response::new(if known { Body::empty() } else { Body::from(body.clone()) });
        *response.status_mut() = if known { StatusCode::NOT_MODIFIED } else { self.status };
        headers.clone_into(response.headers_mut());
        if known {
            response.headers_mut().remove(CONTENT_TYPE);
            response.headers_mut().remove(CONTENT_ENCODING);
        }
        response
    }
}

/// What content is called: the beginning of its hash.
pub(super) fn name(content: &[u8]) -> String {
    Sha256::digest(content)[..12].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn gzip(content: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(content.len() / 3), Compression::new(7));
    encoder.write_all(content).and_then(|()| encoder.finish()).expect("memory can be written to").into()
}

fn takes_gzip(request: &HeaderMap) -> bool {
    let accepts = |value: &str| {
        value.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            let named = words.next().is_some_and(|w| w.eq_ignore_ascii_case("gzip") || w == "*");
            let refused = words
                .any(|w| w.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0));
            named && !refused
        })
    };
    request.get_all(ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok()).any(accepts)
}

fn has(request: &HeaderMap, tag: &HeaderValue) -> bool {
    let Ok(tag) = tag.to_str() else { return false };
    let named = |value: &str| {
        // A weak comparison, as RFC 9110 has it for this header.
        value.split(',').map(str::trim).any(|t| t == "*" || t.strip_prefix("W/").unwrap_or(t) == tag)
    };
    request.get_all(IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok()).any(named)
}
