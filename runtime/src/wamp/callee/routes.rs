//! Which object and method a URI means.

use std::collections::HashMap;

use super::procedure::Invocation;
use crate::method::GET_TYPE_INFO;
use crate::server::{Fault, Router, Servant};
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
    /// The methods that have this URI: the interface that declares each, without its version, and its name.
    pub(super) meant: Vec<(&'static str, &'static str)>,
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
            let interface = without_version(servant.type_id().as_str());
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
                let route = methods.entry(uri).or_insert_with(|| Route {
                    rid: rid.clone(),
                    method: method.name,
                    interface: interface.to_owned(),
                    meant: Vec::new(),
                    is_given,
                });
                let meant = (method.interface_name(), method.name);
                if !route.meant.contains(&meant) {
                    route.meant.push(meant);
                }
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
                let named = named.map(|(_, value)| {
                    text(value).ok_or_else(|| Fault::invalid_params("object is no string"))
                });
                named.transpose()?
            }
            _ => None,
        };
        let (rid, method) = match &named {
            None => (&*route.rid, route.method),
            Some(rid) => {
                // Who may call what is decided by the URI: it must not lead to a method that has another.
                let servant = self.router.servant(rid);
                let method = servant.and_then(|servant| route.method_of(&servant));
                (&**rid, method.ok_or_else(Fault::object_not_found)?)
            }
        };
        let values = self
            .router
            .call(rid, method, &arguments, &call.context)
            .await?;
        Ok(payload(self.layout, &values))
    }
}

impl Route {
    /// Which of its methods a servant has; of one whose methods are not known, which its interface declares.
    fn method_of(&self, servant: &Servant) -> Option<&'static str> {
        let mut meant = self.meant.iter();
        let found = meant.find(|(interface, name)| {
            let mut methods = servant.methods();
            let mut types = servant.type_info().chain().iter();
            methods.any(|method| method.name == *name && method.interface_name() == *interface)
                || types.any(|id| without_version(id.as_str()) == *interface)
        });
        found.map(|(_, name)| *name)
    }
}

fn without_version(id: &str) -> &str {
    id.split_once(':').map_or(id, |(name, _)| name)
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
    use crate::method::Method;
    use crate::registry::Registry;
    use crate::server::{Context, Incoming, Methods, Reply};
    use crate::wamp::content::Received;
    use crate::wire::NameStyle;

    static TYPES: Registry = Registry::new(&[], &[]);
    static FAN: Methods = Methods {
        own: &[Method::new("acme.Fan:1.0.0", "reset", &[], &["_ret_"])],
        ..Methods::PLAIN
    };
    static DOOR: Methods = Methods {
        own: &[Method::new("acme.Door:1.0.0", "reset", &[], &["_ret_"])],
        ..Methods::PLAIN
    };

    fn servant(id: &'static str, methods: &'static Methods, answer: i32) -> Servant {
        Servant::new(
            id,
            &TYPES,
            methods,
            answer,
            |answer, call: &Incoming<'_>| match call.method() {
                "reset" => Ok(Reply::ok(*answer).single()),
                _ => Err(Fault::method_not_found()),
            },
        )
    }

    #[tokio::test]
    async fn an_argument_names_an_object_of_the_interface_that_is_called() {
        let router = Router::new();
        router.insert("/fan/1", servant("acme.Fan:1.0.0", &FAN, 1));
        router.insert("/fan/2", servant("acme.Fan:1.0.0", &FAN, 2));
        router.insert("/door", servant("acme.Door:1.0.0", &DOOR, 3));
        let names = Binding::XERUS.with_names(NameStyle::Dotted);
        let routes = Routes::new(router, &names, Objects::Argument, Layout::ByPosition);
        let mut all = routes.all().into_iter();
        let fan = all.find(|(_, route)| route.meant == [("acme.Fan", "reset")]);
        let procedure = fan.unwrap().0.to_owned();
        for (object, expected) in [
            (None, Ok("[1]")),
            (Some(r#""/fan/2""#), Ok("[2]")),
            (Some(r#""/door""#), Err("No object")),
            (Some(r#""/nowhere""#), Err("No object")),
            (Some("5"), Err("object is no string")),
        ] {
            let kwargs = object.map(|object| format!(r#"{{"object":{object}}}"#).into());
            let payload = Payload { args: None, kwargs };
            let call = Invocation {
                procedure: procedure.clone(),
                arguments: Received::new(payload),
                context: Context::new(),
            };
            match (routes.call(&call).await, expected) {
                (Ok(payload), Ok(expected)) => assert_eq!(payload.args.unwrap(), expected),
                (Err(fault), Err(expected)) => {
                    assert!(fault.to_string().contains(expected), "{fault}");
                }
                (got, _) => panic!("{object:?}: {got:?}"),
            }
        }
    }

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
