//! Many calls at once on one connection of netstrings, beside the codec alone:
//! `cargo bench -p xerus-benches --bench netstring`
//!
//! Client and server of the library, in its mode for JSON-RPC, against the same codec with nothing around it but what tells answers
//! apart. Both run in this process, in turns. Ends with an error when a call is not answered or answered wrongly.

mod bare;
mod full;
#[allow(clippy::all, dead_code, missing_docs, unreachable_pub)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/doubler.rs"));
}

use std::time::{Duration, Instant};

/// Why it ends early.
type Failed = Box<dyn std::error::Error + Send + Sync>;

const CALLS: u32 = 5_000;
const ROUNDS: u32 = 20;

const SIDES: [&str; 3] = ["codec", "library", "untyped"];

/// What is measured: all in turns, or one alone for a profile, with `--side codec`.
fn sides() -> Result<Vec<&'static str>, Failed> {
    let mut given = std::env::args().skip_while(|given| given != "--side");
    let Some(side) = given.nth(1) else {
        return Ok(SIDES.to_vec());
    };
    let found = SIDES.into_iter().find(|known| *known == side);
    let found = found.ok_or_else(|| format!("--side {side}: known are {}", SIDES.join(", ")))?;
    Ok(vec![found])
}

/// What one side did.
#[derive(Default)]
struct Side {
    processor: Vec<Duration>,
    wall: Vec<Duration>,
}

impl Side {
    fn totals(&self) -> (f64, f64) {
        let sum = |times: &[Duration]| times.iter().sum::<Duration>().as_secs_f64();
        (sum(&self.processor), sum(&self.wall))
    }
}

/// Processor time of the threads of this process so far: none of them ends while this measures.
fn processor() -> Result<Duration, Failed> {
    let mut sum = 0;
    for thread in std::fs::read_dir("/proc/self/task")? {
        let text = std::fs::read_to_string(thread?.path().join("schedstat"))?;
        let nanoseconds = text.split_whitespace().next().ok_or("an empty schedstat")?;
        sum += nanoseconds.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(sum))
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failed> {
    let sides = sides()?;
    let floor = bare::Pair::start().await?;
    let whole = full::Pair::start().await?;
    let mut seen: Vec<Side> = sides.iter().map(|_| Side::default()).collect();
    // The first round of each is for caches and connections.
    for round in 0..=ROUNDS {
        for (side, seen) in sides.iter().zip(&mut seen) {
            let (began, before) = (Instant::now(), processor()?);
            match *side {
                "codec" => floor.calls(CALLS).await?,
                "library" => whole.calls(CALLS).await?,
                _ => whole.untyped_calls(CALLS).await?,
            }
            if round > 0 {
                seen.wall.push(began.elapsed());
                seen.processor.push(processor()?.saturating_sub(before));
            }
        }
    }
    let count = f64::from(CALLS) * f64::from(ROUNDS);
    println!("{CALLS} calls at once on one connection, {ROUNDS} rounds");
    let first = seen[0].totals();
    for (side, seen) in sides.iter().zip(&seen) {
        let (processor, wall) = seen.totals();
        let name = match *side {
            "codec" => "codec alone",
            "library" => "the library",
            _ => "the library, without bindings",
        };
        println!(
            "{name}: {:.0} calls/s, {:.2} µs of processor time a call, both ends together; ratio {:.2} in processor time, {:.2} in time",
            count / wall,
            processor / count * 1e6,
            processor / first.0,
            wall / first.1
        );
    }
    Ok(())
}
