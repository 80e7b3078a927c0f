//! A channel that knows what is wanted.

use std::time::Duration;

use xerus_api::event::{Channel, Service};
use xerus_rpc::{Agent, Error};

use super::demand::{Demand, resolve};

/// Giving a channel back is not waited for any longer.
const GIVING_BACK: Duration = Duration::from_secs(5);

/// A channel that knows what is wanted; `None` when all are in use.
///
/// `made` learns of the channel before it is told anything.
pub(super) async fn open(
    agent: &Agent,
    demands: &[Demand],
    again: bool,
    made: impl FnOnce(&Channel),
) -> Result<Option<Channel>, Error> {
    let Some(channel) = Service::well_known(agent).create_channel().await? else {
        return Ok(None);
    };
    made(&channel);
    let wanted = resolve(agent, demands, again).await?;
    if !wanted.types.is_empty() {
        channel.demand_event_types(&wanted.types).await?;
    }
    if !wanted.selects.is_empty() {
        channel.demand_events(&wanted.selects).await?;
    }
    Ok(Some(channel))
}

/// Gives a channel back.
pub(super) async fn give_back(agent: &Agent, channel: &Channel) -> Result<(), Error> {
    let service = Service::well_known(agent);
    let given = service.destroy_channel(Some(channel)).timeout(GIVING_BACK);
    match given.await {
        // The device has given it up already.
        Err(error) if error.return_code() == Some(Service::INVALID_CHANNEL) => Ok(()),
        given => given,
    }
}
