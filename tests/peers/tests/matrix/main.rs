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
mod judge;
mod own;
mod table;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use xerus_rpc::{Agent, ErrorKind};
use xerus_sim::{Clock, Firmware, MakeUp, Running, Simulator};

use client::{CLIENTS, Client, Invocation};
use explain::Api;
use files::Files;
use judge::Judge;
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
