//! How long whoever guesses must wait. Pure.

use chrono::TimeDelta;

/// A wrong password counts for so long.
pub const FORGET: TimeDelta = TimeDelta::hours(24);
/// So many are free for one login: people mistype.
const FREE_LOGIN: i64 = 5;
/// So many are free for one address: an office shares one.
const FREE_ADDRESS: i64 = 50;
/// The longest wait. Longer would let a stranger lock an inspector out for a day.
const LONGEST: TimeDelta = TimeDelta::minutes(15);

/// Whose failures are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// One login, from wherever.
    Login,
    /// One address, for whatever login.
    Address,
}

/// The wait after the `failures`th failure: none at first, then 1 s, doubled each time, 15 min at most.
pub fn wait(of: Of, failures: i64) -> TimeDelta {
    let free = match of {
        Of::Login => FREE_LOGIN,
        Of::Address => FREE_ADDRESS,
    };
    let over = failures - free;
    if over < 0 {
        return TimeDelta::zero();
    }
    TimeDelta::seconds(1i64 << over.min(20)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_mistype_guessers_wait() {
        let seconds: Vec<_> = [1, 4, 5, 6, 8, 20, 10_000].map(|n| wait(Of::Login, n).num_seconds()).to_vec();
        assert_eq!(seconds, [0, 0, 1, 2, 8, 900, 900]);
        assert_eq!(wait(Of::Address, 49), TimeDelta::zero());
        assert_eq!(wait(Of::Address, i64::MAX), LONGEST);
    }
}
