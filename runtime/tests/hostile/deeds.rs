//! A device that keeps a book of what it executed, cuts connections wherever they can be cut, and gives every malformed
//! answer there is. What it does depends on the call and on how often that was asked, and on nothing else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::device::{Asked, Conduct, Greeting, Step, http};
use crate::dice::Dice;

/// How often each resource was asked and how often a call on it was executed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) asked: u32,
    pub(crate) executed: u32,
}

/// The book of a device, by resource id: each call of a test has one of its own.
pub(crate) type Book = Arc<Mutex<HashMap<String, Entry>>>;

pub(crate) struct Trickster {
    seed: u64,
    book: Book,
}

/// A call as it stands in a request.
struct Call {
    rid: String,
    method: String,
    id: String,
}

/// What happens on the device itself, before it answers.
#[derive(Clone, Copy)]
enum Deed {
    /// It executes all that it was asked.
    All,
    /// It refuses, and executes nothing.
    Nothing,
    /// It breaks somewhere on the way: any number of the calls, from the first on, was executed.
    Some,
}

impl Trickster {
    pub(crate) fn new(seed: u64) -> (Self, Book) {
        let book = Book::default();
        let device = Self {
            seed,
            book: Arc::clone(&book),
        };
        (device, book)
    }

    /// Notes that the calls were asked; the dice for what happens now.
    fn asked(&self, calls: &[Call]) -> Dice {
        let mut book = self.book.lock().expect("not poisoned");
        let mut times = 0;
        for call in calls {
            let entry = book.entry(call.rid.clone()).or_default();
            entry.asked += 1;
            times = entry.asked;
        }
        let first = calls.first().map_or("", |call| call.rid.as_str());
        let name = first.bytes().fold(0, |sum: u64, byte| {
            sum.wrapping_mul(257).wrapping_add(u64::from(byte))
        });
        Dice::new(&[self.seed, name, u64::from(times)])
    }

    fn execute(&self, calls: &[Call]) {
        let mut book = self.book.lock().expect("not poisoned");
        for call in calls {
            book.entry(call.rid.clone()).or_default().executed += 1;
        }
    }

    /// How many of the calls are executed; they are noted.
    fn carry_out(&self, calls: &[Call], deed: Deed, dice: &mut Dice) -> usize {
        let count = match deed {
            Deed::All => calls.len(),
            Deed::Nothing => 0,
            Deed::Some => dice.below(calls.len() + 1),
        };
        self.execute(&calls[..count]);
        count
    }

    fn single(&self, asked: &Asked, call: Call, dice: &mut Dice) -> Vec<Step> {
        let calls = [call];
        let (deed, steps) = match dice.below(12) {
            0..4 => (Deed::All, whole(&good(&calls[0]), dice)),
            4 => {
                let (deed, answer) = device_error(&calls[0].id, dice);
                (deed, whole(&answer, dice))
            }
            5 => (Deed::Some, whole(&no_answer(&calls[0].id, dice), dice)),
            6 => (Deed::All, whole(&odd_result(&calls[0].id, dice), dice)),
            _ => broken(asked, &good(&calls[0]), dice),
        };
        self.carry_out(&calls, deed, dice);
        steps
    }

