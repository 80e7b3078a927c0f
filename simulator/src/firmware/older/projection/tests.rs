use super::*;

fn projected(way: Way, ty: &str, text: &str) -> Option<String> {
    let projection = Projection::of(Firmware::V4_0_20).unwrap();
    let mut out = String::new();
    projection
        .write(way, &Type::Named(ty.to_owned()), text, &mut out)
        .then_some(out)
}

#[test]
fn the_newest_firmware_needs_none_and_the_tables_can_be_read() {
    assert!(Projection::of(Firmware::V4_4_1).is_none());
    for firmware in [Firmware::V3_6_80, Firmware::V4_0_20] {
        let table = &Projection::of(firmware).unwrap().table;
        assert!(
            table.interfaces.len() > 60,
            "{firmware}: {}",
            table.interfaces.len()
        );
        assert!(
            table
                .value_objects
                .contains_key("pdumodel.Outlet.StateChangedEvent")
        );
    }
}

#[test]
fn references_carry_the_types_of_the_firmware() {
    let newest =
        r#"{"rid":"/tfwopaque/pdumodel.Outlet:3.0.4/outlet.0","type":"pdumodel.Outlet:3.0.4"}"#;
    let older =
        r#"{"rid":"/tfwopaque/pdumodel.Outlet:3.0.1/outlet.0","type":"pdumodel.Outlet:3.0.1"}"#;
    let outlet = "pdumodel.Outlet:3.0.1";
    assert_eq!(projected(Way::Out, outlet, newest).as_deref(), Some(older));
    assert_eq!(projected(Way::In, outlet, older).as_deref(), Some(newest));
    assert_eq!(projected(Way::Out, outlet, "null").as_deref(), Some("null"));
    let unknown = r#"{"rid":"/x","type":"acme.Fan:1.0.0"}"#;
    assert_eq!(projected(Way::Out, outlet, unknown), None);
    assert_eq!(
        projected(Way::In, outlet, unknown).as_deref(),
        Some(unknown)
    );
}

#[test]
fn members_that_the_firmware_has_not_go_and_come_back_as_nothing() {
    let table = &Projection::of(Firmware::V4_0_20).unwrap().table;
    let with_name = |name: &str| {
        let found = table.values.keys().find(|id| free(id) == name);
        found.unwrap().clone()
    };
    let id = with_name("pdumodel.Pdu.Settings");
    let newest = r#"{"name":"a","inhibitRelayControl":true,"inletWiring":3,"cycleDelay":10}"#;
    let older = projected(Way::Out, &id, newest).unwrap();
    assert!(
        older.starts_with(r#"{"name":"a","startupState":0,"cycleDelay":10,"#),
        "{older}"
    );
    assert!(!older.contains("inhibitRelayControl"), "{older}");
    // Pdu.Settings may be sent in part: what an older client does not know stays as it is.
    let back = projected(Way::In, &id, &older).unwrap();
    assert!(!back.contains("inhibitRelayControl"), "{back}");
    let id = with_name("cascading.CascadeManager.Status");
    let back = projected(Way::In, &id, r#"{"role":1}"#).unwrap();
    assert_eq!(back, r#"{"role":1,"primaryLinkId":0}"#);
}

#[test]
fn nothing_that_a_client_sends_is_left_out_in_silence() {
    let projection = Projection::of(Firmware::V4_0_20).unwrap();
    let outlet = || Box::new(Type::Named("pdumodel.Outlet:3.0.1".to_owned()));
    let record = projection.table.values.keys();
    let record = record
        .clone()
        .find(|id| free(id) == "pdumodel.Outlet.Settings")
        .unwrap()
        .clone();
    for (ty, sent) in [
        (
            Type::Map(
                Box::new(Type::Integer),
                Box::new(Type::Named(record.clone())),
            ),
            r#"[{"key":1,"value":7}]"#,
        ),
        (Type::Vector(Box::new(Type::Named(record))), "[7,[1]]"),
        (Type::Vector(outlet()), r#"[7,{"rid":1}]"#),
        (
            Type::Map(Box::new(Type::Integer), outlet()),
            r#"[{"key":1}]"#,
        ),
        (Type::Map(Box::new(Type::Integer), outlet()), "[null]"),
    ] {
        let mut out = String::new();
        projection.write_whole(Way::In, &ty, sent, &mut out);
        assert_eq!(out, sent);
    }
}
