//! One counter, implemented once, served over four wires at the same time, and called over each of them by the same generated code:
//! JSON-RPC over HTTP as Xerus devices speak it, JSON-RPC in netstrings, the API of a RipEX2, and WAMP when `BONDY_URL` says where a router
//! is (`REALM` and `AUTHMETHOD` as in `examples/wamp`).

mod client;
mod served;

#[allow(unreachable_pub, reason = "bindings are made for other crates")]
mod api {
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}

type Failed = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failed> {
    let doors = served::Doors::open(std::env::var_os("BONDY_URL").is_some()).await?;
    for (wire, agent) in doors.agents()? {
        println!("{wire}: {}", client::use_it(&agent).await?);
        agent.close().await;
    }
    println!("all together: {}", doors.total());
    doors.close().await;
    Ok(())
}
