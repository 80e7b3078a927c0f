//! Objects for updates, configurations, certificates, logs and the clock, on every firmware, byte by byte.

use serde_json::{Value, json};
use xerus_sim::Firmware;

use crate::support::{Client, builder, device};

async fn ret(client: &mut Client, rid: &str, method: &str, params: Value) -> Value {
    client.result(rid, method, params).await["_ret_"].take()
}

#[tokio::test]
async fn every_firmware_has_what_it_knows_of_them() {
    for firmware in Firmware::ALL {
        let running = builder().firmware(firmware).start().await.unwrap();
        let mut client = Client::connect(running.address()).await;
        let version = ret(&mut client, "/firmware", "getVersion", json!({})).await;
        assert_eq!(version, firmware.version_text());
        let status = client
            .result("/cgi-bin/fwupdate_progress.cgi", "getStatus", json!({}))
            .await;
        assert_eq!(status["_ret_"]["state"], "NONE");
        for rid in ["/rawcfg", "/bulkcfg"] {
            let status = client.result(rid, "getStatus", json!({})).await;
            assert_eq!(
                status,
                json!({"status": 0, "timeStamp": 0}),
                "{firmware} {rid}"
            );
        }
        let info = client
            .result("/server_ssl_cert", "getInfo", json!({}))
            .await;
        let active = &info["info"]["activeCertInfo"];
        assert_eq!(
            active["subject"]["commonName"], "Simulated PDU",
            "{firmware}"
        );
        let log = ret(&mut client, "/eventlog", "getInfo", json!({})).await;
        assert_eq!(log["idNext"], 0);
        let cfg = client.result("/datetime", "getCfg", json!({})).await;
        assert_eq!(cfg["cfg"]["zoneCfg"]["id"], 0, "{firmware}");
        let settings = json!({"url": "https://push.example.com/", "type": 1});
        let added = client
            .result("/datapush", "addEntry", json!({"entrySettings": settings}))
            .await;
        assert_eq!(added, json!({"_ret_": 0, "entryId": 1}), "{firmware}");
        let levels = ret(
            &mut client,
            "/diag",
            "getLogLevelsForAllCtxNames",
            json!({}),
        )
        .await;
        assert_eq!(levels.as_array().map(Vec::len), Some(8), "{firmware}");
    }
}

#[tokio::test]
async fn logs_are_read_in_chunks_and_cleared() {
    let (running, mut client) = device().await;
    for index in 0..130 {
        let power = (index % 2 == 0).into();
        running.device().switch_outlet(0, power).unwrap();
    }
    let info = ret(&mut client, "/eventlog", "getInfo", json!({})).await;
    let next = info["idNext"].as_i64().unwrap();
    let mut from = info["idFirst"].as_i64().unwrap();
    let mut seen = 0;
    while from < next {
        let params = json!({"refId": from, "count": -1, "direction": 0, "categories": ["Outlet"]});
        let chunk = ret(&mut client, "/eventlog", "getChunk", params).await;
        let looked_at = chunk["allEntryCnt"].as_i64().unwrap();
        assert!((1..=100).contains(&looked_at));
        for entry in chunk["selEntries"].as_array().unwrap() {
            assert_eq!(entry["eventClass"], "Outlet");
            assert!(entry["message"].as_str().unwrap().starts_with("Outlet 1"));
            seen += 1;
        }
        from = chunk["idFirst"].as_i64().unwrap() + looked_at;
    }
    // 130 requests, all but the first of which changed something.
    assert_eq!((from, seen), (next, 259));
    client.result("/eventlog", "clear", json!({})).await;
    let cleared = ret(&mut client, "/eventlog", "getInfo", json!({})).await;
    assert_ne!(cleared["creationTime"], info["creationTime"]);
    // That it was cleared is its first entry.
    assert_eq!(
        (cleared["idFirst"].as_i64(), cleared["idNext"].as_i64()),
        (Some(next), Some(next + 1))
    );
    let backward = json!({"refId": next, "count": 5, "direction": 1, "categories": []});
    let chunk = ret(&mut client, "/eventlog", "getChunk", backward).await;
    let text = chunk["selEntries"][0]["message"].as_str().unwrap();
    assert!(
        text.starts_with("Event log was cleared by user 'admin'"),
        "{text}"
    );
    let wrong = json!({"refId": 0, "count": 5, "direction": 2, "categories": []});
    let refused = client.call("/eventlog", "getChunk", wrong).await;
    assert_eq!(refused["error"]["code"], -32602);
}

