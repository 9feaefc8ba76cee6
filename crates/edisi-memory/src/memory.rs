//! A memory on disk.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use edisi_text::Lang;
use tantivy::collector::{Count, DocSetCollector};
use tantivy::query::{Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, IndexWriter, TantivyDocument, Term};

use crate::Pair;
use crate::error::MemoryError;
use crate::index::{Snapshot, Store};
use crate::unit::{Unit, plain, tag};

/// How long a writer waits for another one to end.
const PATIENCE: Duration = Duration::from_secs(10);
/// Memory of the writer before it writes a segment.
const WRITER_BYTES: usize = 96 << 20;
/// Units between commits of a long import: what a crash can cost.
const COMMIT_EVERY: usize = 20_000;

/// A translation memory: a folder that belongs to one site.
///
/// Look-ups see what was there when it was opened and what was [added](Memory::add) or [removed](Memory::remove)
/// through it; [`Memory::refresh`] shows what other programs did.
pub struct Memory {
    pub(crate) store: Store,
    seen: RwLock<Arc<Snapshot>>,
    patience: Duration,
}

/// What became of units that were added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Added {
    /// Units that were not there before.
    pub new: usize,
    /// Units that were there, reviewed earlier, and now carry the later review.
    pub renewed: usize,
    /// Units that were there.
    pub known: usize,
    /// Units without text on one side, which are left out.
    pub empty: usize,
}

/// Which units to remove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// Those that are called so; see [`Unit::id`].
    Ids(Vec<String>),
    /// Those of a pair.
    Pair(Pair),
    /// Those from an origin.
    Origin(String),
    /// All.
    All,
}

/// How much there is in a memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// Units.
    pub units: u64,
    /// Units of each pair, by pair.
    pub pairs: Vec<(Pair, u64)>,
    /// Size on disk, in bytes.
    pub bytes: u64,
}

impl Memory {
    /// Opens the memory of `site` in the folder `dir`.
    ///
    /// # Errors
    /// [`MemoryError::Missing`] where there is none; see [`MemoryError`] for the others.
    pub fn open(dir: &Path, site: &str) -> Result<Memory, MemoryError> {
        Memory::at(&folder(dir, site)?, false)
    }

    /// Opens the memory of `site` in the folder `dir`, which is made where it is not there.
    ///
    /// # Errors
    /// When it cannot be made or read; see [`MemoryError`].
    pub fn create(dir: &Path, site: &str) -> Result<Memory, MemoryError> {
        Memory::at(&folder(dir, site)?, true)
    }

    fn at(dir: &Path, make: bool) -> Result<Memory, MemoryError> {
        let store = Store::open(dir, make)?;
        let snapshot = store.snapshot().map_err(|e| MemoryError::of(dir, e))?;
        Ok(Memory { store, seen: RwLock::new(Arc::new(snapshot)), patience: PATIENCE })
    }

    /// The same memory, waiting so long for another program to end writing before it gives up. Otherwise ten seconds.
    pub fn with_patience(self, patience: Duration) -> Memory {
        Memory { patience, ..self }
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.store.dir
    }

    /// Makes look-ups see what other programs wrote.
    ///
    /// # Errors
    /// When the folder cannot be read any more.
    pub fn refresh(&self) -> Result<(), MemoryError> {
        let fresh = self.store.snapshot().map_err(|e| self.fail(e))?;
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        Ok(())
    }

    /// Adds units; those that are there already are left as they are, or take the later review. The call may be
    /// repeated with the same units. When it returns, they are on disk.
    ///
    /// # Errors
    /// [`MemoryError::Busy`] when another program keeps writing; when the disk cannot be written. Of long lists some may
    /// have been added then.
    pub fn add(&self, units: impl IntoIterator<Item = Unit>) -> Result<Added, MemoryError> {
        let mut writer = self.writer()?;
        // Another program may have written since: what is there is asked of the index as it is under the lock.
        self.refresh()?;
        let mut done = Added::default();
        // What this call wrote since the last commit, which look-ups do not see: when it was reviewed.
        let mut written: HashMap<String, i64> = HashMap::new();
        for unit in units {
            if plain(&unit.source).is_empty() || plain(&unit.target).is_empty() {
                done.empty += 1;
                continue;
            }
            let (id, at) = (unit.id(), unit.review.at.as_microsecond());
            let before = match written.get(&id) {
                Some(at) => Some(*at),
                None => self.reviewed(&id)?,
            };
            match before {
                Some(before) if before >= at => {
                    done.known += 1;
                    continue;
                }
                Some(_) => {
                    writer.delete_term(self.store.term(self.store.fields.id, &id));
                    done.renewed += 1;
                }
                None => done.new += 1,
            }
            writer.add_document(self.store.document(&unit)).map_err(|e| self.fail(e))?;
            written.insert(id, at);
            if written.len() >= COMMIT_EVERY {
                writer.commit().map_err(|e| self.fail(e))?;
                self.refresh()?;
                written.clear();
            }
        }
        self.finish(writer)?;
        Ok(done)
    }

    /// Removes units and says how many there were.
    ///
    /// # Errors
    /// As [`Memory::add`].
    pub fn remove(&self, which: &Selection) -> Result<u64, MemoryError> {
        let writer = self.writer()?;
        self.refresh()?;
        let fields = self.store.fields;
        let terms = match which {
            Selection::All => {
                let gone = self.snapshot().searcher.num_docs();
                writer.delete_all_documents().map_err(|e| self.fail(e))?;
                self.finish(writer)?;
                return Ok(gone);
            }
            Selection::Ids(ids) => {
                let once: BTreeSet<&String> = ids.iter().collect();
                once.into_iter().map(|id| self.store.term(fields.id, id)).collect()
            }
            Selection::Pair(pair) => vec![self.store.term(fields.pair, &tag(*pair))],
            Selection::Origin(origin) => vec![self.store.term(fields.origin, origin)],
        };
        let mut gone = 0;
        for term in terms {
            gone += self.count(&self.snapshot(), term.clone()).map_err(|e| self.fail(e))?;
            writer.delete_term(term);
        }
        self.finish(writer)?;
        Ok(gone)
    }