    fn bulk(&self, asked: &Asked, calls: &[Call], dice: &mut Dice) -> Vec<Step> {
        let id = asked.json()["id"].to_string();
        let around = |entries: &[String]| {
            format!(
                r#"{{"jsonrpc":"2.0","result":{{"responses":[{}]}},"id":{id}}}"#,
                entries.join(",")
            )
        };
        let all = || calls.iter().map(good_entry).collect::<Vec<_>>();
        match dice.below(14) {
            0 | 1 => {
                self.execute(calls);
                whole(&around(&all()), dice)
            }
            // Each entry with a fault of its own.
            2..6 => {
                let mut entries = Vec::new();
                for call in calls {
                    let (executed, entry) = odd_entry(call, dice);
                    if executed {
                        self.execute(std::slice::from_ref(call));
                    }
                    entries.push(entry);
                }
                whole(&around(&entries), dice)
            }
            // Calls that were not executed have no entry.
            6 => {
                let count = self.carry_out(calls, Deed::Some, dice);
                whole(&around(&all()[..count]), dice)
            }
            // Entries that nobody asked for, twice, in disorder, or lost.
            7 => {
                self.execute(calls);
                let mut entries = all();
                match dice.below(4) {
                    0 => entries.push(r#"{"json":{},"statcode":200}"#.to_owned()),
                    1 => entries.reverse(),
                    2 => {
                        let last = entries.len() - 1;
                        entries[last] = entries[0].clone();
                    }
                    _ => {
                        let lost = dice.below(entries.len());
                        entries.remove(lost);
                        entries.push(r#"{"json":null,"statcode":200}"#.to_owned());
                    }
                }
                whole(&around(&entries), dice)
            }
            8 => {
                let body = *dice.pick(&[
                    "{}",
                    "null",
                    "[]",
                    r#"{"responses":null}"#,
                    r#"{"responses":{}}"#,
                    r#"{"responses":[],"responses":[]}"#,
                    r#"{"responses":[1,2]}"#,
                    r#"{"responses":"[]"}"#,
                ]);
                self.carry_out(calls, Deed::Some, dice);
                let text = format!(r#"{{"jsonrpc":"2.0","result":{body},"id":{id}}}"#);
                whole(&text, dice)
            }
            9 => {
                let (deed, answer) = device_error(&id, dice);
                self.carry_out(calls, deed, dice);
                whole(&answer, dice)
            }
            10 => {
                self.carry_out(calls, Deed::Some, dice);
                whole(&no_answer(&id, dice), dice)
            }
            _ => {
                let (deed, steps) = broken(asked, &around(&all()), dice);
                self.carry_out(calls, deed, dice);
                steps
            }
        }
    }
}

impl Conduct for Trickster {
    fn greet(&self, connection: usize, nth: usize) -> Greeting {
        let mut dice = Dice::new(&[self.seed, 1 << 40, connection as u64, nth as u64]);
        match dice.below(14) {
            // Before anything is read, and within the request.
            0 => Greeting::After(0, vec![end(&mut dice)]),
            1 => Greeting::After(1 + dice.below(150), vec![end(&mut dice)]),
            2 => {
                let bytes = dice.below(2) * 60;
                let farewell = http(408, "Connection: close\r\n", "");
                Greeting::After(bytes, vec![Step::Send(farewell), end(&mut dice)])
            }
            _ => Greeting::Listen,
        }
    }

    fn answer(&self, asked: &Asked) -> Vec<Step> {
        let document = asked.json();
        let call = |rid: &str, json: &serde_json::Value| Call {
            rid: rid.to_owned(),
            method: json["method"].as_str().unwrap_or_default().to_owned(),
            id: json["id"].to_string(),
        };
        match document["params"]["requests"].as_array() {
            Some(requests) => {
                let calls: Vec<Call> = requests
                    .iter()
                    .map(|part| call(part["rid"].as_str().unwrap_or_default(), &part["json"]))
                    .collect();
                let mut dice = self.asked(&calls);
                self.bulk(asked, &calls, &mut dice)
            }
            None => {
                let call = call(asked.rid(), &document);
                let mut dice = self.asked(std::slice::from_ref(&call));
                self.single(asked, call, &mut dice)
            }
        }
    }
}

fn end(dice: &mut Dice) -> Step {
    dice.pick(&[Step::Close, Step::Fin, Step::Reset]).clone()
}

/// The result that only this call can have.
fn result(call: &Call) -> String {
    if call.method == "getLabel" {
        format!(r#"{{"_ret_":"{}"}}"#, call.rid)
    } else {
        r#"{"_ret_":0}"#.to_owned()
    }
}

fn good(call: &Call) -> String {
    let result = result(call);
    format!(r#"{{"jsonrpc":"2.0","result":{result},"id":{}}}"#, call.id)
}

fn good_entry(call: &Call) -> String {
    format!(r#"{{"json":{},"statcode":200}}"#, good(call))
}

/// A document as a whole answer, after which the connection stays, or ends in any way, announced or not.
fn whole(document: &str, dice: &mut Dice) -> Vec<Step> {
    let length = format!("Content-Length: {}\r\n", document.len());
    let chunked = "Transfer-Encoding: chunked\r\n".to_owned();
    let in_chunks = format!("{:x}\r\n{document}\r\n0\r\n\r\n", document.len());
    let (framing, body) = match dice.below(8) {
        0 => (String::new(), document.to_owned()),
        1 => (chunked, in_chunks),
        _ => (length, document.to_owned()),
    };
    let undeclared = framing.is_empty();
    let head = *dice.pick(&[
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n",
        "HTTP/1.1 200 OK\r\nX-A: b\r\n c: d\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n",
        "HTTP/1.1 200\r\nContent-Type : text/html\r\n",
    ]);
    let mut steps = vec![Step::Send(format!("{head}{framing}\r\n{body}").into())];
    if undeclared || head.contains("close") {
        steps.push(Step::Wait(Duration::from_micros(500)));
        steps.push(end(dice));
    } else if dice.below(3) == 0 {
        if dice.coin() {
            steps.push(Step::Wait(Duration::from_micros(100)));
        }
        steps.push(end(dice));
    }
    steps
}

/// An answer that says that the device would not, or could not.
fn device_error(id: &str, dice: &mut Dice) -> (Deed, String) {
    let (deed, error) = *dice.pick(&[
        (Deed::Nothing, r#"{"code":-32700,"message":"Parse error"}"#),
        (Deed::Nothing, r#"{"code":-32600,"message":"Invalid"}"#),
        (
            Deed::Nothing,
            r#"{"code":-32601,"message":"No such method"}"#,
        ),
        (
            Deed::Nothing,
            r#"{"code":-32602,"message":"Bad parameters"}"#,
        ),
        (Deed::Nothing, r#"{"code":-32001,"message":"No"}"#),
        (
            Deed::Nothing,
            r#"{"code":5,"message":"Insufficient privileges to perform request."}"#,
        ),
        (Deed::Some, r#"{"code":-32603,"message":"Internal"}"#),
        (Deed::Some, r#"{"code":5,"message":"Broken"}"#),
        (Deed::Some, r#"{"code":-32000}"#),
    ]);
    let null = *dice.pick(&["", "", r#""result":null,"#]);
    let text = format!(r#"{{"jsonrpc":"2.0",{null}"error":{error},"id":{id}}}"#);
    (deed, text)
}

/// A document that is no answer to the request.
fn no_answer(id: &str, dice: &mut Dice) -> String {
    dice.pick(&[
        "",
        " ",
        "null",
        "5",
        "[]",
        "{}",
        "<html><body>Please log in</body></html>",
        r#"{"jsonrpc":"2.0","result":{"_ret_":0},"id":ID"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":0},"id":ID}}"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":0},"id":ID}{}"#,
        r#"[{"jsonrpc":"2.0","result":{"_ret_":0},"id":ID}]"#,
        r#"{'jsonrpc':'2.0','result':{'_ret_':0},'id':ID}"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":0},"id":987654321}"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":0},"id":"ID"}"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":0},"id":ID.0}"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":0},"id":null}"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":0}}"#,
        r#"{"jsonrpc":"1.0","result":{"_ret_":0},"id":ID}"#,
        r#"{"jsonrpc":2.0,"result":{"_ret_":0},"id":ID}"#,
        r#"{"jsonrpc":"2.0","id":ID}"#,
        r#"{"jsonrpc":"2.0","error":null,"id":ID}"#,
        r#"{"jsonrpc":"2.0","error":true,"id":ID}"#,
        r#"{"jsonrpc":"2.0","error":[],"id":ID}"#,
        r#"{"jsonrpc":"2.0","error":{},"id":ID}"#,
        r#"{"jsonrpc":"2.0","error":{"code":"x"},"id":ID}"#,
        r#"{"jsonrpc":"2.0","error":{"code":-32601,"code":5},"id":ID}"#,
        r#"{"jsonrpc":"2.0","error":{"code":-32601.5},"id":ID}"#,
        r#"{"jsonrpc":"2.0","error":{"code":-32601},"error":{"code":5},"id":ID}"#,
        r#"{"jsonrpc":"2.0","error":{"code":-32601},"id":987654321}"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":0},"error":{"code":-32601,"message":""},"id":ID}"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":0},"result":{"_ret_":1},"id":ID}"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":0},"id":ID,"id":ID}"#,
        r#"{"jsonrpc":"2.0","result":{"_ret_":"\ud800"},"id":ID,"x":}"#,
    ])
    .replace("ID", id)
}

/// An answer of a method that worked, with a refusal or with something that is not what the method returns.
fn odd_result(id: &str, dice: &mut Dice) -> String {
    let result = *dice.pick(&[
        r#"{"_ret_":1}"#,
        r#"{"_ret_":77}"#,
        r#"{"_ret_":true}"#,
        r#"{"_ret_":[]}"#,
        r#"{"_ret_":4294967296}"#,
        r#"{}"#,
        r#"[]"#,
        r#""x""#,
    ]);
    format!(r#"{{"jsonrpc":"2.0","result":{result},"id":{id}}}"#)
}

/// An entry of a bulk answer, and whether its call was executed.
fn odd_entry(call: &Call, dice: &mut Dice) -> (bool, String) {
    let id = &call.id;
    let entry = |json: &str, code: &str| format!(r#"{{"json":{json},"statcode":{code}}}"#);
    match dice.below(9) {
        0 | 1 => (true, good_entry(call)),
        2 => {
            let (deed, answer) = device_error(id, dice);
            let executed = matches!(deed, Deed::Some) && dice.coin();
            (executed, entry(&answer, "200"))
        }
        3 => {
            let answer = odd_result(id, dice);
            (true, entry(&answer, "200"))
        }
        4 => {
            let code = *dice.pick(&["400", "401", "403", "404", "408", "451"]);
            let json = *dice.pick(&["{}", "null", "[]"]);
            (false, entry(json, code))
        }
        5 => {
            let code = *dice.pick(&[
                "500",
                "503",
                "0",
                "-1",
                "204",
                "304",
                "99999",
                "1000000000000",
            ]);
            let json = *dice.pick(&["{}", "null"]);
            (dice.coin(), entry(json, code))
        }
        6 => {
            let text = *dice.pick(&[
                "null",
                "{}",
                "5",
                "[]",
                r#"{"json":null,"statcode":200}"#,
                r#"{"json":[],"statcode":200}"#,
                r#"{"json":{},"statcode":200}"#,
                r#"{"json":"x","statcode":200}"#,
                r#"{"json":"","statcode":200}"#,
                r#"{"statcode":200}"#,
                r#"{"statcode":404,"statcode":200,"json":{}}"#,
                r#"{"statcode":"404","json":{}}"#,
                r#"{"statcode":null,"json":{}}"#,
                r#"{"statcode":404.5,"json":{}}"#,
                r#"{"json":{}}"#,
            ]);
            (dice.coin(), text.to_owned())
        }
        7 => {
            let answer = no_answer(id, dice);
            // What is no JSON at all would be a fault of the whole answer.
            let fits = serde_json::from_str::<serde_json::Value>(&answer).is_ok();
            let text = serde_json::Value::from(answer.as_str()).to_string();
            (
                dice.coin(),
                entry(if fits { &answer } else { &text }, "200"),
            )
        }
        // The document as text, which is taken.
        _ => {
            let text = serde_json::Value::from(good(call)).to_string();
            (true, entry(&text, "200"))
        }
    }
}

/// An answer that is cut, or is none by the rules of HTTP, or says no by its status.
fn broken(asked: &Asked, document: &str, dice: &mut Dice) -> (Deed, Vec<Step>) {
    let send = |text: String| Step::Send(text.into());
    let declared = |status: &str, headers: &str, length: usize, body: &str| {
        format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n{body}")
    };
    let half = &document[..document.len() / 2];
    let arrive = Step::Wait(Duration::from_micros(200));
    match dice.below(12) {
        // After the request was read, before the answer.
        0 | 1 => (Deed::Some, vec![end(dice)]),
        2 => {
            let head = *dice.pick(&["H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 401 No\r\nContent-Le"]);
            (Deed::Some, vec![send(head.to_owned()), arrive, end(dice)])
        }
        3 => {
            let text = declared("200 OK", "", document.len(), half);
            (Deed::Some, vec![send(text), arrive, end(dice)])
        }
        4 => {
            let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            let text = format!("{head}{:x}\r\n{document}\r\n", document.len());
            (Deed::Some, vec![send(text), arrive, end(dice)])
        }
        5 => {
            let text = format!("HTTP/1.1 200 OK\r\n\r\n{half}");
            (Deed::Some, vec![send(text), arrive, end(dice)])
        }
        6 => {
            let text = *dice.pick(&[
                "<html>\r\n\r\n",
                "HTTP/9.9 200 OK\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: \0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
            ]);
            let ending = *dice.pick(&[true, false]);
            let mut steps = vec![send(text.to_owned())];
            if ending {
                steps.extend([arrive, end(dice)]);
            }
            (Deed::Some, steps)
        }
        // What says that nothing was executed.
        7 => {
            let status = *dice.pick(&[
                "400 X", "401 X", "403 X", "404 X", "408 X", "413 X", "451 X",
            ]);
            let close = *dice.pick(&["", "Connection: close\r\n"]);
            let text = declared(status, close, 2, "no");
            (Deed::Nothing, vec![send(text)])
        }
        8 => {
            let (deed, status) = *dice.pick(&[
                (Deed::Nothing, "301 X"),
                (Deed::Nothing, "302 X"),
                (Deed::Some, "303 X"),
                (Deed::Nothing, "307 X"),
                (Deed::Nothing, "308 X"),
            ]);
            let location = *dice.pick(&[
                "",
                "Location: \r\n",
                "Location: /login\r\n",
                "Location: http://192.0.2.1/\r\n",
                "Location: https://user:pw@127.0.0.1/\r\n",
                "Location: file:///etc/passwd\r\n",
            ]);
            let text = declared(status, location, 0, "");
            (deed, vec![send(text)])
        }
        // What says nothing of it.
        9 => {
            let status = *dice.pick(&[
                "201 X", "206 X", "300 X", "500 X", "502 X", "503 X", "599 X",
            ]);
            let text = declared(status, "Retry-After: 1\r\n", 2, "no");
            (Deed::Some, vec![send(text)])
        }
        // Another answer behind the answer, which would fit the next request.
        10 => {
            let id = asked.json()["id"].as_u64().unwrap_or_default();
            let next = format!(
                r#"{{"jsonrpc":"2.0","result":{{"_ret_":0,"responses":[]}},"id":{}}}"#,
                id + 1
            );
            let text = declared("200 OK", "", document.len(), document)
                + &declared("200 OK", "", next.len(), &next);
            (Deed::All, vec![send(text)])
        }
        // Silence, rarely: it costs time.
        _ if dice.below(8) == 0 => (Deed::Some, vec![Step::Hold]),
        _ => (Deed::Some, vec![send("\r\n".to_owned()), arrive, end(dice)]),
    }
}
