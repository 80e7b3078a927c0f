//! The unit as a program, for clients in other languages: `ripex2-unit --port 8880 --offline 3 --forget`.

#![allow(clippy::print_stderr, reason = "a program of the command line")]

use xerus_ripex2_tests::options::Options;
use xerus_ripex2_tests::unit;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let options = Options::read(std::env::args().skip(1))?;
    let (serving, certificate) = unit::serve(&options).await?;
    if let Some(certificate) = certificate {
        println!("{certificate}");
    }
    eprintln!("listening at {}", serving.url());
    std::future::pending().await
}
