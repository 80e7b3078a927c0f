//! The side that calls. Nothing here knows which wire it is.

use xerus_rpc::{Agent, Error};

use crate::api::lab::Counter;

/// Adds two numbers and one that is refused, and tells what came back.
pub(crate) async fn use_it(agent: &Agent) -> Result<String, Error> {
    let counter = Counter::at(agent, "/");
    counter.add(2).await?;
    let total = counter.add(3).await?;
    let refused = match counter.add(-1).await {
        Ok(_) => "taken".to_owned(),
        Err(error) => {
            let told = error
                .as_rpc()
                .map(|rpc| rpc.name.unwrap_or("another error"));
            told.unwrap_or("no answer").to_owned()
        }
    };
    let count = counter.read().await?;
    Ok(format!(
        "total {total}, -1 is {refused}, {} additions",
        count.additions
    ))
}
