//! Actions over real HTTP, and processes that are really killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

#[cfg(feature = "blocking")]
use xerus_rpc::action::Check;
use xerus_rpc::action::{Action, ActionError, ActionEvent, Plan, Ticket};
use xerus_rpc::{Agent, Credentials, Error, Json};

use crate::device::{check, story};

/// What the device does with a check.
#[derive(Clone, Copy)]
enum Answer {
    Result(&'static str),
    /// Another status, with this page.
    Status(u16, &'static str),
    /// Closes the connection without a word.
    Cut,
    /// Answers 401 until somebody logs in with the right password.
    Forget,
}

struct Device {
    address: String,
    script: Vec<Answer>,
    /// Names of the methods called, and when.
    seen: Mutex<Vec<(String, Instant)>>,
}

impl Device {
    fn start(script: &[Answer]) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let device = Arc::new(Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            script: script.to_vec(),
            seen: Mutex::default(),
        });
        let serving = Arc::clone(&device);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let device = Arc::clone(&serving);
                thread::spawn(move || device.serve(stream));
            }
        });
        device
    }

    fn count(&self, method: &str) -> usize {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|(name, _)| name == method).count()
    }

    /// Answers until the client is gone, or is to be cut off.
    fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        loop {
            let (length, authorization) = head(&mut reader)?;
            let mut body = vec![0; length];
            reader.read_exact(&mut body).ok()?;
            let body = String::from_utf8(body).ok()?;
            let answer = self.answer(&body, &authorization)?;
            reader.get_mut().write_all(answer.as_bytes()).ok()?;
        }
    }

    fn answer(&self, body: &str, authorization: &str) -> Option<String> {
        let after = |name: &str| body.split(&format!("\"{name}\":")).nth(1);
        let method = after("method")?.split('"').nth(1)?.to_owned();
        let id: String = after("id")?
            .trim()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let number = self.count(&method);
        let answer = match &method[..] {
            "begin" => Answer::Result(r#"{"id":"4711"}"#),
            _ => *self.script.get(number).or(self.script.last())?,
        };
        self.seen.lock().unwrap().push((method, Instant::now()));
        match answer {
            // "admin:right"
            Answer::Forget if authorization.ends_with("YWRtaW46cmlnaHQ=") => {
                Some(result(r#"{"_ret_":77}"#, &id))
            }
            Answer::Forget => Some(http(401, "")),
            Answer::Result(text) => Some(result(text, &id)),
            Answer::Status(status, page) => Some(http(status, page)),
            Answer::Cut => None,
        }
    }
}

/// Length of the body, and who asks.
fn head(reader: &mut BufReader<TcpStream>) -> Option<(usize, String)> {
    let (mut length, mut authorization) = (0, String::new());
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            return Some((length, authorization));
        }
        match line.split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().ok()?;
            }
            Some((name, value)) if name.eq_ignore_ascii_case("authorization") => {
                value.clone_into(&mut authorization);
            }
            _ => {}
        }
    }
}

