//! A small web server with files, ranges and faults to order.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// What goes wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection ends after so many bytes of the body.
    Cut(usize),
    /// This status instead, without a body worth reading.
    Status(u16),
    /// Nothing more comes after so many bytes of the body, and the connection stays open.
    Stall(usize),
    /// The body comes so many bytes at a time, with a pause after each.
    Slow(usize, Duration),
    /// The whole file, whatever range is asked for.
    Whole,
}

#[derive(Default)]
struct Shelf {
    files: HashMap<String, Arc<Vec<u8>>>,
    /// Faults of the next answers for a path.
    next: HashMap<String, VecDeque<Fault>>,
    /// Faults of all other answers for a path.
    always: HashMap<String, Fault>,
    /// What was asked for: path and `Range`.
    asked: Vec<(String, Option<String>)>,
}

/// A server that lives as long as the process. Clones are the same server.
#[derive(Clone)]
pub struct Server {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    shelf: Arc<Mutex<Shelf>>,
}

impl Server {
    pub fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server =
            Server { url: format!("http://{}", listener.local_addr().unwrap()), shelf: Arc::default() };
        let accepting = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = accepting.clone();
                // A client that hangs up, as many of these tests have it do, is no failure of the server's.
                thread::spawn(move || server.answer(stream).ok());
            }
        });
        server
    }

    pub fn put(&self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.shelf.lock().unwrap().files.insert(path.to_owned(), Arc::new(bytes.into()));
    }

    pub fn remove(&self, path: &str) {
        self.shelf.lock().unwrap().files.remove(path);
    }

    /// The next answer for the path has this fault, after those ordered before.
    pub fn next(&self, path: &str, fault: Fault) {
        self.shelf.lock().unwrap().next.entry(path.to_owned()).or_default().push_back(fault);
    }

    /// Every answer for the path has this fault; `None` for no more.
    pub fn always(&self, path: &str, fault: Option<Fault>) {
        let always = &mut self.shelf.lock().unwrap().always;
        match fault {
            Some(fault) => always.insert(path.to_owned(), fault),
            None => always.remove(path),
        };
    }

    /// The `Range` headers of the requests for a path so far.
    pub fn asked(&self, path: &str) -> Vec<Option<String>> {
        let shelf = self.shelf.lock().unwrap();
        shelf.asked.iter().filter(|(asked, _)| asked == path).map(|(_, range)| range.clone()).collect()
    }

    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut request = String::new();
        let mut reader = BufReader::new(stream.try_clone()?);
        while reader.read_line(&mut request)? > 2 {}
        let path = request.split_whitespace().nth(1).unwrap_or("/").to_owned();
        let header = |name: &str| {
            let line = request.lines().find(|l| l.to_lowercase().starts_with(&format!("{name}:")))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        };
        let range = header("range");
        let (file, fault) = {
            let mut shelf = self.shelf.lock().unwrap();
            shelf.asked.push((path.clone(), range.clone()));
            let next = shelf.next.get_mut(&path).and_then(VecDeque::pop_front);
            (shelf.files.get(&path).cloned(), next.or_else(|| shelf.always.get(&path).copied()))
        };
        let Some(file) = file else { return head(&mut stream, "404 Not Found", 0, "") };
        if let Some(Fault::Status(status)) = fault {
            return head(&mut stream, &format!("{status} Ordered"), 0, "Retry-After: 0\r\n");
        }
        let tag = format!("\"{}\"", sha256(&file));
        let asked = range.filter(|_| fault != Some(Fault::Whole));
        let asked = asked.filter(|_| header("if-range").is_none_or(|known| known == tag));
        let (body, status, more) = match asked.as_deref().and_then(parse) {
            Some((from, _)) if from >= file.len() => {
                let range = format!("Content-Range: bytes */{}\r\n", file.len());
                return head(&mut stream, "416 Range Not Satisfiable", 0, &range);
            }
            Some((from, to)) => {
                let to = to.min(file.len() - 1);
                let range = format!("Content-Range: bytes {from}-{to}/{}\r\nETag: {tag}\r\n", file.len());
                (&file[from..=to], "206 Partial Content", range)
            }
            None => (&file[..], "200 OK", format!("ETag: {tag}\r\n")),
        };
        head(&mut stream, status, body.len(), &more)?;
        match fault {
            Some(Fault::Cut(after)) => {
                stream.write_all(&body[..after.min(body.len())])?;
                stream.shutdown(Shutdown::Both)
            }
            Some(Fault::Stall(after)) => {
                stream.write_all(&body[..after.min(body.len())])?;
                thread::sleep(Duration::from_secs(600));
                Ok(())
            }
            Some(Fault::Slow(step, pause)) => {
                for piece in body.chunks(step) {
                    stream.write_all(piece)?;
                    thread::sleep(pause);
                }
                Ok(())
            }
            _ => stream.write_all(body),
        }
    }
}

fn head(stream: &mut TcpStream, status: &str, length: usize, more: &str) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n")
}

/// First and last byte of `bytes=FIRST-LAST`.
fn parse(range: &str) -> Option<(usize, usize)> {
    let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
    Some((from.parse().ok()?, to.parse().unwrap_or(usize::MAX)))
}
