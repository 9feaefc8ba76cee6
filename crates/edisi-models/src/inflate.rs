//! Unpacking `.gz` files that others made.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::Error;
use crate::error::io_error;
use crate::files::{Cut, NewFile};

/// How a gzip file begins (RFC 1952).
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Writes to the new file `to` what is in `from`, unpacked if it is packed, and returns its SHA-256 and size.
/// It stops one byte after `limit`, whatever the file would unpack to. Messages call the content `what`; `each` is
/// told of bytes written and may stop.
///
/// # Errors
/// [`Error::BadFile`] for damaged content, [`Error::TooLarge`], those of the disk, what `each` says.
pub(crate) fn unpack(
    from: &Path,
    what: &str,
    to: &Path,
    limit: u64,
    each: impl FnMut(u64) -> Result<(), Error>,
) -> Result<(String, u64), Error> {
    let reading = |e| io_error("reading", from, e);
    let mut file = File::open(from).map_err(reading)?;
    let mut start = Vec::new();
    (&mut file).take(2).read_to_end(&mut start).map_err(reading)?;
    file.rewind().map_err(reading)?;
    let file = BufReader::new(file);
    let content: Box<dyn Read> =
        if start == MAGIC { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    write(content, from, what, to, limit, each)
}

/// As [`unpack`], of a file that is taken as it is.
///
/// # Errors
/// Those of [`unpack`].
pub(crate) fn copy(
    from: &Path,
    what: &str,
    to: &Path,
    limit: u64,
    each: impl FnMut(u64) -> Result<(), Error>,
) -> Result<(String, u64), Error> {
    let file = File::open(from).map_err(|e| io_error("reading", from, e))?;
    write(file, from, what, to, limit, each)
}

fn write(
    content: impl Read,
    from: &Path,
    what: &str,
    to: &Path,
    limit: u64,
    mut each: impl FnMut(u64) -> Result<(), Error>,
) -> Result<(String, u64), Error> {
    let mut out = NewFile::create(to.to_owned())?;
    let mut written = 0;
    let done = out.append(&mut content.take(limit.saturating_add(1)), |bytes| {
        written += bytes;
        if written > limit {
            return Err(Error::TooLarge { what: what.to_owned(), limit });
        }
        each(bytes)
    });
    match done {
        Ok(()) => out.finish(),
        Err(Cut::Other(e)) => Err(e),
        Err(Cut::Source(e)) => Err(match e.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
                Error::BadFile { what: what.to_owned(), reason: format!("it is damaged ({e})") }
            }
            _ => io_error("reading", from, e),
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = GzEncoder::new(Vec::new(), Compression::default());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn run(bytes: &[u8], limit: u64) -> Result<Vec<u8>, Error> {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("from"), dir.path().join("to"));
        std::fs::write(&from, bytes).unwrap();
        let (sha256, len) = unpack(&from, "it", &to, limit, |_| Ok(()))?;
        let got = std::fs::read(&to).unwrap();
        assert_eq!((sha256, len), (crate::files::sha256(&got), got.len() as u64));
        Ok(got)
    }

    #[test]
    fn packed_and_plain_files_give_their_content() {
        let content = b"Berita ".repeat(1000);
        assert_eq!(run(&gzip(&content), 7000).unwrap(), content);
        assert_eq!(run(&content, 7000).unwrap(), content);
        assert_eq!(run(&[gzip(b"a"), gzip(b"b")].concat(), 9).unwrap(), b"ab");
        assert_eq!(run(b"", 9).unwrap(), b"");
        assert_eq!(run(b"x", 9).unwrap(), b"x");
    }

    #[test]
    fn damage_and_bombs_are_refused() {
        let packed = gzip(&b"Berita ".repeat(1000));
        for end in [2, 9, packed.len() / 2, packed.len() - 1] {
            assert!(matches!(run(&packed[..end], 7000), Err(Error::BadFile { .. })), "{end}");
        }
        let mut changed = packed.clone();
        let middle = changed.len() - 6;
        changed[middle] ^= 1;
        assert!(matches!(run(&changed, 7000), Err(Error::BadFile { .. })));
        let trailing = [packed.as_slice(), b"more"].concat();
        assert!(matches!(run(&trailing, 7000), Err(Error::BadFile { .. })));
        assert!(matches!(run(&packed, 6999), Err(Error::TooLarge { limit: 6999, .. })));
        assert!(matches!(run(&gzip(&vec![0; 64 << 20]), 1 << 20), Err(Error::TooLarge { .. })));
        assert!(matches!(run(b"0123456789", 9), Err(Error::TooLarge { .. })));
    }
}
