//! A device that knows a handful of methods, and answers alone or in bulk.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use xerus_rpc::error::HttpStatusError;
use xerus_rpc::recording::{Recorder, Redaction};
use xerus_rpc::wire::{
    BoxFuture, BoxStream, Capabilities, Credentials, DownloadRequest, Headers, IncomingFile, Item,
    Reply, Request, RequestId, Transport, UploadAnswer, UploadRequest,
};
use xerus_rpc::{Agent, Error, ErrorKind, Json};

/// What of a real device must not be in a file.
pub const HOST: &str = "rack4.example.com";
pub const USER: &str = "operator7";
pub const PASSWORD: &str = "Tr0ub4dor&3";
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub const SERIAL: &str = "QVX1234567";
pub const ADDRESS: &str = "10.20.30.40";
pub const MAC: &str = "00:0d:5d:12:34:56";
pub const ASSET: &str = "Blade of Alice";

#[derive(Default)]
pub struct Device {
    counter: AtomicU64,
}

impl Device {
    /// The whole answer to a call, or the status with which it is turned away.
    fn answer(&self, rid: &str, method: &str, params: &Value) -> Result<Value, u16> {
        let result = match (rid, method) {
            ("/counter", "getCount") => {
                json!({"_ret_": self.counter.fetch_add(1, Ordering::SeqCst)})
            }
            ("/outlet/1" | "/outlet/2", "getState") => json!({"_ret_": {"powerState": 1}}),
            ("/outlet/1", "setPowerState") => json!({"_ret_": 0}),
            ("/outlet/1", "getName") => json!({"_ret_": ASSET}),
            ("/session", "newSession") => {
                json!({"_ret_": 0, "session": {"username": USER, "remoteIp": ADDRESS}, "token": TOKEN})
            }
            ("/auth", "setPassword") => json!({"_ret_": 0}),
            ("/auth/user/operator7", "getInfo") => {
                json!({"_ret_": {"enabled": true, "auxInfo": {"eMail": "alice@example.com"}}})
            }
            ("/log", "getEntries") => json!({"_ret_": [
                {"text": format!("User {USER} logged in from {ADDRESS} with {TOKEN}")},
                {"text": format!("{HOST} ({MAC}, {SERIAL}) started")},
            ]}),
            ("/pdu", "getMetaData") => json!({"_ret_": {
                "serialNumber": SERIAL, "macAddress": MAC, "fwRevision": "4.0.20.5", "ports": 8,
                "first": {"rid": "/outlet/1", "type": "pdumodel.Outlet:2.1.7"},
            }}),
            ("/snmp", "getConfiguration") => {
                json!({"_ret_": [{"key": "community", "value": "c0mmun1ty"}, {"key": "port", "value": "161"}]})
            }
            (_, "getNothing") => Value::Null,
            (_, "fail") => {
                let error = json!({"code": -32601, "message": "no such method"});
                return Ok(json!({"error": error}));
            }
            ("/echo", "say") => json!({"_ret_": params["text"]}),
            _ => return Err(404),
        };
        Ok(json!({"result": result}))
    }

    fn document(&self, rid: &str, method: &str, params: &Value, id: &Value) -> Result<Value, u16> {
        let mut answer = self.answer(rid, method, params)?;
        answer["jsonrpc"] = json!("2.0");
        answer["id"] = id.clone();
        Ok(answer)
    }
}

impl Transport for Device {
    fn origin(&self) -> &str {
        "https://rack4.example.com:8443"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE
            .with_bulk(true)
            .with_stream(true)
            .with_notify(true)
            .with_files(true)
            .with_login(true)
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let params: Value = serde_json::from_slice(request.args().by_name()).unwrap();
            match request.name() {
                "wait" => tokio::time::sleep(Duration::from_secs(5)).await,
                "hang" => std::future::pending().await,
                "break" => return Err(Error::new(ErrorKind::ConnectionLost).with_sent(true, false)),
                "page" => return Ok(Reply::envelope("<html>busy</html>", RequestId::new(9))),
                _ => tokio::time::sleep(Duration::from_millis(10)).await,
            }
            let id = RequestId::new(9);
            let answer = if request.name() == "performBulk" {
                let each = |part: &Value| {
                    let (rid, call) = (part["rid"].as_str().unwrap(), &part["json"]);
                    let method = call["method"].as_str().unwrap();
                    match self.document(rid, method, &call["params"], &call["id"]) {
                        Ok(json) => json!({"json": json, "statcode": 200}),
                        Err(status) => json!({"json": {}, "statcode": status}),
                    }
                };
                let responses: Vec<_> = params["requests"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(each)
                    .collect();
                json!({"jsonrpc": "2.0", "result": {"responses": responses}, "id": 9})
            } else if request.name() == "wait" {
                json!({"jsonrpc": "2.0", "result": {"_ret_": 1}, "id": 9})
            } else {
                self.document(request.target(), request.name(), &params, &json!(9))
                    .map_err(|status| HttpStatusError::new(status, ""))?
            };
            Ok(Reply::envelope(answer.to_string(), id).with_attempts(1))
        })
    }

    fn notify<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn stream(self: Arc<Self>, _: Request) -> BoxStream<'static, Result<Item, Error>> {
        let last = r#"{"jsonrpc":"2.0","result":{"_ret_":0},"id":4}"#;
        Box::pin(futures_util::stream::iter([
            Ok(Item::Progress(Reply::bare("10"))),
            Ok(Item::Progress(Reply::bare("90"))),
            Ok(Item::Final(Reply::envelope(last, RequestId::new(4)))),
        ]))
    }

    fn download(&self, request: DownloadRequest) -> BoxFuture<'_, Result<IncomingFile, Error>> {
        Box::pin(async move {
            if request.target() == "/gone" {
                return Err(HttpStatusError::new(404, "").into());
            }
            let bytes = ["some ", "bytes"].map(|part| Ok(part.into()));
            let headers = [("Content-Type", "text/plain"), ("Set-Cookie", TOKEN)];
            Ok(
                IncomingFile::new(Box::pin(futures_util::stream::iter(bytes)))
                    .with_length(10)
                    .with_headers(headers.into_iter().collect()),
            )
        })
    }

    fn upload(&self, request: UploadRequest) -> BoxFuture<'_, Result<UploadAnswer, Error>> {
        use futures_util::StreamExt as _;
        Box::pin(async move {
            for part in request.into_parts().0 {
                let mut bytes = part.into_source().into_bytes();
                while bytes.next().await.is_some() {}
            }
            let headers: Headers = [("X-Response-Code", "0")].into_iter().collect();
            Ok(UploadAnswer::new(200, headers, "taken"))
        })
    }

    fn login(&self, _: Credentials) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// An agent of a device, and what is recorded of it.
pub fn recorded() -> (Agent, Recorder) {
    recorded_with(Redaction::new())
}

pub fn recorded_with(redaction: Redaction) -> (Agent, Recorder) {
    let recorder = Recorder::in_memory(redaction);
    let agent = Agent::with_transport(recorder.around(Arc::new(Device::default())));
    (agent, recorder)
}

pub fn json(text: &str) -> Json {
    text.parse().unwrap()
}

/// Calls without bindings.
pub async fn call(agent: &Agent, rid: &str, method: &str, params: &str) -> Result<String, Error> {
    let answer = agent.call(rid, method, json(params)).await?;
    Ok(answer.get().to_owned())
}
