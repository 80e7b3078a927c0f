//! Why a client fails with a firmware that it was not made for. An explanation is drawn from the API of the firmware, never from
//! a list of what was seen: what it does not explain is a fault.

use std::collections::BTreeMap;

use serde_json::Value;
use xerus_idl::model::{Model, Type, TypeKind};

use crate::agree::version_free;
use crate::client::workspace;

/// The API of one firmware.
pub(crate) struct Api {
    version: &'static str,
    model: Model,
}

impl Api {
    pub(crate) fn load(version: &'static str) -> Self {
        let folder = workspace().join(format!("idl/xerus-{version}"));
        let loaded = xerus_idl::Idl::new()
            .directory(folder)
            .load()
            .unwrap_or_else(|diagnostics| panic!("{}", diagnostics.to_short()));
        Self {
            version,
            model: loaded.model,
        }
    }

    /// All versions of a type.
    fn named(&self, name: &str) -> impl Iterator<Item = &Type> {
        self.model
            .types()
            .map(|(_, ty)| ty)
            .filter(move |ty| version_free(&ty.wire_id).as_deref() == Some(name))
    }

    pub(crate) fn declares(&self, wire_id: &str) -> bool {
        self.model.types().any(|(_, ty)| ty.wire_id == wire_id)
    }

    /// The members of all structures and value objects of this name, with inherited ones; `None` if there is none.
    fn members(&self, name: &str) -> Option<BTreeMap<String, String>> {
        let mut found = None;
        for ty in self.named(name) {
            let members: &mut BTreeMap<String, String> = found.get_or_insert_default();
            let mut next = Some(ty);
            while let Some(ty) = next {
                let (fields, base) = match &ty.kind {
                    TypeKind::Structure { fields } => (fields, None),
                    TypeKind::ValueObject { fields, base } => (fields, *base),
                    _ => break,
                };
                members.extend(
                    fields
                        .iter()
                        .map(|field| (field.name.clone(), format!("{:?}", field.ty))),
                );
                next = base.map(|base| self.model.ty(base));
            }
        }
        found
    }

    /// Why Perl finds no class for a reference or an event: it looks for the major version of the type, in events also for the
    /// version of the interface that they belong to, and then for the type of the signature, for which it has no class either.
    fn unknown_version(&self, name: &str, client: &Self) -> Option<String> {
        if name == "idl.Event" {
            let event = "pdumodel.Outlet.StateChangedEvent";
            let ids = |api: &Self| -> Vec<String> {
                api.named(event).map(|ty| ty.wire_id.clone()).collect()
            };
            return (ids(self) != ids(client)).then(|| {
                format!(
                    "the events of {} are of types that are newer than the client",
                    self.version
                )
            });
        }
        let majors =
            |api: &Self| -> Option<u32> { api.named(name).map(|ty| ty.version.major).max() };
        (majors(self) > majors(client)).then(|| {
            format!(
                "{} has a `{name}` of another major version, for which the client has no class",
                self.version
            )
        })
    }

    fn has_method(&self, interface: &str, method: &str) -> Option<bool> {
        let mut known = None;
        for ty in self.named(interface) {
            let mut next = Some(ty);
            while let Some(TypeKind::Interface(found)) = next.map(|ty| &ty.kind) {
                let has = found.methods.iter().any(|known| known.name == method);
                known = Some(known == Some(true) || has);
                next = found.base.map(|base| self.model.ty(base));
            }
        }
        known
    }

    /// Why a client of another firmware gets no events for the types that it names.
    pub(crate) fn events_of_other_versions(&self) -> String {
        format!(
            "{} has no events of the types that it asks for, which are newer",
            self.version
        )
    }

    /// Why a client that was not made for this firmware must meet this exception.
    pub(crate) fn explain(&self, error: &Value, client: &Self) -> Option<String> {
        let text = error["text"].as_str()?;
        if let Some(name) = text.strip_prefix("Invalid type id: ") {
            return self.unknown_version(name, client);
        }
        if let Some(id) = text.strip_prefix("No proxy found for ") {
            return self.unknown_version(&version_free(id)?, client);
        }
        let interface = error["interface"].as_str().and_then(version_free);
        let method = error["method"].as_str();
        match error["class"].as_str()? {
            "Config.MajorMismatch" => Some(format!(
                "{} has a `{}` of another major version, which is refused before anything is sent",
                self.version, interface?
            )),
            "KeyError" => {
                let member = text.trim_matches('\'');
                let name = version_free(error["type"].as_str()?)?;
                let members = self.members(&name)?;
                (!members.contains_key(member))
                    .then(|| format!("{} does not send `{}.{member}`", self.version, short(&name)))
            }
            _ if error["code"] == -32601 || error["lacks"] == true => {
                let (interface, method) = (interface?, method?);
                (self.has_method(&interface, method) == Some(false))
                    .then(|| format!("{} has no `{}.{method}`", self.version, short(&interface)))
            }
            _ if error["status"] == 404 => {
                let interface = interface?;
                (self.named(&interface).next().is_none())
                    .then(|| format!("{} has no `{interface}`", self.version))
            }
            _ => None,
        }
    }
}

/// Without the module.
fn short(name: &str) -> &str {
    name.split_once('.').map_or(name, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Api;

    #[test]
    fn only_what_the_firmware_has_not_is_a_reason() {
        let (old, new) = (Api::load("4.0.20"), Api::load("4.4.1"));
        let missing = |member: &str| json!({"class": "KeyError", "text": member, "type": "pdumodel.Outlet_3_0_4.State:1.0.0"});
        let reason = old.explain(&missing("'inServiceMode'"), &new);
        let expected = "4.0.20 does not send `Outlet.State.inServiceMode`";
        assert_eq!(reason.as_deref(), Some(expected));
        let lacking = |method: &str| {
            json!({"class": "JsonRpcErrorException", "text": "", "code": -32601,
                "interface": "pdumodel.Pdu:6.5.7", "method": method})
        };
        assert!(
            old.explain(&lacking("getPowerShelfManager"), &new)
                .is_some()
        );
        // The device has all this, so it must answer.
        for error in [
            missing("'powerState'"),
            lacking("getOutlets"),
            json!({"class": "HttpException", "text": "HTTP Error 404", "status": 404,
                "interface": "pdumodel.Outlet:3.0.4", "method": "getState"}),
            json!({"class": "TypeError", "text": "no number"}),
            json!({"class": "JsonRpcSyntaxException", "text": "Invalid type id: pdumodel.Outlet"}),
        ] {
            assert_eq!(old.explain(&error, &new), None, "{error}");
        }
    }
}
