//! How fast one address may send forms. Pure: time is passed in. In memory and bounded, so a limit per process: it keeps a
//! flood off the disk; what must hold over a restart is the lock-out.

use std::{collections::HashMap, net::IpAddr, time::Duration};

/// So many at once: an office that pushes a morning's work.
const BURST: f64 = 240.0;
/// So many a second in the long run.
const RATE: f64 = 4.0;
/// So many addresses are remembered, about 100 bytes each.
const ADDRESSES: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Duration,
}

impl Bucket {
    fn at(&self, now: Duration) -> f64 {
        (self.left + now.saturating_sub(self.at).as_secs_f64() * RATE).min(BURST)
    }
}

/// A token bucket an address.
#[derive(Debug, Default)]
pub struct Buckets(HashMap<String, Bucket>);

impl Buckets {
    /// Takes one from the bucket of `address` at `now`, any clock that only grows; the seconds to wait when it is empty.
    ///
    /// # Errors
    /// The bucket is empty.
    pub fn take(&mut self, address: &str, now: Duration) -> Result<(), u64> {
        let key = network(address);
        if !self.0.contains_key(&key) && self.0.len() >= ADDRESSES {
            self.forget(now);
        }
        let bucket = self.0.entry(key).or_insert(Bucket { left: BURST, at: now });
        let left = bucket.at(now);
        // An address that goes on knocking gains nothing and loses nothing by it.
        *bucket = Bucket { left: if left >= 1.0 { left - 1.0 } else { left }, at: now.max(bucket.at) };
        if left >= 1.0 { Ok(()) } else { Err(((1.0 - left) / RATE).ceil() as u64) }
    }

    /// Forgets whom a new bucket would treat alike; when there is nobody like that, the half that waited longest.
    fn forget(&mut self, now: Duration) {
        self.0.retain(|_, bucket| bucket.at(now) < BURST);
        if self.0.len() >= ADDRESSES {
            let mut times: Vec<_> = self.0.values().map(|b| b.at).collect();
            let middle = times.len() / 2;
            let middle = *times.select_nth_unstable(middle).1;
            self.0.retain(|_, bucket| bucket.at > middle);
        }
    }
}

/// Whose bucket: an IPv4 address, or the /64 of an IPv6 one, which is what a line gets.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => ip.segments()[..4].iter().map(|s| format!("{s:x}:")).collect(),
        Ok(IpAddr::V4(ip)) => ip.to_string(),
        // A proxy's header may hold anything.
        Err(_) => address.chars().take(45).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_burst_passes_a_flood_does_not_and_patience_helps() {
        let mut buckets = Buckets::default();
        let passed = (0..1000).filter(|_| buckets.take("203.0.113.7", s(5)).is_ok()).count();
        assert_eq!(passed, 240);
        assert_eq!(buckets.take("203.0.113.7", s(5)), Err(1));
        assert_eq!(buckets.take("203.0.113.8", s(5)), Ok(()), "others go on");
        assert_eq!((0..9).filter(|_| buckets.take("203.0.113.7", s(6)).is_ok()).count(), 4);
        assert!(buckets.take("203.0.113.7", s(0)).is_err(), "a clock that goes back fills nothing");
        assert_eq!(
            (0..1000).filter(|_| buckets.take("203.0.113.7", s(1000)).is_ok()).count(),
            240,
            "no more is saved up"
        );
    }

    #[test]
    fn a_line_has_one_bucket_however_many_addresses_it_uses() {
        let mut buckets = Buckets::default();
        let passed =
            (0..1000).filter(|n| buckets.take(&format!("2001:db8:1:2::{n:x}"), s(0)).is_ok()).count();
        assert_eq!(passed, 240);
        assert_eq!(network("::ffff:203.0.113.7"), "203.0.113.7");
    }

    #[test]
    fn memory_is_bounded_and_who_floods_is_remembered_longest() {
        let mut buckets = Buckets::default();
        for n in 0..50_000u32 {
            if n % 100 == 0 {
                for _ in 0..5 {
                    buckets.take("198.51.100.1", s(u64::from(n / 1000))).ok();
                }
            }
            buckets.take(&IpAddr::from(n.to_be_bytes()).to_string(), s(u64::from(n / 1000))).ok();
            assert!(buckets.0.len() <= ADDRESSES);
        }
        assert!(buckets.0.contains_key("198.51.100.1"));
    }
}
