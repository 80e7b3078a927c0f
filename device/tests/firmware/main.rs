//! Guided firmware updates of simulated devices, from the upload to the verified version.

#![allow(clippy::unwrap_used)] // helpers of tests

mod certificate;
mod elsewhere;
mod endings;
mod fleet;
mod good;
mod killed;
mod resume;
mod review;
mod upload;
mod world;
