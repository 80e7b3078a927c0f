//! What the programs here have in common: arguments, and what the system says of a process.

use std::fs;
use std::str::FromStr;
use std::time::Duration;

/// Why a program ends early.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The value of `--name value` on the command line, or another.
///
/// # Errors
///
/// When the value is missing or none of its type.
pub fn argument<T: FromStr>(name: &str, otherwise: T) -> Result<T, Failed> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    match (arguments.next(), arguments.next()) {
        (None, _) => Ok(otherwise),
        (Some(_), Some(value)) => value
            .parse()
            .map_err(|_| format!("{name} {value}: not such a value").into()),
        (Some(_), None) => Err(format!("{name} needs a value").into()),
    }
}

/// What a process costs.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Memory in use, in MiB.
    pub memory: f64,
    /// Processor time so far.
    pub processor: Duration,
}

/// What a process costs until now, from `/proc`.
///
/// # Errors
///
/// When there is no such process, or the system has no `/proc`.
pub fn cost(process: u32) -> Result<Cost, Failed> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let kib: f64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.trim().strip_suffix("kB"))
        .ok_or("no VmRSS in /proc")?
        .trim()
        .parse()?;
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name before it is in parentheses, and may hold blanks.
    let (_, fields) = stat.rsplit_once(')').ok_or("no name in /proc")?;
    let ticks = |at: usize| -> Result<u64, Failed> {
        Ok(fields
            .split_whitespace()
            .nth(at)
            .ok_or("too few fields in /proc")?
            .parse()?)
    };
    // Hundredths of a second on every Linux.
    let processor = Duration::from_millis((ticks(11)? + ticks(12)?) * 10);
    Ok(Cost {
        memory: kib / 1024.0,
        processor,
    })
}

/// A value of a sorted list: `part` is 0.5 for the median.
#[must_use]
pub fn quantile(sorted: &[Duration], part: f64) -> Duration {
    let last = sorted.len().saturating_sub(1);
    let at = (last as f64 * part).round() as usize;
    sorted.get(at).copied().unwrap_or_default()
}

/// Numbers that look like chance and are the same for the same seed.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A sequence of its own for each seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        // The state of the generator must not be 0.
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next number (xorshift64*).
    pub fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    /// A number below `end`, 0 when there is none.
    pub fn below(&mut self, end: usize) -> usize {
        let next = self.number();
        usize::try_from(next % (end.max(1) as u64)).unwrap_or_default()
    }

    /// True in this part of all cases.
    pub fn chance(&mut self, part: f64) -> bool {
        (self.number() as f64) < part * (1_u64 << 53) as f64
    }

    /// One of a list that is not empty.
    pub fn one_of<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_even_and_the_same_for_a_seed() {
        let mut random = Random::new(7);
        let first: Vec<_> = (0..4).map(|_| random.number()).collect();
        let mut again = Random::new(7);
        assert!(first.iter().all(|number| again.number() == *number));
        assert_ne!(Random::new(8).number(), first[0]);
        let hits = (0..10_000).filter(|_| random.chance(0.25)).count();
        assert!((2_300..2_700).contains(&hits), "{hits}");
        assert!((0..1_000).all(|_| random.below(3) < 3));
        assert_eq!(random.below(0), 0);
    }

    #[test]
    fn this_process_costs_something_and_quantiles_are_of_the_list() {
        let now = cost(std::process::id()).unwrap();
        assert!(now.memory > 0.5, "{now:?}");
        assert!(cost(u32::MAX).is_err());
        let list: Vec<_> = (1..=100).map(Duration::from_secs).collect();
        assert_eq!(quantile(&list, 0.0).as_secs(), 1);
        assert_eq!(quantile(&list, 1.0).as_secs(), 100);
        assert_eq!(quantile(&list, 0.99).as_secs(), 99);
        assert_eq!(quantile(&[], 0.5), Duration::ZERO);
    }
}
