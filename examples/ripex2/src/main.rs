//! Changes the description of a RipEX2 radio modem. The unit may restart for that: the program waits for it, and when it is ended meanwhile, the
//! next run with the same description goes on waiting.
//!
//! `RIPEX_PASSWORD=… RIPEX_PIN=… ripex2 https://192.0.2.7 'Mast 4, south'`
//!
//! `RIPEX_PIN` is the SHA-256 fingerprint of the unit's certificate. The status is 0 when it is done, 3 when it is done with a warning, 4 when the
//! unit refused or failed, 5 when it was not done in time, and 1 for anything else.

#![allow(clippy::print_stderr, reason = "a program of the command line")]

use std::io;
use std::path::Path;
use std::process::ExitCode;

use xerus_rpc::action::{Action, ActionError, ActionEvent, Ticket};
use xerus_rpc::ripex2::{Details, Ripex2};
use xerus_rpc::{Agent, Error, ErrorKind, Json};

mod kept;

/// What is generated from `ripex2.idl`.
mod api {
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}

use api::ripex2::{SettingsState, Unit};
use kept::{keep, kept};

type Saving = Action<(), SettingsState>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(text)) = (arguments.next(), arguments.next()) else {
        eprintln!("ripex2 URL DESCRIPTION [TICKET-FILE]");
        return ExitCode::from(2);
    };
    let file = arguments.next().unwrap_or_else(|| "ripex2.ticket".into());
    match run(&url, &text, Path::new(&file)).await {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

type Failure = Box<dyn std::error::Error>;

async fn run(url: &str, text: &str, file: &Path) -> Result<u8, Failure> {
    let variable = |name: &str| std::env::var(name).ok();
    let mut builder = Ripex2::builder(url).login(
        variable("RIPEX_USER").unwrap_or_else(|| "admin".into()),
        variable("RIPEX_PASSWORD").unwrap_or_default(),
    );
    if let Some(pin) = variable("RIPEX_PIN") {
        builder = builder.pin_certificate_sha256(pin);
    }
    let agent = builder.build()?;
    let status = change(&agent, text, file).await;
    // However it ended: the unit keeps the session otherwise.
    agent.close().await;
    status
}

async fn change(agent: &Agent, text: &str, file: &Path) -> Result<u8, Failure> {
    let saving = match kept(text, file)? {
        Some(ticket) => resume(agent, ticket)?,
        None => {
            let settings = Unit::at(agent, "").settings_get().await?;
            let changed = describe(&settings.config_data, text);
            let changed = changed.ok_or("the configuration has no main.RR_StationDesc")?;
            match begin(agent, &changed).await {
                Ok(saving) => saving,
                Err(error) if is_refusal(&error) => return Ok(told(&error)),
                Err(error) => return Err(error.into()),
            }
        }
    };
    Ok(watch(saving, text, file).await?)
}

/// Hands a configuration in.
async fn begin(agent: &Agent, config: &Json) -> Result<Saving, Error> {
    Ok(Unit::at(agent, "").settings_save_init(config).await?)
}

/// Whether the unit, or the program before it, refused what was to be done.
fn is_refusal(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Rpc(_) | ErrorKind::Encode(_))
}

/// The configuration with another description of the station.
fn describe(config: &Json, text: &str) -> Option<Json> {
    let mut config: serde_json::Value = serde_json::from_str(config.get()).ok()?;
    *config.get_mut("main")?.get_mut("RR_StationDesc")? = text.into();
    config.to_string().parse().ok()
}

/// Goes on with what another run began.
fn resume(agent: &Agent, ticket: Ticket) -> Result<Saving, Error> {
    Action::follow(agent, ticket, |agent, ticket| {
        Unit::at(agent, ticket.target()).settings_save_reconnect(ticket.id())
    })
}

/// Waits for the end. The ticket is kept until then.
async fn watch(mut saving: Saving, text: &str, file: &Path) -> io::Result<u8> {
    loop {
        keep(&saving.ticket(), text, file)?;
        let end = match saving.next().await {
            Some(ActionEvent::End(end)) => end,
            Some(ActionEvent::Away { since, .. }) => {
                println!("away for {} s", since.as_secs());
                continue;
            }
            Some(ActionEvent::Warning(warning)) => {
                println!("warning: {warning}");
                continue;
            }
            Some(_) => continue,
            None => return Ok(1),
        };
        let status = match end {
            Ok(saved) => {
                println!("done: {}", saved.config_data);
                if saving.warnings().is_empty() { 0 } else { 3 }
            }
            Err(ActionError::TimedOut { overdue, .. }) => {
                println!("{overdue}");
                return Ok(5);
            }
            // How it ends is not known; the ticket stays good.
            Err(end @ ActionError::Stopped { .. }) => {
                println!("{end}");
                return Ok(1);
            }
            Err(end) => end.error().map_or(4, told),
        };
        std::fs::remove_file(file)?;
        return Ok(status);
    }
}

