//! A browser without a window, driven by the WebDriver protocol: as much of it as the tests need.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// The key that moves to the next thing that can be used.
pub(crate) const TAB: &str = "\u{e004}";
/// The key that uses it.
pub(crate) const ENTER: &str = "\u{e007}";

/// How long a command may take: opening a browser takes longest.
const PATIENCE: Duration = Duration::from_secs(60);

const DRIVER: &str = "/usr/bin/chromedriver";

/// Whether a browser and its driver are installed.
pub(crate) fn is_installed() -> bool {
    Path::new(DRIVER).exists() && Path::new("/usr/bin/chromium").exists()
}

/// A browser with one page.
pub(crate) struct Browser {
    port: u16,
    session: String,
    _driver: Child,
}

impl Browser {
    /// A browser of this size, which takes any certificate; `phone`: it says that it is one.
    pub(crate) async fn open(width: u32, height: u32, phone: bool) -> Self {
        let mut driver = Command::new(DRIVER)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let port = port(&mut driver).await;
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &format!("--window-size={width},{height}"),
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "acceptInsecureCerts": true,
            "goog:chromeOptions": {"args": arguments},
        }}});
        let opened = request(port, "POST", "/session", &wanted).await;
        let session = opened["sessionId"].as_str().unwrap().to_owned();
        let browser = Self {
            port,
            session,
            _driver: driver,
        };
        if phone {
            let metrics =
                json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": true});
            let command = json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics});
            browser.post("goog/cdp/execute", &command).await;
        }
        browser
    }

    pub(crate) async fn visit(&self, url: &str) {
        self.post("url", &json!({ "url": url })).await;
    }

    /// The value of an expression in the page.
    pub(crate) async fn value(&self, expression: &str) -> Value {
        let script = format!("return {expression}");
        let command = json!({"script": script, "args": []});
        self.post("execute/sync", &command).await
    }

    /// Waits until an expression in the page has this value.
    pub(crate) async fn wait_for(&self, expression: &str, wanted: &Value) {
        let mut last = Value::Null;
        for _ in 0..150 {
            last = self.value(expression).await;
            if last == *wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{expression} is {last} and not {wanted}");
    }

    pub(crate) async fn click(&self, selector: &str) {
        let command = json!({"using": "css selector", "value": selector});
        let found = self.post("element", &command).await;
        let element = found.as_object().unwrap().values().next().unwrap();
        let path = format!("element/{}/click", element.as_str().unwrap());
        self.post(&path, &json!({})).await;
    }

    /// Presses and releases keys, one after the other.
    pub(crate) async fn press(&self, keys: &[&str]) {
        let actions: Vec<Value> = keys
            .iter()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": key})))
            .collect();
        let command = json!({"actions": [{"type": "key", "id": "keys", "actions": actions}]});
        self.post("actions", &command).await;
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let path = format!("/session/{}/{path}", self.session);
        request(self.port, "POST", &path, body).await
    }

    pub(crate) async fn close(self) {
        let path = format!("/session/{}", self.session);
        request(self.port, "DELETE", &path, &json!({})).await;
    }
}

/// The port that the driver says it listens on.
async fn port(driver: &mut Child) -> u16 {
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    loop {
        let line = lines
            .next_line()
            .await
            .unwrap()
            .expect("the driver says its port");
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return port.trim_end_matches('.').parse().unwrap();
        }
    }
}

/// A command to the driver, which ends the test when the driver does not answer.
async fn request(port: u16, method: &str, path: &str, body: &Value) -> Value {
    let answer = tokio::time::timeout(PATIENCE, exchange(port, method, path, body)).await;
    let Ok(answer) = answer else {
        panic!("the browser does not answer {method} {path} {body}");
    };
    assert!(answer["value"]["error"].is_null(), "{path}: {answer}");
    answer["value"].clone()
}

async fn exchange(port: u16, method: &str, path: &str, body: &Value) -> Value {
    let body = body.to_string();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = BufReader::new(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    // The driver keeps the connection, whatever it is asked: the length ends the answer.
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer).await.unwrap();
    serde_json::from_slice(&answer).unwrap()
}