fn http(status: u16, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} Text\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn result(result: &str, id: &str) -> String {
    http(
        200,
        &format!(r#"{{"jsonrpc":"2.0","result":{result},"id":{id}}}"#),
    )
}

fn agent(url: &str) -> Agent {
    Agent::builder(url)
        .basic_auth("admin", "wrong")
        .build()
        .unwrap()
}

/// As fast as an action may go.
fn plan() -> Plan {
    let least = Duration::from_millis(100);
    Plan::new()
        .delay(least)
        .interval(least)
        .timeout(Duration::from_secs(60))
        .id("4711")
}

async fn begun(agent: &Agent) -> Action<i64, String> {
    let begin = Action::start(agent.call("/jobs", "begin", Json::EMPTY_OBJECT));
    begin.plan(|_| plan()).check(check).await.unwrap()
}

const ON: Answer = Answer::Result(r#"{"_ret_":10}"#);
const DONE: Answer = Answer::Result(r#"{"_ret_":100}"#);
const PAGE: &str = "<html><body>Starting</body></html>";

#[tokio::test]
async fn every_way_to_be_away() {
    let device = Device::start(&[
        ON,
        // Once more on another connection: the call is repeatable, so a cut alone is not seen.
        Answer::Status(503, PAGE),
        Answer::Status(200, PAGE),
        Answer::Status(200, ""),
        Answer::Status(502, ""),
        Answer::Status(504, PAGE),
        ON,
        DONE,
    ]);
    let mut action = begun(&agent(&device.address)).await;
    let story = story(&mut action).await;
    let codes = [
        "HttpStatus.Server",
        "Json.Syntax",
        "Json.Empty",
        "HttpStatus.Server",
        "HttpStatus.Server",
    ];
    assert_eq!(story[..2], ["started", "10"]);
    for (line, code) in story[2..7].iter().zip(codes) {
        assert!(line.ends_with(code), "{line}");
    }
    assert_eq!(story[7..], ["back after 0 s", "10", "4711 done"]);
}

#[tokio::test]
async fn a_device_that_hangs_up_and_one_that_is_gone() {
    let device = Device::start(&[Answer::Cut, Answer::Cut, Answer::Cut, Answer::Cut, DONE]);
    let mut action = begun(&agent(&device.address)).await;
    let first = action.check_once().await.unwrap();
    assert!(
        matches!(&first, ActionEvent::Away { error, .. } if error.code() == "ConnectionLost"),
        "{first:?}"
    );
    assert_eq!(action.wait().await.unwrap(), "4711 done");

    // What listens there speaks no TLS, as a device does that starts.
    let url = device.address.replace("http", "https");
    let ticket = action.ticket().with_origin(agent(&url).origin());
    let mut resumed = Action::resume(&agent(&url), ticket, check).unwrap();
    let event = resumed.check_once().await.unwrap();
    assert!(
        matches!(&event, ActionEvent::Away { error, .. } if error.code().starts_with("Tls.")),
        "{event:?}"
    );

    // Nobody listens there any longer.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://{port}");
    let ticket = action.into_ticket().with_origin(agent(&url).origin());
    let mut action = Action::resume(&agent(&url), ticket, check).unwrap();
    let event = action.check_once().await.unwrap();
    assert!(
        matches!(&event, ActionEvent::Away { error, .. } if error.code() == "Connect.Refused"),
        "{event:?}"
    );
}

#[tokio::test]
async fn a_session_that_is_gone() {
    let device = Device::start(&[ON, Answer::Forget, Answer::Forget, DONE]);
    let login =
        |agent: Agent| async move { agent.login(Credentials::basic("admin", "right")).await };
    let mut action = begun(&agent(&device.address)).await.on_session_gone(login);
    assert_eq!(
        story(&mut action).await,
        ["started", "10", "logged in", "77", "4711 done"]
    );

    let device = Device::start(&[Answer::Forget]);
    let end = begun(&agent(&device.address)).await.await.unwrap_err();
    assert!(
        matches!(&end, ActionError::Stopped { error, .. } if error.code() == "Auth.Unauthorized"),
        "{end:?}"
    );
    assert_eq!(device.count("howFar"), 1, "a wrong password is tried once");
}

const URL: &str = "XERUS_TEST_ACTION_URL";
const FILE: &str = "XERUS_TEST_ACTION_TICKET";

/// Begins the action, or asks on with the ticket in the file, and keeps the ticket there after each event.
async fn other_process(url: &str, file: &Path) -> Result<String, Error> {
    let agent = agent(url);
    let mut action = match fs::read_to_string(file) {
        Ok(ticket) => Action::resume(&agent, ticket.parse::<Ticket>()?, check)?,
        Err(_) => begun(&agent).await,
    };
    loop {
        let event = action.next().await.unwrap();
        // In one step, so that whoever is killed leaves a whole one.
        let beside = file.with_extension("new");
        fs::write(&beside, action.ticket().to_string()).unwrap();
        fs::rename(&beside, file).unwrap();
        if let ActionEvent::End(end) = event {
            return Ok(end?);
        }
    }
}

fn spawn(url: &str, file: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "wire::killed_at_every_step_and_resumed_by_another_process",
        ])
        .env(URL, url)
        .env(FILE, file)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn wait_until(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..3000 {
        if condition() {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("never happened: {what}");
}

/// This test is also what the other processes run: those have a URL.
#[test]
fn killed_at_every_step_and_resumed_by_another_process() {
    if let (Ok(url), Ok(file)) = (env::var(URL), env::var(FILE)) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let done = runtime.block_on(other_process(&url, Path::new(&file)));
        assert_eq!(done.unwrap(), "4711 done");
        return;
    }
    let script = [
        ON,
        Answer::Status(503, PAGE),
        ON,
        Answer::Status(200, PAGE),
        DONE,
    ];
    let file = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("action-{}.ticket", std::process::id()));
    for checks in 0..script.len() {
        let _ = fs::remove_file(&file);
        let device = Device::start(&script);
        let mut killed = spawn(&device.address, &file);
        wait_until("a step", || {
            file.exists() && device.count("howFar") >= checks
        });
        killed.kill().unwrap();
        killed.wait().unwrap();
        assert!(spawn(&device.address, &file).wait().unwrap().success());
        assert_eq!(device.count("begin"), 1);
        assert!(device.count("howFar") >= script.len());
    }
    fs::remove_file(&file).unwrap();
}

#[cfg(feature = "blocking")]
#[test]
fn goes_without_async() {
    let device = Device::start(&[Answer::Status(503, PAGE), DONE]);
    let begin = Action::start(agent(&device.address).call("/jobs", "begin", Json::EMPTY_OBJECT))
        .plan(|_| plan())
        .check(|agent, _| async move {
            agent.call("/jobs", "howFar", Json::EMPTY_OBJECT).await?;
            Ok(Check::<(), _>::Done(5))
        });
    assert_eq!(begin.send_blocking().unwrap().wait_blocking().unwrap(), 5);
    assert_eq!(device.count("howFar"), 2);
}
