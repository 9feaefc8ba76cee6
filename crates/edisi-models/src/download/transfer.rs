//! The connections of one download, and what to do when they fail.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Instant;

use super::request::{Answer, Beginning, Question, Refusal, ask};
use super::{Client, Listener, Network, POLL, Partial};
use crate::Error;

/// What one connection asks for at a time, in bytes.
const PART: u64 = 4 << 20;
/// A connection that brought this much before it failed has not failed in vain.
const WORTHWHILE: u64 = 16 << 10;
/// How often the file on the server may become another one while it is downloaded.
const MOST_CHANGES: u32 = 3;
/// What has arrived is written down whenever this much is new.
const SAVE_EVERY: u64 = 4 << 20;

pub(super) struct Transfer<'a> {
    client: &'a Client,
    url: &'a str,
    partial: &'a mut Partial,
    limit: u64,
    /// Whether to ask for ranges.
    ranges: bool,
    waiting: VecDeque<Waiting>,
    running: HashMap<u64, Running>,
    next: u64,
    /// Failures in a row that brought next to nothing.
    failures: u32,
    changes: u32,
    unsaved: u64,
    speaker: SyncSender<(u64, Answer)>,
    news: Receiver<(u64, Answer)>,
}

/// A range to ask for; without an end, whatever there is.
struct Waiting {
    range: Range<u64>,
    from: Instant,
}

struct Running {
    range: Range<u64>,
    at: u64,
    brought: u64,
    stop: Arc<AtomicBool>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// The end of a range that ends where the file does.
const OPEN: u64 = u64::MAX;

impl<'a> Transfer<'a> {
    pub(super) fn new(client: &'a Client, url: &'a str, partial: &'a mut Partial, limit: u64) -> Self {
        let (speaker, news) = sync_channel(4 * client.network.connections.max(1));
        let mut transfer = Transfer {
            client,
            url,
            partial,
            limit,
            ranges: true,
            waiting: VecDeque::new(),
            running: HashMap::new(),
            next: 0,
            failures: 0,
            changes: 0,
            unsaved: 0,
            speaker,
            news,
        };
        transfer.plan();
        transfer
    }

    /// Queues everything that is missing. Of a file of unknown size that is its first part: the answer tells the
    /// size, and whether there are ranges at all.
    fn plan(&mut self) {
        let from = Instant::now();
        self.waiting = match self.partial.total() {
            Some(_) => self.partial.missing(PART).into_iter().map(|range| Waiting { range, from }).collect(),
            None => [Waiting { range: 0..PART, from }].into(),
        };
    }

