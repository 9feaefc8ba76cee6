//! A file that is arriving.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::error::io_error;
use crate::files::sha256;

/// Files that nobody came back for are removed after this time.
const ABANDONED: Duration = Duration::from_secs(30 * 24 * 3600);

/// What is known of a file that is arriving; kept beside it as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    url: String,
    /// The file's size, once the server has said it.
    total: Option<u64>,
    /// `ETag` or `Last-Modified`: tells whether the file is still the same.
    validator: Option<String>,
    /// What has arrived, as ranges of bytes in order, none touching the next.
    have: Vec<Range<u64>>,
}

/// A file that is arriving, on the disk, with what is known of it. Whoever uses one holds the models' lock.
#[derive(Debug)]
pub(crate) struct Partial {
    data: PathBuf,
    state_file: PathBuf,
    file: File,
    state: State,
    /// Whether it goes on from what an earlier process left.
    resumed: bool,
    keep: bool,
}

impl Partial {
    /// What there is of `url` in `folder`, which is created; nothing, if there is nothing or it cannot be used.
    pub(crate) fn open(folder: &Path, url: &str) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(|e| io_error("creating", folder, e))?;
        remove_abandoned(folder);
        let data = folder.join(format!("{}.part", &sha256(url.as_bytes())[..24]));
        let state_file = data.with_extension("json");
        let open = File::options().create(true).truncate(false).read(true).write(true).open(&data);
        let file = open.map_err(|e| io_error("writing", &data, e))?;
        let mut partial =
            Partial { data, state_file, file, state: State::default(), resumed: false, keep: true };
        match partial.recall(url) {
            Some(state) => {
                partial.resumed = !state.have.is_empty();
                partial.state = state;
            }
            None => partial.restart(url)?,
        }
        Ok(partial)
    }

    fn recall(&self, url: &str) -> Option<State> {
        let state: State = serde_json::from_slice(&fs::read(&self.state_file).ok()?).ok()?;
        let len = self.file.metadata().ok()?.len();
        let end = state.total.unwrap_or(u64::MAX).min(len);
        let mut at = 0;
        let ordered = state.have.iter().all(|range| {
            let fits = at <= range.start && range.start < range.end && range.end <= end;
            at = range.end;
            fits
        });
        (state.url == url && ordered).then_some(state)
    }

    /// Forgets everything that has arrived.
    pub(crate) fn restart(&mut self, url: &str) -> Result<(), Error> {
        self.state = State { url: url.to_owned(), ..State::default() };
        self.resumed = false;
        self.save();
        self.file.set_len(0).map_err(|e| io_error("writing", &self.data, e))
    }

    /// Notes what the server says of the file.
    pub(crate) fn learn(&mut self, total: Option<u64>, validator: Option<String>) {
        self.state.total = total;
        self.state.validator = validator;
    }

    pub(crate) fn total(&self) -> Option<u64> {
        self.state.total
    }

    pub(crate) fn validator(&self) -> Option<&str> {
        self.state.validator.as_deref()
    }

    pub(crate) fn resumed(&self) -> bool {
        self.resumed
    }

    /// Bytes that have arrived.
    pub(crate) fn have(&self) -> u64 {
        self.state.have.iter().map(|r| r.end - r.start).sum()
    }

    /// What is missing of a file whose size is known, in pieces of at most `most` bytes.
    pub(crate) fn missing(&self, most: u64) -> Vec<Range<u64>> {
        let total = self.state.total.unwrap_or(0);
        let starts = std::iter::once(0).chain(self.state.have.iter().map(|r| r.end));
        let ends = self.state.have.iter().map(|r| r.start).chain([total]);
        let gaps = starts.zip(ends).filter(|(start, end)| start < end);
        gaps.flat_map(|(start, end)| {
            (start..end).step_by(most as usize).map(move |at| at..(at + most).min(end))
        })
        .collect()
    }

    /// Writes bytes at a place.
    pub(crate) fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), Error> {
        let written = self.file.seek(SeekFrom::Start(at)).and_then(|_| self.file.write_all(bytes));
        written.map_err(|e| io_error("writing", &self.data, e))?;
        self.add(at..at + bytes.len() as u64);
        Ok(())
    }

    fn add(&mut self, new: Range<u64>) {
        let have = &mut self.state.have;
        let first = have.partition_point(|r| r.end < new.start);
        let last = have.partition_point(|r| r.start <= new.end);
        let merged = have[first..last].iter().fold(new, |all, r| all.start.min(r.start)..all.end.max(r.end));
        have.splice(first..last, [merged]);
    }

    /// Writes down what has arrived. Failing to costs a later process some bytes and nothing else.
    pub(crate) fn save(&self) {
        if !self.keep {
            return;
        }
        let json = serde_json::to_vec(&self.state).expect("a state is JSON");
        let temporary = self.temporary();
        if fs::write(&temporary, json).and_then(|()| fs::rename(&temporary, &self.state_file)).is_err() {
            let _ = fs::remove_file(&temporary);
        }
    }

    fn temporary(&self) -> PathBuf {
        self.data.with_extension("json.new")
    }

    /// The file with what has arrived.
    pub(crate) fn path(&self) -> &Path {
        &self.data
    }

    /// Removes the file, which is not needed any more.
    pub(crate) fn discard(mut self) {
        self.keep = false;
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.keep {
            // What stays is removed when it is old.
            for path in [&self.data, &self.state_file, &self.temporary()] {
                let _ = fs::remove_file(path);
            }
        }
    }
}

