//! All that the crate calls is called of each simulated firmware.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use xerus_api::event::DataPushService;
use xerus_api::event::data_push_service::sparse_::EntrySettings;
use xerus_api::idl::Event;
use xerus_api::pdumodel::outlet::StateChangedEvent;
use xerus_api::pdumodel::{OutletGroupManager, Pdu};
use xerus_device::{EventStream, Events, Log, Switching, Topology};
use xerus_rpc::{Agent, Object, WireId};
use xerus_sim::{Calls, Firmware, InProcess, Profile, Simulator};

/// Modules whose calls are made here; others have tests of their own.
const MODULES: [&str; 4] = ["events", "logs", "sensors", "switching"];

/// The list that the compiler has made; `None` in a package, which does not hold it.
fn called() -> Option<BTreeSet<String>> {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("signatures/data/calls.txt");
    let Ok(text) = std::fs::read_to_string(list) else {
        println!("skipped: needs the repository");
        return None;
    };
    let of_ours = |files: &str| {
        files
            .split(' ')
            .any(|file| MODULES.iter().any(|module| file.starts_with(module)))
    };
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let items = lines.filter_map(|line| {
        let (item, files) = line.split_once('\t')?;
        let (interface, method) = item.strip_suffix("()")?.split_once(' ')?;
        of_ours(files).then(|| format!("{interface}.{method}"))
    });
    Some(items.collect())
}

/// Objects that no simulated device has. Their log is read as the debug log is, in `tests/logs`.
const NOT_SIMULATED: &str = "logging.WlanLog.";

/// Interfaces and methods of what was called.
async fn made(agent: &Agent, calls: &Calls) -> BTreeSet<String> {
    let mut made = BTreeSet::new();
    let rids: BTreeSet<&str> = calls.iter().map(|called| called.rid.as_str()).collect();
    for rid in rids {
        let Ok(info) = Object::at(agent, rid).get_type_info().await else {
            continue;
        };
        for called in calls.iter().filter(|called| called.rid == rid) {
            let names = info.chain().iter().map(WireId::version_free_name);
            made.extend(names.map(|name| format!("{name}.{}", called.method)));
        }
    }
    made
}

/// The events are open still: what is asked of a channel that is closed cannot be told apart any more.
async fn everything(device: &InProcess) -> Option<EventStream> {
    let agent = device.agent();
    Topology::walk(&agent).await.unwrap().read().await.unwrap();

    // No simulated device has a wireless network; a device without says so.
    let wlan = Log::wlan(&agent).oldest_first().try_collect::<Vec<_>>();
    let error = wlan.await.unwrap_err();
    assert!(error.as_call().unwrap().is_object_not_found(), "{error}");

    let outlets = Pdu::well_known(&agent, 0).get_outlets().await.unwrap();
    if outlets.is_empty() {
        return None;
    }
    let switching = Switching::of(&agent);
    switching.switch_all(&outlets, true).await;
    switching.cycle(&outlets[1]).await.unwrap();
    switching
        .switch_in_sequence(0, &[0, 1], false)
        .await
        .unwrap();
    switching
        .switch_in_sequence(0, &[0, 1], true)
        .await
        .unwrap();
    switching.cycle_in_sequence(0, &[0, 1]).await.unwrap();
    let members: Vec<_> = outlets[..2].iter().map(|outlet| outlet.assume()).collect();
    let manager = OutletGroupManager::well_known(&agent);
    let group = manager
        .create_group("row", &members)
        .await
        .unwrap()
        .unwrap();
    switching.switch_group(&group, false).await.unwrap();
    switching.switch_group(&group, true).await.unwrap();
    switching.cycle_group(&group).await.unwrap();
    // With the group there is more to be read.
    Topology::walk(&agent).await.unwrap().read().await.unwrap();

    // After all that, there is something in the event log; what cannot be pushed is told in the debug log.
    let pushes = DataPushService::well_known(&agent);
    let nowhere = EntrySettings {
        url: Some("http://127.0.0.1:1/".to_owned()),
        ..EntrySettings::default()
    };
    let entry = pushes.add_entry(nowhere).await.unwrap();
    pushes.push_data(entry).await.unwrap();
    while pushes.get_entry_status(entry).await.unwrap().busy {
        tokio::task::yield_now().await;
    }
    for log in [Log::event(&agent), Log::debug(&agent)] {
        let forward = log.clone().oldest_first().try_collect::<Vec<_>>().await;
        let backward = log.newest_first().try_collect::<Vec<_>>().await;
        let (forward, backward) = (forward.unwrap(), backward.unwrap());
        assert!(!forward.is_empty() && forward.len() == backward.len());
    }

    let mut closed = Events::of(&agent).demand::<Event>().stream();
    closed.next().await.unwrap().unwrap();
    closed.close().await.unwrap();
    let mut events = Events::of(&agent)
        .demand::<Event>()
        .demand_from::<StateChangedEvent>(&outlets[0])
        .stream();
    events.next().await.unwrap().unwrap();
    switching.switch(&outlets[0], false).await.unwrap();
    events.next().await.unwrap().unwrap();
    Some(events)
}

#[tokio::test(start_paused = true)]
async fn every_call_is_made_of_every_simulated_firmware() {
    let Some(called) = called() else { return };
    for firmware in Firmware::ALL {
        let mut made_of_all = BTreeSet::new();
        for profile in Profile::ALL {
            let clock = xerus_sim::Clock::frozen_at(1_700_000_000);
            let device = Simulator::builder()
                .profile(profile)
                .firmware(firmware)
                .clock(clock.clone())
                .record(100_000)
                .in_process();
            let time = tokio::spawn(async move {
                loop {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    clock.advance(Duration::from_millis(100));
                }
            });
            let events = everything(&device).await;
            let calls = device.calls();
            made_of_all.extend(made(&device.agent(), &calls).await);
            drop(events);
            time.abort();
        }
        let left_out: Vec<_> = called
            .difference(&made_of_all)
            .filter(|call| !call.starts_with(NOT_SIMULATED))
            .collect();
        assert!(left_out.is_empty(), "{firmware}: not called: {left_out:#?}");
        assert!(made_of_all.len() > 50, "{firmware}: {made_of_all:?}");
    }
}
