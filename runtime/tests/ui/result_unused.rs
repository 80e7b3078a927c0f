//! A result that nobody looks at may be a refusal.
#![deny(unused_must_use)]

use xerus_rpc::{Agent, Call, Checked, Error, ProgressCall};

type Switch = Call<(), Checked>;

async fn single(switch: Switch) {
    switch.clone().await;
    switch.clone().await.map(drop);
    switch.await.and_then(|()| Ok(()));
}

async fn is_ok(switch: Switch) {
    switch.await.is_ok();
}

async fn list(agent: &Agent, switch: Switch) -> Result<(), Error> {
    agent.bulk([switch.clone()]).await?;
    agent.bulk([Some(switch.clone())]).await?;
    agent.bulk(vec![(switch.clone(), switch)]).await?;
    Ok(())
}

async fn tuple(agent: &Agent, switch: Switch) -> Result<(), Error> {
    agent.bulk((switch.clone(), switch.clone())).await?;
    agent.bulk((vec![switch.clone()], switch)).await?;
    Ok(())
}

async fn absent(agent: &Agent, switch: Switch) -> Result<(), Error> {
    agent.bulk((Some(switch.clone()), Some(switch))).await?;
    Ok(())
}

async fn all(agent: &Agent, switch: Switch) {
    agent.bulk([switch]).all().await;
}

async fn batch(agent: &Agent, switch: Switch) -> Result<(), Error> {
    let mut batch = agent.batch();
    let handle = batch.add(switch.clone());
    batch.add(switch);
    let mut results = batch.await?;
    results.take(handle);
    agent.batch().await?;
    Ok(())
}

async fn stream(test: ProgressCall<i32, (), Checked>) {
    test.clone().stream();
    test.stream().finish().await;
}

async fn notify(switch: Switch) {
    switch.notify().await;
}

fn main() {}
