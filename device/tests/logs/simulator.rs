//! With the simulated PDU, over HTTP, with each firmware.

use futures_util::TryStreamExt;
use xerus_api::logging::EventLog;
use xerus_api::pdumodel::{Outlet, outlet::PowerState};
use xerus_device::logs::{Log, LogEntry, LogItem, LogStream};
use xerus_rpc::{Agent, Interface};
use xerus_sim::{Firmware, Simulator};

async fn entries(stream: LogStream) -> Vec<LogEntry> {
    let items: Vec<LogItem> = stream.try_collect().await.unwrap();
    let entries = items.into_iter().map(|item| match item {
        LogItem::Entry(entry) => entry,
        other => panic!("{other:?}"),
    });
    entries.collect()
}

#[tokio::test]
async fn what_was_switched_is_in_the_event_log() {
    for firmware in [Firmware::V3_6_80, Firmware::V4_0_20, Firmware::V4_4_1] {
        let device = Simulator::builder()
            .firmware(firmware)
            .start()
            .await
            .unwrap();
        let agent = Agent::builder(device.url()).build().unwrap();
        let log = Log::event(&agent);
        let before = entries(log.clone().oldest_first()).await;
        for switched in 0..150 {
            let state = if switched % 2 == 0 {
                PowerState::PsOff
            } else {
                PowerState::PsOn
            };
            let outlet = Outlet::well_known(&agent, 0, switched % 8);
            outlet.set_power_state(state).await.unwrap();
        }
        let forward = entries(log.clone().oldest_first()).await;
        assert!(
            forward.len() >= before.len() + 75,
            "{firmware:?}: {}",
            forward.len()
        );
        let mut backward = entries(log.clone().chunk(7).newest_first()).await;
        backward.reverse();
        assert_eq!(backward, forward, "{firmware:?}");

        let last = forward.last().unwrap();
        let class = last.event_class.clone();
        let of_class = entries(log.clone().categories([class.clone()]).oldest_first()).await;
        let mut expected = forward.clone();
        expected.retain(|entry| entry.event_class == class);
        assert_eq!(of_class, expected, "{firmware:?}");

        assert_eq!(
            entries(log.clone().behind(last.clone()).oldest_first()).await,
            []
        );
        EventLog::well_known(&agent).clear().await.unwrap();
        let items: Vec<LogItem> = log
            .behind(last.clone())
            .oldest_first()
            .try_collect()
            .await
            .unwrap();
        assert_eq!(items.first(), Some(&LogItem::Restarted), "{firmware:?}");
        // Everything else has the type that it has on this firmware.
        assert!(
            EventLog::well_known(&agent)
                .as_object()
                .get_type_info()
                .await
                .is_ok()
        );
    }
}
