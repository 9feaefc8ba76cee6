//! When to stop before the work is done.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Checked before every token.
#[derive(Debug, Clone, Copy, Default)]
pub struct Control<'a> {
    /// After this instant, what is not finished ends with [`Finish::Deadline`](crate::Finish::Deadline).
    pub deadline: Option<Instant>,
    /// Once true, what is not finished ends with [`Finish::Cancelled`](crate::Finish::Cancelled).
    pub cancel: Option<&'a AtomicBool>,
}

impl Control<'_> {
    /// Why to stop now, if at all.
    pub(crate) fn stop(&self) -> Option<crate::Finish> {
        if self.cancel.is_some_and(|c| c.load(Ordering::Relaxed)) {
            Some(crate::Finish::Cancelled)
        } else if self.deadline.is_some_and(|d| Instant::now() >= d) {
            Some(crate::Finish::Deadline)
        } else {
            None
        }
    }
}
