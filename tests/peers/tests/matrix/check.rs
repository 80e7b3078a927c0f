//! What each step of the scripts must give: the same that the device answers to our own, untyped client at that moment, a given
//! value, or a given refusal. The scripts name their steps after the part of the device and what they ask it.

use serde_json::{Value, json};

/// What a step must give.
#[derive(Debug)]
pub(crate) enum Check {
    /// What the device answers to this call.
    Sent(Call),
    /// This value, whatever the firmware.
    Is(Value),
    /// A refusal, by HTTP status or error code.
    Refused(&'static str, i64),
    /// Events, each as its type without version and its source.
    Events(Vec<(&'static str, String)>),
    /// What the model knows of it, as asking again would change it or is not possible in one call.
    Known,
}

/// A call of our own, and what is taken of its result.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) rid: String,
    pub(crate) method: &'static str,
    /// Parameters as a JSON object.
    pub(crate) params: &'static str,
    /// Names of the results, in the order in which clients return them.
    pub(crate) results: &'static [&'static str],
}

fn sent(rid: impl Into<String>, method: &'static str) -> Check {
    Check::Sent(Call {
        rid: rid.into(),
        method,
        params: "{}",
        results: &["_ret_"],
    })
}

fn outs(rid: impl Into<String>, method: &'static str, results: &'static [&'static str]) -> Check {
    Check::Sent(Call {
        rid: rid.into(),
        method,
        params: "{}",
        results,
    })
}

const PDU: &str = "/model/pdu/0";

/// What a step must give; `None` for a step that is not known here.
pub(crate) fn check(step: &str) -> Option<Check> {
    let parts: Vec<&str> = step.split('.').collect();
    Some(match *parts.as_slice() {
        ["pdu", what] => return pdu(what),
        ["outlets"] => sent(PDU, "getOutlets"),
        ["inlets"] => sent(PDU, "getInlets"),
        ["ocps"] => sent(PDU, "getOverCurrentProtectors"),
        ["slots"] => sent(MANAGER, "getDeviceSlots"),
        ["manager", "devices"] => sent(MANAGER, "getDiscoveredDevices"),
        ["manager", "settings"] => sent(MANAGER, "getSettings"),
        ["outlet", "0", "iop"] => outs(format!("{PDU}/outlet/0"), "getIOP", &["i", "o", "p"]),
        ["outlet", index, what] => return outlet(index, what),
        ["inlet", index, what] => inlet(&format!("{PDU}/inlet/{index}"), what)?,
        ["ocp", index, what] => protector(&format!("{PDU}/ocp/{index}"), what)?,
        ["slot", index, what] => slot(&format!("/model/peripheraldeviceslot/{index}"), what)?,
        ["voltage", what] => sensor(&format!("{PDU}/outlet/0/voltage"), what)?,
        ["energy", what] => sensor(&format!("{PDU}/outlet/0/activeEnergy"), what)?,
        ["firmware"] | ["firmware", "before"] | ["session", "version"] => {
            sent("/firmware", "getVersion")
        }
        ["lookup"] => Check::Sent(Call {
            rid: "/ns".to_owned(),
            method: "lookup",
            params: r#"{"name": "/model/pdu/0/outlet/0"}"#,
            results: &["_ret_"],
        }),
        ["unknown_rid"] => Check::Refused("status", 404),
        ["unknown_method"] => Check::Refused("code", -32601),
        ["wrong_password"] => Check::Refused("status", 401),
        ["multiple" | "all" | "group", what] => groups(parts[0], what)?,
        ["sequence"] => sent(PDU, "getOutletSequenceState"),
        ["bulk", "names"] => Check::Known,
        // Eight outlets, three other calls; then an unknown id and an unknown method.
        ["bulk", "failed"] => Check::Is(json!([
            false, false, false, false, false, false, false, false, false, false, false, true, true
        ])),
        ["raw" | "bulk_config" | "backup", what] => configuration(parts[0], what)?,
        ["log", "info"] => sent("/eventlog", "getInfo"),
        ["certificate" | "diagnostics" | "log", what] => upkeep(what)?,
        ["image" | "update", what] => update(what)?,
        ["firmware", "after"] => sent("/firmware", "getVersion"),
        ["session", what] => session(what)?,
        ["events", what] => events(what)?,
        _ => return None,
    })
}

const MANAGER: &str = "/model/peripheraldevicemanager";

fn pdu(what: &str) -> Option<Check> {
    Some(match what {
        "meta_data" => sent(PDU, "getMetaData"),
        "nameplate" => sent(PDU, "getNameplate"),
        "statistic" => sent(PDU, "getStatistic"),
        "settings" | "new_settings" => sent(PDU, "getSettings"),
        "set_settings" => Check::Is(json!(0)),
        "sensors" => sent(PDU, "getSensors"),
        "controllers" => sent(PDU, "getControllers"),
        "active_energy" => sent(format!("{PDU}/activeEnergy"), "getReading"),
        "power_supply" => Check::Known,
        _ => return None,
    })
}

fn outlet(index: &str, what: &str) -> Option<Check> {
    let rid = format!("{PDU}/outlet/{index}");
    Some(match what {
        "meta_data" => sent(rid, "getMetaData"),
        "settings" | "new_settings" => sent(rid, "getSettings"),
        "state" | "new_state" | "after" => sent(rid, "getState"),
        "sensors" => sent(rid, "getSensors"),
        "set_settings" | "set_power_state" | "cycle" | "off_meanwhile" => Check::Is(json!(0)),
        "on_again" => Check::Is(json!(1)),
        "in_progress" => Check::Is(json!(true)),
        "outlet_state" | "before" => sent(format!("{rid}/outletState"), "getState"),
        "current" | "new_current" => sent(format!("{rid}/current"), "getReading"),
        _ => return None,
    })
}

fn inlet(rid: &str, what: &str) -> Option<Check> {
    Some(match what {
        "meta_data" => sent(rid, "getMetaData"),
        "settings" => sent(rid, "getSettings"),
        "sensors" => sent(rid, "getSensors"),
        "poles" => sent(rid, "getPoles"),
        "enabled" => sent(rid, "isEnabled"),
        "residual_current_status" => sent(format!("{rid}/residualCurrentStatus"), "getState"),
        "pole_currents" => Check::Known,
        _ => return None,
    })
}

fn protector(rid: &str, what: &str) -> Option<Check> {
    Some(match what {
        "meta_data" => sent(rid, "getMetaData"),
        "settings" => sent(rid, "getSettings"),
        "sensors" => sent(rid, "getSensors"),
        "poles" => sent(rid, "getPoles"),
        "inlet" => sent(rid, "getInlet"),
        "trip" => sent(format!("{rid}/trip"), "getState"),
        _ => return None,
    })
}

fn slot(rid: &str, what: &str) -> Option<Check> {
    Some(match what {
        "device" => sent(rid, "getDevice"),
        "settings" => sent(rid, "getSettings"),
        "reading" => sent(format!("{rid}/device"), "getReading"),
        _ => return None,
    })
}

fn sensor(rid: &str, what: &str) -> Option<Check> {
    Some(match what {
        "type" => sent(rid, "getTypeSpec"),
        "meta_data" => sent(rid, "getMetaData"),
        "thresholds" | "new_thresholds" => sent(rid, "getThresholds"),
        "reading" | "warned_reading" => sent(rid, "getReading"),
        "extremes" => sent(rid, "getMinMax"),
        "set_thresholds" => Check::Is(json!(0)),
        "bad_thresholds" => Check::Is(json!(1)),
        _ => return None,
    })
}

fn groups(whose: &str, what: &str) -> Option<Check> {
    Some(match (whose, what) {
        ("multiple", "off") | ("all", "on") | ("group", "off" | "on" | "delete") => {
            Check::Is(json!(0))
        }
        (_, "states") => Check::Known,
        ("group", "create" | "get" | "left") => Check::Is(json!(0)),
        ("group", "all") => Check::Is(json!(1)),
        ("group", "settings") => sent("/model/outletgroup/1", "getSettings"),
        ("group", "meta_data") => sent("/model/outletgroup/1", "getMetaData"),
        ("group", "sensors") => sent("/model/outletgroup/1", "getSensors"),
        _ => return None,
    })
}

fn session(what: &str) -> Option<Check> {
    Some(match what {
        "new" | "current" | "all" => Check::Known,
        "touch" | "close" => Check::Is(Value::Null),
        "after" => Check::Refused("status", 401),
        _ => return None,
    })
}

fn events(what: &str) -> Option<Check> {
    const CHANGED: &str = "pdumodel.Outlet.StateChangedEvent";
    const SENSED: &str = "sensors.StateSensor.StateChangedEvent";
    const CONTROL: &str = "pdumodel.Outlet.PowerControlEvent";
    let outlet = || "outlet.3".to_owned();
    Some(match what {
        "demand_types" | "demand_source" | "demand_base" => Check::Is(Value::Null),
        "by_type" => Check::Events(vec![
            (SENSED, "O3OutletState".to_owned()),
            (CHANGED, outlet()),
        ]),
        "by_source" => Check::Events(vec![(CONTROL, outlet()), (CHANGED, outlet())]),
        "by_base" => Check::Events(vec![(CONTROL, outlet())]),
        "none" => Check::Events(Vec::new()),
        "destroyed" => Check::Is(json!(0)),
        "destroyed_again" => Check::Is(json!(1)),
        "after" => Check::Refused("status", 404),
        _ => return None,
    })
}

const STATUS: &[&str] = &["status", "timeStamp"];

/// Response codes of uploads are texts in a header.
fn configuration(kind: &str, what: &str) -> Option<Check> {
    let rid = if kind == "raw" { "/rawcfg" } else { "/bulkcfg" };
    Some(match (kind, what) {
        (_, "status" | "pending") => outs(rid, "getStatus", STATUS),
        (_, "upload") => Check::Is(json!("0")),
        ("raw", "downloaded" | "again") => Check::Is(json!(true)),
        ("raw", "name") => Check::Is(json!("raw")),
        // The file is invalid.
        ("raw", "wrong") => Check::Is(json!("5")),
        ("bulk_config", "wrong") => Check::Is(json!("13")),
        (_, "kept" | "lost") => Check::Is(json!(0)),
        (_, "done") => Check::Is(json!(3)),
        (_, "name") => Check::Is(json!("kept")),
        ("bulk_config", "profile") => sent(rid, "getDefaultFilterProfileName"),
        ("bulk_config", "filters") => sent(rid, "getFilters"),
        _ => return None,
    })
}

fn upkeep(what: &str) -> Option<Check> {
    Some(match what {
        "active" => Check::Known,
        "info" | "pending" => outs("/server_ssl_cert", "getInfo", &["info"]),
        "upload" | "install" => Check::Is(json!(0)),
        "there" | "in_order" => Check::Is(json!(true)),
        "levels" => sent("/diag", "getLogLevelsForAllCtxNames"),
        _ => return None,
    })
}

fn update(what: &str) -> Option<Check> {
    Some(match what {
        "none" => Check::Is(json!(false)),
        "upload" | "start" => Check::Is(Value::Null),
        "status" => sent("/firmware", "getImageStatus"),
        "info" => outs("/firmware", "getImageInfo", &["_ret_", "info"]),
        "states" => Check::Is(json!([
            "INIT", "PREP", "SIMULATE", "UPDATE", "SUCCESS", "absent", "NONE"
        ])),
        "history" => sent("/firmware", "getUpdateHistory"),
        _ => return None,
    })
}
