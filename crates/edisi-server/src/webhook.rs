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
