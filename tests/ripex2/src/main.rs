//! The unit as a program, for clients in other languages: `ripex2-unit --port 8880 --offline 3 --forget`.

#![allow(clippy::print_stderr, reason = "a program of the command line")]

use std::process::ExitCode;

use xerus_ripex2_tests::options::{HELP, Options};
use xerus_ripex2_tests::unit;

#[tokio::main]
async fn main() -> ExitCode {
    if std::env::args().any(|argument| matches!(&*argument, "--help" | "-h")) {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(wrong) => {
            eprintln!("error: {wrong}");
            return ExitCode::from(2);
        }
    };
    let (serving, certificate) = match unit::serve(&options).await {
        Ok(served) => served,
        Err(why) => {
            eprintln!("error: cannot listen at port {}: {why}", options.port);
            return ExitCode::FAILURE;
        }
    };
    if let Some(certificate) = certificate {
        println!("{certificate}");
    }
    eprintln!("listening at {}", serving.url());
    eprintln!(
        "call it as ripex2+{}, user admin, password {}; --help has more",
        serving.url(),
        unit::PASSWORD
    );
    std::future::pending().await
}
