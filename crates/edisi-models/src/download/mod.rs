//! Downloads over http and https that survive cut connections, slow servers and killed processes.
//!
//! A file is fetched in parts by several connections where the server supports ranges (RFC 9110, section 14),
//! in one piece where it does not. What has arrived is kept in a [`Partial`] beside the models, so that the next
//! attempt, of this process or a later one, asks only for the rest.

mod partial;
mod request;
mod transfer;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::Error;

pub(crate) use partial::Partial;
use request::{Answer, Question, Refusal, ask};
use transfer::Transfer;

/// How long to wait for news before looking whether to stop.
const POLL: Duration = Duration::from_millis(100);

/// How to talk to servers. Proxies are those of the environment (`https_proxy`, `all_proxy`, `no_proxy`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// Connections to one server at a time.
    pub connections: usize,
    /// Longest wait for a connection.
    pub connect: Duration,
    /// Longest wait for an answer to begin, or to go on.
    pub stall: Duration,
    /// How often in a row a connection may fail, having brought next to nothing, before a download is given up.
    pub retries: u32,
    /// The wait before the first of these retries; it doubles each time, up to [`Self::LONGEST_PAUSE`].
    pub pause: Duration,
}

impl Network {
    /// The longest wait between two attempts.
    pub const LONGEST_PAUSE: Duration = Duration::from_secs(30);
}

impl Default for Network {
    fn default() -> Self {
        Network {
            connections: 4,
            connect: Duration::from_secs(15),
            stall: Duration::from_secs(30),
            retries: 5,
            pause: Duration::from_millis(500),
        }
    }
}

/// Listens to a download: bytes that are there and bytes of the whole, if known. An error stops it.
pub(crate) type Listener<'a> = &'a mut dyn FnMut(u64, Option<u64>) -> Result<(), Error>;

/// A client with its pool of connections.
pub(crate) struct Client {
    agent: ureq::Agent,
    network: Network,
}

impl Client {
    pub(crate) fn new(network: &Network) -> Self {
        let agent = ureq::Agent::config_builder()
            .user_agent(concat!("edisi/", env!("CARGO_PKG_VERSION")))
            // Ranges and sizes are those of the file itself, not of another form of it.
            .accept_encoding("identity")
            .timeout_connect(Some(network.connect))
            .timeout_resolve(Some(network.connect))
            .timeout_recv_response(Some(network.stall))
            .timeout_per_read(Some(network.stall))
            .http_status_as_error(false)
            .build()
            .new_agent();
        Client { agent, network: network.clone() }
    }

    /// Downloads what is missing of `url` into `partial`; more than `limit` bytes are refused.
    ///
    /// # Errors
    /// [`Error::Download`], [`Error::TooLarge`], [`Error::DiskFull`], [`Error::Io`], and what `listener` says.
    /// What has arrived stays in `partial`.
    pub(crate) fn download(
        &self,
        url: &str,
        partial: &mut Partial,
        limit: u64,
        listener: Listener<'_>,
    ) -> Result<(), Error> {
        let done = Transfer::new(self, url, partial, limit).run(listener);
        partial.save();
        done
    }

    /// Downloads a short file into memory.
    ///
    /// # Errors
    /// [`Error::Download`], [`Error::TooLarge`], and what `listener` says.
    pub(crate) fn read(&self, url: &str, limit: u64, listener: Listener<'_>) -> Result<Vec<u8>, Error> {
        let mut pause = self.network.pause;
        let mut failures = 0;
        loop {
            let refusal = match self.read_once(url, limit, listener)? {
                Ok(bytes) => return Ok(bytes),
                Err(refusal) => refusal,
            };
            failures += 1;
            if !refusal.passing || failures > self.network.retries {
                return Err(Error::Download { url: url.to_owned(), reason: refusal.reason });
            }
            let until = Instant::now() + refusal.wait.unwrap_or(pause);
            while Instant::now() < until {
                listener(0, None)?;
                thread::sleep(POLL.min(until.saturating_duration_since(Instant::now())));
            }
            pause = (pause * 2).min(Network::LONGEST_PAUSE);
        }
    }

    fn read_once(
        &self,
        url: &str,
        limit: u64,
        listener: Listener<'_>,
    ) -> Result<Result<Vec<u8>, Refusal>, Error> {
        let (sender, news) = sync_channel(4);
        let stop = Arc::new(AtomicBool::new(false));
        ask(&self.agent, Question { url: url.to_owned(), range: None, validator: None }, 0, stop, sender);
        let (mut bytes, mut total) = (Vec::new(), None);
        loop {
            listener(bytes.len() as u64, total)?;
            match news.recv_timeout(POLL) {
                Ok((_, Answer::Begins(beginning))) => total = beginning.total,
                Ok((_, Answer::Piece(piece))) => bytes.extend_from_slice(&piece),
                Ok((_, Answer::Ends)) => return Ok(Ok(bytes)),
                Ok((_, Answer::Refused(refusal))) => return Ok(Err(refusal)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(Err(Refusal::passing("no answer came"))),
            }
            if bytes.len() as u64 > limit || total.is_some_and(|total| total > limit) {
                return Err(Error::TooLarge { what: url.to_owned(), limit });
            }
        }
    }
}
