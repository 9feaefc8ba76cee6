//! Finished segments on disk, so that work done once is not done again.
//!
//! Two append-only files, `segments.log` and the generation before it, `segments.old.log`. A record is one
//! line: checksum, key, draft as JSON. Lines are written whole, under a lock, each behind a newline of its
//! own; a line torn by a crash, a full disk or another process fails its checksum and is as good as absent.
//! When the younger file has grown beyond its limit it becomes the old one, and the old one's end is its
//! oldest entries' end; entries read from the old file are written to the young one again.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::translator::{Draft, EngineId, FailureReason, Item};

const YOUNG: &str = "segments.log";
const OLD: &str = "segments.old.log";
/// Raised when the record format or the meaning of a key changes.
const FORMAT: &str = "edisi-segment-3";
/// Bytes after which the younger file is retired: some 300,000 segments.
const GENERATION_BYTES: u64 = 256 << 20;
/// Hexadecimal digits of the checksum, and of the key.
const SUM_LEN: usize = 16;
const KEY_LEN: usize = 64;
/// No record is longer; what claims to be is damage.
const MAX_RECORD: usize = 4 << 20;

/// What identifies a segment's translation: text, context, terms, pair, model and settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CacheKey([u8; 32]);

impl CacheKey {
    /// The key of `item` translated by `engine`.
    pub fn new(item: &Item, engine: &EngineId) -> CacheKey {
        let mut hash = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        field(FORMAT.as_bytes());
        for part in [&engine.engine, &engine.engine_version, &engine.model_hash, &engine.settings] {
            field(part.as_bytes());
        }
        field(item.pair.source.to_string().as_bytes());
        field(item.pair.target.to_string().as_bytes());
        field(item.text.as_bytes());
        field(&(item.context.len() as u64).to_le_bytes());
        for text in &item.context {
            field(text.as_bytes());
        }
        for term in &item.constraints.terms {
            field(&(term.source.start as u64).to_le_bytes());
            field(&(term.source.end as u64).to_le_bytes());
            field(term.target.as_bytes());
        }
        for word in &item.constraints.lost {
            field(word.as_bytes());
        }
        CacheKey(hash.finalize().into())
    }

    fn hex(&self) -> String {
        hex(&self.0)
    }
}

/// A draft and the engine time it took when it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What the engine made.
    pub draft: Draft,
    /// Its share of the engine's time, in microseconds.
    pub micros: u64,
}

/// Why the cache cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the segment cache {} cannot be used ({source}); name another folder with --cache, or use --no-cache", path.display())]
pub struct CacheError {
    path: PathBuf,
    source: io::Error,
}

/// The cache in one folder. Several processes may use the same folder at once.
#[derive(Debug)]
pub struct Cache {
    dir: PathBuf,
    young: File,
    old: Option<File>,
    index: HashMap<CacheKey, Place>,
    /// Held while a record is written or the files change names.
    lock: File,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    young: bool,
    offset: u64,
    len: usize,
}

impl Cache {
    /// Opens the cache in `dir`, which is made when it is not there.
    ///
    /// # Errors
    /// When the folder or its files cannot be made or read. Damaged records are no error.
    pub fn open(dir: &Path) -> Result<Cache, CacheError> {
        Cache::open_with_limit(dir, GENERATION_BYTES)
    }

    fn open_with_limit(dir: &Path, limit: u64) -> Result<Cache, CacheError> {
        Cache::try_open(dir, limit).map_err(|source| CacheError { path: dir.to_owned(), source })
    }

