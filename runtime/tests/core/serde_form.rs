//! Generated types in the formats of `serde`.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use xerus_rpc::rt::{Encode, encode};
use xerus_rpc::{Extra, Json, Object, Polymorphic, Time, WireId};

use crate::aids::{answering, lenient};
use crate::support::idl::Event;
use crate::support::misc::{Kitchen, Node};
use crate::support::pdumodel::outlet::{PowerEvent, PowerState, Settings, State, sparse_};
use crate::support::sensors::{NumericSensor, numeric_sensor::Reading};

const KITCHEN: &str = r#"{"flag":true,"small":7,"number":-3,"long":9007199254740993,"ratio":0.1,"value":1.25,"text":"t","time":9,"code":"a.B:1.0.0","state":1,"list":["x"],"map":[{"key":5,"value":"five"}],"object":null,"outlet":{"rid":"/outlet/1","type":"pdumodel.Outlet:3.0.1"},"event":null,"blob":{"z":1,"a":[null,true,"x",18446744073709551615]},"added":[1.5,{"b":2}]}"#;

const EVENT: &str = r#"{"type":"pdumodel.Outlet_3_0_1.PowerEvent:1.0.0","value":{"source":null,"actUserName":"me","actIpAddr":"::1","state":1,"cycle":false,"added":3}}"#;

/// Reads the wire form, writes with `serde_json`, reads that, and writes the wire form.
#[track_caller]
fn there_and_back<T: xerus_rpc::rt::Decode + Encode + Serialize + DeserializeOwned>(
    wire: &str,
) -> Value {
    let value: T = lenient(wire).unwrap();
    let text = serde_json::to_string(&value).unwrap();
    let again: T = serde_json::from_str(&text).unwrap();
    assert_eq!(encode(&again).unwrap().get(), wire, "through {text}");
    let tree = serde_json::to_value(&value).unwrap();
    assert_eq!(tree, serde_json::from_str::<Value>(&text).unwrap());
    tree
}

