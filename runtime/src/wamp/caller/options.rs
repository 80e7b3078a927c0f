//! The options of a call.

use std::borrow::Cow;

use crate::codec::Writer;
use crate::json_text::Json;
use crate::wamp::message::object;
use crate::wamp::session::Welcome;
use crate::wire::Request;

/// Attributes of a call that begin so are options of CALL under the name that follows ([`json`] says how).
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

/// A value as it goes out: a truth value or a whole number as it is, where JSON writes it so; what stands in quotation marks as that text,
/// whatever it looks like; all else as a text. `007` and `+420` are no JSON, and a router ends the session for it.
fn json(value: &str) -> Cow<'_, str> {
    let is_whole = |number: i64| number.to_string() == value;
    if matches!(value, "true" | "false") || value.parse().is_ok_and(is_whole) {
        return value.into();
    }
    let quoted = value.parse::<Json>().ok();
    let quoted = quoted.and_then(|json| object::text(json.get()));
    let mut text = Writer::new();
    text.string(quoted.as_deref().unwrap_or(value));
    let text = text.into_bytes();
    String::from_utf8_lossy(&text).into_owned().into()
}

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
            self.add(name, &json(value));
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

    #[test]
    fn an_option_is_json_whatever_it_says() {
        for (said, sent) in [
            ("42", "42"),
            ("-7", "-7"),
            ("9223372036854775807", "9223372036854775807"),
            ("00042", r#""00042""#),
            ("+420123", r#""+420123""#),
            ("-0", r#""-0""#),
            ("9223372036854775808", r#""9223372036854775808""#),
            ("1.5", r#""1.5""#),
            ("null", r#""null""#),
            ("", r#""""#),
            // Texts that look like something else, and what only begins like a text.
            (r#""42""#, r#""42""#),
            (r#""true""#, r#""true""#),
            (r#""a\"b""#, r#""a\"b""#),
            (r#""a" ,"b":"c""#, r#""\"a\" ,\"b\":\"c\"""#),
            (r#""a"#, r#""\"a""#),
        ] {
            let request =
                Request::untyped("", "x", Values::none()).with_attribute("wamp.option.rkey", said);
            let options = options("", &request, false);
            assert_eq!(options, format!(r#"{{"rkey":{sent}}}"#), "{said}");
            assert!(options.parse::<Json>().is_ok(), "{said}");
        }
    }
}
