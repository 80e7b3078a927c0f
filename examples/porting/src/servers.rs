//! The servers that the PDU watches.

use xerus_api::servermon::ServerMonitor;
use xerus_api::servermon::server_monitor::ServerReachability;
use xerus_rpc::{Agent, Error};

pub(crate) async fn run(agent: &Agent) -> Result<(), Error> {
    let monitor = ServerMonitor::at(agent, "/servermon");
    for (number, server) in monitor.list_servers().await? {
        let reachable = server.status.reachable == ServerReachability::Reachable;
        let answers = if reachable {
            "answers"
        } else {
            "does not answer"
        };
        let (host, pings) = (server.settings.host, server.status.requests);
        println!("{number}: {host} {answers}, {pings} pings");
    }
    Ok(())
}
