//! The vendor's own clients, which nobody here wrote, against the simulated device: each client with each firmware, area by area. After
//! every step the script waits while what it made of the answer is compared with what the device sends to our own client and
//! with what the model of the device knows.
//!
//! `install.sh` puts the clients into place. One that is not installed is skipped by name, unless the variable `XERUS_PEERS` is
//! `required`. What each can do with each firmware is written down in `docs/peers.md`.

#![allow(clippy::unwrap_used)] // helpers of tests

mod agree;
mod check;
mod client;
mod explain;
mod facts;
mod files;
mod own;
mod table;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use xerus_rpc::{Agent, ErrorKind, Json};
use xerus_sim::{Clock, Firmware, MakeUp, Running, Simulator};

use agree::difference;
use check::{Call, Check, check};
use client::{CLIENTS, Client, Invocation};
use explain::{Api, version_free};
use facts::{Fact, facts};
use files::Files;
use own::{Step, Steps};
use table::{Outcome, Outcomes};

const PASSWORD: &str = "pa:ss wörd";

/// Modules of the scripts, and what they are about.
const AREAS: &[(&str, &str)] = &[
    (
        "inventory",
        "inventory: outlets, inlets, poles, protectors, peripheral devices",
    ),
    ("metadata", "metadata"),
    ("settings", "settings, read and changed"),
    ("sensors", "sensors"),
    ("readings", "readings"),
    ("thresholds", "thresholds"),
    ("switch", "switching"),
    ("cycle", "power cycle"),
    ("groups", "several outlets at once: lists, all, groups"),
    ("bulk", "bulk requests"),
    ("session", "sessions"),
    ("events", "events of a switched outlet"),
    ("raw_configuration", "raw configuration"),
    ("bulk_configuration", "bulk configuration and backup"),
    ("certificates", "certificates"),
    ("diagnostics", "diagnostic data, logs"),
    ("firmware_update", "firmware: upload to verified update"),
];

/// A device whose time stands still but when a script asks it to pass.
async fn device(firmware: Firmware, clock: &Clock) -> Running {
    let mut make_up = MakeUp::default();
    (make_up.three_phase, make_up.overcurrent_protectors) = (true, 6);
    Simulator::builder()
        .make_up(make_up)
        .firmware(firmware)
        .user("admin", PASSWORD)
        .https(true)
        .clock(clock.clone())
        .listen("127.0.0.1:0")
        .start()
        .await
        .unwrap()
}

/// A client of our own.
fn agent(device: &Running) -> Agent {
    Agent::builder(device.url())
        .basic_auth("admin", PASSWORD)
        .danger_accept_invalid_certs()
        .build()
        .unwrap()
}

/// Time passes, and what waited for it does its work.
async fn pass(clock: &Clock, seconds: u64) {
    clock.advance(Duration::from_secs(seconds));
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

/// Everything that a step is judged by.
struct Judge<'a> {
    device: &'a Running,
    /// Our own client, which knows no types.
    agent: Agent,
    /// What the device has, and what the client was made for.
    api: &'a Api,
    client_api: &'a Api,
    fits: bool,
    /// Whether the values are those of our own bindings, which have a default for what was not sent.
    has_defaults: bool,
}

impl Judge<'_> {
    /// What the device answers to a call of our own.
    async fn sent(&self, call: &Call) -> Result<Value, String> {
        let params: Json = call.params.parse().unwrap();
        let answer = self.agent.call(&call.rid, call.method, params).await;
        let answer = answer.map_err(|error| format!("our own client gets no answer: {error}"))?;
        let answer: Value = serde_json::from_str(answer.get()).unwrap();
        Ok(match call.results {
            [one] => answer[one].clone(),
            several => several.iter().map(|name| answer[name].clone()).collect(),
        })
    }

    /// What is wrong with a value that a client reports.
    async fn fault(&self, step: &str, value: &Value) -> Option<String> {
        let Some(check) = check(step) else {
            return Some("nobody knows what this step must give".to_owned());
        };
        let known = facts(self.device.device(), step);
        let wrong = match check {
            Check::Sent(call) => match self.sent(&call).await {
                Ok(sent) if self.has_defaults => difference(&without_defaults(value, &sent), &sent),
                Ok(sent) => difference(value, &sent),
                Err(error) => Some(error),
            },
            Check::Is(must) => difference(value, &must),
            Check::Refused(how, code) => Some(format!("it was to be refused with {how} {code}")),
            Check::Events(must) => wrong_events(value, &must),
            Check::Known if known.is_empty() => {
                Some("nobody knows what this step must give".to_owned())
            }
            Check::Known => None,
        };
        wrong
            .or_else(|| known.iter().find_map(|fact| contradiction(value, fact)))
            .or_else(|| self.undeclared_reference(value))
    }

    /// A reference to an object of a type that this firmware does not have.
    fn undeclared_reference(&self, value: &Value) -> Option<String> {
        match value {
            Value::Array(items) => items
                .iter()
                .find_map(|item| self.undeclared_reference(item)),
            Value::Object(members) => {
                let rid = members
                    .get("rid")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                let opaque = rid
                    .strip_prefix("/tfwopaque/")
                    .and_then(|rid| rid.split('/').next());
                opaque
                    .filter(|id| !self.api.declares(id))
                    .map(|id| format!("{rid}: there is no {id} in this firmware"))
                    .or_else(|| {
                        members
                            .values()
                            .find_map(|item| self.undeclared_reference(item))
                    })
            }
            _ => None,
        }
    }

    /// Notes how a step went; a fault that nothing explains is returned.
    async fn judge(&self, outcome: &mut Outcome, step: &str, said: &Value) -> Option<String> {
        let error = &said["error"];
        if error.is_null() {
            let fault = self.fault(step, &said["value"]).await;
            match &fault {
                None => outcome.right += 1,
                Some(_) if !self.fits && is_empty_poll(step, &said["value"]) => {
                    outcome.failed(self.api.events_of_other_versions());
                    return None;
                }
                Some(_) => {}
            }
            return fault;
        }
        if let Some(Check::Refused(how, code)) = check(step)
            && error[how] == code
        {
            outcome.right += 1;
            return None;
        }
        match self.api.explain(error, self.client_api) {
            // What a client does not have it need not do.
            Some(_) if error["lacks"] == true => None,
            Some(reason) if !self.fits => {
                outcome.failed(reason);
                None
            }
            _ => Some(error.to_string()),
        }
    }
}

