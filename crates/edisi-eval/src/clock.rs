//! Processor time of this thread, so that a busy machine does not make the checks look slow.

use std::time::Duration;

/// Measures from its making.
pub(crate) struct Clock {
    #[cfg(unix)]
    start: Duration,
    #[cfg(not(unix))]
    start: std::time::Instant,
}

#[cfg(unix)]
impl Clock {
    pub fn start() -> Clock {
        Clock { start: Clock::now() }
    }

    pub fn elapsed(&self) -> Duration {
        Clock::now().saturating_sub(self.start)
    }

    fn now() -> Duration {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
    }
}

#[cfg(not(unix))]
impl Clock {
    pub fn start() -> Clock {
        Clock { start: std::time::Instant::now() }
    }

    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}
