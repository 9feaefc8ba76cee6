//! One module a subcommand.

pub mod backup;
pub mod bench;
pub mod check;
pub mod engines;
pub mod eval;
pub mod extract;
pub mod inputs;
pub mod memory;
pub mod models;
pub mod newsroom;
pub mod publish;
pub mod segment;
pub mod terms;
pub mod translate;
pub mod user;
mod wait;

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use edisi_edition::Pair;

use crate::failure::{Code, Failure};

/// Text files are read up to this size.
const MAX_TEXT: u64 = 1 << 30;

/// `id-en` as a pair.
pub fn pair(text: &str) -> Result<Pair, Failure> {
    let (source, target) = text.split_once('-').ok_or_else(|| {
        Failure::new(Code::Usage, format!("`{text}` is no pair of languages; write one such as id-en"))
    })?;
    let pair = Pair::new(source.parse()?, target.parse()?);
    if pair.source == pair.target {
        return Err(Failure::new(
            Code::Usage,
            format!("`{text}` names one language twice; write a pair such as id-en"),
        ));
    }
    Ok(pair)
}

/// A UTF-8 text file, or standard input for `-`.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read_bytes(path)?).map_err(|_| {
        Failure::new(Code::Input, format!("{} is not UTF-8 text; convert it first", path.display()))
    })
}

/// A file, or standard input for `-`.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        io::stdin().lock().take(MAX_TEXT).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|f| f.take(MAX_TEXT).read_to_end(&mut bytes))
    };
    read.map_err(|e| Failure::unreadable(path, &e))?;
    Ok(bytes)
}

/// Prints to standard output. Nobody reading on (`| head`) is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(Failure::unwritable("to standard output", &e)),
        _ => Ok(()),
    }
}