    /// How much there is.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn stats(&self) -> Result<Stats, MemoryError> {
        let seen = self.snapshot();
        let pairs = self.pairs(&seen).map_err(|e| self.fail(e))?;
        let bytes = size(&self.store.dir).map_err(|e| MemoryError::io(&self.store.dir, e))?;
        Ok(Stats { units: seen.searcher.num_docs(), pairs, bytes })
    }

    /// All units, in no particular order, read from disk one after the other.
    pub fn units(&self) -> impl Iterator<Item = Result<Unit, MemoryError>> + '_ {
        let seen = self.snapshot();
        let segments = seen.searcher.segment_readers().iter().enumerate();
        let places: Vec<_> = segments
            .map(|(segment, reader)| {
                let alive = reader.alive_bitset().cloned();
                let is_alive = move |doc: &u32| alive.as_ref().is_none_or(|alive| alive.is_alive(*doc));
                (0..reader.max_doc()).filter(is_alive).map(move |doc| DocAddress::new(segment as u32, doc))
            })
            .collect();
        places.into_iter().flatten().map(move |at| self.load(&seen, at).map_err(|e| self.fail(e)))
    }

    /// The units of `pair` whose source is `text`, the one reviewed last first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn exact(&self, pair: Pair, text: &str) -> Result<Vec<Unit>, MemoryError> {
        let text = plain(text);
        let key = self.store.term(self.store.fields.key, &crate::unit::key(pair, &text));
        let seen = self.snapshot();
        let mut found = Vec::new();
        for at in self.places(&seen, key).map_err(|e| self.fail(e))? {
            found.push(self.load(&seen, at).map_err(|e| self.fail(e))?);
        }
        found.sort_by(|a, b| (b.review.at, &a.target).cmp(&(a.review.at, &b.target)));
        Ok(found)
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.seen.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn load(&self, seen: &Snapshot, at: DocAddress) -> tantivy::Result<Unit> {
        self.store.read(&seen.searcher.doc::<TantivyDocument>(at)?)
    }

    pub(crate) fn fail(&self, error: tantivy::TantivyError) -> MemoryError {
        MemoryError::of(&self.store.dir, error)
    }

    /// The one writer there can be.
    fn writer(&self) -> Result<IndexWriter, MemoryError> {
        let until = Instant::now() + self.patience;
        loop {
            match self.store.index.writer_with_num_threads(1, WRITER_BYTES).map_err(|e| self.fail(e)) {
                Err(MemoryError::Busy { .. }) if Instant::now() < until => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                writer => return writer,
            }
        }
    }

    fn finish(&self, mut writer: IndexWriter) -> Result<(), MemoryError> {
        writer.commit().map_err(|e| self.fail(e))?;
        writer.wait_merging_threads().map_err(|e| self.fail(e))?;
        self.refresh()
    }

    /// When the unit `id` was reviewed, in microseconds since 1970, if it is there.
    fn reviewed(&self, id: &str) -> Result<Option<i64>, MemoryError> {
        let seen = self.snapshot();
        let places =
            self.places(&seen, self.store.term(self.store.fields.id, id)).map_err(|e| self.fail(e))?;
        Ok(places.into_iter().map(|at| seen.reviewed(at)).max())
    }

    fn places(&self, seen: &Snapshot, term: Term) -> tantivy::Result<Vec<DocAddress>> {
        let found = seen.searcher.search(&basic(term), &DocSetCollector)?;
        let mut found: Vec<DocAddress> = found.into_iter().collect();
        found.sort_unstable();
        Ok(found)
    }

    fn count(&self, seen: &Snapshot, term: Term) -> tantivy::Result<u64> {
        Ok(seen.searcher.search(&basic(term), &Count)? as u64)
    }

    fn pairs(&self, seen: &Snapshot) -> tantivy::Result<Vec<(Pair, u64)>> {
        let mut tags: Vec<String> = Vec::new();
        for segment in seen.searcher.segment_readers() {
            let index = segment.inverted_index(self.store.fields.pair)?;
            let mut terms = index.terms().stream()?;
            while terms.advance() {
                tags.push(String::from_utf8_lossy(terms.key()).into_owned());
            }
        }
        tags.sort_unstable();
        tags.dedup();
        let mut out = Vec::new();
        for text in tags {
            let units = self.count(seen, self.store.term(self.store.fields.pair, &text))?;
            let pair = text.split_once('>').and_then(|(a, b)| Some((lang(a)?, lang(b)?)));
            out.extend(pair.filter(|_| units > 0).map(|pair| (pair, units)));
        }
        Ok(out)
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = self.snapshot().searcher.num_docs();
        f.debug_struct("Memory").field("dir", &self.store.dir).field("units", &units).finish()
    }
}

fn lang(tag: &str) -> Option<Lang> {
    tag.parse().ok()
}

fn basic(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

/// The folder of a site.
fn folder(dir: &Path, site: &str) -> Result<PathBuf, MemoryError> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !site.starts_with(char::is_alphanumeric) || !site.chars().all(fits) || site.len() > 200 {
        return Err(MemoryError::Site(site.to_owned()));
    }
    Ok(dir.join(site))
}

fn size(dir: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(dir)? {
        // What a writer removes in the meantime is not there any more.
        bytes += entry?.metadata().map_or(0, |m| m.len());
    }
    Ok(bytes)
}
