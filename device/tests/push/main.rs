//! A receiver of what devices push: who is let in, how much, how long, and what is in it.

#![allow(clippy::unwrap_used)] // helpers of tests

mod messages;
mod served;
mod service;
mod simulator;
