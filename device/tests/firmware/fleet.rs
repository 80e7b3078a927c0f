//! Many devices at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use xerus_device::firmware::{Change, Decision, FirmwareUpdate};
use xerus_rpc::fleet::{Fleet, FleetError};
use xerus_sim::{Firmware, UpdateEnding};

use crate::world::{NEW, agent, builder, image, paced, quick, starts, update};

#[tokio::test]
async fn a_fleet_is_updated_stopped_and_resumed_without_doing_anything_twice() {
    let mut devices = Vec::new();
    for number in 0..6 {
        let firmware = Firmware::ALL[number % 3];
        let plan = match number {
            1 => quick().ending(UpdateEnding::OldVersion),
            _ => quick(),
        };
        devices.push(builder(firmware, plan).start().await.unwrap());
    }
    let agents: Vec<_> = devices.iter().map(agent).enumerate().collect();
    let image = image();
    let tickets: Arc<Mutex<HashMap<usize, String>>> = Arc::default();
    let first = {
        let (image, tickets) = (image.clone(), Arc::clone(&tickets));
        Fleet::new(agents.clone())
            .cap(2)
            .run(move |device| {
                let tickets = Arc::clone(&tickets);
                let key = *device.key();
                let update = update(device.agent(), image.clone()).keep(move |ticket| {
                    tickets.lock().unwrap().insert(key, ticket.to_string());
                    Ok(())
                });
                async move { update.await }
            })
            .canary(2)
            .stop_after(1)
            .collect_all()
            .await
    };
    let codes: Vec<_> = first
        .iter()
        .map(|(_, result)| match result {
            Ok(updated) => updated.version.clone(),
            Err(FleetError::Failed(error)) => error.code().to_owned(),
            Err(FleetError::NotBegun(_)) => "not begun".to_owned(),
            Err(other) => other.to_string(),
        })
        .collect();
    let rest = ["not begun"; 4];
    assert_eq!(codes[..2], [NEW, "Firmware.OldVersion"]);
    assert_eq!(codes[2..], rest);
    assert!(
        devices[2..]
            .iter()
            .all(|device| device.calls().count() == 0)
    );

    // Somebody has a look, and lets all of them have another go: with a ticket where there is one.
    devices[1].device().set_update_plan(quick());
    let tickets = std::mem::take(&mut *tickets.lock().unwrap());
    let second = Fleet::new(agents)
        .run(move |device| {
            let ticket = tickets.get(device.key());
            // Of a device that failed for good, the update begins anew.
            let update = match ticket.filter(|_| *device.key() != 1) {
                Some(ticket) => {
                    FirmwareUpdate::resume(device.agent(), ticket.parse().unwrap()).unwrap()
                }
                None => paced(FirmwareUpdate::of(device.agent(), image.clone())),
            };
            let update = update.decide(|_| async { Decision::Start });
            async move { update.await }
        })
        .collect_all()
        .await;
    for (key, result) in second {
        let updated = result.unwrap_or_else(|error| panic!("{key}: {error}"));
        assert_eq!(
            (updated.version.as_str(), updated.change),
            (NEW, Change::Installed)
        );
    }
    let told: Vec<_> = devices.iter().map(starts).collect();
    assert_eq!(told, [1, 2, 1, 1, 1, 1]);
}
