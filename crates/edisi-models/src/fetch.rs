//! Getting the wheels: from the package index through pip, or from a folder.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::catalogue::Wheel;
use crate::error::io_error;
use crate::{Error, Progress, Step};

/// How often a running download is looked at.
const POLL: Duration = Duration::from_millis(100);
/// How much of pip's error output is kept, in bytes.
const TAIL: usize = 2000;

/// Where wheels come from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The package index that pip is configured for, through this Python executable.
    PackageIndex {
        /// The executable.
        python: PathBuf,
    },
    /// A folder with wheels that were downloaded before, for machines without network.
    Folder(PathBuf),
}

impl Default for Source {
    /// The package index, through `$EDISI_PYTHON` or `python3`.
    fn default() -> Self {
        let python = std::env::var_os("EDISI_PYTHON").filter(|p| !p.is_empty());
        Source::PackageIndex { python: python.unwrap_or_else(|| "python3".into()).into() }
    }
}

impl Source {
    /// Makes the wheels available in the folder it returns: `scratch`, which must exist, or the source's own.
    pub(crate) fn provide<'a>(
        &'a self,
        wheels: &[Wheel],
        scratch: &'a Path,
        progress: &mut dyn Progress,
    ) -> Result<&'a Path, Error> {
        match self {
            Source::Folder(folder) => Ok(folder),
            Source::PackageIndex { python } => {
                download(python, wheels, scratch, progress)?;
                Ok(scratch)
            }
        }
    }
}

fn download(
    python: &Path,
    wheels: &[Wheel],
    scratch: &Path,
    progress: &mut dyn Progress,
) -> Result<(), Error> {
    let total = wheels.iter().map(|w| w.bytes).sum();
    progress.advance(Step::Download, 0, total);
    // The tags hold for a whole call of pip.
    let tags: BTreeSet<_> = wheels.iter().map(|w| w.tags.as_deref()).collect();
    for tags in tags {
        let wheels = wheels.iter().filter(|w| w.tags.as_deref() == tags);
        let packages = wheels.map(|w| format!("{}=={}", w.package, w.version)).collect();
        call_pip(python, tags, packages, scratch, total, progress)?;
    }
    progress.advance(Step::Download, total, total);
    Ok(())
}

fn call_pip(
    python: &Path,
    tags: Option<&str>,
    packages: Vec<String>,
    scratch: &Path,
    total: u64,
    progress: &mut dyn Progress,
) -> Result<(), Error> {
    // pip collects a file in TMPDIR before it moves it; there the disk is the model's and progress is seen.
    let temporary = scratch.join("tmp");
    std::fs::create_dir_all(&temporary).map_err(|e| io_error("writing", &temporary, e))?;
    let mut child = Command::new(python)
        .args(["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input", "--quiet"])
        .args(["--disable-pip-version-check", "--progress-bar=off", "--retries=2", "--timeout=20", "-d"])
        .arg(scratch)
        .args(tags.map(selecting).into_iter().flatten())
        .args(packages)
        .env("TMPDIR", &temporary)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| Error::NoPython { python: python.to_owned(), source })?;
    let mut stderr = child.stderr.take().expect("stderr is piped");
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        // A failure to read leaves a shorter message, nothing worse.
        let _ = stderr.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    });
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if progress.cancelled() => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(Error::Cancelled);
            }
            Ok(None) => {
                progress.advance(Step::Download, size_of(scratch).min(total), total);
                thread::sleep(POLL);
            }
            Err(e) => return Err(io_error("running", python, e)),
        }
    };
    if status.success() {
        return Ok(());
    }
    Err(explain(python, scratch, &reader.join().unwrap_or_default()))
}

/// pip's options that select the wheel with these tags on any machine.
fn selecting(tags: &str) -> Vec<String> {
    let mut tags = tags.splitn(3, '-');
    let mut next = || tags.next().unwrap_or_default();
    let (python, abi, platform) = (next(), next(), next());
    let digits = python.find(|c: char| c.is_ascii_digit()).unwrap_or(python.len());
    let (implementation, version) = python.split_at(digits);
    let options = [("implementation", implementation), ("python-version", version), ("abi", abi)];
    options.into_iter().chain([("platform", platform)]).map(|(k, v)| format!("--{k}={v}")).collect()
}

/// Which error pip's output describes. pip ends with "No matching distribution" when the index cannot be
/// reached, so the signs of that are looked for first.
fn explain(python: &Path, scratch: &Path, output: &str) -> Error {
    let says = |signs: &[&str]| signs.iter().any(|sign| output.contains(sign));
    let tail = tail(output);
    if says(&["No module named pip", "No module named 'pip'"]) {
        Error::NoPip { python: python.to_owned() }
    } else if says(&["No space left on device", "Disk quota exceeded"]) {
        Error::DiskFull { action: "downloading to", path: scratch.to_owned() }
    } else if says(&["NewConnectionError", "ConnectTimeout", "ReadTimeout", "NameResolution", "ProxyError"])
        || says(&["Connection refused", "Connection reset", "Max retries exceeded", "Network is unreachable"])
    {
        Error::Network { tail }
    } else {
        Error::PipFailed { tail }
    }
}

fn tail(output: &str) -> String {
    let output = output.trim();
    let start = output.ceil_char_boundary(output.len().saturating_sub(TAIL));
    output[start..].to_owned()
}

/// Bytes in a folder's files. Files that vanish while it looks are not counted.
fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let size = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => size_of(&entry.path()),
        Ok(meta) if entry.path().extension() != Some(OsStr::new("metadata")) => meta.len(),
        _ => 0,
    };
    entries.flatten().map(size).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pip_output_is_understood() {
        let explain = |output: &str| explain(Path::new("python3"), Path::new("scratch"), output);
        let retries = "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError(...)'\n\
                       ERROR: No matching distribution found for x==1";
        assert!(matches!(explain(retries), Error::Network { .. }));
        assert!(matches!(explain("/usr/bin/python3: No module named pip"), Error::NoPip { .. }));
        assert!(matches!(explain("OSError: [Errno 28] No space left on device"), Error::DiskFull { .. }));
        let Error::PipFailed { tail } = explain("ERROR: No matching distribution found for x==1") else {
            panic!("another kind");
        };
        assert_eq!(tail, "ERROR: No matching distribution found for x==1");
    }

    #[test]
    fn pip_is_told_which_wheel() {
        let want =
            ["--implementation=cp", "--python-version=38", "--abi=abi3", "--platform=manylinux_2_17_x86_64"];
        assert_eq!(selecting("cp38-abi3-manylinux_2_17_x86_64"), want);
    }

    #[test]
    fn a_long_output_is_cut_at_a_character() {
        let long = "é".repeat(TAIL);
        assert_eq!(tail(&long), "é".repeat(TAIL / 2));
        assert_eq!(tail(" short\n"), "short");
    }
}
