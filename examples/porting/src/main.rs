//! Eight programs for the vendor's Python client (`python/`), and the same in Rust: a module for each.
//!
//! `porting PROGRAM https://pdu.example.com USER SHA256`, with the password in `XERUS_PASSWORD` and the fingerprint of the
//! device's certificate. The guide to them is `docs/guide/porting.md`.

mod bulk_helper;
mod bulk_wrapper;
mod errors;
mod metadata;
mod outlets;
mod servers;
mod switching;
mod threshold;

use std::error::Error;

use xerus_rpc::Agent;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [program, url, user, sha256] = arguments.as_slice() else {
        return Err("usage: porting PROGRAM URL USER SHA256, with XERUS_PASSWORD set".into());
    };
    let password = std::env::var("XERUS_PASSWORD")?;
    let agent = Agent::builder(url)
        .basic_auth(user, password)
        .pin_certificate_sha256(sha256) // instead of disable_certificate_verification=True
        .build()?;
    match program.as_str() {
        "metadata" => metadata::run(&agent).await?,
        "threshold" => threshold::run(&agent).await?,
        "switching" => switching::run(&agent).await?,
        "outlets" => outlets::run(&agent).await?,
        "servers" => servers::run(&agent).await?,
        "errors" => errors::run(&agent).await?,
        "bulk_helper" => bulk_helper::run(&agent).await?,
        "bulk_wrapper" => bulk_wrapper::run(&agent).await?,
        other => return Err(format!("there is no program {other}").into()),
    }
    Ok(())
}
