//! Events of rules of access and SNMP settings.

use serde_json::json;
use xerus_sim::Firmware;

use crate::support::{Client, builder};

#[tokio::test]
async fn who_follows_events_hears_of_changed_rules_and_snmp_settings() {
    for firmware in Firmware::ALL {
        let device = builder().firmware(firmware).start().await.unwrap();
        let client = &mut Client::connect(device.address()).await;
        let none = || json!({});
        let opened = client
            .result("/eventservice", "createChannel", none())
            .await;
        let channel = opened["_ret_"]["rid"].as_str().unwrap().to_owned();

        let rules = client.result("/security", "getPwSettings", none()).await;
        let mut rules = rules["_ret_"].clone();
        rules["minPwLength"] = json!(9);
        let mut snmp = client.result("/snmp", "getConfiguration", none()).await["_ret_"].clone();
        snmp["sysName"] = json!("rack 7");
        let names = json!(["switchOutlet"]);
        let rules = json!({"pwSettings": rules});
        for (rid, method, params) in [
            (
                channel.as_str(),
                "demandEventType",
                json!({"type": "idl.Event:1.0.0"}),
            ),
            ("/security", "setPwSettings", rules.clone()),
            // Nothing changes, and nothing is told.
            ("/security", "setPwSettings", rules),
            (
                "/security",
                "setFrontPanelPrivileges",
                json!({"privileges": names}),
            ),
            ("/snmp", "setConfiguration", json!({"cfg": snmp})),
        ] {
            let set = client.result(rid, method, params).await;
            assert!(
                set["_ret_"].is_null() || set["_ret_"] == 0,
                "{firmware}, {method}: {set}"
            );
        }

        let polled = client.result(&channel, "pollEventsNb", none()).await;
        let events = polled["events"].as_array().unwrap();
        let told: Vec<&str> = events
            .iter()
            .map(|event| event["type"].as_str().unwrap())
            .filter(|name| name.starts_with("security") || name.starts_with("devsettings"))
            .map(|name| name.split([':', '_']).next().unwrap())
            .collect();
        let expected = [
            "security.PasswordSettingsChanged",
            "security.FrontPanelPrivilegesChanged",
            "devsettings.Snmp",
        ];
        assert_eq!(told, expected, "{firmware}: {events:?}");
        let value = |name: &str| {
            let mut all = events.iter();
            let event = all.find(|event| event["type"].as_str().unwrap().starts_with(name));
            event.unwrap()["value"].clone()
        };
        assert_eq!(
            value(expected[0])["newSettings"]["minPwLength"],
            9,
            "{firmware}"
        );
        assert_eq!(value(expected[1])["newPrivileges"], names, "{firmware}");
        let snmp = value(expected[2]);
        assert_eq!(snmp["newConfig"]["sysName"], "rack 7", "{firmware}");
        assert_eq!(snmp["userName"], "admin", "{firmware}");
    }
}
