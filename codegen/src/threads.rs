//! On how many threads text is formatted.

use std::env;
use std::ffi::OsStr;
use std::num::NonZeroUsize;
use std::thread;

/// More threads than this gain nothing.
const MOST: usize = 8;

/// Types are parsed and formatted by recursion, and IDL may nest them 64 deep: three times what that takes in a program
/// without optimizations. Only what is used of a stack takes memory.
pub(crate) const STACK: usize = 32 << 20;

/// As many threads as there are cores, but no more than cargo gives a build script: other crates are compiled at the
/// same time. A build script that was not told how many it may have takes one.
pub(crate) fn count() -> usize {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let is_build_script = env::var_os("OUT_DIR").is_some();
    allowed(cores, env::var_os("NUM_JOBS").as_deref(), is_build_script)
}

fn allowed(cores: usize, jobs: Option<&OsStr>, is_build_script: bool) -> usize {
    let most = match jobs {
        Some(jobs) => jobs
            .to_str()
            .and_then(|jobs| jobs.parse().ok())
            .unwrap_or(1),
        None if is_build_script => 1,
        None => MOST,
    };
    cores.min(most).clamp(1, MOST)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::allowed;

    #[test]
    fn build_scripts_take_what_they_are_given() {
        for (cores, jobs, is_build_script, expected) in [
            (4, None, false, 4),
            (64, None, false, 8),
            (4, None, true, 1),
            (4, Some("2"), true, 2),
            (4, Some("2"), false, 2),
            (4, Some("16"), true, 4),
            (64, Some("64"), true, 8),
            (4, Some("0"), true, 1),
            (4, Some("many"), true, 1),
        ] {
            let found = allowed(cores, jobs.map(OsStr::new), is_build_script);
            assert_eq!(found, expected, "{cores} {jobs:?} {is_build_script}");
        }
    }
}
