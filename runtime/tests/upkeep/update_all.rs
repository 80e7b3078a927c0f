//! Many updates in few requests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use xerus_rpc::{Agent, Error, ErrorKind, Outcome, update, update_all};

use crate::device::{Answer, Ask, Device, ret};
use crate::support::pdumodel::Outlet;

type Names = Arc<Mutex<BTreeMap<String, String>>>;

/// Outlets whose names are kept; the fourth one refuses another name, and the fifth one is not there.
fn rack(lose: Option<&'static str>) -> (Names, Arc<Device>, Agent) {
    let names = Names::default();
    let inner = Arc::clone(&names);
    let (device, agent) = Device::new(move |ask: &Ask| {
        let mut names = inner.lock().unwrap();
        let name = names
            .entry(ask.rid.clone())
            .or_insert_with(|| "x".to_owned());
        match &*ask.method {
            method if lose == Some(method) => {
                Answer::Fail(Error::from(ErrorKind::ConnectionLost).with_sent(true, false))
            }
            _ if ask.rid == "/outlet/4" => Answer::Status(404),
            "getSettings" => ret(format!(
                r#"{{"name":"{name}","startupState":1,"cycleDelay":10}}"#
            )),
            _ if ask.rid == "/outlet/3" => ret(1),
            _ => {
                *name = ask.json()["settings"]["name"].as_str().unwrap().to_owned();
                ret(0)
            }
        }
    });
    (names, device, agent)
}

#[tokio::test]
async fn many_updates_take_a_request_for_each_step() {
    let (names, device, agent) = rack(None);
    let outlets: Vec<Outlet> = (0..6)
        .map(|index| Outlet::at(&agent, &format!("/outlet/{index}")))
        .collect();
    let updates = || {
        outlets.iter().enumerate().map(|(index, outlet)| {
            update(
                outlet.get_settings(),
                // The second one stays as it is.
                move |settings| {
                    settings.name = if index == 1 {
                        "x".into()
                    } else {
                        format!("db-{index}")
                    }
                },
                |settings| outlet.set_settings(settings),
            )
        })
    };
    let dry = update_all(&agent, updates()).dry_run().await;
    assert_eq!(dry.len(), 6);
    assert_eq!(device.sizes(), [6]);
    let results = update_all(&agent, updates()).verify().await;
    // All but the missing one and the one that stays; all but the one that refused.
    assert_eq!(device.sizes(), [6, 6, 4, 4, 3]);
    let codes: Vec<&str> = results
        .iter()
        .map(|result| match result {
            Ok(updated) if updated.sent => "sent",
            Ok(_) => "same",
            Err(error) => error.code(),
        })
        .collect();
    assert_eq!(
        codes,
        [
            "sent",
            "same",
            "sent",
            "Application",
            "SubHttpStatus",
            "sent"
        ]
    );
    assert_eq!(names.lock().unwrap()["/outlet/5"], "db-5");
    let refused = results[3].as_ref().unwrap_err();
    assert_eq!(refused.outcome(), Outcome::Executed);
    assert_eq!(refused.rid(), Some("/outlet/3"));
    assert_eq!(
        results[4].as_ref().unwrap_err().outcome(),
        Outcome::NotExecuted
    );
    assert!(results.all().is_err());
}

#[tokio::test]
async fn updates_of_one_value_do_not_undo_each_other() {
    let (names, device, agent) = rack(None);
    let outlet = Outlet::at(&agent, "/outlet/0");
    let updates = ["a", "b", "c"].map(|more| {
        update(
            outlet.get_settings(),
            move |settings| settings.name.push_str(more),
            |settings| outlet.set_settings(settings),
        )
    });
    let all = update_all(&agent, updates).await.all().unwrap();
    assert_eq!(all[2].changed.to_string(), r#"name: "xab" -> "xabc""#);
    assert_eq!(names.lock().unwrap()["/outlet/0"], "xabc");
    assert_eq!(device.sizes(), [1; 9]);
}

#[tokio::test]
async fn a_request_that_fails_is_the_error_of_each_update_in_it() {
    for (lose, outcome) in [
        ("getSettings", Outcome::NotExecuted),
        ("setSettings", Outcome::Unknown),
    ] {
        let (_names, _device, agent) = rack(Some(lose));
        let outlets = [0, 1].map(|index| Outlet::at(&agent, &format!("/outlet/{index}")));
        let updates = outlets.iter().map(|outlet| {
            update(
                outlet.get_settings(),
                |settings| settings.name = "db".into(),
                |settings| outlet.set_settings(settings),
            )
        });
        let results = update_all(&agent, updates).await;
        assert_eq!(results.len(), 2);
        for (index, result) in results.into_iter().enumerate() {
            let error = result.unwrap_err();
            assert_eq!(error.code(), "ConnectionLost");
            assert_eq!(error.outcome(), outcome, "{lose}");
            assert_eq!(error.rid(), Some(&*format!("/outlet/{index}")));
        }
    }
}

#[tokio::test]
async fn no_updates_are_no_request() {
    let (_names, device, agent) = rack(None);
    let outlet = Outlet::at(&agent, "/outlet/0");
    let none = [(); 0].map(|()| {
        update(
            outlet.get_settings(),
            |_| (),
            |settings| outlet.set_settings(settings),
        )
    });
    assert!(update_all(&agent, none).await.is_empty());
    assert!(device.requests().is_empty());
}
