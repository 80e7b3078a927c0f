//! The side that calls. Nothing here knows which wire it is.

use xerus_rpc::{Agent, Error};

use crate::api::lab::{Counter, Negative};

/// Adds two numbers and one that is refused, and tells what came back.
pub(crate) async fn use_it(agent: &Agent) -> Result<String, Error> {
    let counter = Counter::at(agent, "/");
    counter.add(2).await?;
    let total = counter.add(3).await?;
    let refused = match counter.add(-1).await {
        Ok(_) => "taken".to_owned(),
        // What the IDL names is a type, with all that came with the error over whichever wire.
        Err(error) => match error.downcast::<Negative>() {
            Ok(negative) => format!("refused at {}: {}", negative.total, negative.text),
            Err(error) => error.to_string(),
        },
    };
    let count = counter.read().await?;
    Ok(format!(
        "total {total}, -1 {refused}, {} additions",
        count.additions
    ))
}