/// The value without members that were not sent.
fn without_defaults(value: &Value, sent: &Value) -> Value {
    match (value, sent) {
        (Value::Object(members), Value::Object(sent)) => members
            .iter()
            .filter_map(|(name, value)| {
                Some((name.clone(), without_defaults(value, sent.get(name)?)))
            })
            .collect(),
        (Value::Array(items), Value::Array(sent)) if items.len() == sent.len() => items
            .iter()
            .zip(sent)
            .map(|(item, sent)| without_defaults(item, sent))
            .collect(),
        _ => value.clone(),
    }
}

fn contradiction(value: &Value, fact: &Fact) -> Option<String> {
    match fact {
        Fact::At(pointer, known) => {
            let difference = difference(value.pointer(pointer)?, known)?;
            Some(format!("{pointer}{difference}, as the model knows"))
        }
        Fact::Length(known) => {
            let length = value.as_array().map(Vec::len);
            (length != Some(*known))
                .then(|| format!("{length:?} elements, but the model has {known}"))
        }
    }
}

/// Polled events are two values: whether there are more, and the events.
fn wrong_events(value: &Value, must: &[(&str, String)]) -> Option<String> {
    let found: Option<Vec<(String, String)>> =
        value[1].as_array()?.iter().map(kind_of_event).collect();
    let must: Vec<(String, String)> = must
        .iter()
        .map(|(name, source)| ((*name).to_owned(), source.clone()))
        .collect();
    (value[0].as_bool().unwrap_or(value[0] == 1) || found.as_ref() != Some(&must))
        .then(|| format!("{value} instead of {must:?}"))
}

/// The type without version, and the last part of the source.
fn kind_of_event(event: &Value) -> Option<(String, String)> {
    let name = version_free(event["type"].as_str()?)?;
    let source = event["value"]["source"]["rid"].as_str()?;
    Some((name, source.rsplit('/').next()?.to_owned()))
}

fn is_empty_poll(step: &str, value: &Value) -> bool {
    step == "events.by_type" && value[1] == Value::Array(Vec::new())
}

/// The interface descriptions by firmware.
type Apis = BTreeMap<&'static str, Api>;

/// Drives one client through all areas on one firmware; how each went, and all faults.
async fn drive(
    client: Client,
    firmware: Firmware,
    apis: &Apis,
    files: &Files,
) -> (BTreeMap<String, Outcome>, Vec<String>) {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = device(firmware, &clock).await;
    let fits = client.fits(firmware.name());
    let judge = Judge {
        agent: agent(&device),
        device: &device,
        api: &apis[firmware.name()],
        client_api: &apis[client.made_for()],
        fits,
        has_defaults: false,
    };
    let areas: Vec<&str> = AREAS.iter().map(|(name, _)| *name).collect();
    let mut run = client.start(&Invocation {
        url: device.url(),
        password: PASSWORD,
        fits,
        areas: &areas,
        files: &files.variables(firmware),
    });
    let mut outcomes = BTreeMap::<String, Outcome>::new();
    let mut faults = Vec::new();
    while let Some(said) = run.next().await {
        if let Some(seconds) = said["advance"].as_u64() {
            pass(&clock, seconds).await;
        } else {
            let area = said["area"].as_str().unwrap();
            let outcome = outcomes.entry(area.to_owned()).or_default();
            if let Some(step) = said["step"].as_str()
                && let Some(fault) = judge.judge(outcome, step, &said).await
            {
                let (client, firmware) = (client.name(), firmware.name());
                faults.push(format!("{client} on {firmware}, {area}, {step}: {fault}"));
            }
        }
        run.go_on().await;
    }
    let failure = run.failure().await;
    faults.extend(failure.map(|failure| format!("{} on {firmware}: {failure}", client.name())));
    (outcomes, faults)
}