    fn try_open(dir: &Path, limit: u64) -> io::Result<Cache> {
        std::fs::create_dir_all(dir)?;
        let lock = append_to(&dir.join("segments.lock"))?;
        lock.lock()?;
        let mut young = append_to(&dir.join(YOUNG))?;
        if young.metadata()?.len() > limit {
            std::fs::rename(dir.join(YOUNG), dir.join(OLD))?;
            young = append_to(&dir.join(YOUNG))?;
        }
        let old = match File::open(dir.join(OLD)) {
            Ok(file) => Some(file),
            Err(e) if e.kind() == io::ErrorKind::NotFound => None,
            Err(e) => return Err(e),
        };
        let mut index = HashMap::new();
        if let Some(file) = &old {
            scan(file, false, &mut index)?;
        }
        scan(&young, true, &mut index)?;
        lock.unlock()?;
        Ok(Cache { dir: dir.to_owned(), young, old, index, lock })
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// How many segments it holds.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// The entry stored under `key`; `None` also when its record is damaged.
    pub fn get(&mut self, key: &CacheKey) -> Option<Entry> {
        let place = *self.index.get(key)?;
        let file = if place.young { Some(&mut self.young) } else { self.old.as_mut() };
        let entry = file.and_then(|f| read_entry(f, key, place));
        match &entry {
            None => {
                self.index.remove(key);
            }
            // Keeps what is in use out of the generation that goes next; failing costs only time, later.
            Some(entry) if !place.young => {
                let _ = self.put(key, entry);
            }
            Some(_) => {}
        }
        entry
    }

    /// Stores an entry. Segments that ran out of time are not stored: there is nothing final about them.
    ///
    /// # Errors
    /// When it cannot be written; the cache stays usable.
    pub fn put(&mut self, key: &CacheKey, entry: &Entry) -> Result<(), CacheError> {
        if entry.draft.failed.as_ref().is_some_and(|f| f.reason == FailureReason::Deadline) {
            return Ok(());
        }
        let body = serde_json::to_string(entry).expect("a draft has a JSON form");
        let line = format!("{} {} {body}", checksum(key, body.as_bytes()), key.hex());
        if line.len() > MAX_RECORD {
            return Ok(());
        }
        let offset = self
            .append(line.as_bytes())
            .map_err(|source| CacheError { path: self.dir.join(YOUNG), source })?;
        self.index.insert(*key, Place { young: true, offset, len: line.len() });
        Ok(())
    }

    fn append(&mut self, line: &[u8]) -> io::Result<u64> {
        let mut record = Vec::with_capacity(line.len() + 2);
        record.push(b'\n');
        record.extend_from_slice(line);
        record.push(b'\n');
        self.lock.lock()?;
        let written = self.young.metadata().and_then(|m| {
            self.young.write_all(&record)?;
            Ok(m.len() + 1)
        });
        self.lock.unlock()?;
        written
    }
}

fn append_to(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).create(true).open(path)
}

fn scan(file: &File, young: bool, index: &mut HashMap<CacheKey, Place>) -> io::Result<()> {
    let mut reader = io::BufReader::with_capacity(1 << 18, file);
    reader.seek(SeekFrom::Start(0))?;
    let (mut offset, mut line) = (0u64, Vec::new());
    loop {
        line.clear();
        let read = read_line(&mut reader, &mut line)?;
        if read == 0 {
            return Ok(());
        }
        if let Some(key) = key_of(&line) {
            index.insert(key, Place { young, offset, len: line.len() });
        }
        offset += read;
    }
}

/// Reads up to a newline into `line`, without it; returns the bytes consumed. What is beyond [`MAX_RECORD`]
/// is consumed but not kept.
fn read_line(reader: &mut impl io::BufRead, line: &mut Vec<u8>) -> io::Result<u64> {
    let mut consumed = 0u64;
    loop {
        let available = reader.fill_buf()?;
        if available.is_empty() {
            return Ok(consumed);
        }
        let end = available.iter().position(|&b| b == b'\n');
        let part = &available[..end.unwrap_or(available.len())];
        if line.len() + part.len() <= MAX_RECORD {
            line.extend_from_slice(part);
        }
        let used = end.map_or(available.len(), |e| e + 1);
        reader.consume(used);
        consumed += used as u64;
        if end.is_some() {
            return Ok(consumed);
        }
    }
}

fn key_of(line: &[u8]) -> Option<CacheKey> {
    if line.get(SUM_LEN) != Some(&b' ') || line.get(SUM_LEN + 1 + KEY_LEN) != Some(&b' ') {
        return None;
    }
    let mut key = [0u8; 32];
    for (byte, digits) in key.iter_mut().zip(line[SUM_LEN + 1..].chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(CacheKey(key))
}

fn read_entry(file: &mut File, key: &CacheKey, place: Place) -> Option<Entry> {
    let mut line = vec![0; place.len];
    file.seek(SeekFrom::Start(place.offset)).ok()?;
    file.read_exact(&mut line).ok()?;
    let body = line.get(SUM_LEN + KEY_LEN + 2..)?;
    if key_of(&line) != Some(*key) || line[..SUM_LEN] != *checksum(key, body).as_bytes() {
        return None;
    }
    serde_json::from_slice(body).ok()
}

fn checksum(key: &CacheKey, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(key.0);
    hash.update(body);
    hex(&hash.finalize()[..SUM_LEN / 2])
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut s, b| {
        let _ = write!(s, "{b:02x}");
        s
    })
}

#[cfg(test)]
mod tests;
