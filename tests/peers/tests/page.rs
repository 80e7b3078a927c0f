//! The simulator's page in a browser without a window: it shows outlets and sensors, and a person switches an outlet, with the mouse
//! and with the keyboard, on a wide screen and on a phone, on every firmware.
//!
//! Where Chromium and its driver are not installed the test is skipped, unless the variable `XERUS_PEERS` is `required`.

#![allow(clippy::unwrap_used)] // helpers of tests

mod browser;

use std::io::Write as _;

use browser::{Browser, ENTER, TAB};
use serde_json::json;
use xerus_sim::{Firmware, Running, Simulator};

const READY: &str = "document.body.dataset.ready";
const MESSAGE: &str = "document.getElementById('message').textContent";

fn has_browser() -> bool {
    let installed = browser::is_installed();
    if !installed {
        assert!(
            std::env::var_os("XERUS_PEERS").is_none_or(|value| value != "required"),
            "XERUS_PEERS=required, but Chromium is not installed (run tests/peers/install.sh)"
        );
        // Not through `eprintln!`, which the test harness keeps to itself while all is well.
        let line = "skipped: Chromium (run tests/peers/install.sh)\n";
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
    installed
}

async fn device(firmware: Firmware) -> Running {
    let device = Simulator::builder().firmware(firmware).outlets(3).start();
    device.await.unwrap()
}

fn is_on(device: &Running, outlet: usize) -> bool {
    device.device().outlet_state(outlet).unwrap().power.is_on()
}

#[tokio::test]
async fn a_person_switches_an_outlet_with_the_mouse() {
    if !has_browser() {
        return;
    }
    let browser = Browser::open(1_000, 800, false).await;
    for firmware in [Firmware::V3_6_80, Firmware::V4_0_20, Firmware::V4_4_1] {
        let device = device(firmware).await;
        browser.visit(device.url()).await;
        browser.wait_for(READY, &json!("yes")).await;
        let rows = "document.querySelectorAll('#outlets tr').length";
        assert_eq!(browser.value(rows).await, 3, "{firmware}");
        let facts = browser
            .value("document.getElementById('facts').textContent")
            .await;
        assert!(
            facts.as_str().unwrap().contains(&firmware.to_string()),
            "{facts}"
        );
        let sensors = "document.getElementById('sensors').textContent";
        let sensors = browser.value(sensors).await;
        for shown in ["active power", "line frequency", " V", " Hz", " °C"] {
            assert!(
                sensors.as_str().unwrap().contains(shown),
                "{firmware}: {shown} in {sensors}"
            );
        }

        browser.click("#outlets tr:nth-child(2) button").await;
        browser
            .wait_for(MESSAGE, &json!("Outlet 2 is switched off."))
            .await;
        assert_eq!(
            [0, 1, 2].map(|outlet| is_on(&device, outlet)),
            [true, false, true]
        );
        let state = "document.querySelector('#outlets tr:nth-child(2) .state').textContent";
        browser.wait_for(state, &json!("off")).await;
    }
    browser.close().await;
}

#[tokio::test]
async fn a_phone_and_a_keyboard_are_enough() {
    if !has_browser() {
        return;
    }
    let device = device(Firmware::default()).await;
    let browser = Browser::open(390, 844, true).await;
    browser.visit(device.url()).await;
    browser.wait_for(READY, &json!("yes")).await;
    // Nothing has to be moved sideways, and a finger hits the buttons.
    assert_eq!(
        browser
            .value("document.documentElement.scrollWidth <= innerWidth")
            .await,
        true
    );
    let small = "[...document.querySelectorAll('button')].filter(b => b.offsetHeight < 44).length";
    assert_eq!(browser.value(small).await, 0);

    browser.press(&[TAB, TAB, ENTER]).await;
    browser
        .wait_for(MESSAGE, &json!("Outlet 2 is switched off."))
        .await;
    assert!(is_on(&device, 0) && !is_on(&device, 1));
    // The same button, which has kept the focus, takes it back.
    let focused = "document.activeElement.textContent";
    browser.wait_for(focused, &json!("Switch on")).await;
    browser.press(&[ENTER]).await;
    browser
        .wait_for(MESSAGE, &json!("Outlet 2 is switched on."))
        .await;
    assert!(is_on(&device, 1));
    browser.close().await;
}

#[tokio::test]
async fn a_device_that_goes_away_is_said_to_be_away() {
    if !has_browser() {
        return;
    }
    let device = device(Firmware::default()).await;
    let browser = Browser::open(1_000, 800, false).await;
    browser.visit(device.url()).await;
    browser.wait_for(READY, &json!("yes")).await;
    drop(device);
    browser
        .wait_for(
            &format!("{MESSAGE}.startsWith('No answer from the device')"),
            &json!(true),
        )
        .await;
    browser.close().await;
}
