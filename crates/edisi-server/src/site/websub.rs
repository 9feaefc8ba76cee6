//! Tells WebSub hubs that a feed has something new.

use std::time::Duration;

use edisi_edition::publish::file_stem;
use edisi_extract::reach::{self, Reach};
use edisi_text::Lang;

use super::FeedKind;

/// Why a hub was not told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PingError {
    /// It cannot be reached.
    #[error("the hub {hub} cannot be reached: {source}")]
    Unreachable {
        /// Its address.
        hub: String,
        /// Why.
        source: Box<ureq::Error>,
    },
    /// It would not hear.
    #[error("the hub {hub} answered with status {status}")]
    Refused {
        /// Its address.
        hub: String,
        /// What it answered.
        status: u16,
    },
}

/// The feeds that change when something is published in `lang`.
pub fn topics(base: &str, lang: Lang) -> [String; 3] {
    FeedKind::ALL.map(|kind| format!("{}/{}/{}", base.trim_end_matches('/'), file_stem(lang), kind.file()))
}

/// Tells `hub` that the feed `topic` has changed. Waits for the answer: not for the threads that serve.
///
/// # Errors
/// When the hub cannot be reached or refuses; trying again later may help.
pub fn ping(hub: &str, topic: &str, reach: Reach) -> Result<(), PingError> {
    let config = ureq::Agent::config_builder()
        .user_agent(concat!("edisi/", env!("CARGO_PKG_VERSION")))
        .timeout_global(Some(Duration::from_secs(20)))
        .max_redirects(0)
        .http_status_as_error(false);
    let response = reach::agent(config, reach)
        .post(hub)
        .send_form([("hub.mode", "publish"), ("hub.url", topic), ("hub.topic", topic)])
        .map_err(|e| PingError::Unreachable { hub: hub.to_owned(), source: Box::new(e) })?;
    let status = response.status();
    if !status.is_success() {
        return Err(PingError::Refused { hub: hub.to_owned(), status: status.as_u16() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// A hub that gives one answer; returns its address and, once asked, what it heard.
    fn hub(answer: &'static str) -> (String, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/hub", listener.local_addr().unwrap());
        let heard = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let (mut heard, mut buffer) = (Vec::new(), [0; 4096]);
            while !String::from_utf8_lossy(&heard).contains("hub.topic=") {
                let n = stream.read(&mut buffer).unwrap();
                assert!(n > 0, "the message ended early");
                heard.extend_from_slice(&buffer[..n]);
            }
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8(heard).unwrap()
        });
        (address, heard)
    }

    #[test]
    fn hubs_hear_which_feed_changed() {
        let topics = topics("https://kabar.example/", Lang::ZH);
        assert_eq!(topics[1], "https://kabar.example/zh/feed.atom");
        let (address, heard) = hub("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        ping(&address, &topics[1], Reach::Anywhere).unwrap();
        let heard = heard.join().unwrap();
        assert!(heard.starts_with("POST /hub ") && heard.contains("hub.mode=publish"), "{heard}");
        assert!(heard.contains("hub.url=https%3A%2F%2Fkabar.example%2Fzh%2Ffeed.atom"), "{heard}");
    }

    #[test]
    fn a_hub_that_refuses_is_an_error() {
        let (address, _) = hub("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        assert!(matches!(ping(&address, "t", Reach::Anywhere), Err(PingError::Refused { status: 503, .. })));
        assert!(matches!(ping(&address, "t", Reach::Public), Err(PingError::Unreachable { .. })));
        assert!(matches!(
            ping("http://127.0.0.1:1/", "t", Reach::Anywhere),
            Err(PingError::Unreachable { .. })
        ));
    }
}
