//! The API of firmware 4.0.20, client and server side, compiled with warnings denied.

#![deny(warnings, missing_docs)]

include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
