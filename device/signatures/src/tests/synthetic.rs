//! A device made of nothing but the description of its firmware: it has the interfaces, methods, parameters and members that stand
//! there, in the versions that stand there, and refuses everything else.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};
use xerus_rpc::Agent;
use xerus_rpc::Error;
use xerus_rpc::error::{HttpStatusError, RpcError};
use xerus_rpc::wire::{BoxFuture, Reply, Request, Transport};

use super::recorded::faults;
use crate::api::Api;
use crate::facts::free;

/// Objects with fixed ids, and their interfaces.
const WELL_KNOWN: [(&str, &str); 13] = [
    ("/bulkcfg", "bulkcfg.BulkConfiguration"),
    ("/datetime", "datetime.DateTime"),
    ("/debuglog", "logging.DebugLog"),
    ("/eventlog", "logging.EventLog"),
    ("/eventservice", "event.Service"),
    ("/model/outletgroup", "pdumodel.OutletGroupManager"),
    ("/model/pdu/0", "pdumodel.Pdu"),
    ("/model/peripheraldevicemanager", "peripheral.DeviceManager"),
    ("/net", "net.Net"),
    ("/net/services", "net.Services"),
    ("/rawcfg", "rawcfg.RawConfiguration"),
    ("/security", "security.Security"),
    ("/wlanlog", "logging.WlanLog"),
];

/// Structures in structures are followed so far; a type may hold itself.
const DEPTH: usize = 8;

pub(super) struct Synthetic {
    api: Api,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    off: bool,
    /// Cycles so far.
    cycles: i64,
    /// Interface and method of all calls.
    calls: BTreeSet<(String, String)>,
    /// Calls that did not fit the firmware.
    misfits: Vec<String>,
}

impl Synthetic {
    pub(super) fn new(api: Api) -> Arc<Self> {
        Arc::new(Self {
            api,
            state: Mutex::default(),
        })
    }

    pub(super) fn agent(self: &Arc<Self>) -> Agent {
        Agent::with_transport(self.clone())
    }

    pub(super) fn api(&self) -> &Api {
        &self.api
    }

    pub(super) fn calls(&self) -> BTreeSet<(String, String)> {
        self.state.lock().unwrap().calls.clone()
    }

    /// Parameters that the firmware does not have, lacks, or has in another form.
    pub(super) fn misfits(&self) -> Vec<String> {
        self.state.lock().unwrap().misfits.clone()
    }

    /// The types of events that the firmware has.
    pub(super) fn events(&self) -> Vec<&str> {
        let all = self.api.iter().filter(|(_, ty)| ty.kind == "valueobject");
        let all = all.map(|(name, _)| name);
        all.filter(|name| self.api.lineage(name).any(|base| base == "idl.Event"))
            .collect()
    }

    fn interface(&self, rid: &str) -> Option<String> {
        let known = WELL_KNOWN.iter().find(|(known, _)| *known == rid);
        let name = match known {
            Some((_, name)) => (*name).to_owned(),
            None => free(rid.strip_prefix("/tfwopaque/")?.split('/').next()?),
        };
        self.api.get(&name).map(|_| name)
    }

    fn id(&self, name: &str) -> String {
        let version = self.api.get(name).map_or("1.0.0", |ty| ty.version.as_str());
        format!("{name}:{version}")
    }

    fn answer(&self, request: &Request) -> Result<Reply, Error> {
        let (rid, method) = (request.target(), request.name());
        let interface = self
            .interface(rid)
            .ok_or_else(|| HttpStatusError::new(404, ""))?;
        if method == "getTypeInfo" {
            let lineage: Vec<&str> = self.api.lineage(&interface).collect();
            let chain = lineage.iter().rev().fold(
                Value::Null,
                |base, name| json!({ "id": self.id(name), "base": base }),
            );
            return Ok(Reply::by_name(json!({ "_ret_": chain }).to_string()));
        }
        let signature = self
            .api
            .method(&interface, method)
            .ok_or_else(|| RpcError::new(-32601, "Method not found"))?;
        let arguments: Value = serde_json::from_slice(request.args().by_name()).unwrap();
        self.look_at(&format!("{interface}.{method}"), signature, &arguments);
        self.executed(&interface, method, &arguments);
        let place = rid.rsplit('/').next().unwrap_or_default();
        let mut results = Map::new();
        for (name, ty) in &signature.outs {
            let value = match (name.as_str(), ty.as_str()) {
                // A return code.
                ("_ret_", "int") => json!(0),
                ("events", "vector<idl.Event>") => self.all_events(),
                _ => self.value(ty, name, &format!("{place}.{method}"), 0),
            };
            results.insert(name.clone(), value);
        }
        Ok(Reply::by_name(Value::Object(results).to_string()))
    }

