//! Installing so that a model is there whole or not at all.
//!
//! Everything is made in `.staging-NAME` beside the models and renamed into place. Replacing moves the old
//! folder to `.old-NAME` first. Whoever holds the lock finds what an interrupted run left and puts it right.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::error::io_error;
use crate::files::sync_folder;
use crate::{Error, Progress};

const STAGING: &str = ".staging-";
const OLD: &str = ".old-";
/// How often to look whether the lock is free.
const POLL: Duration = Duration::from_millis(200);

/// The right to change the models' folder; ends when dropped, or with the process.
#[derive(Debug)]
pub(crate) struct Lock<'a> {
    models: &'a Path,
    _file: File,
}

/// A folder in the making; dropping it without [`commit`](Self::commit) removes it.
#[derive(Debug)]
pub(crate) struct Staging<'a> {
    lock: &'a Lock<'a>,
    root: PathBuf,
    name: &'a str,
}

impl<'a> Lock<'a> {
    /// Takes the lock, waiting for whoever has it when `wait` is set.
    pub(crate) fn take_for(models: &'a Path, wait: bool, progress: &mut dyn Progress) -> Result<Self, Error> {
        let mut told = false;
        loop {
            match Self::take(models) {
                Err(Error::Locked { .. }) if wait => {}
                taken => return taken,
            }
            if !told {
                progress.notice("waiting for another edisi that is installing or removing models");
                told = true;
            }
            if progress.cancelled() {
                return Err(Error::Cancelled);
            }
            thread::sleep(POLL);
        }
    }

    /// Takes the lock and cleans up after interrupted runs.
    pub(crate) fn take(models: &'a Path) -> Result<Self, Error> {
        fs::create_dir_all(models).map_err(|e| io_error("creating", models, e))?;
        let path = models.join(".lock");
        let open = File::options().create(true).truncate(false).write(true).open(&path);
        let file = open.map_err(|e| io_error("opening", &path, e))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::Locked { folder: models.to_owned() }),
            Err(TryLockError::Error(e)) => return Err(io_error("locking", &path, e)),
        }
        let lock = Lock { models, _file: file };
        lock.recover()?;
        Ok(lock)
    }

    fn recover(&self) -> Result<(), Error> {
        let fail = |e| io_error("reading", self.models, e);
        for entry in fs::read_dir(self.models).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            if let Some(model) = name.strip_prefix(OLD)
                && !self.models.join(model).exists()
            {
                rename(&entry.path(), &self.models.join(model))?;
            } else if name.starts_with(STAGING) || name.starts_with(OLD) {
                remove_folder(&entry.path())?;
            }
        }
        Ok(())
    }

    /// Where files are kept that are arriving.
    pub(crate) fn partials(&self) -> PathBuf {
        self.models.join(".partial")
    }

    /// Begins a model's folder.
    pub(crate) fn stage(&'a self, name: &'a str) -> Result<Staging<'a>, Error> {
        let staging = Staging { lock: self, root: self.models.join(format!("{STAGING}{name}")), name };
        for folder in [staging.model(), staging.scratch()] {
            fs::create_dir_all(&folder).map_err(|e| io_error("creating", &folder, e))?;
        }
        Ok(staging)
    }

    /// Removes a model's folder; it is gone, for everyone else, at once.
    pub(crate) fn remove(&self, name: &str) -> Result<(), Error> {
        let doomed = self.models.join(format!("{STAGING}{name}"));
        rename(&self.models.join(name), &doomed)?;
        sync_folder(self.models)?;
        remove_folder(&doomed)
    }
}

impl Staging<'_> {
    /// The name of the model in the making.
    pub(crate) fn name(&self) -> &str {
        self.name
    }

    /// The folder that becomes the model's.
    pub(crate) fn model(&self) -> PathBuf {
        self.root.join("model")
    }

    /// A folder for what is not to stay.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.root.join("scratch")
    }

    /// Puts the folder in its place, which it returns, replacing what was there.
    pub(crate) fn commit(self) -> Result<PathBuf, Error> {
        let models = self.lock.models;
        let (place, old) = (models.join(self.name), models.join(format!("{OLD}{}", self.name)));
        sync_folder(&self.model())?;
        let replaces = place.exists();
        if replaces {
            rename(&place, &old)?;
        }
        rename(&self.model(), &place)?;
        sync_folder(models)?;
        if replaces {
            remove_folder(&old)?;
        }
        Ok(place)
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next run.
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    fs::rename(from, to).map_err(|e| io_error("moving", from, e))
}

fn remove_folder(path: &Path) -> Result<(), Error> {
    fs::remove_dir_all(path).map_err(|e| io_error("removing", path, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_interrupted_runs_left_is_put_right() {
        let dir = tempfile::tempdir().unwrap();
        let models = dir.path().join("models");
        for folder in [".staging-a/model", ".old-b", ".old-c", "c"] {
            fs::create_dir_all(models.join(folder)).unwrap();
            fs::write(models.join(folder).join("was"), folder).unwrap();
        }
        drop(Lock::take(&models).unwrap());
        assert_eq!(names(&models), [".lock", "b", "c"]);
        assert_eq!(fs::read_to_string(models.join("b/was")).unwrap(), ".old-b");
        assert_eq!(fs::read_to_string(models.join("c/was")).unwrap(), "c");
    }

    #[test]
    fn only_one_may_install_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let lock = Lock::take(dir.path()).unwrap();
        assert!(matches!(Lock::take(dir.path()), Err(Error::Locked { .. })));
        drop(lock);
        Lock::take(dir.path()).unwrap();
    }

    #[test]
    fn a_folder_appears_on_commit_and_not_before() {
        let dir = tempfile::tempdir().unwrap();
        let lock = Lock::take(dir.path()).unwrap();
        drop(lock.stage("m").unwrap());
        assert_eq!(names(dir.path()), [".lock"]);
        for content in ["first", "second"] {
            let staging = lock.stage("m").unwrap();
            fs::write(staging.model().join("f"), content).unwrap();
            let place = staging.commit().unwrap();
            assert_eq!(fs::read_to_string(place.join("f")).unwrap(), content);
            assert_eq!(names(dir.path()), [".lock", "m"]);
        }
        lock.remove("m").unwrap();
        assert_eq!(names(dir.path()), [".lock"]);
    }
}
