//! Agents against hostile, broken and merely odd devices, by what a program sees of it: the kind of the error, what the
//! error says about the execution, how long it took, and what the device counted meanwhile. All on 127.0.0.1.

#![cfg(feature = "http")]
#![allow(
    unreachable_pub,
    reason = "bindings are made to be a crate or a module of one"
)]

#[path = "../support/mod.rs"]
mod bindings;
#[expect(
    dead_code,
    reason = "made for the HTTP tests, not all of which is needed here"
)]
#[path = "../http/certificates.rs"]
mod certificates;
mod deeds;
mod device;
mod dice;
mod verdict;

mod auto_bulk;
mod bulks;
mod certificate_chains;
mod clock;
mod closers;
mod connections;
mod counting;
mod documents;
mod dropped;
mod framing;
mod limits;
mod many;
#[cfg(target_os = "linux")]
mod memory;
mod peers_behaviour;
mod redirects;
mod runtimes;
mod statuses;
mod values;
