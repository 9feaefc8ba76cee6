//! Ctrl-C: asks the work to stop; asked twice, stops at once.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// From now on an interrupt sets [`flag`].
pub fn install() {
    // Without a handler an interrupt ends the program, which leaves no half-written file either.
    let _ = ctrlc::set_handler(|| {
        if REQUESTED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        let _ = writeln!(std::io::stderr(), "\nedisi: stopping; once more to stop at once");
    });
}

/// Whether someone has asked to stop.
pub fn is_asked() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}

/// Where someone asks to stop.
pub fn flag() -> &'static AtomicBool {
    &REQUESTED
}
