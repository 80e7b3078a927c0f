//! The options of a call.

use std::borrow::Cow;

use crate::codec::Writer;
use crate::wamp::session::Welcome;
use crate::wire::Request;

/// Attributes of a call that begin so are options of CALL under the name that follows.
const OPTION: &str = "wamp.option.";

/// The options of a call: what the router announced that it understands, and what the program says.
///
/// The time is announced in milliseconds, and only where the router announced that it takes one: others count in seconds.
pub(super) fn of_call(request: &Request, welcome: &Welcome, progress: bool) -> Cow<'static, str> {
    let mut options = Options(Writer::default());
    if progress {
        options.add("receive_progress", "true");
    }
    if welcome.dealer_has("call_timeout") {
        let millis = request.timeout().as_millis().clamp(1, MOST);
        options.add("timeout", &millis.to_string());
    }
    options.said(request);
    options.finish()
}

/// The options of a publication.
pub(super) fn of_publication(request: &Request) -> Cow<'static, str> {
    let mut options = Options(Writer::default());
    options.said(request);
    options.finish()
}

/// A day: longer than any router waits, and nothing that overflows there.
const MOST: u128 = 86_400_000;

struct Options(Writer);

impl Options {
    fn add(&mut self, name: &str, json: &str) {
        self.0.byte(if self.0.len() == 0 { b'{' } else { b',' });
        self.0.string(name);
        self.0.byte(b':');
        self.0.raw(json);
    }

    fn said(&mut self, request: &Request) {
        for (name, value) in request.attributes() {
            let Some(name) = name.strip_prefix(OPTION) else {
                continue;
            };
            if matches!(value, "true" | "false") || value.parse::<i64>().is_ok() {
                self.add(name, value);
            } else {
                let mut text = Writer::new();
                text.string(value);
                let text = text.into_bytes();
                self.add(name, &String::from_utf8_lossy(&text));
            }
        }
    }

    fn finish(mut self) -> Cow<'static, str> {
        if self.0.len() == 0 {
            return "{}".into();
        }
        self.0.byte(b'}');
        String::from_utf8_lossy(&self.0.into_bytes())
            .into_owned()
            .into()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::wamp::message::Object;
    use crate::wire::Values;

    fn options(dealer: &str, request: &Request, progress: bool) -> Cow<'static, str> {
        let details = format!(r#"{{"roles":{{"dealer":{{"features":{{{dealer}}}}}}}}}"#);
        let welcome = Welcome::new(1, &Object::new(details.into()));
        of_call(request, &welcome, progress)
    }

    #[test]
    fn w16_time_is_told_in_milliseconds_and_only_where_it_was_announced() {
        let request =
            Request::untyped("", "x", Values::none()).with_timeout(Duration::from_millis(1500));
        assert_eq!(options("", &request, false), "{}");
        assert_eq!(
            options(r#""call_timeout":true"#, &request, true),
            r#"{"receive_progress":true,"timeout":1500}"#
        );
        let for_ever = request.with_timeout(Duration::MAX);
        assert_eq!(
            options(r#""call_timeout":true"#, &for_ever, false),
            r#"{"timeout":86400000}"#
        );
    }

    #[test]
    fn options_of_one_router_are_said_as_attributes() {
        let request = Request::untyped("", "x", Values::none())
            .with_attribute("wamp.option.disclose_me", "true")
            .with_attribute("wamp.option.rkey", "a\"b")
            .with_attribute("language", "de");
        assert_eq!(
            options("", &request, false),
            r#"{"disclose_me":true,"rkey":"a\"b"}"#
        );
    }
}
