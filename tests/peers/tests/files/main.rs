//! The functions for files of the vendor's Python clients, beside ours: the same requests, the same bytes, the same codes.
//!
//! [`downloads`] and [`uploads`] compare what both send, with a device that keeps what comes; [`exchanged`] and [`scripts`] what both
//! get from the simulated device, where what one of them has saved the other restores.
//!
//! `install.sh` puts the clients into place. One that is not installed is skipped by name, unless the variable `XERUS_PEERS` is
//! `required`.

#![allow(clippy::unwrap_used)] // helpers of tests

mod downloads;
mod exchanged;
mod python;
mod scripts;
mod shelf;
mod uploads;