#[tokio::test]
async fn a_request_for_a_certificate_is_made_read_and_given_up() {
    let (_running, mut client) = device().await;
    let rid = "/server_ssl_cert";
    let subject = json!({"country": "DE", "stateOrProvince": "", "locality": "", "organization": "Test",
        "organizationalUnit": "", "commonName": "pdu.example.com", "emailAddress": ""});
    let request = |kind, curve| {
        json!({"subject": subject, "names": ["pdu.example.com"],
            "keyInfo": {"type": kind, "ecCurve": curve, "rsaKeyLength": 2048, "inSecureElement": false}})
    };
    for (kind, curve, code) in [(1, 0, 103), (2, 3, 104), (2, 2, 0), (2, 2, 101)] {
        let params = json!({"reqInfo": request(kind, curve), "challenge": "secret"});
        let made = ret(&mut client, rid, "generateUnsignedKeyPair", params).await;
        assert_eq!(made, code);
    }
    let info = client.result(rid, "getInfo", json!({})).await;
    assert_eq!(info["info"]["havePendingReq"], true);
    assert_eq!(
        info["info"]["pendingReqInfo"],
        json!({"subject": subject, "names": ["pdu.example.com"],
        "keyInfo": {"type": 2, "ecCurve": 2, "rsaKeyLength": 0, "inSecureElement": false}})
    );
    let pem = ret(&mut client, rid, "getPendingRequestPEM", json!({})).await;
    assert!(pem.as_str().unwrap().contains("BEGIN CERTIFICATE REQUEST"));
    let install = ret(&mut client, rid, "installPendingKeyPair", json!({})).await;
    assert_eq!(install, 201);
    client.result(rid, "deletePending", json!({})).await;
    let install = ret(&mut client, rid, "installPendingKeyPair", json!({})).await;
    assert_eq!(install, 200);
    let params = json!({"reqInfo": request(2, 1), "days": 90});
    assert_eq!(
        ret(&mut client, rid, "generateSelfSignedKeyPair", params).await,
        0
    );
    assert_eq!(
        ret(&mut client, rid, "installPendingKeyPair", json!({})).await,
        0
    );
    let info = client.result(rid, "getInfo", json!({})).await;
    assert_eq!(info["info"]["activeCertInfo"]["subject"], subject);
    let key = client
        .call(rid, "getActiveKeyPEM", json!({"keyPassword": "x"}))
        .await;
    assert_eq!(key["error"]["code"], -32602);
}

#[tokio::test]
async fn the_clock_is_set_and_shown_in_its_zone() {
    let (running, mut client) = device().await;
    let zones = client
        .result("/datetime", "getZoneInfos", json!({"useOlson": true}))
        .await;
    let berlin = zones["zoneInfos"]
        .as_array()
        .unwrap()
        .iter()
        .find(|zone| zone["name"] == "Europe/Berlin")
        .unwrap()
        .clone();
    assert_eq!(berlin["hasDSTInfo"], true);
    let mut cfg = client.result("/datetime", "getCfg", json!({})).await["cfg"].take();
    cfg["zoneCfg"]["id"] = berlin["id"].clone();
    // In July.
    cfg["deviceTime"] = json!(1_720_000_000);
    let set = ret(&mut client, "/datetime", "setCfg", json!({"cfg": cfg})).await;
    assert_eq!(set, 0);
    let shown = client
        .result("/datetime", "getTime", json!({"useOlson": true}))
        .await;
    assert_eq!(shown["zone"], berlin);
    assert_eq!(shown["utcOffset"], 7_200);
    let now = shown["currentTime"].as_i64().unwrap();
    assert!((1_720_000_000..1_720_000_600).contains(&now), "{now}");
    assert!((now..now + 600).contains(&running.device().shown_time()));
    cfg["zoneCfg"]["id"] = json!(99);
    let refused = ret(&mut client, "/datetime", "setCfg", json!({"cfg": cfg})).await;
    assert_eq!(refused, 1);
    for (server, code) in [
        ("pool.example.org", 0),
        ("x.invalid", 3),
        ("192.0.2.1", 7),
        ("", 2),
    ] {
        let key = json!({"type": 0, "dataHex": ""});
        let params = json!({"ntpServer": server, "ntpAuthKeyId": 0, "ntpAuthKeyOverride": key});
        let checked = ret(&mut client, "/datetime", "checkNtpServer", params).await;
        assert_eq!(checked, code, "{server}");
    }
}

