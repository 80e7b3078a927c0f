//! A code that was asked for must be looked at, alone and beside other results.
#![deny(unused_must_use)]

use xerus_rpc::{Agent, Call, Checked, Error};

async fn alone(switch: Call<(), Checked>) -> Result<(), Error> {
    switch.code().await?;
    Ok(())
}

async fn beside_one(lock: Call<i32, Checked>) -> Result<(), Error> {
    lock.code().await?;
    Ok(())
}

async fn beside_more(open: Call<(String, i32), Checked>) -> Result<(), Error> {
    open.code().await?;
    Ok(())
}

async fn in_a_bulk(agent: &Agent, switch: Call<(), Checked>) -> Result<(), Error> {
    let (code, all) = agent.bulk((switch.clone().code(), [switch.code()])).all().await?;
    code.check()?;
    all[0];
    Ok(())
}

fn main() {}
