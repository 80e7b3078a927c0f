//! What the simulated PDU pushes.

use futures_util::{FutureExt, StreamExt};
use tokio::net::TcpListener;
use xerus_api::event::DataPushService;
use xerus_api::event::data_push_service::{EntryStatus, EntryType, sparse_::EntrySettings};
use xerus_device::push::{DeviceKind, Receiver};
use xerus_sim::Simulator;

/// Waits until the entry is not being sent, and gives its status.
async fn ended(service: &DataPushService, entry: i32) -> EntryStatus {
    loop {
        let status = service.get_entry_status(entry).await.unwrap();
        if !status.busy {
            return status;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn its_sensors_arrive_and_strangers_are_refused() {
    let (receiver, mut messages) = Receiver::with_basic_auth("pdu", "secret").build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = axum::Router::new().route_service("/push/rack-4", receiver);
    let server = tokio::spawn(async move { axum::serve(listener, router).await });

    let device = Simulator::builder().outlets(8).start().await.unwrap();
    let service = DataPushService::well_known(&device.agent());
    for (password, arrives) in [("wrong", false), ("secret", true)] {
        let settings = EntrySettings {
            url: Some(format!("http://{address}/push/rack-4")),
            use_auth: Some(true),
            username: Some("pdu".to_owned()),
            password: Some(password.to_owned()),
            r#type: Some(EntryType::Sensorlog),
            ..EntrySettings::default()
        };
        let entry = service.add_entry(settings).await.unwrap();
        service.push_data(entry).await.unwrap();
        let status = ended(&service, entry).await;
        assert_eq!(
            status.last_success_time.unix_seconds() != 0,
            arrives,
            "{status:?}"
        );
        assert!(arrives || messages.next().now_or_never().is_none());
    }

    let message = messages.next().await.unwrap();
    assert_eq!(message.path(), "/push/rack-4");
    let log = message.sensor_log().unwrap().unwrap();
    let outlets = log
        .sensors
        .iter()
        .filter(|sensor| sensor.device.kind == DeviceKind::Outlet && sensor.id == "activePower");
    assert_eq!(outlets.count(), 8);
    assert!(log.sensors.iter().all(|sensor| sensor.metadata.is_some()));
    let (_, sensor, record) = log
        .readings()
        .find(|(_, sensor, _)| sensor.device.kind == DeviceKind::Inlet && sensor.id == "voltage")
        .unwrap();
    let range = &sensor.metadata.as_ref().unwrap().range;
    assert!(record.available && (range.lower..=range.upper).contains(&record.average.unwrap()));
    server.abort();
}
