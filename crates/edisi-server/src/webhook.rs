//! Messages to those who want to be told.
//!
//! A message is JSON, sent by POST, and signed: `Edisi-Signature: t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA256, under
//! the webhook's secret, of the seconds, a full stop and the body. A receiver computes the same, compares, and refuses
//! what is older than a few minutes. `Edisi-Delivery` is the same on every try of a message, so that a receiver knows
//! one it has had.

use std::time::Duration;

use edisi_extract::reach::{self, Reach};
use edisi_store::Webhook;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::Value;
use sha2_for_hmac::Sha256;

use crate::auth::secret;

/// What can be told.
pub const EVENTS: [&str; 4] = ["edition.ready", "edition.held", "edition.published", "edition.stale"];

/// How long a receiver has to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a message was not taken. Trying again later may help.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeliveryError {
    /// The receiver cannot be reached, or is at an address that is not public.
    #[error("{url} cannot be reached: {source}")]
    Unreachable {
        /// Its address.
        url: String,
        /// Why.
        source: Box<ureq::Error>,
    },
    /// The receiver would not have it.
    #[error("{url} answered with status {status}")]
    Refused {
        /// Its address.
        url: String,
        /// What it answered.
        status: u16,
    },
}

/// A new secret.
///
/// # Panics
/// When the system has no randomness.
pub fn secret() -> String {
    format!("whsec_{}", secret::random())
}

/// The signature of a body that is sent at this moment.
pub fn signature(secret: &str, at: Timestamp, body: &str) -> String {
    let seconds = at.as_second();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("keys may have any length");
    mac.update(format!("{seconds}.{body}").as_bytes());
    format!("t={seconds},v1={}", secret::hex(&mac.finalize().into_bytes()))
}

/// Sends `body` to a webhook, once. `delivery` is what the message is called, on every try. Waits for the answer: not
/// for the threads that serve.
///
/// # Errors
/// When the receiver cannot be reached or refuses.
pub fn deliver(hook: &Webhook, delivery: &str, body: &Value, reach: Reach) -> Result<(), DeliveryError> {
    let body = body.to_string();
    let config = ureq::Agent::config_builder()
        .user_agent(concat!("edisi/", env!("CARGO_PKG_VERSION")))
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .http_status_as_error(false);
    let response = reach::agent(config, reach)
        .post(&hook.url)
        .header("content-type", "application/json")
        .header("edisi-delivery", delivery)
        .header("edisi-signature", signature(&hook.secret, Timestamp::now(), &body))
        .send(&body)
        .map_err(|source| DeliveryError::Unreachable { url: hook.url.clone(), source: Box::new(source) })?;
    let status = response.status();
    if !status.is_success() {
        return Err(DeliveryError::Refused { url: hook.url.clone(), status: status.as_u16() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpListener;

    use edisi_store::Id;
    use serde_json::json;

    use super::*;

    fn hook(url: String) -> Webhook {
        Webhook {
            id: Id::new(),
            url,
            secret: "whsec_test".into(),
            events: Vec::new(),
            created: Timestamp::now(),
        }
    }

    #[test]
    fn the_signature_is_that_of_any_other_hmac() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac whsec_test
        let at = Timestamp::from_second(1_700_000_000).unwrap();
        assert_eq!(
            signature("whsec_test", at, "{\"a\":1}"),
            "t=1700000000,v1=38877139021993b830af32feea6e18a8da83eb2f6e49ee50bd9e4cf4ca4d3789"
        );
        assert_ne!(signature("whsec_other", at, "{\"a\":1}"), signature("whsec_test", at, "{\"a\":1}"));
    }

    /// A receiver that answers once with `status`; what it was sent.
    fn receiver(status: &'static str) -> (String, std::thread::JoinHandle<(Vec<String>, String)>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/in", listener.local_addr().unwrap());
        let heard = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = Vec::new();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if line.trim().is_empty() {
                    break;
                }
                head.push(line.trim().to_lowercase());
            }
            let length =
                head.iter().find_map(|l| l.strip_prefix("content-length: ")).unwrap().parse().unwrap();
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
            (head, String::from_utf8(body).unwrap())
        });
        (url, heard)
    }

    #[test]
    fn a_message_is_signed_and_named() {
        let (url, heard) = receiver("204 No Content");
        let hook = hook(url);
        deliver(&hook, "delivery-1", &json!({ "event": "edition.ready" }), Reach::Anywhere).unwrap();
        let (head, body) = heard.join().unwrap();
        assert_eq!(body, "{\"event\":\"edition.ready\"}");
        let header = |name: &str| head.iter().find_map(|l| l.strip_prefix(&format!("{name}: "))).unwrap();
        assert_eq!(header("edisi-delivery"), "delivery-1");
        let sent = header("edisi-signature");
        let seconds = sent.strip_prefix("t=").unwrap().split(',').next().unwrap().parse().unwrap();
        assert_eq!(signature(&hook.secret, Timestamp::from_second(seconds).unwrap(), &body), sent);
    }

    #[test]
    fn who_refuses_redirects_or_is_at_home_is_told_so() {
        let (url, heard) = receiver("503 Busy");
        let error = deliver(&hook(url), "1", &json!({}), Reach::Anywhere).unwrap_err();
        assert!(matches!(error, DeliveryError::Refused { status: 503, .. }), "{error}");
        heard.join().unwrap();
        // Nobody is sent on to another address.
        let (url, heard) = receiver("302 Found\r\nlocation: http://127.0.0.1:1/");
        let error = deliver(&hook(url), "1", &json!({}), Reach::Anywhere).unwrap_err();
        assert!(matches!(error, DeliveryError::Refused { status: 302, .. }), "{error}");
        heard.join().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://localhost:{}/", listener.local_addr().unwrap().port());
        let error = deliver(&hook(url), "1", &json!({}), Reach::Public).unwrap_err();
        assert!(matches!(error, DeliveryError::Unreachable { .. }), "{error}");
    }
}
