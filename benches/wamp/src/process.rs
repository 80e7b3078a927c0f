//! Arguments of this process, and what it costs.

use std::fs;
use std::str::FromStr;
use std::time::Duration;

/// Why the program ends early.
pub(crate) type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The value of `--name value` on the command line, or another.
pub(crate) fn argument<T: FromStr>(name: &str, otherwise: T) -> Result<T, Failed> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    match (arguments.next(), arguments.next()) {
        (None, _) => Ok(otherwise),
        (Some(_), Some(value)) => value
            .parse()
            .map_err(|_| format!("{name} {value}: not such a value").into()),
        (Some(_), None) => Err(format!("{name} needs a value").into()),
    }
}

/// Processor time of this process so far, from `/proc`, in nanoseconds of its threads' run time.
pub(crate) fn processor() -> Result<Duration, Failed> {
    let mut sum = 0;
    for thread in fs::read_dir("/proc/self/task")? {
        let text = fs::read_to_string(thread?.path().join("schedstat"))?;
        let run = text
            .split_whitespace()
            .next()
            .ok_or("no figures in /proc")?;
        sum += run.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(sum))
}
