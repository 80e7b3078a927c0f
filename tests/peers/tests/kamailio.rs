//! Kamailio in front of our netstring server, with both of its modules: results, errors, notifications, priorities, failover, hundreds of calls at
//! a time, answers that would come too late; and it is alive at the end.
//!
//! Where it is not installed the test is skipped, unless the variable `XERUS_PEERS` is `required`.

#![allow(clippy::unwrap_used)] // helpers of tests

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::net::UdpSocket;
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use xerus_rpc::TypeInfo;
use xerus_rpc::netstring::{NetstringServer, Serving};
use xerus_rpc::server::{Answer, Fault, Incoming, Reply, Router, Servant};

const LONG: Duration = Duration::from_secs(30);

fn is_installed() -> bool {
    let module = |name: &str| {
        let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
        let mut folders = folders.map(|folder| folder.path());
        folders.any(|folder| folder.join("kamailio/modules").join(name).exists())
    };
    let installed = module("jsonrpcc.so") && module("janssonrpcc.so");
    if !installed {
        assert!(
            std::env::var_os("XERUS_PEERS").is_none_or(|value| value != "required"),
            "XERUS_PEERS=required, but Kamailio is not installed (run tests/peers/install.sh)"
        );
        // Not through `eprintln!`, which the test harness keeps to itself while all is well.
        let line = "skipped: Kamailio (run tests/peers/install.sh)\n";
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
    installed
}

struct Users {
    name: &'static str,
    updates: AtomicUsize,
}

fn dispatch<'a>(users: &'a Arc<Users>, call: &Incoming<'a>) -> Result<Answer<'a>, Fault> {
    match call.method() {
        "get_user" => match call.argument::<i32>(0, "id")? {
            404 => Err(Fault::new(-32001, "no such user")),
            id => Ok(Reply::ok(format!("user {id}")).single()),
        },
        "who" => Ok(Reply::ok(users.name.to_owned()).single()),
        "update_user" => {
            users.updates.fetch_add(1, Ordering::SeqCst);
            Ok(Reply::ok(()).void())
        }
        "panic" => panic!("as the test wants"),
        "large" => Ok(Reply::ok("x".repeat(200_000)).single()),
        "sleep" => {
            let millis: i32 = call.argument(0, "millis")?;
            let pause = Duration::from_millis(millis.unsigned_abs().into());
            Ok(Reply::future(async move {
                tokio::time::sleep(pause).await;
                Ok(millis)
            })
            .single())
        }
        _ => Err(Fault::method_not_found()),
    }
}

async fn serve(name: &'static str, port: u16) -> (Serving, Arc<Users>) {
    let updates = AtomicUsize::new(0);
    let users = Arc::new(Users { name, updates });
    let info = TypeInfo::new("test.Users:1.0.0".parse().unwrap(), []);
    let router = Router::new();
    router.insert(
        "/users",
        Servant::of_type(info, Arc::clone(&users), dispatch),
    );
    let server = NetstringServer::new(router).bind(("127.0.0.1", port)).await;
    (server.unwrap(), users)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Module {
    Jsonrpcc,
    Janssonrpcc,
}

struct Kamailio {
    module: Module,
    process: Child,
    sip: Arc<UdpSocket>,
    waiting: Arc<Mutex<HashMap<String, oneshot::Sender<Answered>>>>,
    next: AtomicUsize,
}

#[derive(Debug)]
struct Answered {
    status: u16,
    body: String,
}

impl Kamailio {
    /// With two servers, the better one first.
    async fn start(module: Module, better: u16, worse: u16) -> Self {
        let name = format!("{module:?}").to_lowercase();
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("run")).unwrap();
        let sip = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let free = UdpSocket::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap();
        sip.connect(free).await.unwrap();
        let servers = match module {
            Module::Jsonrpcc => format!("127.0.0.1:{better},2 127.0.0.1:{worse},1"),
            Module::Janssonrpcc => [(better, 1), (worse, 2)]
                .map(|(port, priority)| {
                    format!(
                        "modparam(\"janssonrpcc\", \"server\", \"conn=main;addr=127.0.0.1;port={port};priority={priority}\")\n"
                    )
                })
                .concat(),
        };
        let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("kamailio/{name}.cfg"));
        let text = fs::read_to_string(source).unwrap();
        let (head, rest) = text.split_once("listen=").unwrap();
        let rest = rest
            .replace("LISTEN", &free.to_string())
            .replace("SERVERS", &servers);
        let file = folder.join("kamailio.cfg");
        fs::write(&file, format!("{head}listen={rest}")).unwrap();
        let process = Command::new("kamailio")
            .args(["-DD", "-E", "-m", "64", "-M", "8", "-f"])
            .arg(&file)
            .arg("-w")
            .arg(&folder)
            .arg("-Y")
            .arg(folder.join("run"))
            .arg("-P")
            .arg(folder.join("pid"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.join("log")).unwrap())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let sip = Arc::new(sip);
        let waiting: Arc<Mutex<HashMap<String, oneshot::Sender<Answered>>>> = Arc::default();
        tokio::spawn(receive(Arc::clone(&sip), Arc::clone(&waiting)));
        let next = AtomicUsize::new(1);
        let this = Self {
            module,
            process,
            sip,
            waiting,
            next,
        };
        this.until("who", r#"{}"#, 200, |_| true).await;
        this
    }

    async fn ask(&self, method: &str, params: &str, more: &str) -> Answered {
        let own = self.sip.local_addr().unwrap().port();
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let id = format!("{number}-{own}@test");
        let text = format!(
            "OPTIONS sip:{method}@127.0.0.1 SIP/2.0\r\n\
             Via: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bK{number}x{own}\r\n\
             From: <sip:test@127.0.0.1>;tag={number}\r\nTo: <sip:{method}@127.0.0.1>\r\n\
             Call-ID: {id}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 10\r\n\
             X-Params: {params}\r\n{more}Content-Length: 0\r\n\r\n"
        );
        let (sender, mut answer) = oneshot::channel();
        self.waiting.lock().unwrap().insert(id, sender);
        let start = Instant::now();
        loop {
            // While nobody listens yet, the socket says so; the request is repeated.
            let _ = self.sip.send(text.as_bytes()).await;
            if let Ok(answer) = tokio::time::timeout(Duration::from_secs(1), &mut answer).await {
                return answer.unwrap();
            }
            assert!(start.elapsed() < LONG, "{:?} does not answer", self.module);
        }
    }

    async fn call(&self, method: &str, params: Value) -> Answered {
        self.ask(method, &params.to_string(), "").await
    }

    /// Asks until the answer is such.
    async fn until(&self, method: &str, params: &str, status: u16, such: impl Fn(&str) -> bool) {
        let start = Instant::now();
        loop {
            let answer = self.ask(method, params, "").await;
            if answer.status == status && such(&answer.body) {
                return;
            }
            assert!(start.elapsed() < LONG, "{:?}: {answer:?}", self.module);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The result as text: one module gives it bare, the other as JSON.
    async fn result(&self, method: &str, params: Value) -> String {
        let answer = self.call(method, params).await;
        assert_eq!(
            answer.status, 200,
            "{:?}, {method}: {answer:?}",
            self.module
        );
        match self.module {
            Module::Jsonrpcc => answer.body,
            Module::Janssonrpcc => {
                let body: Value = serde_json::from_str(&answer.body).unwrap();
                let result = &body["result"];
                result
                    .as_str()
                    .map_or_else(|| result.to_string(), str::to_owned)
            }
        }
    }

    async fn error(&self, method: &str, params: Value) -> i64 {
        let answer = self.call(method, params).await;
        assert_eq!(
            answer.status, 500,
            "{:?}, {method}: {answer:?}",
            self.module
        );
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        let error = body.get("error").unwrap_or(&body);
        error["code"].as_i64().unwrap()
    }

    /// More calls at a time than the modules have places for: each ends, with its result or refused.
    async fn too_many(self: &Arc<Self>, count: usize) {
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..count {
            let this = Arc::clone(self);
            calls.spawn(async move { this.call("sleep", json!([200])).await.status });
        }
        let ended = calls.join_all().await;
        let results = ended.iter().filter(|status| **status == 200).count();
        assert!(
            results >= count / 3,
            "{:?}: {results} of {count}",
            self.module
        );
        // Those that the module has forgotten end by its own time.
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert_eq!(self.result("get_user", json!([1])).await, "user 1");
    }

    /// As many calls at a time; all must be answered.
    async fn many(self: &Arc<Self>, count: i32, millis: i32) {
        let mut calls = tokio::task::JoinSet::new();
        for id in 0..count {
            let this = Arc::clone(self);
            calls.spawn(async move {
                match millis {
                    0 => assert_eq!(
                        this.result("get_user", json!({"id": 1000 + id})).await,
                        format!("user {}", 1000 + id)
                    ),
                    _ => assert_eq!(
                        this.result("sleep", json!([millis])).await,
                        millis.to_string()
                    ),
                }
            });
        }
        while let Some(done) = calls.join_next().await {
            done.unwrap();
        }
    }
}

async fn receive(
    sip: Arc<UdpSocket>,
    waiting: Arc<Mutex<HashMap<String, oneshot::Sender<Answered>>>>,
) {
    let mut packet = vec![0; 1 << 16];
    loop {
        let Ok(length) = sip.recv(&mut packet).await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let text = String::from_utf8_lossy(&packet[..length]).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let id = head.lines().find_map(|line| line.strip_prefix("Call-ID: "));
        let (Some(status @ 200..), Some(id)) = (status, id) else {
            continue;
        };
        if let Some(call) = waiting.lock().unwrap().remove(id) {
            let body = body.to_owned();
            let _ = call.send(Answered { status, body });
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jsonrpcc_lives_with_our_server() {
    if is_installed() {
        live(Module::Jsonrpcc).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn janssonrpcc_lives_with_our_server() {
    if is_installed() {
        live(Module::Janssonrpcc).await;
    }
}

async fn live(module: Module) {
    let (better, users) = serve("better", 0).await;
    let (worse, worse_users) = serve("worse", 0).await;
    let port = better.address().port();
    let kamailio = Kamailio::start(module, port, worse.address().port()).await;
    let kamailio = Arc::new(kamailio);
    kamailio
        .until("who", "{}", 200, |body| body.contains("better"))
        .await;

    // Results, errors, notifications.
    assert_eq!(
        kamailio.result("get_user", json!({"id": 1234})).await,
        "user 1234"
    );
    assert_eq!(
        kamailio.result("get_user", json!([1234])).await,
        "user 1234"
    );
    let nothing = kamailio.result("update_user", json!({"id": 1})).await;
    assert_eq!(nothing.replace(' ', ""), "{}");
    assert_eq!(kamailio.error("get_user", json!({"id": 404})).await, -32001);
    assert_eq!(kamailio.error("missing", json!({})).await, -32601);
    assert_eq!(kamailio.error("get_user", json!({})).await, -32602);
    assert_eq!(kamailio.error("panic", json!({})).await, -32603);
    assert_eq!(kamailio.error("large", json!({})).await, -32000);
    let notified = kamailio
        .ask("update_user", r#"{"id": 1}"#, "X-Kind: notify\r\n")
        .await;
    assert_eq!(notified.status, 202);
    let start = Instant::now();
    while users.updates.load(Ordering::SeqCst) < 2 {
        assert!(start.elapsed() < LONG);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(
        worse_users.updates.load(Ordering::SeqCst),
        0,
        "the better one gets all"
    );

    // Many at a time, at once and slow; what takes too long never comes.
    kamailio.many(300, 0).await;
    kamailio.many(300, 100).await;
    for _ in 0..3 {
        let late = kamailio.call("sleep", json!([700])).await;
        match module {
            Module::Jsonrpcc => assert_eq!((late.status, &*late.body), (500, "timeout")),
            Module::Janssonrpcc => assert!(late.body.contains("-100"), "{late:?}"),
        }
        assert_eq!(kamailio.result("get_user", json!([1])).await, "user 1");
    }
    tokio::time::sleep(Duration::from_millis(400)).await;
    kamailio.many(500, 0).await;

    kamailio.too_many(700).await;

    // Failover, and back.
    better.shutdown().await;
    kamailio
        .until("who", "{}", 200, |body| body.contains("worse"))
        .await;
    let (_better, _) = serve("better", port).await;
    kamailio
        .until("who", "{}", 200, |body| body.contains("better"))
        .await;

    let mut kamailio = Arc::into_inner(kamailio).expect("all calls have ended");
    assert!(
        kamailio.process.try_wait().unwrap().is_none(),
        "{module:?} is alive"
    );
    assert_eq!(worse.counters().broken, 0);
    let pid = kamailio.process.id().unwrap();
    let ended = Command::new("kill")
        .arg(pid.to_string())
        .status()
        .await
        .unwrap();
    assert!(ended.success());
    let ended = tokio::time::timeout(LONG, kamailio.process.wait()).await;
    ended.expect("it ends at SIGTERM").unwrap();
}
