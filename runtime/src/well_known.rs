//! Resource ids that every device of a kind has: filled-in templates.

use crate::agent::Agent;
use crate::error::Error;
use crate::object::Object;
use crate::rid::REFUSED;

/// A resource id that is the same on every device, or a template of such ids.
///
/// Generated code lists those of its interfaces in `WELL_KNOWN`; its proxies have a constructor for each. The list is for
/// programs that look at everything a device has: whether an object exists on a model is shown by
/// [`Object::get_type_info`]. Some objects have two ids and are in the list twice: `/model/outlet/{outlet}` is an outlet of
/// the primary unit, and `/test/Usb` is `/usb`.
///
/// ```
/// # use std::sync::Arc;
/// # use xerus_rpc::{Agent, MemoryTransport, server::Router};
/// # fn main() -> Result<(), xerus_rpc::Error> {
/// # let agent = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
/// use xerus_rpc::WellKnown;
///
/// static OUTLET: WellKnown = WellKnown::new("/model/pdu/{unit}/outlet/{outlet}", "pdumodel.Outlet:3.0.4");
///
/// let names: Vec<_> = OUTLET.placeholders().map(|placeholder| placeholder.name).collect();
/// assert_eq!(names, ["unit", "outlet"]);
/// let outlet = OUTLET.object(&agent, &[&0, &3])?;
/// assert_eq!(outlet.rid(), "/model/pdu/0/outlet/3");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct WellKnown {
    /// The resource id. `{unit}` stands for a number, `{name:str}` for a text.
    pub template: &'static str,
    /// Wire id of the interface, in the version of the bindings.
    pub wire_id: &'static str,
}

/// A part of a template that a value takes the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Placeholder {
    /// What is asked for, as in `unit`.
    pub name: &'static str,
    /// Whether the value is a text; otherwise it is a number, mostly an index that starts at 0.
    pub is_text: bool,
}

impl WellKnown {
    /// An entry of a generated list.
    #[must_use]
    pub const fn new(template: &'static str, wire_id: &'static str) -> Self {
        Self { template, wire_id }
    }

    /// What has to be filled in, in order.
    pub fn placeholders(&self) -> impl Iterator<Item = Placeholder> + use<> {
        self.template
            .split('/')
            .filter_map(placeholder)
            .map(|inner| match inner.strip_suffix(":str") {
                Some(name) => Placeholder {
                    name,
                    is_text: true,
                },
                None => Placeholder {
                    name: inner,
                    is_text: false,
                },
            })
    }

    /// The object with this resource id; nothing is sent, and the device may have no such object.
    ///
    /// # Errors
    ///
    /// `Config.BadRid` when there are more or fewer values than placeholders, or the outcome is no resource id: a text
    /// that is empty, is `.` or `..`, or has a slash or control character.
    pub fn object(&self, agent: &Agent, values: &[&dyn RidPart]) -> Result<Object, Error> {
        if self.placeholders().count() != values.len() {
            return Err(Error::bad_rid(
                "made of more or fewer values than its template has placeholders",
            ));
        }
        let rid = fill(self.template, values);
        crate::rid::check(&rid).map_err(Error::bad_rid)?;
        Ok(Object::declared_at(agent, &rid, self.wire_id))
    }
}

/// What can take the place of a placeholder.
pub trait RidPart: Sync {
    /// Appends the value to a resource id that is being built.
    fn append_to(&self, rid: &mut String);
}

impl RidPart for u32 {
    fn append_to(&self, rid: &mut String) {
        rid.push_str(&self.to_string());
    }
}

/// Names come from people and directories. One that would become several segments or none makes an id that is refused
/// when it is called; everything else in a name is data, which the transport encodes.
impl RidPart for &str {
    fn append_to(&self, rid: &mut String) {
        if self.is_empty() {
            rid.push(REFUSED);
        }
        rid.extend(self.chars().map(|c| if c == '/' { REFUSED } else { c }));
    }
}

/// A template with its placeholders replaced. One without a value makes an id that is refused.
pub(crate) fn fill(template: &str, values: &[&dyn RidPart]) -> String {
    let mut rid = String::with_capacity(template.len());
    let mut values = values.iter();
    let path = template.strip_prefix('/').unwrap_or(template);
    for segment in path.split('/') {
        rid.push('/');
        if placeholder(segment).is_none() {
            rid.push_str(segment);
        } else if let Some(value) = values.next() {
            value.append_to(&mut rid);
        } else {
            rid.push(REFUSED);
        }
    }
    rid
}

/// What stands between the braces of a segment that is one placeholder.
fn placeholder(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rid::check;

    const USER: WellKnown = WellKnown::new("/auth/user/{name:str}", "usermgmt.User:2.0.0");

    #[test]
    fn numbers_and_names_are_filled_in() {
        assert_eq!(fill("/firmware", &[]), "/firmware");
        assert_eq!(fill("model/{unit}", &[&1]), "/model/1");
        assert_eq!(
            fill(
                "/model/pdu/{unit}/outlet/{outlet}/voltage",
                &[&2, &u32::MAX]
            ),
            "/model/pdu/2/outlet/4294967295/voltage"
        );
        for name in [
            "admin",
            "a b",
            "ä€",
            "50%",
            "%2e%2e",
            "a?b#c",
            "DOMAIN\\user",
            "a..b",
            "...",
            "{name:str}",
        ] {
            let rid = fill(USER.template, &[&name]);
            assert_eq!(rid, format!("/auth/user/{name}"));
            assert_eq!(check(&rid), Ok(()), "{name}");
        }
    }

    #[test]
    fn names_that_would_lead_elsewhere_make_ids_that_are_refused() {
        for name in [
            "", ".", "..", "/", "a/b", "../role", "..\\role", "a/../..", "http://x", "a\r\nb",
            "a\0", "a\u{7f}", "\u{fdd0}",
        ] {
            let rid = fill(USER.template, &[&name]);
            assert!(check(&rid).is_err(), "{name:?}: {rid:?}");
            assert_eq!(rid.matches('/').count(), 3, "{name:?}: {rid:?}");
        }
        assert!(check(&fill("/auth/user/{name:str}/x", &[])).is_err());
        assert!(check(&fill(USER.template, &[&"n".repeat(5000).as_str()])).is_err());
    }

    #[test]
    fn placeholders_tell_what_they_take() {
        let list: Vec<_> = WellKnown::new("/a/{unit}/{name:str}/b", "m.I:1.0.0")
            .placeholders()
            .map(|placeholder| (placeholder.name, placeholder.is_text))
            .collect();
        assert_eq!(list, [("unit", false), ("name", true)]);
        assert_eq!(WellKnown::new("/a", "m.I:1.0.0").placeholders().count(), 0);
    }
}
