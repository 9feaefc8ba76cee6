//! One request, in a thread of its own.

use std::io::Read;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::Duration;

use ureq::http::HeaderMap;
use ureq::http::header::{
    CONTENT_ENCODING, CONTENT_RANGE, ETAG, IF_RANGE, LAST_MODIFIED, RANGE, RETRY_AFTER,
};

/// How much is passed on at a time.
const PIECE: usize = 64 << 10;
/// The longest wait that a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// What to ask for.
pub(super) struct Question {
    pub(super) url: String,
    /// Bytes of the file; all of it when there is none.
    pub(super) range: Option<Range<u64>>,
    /// Only if the file is still this one.
    pub(super) validator: Option<String>,
}

/// What comes of it, in this order: a beginning, pieces, an end; or a refusal anywhere.
pub(super) enum Answer {
    Begins(Beginning),
    Piece(Vec<u8>),
    Ends,
    Refused(Refusal),
}

/// The head of a response.
pub(super) struct Beginning {
    /// Whether this is the range asked for, and not the whole file.
    pub(super) ranged: bool,
    /// The size of the whole file.
    pub(super) total: Option<u64>,
    pub(super) validator: Option<String>,
}

/// Why nothing more comes.
pub(super) struct Refusal {
    pub(super) reason: String,
    /// Whether asking again may help.
    pub(super) passing: bool,
    /// How long the server asks to wait.
    pub(super) wait: Option<Duration>,
    /// Whether it is ranges that the server will not give.
    pub(super) ranges: bool,
}

impl Refusal {
    pub(super) fn passing(reason: impl Into<String>) -> Self {
        Refusal { reason: reason.into(), passing: true, wait: None, ranges: false }
    }

    pub(super) fn lasting(reason: impl Into<String>) -> Self {
        Refusal { passing: false, ..Self::passing(reason) }
    }

    fn ranges(reason: impl Into<String>) -> Self {
        Refusal { ranges: true, ..Self::passing(reason) }
    }
}

/// Asks, in a thread that ends with the answer, at the next piece after `stop`, or when nobody listens.
pub(super) fn ask(
    agent: &ureq::Agent,
    question: Question,
    id: u64,
    stop: Arc<AtomicBool>,
    listener: SyncSender<(u64, Answer)>,
) {
    let agent = agent.clone();
    thread::spawn(move || {
        let tell = |answer| !stop.load(Ordering::Relaxed) && listener.send((id, answer)).is_ok();
        let end = match pass_on(&agent, &question, &tell) {
            Ok(()) => Answer::Ends,
            Err(refusal) => Answer::Refused(refusal),
        };
        tell(end);
    });
}

fn pass_on(agent: &ureq::Agent, question: &Question, tell: &dyn Fn(Answer) -> bool) -> Result<(), Refusal> {
    let mut request = agent.get(&question.url);
    if let Some(range) = &question.range {
        request = request.header(RANGE, format!("bytes={}-{}", range.start, range.end - 1));
        if let Some(validator) = &question.validator {
            request = request.header(IF_RANGE, validator);
        }
    }
    let mut response = request.call().map_err(|e| refusal(&e))?;
    let headers = response.headers();
    let encoded = headers.get(CONTENT_ENCODING).is_some_and(|v| v != "identity");
    let validator = validator(headers);
    let (ranged, total) = match response.status().as_u16() {
        200 if encoded => (false, None),
        200 => (false, response.body().content_length()),
        206 => match (&question.range, content_range(headers)) {
            (Some(asked), Some((from, total))) if asked.start == from && !encoded => (true, Some(total)),
            _ => return Err(Refusal::ranges("the server gives another range than asked for")),
        },
        416 => return Err(Refusal::ranges("the server says that the file ends before the range asked for")),
        status => {
            let wait = text(headers, RETRY_AFTER).and_then(|v| v.parse().ok()).map(Duration::from_secs);
            let reason = format!("the server answers {}", response.status());
            // Too many requests, time-outs and faults of servers pass.
            let passing = matches!(status, 408 | 425 | 429 | 500..=599);
            return Err(Refusal {
                wait: wait.map(|w| w.min(LONGEST_WAIT)),
                passing,
                ..Refusal::passing(reason)
            });
        }
    };
    if !tell(Answer::Begins(Beginning { ranged, total, validator })) {
        return Ok(());
    }
    let mut body = response.body_mut().with_config().limit(u64::MAX).reader();
    loop {
        let mut piece = vec![0; PIECE];
        let len = body.read(&mut piece).map_err(|e| refusal(&ureq::Error::from(e)))?;
        piece.truncate(len);
        if len == 0 || !tell(Answer::Piece(piece)) {
            return Ok(());
        }
    }
}

fn refusal(error: &ureq::Error) -> Refusal {
    let reason = error.to_string();
    match error {
        ureq::Error::BadUri(_)
        | ureq::Error::Http(_)
        | ureq::Error::InvalidProxyUrl
        | ureq::Error::TooManyRedirects
        | ureq::Error::Tls(_)
        | ureq::Error::Rustls(_)
        | ureq::Error::Pem(_) => Refusal::lasting(reason),
        _ => Refusal::passing(reason),
    }
}

fn text(headers: &HeaderMap, name: impl ureq::http::header::AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// A strong `ETag`, else `Last-Modified`.
fn validator(headers: &HeaderMap) -> Option<String> {
    let strong = text(headers, ETAG).filter(|tag| tag.starts_with('"'));
    strong.or_else(|| text(headers, LAST_MODIFIED)).map(str::to_owned)
}

/// First byte and size of the whole of `Content-Range: bytes 0-99/1234`.
fn content_range(headers: &HeaderMap) -> Option<(u64, u64)> {
    let (range, total) = text(headers, CONTENT_RANGE)?.strip_prefix("bytes ")?.split_once('/')?;
    let (from, _) = range.split_once('-')?;
    Some((from.trim().parse().ok()?, total.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: ureq::http::header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn a_content_range_is_read() {
        let range = |value| content_range(&headers(CONTENT_RANGE, value));
        assert_eq!(range("bytes 5-9/20"), Some((5, 20)));
        for bad in ["bytes */20", "bytes 5-9/*", "bytes 5", "lines 1-2/3", "bytes -1-3/9", ""] {
            assert_eq!(range(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_a_strong_tag_says_that_a_file_is_the_same() {
        assert_eq!(validator(&headers(ETAG, "\"x\"")).as_deref(), Some("\"x\""));
        assert_eq!(validator(&headers(ETAG, "W/\"x\"")), None);
        assert_eq!(validator(&headers(LAST_MODIFIED, "Mon")).as_deref(), Some("Mon"));
    }
}
