use super::*;

fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn went(transfer: Option<Transfer>) -> Option<(usize, usize, TransferReason)> {
    transfer.map(|transfer| (transfer.from, transfer.to, transfer.reason))
}

#[test]
fn the_other_source_takes_over_and_the_preferred_one_comes_back() {
    let mut switch = TransferSwitch::new(s(0));
    assert_eq!(switch.readings().operation, TransferOperation::Normal);
    assert_eq!(
        went(switch.set_powered(0, false, s(10))),
        Some((0, 1, TransferReason::PowerFailure))
    );
    assert_eq!(switch.readings().operation, TransferOperation::NonRedundant);
    assert!(switch.readings().powered);
    assert_eq!(switch.retransfer_at(), None);
    assert_eq!(went(switch.set_powered(0, true, s(100))), None);
    assert_eq!(switch.readings().operation, TransferOperation::Standby);
    assert_eq!(went(switch.advance(s(119))), None);
    assert_eq!(switch.retransfer_at(), Some(s(120)));
    assert_eq!(
        went(switch.advance(s(500))),
        Some((1, 0, TransferReason::AutoRetransfer))
    );
    assert_eq!(switch.readings().operation, TransferOperation::Normal);
    let times: Vec<_> = switch.log().map(|transfer| transfer.at).collect();
    assert_eq!(times, [s(10), s(120)]);
    assert_eq!(switch.statistics().transfers, 2);
}

#[test]
fn a_source_that_flickers_starts_the_wait_anew() {
    let mut switch = TransferSwitch::new(s(0));
    switch.set_powered(0, false, s(10));
    switch.set_powered(0, true, s(20));
    switch.set_powered(0, false, s(30));
    switch.set_powered(0, true, s(35));
    assert_eq!(went(switch.advance(s(54))), None);
    assert!(switch.advance(s(55)).is_some());
}

#[test]
fn without_any_source_the_output_is_off_until_one_comes() {
    let mut switch = TransferSwitch::new(s(0));
    assert_eq!(went(switch.set_powered(1, false, s(1))), None);
    assert_eq!(went(switch.set_powered(0, false, s(2))), None);
    assert_eq!(switch.readings().operation, TransferOperation::Off);
    assert!(!switch.readings().powered);
    assert_eq!(switch.readings().phase_angle, None);
    assert_eq!(
        went(switch.set_powered(1, true, s(3))),
        Some((0, 1, TransferReason::PowerFailure))
    );
}

#[test]
fn alarms_forbid_a_manual_transfer_unless_they_are_overridden() {
    let mut switch = TransferSwitch::new(s(0));
    assert_eq!(
        switch.transfer(2, true, s(1)),
        Err(TransferRefusal::InvalidParam)
    );
    assert_eq!(switch.transfer(0, false, s(1)), Ok(None));
    switch.set_overload(true);
    switch.set_overload(true);
    assert_eq!(switch.statistics().overloads, 1);
    assert_eq!(
        switch.transfer(1, false, s(2)),
        Err(TransferRefusal::Prevented)
    );
    switch.set_overload(false);
    switch.set_phase_angle(31.0);
    assert!(switch.readings().phase_fault);
    assert_eq!(
        switch.transfer(1, false, s(3)),
        Err(TransferRefusal::Prevented)
    );
    let transfer = switch.transfer(1, true, s(4)).unwrap();
    assert_eq!(went(transfer), Some((0, 1, TransferReason::Manual)));
    assert_eq!(switch.last_reason(), TransferReason::Manual);
    switch.set_powered(0, false, s(5));
    assert_eq!(switch.transfer(0, true, s(6)), Err(TransferRefusal::Failed));
}

#[test]
fn out_of_step_holds_the_way_back() {
    let mut switch = TransferSwitch::new(s(0));
    switch.set_powered(0, false, s(1));
    switch.set_powered(0, true, s(2));
    switch.set_phase_angle(-90.0);
    assert_eq!(went(switch.advance(s(1_000))), None);
    switch.set_phase_angle(5.0);
    assert!(switch.advance(s(1_000)).is_some());
}

#[test]
fn settings_are_checked_and_another_preference_takes_effect_after_the_wait() {
    let mut switch = TransferSwitch::new(s(0));
    let change = |switch: &mut TransferSwitch, edit: fn(&mut TransferSettings), now| {
        let mut settings = switch.settings().clone();
        edit(&mut settings);
        switch.change(settings, now)
    };
    for bad in [
        (|settings| settings.preferred = 2) as fn(&mut TransferSettings),
        |settings| settings.wait = 3_601,
        |settings| settings.name = "x".repeat(65),
    ] {
        assert_eq!(
            change(&mut switch, bad, s(1)),
            Err(TransferRefusal::InvalidParam)
        );
    }
    assert_eq!(change(&mut switch, |_| (), s(1)), Ok(None));
    assert!(change(&mut switch, |settings| settings.preferred = 1, s(50)).is_ok());
    assert_eq!(switch.retransfer_at(), Some(s(70)));
    assert!(
        change(
            &mut switch,
            |settings| settings.auto_retransfer = false,
            s(60)
        )
        .is_ok()
    );
    assert_eq!(went(switch.advance(s(100))), None);
}

#[test]
fn the_log_keeps_the_latest() {
    let mut switch = TransferSwitch::new(s(0));
    for time in 0..40 {
        let to = 1 - switch.selected();
        assert!(switch.transfer(to, false, s(time)).unwrap().is_some());
    }
    assert_eq!(switch.log().count(), LOG);
    assert_eq!(switch.log().next().map(|transfer| transfer.at), Some(s(8)));
}

#[test]
fn angles_are_brought_into_a_half_turn() {
    let mut switch = TransferSwitch::new(s(0));
    switch.set_phase_angle(350.0);
    assert_eq!(switch.readings().phase_angle, Some(-10.0));
    switch.set_phase_angle(f64::NAN);
    assert_eq!(switch.readings().phase_angle, Some(-10.0));
}
