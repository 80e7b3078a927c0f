//! Scripts, which both store and read by calls.

use serde_json::json;
use xerus_device::files::Scripts;
use xerus_sim::Firmware;

use crate::exchanged::world;
use crate::python::{Came, installed};

#[tokio::test]
async fn a_script_that_one_has_stored_the_other_reads() {
    for version in installed() {
        for firmware in Firmware::ALL {
            let mut world = world(version, firmware).await;
            let scripts = Scripts::of(&world.agent);
            let source = "print(\"ä & <b>\")\r\n-- \"quoted\" \\ back\n";
            let args = json!(["theirs", source, {"hour": "22"}]);
            let stored = world.python.call("luaservice.store", args, json!({})).await;
            assert_eq!(stored.code(), Some(0), "{version} {firmware}: {stored:?}");
            let script = scripts.download("theirs").await.unwrap();
            assert_eq!(script.source, source, "{version} {firmware}");
            assert_eq!(script.options.default_args["hour"], "22");
            assert!(script.options.auto_restart && !script.options.auto_start);

            scripts.upload("ours", source).await.unwrap();
            let fetched = world
                .python
                .call("luaservice.fetch", json!(["ours"]), json!({}));
            assert_eq!(fetched.await, Came::Value(json!([0, source])));
        }
    }
}
