//! References to sensors that lead nowhere after a while, as some firmwares give them.
//!
//! While the fault is on, the resource ids of sensors in answers carry the number of the period in which they were given, and only those of
//! the present period lead anywhere.

use std::borrow::Cow;
use std::time::Duration;

/// Where resource ids that carry a type begin, in the text of an answer or a request.
const OPAQUE: &str = "/tfwopaque/";
/// What stands before the number of the period.
const MARK: char = '~';

/// A period of time, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Generation(u128);

impl Generation {
    /// The generation of now, when references live for `period` and the first began so long ago.
    pub(crate) fn at(elapsed: Duration, period: Duration) -> Self {
        Self(elapsed.as_nanos() / period.as_nanos().max(1))
    }

    /// A document that goes out: references to sensors get the number.
    pub(crate) fn outgoing(self, document: &str) -> String {
        self.each(document, |rid, out| {
            out.push_str(rid);
            if is_sensor(rid) {
                out.push(MARK);
                out.push_str(&self.0.to_string());
            }
        })
    }

    /// A document that came in, as the device knows its objects. Stale references stay as they are, and lead nowhere.
    pub(crate) fn incoming(self, document: &str) -> String {
        self.each(document, |rid, out| out.push_str(&self.known(rid)))
    }

    /// A resource id that came in. One of a sensor without a number, or with another, is made one that nobody has.
    pub(crate) fn known(self, rid: &str) -> Cow<'_, str> {
        if !is_sensor(rid) {
            return Cow::Borrowed(rid);
        }
        match rid.rsplit_once(MARK) {
            Some((fresh, number)) if number == self.0.to_string() => Cow::Borrowed(fresh),
            Some(_) => Cow::Borrowed(rid),
            None => Cow::Owned(format!("{rid}{MARK}")),
        }
    }

    /// Goes through the resource ids in a document.
    fn each(self, document: &str, mut write: impl FnMut(&str, &mut String)) -> String {
        let mut out = String::with_capacity(document.len() + 64);
        let mut rest = document;
        while let Some(start) = rest.find(OPAQUE) {
            let (before, from) = rest.split_at(start);
            out.push_str(before);
            // A resource id that carries a type has no quotation mark and no backslash.
            let end = from.find(['"', '\\']).unwrap_or(from.len());
            write(&from[..end], &mut out);
            rest = &from[end..];
        }
        out.push_str(rest);
        out
    }
}

/// Whether a resource id is one of a sensor by the type that it carries.
fn is_sensor(rid: &str) -> bool {
    let id = rid
        .strip_prefix(OPAQUE)
        .and_then(|rest| rest.split('/').next());
    id.is_some_and(|id| {
        id.split(':')
            .next()
            .is_some_and(|name| name.ends_with("Sensor"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_to_sensors_live_for_a_period() {
        let period = Duration::from_secs(50);
        let at = |seconds| Generation::at(Duration::from_secs(seconds), period);
        assert_eq!(at(49), at(0));
        assert_ne!(at(50), at(49));
        let answer = r#"{"a":{"rid":"/tfwopaque/sensors.NumericSensor:4.0.9/I0Voltage","type":"t"},"b":"/tfwopaque/pdumodel.Outlet:3.0.4/outlet.0"}"#;
        let given = at(60).outgoing(answer);
        assert!(
            given.contains("I0Voltage~1\"") && given.contains("outlet.0\""),
            "{given}"
        );
        assert_eq!(at(99).incoming(&given), answer);
        assert_eq!(at(100).incoming(&given), given, "stale");
        let bare = "/tfwopaque/sensors.StateSensor:4.0.8/O0OutletState";
        assert_ne!(at(0).known(bare), bare);
        assert_eq!(at(0).known(&format!("{bare}~0")), bare);
        assert_eq!(at(0).known("/model/pdu/0"), "/model/pdu/0");
    }
}