#[tokio::test]
async fn filter_profiles_and_log_levels_have_their_codes() {
    let (_running, mut client) = device().await;
    let profile = |name: &str, filter: &str| {
        let types = json!([{"key": filter, "value": 1}]);
        json!({"profile": {"name": name, "description": "", "filterNameToTypeMap": types}})
    };
    for (method, params, code) in [
        ("addFilterProfile", profile("mine", "outlets"), 0),
        ("addFilterProfile", profile("mine", "outlets"), 3),
        ("addFilterProfile", profile("other", "colours"), 1),
        ("addFilterProfile", profile("other", "users"), 2),
        ("modifyFilterProfile", profile("Default", "outlets"), 6),
        ("modifyFilterProfile", profile("none", "outlets"), 4),
        (
            "selectDefaultFilterProfile",
            json!({"profileName": "mine"}),
            0,
        ),
        ("deleteFilterProfile", json!({"profileName": "mine"}), 5),
    ] {
        let code_of = ret(&mut client, "/bulkcfg", method, params.clone()).await;
        assert_eq!(code_of, code, "{method} {params}");
    }
    let settings = ret(&mut client, "/bulkcfg", "getSettings", json!({})).await;
    assert_eq!(settings["defaultProfileName"], "mine");
    assert_eq!(settings["filterProfiles"].as_array().map(Vec::len), Some(2));
    for (name, level, code) in [("http", 5, 0), ("kitchen", 5, 1), ("http", 9, 2)] {
        let params = json!({"ctxName": name, "logLevel": level});
        let set = ret(&mut client, "/diag", "setLogLevelByCtxName", params).await;
        assert_eq!(set, code);
    }
    let level = client
        .result("/diag", "getLogLevelByCtxName", json!({"ctxName": "http"}))
        .await;
    assert_eq!(level, json!({"_ret_": 0, "logLevel": 5}));
    client
        .result("/diag", "resetLogLevelsForAllCtxNames", json!({}))
        .await;
    let level = client
        .result("/diag", "getLogLevelByCtxName", json!({"ctxName": "http"}))
        .await;
    assert_eq!(level["logLevel"], 3);
}

#[tokio::test]
async fn clients_hear_of_what_is_done() {
    let (_running, mut client) = device().await;
    let channel = ret(&mut client, "/eventservice", "createChannel", json!({})).await;
    let channel = channel["rid"].as_str().unwrap().to_owned();
    client
        .result(
            &channel,
            "demandEventType",
            json!({"type": "idl.Event:1.0.0"}),
        )
        .await;
    client.result("/eventlog", "clear", json!({})).await;
    let settings = json!({"url": "http://push.example.com/", "password": "secret"});
    client
        .result("/datapush", "addEntry", json!({"entrySettings": settings}))
        .await;
    client
        .result(
            "/bulkcfg",
            "selectDefaultFilterProfile",
            json!({"profileName": "Default"}),
        )
        .await;
    let polled = client.result(&channel, "pollEvents", json!({})).await;
    let events = polled["events"].as_array().unwrap();
    let types: Vec<_> = events
        .iter()
        .filter_map(|event| event["type"].as_str())
        .collect();
    assert_eq!(
        types,
        [
            "logging.EventLogClearedEvent:1.0.0",
            "event.DataPushService_1_0_3.EntryAddedEvent:1.0.0",
            "bulkcfg.BulkConfiguration_1_0_2.SettingsChangedEvent:1.0.0",
        ]
    );
    assert_eq!(events[0]["value"]["actUserName"], "admin");
    assert_eq!(events[1]["value"]["settings"]["password"], "");
    assert_eq!(
        events[1]["value"]["source"]["rid"],
        "/tfwopaque/event.DataPushService:1.0.3/datapush"
    );
}

/// Clients read every member of an answer before they look at the return code.
#[tokio::test]
async fn refusals_are_complete() {
    for firmware in Firmware::ALL {
        let running = builder().firmware(firmware).start().await.unwrap();
        let mut client = Client::connect(running.address()).await;
        let entry = client
            .result("/datapush", "getEntry", json!({"entryId": 7}))
            .await;
        assert_eq!(entry["_ret_"], 1, "{firmware}");
        assert_eq!(entry["entrySettings"]["url"], "", "{firmware}");
        let level = client
            .result("/diag", "getLogLevelByCtxName", json!({"ctxName": "none"}))
            .await;
        assert_eq!(level, json!({"_ret_": 1, "logLevel": 0}), "{firmware}");
    }
}