    /// Whether the firmware understands the parameters.
    fn look_at(&self, call: &str, signature: &crate::api::Signature, arguments: &Value) {
        let mut found = Vec::new();
        let sent: BTreeSet<&str> = arguments
            .as_object()
            .into_iter()
            .flat_map(Map::keys)
            .map(String::as_str)
            .collect();
        if sent != signature.ins.keys().map(String::as_str).collect() {
            found.push(format!("{call}: {sent:?}"));
        }
        for (name, ty) in &signature.ins {
            faults(
                &self.api,
                ty,
                &arguments[name],
                &format!("{call}({name})"),
                &mut found,
            );
        }
        self.state.lock().unwrap().misfits.append(&mut found);
    }

    fn executed(&self, interface: &str, method: &str, arguments: &Value) {
        let mut state = self.state.lock().unwrap();
        let call = (interface.to_owned(), method.to_owned());
        state.calls.insert(call);
        match method {
            "setPowerState" | "setAllOutletPowerStates" => state.off = arguments["pstate"] == 0,
            "setMultipleOutletPowerStates" => state.off = arguments["state"] == 0,
            _ if method.starts_with("cycle") => state.cycles += 1,
            _ => {}
        }
    }

    fn all_events(&self) -> Value {
        let events = self.events();
        let events = events.iter().map(|name| {
            json!({
                "type": self.api.get(name).unwrap().id,
                "value": self.members(name, "event", 0),
            })
        });
        events.collect()
    }

    fn members(&self, ty: &str, place: &str, depth: usize) -> Value {
        let members = self.api.members(ty).into_iter();
        let members = members.map(|(name, ty)| {
            let value = self.value(ty, name, &format!("{place}.{name}"), depth + 1);
            (name.to_owned(), value)
        });
        Value::Object(members.collect())
    }

    /// Some value of a type.
    fn value(&self, ty: &str, name: &str, place: &str, depth: usize) -> Value {
        if let Some(element) = ty
            .strip_prefix("vector<")
            .and_then(|ty| ty.strip_suffix('>'))
        {
            return match depth {
                0..DEPTH => json!([self.value(element, name, &format!("{place}.0"), depth + 1)]),
                _ => json!([]),
            };
        }
        if let Some(pair) = ty.strip_prefix("map<").and_then(|ty| ty.strip_suffix('>')) {
            let (key, value) = pair.split_once(',').unwrap();
            let value = self.value(value, name, &format!("{place}.0"), depth + 1);
            return json!([{ "key": self.value(key, name, place, depth + 1), "value": value }]);
        }
        let state = self.state.lock().unwrap();
        let (off, cycles) = (state.off, state.cycles);
        drop(state);
        match ty {
            "boolean" => json!(matches!(name, "available" | "valid")),
            "byte" | "int" | "long" => json!(i32::from(matches!(name, "idNext" | "allEntryCnt"))),
            "time" => json!(1_700_000_000 + cycles),
            "float" | "double" => json!(1.5),
            "string" => json!("x"),
            "typecode" => json!("idl.Event:1.0.0"),
            "Object" => self.reference("pdumodel.Outlet", place),
            // Devices name the most derived type.
            "sensors.Sensor" => self.reference("sensors.NumericSensor", place),
            "pdumodel.Outlet.PowerState" => json!(i32::from(!off)),
            name => match self.api.get(name).map(|ty| ty.kind.as_str()) {
                Some("interface") => self.reference(name, place),
                Some("enumeration") => json!(0),
                Some("structure") => self.members(name, place, depth),
                Some("valueobject") if depth < DEPTH => json!({
                    "type": self.api.get(name).unwrap().id,
                    "value": self.members(name, place, depth),
                }),
                Some("valueobject") => Value::Null,
                _ => json!({}),
            },
        }
    }

    fn reference(&self, name: &str, place: &str) -> Value {
        let id = self.id(name);
        json!({ "rid": format!("/tfwopaque/{id}/{place}"), "type": id })
    }
}

impl Transport for Synthetic {
    fn origin(&self) -> &str {
        "test:synthetic"
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move { self.answer(request) })
    }
}
