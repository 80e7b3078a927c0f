//! A device that counts requests and answers after as many polls, or as much time, as a test says.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use serde_json::Value;
use xerus_rpc::bulk::AutoBulk;
use xerus_rpc::wire::{BoxFuture, Capabilities, Reply, Request, RequestId, Transport};
use xerus_rpc::{Agent, Call, Error, Json, Settings};

/// A request that arrived.
#[derive(Clone, Debug)]
pub struct Asked {
    pub rid: String,
    pub method: String,
    pub repeatable: bool,
    pub timeout: Duration,
    /// For a bulk request the calls in it: resource id, method and id.
    pub calls: Vec<(String, String, u64)>,
    pub bytes: usize,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let params: Value = serde_json::from_slice(request.args().by_name()).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let calls = params["requests"].as_array().into_iter().flatten();
        Self {
            rid: request.target().to_owned(),
            method: request.name().to_owned(),
            repeatable: request.is_repeatable(),
            timeout: request.timeout(),
            calls: calls
                .map(|part| {
                    let json = &part["json"];
                    (
                        text(&part["rid"]),
                        text(&json["method"]),
                        json["id"].as_u64().unwrap(),
                    )
                })
                .collect(),
            bytes: request.args().by_name().len(),
        }
    }

    pub fn is_bulk(&self) -> bool {
        self.rid == "/bulk"
    }

    /// Every call with its resource id as the result.
    pub fn echo(&self) -> String {
        if self.is_bulk() {
            let entries: Vec<String> = self
                .calls
                .iter()
                .map(|(rid, _, id)| entry(*id, &format!("{rid:?}")))
                .collect();
            responses(&entries)
        } else {
            format!(r#"{{"_ret_":{:?}}}"#, self.rid)
        }
    }
}

pub fn entry(id: u64, value: &str) -> String {
    format!(
        r#"{{"json":{{"jsonrpc":"2.0","result":{{"_ret_":{value}}},"id":{id}}},"statcode":200}}"#
    )
}

pub fn responses(entries: &[String]) -> String {
    format!(r#"{{"responses":[{}]}}"#, entries.join(","))
}

/// When the device answers.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// When it was asked so often after the first time.
    Polls(usize),
    After(Duration),
    Never,
}

/// What it answers: the text of a result, or an error.
pub type Answer = Result<String, Error>;

type Script = dyn Fn(&Asked, usize) -> (When, Answer) + Send + Sync;

pub struct Device {
    script: Box<Script>,
    pub capabilities: Capabilities,
    asked: Mutex<Vec<Asked>>,
    under_way: AtomicUsize,
    most: AtomicUsize,
}

impl Device {
    pub fn new(script: impl Fn(&Asked, usize) -> (When, Answer) + Send + Sync + 'static) -> Self {
        Self {
            script: Box::new(script),
            capabilities: Capabilities::NONE.with_bulk(true),
            asked: Mutex::default(),
            under_way: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        }
    }

    /// A device that answers each call with its resource id.
    pub fn echo(when: When) -> Self {
        Self::new(move |asked, _| (when, Ok(asked.echo())))
    }

    pub fn start(self) -> Started {
        self.start_with(AutoBulk::new(), Settings::default())
    }

    pub fn start_with(self, options: AutoBulk, settings: Settings) -> Started {
        let device = Arc::new(self);
        let agent = Agent::with_settings(options.around(device.clone(), &settings), settings);
        Started { device, agent }
    }
}

/// A device, and an agent for it that lets calls share requests.
pub struct Started {
    pub device: Arc<Device>,
    pub agent: Agent,
}

impl Started {
    pub fn asked(&self) -> Vec<Asked> {
        self.device.asked.lock().unwrap().clone()
    }

    /// For each request the number of calls in it; 0 for one that is no bulk.
    pub fn sizes(&self) -> Vec<usize> {
        self.asked().iter().map(|asked| asked.calls.len()).collect()
    }

    /// Requests under way now.
    pub fn under_way(&self) -> usize {
        self.device.under_way.load(Ordering::SeqCst)
    }

    /// Requests that were under way at a time.
    pub fn most_under_way(&self) -> usize {
        self.device.most.load(Ordering::SeqCst)
    }

    pub fn read(&self, number: usize) -> Call<Json> {
        let rid = format!("/o/{number}");
        self.agent.call(&rid, "getLabel", Json::EMPTY_OBJECT)
    }

    pub fn switch(&self, number: usize) -> Call<Json> {
        let rid = format!("/o/{number}");
        self.agent.call(&rid, "setPowerState", Json::EMPTY_OBJECT)
    }
}

/// What [`Device::echo`] answers to a call on this object.
pub fn own(number: usize) -> String {
    format!(r#"{{"_ret_":"/o/{number}"}}"#)
}

#[track_caller]
pub fn assert_own(result: Result<Json, Error>, number: usize) {
    assert_eq!(result.unwrap().get(), own(number));
}

/// One request under way.
struct UnderWay<'d>(&'d Device);

impl<'d> UnderWay<'d> {
    fn new(device: &'d Device) -> Self {
        let now = device.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        device.most.fetch_max(now, Ordering::SeqCst);
        Self(device)
    }
}

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
        self.capabilities
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let _guard = UnderWay::new(self);
            let asked = Asked::of(request);
            let number = {
                let mut all = self.asked.lock().unwrap();
                all.push(asked.clone());
                all.len()
            };
            let (when, answer) = (self.script)(&asked, number - 1);
            match when {
                When::Polls(mut left) => {
                    std::future::poll_fn(|context| {
                        if left == 0 {
                            return Poll::Ready(());
                        }
                        left -= 1;
                        context.waker().wake_by_ref();
                        Poll::Pending
                    })
                    .await;
                }
                When::After(time) => tokio::time::sleep(time).await,
                When::Never => std::future::pending().await,
            }
            let id = RequestId::new(1000 + number as u64);
            answer.map(|result| {
                let body = if result.starts_with(r#"{"error""#) {
                    result.replace("ID", &id.to_string())
                } else {
                    format!(r#"{{"jsonrpc":"2.0","result":{result},"id":{id}}}"#)
                };
                Reply::envelope(body, id).with_attempts(1).with_status(200)
            })
        })
    }
}
