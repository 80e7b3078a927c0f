//! Where arguments and objects stand in a call.

use crate::codec::Writer;
use crate::error::Error;
use crate::wamp::message::Payload;
use crate::wire::{Request, Values};

/// How the arguments of a call are laid out. For one call the attribute `wamp.layout` says it: `position`, `name`, or `mixed N`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Layout {
    /// All in order.
    #[default]
    ByPosition,
    /// All by name.
    ByName,
    /// The first so many in order, the others by name.
    Mixed(usize),
}

/// How the object is said that a call is for: the resource id of a proxy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Objects {
    /// Not at all: there is one object for each interface.
    #[default]
    None,
    /// As a part of the URI in front of the method, without its first slash: `com.example.pdumodel.outlet.model/pdu/0/outlet/3.get_state`.
    /// Names given by `@wire` are left as they are, so their calls have no object.
    Part,
    /// As the argument `object` by name.
    Argument,
}

/// How methods are called to which no answer comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OneWay {
    /// As a call; what comes back is dropped.
    #[default]
    DropAnswer,
    /// As a publication under the name of the method: all who subscribed get it.
    Publish,
}

/// The attribute that says the layout of one call.
const ATTRIBUTE: &str = "wamp.layout";

impl Layout {
    /// That of a call, which may say it itself.
    pub(super) fn of(self, request: &Request) -> Result<Self, Error> {
        let Some(text) = request.attribute(ATTRIBUTE) else {
            return Ok(self);
        };
        match text.split_once(' ') {
            None if text == "position" => Ok(Self::ByPosition),
            None if text == "name" => Ok(Self::ByName),
            Some(("mixed", count)) => count.parse().map(Self::Mixed).map_err(|_| unknown()),
            _ => Err(unknown()),
        }
    }

    /// The arguments as they go out.
    pub(super) fn payload(self, values: &Values, object: Option<&str>) -> Payload {
        let in_order = match self {
            Self::ByPosition => values.len(),
            Self::ByName => 0,
            Self::Mixed(count) => count.min(values.len()),
        };
        let mut payload = Payload::NONE;
        if in_order == values.len() {
            payload.args = (in_order > 0).then(|| values.by_position());
        } else if in_order > 0 {
            payload.args = Some(array(values, in_order));
        }
        if in_order == 0 && object.is_none() {
            payload.kwargs =
                (!values.is_empty()).then(|| bytes::Bytes::copy_from_slice(values.by_name()));
        } else if in_order < values.len() || object.is_some() {
            payload.kwargs = Some(members(values, in_order, object));
        }
        payload
    }
}

fn unknown() -> Error {
    Error::unsupported("the attribute wamp.layout is `position`, `name` or `mixed` and a number")
}

fn array(values: &Values, count: usize) -> bytes::Bytes {
    let mut writer = Writer::new();
    writer.byte(b'[');
    for (index, (_, value)) in values.iter().take(count).enumerate() {
        if index > 0 {
            writer.byte(b',');
        }
        writer.raw(value);
    }
    writer.byte(b']');
    writer.into_bytes()
}

fn members(values: &Values, from: usize, object: Option<&str>) -> bytes::Bytes {
    let mut writer = Writer::new();
    let mut sign = b'{';
    for (name, value) in values.iter().skip(from) {
        writer.byte(sign);
        writer.string(name);
        writer.byte(b':');
        writer.raw(value);
        sign = b',';
    }
    if let Some(object) = object {
        writer.byte(sign);
        writer.raw(r#""object":"#);
        writer.string(object);
    }
    writer.byte(b'}');
    writer.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(layout: Layout, object: Option<&str>) -> (String, String) {
        let values = Values::from_object(r#"{"x":1,"y":[2],"z":"c"}"#).expect("an object");
        let payload = layout.payload(&values, object);
        let text = |bytes: Option<bytes::Bytes>| {
            bytes.map_or_else(String::new, |bytes| {
                String::from_utf8(bytes.to_vec()).expect("text")
            })
        };
        (text(payload.args), text(payload.kwargs))
    }

    #[test]
    fn arguments_stand_where_they_are_wanted() {
        let both = |args: &str, kwargs: &str| (args.to_owned(), kwargs.to_owned());
        assert_eq!(
            laid_out(Layout::ByPosition, None),
            both(r#"[1,[2],"c"]"#, "")
        );
        assert_eq!(
            laid_out(Layout::ByName, None),
            both("", r#"{"x":1,"y":[2],"z":"c"}"#)
        );
        assert_eq!(
            laid_out(Layout::Mixed(1), None),
            both("[1]", r#"{"y":[2],"z":"c"}"#)
        );
        assert_eq!(laid_out(Layout::Mixed(9), None), both(r#"[1,[2],"c"]"#, ""));
        assert_eq!(
            laid_out(Layout::ByPosition, Some("/a")),
            both(r#"[1,[2],"c"]"#, r#"{"object":"/a"}"#)
        );
        assert_eq!(
            laid_out(Layout::ByName, Some("/a")),
            both("", r#"{"x":1,"y":[2],"z":"c","object":"/a"}"#)
        );
        assert_eq!(
            Layout::ByPosition.payload(&Values::none(), None),
            Payload::NONE
        );
    }

    #[test]
    fn one_call_may_say_it_itself() {
        let said = |text: &str| {
            let request =
                Request::untyped("", "x", Values::none()).with_attribute("wamp.layout", text);
            Layout::ByPosition.of(&request)
        };
        assert_eq!(said("name").ok(), Some(Layout::ByName));
        assert_eq!(said("mixed 2").ok(), Some(Layout::Mixed(2)));
        assert_eq!(said("position").ok(), Some(Layout::ByPosition));
        for bad in ["", "mixed", "mixed x", "names"] {
            assert!(said(bad).is_err(), "{bad}");
        }
    }
}
