//! A device that answers as a test says, and remembers what it was asked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;
use xerus_rpc::error::HttpStatusError;
use xerus_rpc::wire::{BoxFuture, Capabilities, Reply, Request, RequestId, Transport};
use xerus_rpc::{Agent, Error};

/// A call that arrived, alone or in a bulk.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub rid: String,
    pub method: String,
    /// The arguments, byte for byte if it came alone.
    pub args: String,
}

impl Ask {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.args).unwrap()
    }
}

pub enum Answer {
    /// The members of the result.
    Result(String),
    Status(u16),
    /// The request that it is in fails.
    Fail(Error),
}

/// A return value.
pub fn ret(value: impl std::fmt::Display) -> Answer {
    Answer::Result(format!(r#"{{"_ret_":{value}}}"#))
}

type Script = dyn Fn(&Ask) -> Answer + Send + Sync;

pub struct Device {
    script: Box<Script>,
    start: Instant,
    requests: Mutex<Vec<(Duration, Vec<Ask>)>>,
    under_way: AtomicUsize,
    most: AtomicUsize,
    /// How often a request is polled before it is answered.
    pub polls: AtomicUsize,
    pub delay: Mutex<Duration>,
}

impl Device {
    pub fn new(script: impl Fn(&Ask) -> Answer + Send + Sync + 'static) -> (Arc<Self>, Agent) {
        let device = Arc::new(Self {
            script: Box::new(script),
            start: Instant::now(),
            requests: Mutex::default(),
            under_way: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            polls: AtomicUsize::new(0),
            delay: Mutex::default(),
        });
        let agent = Agent::with_transport(device.clone());
        (device, agent)
    }

    /// The calls of each request.
    pub fn requests(&self) -> Vec<Vec<Ask>> {
        let requests = self.requests.lock().unwrap();
        requests.iter().map(|(_, asks)| asks.clone()).collect()
    }

    /// The seconds at which requests arrived.
    pub fn times(&self) -> Vec<u64> {
        let requests = self.requests.lock().unwrap();
        requests.iter().map(|(time, _)| time.as_secs()).collect()
    }

    /// The methods called, in order; those of a bulk are one entry.
    pub fn methods(&self) -> Vec<String> {
        let name = |asks: Vec<Ask>| {
            let names: Vec<String> = asks.into_iter().map(|ask| ask.method).collect();
            names.join(" ")
        };
        self.requests().into_iter().map(name).collect()
    }

    pub fn sizes(&self) -> Vec<usize> {
        self.requests().iter().map(Vec::len).collect()
    }

    pub fn under_way(&self) -> usize {
        self.under_way.load(Ordering::SeqCst)
    }

    pub fn most_under_way(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    /// The result of a request with these calls, and whether it is a bulk.
    fn answer(&self, asks: &[(Ask, u64)], bulk: bool) -> Result<String, Error> {
        let mut entries = Vec::new();
        for (ask, id) in asks {
            entries.push(match (self.script)(ask) {
                Answer::Fail(error) => return Err(error),
                Answer::Status(status) if !bulk => {
                    return Err(HttpStatusError::new(status, "").into());
                }
                Answer::Status(status) => format!(r#"{{"json":{{}},"statcode":{status}}}"#),
                Answer::Result(result) if !bulk => return Ok(result),
                Answer::Result(result) => format!(
                    r#"{{"json":{{"jsonrpc":"2.0","result":{result},"id":{id}}},"statcode":200}}"#
                ),
            });
        }
        Ok(format!(r#"{{"responses":[{}]}}"#, entries.join(",")))
    }
}

fn asks(request: &Request) -> Vec<(Ask, u64)> {
    let args = std::str::from_utf8(request.args().by_name()).unwrap();
    if request.target() != "/bulk" {
        let ask = Ask {
            rid: request.target().to_owned(),
            method: request.name().to_owned(),
            args: args.to_owned(),
        };
        return vec![(ask, 0)];
    }
    let args: Value = serde_json::from_str(args).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let parts = args["requests"].as_array().unwrap();
    parts
        .iter()
        .map(|part| {
            let json = &part["json"];
            let ask = Ask {
                rid: text(&part["rid"]),
                method: text(&json["method"]),
                args: json["params"].to_string(),
            };
            (ask, json["id"].as_u64().unwrap())
        })
        .collect()
}

struct UnderWay<'d>(&'d Device);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Transport for Device {
    fn origin(&self) -> &str {
        "scripted"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE.with_bulk(true)
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            let _guard = UnderWay(self);
            let asks = asks(request);
            let id = {
                let mut requests = self.requests.lock().unwrap();
                let plain = asks.iter().map(|(ask, _)| ask.clone()).collect();
                requests.push((self.start.elapsed(), plain));
                RequestId::new(1000 + requests.len() as u64)
            };
            let delay = *self.delay.lock().unwrap();
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            let mut left = self.polls.load(Ordering::SeqCst);
            std::future::poll_fn(|context| {
                if left == 0 {
                    return Poll::Ready(());
                }
                left -= 1;
                context.waker().wake_by_ref();
                Poll::Pending
            })
            .await;
            let result = self.answer(&asks, request.target() == "/bulk")?;
            let body = format!(r#"{{"jsonrpc":"2.0","result":{result},"id":{id}}}"#);
            Ok(Reply::envelope(body, id).with_attempts(1).with_status(200))
        })
    }
}