/// Drives our own bindings, which are part of this process.
async fn drive_own(
    firmware: Firmware,
    apis: &Apis,
    files: &Files,
) -> (BTreeMap<String, Outcome>, Vec<String>) {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = device(firmware, &clock).await;
    let judge = Judge {
        agent: agent(&device),
        device: &device,
        api: &apis[firmware.name()],
        client_api: &apis["4.4.1"],
        fits: firmware == Firmware::V4_4_1,
        has_defaults: true,
    };
    let mut outcomes = BTreeMap::<String, Outcome>::new();
    let mut faults = Vec::new();
    let mut steps = Steps::new(async |(area, step, result): Step| {
        if step == "advance" {
            let seconds = result.ok().flatten().and_then(|seconds| seconds.as_u64());
            pass(&clock, seconds.unwrap_or_default()).await;
            return;
        }
        let outcome = outcomes.entry(area.to_owned()).or_default();
        let fault = match result {
            Ok(None) => {
                outcome.right += 1;
                None
            }
            Ok(Some(value)) => judge.judge(outcome, &step, &json!({"value": value})).await,
            Err(error) => {
                judge
                    .judge(outcome, &step, &json!({"error": described(&error)}))
                    .await
            }
        };
        faults.extend(fault.map(|fault| format!("own on {firmware}, {area}, {step}: {fault}")));
    });
    let ended = own::drive(&agent(&device), firmware, files, &mut steps).await;
    faults.extend(
        ended
            .err()
            .map(|error| format!("own on {firmware}: {error}")),
    );
    (outcomes, faults)
}

/// An error of our own client as the scripts describe theirs.
fn described(error: &xerus_rpc::Error) -> Value {
    let interface = error
        .rid()
        .and_then(|rid| rid.strip_prefix("/tfwopaque/"))
        .and_then(|rid| rid.split('/').next());
    let status = match error.kind() {
        ErrorKind::HttpStatus(refused) => Some(refused.status),
        ErrorKind::Auth(_) => Some(401),
        _ => None,
    };
    let code = error.is_method_not_found().then_some(-32601);
    json!({
        "class": error.kind().code(),
        "text": error.to_string(),
        "interface": interface,
        "method": error.method(),
        "status": status,
        "code": code,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_client_with_every_firmware() {
    let clients = client::installed();
    let files = Arc::new(Files::new());
    let apis: Apis = Firmware::ALL
        .map(|firmware| (firmware.name(), Api::load(firmware.name())))
        .into();
    let apis = Arc::new(apis);
    // As many at a time as a small machine has processors.
    let turns = Arc::new(Semaphore::new(2));
    let mut runs = JoinSet::new();
    for firmware in Firmware::ALL {
        for &client in clients {
            let (files, apis, turns) = (Arc::clone(&files), Arc::clone(&apis), Arc::clone(&turns));
            runs.spawn(async move {
                let _turn = turns.acquire().await.unwrap();
                let (areas, wrong) = drive(client, firmware, &apis, &files).await;
                let index = CLIENTS.iter().position(|known| *known == client).unwrap();
                ((index, firmware.name()), areas, wrong)
            });
        }
    }
    let mut outcomes = Outcomes::new();
    let mut faults = Vec::new();
    for firmware in Firmware::ALL {
        let (areas, wrong) = drive_own(firmware, &apis, &files).await;
        outcomes.insert((CLIENTS.len(), firmware.name()), areas);
        faults.extend(wrong);
    }
    while let Some(run) = runs.join_next().await {
        let (pair, areas, wrong) = run.unwrap();
        outcomes.insert(pair, areas);
        faults.extend(wrong);
    }
    assert!(
        faults.is_empty(),
        "{} answers are wrong or fail for no reason that the firmware gives:\n{}",
        faults.len(),
        faults.join("\n")
    );
    for client in clients {
        let index = CLIENTS.iter().position(|known| known == client).unwrap();
        for (area, outcome) in &outcomes[&(index, client.made_for())] {
            assert!(outcome.right > 0, "{}: {area}: no step", client.name());
        }
    }
    if clients.len() == CLIENTS.len() {
        let mut firmwares = Firmware::ALL.map(Firmware::name);
        firmwares.reverse();
        table::compare(&table::page(&CLIENTS, &firmwares, AREAS, &outcomes));
    }
}
