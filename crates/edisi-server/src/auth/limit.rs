//! How often somebody may ask.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Requests between two cleanings-up.
const SWEEP: u32 = 4096;

/// So many requests a minute for each of somebody.
pub struct Limit {
    limiter: Option<DefaultKeyedRateLimiter<String>>,
    asked: AtomicU32,
}

impl Limit {
    /// At most `per_minute` requests a minute, all of them at once if need be; any number when it is 0.
    pub fn new(per_minute: u32) -> Limit {
        let limiter = NonZeroU32::new(per_minute).map(|n| RateLimiter::keyed(Quota::per_minute(n)));
        Limit { limiter, asked: AtomicU32::new(0) }
    }

    /// Counts a request of `who`.
    ///
    /// # Errors
    /// How long to wait before the next.
    pub fn check(&self, who: &str) -> Result<(), Duration> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            // Forgets those who have not asked for long.
            limiter.retain_recent();
        }
        let wait = |not: governor::NotUntil<_>| not.wait_time_from(DefaultClock::default().now());
        limiter.check_key(&who.to_owned()).map_err(wait)
    }
}

/// The address at the other end of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Peer, Self::Rejection> {
        let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Peer(info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip())))
    }
}

impl Peer {
    /// Who asks: the peer itself, or, when it is one of the newsroom's own proxies, whom it says it asks for.
    pub fn client(self, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
        let is_proxy = |address: &IpAddr| proxies.contains(&plain(*address));
        if !is_proxy(&self.0) {
            return plain(self.0);
        }
        // Each proxy appends whom it was asked by: the last that is no proxy of ours is the one to believe.
        let said = headers.get_all("x-forwarded-for").iter().rev().filter_map(|v| v.to_str().ok());
        for address in said.flat_map(|line| line.rsplit(',')) {
            match address.trim().parse::<IpAddr>() {
                Ok(address) if is_proxy(&address) => {}
                Ok(address) => return plain(address),
                Err(_) => break,
            }
        }
        plain(self.0)
    }
}

/// What an address is counted as: whoever has an address of version 6 has at least a /64 of them.
pub fn counted(address: IpAddr) -> String {
    match plain(address) {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
    }
}

fn plain(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_too_often_waits_and_others_do_not() {
        let limit = Limit::new(3);
        for _ in 0..3 {
            assert_eq!(limit.check("a"), Ok(()));
        }
        let wait = limit.check("a").unwrap_err();
        assert!(wait > Duration::from_secs(10) && wait <= Duration::from_secs(20), "{wait:?}");
        assert_eq!(limit.check("b"), Ok(()));
        let none = Limit::new(0);
        assert!((0..1000).all(|_| none.check("a").is_ok()));
    }

    #[test]
    fn only_the_newsrooms_own_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "203.0.113.9, 198.51.100.7".parse().unwrap());
        let proxies = [ip("10.0.0.1"), ip("10.0.0.2")];
        assert_eq!(Peer(ip("192.0.2.1")).client(&headers, &proxies), ip("192.0.2.1"));
        assert_eq!(Peer(ip("10.0.0.1")).client(&headers, &[]), ip("10.0.0.1"));
        assert_eq!(Peer(ip("::ffff:10.0.0.1")).client(&headers, &proxies), ip("198.51.100.7"));
        headers.append("x-forwarded-for", "10.0.0.2".parse().unwrap());
        assert_eq!(Peer(ip("10.0.0.1")).client(&headers, &proxies), ip("198.51.100.7"));
        headers.append("x-forwarded-for", "nonsense".parse().unwrap());
        assert_eq!(Peer(ip("10.0.0.1")).client(&headers, &proxies), ip("10.0.0.1"));
        assert_eq!(counted(ip("2001:db8:1:2:3::4")), "2001:db8:1:2::");
    }
}
