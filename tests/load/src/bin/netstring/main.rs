//! Many calls at once on one connection of netstrings, beside the codec alone:
//! `cargo run --release -p xerus-load --bin netstring -- [--calls 5000] [--rounds 20]`
//!
//! Client and server of the library, in its mode for JSON-RPC, against the same codec with nothing around it but what tells answers
//! apart. Both run in this process, in turns. Ends with an error when a call is not answered or answered wrongly.

mod bare;
mod full;

use std::time::{Duration, Instant};

use xerus_load::{Failed, argument, cost};

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

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failed> {
    let calls: u32 = argument("--calls", 5_000)?;
    let rounds: u32 = argument("--rounds", 20)?;
    let (mut bare, mut full) = (Side::default(), Side::default());
    let own = std::process::id();
    let floor = bare::Pair::start().await?;
    let whole = full::Pair::start().await?;
    // The first round of each is for caches and connections.
    for round in 0..=rounds {
        let (began, before) = (Instant::now(), cost(own)?.processor);
        floor.calls(calls).await?;
        let (between, middle) = (Instant::now(), cost(own)?.processor);
        if round > 0 {
            bare.add(began, before, middle);
        }
        whole.calls(calls).await?;
        if round > 0 {
            full.add(between, middle, cost(own)?.processor);
        }
    }
    let count = f64::from(calls) * f64::from(rounds);
    println!("{calls} calls at once on one connection, {rounds} rounds");
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