    pub(super) fn run(mut self, listener: Listener<'_>) -> Result<(), Error> {
        listener(self.partial.have(), self.partial.total())?;
        while !(self.waiting.is_empty() && self.running.is_empty()) {
            self.start_some();
            match self.news.recv_timeout(POLL) {
                Ok((id, answer)) => self.hear(id, answer)?,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
            listener(self.partial.have(), self.partial.total())?;
        }
        Ok(())
    }

    fn start_some(&mut self) {
        let now = Instant::now();
        while self.running.len() < self.client.network.connections.max(1)
            && let Some(first) = self.waiting.iter().position(|w| w.from <= now)
            && let Some(waiting) = self.waiting.remove(first)
        {
            let stop = Arc::new(AtomicBool::new(false));
            let range = self.ranges.then(|| waiting.range.clone());
            let validator = self.partial.validator().map(str::to_owned);
            let question = Question { url: self.url.to_owned(), range, validator };
            ask(&self.client.agent, question, self.next, Arc::clone(&stop), self.speaker.clone());
            let at = waiting.range.start;
            self.running.insert(self.next, Running { range: waiting.range, at, brought: 0, stop });
            self.next += 1;
        }
    }

    fn hear(&mut self, id: u64, answer: Answer) -> Result<(), Error> {
        // Connections that were given up may still say something.
        let Some(running) = self.running.get_mut(&id) else { return Ok(()) };
        match answer {
            Answer::Begins(beginning) => self.begin(id, beginning),
            Answer::Piece(piece) => {
                let at = running.at;
                running.at += piece.len() as u64;
                running.brought += piece.len() as u64;
                if running.at > self.limit {
                    return Err(self.too_large());
                }
                if running.at > running.range.end {
                    return Err(self.give_up("the server sends more than it announced"));
                }
                self.partial.write(at, &piece)?;
                self.unsaved += piece.len() as u64;
                if self.unsaved >= SAVE_EVERY {
                    self.unsaved = 0;
                    self.partial.save();
                }
                Ok(())
            }
            Answer::Ends if running.range.end == OPEN => {
                let validator = self.partial.validator().map(str::to_owned);
                self.partial.learn(Some(running.at), validator);
                self.running.remove(&id);
                Ok(())
            }
            Answer::Ends if running.at < running.range.end => {
                self.fail(id, Refusal::passing("the connection was cut"))
            }
            Answer::Ends => {
                self.running.remove(&id);
                self.partial.save();
                Ok(())
            }
            Answer::Refused(refusal) => self.fail(id, refusal),
        }
    }

    fn begin(&mut self, id: u64, beginning: Beginning) -> Result<(), Error> {
        let Beginning { ranged, total, validator } = beginning;
        if total.is_some_and(|total| total > self.limit) {
            return Err(self.too_large());
        }
        if !ranged {
            // The whole file: the server knows no ranges, or has another file by now.
            self.waiting.clear();
            self.running.retain(|other, _| *other == id);
            self.ranges = false;
            self.partial.restart(self.url)?;
            self.partial.learn(total, validator);
            let running = self.running.get_mut(&id).expect("it has just begun");
            (running.range, running.at) = (0..total.unwrap_or(OPEN), 0);
            return Ok(());
        }
        let same = match (self.partial.validator(), &validator) {
            (Some(old), Some(new)) => old == new,
            _ => true,
        };
        match self.partial.total() {
            None => {
                self.partial.learn(total, validator);
                let running = self.running.get_mut(&id).expect("it has just begun");
                running.range.end = running.range.end.min(total.unwrap_or(OPEN));
                let begun = running.range.end;
                let rest = self.partial.missing(PART).into_iter().filter(|range| range.end > begun);
                let from = Instant::now();
                let rest = rest.map(|range| Waiting { range: range.start.max(begun)..range.end, from });
                self.waiting.extend(rest);
                Ok(())
            }
            known if known == total && same => Ok(()),
            _ => {
                self.changes += 1;
                if self.changes > MOST_CHANGES {
                    return Err(self.give_up("the file on the server keeps changing"));
                }
                self.running.clear();
                self.partial.restart(self.url)?;
                self.plan();
                Ok(())
            }
        }
    }

    fn fail(&mut self, id: u64, refusal: Refusal) -> Result<(), Error> {
        let Some(running) = self.running.remove(&id) else { return Ok(()) };
        if !refusal.passing {
            return Err(self.give_up(&refusal.reason));
        }
        self.failures = if running.brought >= WORTHWHILE { 1 } else { self.failures + 1 };
        let Network { retries, pause, .. } = self.client.network;
        if self.failures > retries {
            return Err(self.give_up(&refusal.reason));
        }
        let pause = pause.saturating_mul(1 << (self.failures - 1).min(16)).min(Network::LONGEST_PAUSE);
        let from = Instant::now() + refusal.wait.unwrap_or(pause);
        if refusal.ranges || !self.ranges {
            self.ranges = false;
            self.waiting.clear();
            self.running.clear();
            self.partial.restart(self.url)?;
            self.waiting.push_back(Waiting { range: 0..OPEN, from });
        } else {
            self.waiting.push_front(Waiting { range: running.at..running.range.end, from });
        }
        Ok(())
    }

    fn give_up(&self, reason: &str) -> Error {
        Error::Download { url: self.url.to_owned(), reason: reason.to_owned() }
    }

    fn too_large(&self) -> Error {
        Error::TooLarge { what: self.url.to_owned(), limit: self.limit }
    }
}