#[test]
fn structures_have_the_names_of_the_wire_and_enumerators_theirs() {
    assert_eq!(
        there_and_back::<Kitchen>(KITCHEN),
        json!({
            "flag": true, "small": 7, "number": -3, "long": 9_007_199_254_740_993_i64, "ratio": 0.1, "value": 1.25,
            "text": "t", "time": 9, "code": "a.B:1.0.0", "state": "PS_ON", "list": ["x"], "map": {"5": "five"},
            "object": null, "outlet": {"rid": "/outlet/1", "type": "pdumodel.Outlet:3.0.1"}, "event": null,
            "blob": {"z": 1, "a": [null, true, "x", u64::MAX]}, "added": [1.5, {"b": 2}],
        })
    );
    there_and_back::<Node>(r#"{"name":"a","children":[{"name":"b","children":[]}]}"#);
}

#[test]
fn what_the_device_left_out_stays_left_out() {
    let wire = r#"{"powerState":9,"more":0}"#;
    assert_eq!(
        there_and_back::<State>(wire),
        json!({"powerState": 9, "more": 0})
    );
    let mut state: State = serde_json::from_str(wire).unwrap();
    assert_eq!(state.extra_.missing().len(), 3);
    assert_eq!(state.extra_.get("more").unwrap().get(), "0");
    state.is_suspended = true;
    assert_eq!(
        serde_json::to_value(&state).unwrap(),
        json!({"powerState": 9, "isSuspended": true, "more": 0})
    );
}

#[test]
fn request_forms_leave_out_what_is_none() {
    let settings = sparse_::Settings {
        startup_state: Some(PowerState::PsOff),
        ..Default::default()
    };
    let text = serde_json::to_string(&settings).unwrap();
    assert_eq!(text, r#"{"startupState":"PS_OFF"}"#);
    assert_eq!(
        serde_json::from_str::<sparse_::Settings>(&text).unwrap(),
        settings
    );
}

#[test]
fn enumerators_are_read_by_name_and_by_number() {
    for (text, state) in [
        ("\"PS_ON\"", PowerState::PsOn),
        ("1", PowerState::PsOn),
        ("77", PowerState::Unknown_(77)),
    ] {
        assert_eq!(serde_json::from_str::<PowerState>(text).unwrap(), state);
    }
    let error = serde_json::from_str::<State>(r#"{"powerState":"PS_HALF"}"#).unwrap_err();
    assert!(
        error.to_string().starts_with(
            r#"powerState: expected an enumerator of pdumodel.Outlet_3_0_1.PowerState:1.0.0, by name or by number, found "PS_HALF""#
        ),
        "{error}"
    );
}

#[test]
fn maps_are_read_as_maps_and_as_the_lists_of_the_wire() {
    let read = |map: &str| -> Result<BTreeMap<i32, String>, String> {
        let text = format!(r#"{{"map":{map}}}"#);
        serde_json::from_str::<Kitchen>(&text)
            .map(|kitchen| kitchen.map)
            .map_err(|error| error.to_string())
    };
    let expected = BTreeMap::from([(1, "a".to_owned()), (-2, "b".to_owned())]);
    assert_eq!(read(r#"{"1":"a","-2":"b"}"#).unwrap(), expected);
    assert_eq!(
        read(r#"[{"key":1,"value":"a"},{"key":-2,"value":"b"}]"#).unwrap(),
        expected
    );
    for (map, message) in [
        (r#"{"x":"a"}"#, "map.key: expected an integer, found \"x\""),
        (
            r#"{"5000000000":"a"}"#,
            "map.key: expected a 32-bit integer, found \"5000000000\"",
        ),
        (r#"{"1":2}"#, "map.1: expected a string, found a number"),
        (r#"{"1":"a","1":"b"}"#, "map"),
    ] {
        let error = read(map).unwrap_err();
        assert!(error.contains(message), "{map}: {error}");
    }
}

#[test]
fn value_objects_carry_their_type() {
    let shown = json!({
        "type": "pdumodel.Outlet_3_0_1.PowerEvent:1.0.0",
        "value": {"source": null, "actUserName": "me", "actIpAddr": "::1", "state": "PS_ON", "cycle": false, "added": 3},
    });
    assert_eq!(there_and_back::<Polymorphic<Event>>(EVENT), shown);
    let event: Polymorphic<Event> = serde_json::from_value(shown.clone()).unwrap();
    let event: PowerEvent = event.downcast().unwrap();
    assert_eq!(serde_json::to_value(&event).unwrap(), shown);
    assert_eq!(
        serde_json::from_value::<PowerEvent>(shown.clone()).unwrap(),
        event
    );
    // As its base, and as what it is not.
    let base: Event = serde_json::from_value(shown).unwrap();
    assert_eq!(base.extra_.unknown().len(), 5);
    let other = json!({"type": "pdumodel.Outlet:3.0.1", "value": {}});
    let error = serde_json::from_value::<PowerEvent>(other).unwrap_err();
    assert!(
        error.to_string().contains("pdumodel.Outlet:3.0.1"),
        "{error}"
    );
    let error = serde_json::from_str::<PowerEvent>("{}").unwrap_err();
    assert!(error.to_string().contains("type is missing"), "{error}");
    // Of a type that nobody knows: as it came.
    there_and_back::<Polymorphic<Event>>(
        r#"{"type":"m.New:1.0.0","value":{"source":null,"x":[1]}}"#,
    );
    there_and_back::<Vec<Polymorphic<Event>>>(&format!("[{EVENT}]"));
}

#[test]
fn references_are_read_without_an_agent_and_can_be_given_one() {
    let wire = r#"{"rid":"/sensor/1","type":"sensors.NumericSensor:4.0.5"}"#;
    there_and_back::<Object>(wire);
    let sensor: NumericSensor = serde_json::from_str(wire).unwrap();
    assert_eq!(sensor.agent().origin(), "detached");
    let agent = answering("{}");
    let object = sensor.with_agent(&agent);
    assert_eq!(
        (object.agent().origin(), object.rid()),
        ("canned", "/sensor/1")
    );
    assert_eq!(object.cast::<NumericSensor>().unwrap().rid(), "/sensor/1");
    let error = serde_json::from_str::<NumericSensor>(
        &wire.replace("sensors.NumericSensor", "pdumodel.Inlet"),
    )
    .unwrap_err();
    assert!(
        error.to_string().contains("sensors.NumericSensor"),
        "{error}"
    );
}

#[test]
fn types_of_the_runtime() {
    assert_eq!(
        serde_json::to_string(&Time::from_unix_seconds(-5)).unwrap(),
        "-5"
    );
    assert_eq!(
        serde_json::from_str::<Time>("1700000000").unwrap(),
        Time::from_unix_seconds(1_700_000_000)
    );
    let id: WireId = "a.B:1.2.3".parse().unwrap();
    assert_eq!(serde_json::to_string(&id).unwrap(), "\"a.B:1.2.3\"");
    let mut extra = Extra::default();
    extra.set("b", "[1.50, -0]".parse().unwrap());
    extra.set("a", Json::NULL);
    let text = serde_json::to_string(&extra).unwrap();
    assert_eq!(text, r#"{"b":[1.5,-0.0],"a":null}"#);
    let again: Extra = serde_json::from_str(&text).unwrap();
    assert_eq!(again.get("b").unwrap().get(), "[1.5,-0.0]");
    assert!(serde_json::from_str::<Extra>(r#"{"a":1,"a":2}"#).is_err());
}

#[test]
fn json_keeps_its_numbers() {
    for text in [
        "null",
        "true",
        "0",
        "-1",
        "1.5",
        "1e300",
        "18446744073709551615",
        "-170141183460469231731687303715884105728",
        "\"a\\\"b\"",
        "[]",
        "{}",
        r#"{"b":[{}],"a":""}"#,
    ] {
        let json: Json = text.parse().unwrap();
        let written = serde_json::to_string(&json).unwrap();
        assert_eq!(written.replace("1e+300", "1e300"), text);
    }
    for text in ["9007199254740993", "18446744073709551615", "0.1", "-2.5e-7"] {
        let json: Json = serde_json::from_str(text).unwrap();
        assert_eq!(json.get(), text);
    }
    // As `serde_json` gives numbers when another crate of the program turns on its feature `arbitrary_precision`.
    let given = |text: &'static str| {
        let number = [("$serde_json::private::Number", text)];
        Json::deserialize(MapDeserializer::<_, serde::de::value::Error>::new(
            number.into_iter(),
        ))
    };
    assert_eq!(given("1.50").unwrap().get(), "1.50");
    assert_eq!(given("1e999").unwrap().get(), "1e999");
    for text in ["x", "", "[1]", "\"1\"", "1 2"] {
        assert!(given(text).is_err(), "{text}");
    }
    let large: Json = "1e999".parse().unwrap();
    let error = serde_json::to_string(&large).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the number 1e999 is beyond 64-bit floats"),
        "{error}"
    );
}

#[test]
fn what_cannot_be_sent_cannot_be_written() {
    let error = serde_json::to_string(&Settings::default()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("pdumodel.Outlet_3_0_1.PowerState:1.0.0 was never set"),
        "{error}"
    );
    let reading = Reading {
        value: f64::NAN,
        ..lenient("{}").unwrap()
    };
    let error = serde_json::to_string(&reading).unwrap_err();
    assert!(
        error.to_string().contains("infinite or not a number"),
        "{error}"
    );
    let event = Polymorphic::<Event>::new(&PowerEvent::default());
    assert!(
        serde_json::to_string(&event)
            .unwrap_err()
            .to_string()
            .contains("never set")
    );
}

#[test]
fn deep_and_wrong_input_is_an_error() {
    let deep = format!("{}{}", "[".repeat(120), "]".repeat(120));
    let text = format!(r#"{{"name":"a","children":{deep}}}"#);
    assert!(serde_json::from_str::<Node>(&text).is_err());
    for text in [
        "7",
        "[]",
        "\"x\"",
        "null",
        r#"{"name":1}"#,
        r#"{"name":"a","name":"b"}"#,
    ] {
        assert!(serde_json::from_str::<Node>(text).is_err(), "{text}");
    }
}

/// A format that does not say what stands in it, with texts only.
mod terse {
    use serde::de::value::{Error, StringDeserializer};
    use serde::de::{Deserializer, IntoDeserializer, Visitor};
    use serde::ser::{Impossible, Serializer};

    pub(super) struct Writer;

    macro_rules! refuse {
        ($($name:ident($($ty:ty),*);)*) => {
            $(fn $name(self, $(_: $ty),*) -> Result<String, Error> {
                Err(serde::ser::Error::custom(stringify!($name)))
            })*
        };
    }

    impl Serializer for Writer {
        type Ok = String;
        type Error = Error;
        type SerializeSeq = Impossible<String, Error>;
        type SerializeTuple = Impossible<String, Error>;
        type SerializeTupleStruct = Impossible<String, Error>;
        type SerializeTupleVariant = Impossible<String, Error>;
        type SerializeMap = Impossible<String, Error>;
        type SerializeStruct = Impossible<String, Error>;
        type SerializeStructVariant = Impossible<String, Error>;

        fn is_human_readable(&self) -> bool {
            false
        }
        fn serialize_str(self, text: &str) -> Result<String, Error> {
            Ok(text.to_owned())
        }
        refuse! {
            serialize_bool(bool); serialize_i8(i8); serialize_i16(i16); serialize_i32(i32); serialize_i64(i64);
            serialize_u8(u8); serialize_u16(u16); serialize_u32(u32); serialize_u64(u64); serialize_f32(f32);
            serialize_f64(f64); serialize_char(char); serialize_bytes(&[u8]); serialize_none(); serialize_unit();
            serialize_unit_struct(&'static str); serialize_unit_variant(&'static str, u32, &'static str);
        }
        fn serialize_some<T: ?Sized + serde::Serialize>(self, _: &T) -> Result<String, Error> {
            self.serialize_none()
        }
        fn serialize_newtype_struct<T: ?Sized + serde::Serialize>(
            self,
            _: &'static str,
            _: &T,
        ) -> Result<String, Error> {
            self.serialize_none()
        }
        fn serialize_newtype_variant<T: ?Sized + serde::Serialize>(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: &T,
        ) -> Result<String, Error> {
            self.serialize_none()
        }
        fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Error> {
            Err(serde::ser::Error::custom("seq"))
        }
        fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
            Err(serde::ser::Error::custom("tuple"))
        }
        fn serialize_tuple_struct(
            self,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeTupleStruct, Error> {
            Err(serde::ser::Error::custom("tuple struct"))
        }
        fn serialize_tuple_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeTupleVariant, Error> {
            Err(serde::ser::Error::custom("tuple variant"))
        }
        fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
            Err(serde::ser::Error::custom("map"))
        }
        fn serialize_struct(
            self,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeStruct, Error> {
            Err(serde::ser::Error::custom("struct"))
        }
        fn serialize_struct_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeStructVariant, Error> {
            Err(serde::ser::Error::custom("struct variant"))
        }
    }

    pub(super) struct Reader(pub(super) String);

    impl<'de> Deserializer<'de> for Reader {
        type Error = Error;

        fn is_human_readable(&self) -> bool {
            false
        }
        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
            Err(serde::de::Error::custom("nothing says what stands here"))
        }
        fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let text: StringDeserializer<Error> = self.0.into_deserializer();
            text.deserialize_string(visitor)
        }
        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }
}

#[test]
fn other_formats_get_the_text_of_the_wire() {
    let kitchen: Kitchen = lenient(KITCHEN).unwrap();
    let written = kitchen.serialize(terse::Writer).unwrap();
    assert_eq!(written, KITCHEN);
    assert_eq!(
        Kitchen::deserialize(terse::Reader(written)).unwrap(),
        kitchen
    );

    let event: PowerEvent = lenient::<Polymorphic<Event>>(EVENT)
        .unwrap()
        .downcast()
        .unwrap();
    let written = event.serialize(terse::Writer).unwrap();
    assert_eq!(written, EVENT);
    assert_eq!(
        PowerEvent::deserialize(terse::Reader(written.clone())).unwrap(),
        event
    );
    let as_base = Polymorphic::<Event>::deserialize(terse::Reader(written)).unwrap();
    assert_eq!(as_base.serialize(terse::Writer).unwrap(), EVENT);

    let exact: Json = "[1.50, 1e999]".parse().unwrap();
    let written = exact.serialize(terse::Writer).unwrap();
    assert_eq!(Json::deserialize(terse::Reader(written)).unwrap(), exact);
    let error = Settings::default().serialize(terse::Writer).unwrap_err();
    assert_eq!(
        error.to_string(),
        "startupState was never set to an enumerator"
    );
    assert!(Node::deserialize(terse::Reader("{".to_owned())).is_err());
}
