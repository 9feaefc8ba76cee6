//! `edisi eval`: how good translations, models and checks are.

mod guard;
mod model;
mod mt;

use std::ops::Range;
use std::path::Path;

use super::read_text;
use crate::args::{Eval, EvalWhat, Window};
use crate::failure::{Code, Failure};

pub fn run(args: &Eval) -> Result<(), Failure> {
    match &args.what {
        EvalWhat::Mt(args) => mt::run(args),
        EvalWhat::Model(args) => model::run(args),
        EvalWhat::Guard(args) => guard::run(args),
    }
}

/// The lines of a human translation, and which of them are asked for.
struct Reference {
    lines: Vec<String>,
    window: Range<usize>,
}

impl Reference {
    fn read(file: &Path, window: &Window) -> Result<Reference, Failure> {
        let lines: Vec<String> = read_text(file)?.lines().map(str::to_owned).collect();
        let start = window.skip.min(lines.len());
        let end = window.take.map_or(lines.len(), |n| window.skip.saturating_add(n).min(lines.len()));
        if start >= end {
            let message = format!("{} has {} lines; nothing is left to score", file.display(), lines.len());
            return Err(Failure::new(Code::Usage, message));
        }
        Ok(Reference { lines, window: start..end })
    }

    /// The lines asked for.
    fn taken(&self) -> &[String] {
        &self.lines[self.window.clone()]
    }

    /// The same lines of another file; one of the window's length is taken to be the window.
    fn beside(&self, file: &Path) -> Result<Vec<String>, Failure> {
        let text = read_text(file)?;
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if lines.len() == self.lines.len() {
            Ok(lines[self.window.clone()].to_vec())
        } else if lines.len() == self.window.len() {
            Ok(lines)
        } else {
            let message = format!(
                "{} has {} lines and the human translation {}; give files that match line by line",
                file.display(),
                lines.len(),
                self.lines.len()
            );
            Err(Failure::new(Code::Input, message))
        }
    }
}
