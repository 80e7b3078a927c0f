//! Requests as this wire has them.

use crate::codec::Writer;
use crate::wire::{Binding, Request};

/// About as many bytes as the text of a request has.
pub(super) fn bytes(request: &Request) -> usize {
    const FRAME: usize = 56;
    FRAME + request.name().len() + request.args().by_name().len()
}

/// Appends the members in the order of Kamailio; no `params` where there are none; no `id` in a notification. Nothing of the program is called,
/// which might panic between the frames of others; so the name of the method is given.
pub(super) fn write(
    text: &mut Vec<u8>,
    binding: &Binding,
    name: &str,
    request: &Request,
    id: Option<u64>,
) {
    let mut writer = Writer::behind(std::mem::take(text));
    writer.byte(b'{');
    if let Some(id) = id {
        writer.raw(r#""id":"#);
        writer.number(id);
        writer.byte(b',');
    }
    writer.raw(r#""jsonrpc":"2.0","method":"#);
    writer.string(name);
    if !request.args().is_empty() {
        writer.raw(r#","params":"#);
        writer.append(|text| binding.write_arguments(request, text));
    }
    writer.byte(b'}');
    *text = writer.into_text();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netstring::binding;
    use crate::wire::{ArgumentStyle, Values};

    #[test]
    fn requests_look_like_those_of_kamailio() {
        let args = Values::from_object(r#"{"id":1234}"#).expect("an object");
        let request = Request::untyped("", "get_user", args);
        let write = |binding: &Binding, request: &Request, id| {
            let mut text = Vec::new();
            super::write(&mut text, binding, &binding.name(request), request, id);
            String::from_utf8(text).expect("text")
        };
        assert_eq!(
            write(&binding(), &request, Some(2)),
            r#"{"id":2,"jsonrpc":"2.0","method":"get_user","params":{"id":1234}}"#
        );
        let by_position = binding().with_arguments(ArgumentStyle::ByPosition);
        assert_eq!(
            write(&by_position, &request, None),
            r#"{"jsonrpc":"2.0","method":"get_user","params":[1234]}"#
        );
        let bare = Request::untyped("", "heartbeat", Values::none());
        assert_eq!(
            write(&binding(), &bare, None),
            r#"{"jsonrpc":"2.0","method":"heartbeat"}"#
        );
    }
}
