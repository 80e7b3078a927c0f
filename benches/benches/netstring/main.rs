//! Many calls at once on one connection of netstrings, beside the codec alone:
//! `cargo bench -p xerus-benches --bench netstring`
//!
//! Client and server of the library, in its mode for JSON-RPC, against the same codec with nothing around it but what tells answers
//! apart. Both run in this process, in turns. Ends with an error when a call is not answered or answered wrongly.

mod bare;
mod full;

use std::time::{Duration, Instant};

/// Why it ends early.
type Failed = Box<dyn std::error::Error + Send + Sync>;

const CALLS: u32 = 5_000;
const ROUNDS: u32 = 20;

/// What is measured: both in turns, or one alone for a profile, with `--side codec` or `--side library`.
fn sides() -> Result<(bool, bool), Failed> {
    let mut given = std::env::args().skip_while(|given| given != "--side");
    match given.nth(1).as_deref() {
        None => Ok((true, true)),
        Some("codec") => Ok((true, false)),
        Some("library") => Ok((false, true)),
        Some(other) => Err(format!("--side {other}: known are codec and library").into()),
    }
}

/// What one side did.
#[derive(Default)]
struct Side {
    processor: Vec<Duration>,
    wall: Vec<Duration>,
}

impl Side {
    fn add(&mut self, began: Instant, before: Duration, after: Duration) {
        self.wall.push(began.elapsed());
        self.processor.push(after.saturating_sub(before));
    }

    fn totals(&self) -> (Duration, Duration) {
        (self.processor.iter().sum(), self.wall.iter().sum())
    }
}

/// Processor time of this process so far, from `/proc`: in hundredths of a second on every Linux.
fn processor() -> Result<Duration, Failed> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name before the fields is in parentheses, and may hold blanks.
    let (_, fields) = stat.rsplit_once(')').ok_or("no name in /proc")?;
    let ticks = |at: usize| -> Result<u64, Failed> {
        let field = fields.split_whitespace().nth(at);
        Ok(field.ok_or("too few fields in /proc")?.parse()?)
    };
    Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failed> {
    let (mut bare, mut full) = (Side::default(), Side::default());
    let (codec, library) = sides()?;
    let floor = bare::Pair::start().await?;
    let whole = full::Pair::start().await?;
    // The first round of each is for caches and connections.
    for round in 0..=ROUNDS {
        let (began, before) = (Instant::now(), processor()?);
        if codec {
            floor.calls(CALLS).await?;
        }
        let (between, middle) = (Instant::now(), processor()?);
        if round > 0 {
            bare.add(began, before, middle);
        }
        if library {
            whole.calls(CALLS).await?;
        }
        if round > 0 {
            full.add(between, middle, processor()?);
        }
    }
    let count = f64::from(CALLS) * f64::from(ROUNDS);
    println!("{CALLS} calls at once on one connection, {ROUNDS} rounds");
    let mut shown = Vec::new();
    for (name, side) in [("codec alone", &bare), ("the library", &full)] {
        let (processor, wall) = side.totals();
        let (processor, wall) = (processor.as_secs_f64(), wall.as_secs_f64());
        println!(
            "{name}: {:.0} calls/s, {:.2} µs of processor time a call, both ends together",
            count / wall,
            processor / count * 1e6
        );
        shown.push((processor, wall));
    }
    println!(
        "ratio: {:.2} in processor time, {:.2} in time",
        shown[1].0 / shown[0].0,
        shown[1].1 / shown[0].1
    );
    Ok(())
}
