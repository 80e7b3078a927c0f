//! Read, change, write back.

use std::future::{Future as _, IntoFuture as _};
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};

use xerus_rpc::{Agent, Error, update};

use crate::device::{Answer, Ask, Device, ret};
use crate::support::pdumodel::Outlet;
use crate::support::pdumodel::outlet::PowerState;

pub const SETTINGS: &str = r#"{"name":"web","newInFuture":{"a": [1.50], "b":"\u00e4"},"startupState":1,"cycleDelay":10,"z":0.0010000000474974513}"#;

/// Settings of a device, as text.
pub type Kept = Arc<Mutex<String>>;

/// A device that keeps what is written.
pub fn keeping(settings: &str) -> (Kept, Arc<Device>, Agent, Outlet) {
    let kept = Kept::new(Mutex::new(settings.to_owned()));
    let inner = Arc::clone(&kept);
    let (device, agent) = Device::new(move |ask: &Ask| match &*ask.method {
        "getSettings" => ret(inner.lock().unwrap()),
        "setSettings" => {
            let text = ask.args.strip_prefix(r#"{"settings":"#).unwrap();
            *inner.lock().unwrap() = text.strip_suffix('}').unwrap().to_owned();
            ret(0)
        }
        _ => Answer::Status(404),
    });
    let outlet = Outlet::at(&agent, "/outlet/0");
    (kept, device, agent, outlet)
}

#[tokio::test]
async fn what_the_bindings_do_not_know_goes_back_byte_for_byte() {
    let (kept, device, _agent, outlet) = keeping(SETTINGS);
    let updated = update(
        outlet.get_settings(),
        |settings| settings.name = "db-1".into(),
        |settings| outlet.set_settings(settings),
    )
    .await
    .unwrap();
    assert!(updated.sent && !updated.verified);
    assert_eq!(updated.changed.to_string(), r#"name: "web" -> "db-1""#);
    assert_eq!(
        (&*updated.before.name, &*updated.after.name),
        ("web", "db-1")
    );
    assert_eq!(
        *kept.lock().unwrap(),
        r#"{"name":"db-1","startupState":1,"cycleDelay":10,"newInFuture":{"a": [1.50], "b":"\u00e4"},"z":0.0010000000474974513}"#
    );
    assert_eq!(
        device.methods(),
        ["getSettings", "getSettings", "setSettings"]
    );
}

#[tokio::test]
async fn nothing_is_sent_when_nothing_changed() {
    let (kept, device, _agent, outlet) = keeping(SETTINGS);
    let updated = update(
        outlet.get_settings(),
        |settings| settings.startup_state = PowerState::PsOn,
        |settings| outlet.set_settings(settings),
    )
    .verify()
    .await
    .unwrap();
    assert!(!updated.sent && updated.changed.is_empty() && updated.answer.is_none());
    assert_eq!(updated.changed.to_string(), "no change");
    assert_eq!(device.methods(), ["getSettings"]);
    assert_eq!(*kept.lock().unwrap(), SETTINGS);
}

#[tokio::test]
async fn a_dry_run_gives_the_difference_and_writes_nothing() {
    let (kept, device, _agent, outlet) = keeping(SETTINGS);
    let updated = update(
        outlet.get_settings(),
        |settings| {
            settings.startup_state = PowerState::PsOff;
            settings.cycle_delay += 5;
            settings.extra_.set("z", "1".parse().unwrap());
        },
        |settings| outlet.set_settings(settings),
    )
    .dry_run()
    .await
    .unwrap();
    assert!(!updated.sent);
    assert_eq!(
        updated.changed.to_string(),
        "startupState: PS_ON -> PS_OFF\ncycleDelay: 10 -> 15\nz: 0.0010000000474974513 -> 1"
    );
    assert_eq!(device.methods(), ["getSettings"]);
    assert_eq!(*kept.lock().unwrap(), SETTINGS);
}

#[tokio::test]
async fn members_that_the_device_left_out_are_not_invented() {
    let (kept, _device, _agent, outlet) = keeping(r#"{"name":"web","startupState":1}"#);
    let change = |delay: i32, name: &'static str| {
        update(
            outlet.get_settings(),
            move |settings| {
                settings.name = name.into();
                settings.cycle_delay = delay;
            },
            |settings| outlet.set_settings(settings),
        )
    };
    assert!(change(0, "db").await.unwrap().sent);
    assert_eq!(*kept.lock().unwrap(), r#"{"name":"db","startupState":1}"#);
    let updated = change(7, "db").await.unwrap();
    assert_eq!(updated.changed.to_string(), "cycleDelay: absent -> 7");
    assert_eq!(
        *kept.lock().unwrap(),
        r#"{"name":"db","startupState":1,"cycleDelay":7}"#
    );
}

#[tokio::test]
async fn a_default_for_a_member_that_was_left_out_can_be_forced() {
    let (kept, _device, _agent, outlet) = keeping(r#"{"name":"web","startupState":1}"#);
    let updated = update(
        outlet.get_settings(),
        |settings| settings.extra_.set("cycleDelay", "0".parse().unwrap()),
        |settings| outlet.set_settings(settings),
    )
    .await
    .unwrap();
    assert_eq!(updated.changed.to_string(), "cycleDelay: absent -> 0");
    assert_eq!(
        *kept.lock().unwrap(),
        r#"{"name":"web","startupState":1,"cycleDelay":0}"#
    );
}

#[tokio::test]
async fn what_was_written_is_read_back_on_request() {
    let (_kept, device, _agent, outlet) = keeping(SETTINGS);
    let updated = update(
        outlet.get_settings(),
        |settings| settings.cycle_delay = 1,
        |settings| outlet.set_settings(settings),
    )
    .verify()
    .await
    .unwrap();
    assert!(updated.sent && updated.verified);
    assert_eq!(device.methods().len(), 4);
    let shown = format!("{updated:?}");
    assert!(
        shown.contains("cycleDelay") && !shown.contains("web"),
        "{shown}"
    );
}

#[tokio::test]
async fn the_closure_may_refuse_with_an_error_of_its_own() {
    #[derive(Debug)]
    enum Mine {
        TooLong,
        Call(Error),
    }
    impl From<Error> for Mine {
        fn from(error: Error) -> Self {
            Self::Call(error)
        }
    }
    let (_kept, device, _agent, outlet) = keeping(SETTINGS);
    let error = update(
        outlet.get_settings(),
        |_| Err(Mine::TooLong),
        |settings| outlet.set_settings(settings),
    )
    .await
    .unwrap_err();
    assert!(matches!(error, Mine::TooLong));
    assert_eq!(device.methods(), ["getSettings"]);
    let nowhere = Outlet::at(outlet.agent(), "//outlet/0");
    let error = update(
        nowhere.get_settings(),
        |_| Err(Mine::TooLong),
        |settings| outlet.set_settings(settings),
    )
    .await
    .unwrap_err();
    assert!(matches!(error, Mine::Call(_)), "{error:?}");
}

#[tokio::test]
async fn an_update_may_be_given_up_at_any_poll() {
    let mut ended = 0;
    for polls in 0..20 {
        let (kept, device, _agent, outlet) = keeping(SETTINGS);
        device.polls.store(2, Ordering::SeqCst);
        {
            let future = update(
                outlet.get_settings(),
                |settings| settings.name = "db-1".into(),
                |settings| outlet.set_settings(settings),
            )
            .verify()
            .into_future();
            let mut future = pin!(future);
            let mut context = Context::from_waker(Waker::noop());
            for _ in 0..polls {
                if future.as_mut().poll(&mut context).is_ready() {
                    ended += 1;
                    break;
                }
            }
        }
        assert_eq!(device.under_way(), 0);
        let name = serde_json::from_str::<serde_json::Value>(&kept.lock().unwrap()).unwrap();
        let written = device
            .methods()
            .iter()
            .filter(|it| *it == "setSettings")
            .count();
        assert!(written <= 1, "sent twice");
        assert!(name["name"] == "web" || written == 1);
        device.polls.store(0, Ordering::SeqCst);
        assert_eq!(outlet.get_settings().await.unwrap().cycle_delay, 10);
    }
    assert!(ended > 0, "the last ones should come to an end");
}

#[tokio::test]
async fn plain_values_are_values_as_well() {
    let (device, agent) = Device::new(|ask| match &*ask.method {
        "getLabel" => ret(r#""a""#),
        _ => ret(0),
    });
    let outlet = Outlet::at(&agent, "/outlet/0");
    let updated = update(
        outlet.get_label(),
        |label| label.push('b'),
        |label| {
            agent.call(
                "/outlet/0",
                "setLabel",
                format!(r#"{{"l":"{label}"}}"#).parse().unwrap(),
            )
        },
    )
    .await
    .unwrap();
    assert_eq!(updated.changed.to_string(), r#"value: "a" -> "ab""#);
    assert_eq!(updated.answer.unwrap().get(), r#"{"_ret_":0}"#);
    assert_eq!(device.requests()[2][0].args, r#"{"l":"ab"}"#);
}
