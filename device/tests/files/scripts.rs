//! Scripts: stored, read back, run, listened to.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use xerus_api::luaservice::script_state::{ExecState, ExitType};
use xerus_device::files::scripts::Printed;
use xerus_device::files::{DeviceFiles, FilesError, Scripts};
use xerus_rpc::server::{self as rpc, Answer, Incoming, Router, Servant};
use xerus_rpc::wire::Values;
use xerus_rpc::{Agent, MemoryTransport, Outcome, TypeInfo};
use xerus_sim::{Fault, FaultRule, Firmware};

use crate::scripted::{Script, scripted};
use crate::world::world;

const FAST: Duration = Duration::from_millis(100);

async fn heard(scripts: &Scripts, name: &str) -> (String, u64, Option<(ExitType, i32)>) {
    let mut output = scripts.output(name).pause(FAST);
    let (mut text, mut lost, mut end) = (String::new(), 0, None);
    while let Some(printed) = output.next().await {
        match printed.unwrap() {
            Printed::Text(more) => text.push_str(&more),
            Printed::Lost(bytes) => lost += bytes,
            Printed::Ended(state) => end = Some((state.exit_type, state.exit_status)),
            other => panic!("{other:?}"),
        }
    }
    (text, lost, end)
}

#[tokio::test]
async fn a_script_is_stored_read_back_started_and_heard_to_its_end_on_every_firmware() {
    for firmware in Firmware::ALL {
        let world = world(firmware).await;
        let scripts = DeviceFiles::of(&world.agent).scripts();
        assert!(scripts.names().await.unwrap().is_empty());
        let source = "print(\"begin ä\")\nsleep(3)\nprint(ARGS[\"hour\"])\nos.exit(2)\n";
        let upload = scripts.upload("night", source).argument("hour", "22");
        let stored = upload.await.unwrap();
        assert_eq!(stored.outcome, Outcome::Executed, "{firmware}");
        assert_eq!(scripts.names().await.unwrap(), ["night"]);
        let script = scripts.download("night").await.unwrap();
        assert_eq!(script.source, source);
        assert_eq!(script.options.default_args["hour"], "22");
        // Nothing runs that nobody has started.
        assert_eq!(heard(&scripts, "night").await, (String::new(), 0, None));
        scripts.start("night").await.unwrap();
        let (text, lost, end) = heard(&scripts, "night").await;
        assert_eq!((&*text, lost), ("begin ä\n22\n", 0), "{firmware}");
        assert_eq!(end, Some((ExitType::ExitCode, 2)));
        let arguments = BTreeMap::from([("hour".to_owned(), "23".to_owned())]);
        scripts.start_with("night", &arguments).await.unwrap();
        let (text, ..) = heard(&scripts, "night").await;
        assert!(text.ends_with("23\n"), "{firmware}: {text}");
        scripts.delete("night").await.unwrap();
        assert!(scripts.names().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_script_that_runs_is_neither_replaced_nor_removed_before_it_is_terminated() {
    let world = world(Firmware::V4_4_1).await;
    let scripts = Scripts::of(&world.agent);
    let source = "print(\"on\")\nwhile true do\nend\n";
    scripts
        .upload("a", source)
        .auto_restart(true)
        .await
        .unwrap();
    scripts.start("a").await.unwrap();
    for error in [
        scripts.upload("a", "print(\"other\")").await.unwrap_err(),
        scripts.delete("a").await.unwrap_err(),
        scripts.start("a").await.unwrap_err(),
    ] {
        assert!(matches!(error, FilesError::Refused(_)), "{error:?}");
        assert_eq!(error.names(), ["ERR_NOT_TERMINATED"]);
    }
    scripts.terminate("a").await.unwrap();
    let error = scripts.terminate("a").await.unwrap_err();
    assert_eq!(error.names(), ["ERR_NOT_RUNNING"]);
    let state = scripts.state("a").await.unwrap();
    assert_eq!(state.exec_state, ExecState::StatTerminated);
    assert_eq!(state.exit_type, ExitType::Signal);
    assert_eq!(scripts.download("a").await.unwrap().source, source);
}

#[tokio::test]
async fn what_a_device_refuses_of_a_script_has_its_name() {
    let world = world(Firmware::V4_4_1).await;
    let scripts = Scripts::of(&world.agent);
    let environment = scripts.environment().await.unwrap();
    let most = usize::try_from(environment.max_script_size).unwrap();
    let many = (0..20).fold(scripts.upload("a", "x"), |upload, number| {
        upload.argument(number.to_string(), "")
    });
    for (upload, name) in [
        (scripts.upload("a b", "x"), "ERR_INVALID_NAME"),
        (
            scripts.upload("a", "-".repeat(most + 1)),
            "ERR_MAX_SCRIPT_SIZE_EXCEEDED",
        ),
        (many, "ERR_TOO_MANY_ARGUMENTS"),
        (
            scripts.upload("a", "x").argument("a b", "x"),
            "ERR_ARGUMENT_NOT_VALID",
        ),
    ] {
        assert_eq!(upload.await.unwrap_err().names(), [name]);
    }
    for name in ["a", "b"] {
        scripts.upload(name, "-".repeat(most)).await.unwrap();
    }
    let error = scripts.upload("c", "x").await.unwrap_err();
    assert_eq!(error.names(), ["ERR_MAX_ALL_SCRIPT_SIZE_EXCEEDED"]);
    for name in ["a", "b", "c", "d"] {
        scripts.upload(name, "x").await.unwrap();
    }
    let error = scripts.upload("e", "x").await.unwrap_err();
    assert_eq!(error.names(), ["ERR_MAX_SCRIPT_NUMBERS_EXCEEDED"]);
    let error = scripts.download("e").await.unwrap_err();
    assert_eq!(error.names(), ["ERR_NO_SUCH_SCRIPT"]);
    let mut output = scripts.output("e");
    let error = output.next().await.unwrap().unwrap_err();
    assert_eq!(error.names(), ["ERR_NO_SUCH_SCRIPT"]);
    assert!(output.next().await.is_none());
}

#[tokio::test]
async fn output_that_is_lost_is_said_in_its_place() {
    let world = world(Firmware::V4_4_1).await;
    let scripts = Scripts::of(&world.agent);
    let line = "print(\"0123456789012345678901234567890123456789012345678\")\n";
    let source = format!(
        "print(\"first\")\nsleep(40)\n{}sleep(2)\n",
        line.repeat(200)
    );
    scripts.upload("a", source).await.unwrap();
    scripts.start("a").await.unwrap();
    let mut output = scripts.output("a").pause(FAST);
    let first = output.next().await.unwrap().unwrap();
    assert_eq!(first, Printed::Text("first\n".to_owned()));
    // More than the device keeps, before anybody asks again.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let Printed::Lost(lost) = output.next().await.unwrap().unwrap() else {
        panic!("nothing is said of what is lost");
    };
    let mut came = 0;
    loop {
        match output.next().await.unwrap().unwrap() {
            Printed::Text(text) => came += text.len() as u64,
            Printed::Ended(_) => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(lost + came, 200 * 50);
    assert!(output.next().await.is_none());
}

#[tokio::test]
async fn a_script_whose_answer_is_lost_is_found_by_reading_it_back() {
    let world = world(Firmware::V4_4_1).await;
    let scripts = Scripts::of(&world.agent);
    let lost = FaultRule::new(Fault::CloseAfterExecution).method("setScript");
    world.device.faults().inject(lost.times(1));
    let stored = scripts.upload("a", "print(\"x\")").await.unwrap();
    assert_eq!(stored.outcome, Outcome::Unknown);
    assert_eq!(world.device.calls().of("setScript").count(), 1);
    let lost = FaultRule::new(Fault::CloseUnanswered).method("setScript");
    world.device.faults().inject(lost.times(1));
    let error = scripts.upload("a", "print(\"y\")").await.unwrap_err();
    assert!(matches!(error, FilesError::Call(_)), "{error:?}");
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(scripts.download("a").await.unwrap().source, "print(\"x\")");
}

#[tokio::test]
async fn a_device_that_stores_something_else_is_found_out() {
    let world = world(Firmware::V4_4_1).await;
    let scripts = Scripts::of(&world.agent);
    let other = Fault::Rewrite {
        from: "wanted".to_owned(),
        to: "stored".to_owned(),
    };
    world
        .device
        .faults()
        .inject(FaultRule::new(other).method("getScript"));
    let upload = scripts.upload("a", "print(\"wanted\")");
    assert!(!format!("{upload:?}").contains("wanted"));
    let error = upload.await.unwrap_err();
    assert_eq!(error.code(), "Files.Differs");
    assert_eq!(error.outcome(), Outcome::Executed);
}

/// A service for scripts that stores what it gets, and has nothing to read it back with; its output goes backwards.
struct Forgetful;

fn forget<'a>(_: &'a Forgetful, call: &Incoming<'a>) -> Result<Answer<'a>, rpc::Fault> {
    let text = match call.method() {
        "setScript" => r#"{"_ret_":0}"#,
        "getScriptOutput" => {
            let from = call.arguments().get(0, "iAddr").unwrap_or("0");
            if from == "0" {
                r#"{"_ret_":0,"oAddr":0,"nAddr":5,"oString":"begin","more":false}"#
            } else {
                r#"{"_ret_":0,"oAddr":0,"nAddr":3,"oString":"old","more":false}"#
            }
        }
        "getScriptState" => r#"{"_ret_":0,"state":{"execState":2,"exitType":0,"exitStatus":0}}"#,
        _ => return Err(rpc::Fault::method_not_found()),
    };
    let values = Values::from_object(text.to_owned());
    let values = values.map_err(|_| rpc::Fault::internal("no JSON"));
    Ok(values.into())
}

fn forgetful() -> Scripts {
    let router = Router::new();
    let info = TypeInfo::new("luaservice.Manager:2.0.1".parse().unwrap(), []);
    router.insert("/luaservice", Servant::of_type(info, Forgetful, forget));
    let transport = Arc::new(MemoryTransport::new(router));
    Scripts::of(&Agent::with_transport(transport))
}

#[tokio::test]
async fn a_script_that_was_sent_and_cannot_be_read_back_is_not_called_unsent() {
    let error = forgetful().upload("a", "x").await.unwrap_err();
    assert_eq!(error.code(), "Files.Unread", "{error:?}");
    assert_eq!(error.outcome(), Outcome::Executed);
}

#[tokio::test]
async fn output_that_goes_backwards_is_not_told_again() {
    let scripts = forgetful();
    // Else it has no end.
    let heard = tokio::time::timeout(Duration::from_secs(10), heard(&scripts, "a"));
    let (text, lost, _) = heard.await.unwrap();
    assert_eq!((&*text, lost), ("begin", 0));
}

#[tokio::test]
async fn a_script_does_not_show_its_secrets() {
    let world = world(Firmware::V4_4_1).await;
    let scripts = Scripts::of(&world.agent);
    let upload = scripts
        .upload("a", "print(\"hush\")")
        .argument("password", "hush-hush");
    upload.await.unwrap();
    let shown = format!("{:?}", scripts.download("a").await.unwrap());
    assert!(
        shown.contains("bytes: 13") && !shown.contains("hush"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_device_without_scripts_says_so() {
    let (_script, _serving, agent) = scripted(Script::default()).await;
    let error = Scripts::of(&agent).names().await.unwrap_err();
    assert_eq!(error.code(), "Files.NotThere");
    assert!(error.to_string().contains("service for scripts"), "{error}");
}
