//! Makes guessing passwords slow: after a few failures every further try has to wait, longer each time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures are forgotten after this.
const MEMORY: Duration = Duration::from_secs(3600);
/// More keys than this are not remembered at once; the oldest go first.
const MOST: usize = 20_000;

/// How failures of one kind of key cost.
#[derive(Debug, Clone, Copy)]
struct Rule {
    /// So many are free.
    free: u32,
    /// The longest wait. Short for logins, so that nobody can lock a colleague out by failing on purpose.
    longest: Duration,
}

const LOGIN: Rule = Rule { free: 5, longest: Duration::from_secs(60) };
const ADDRESS: Rule = Rule { free: 20, longest: Duration::from_secs(900) };

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
    until: Instant,
}

/// What is remembered of failed sign-ins.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<String, Failures>>);

impl Throttle {
    /// How long this login, or this address, must still wait before it may try; `None` when it may.
    pub fn wait(&self, login: &str, address: &str, now: Instant) -> Option<Duration> {
        let map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = |(key, _): (String, Rule)| map.get(&key)?.until.checked_duration_since(now);
        keys(login, address).into_iter().filter_map(left).filter(|left| !left.is_zero()).max()
    }

    /// A try begins: counts as failed until [`Throttle::succeeded`], so that tries side by side count too.
    pub fn tried(&self, login: &str, address: &str, now: Instant) {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if map.len() >= MOST {
            map.retain(|_, f| now.duration_since(f.last) < MEMORY);
        }
        if map.len() >= MOST {
            let mut ages: Vec<Instant> = map.values().map(|f| f.last).collect();
            ages.sort_unstable();
            let half = ages[ages.len() / 2];
            map.retain(|_, f| f.last > half);
        }
        for (key, rule) in keys(login, address) {
            let one = map.entry(key).or_insert(Failures { count: 0, last: now, until: now });
            if now.duration_since(one.last) >= MEMORY {
                one.count = 0;
            }
            one.count += 1;
            one.last = now;
            if let Some(over) = one.count.checked_sub(rule.free) {
                let wait = Duration::from_secs(1 << over.min(20)).min(rule.longest);
                one.until = now + wait;
            }
        }
    }

    /// The password was right: nothing is held against the login any more, and the try not against the address.
    pub fn succeeded(&self, login: &str, address: &str) {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let [(login, _), (address, _)] = keys(login, address);
        map.remove(&login);
        if let Some(one) = map.get_mut(&address) {
            one.count = one.count.saturating_sub(1);
        }
    }
}

fn keys(login: &str, address: &str) -> [(String, Rule); 2] {
    // Logins of any length are kept by their hash.
    [(format!("l{}", super::secret::hash(login)), LOGIN), (format!("a{address}"), ADDRESS)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(throttle: &Throttle, login: &str, address: &str, times: u32, now: Instant) {
        (0..times).for_each(|_| throttle.tried(login, address, now));
    }

    #[test]
    fn waiting_grows_with_failures_of_a_login() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        fail(&throttle, "sari", "10.0.0.1", 4, now);
        assert_eq!(throttle.wait("sari", "10.0.0.1", now), None);
        fail(&throttle, "sari", "10.0.0.2", 1, now);
        assert_eq!(throttle.wait("sari", "10.0.0.9", now), Some(Duration::from_secs(1)));
        fail(&throttle, "sari", "10.0.0.3", 3, now);
        assert_eq!(throttle.wait("sari", "10.0.0.9", now), Some(Duration::from_secs(8)));
        assert_eq!(throttle.wait("sari", "10.0.0.9", now + Duration::from_secs(8)), None);
        fail(&throttle, "sari", "10.0.0.4", 30, now);
        assert_eq!(throttle.wait("sari", "10.0.0.9", now), Some(LOGIN.longest));
        assert_eq!(throttle.wait("budi", "10.0.0.9", now), None);
    }

    #[test]
    fn an_address_that_tries_many_logins_waits_too() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        (0..25).for_each(|i| throttle.tried(&format!("user{i}"), "10.0.0.1", now));
        assert_eq!(throttle.wait("another", "10.0.0.1", now), Some(Duration::from_secs(32)));
        assert_eq!(throttle.wait("another", "10.0.0.2", now), None);
    }

    #[test]
    fn the_right_password_and_time_heal() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        fail(&throttle, "sari", "10.0.0.1", 5, now);
        throttle.succeeded("sari", "10.0.0.1");
        assert_eq!(throttle.wait("sari", "10.0.0.1", now), None);
        fail(&throttle, "sari", "10.0.0.1", 10, now);
        fail(&throttle, "sari", "10.0.0.1", 1, now + MEMORY);
        assert_eq!(throttle.wait("sari", "10.0.0.2", now + MEMORY), None);
    }

    #[test]
    fn memory_is_bounded() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        (0..30_000_u32).for_each(|i| {
            throttle.tried(&i.to_string(), &i.to_string(), now + Duration::from_micros(u64::from(i)))
        });
        assert!(throttle.0.lock().unwrap().len() <= MOST + 2);
    }
}
