//! Agents against hostile, broken and merely odd devices, by what a program sees of it: the kind of the error, what the
//! error says about the execution, how long it took, and what the device counted meanwhile. All on 127.0.0.1.

#![cfg(feature = "http")]

#[expect(
    dead_code,
    reason = "made for the HTTP tests, not all of which is needed here"
)]
#[path = "../http/certificates.rs"]
mod certificates;
mod device;
mod verdict;

mod framing;
