//! Which object and method a URI means.

use std::collections::HashMap;

use super::procedure::Invocation;
use crate::method::GET_TYPE_INFO;
use crate::server::{Fault, Router};
use crate::wamp::caller::{Layout, Objects};
use crate::wamp::content::{array, object};
use crate::wamp::message::Payload;
use crate::wamp::message::object::text;
use crate::wire::{Binding, Values};

/// The methods of the objects of a router, by their URIs.
pub(super) struct Routes {
    router: Router,
    layout: Layout,
    objects: Objects,
    methods: HashMap<String, Route>,
}

/// Where a call goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// The resource id.
    pub(super) rid: String,
    /// The name of the method in the IDL.
    pub(super) method: &'static str,
    /// The interface that is served there, without its version.
    pub(super) interface: String,
    /// Whether the URI was given by a mark.
    pub(super) is_given: bool,
}

/// The argument that names the object.
const OBJECT: &str = "object";

impl Routes {
    /// The methods of all objects that are in the router now. Of objects with the same URI the first one counts, by its resource id.
    pub(super) fn new(router: Router, binding: &Binding, objects: Objects, layout: Layout) -> Self {
        let mut methods = HashMap::new();
        for rid in router.rids() {
            let Some(servant) = router.servant(&rid) else {
                continue;
            };
            let interface = servant.type_id().as_str();
            let interface = interface
                .split_once(':')
                .map_or(interface, |(name, _)| name);
            for method in servant.methods() {
                // `getTypeInfo` would have one name for all objects.
                let is_everywhere = method.interface_name() == GET_TYPE_INFO.interface_name();
                if is_everywhere && objects != Objects::Part {
                    continue;
                }
                let name = binding.method_name(method).into_owned();
                let is_given = method.marks.wire.is_some();
                let uri = match objects {
                    Objects::Part if !is_given => with_object(&name, &rid),
                    _ => name,
                };
                methods.entry(uri).or_insert_with(|| Route {
                    rid: rid.clone(),
                    method: method.name,
                    interface: interface.to_owned(),
                    is_given,
                });
            }
        }
        Self {
            router,
            layout,
            objects,
            methods,
        }
    }

    /// All URIs with what they mean, in order.
    pub(super) fn all(&self) -> Vec<(&str, &Route)> {
        let mut all: Vec<_> = self
            .methods
            .iter()
            .map(|(uri, route)| (&**uri, route))
            .collect();
        all.sort_unstable_by_key(|(uri, _)| *uri);
        all
    }

    pub(super) async fn call(&self, call: &Invocation) -> Result<Payload, Fault> {
        let Some(route) = self.methods.get(&call.procedure) else {
            return Err(Fault::method_not_found());
        };
        let arguments = call.arguments.arguments()?;
        let named = match self.objects {
            Objects::Argument => {
                let named = arguments.iter().find(|(name, _)| *name == Some(OBJECT));
                named.and_then(|(_, value)| text(value))
            }
            _ => None,
        };
        let rid = named.as_deref().unwrap_or(&route.rid);
        let values = self
            .router
            .call(rid, route.method, &arguments, &call.context)
            .await?;
        Ok(payload(self.layout, &values))
    }
}

/// The URI of a method of one object: the object is a part before the method.
fn with_object(name: &str, rid: &str) -> String {
    let rid = rid.trim_matches('/');
    if rid.is_empty() {
        return name.to_owned();
    }
    match name.rsplit_once('.') {
        Some((interface, method)) => format!("{interface}.{rid}.{method}"),
        None => format!("{rid}.{name}"),
    }
}

/// Results as they travel: in order, or the return value in order and all others by name.
fn payload(layout: Layout, values: &Values) -> Payload {
    if values.is_empty() {
        return Payload::NONE;
    }
    if layout == Layout::ByPosition {
        return Payload {
            args: Some(values.by_position()),
            kwargs: None,
        };
    }
    let returned = values.iter().filter(|(name, _)| *name == "_ret_");
    let mut returned = returned.map(|(_, value)| value).peekable();
    let named = values.iter().filter(|(name, _)| *name != "_ret_");
    let mut named = named.peekable();
    Payload {
        args: returned.peek().is_some().then(|| array(&mut returned)),
        kwargs: named.peek().is_some().then(|| object(&mut named)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_a_part_of_the_uri() {
        assert_eq!(
            with_object(
                "com.example.pdumodel.outlet.get_state",
                "/model/pdu/0/outlet/3"
            ),
            "com.example.pdumodel.outlet.model/pdu/0/outlet/3.get_state"
        );
        assert_eq!(with_object("get_state", "/a"), "a.get_state");
        assert_eq!(with_object("calc.adder.add", "/"), "calc.adder.add");
    }

    #[test]
    fn results_are_laid_out_as_arguments_are() {
        let values = Values::from_object(r#"{"_ret_":0,"token":"x"}"#).unwrap();
        let text = |part: Option<bytes::Bytes>| {
            part.map_or_else(String::new, |part| {
                String::from_utf8(part.to_vec()).unwrap()
            })
        };
        let in_order = payload(Layout::ByPosition, &values);
        assert_eq!(
            (text(in_order.args), text(in_order.kwargs)),
            (r#"[0,"x"]"#.into(), String::new())
        );
        let by_name = payload(Layout::ByName, &values);
        assert_eq!(
            (text(by_name.args), text(by_name.kwargs)),
            ("[0]".into(), r#"{"token":"x"}"#.into())
        );
        assert_eq!(payload(Layout::ByName, &Values::none()), Payload::NONE);
    }
}