/// Tells why the unit refused, with the places in the configuration.
fn told(error: &Error) -> u8 {
    println!("{error}");
    for part in Details::of(error)
        .iter()
        .flat_map(|details| &details.suberrors)
    {
        println!("  {}: {}", part.seids.join(", "), part.text());
    }
    4
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use xerus_ripex2_tests::options::Options;
    use xerus_ripex2_tests::unit;

    use super::*;
    use crate::kept::tests::file;

    fn agent(url: String) -> Agent {
        Ripex2::builder(url)
            .login("admin", unit::PASSWORD)
            .build()
            .expect("a URL")
    }

    #[tokio::test]
    async fn another_run_goes_on_where_the_first_was_ended() {
        let options = Options {
            offline: Duration::from_secs(1),
            busy: Duration::from_millis(400),
            forget: true,
            ..Options::default()
        };
        let (serving, _) = unit::serve(&options).await.expect("a port");
        let first = agent(serving.url());
        let settings = Unit::at(&first, "").settings_get().await.expect("settings");
        let changed = describe(&settings.config_data, "Mast 4").expect("a description");
        let saving = begin(&first, &changed).await.expect("a beginning");
        let ticket = saving.into_ticket().to_string();
        drop(first);
        let second = agent(serving.url());
        let saving = resume(&second, ticket.parse().expect("a ticket")).expect("the same unit");
        let file = std::env::temp_dir().join(format!("ripex2-{}.ticket", std::process::id()));
        assert_eq!(watch(saving, "Mast 4", &file).await.expect("a file"), 0);
        assert!(!file.exists());
        let settings = Unit::at(&second, "")
            .settings_get()
            .await
            .expect("settings");
        assert!(settings.config_data.get().contains("Mast 4"));
    }

    #[tokio::test]
    async fn a_ticket_of_another_change_is_not_taken_for_this_one() {
        let (serving, _) = unit::serve(&Options::default()).await.expect("a port");
        let agent = agent(serving.url());
        let settings = Unit::at(&agent, "").settings_get().await.expect("settings");
        let changed = describe(&settings.config_data, "Mast 4").expect("a description");
        let saving = begin(&agent, &changed).await.expect("a beginning");
        let file = file("other");
        keep(&saving.ticket(), "Mast 4\nsouth", &file).expect("a file");
        let ticket = kept("Mast 4\nsouth", &file).expect("the same");
        assert_eq!(ticket.expect("a ticket").id(), saving.ticket().id());
        let before = std::fs::read_to_string(&file).expect("a file");
        let error = change(&agent, "Mast 5", &file).await.expect_err("another");
        assert!(error.to_string().contains("another change"), "{error}");
        assert_eq!(std::fs::read_to_string(&file).expect("a file"), before);
        std::fs::remove_file(&file).expect("a file");
    }

    #[tokio::test]
    async fn the_session_is_closed_however_it_ends() {
        let unit = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", unit.local_addr().expect("a port"));
        let (tell, served) = std::sync::mpsc::channel();
        std::thread::spawn(move || tell.send(scripts(&unit, 3)));
        // Its configuration has no description.
        let ended = run(&url, "Mast 4", &file("closed")).await;
        assert!(ended.is_err(), "{ended:?}");
        let asked = served.recv_timeout(Duration::from_secs(5));
        let asked = asked.expect("three requests");
        assert_eq!(asked, ["login.cgi", "rpc.cgi", "logout.cgi"]);
    }

    /// Answers so many requests, one on each connection, and tells to which scripts they went.
    fn scripts(unit: &std::net::TcpListener, requests: usize) -> Vec<String> {
        use std::io::{BufRead as _, BufReader, Read as _, Write as _};
        let answer = r#"{"token":"t","result":{"config_data":{}}}"#;
        let mut asked = Vec::new();
        while asked.len() < requests {
            let (stream, _) = unit.accept().expect("a connection");
            let mut stream = BufReader::new(stream);
            let (mut path, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).expect("a line");
                let line = line.trim_end().to_ascii_lowercase();
                if let Some(value) = line.strip_prefix("content-length: ") {
                    length = value.parse().expect("a number");
                } else if path.is_empty() {
                    path = line;
                } else if line.is_empty() {
                    break;
                }
            }
            stream.read_exact(&mut vec![0; length]).expect("a body");
            let head = format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                answer.len()
            );
            let all = [head.as_bytes(), answer.as_bytes()].concat();
            stream.get_mut().write_all(&all).expect("a write");
            let script = path.split(['/', ' ']).nth(3).unwrap_or_default();
            asked.push(script.to_owned());
        }
        asked
    }

    #[test]
    fn a_configuration_of_another_form_is_left_alone() {
        for config in ["{}", "[]", r#"{"main":{}}"#] {
            assert_eq!(
                describe(&config.parse().expect("JSON"), "x"),
                None,
                "{config}"
            );
        }
    }
}