/// Removes old files. What cannot be looked at or removed now is looked at again another time.
fn remove_abandoned(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let modified = entry.metadata().and_then(|meta| meta.modified());
        let age = modified.ok().and_then(|time| SystemTime::now().duration_since(time).ok());
        if age.is_some_and(|age| age > ABANDONED) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_arrived_is_remembered() {
        let dir = tempfile::tempdir().unwrap();
        let open = || Partial::open(dir.path(), "http://a/b").unwrap();
        let mut partial = open();
        assert!(!partial.resumed());
        partial.learn(Some(10), Some("tag".into()));
        partial.write(0, b"abc").unwrap();
        partial.write(6, b"gh").unwrap();
        partial.save();
        let again = open();
        assert!(again.resumed());
        assert_eq!((again.total(), again.validator(), again.have()), (Some(10), Some("tag"), 5));
        assert_eq!(again.missing(2), [3..5, 5..6, 8..10]);
        assert!(!Partial::open(dir.path(), "http://a/c").unwrap().resumed());
    }

    #[test]
    fn a_state_that_does_not_fit_its_file_is_not_believed() {
        let dir = tempfile::tempdir().unwrap();
        let url = "http://a/b";
        let mut partial = Partial::open(dir.path(), url).unwrap();
        partial.write(0, b"abc").unwrap();
        partial.save();
        let good = fs::read_to_string(&partial.state_file).unwrap();
        for bad in [
            good.replace("\"end\":3", "\"end\":4"),
            good.replace("\"total\":null", "\"total\":2"),
            good.replace("\"end\":3", "\"end\":0"),
            good.replace("a/b", "a/x"),
            "{".into(),
        ] {
            fs::write(&partial.data, b"abc").unwrap();
            fs::write(&partial.state_file, &bad).unwrap();
            let again = Partial::open(dir.path(), url).unwrap();
            assert_eq!((again.resumed(), again.have()), (false, 0), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn ranges_merge_as_sets_do(parts in prop::collection::vec((0u64..64, 1u64..16), 0..20)) {
            let dir = tempfile::tempdir().unwrap();
            let mut partial = Partial::open(dir.path(), "u").unwrap();
            partial.learn(Some(80), None);
            let mut set = [false; 80];
            for (start, len) in parts {
                partial.add(start..start + len);
                set[start as usize..(start + len) as usize].fill(true);
            }
            prop_assert_eq!(partial.have(), set.iter().filter(|b| **b).count() as u64);
            prop_assert!(partial.state.have.windows(2).all(|w| w[0].end < w[1].start));
            for gap in partial.missing(7) {
                prop_assert!(gap.end - gap.start <= 7);
                for at in gap {
                    prop_assert!(!std::mem::replace(&mut set[at as usize], true));
                }
            }
            prop_assert!(set.iter().all(|b| *b));
        }
    }
}
