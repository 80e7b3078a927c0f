use std::collections::BTreeMap;

use xerus_rpc::rt::{Encode, Writer, encode};
use xerus_rpc::{Json, Time, WireId};

use crate::aids::{fault, lenient, strict};

const WRONG: &str = "Decode.WrongType";
const NULL: &str = "Decode.NullNotAllowed";
const RANGE: &str = "Decode.OutOfRange";

#[test]
fn integers_keep_their_range_and_every_digit() {
    assert_eq!(lenient::<u8>("0").unwrap(), 0);
    assert_eq!(lenient::<u8>("255").unwrap(), 255);
    assert_eq!(fault(lenient::<u8>("-1")).0, RANGE);
    assert_eq!(fault(lenient::<u8>("256")).0, RANGE);
    assert_eq!(lenient::<i32>("-2147483648").unwrap(), i32::MIN);
    assert_eq!(lenient::<i32>("2147483647").unwrap(), i32::MAX);
    assert_eq!(fault(lenient::<i32>("-2147483649")).0, RANGE);
    assert_eq!(fault(lenient::<i32>("2147483648")).0, RANGE);
    assert_eq!(lenient::<i64>("-9223372036854775808").unwrap(), i64::MIN);
    assert_eq!(lenient::<i64>("9223372036854775807").unwrap(), i64::MAX);
    assert_eq!(
        lenient::<i64>("9007199254740993").unwrap(),
        9_007_199_254_740_993
    );
    assert_eq!(
        lenient::<i64>("999999999999999999").unwrap(),
        999_999_999_999_999_999
    );
    assert_eq!(
        lenient::<i64>("1000000000000000000").unwrap(),
        1_000_000_000_000_000_000
    );
    assert_eq!(fault(lenient::<i64>("-9223372036854775809")).0, RANGE);
    assert_eq!(fault(lenient::<i64>("9223372036854775808")).0, RANGE);
    assert_eq!(lenient::<i32>("-0").unwrap(), 0);
}

#[test]
fn every_scalar_refuses_every_wrong_json_type() {
    macro_rules! refuses {
        ($type:ty: $($text:literal)*) => {
            $(assert_eq!(fault(lenient::<$type>($text)), (WRONG, String::new()), "{}", $text);)*
            assert_eq!(fault(lenient::<$type>("null")).0, NULL);
        };
    }
    refuses!(bool: "0" "1" "\"true\"" "{}" "[]" "1.5");
    refuses!(u8: "true" "\"1\"" "{}" "[]" "1.5");
    refuses!(i32: "true" "false" "\"0\"" "{}" "[]" "1.5");
    refuses!(i64: "true" "\"1.0\"" "\"\"" "\"-\"" "\" 1\"" "\"x\"" "{}" "[]" "1.5");
    refuses!(Time: "true" "\"0\"" "{}" "[]" "1.5");
    refuses!(f32: "true" "\"NaN\"" "\"1\"" "{}" "[]");
    refuses!(f64: "true" "\"NaN\"" "\"1\"" "{}" "[]");
    refuses!(String: "true" "7" "{}" "[]" "1.5");
    refuses!(WireId: "true" "7" "{}" "[]");
    refuses!(Vec<String>: "true" "7" "{}" "\"ab\"");
    refuses!(BTreeMap<i32, String>: "true" "7" "{}" "\"ab\"");
    assert_eq!(fault(lenient::<Json>("null")).0, NULL);
}

#[test]
fn integers_written_as_floats_are_a_matter_of_strictness() {
    for (text, value) in [
        ("3.0", 3),
        ("1e2", 100),
        ("-2.50e1", -25),
        ("0.0", 0),
        ("-0e9", 0),
        ("120E-1", 12),
    ] {
        assert_eq!(lenient::<i32>(text).unwrap(), value, "{text}");
        assert_eq!(fault(strict::<i32>(text)).0, WRONG, "{text}");
    }
    assert_eq!(lenient::<i64>("9.223372036854775807e18").unwrap(), i64::MAX);
    assert_eq!(
        lenient::<i64>("-9.223372036854775808e18").unwrap(),
        i64::MIN
    );
    assert_eq!(fault(lenient::<i64>("9.223372036854775808e18")).0, RANGE);
    assert_eq!(fault(lenient::<i32>("1e999999999999999999999")).0, RANGE);
    assert_eq!(fault(lenient::<i32>("15e-1")).0, WRONG);
    assert_eq!(lenient::<i64>("0e99999999999999999999").unwrap(), 0);
}

#[test]
fn only_long_takes_a_decimal_string() {
    assert_eq!(
        lenient::<i64>("\"1234567890123\"").unwrap(),
        1_234_567_890_123
    );
    assert_eq!(lenient::<i64>("\"-5\"").unwrap(), -5);
    assert_eq!(fault(lenient::<i64>("\"9223372036854775808\"")).0, RANGE);
    assert_eq!(fault(strict::<i64>("\"5\"")).0, WRONG);
    assert_eq!(fault(lenient::<i32>("\"5\"")).0, WRONG);
}

#[test]
fn floats_are_correctly_rounded() {
    for text in [
        "0.0",
        "230.9",
        "577.35026918962573",
        "4398046511104.0002",
        "401.25370000000004",
        "5e-324",
        "2.2250738585072011e-308",
        "9007199254740993",
        "9007199254740993.0",
        "123456789012345678901234567890",
        "1.7976931348623157e308",
        "0.1e1",
        "-1E+2",
        "1e22",
        "1e23",
        "8.5e-23",
        "179769313486231570793e288",
        "0.000000000000000000000000000001",
        "6.0221409e+23",
    ] {
        assert_eq!(
            lenient::<f64>(text).unwrap().to_bits(),
            text.parse::<f64>().unwrap().to_bits(),
            "{text}"
        );
        if let Ok(value) = lenient::<f32>(text) {
            assert_eq!(
                value.to_bits(),
                text.parse::<f32>().unwrap().to_bits(),
                "{text}"
            );
        }
    }
    assert_eq!(lenient::<f32>("0.0010000000474974513").unwrap(), 0.001);
    assert_eq!(lenient::<f64>("3").unwrap(), 3.0);
    assert!(lenient::<f64>("-0.0").unwrap().is_sign_negative());
    assert_eq!(fault(lenient::<f32>("1e300")).0, RANGE);
    assert_eq!(fault(lenient::<f32>("1e999")).0, "Json.NumberRange");
    assert_eq!(fault(lenient::<f64>("1e999")).0, "Json.NumberRange");
    assert_eq!(fault(lenient::<f64>("-1e999999999")).0, "Json.NumberRange");
    assert_eq!(lenient::<f64>("1e-999999999").unwrap(), 0.0);
}

#[test]
fn what_is_no_json_number_is_a_syntax_error() {
    for text in [
        "NaN",
        "Infinity",
        "-Infinity",
        "+1",
        ".5",
        "1.",
        "-",
        "01",
        "1e",
        "1e+",
        "0x10",
        "1_000",
        "--1",
        "1.2.3",
        "12a",
    ] {
        assert_eq!(fault(lenient::<f64>(text)).0, "Json.Syntax", "{text}");
        assert_eq!(fault(lenient::<i32>(text)).0, "Json.Syntax", "{text}");
        assert_eq!(fault(lenient::<Json>(text)).0, "Json.Syntax", "{text}");
    }
}

#[test]
fn numbers_of_absurd_length_are_refused() {
    let digits = "9".repeat(5000);
    for text in [digits.clone(), format!("0.{digits}"), format!("1e{digits}")] {
        assert_eq!(fault(lenient::<i32>(&text)).0, "Json.NumberRange");
        assert_eq!(fault(lenient::<f64>(&text)).0, "Json.NumberRange");
        assert_eq!(fault(lenient::<Json>(&text)).0, "Json.NumberRange");
    }
    // As many digits as a double may have when printed in full are fine.
    assert_eq!(
        lenient::<f64>(&format!("0.{}1", "0".repeat(700))).unwrap(),
        0.0
    );
}

#[test]
fn strings_are_unicode_text() {
    for (text, value) in [
        (r#""""#, ""),
        (r#""a\/b""#, "a/b"),
        (r#""\"\\\b\f\n\r\t""#, "\"\\\u{8}\u{c}\n\r\t"),
        (r#""\u0000""#, "\0"),
        (r#""\u00e4\u20AC""#, "ä€"),
        (r#""\ud83d\ude00 ok""#, "😀 ok"),
        ("\"ä€😀\"", "ä€😀"),
        ("\"\u{7f}\"", "\u{7f}"),
    ] {
        assert_eq!(lenient::<String>(text).unwrap(), value, "{text}");
    }
    for text in [
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud800x""#,
        r#""\ud800\n""#,
        r#""\ud800\ud800""#,
        r#"{"\ud800":1}"#,
    ] {
        assert_eq!(fault(lenient::<String>(text)).0, "Json.Encoding", "{text}");
    }
    for text in [
        "\"",
        "\"abc",
        r#""\"#,
        r#""\x""#,
        r#""\u12"#,
        r#""\u12g4""#,
        "\"a\nb\"",
        "\"a\u{0}b\"",
        "'a'",
    ] {
        assert_eq!(fault(lenient::<String>(text)).0, "Json.Syntax", "{text:?}");
    }
}

#[test]
fn bytes_that_are_no_utf8_are_named_by_their_place() {
    let options = xerus_rpc::rt::ReaderOptions::default();
    for (bytes, offset) in [
        (&b"\"\xff\xfe\""[..], 1),
        (b"\"ab\xc0\xaf\"", 3),
        (b"\"\xed\xa0\x80\"", 1),
        (b"[\"\xf8\x88\x80\x80\x80\"]", 2),
        (b"\xff\xfe\"\0a\0", 0),
    ] {
        let error = xerus_rpc::rt::decode::<String>(bytes, &options).unwrap_err();
        assert_eq!(
            (error.kind().code(), error.offset()),
            ("Json.Encoding", offset)
        );
    }
}

#[test]
fn a_document_is_one_value() {
    assert_eq!(lenient::<i32>(" \r\n\t5 \n").unwrap(), 5);
    assert_eq!(lenient::<i32>("\u{feff}5").unwrap(), 5);
    assert_eq!(fault(lenient::<i32>("")).0, "Json.Empty");
    assert_eq!(fault(lenient::<i32>(" \n ")).0, "Json.Empty");
    assert_eq!(fault(lenient::<i32>("5 6")).0, "Json.TrailingData");
    assert_eq!(fault(lenient::<i32>("\u{a0}5")).0, "Json.Syntax");
    let error = lenient::<Vec<i32>>("[1, 2, x]").unwrap_err();
    assert_eq!((error.offset(), error.path()), (7, "[2]".into()));
}

#[test]
fn lists_and_maps() {
    assert_eq!(lenient::<Vec<u8>>("[0,127,255]").unwrap(), [0, 127, 255]);
    assert_eq!(fault(lenient::<Vec<u8>>("[256]")), (RANGE, "[0]".into()));
    assert_eq!(
        fault(lenient::<Vec<String>>(r#"["a",1]"#)),
        (WRONG, "[1]".into())
    );
    assert_eq!(
        fault(lenient::<Vec<Vec<i32>>>("[[1],[2,null]]")),
        (NULL, "[1][1]".into())
    );
    for text in ["[1,]", "[,1]", "[1 2]", "[1", "[", "[1,", "[1}"] {
        assert_eq!(fault(lenient::<Vec<i32>>(text)).0, "Json.Syntax", "{text}");
    }

    type Map = BTreeMap<i32, String>;
    assert_eq!(lenient::<Map>("[]").unwrap(), Map::new());
    let one = Map::from([(1, "a".to_owned())]);
    assert_eq!(lenient::<Map>(r#"[{"key":1,"value":"a"}]"#).unwrap(), one);
    assert_eq!(
        lenient::<Map>(r#"[{"value":"a","more":[{}],"key":1}]"#).unwrap(),
        one
    );
    for (text, code, path) in [
        (r#"[{"value":"a"}]"#, "Decode.MissingField", "[0].key"),
        (r#"[{"key":1}]"#, "Decode.MissingField", "[0].value"),
        (r#"[{}]"#, "Decode.MissingField", "[0].key"),
        (r#"[{"key":"1","value":"a"}]"#, WRONG, "[0].key"),
        (r#"[{"key":1,"value":null}]"#, NULL, "[0].value"),
        (
            r#"[{"key":1,"value":"a"},{"key":1,"value":"b"}]"#,
            "Decode.DuplicateMapKey",
            "[1].key",
        ),
        (
            r#"[{"key":1,"key":2,"value":"a"}]"#,
            "Json.DuplicateKey",
            "[0].key",
        ),
        (
            r#"[{"key":1,"value":"a","value":"a"}]"#,
            "Json.DuplicateKey",
            "[0].value",
        ),
        (r#"[[1,"a"]]"#, WRONG, "[0]"),
    ] {
        assert_eq!(fault(lenient::<Map>(text)), (code, path.into()), "{text}");
    }
    assert_eq!(encode(&one).unwrap().get(), r#"[{"key":1,"value":"a"}]"#);
}

#[test]
fn typecodes_are_wire_ids() {
    let id: WireId = lenient(r#""pdumodel.Outlet_3_0_4.StateChangedEvent:1.0.0""#).unwrap();
    assert_eq!(id.version_free_name(), "pdumodel.Outlet.StateChangedEvent");
    assert_eq!(
        encode(&id).unwrap().get(),
        r#""pdumodel.Outlet_3_0_4.StateChangedEvent:1.0.0""#
    );
    for text in [
        "",
        "pdumodel.Outlet",
        "pdumodel.Outlet:3",
        "pdumodel.Outlet:3.0.0.0",
        ":1.0.0",
        "a..B:1.0.0",
    ] {
        assert_eq!(
            fault(lenient::<WireId>(&format!("{text:?}"))).0,
            "Decode.BadTypeCode",
            "{text}"
        );
    }
}

#[test]
fn opaque_json_is_kept_untouched() {
    for text in [
        r#"{"jsonrpc": "2.0" ,"id":"x","n":1.50e1}"#,
        "[1,  2]",
        "\"\\u0041\"",
        "12345678901234567890123",
    ] {
        let json: Json = lenient(text).unwrap();
        assert_eq!(json.get(), text);
        assert_eq!(encode(&json).unwrap().get(), text);
    }
    assert_eq!(Json::default().get(), "null");
    assert!("{\"a\":}".parse::<Json>().is_err());
}

#[test]
fn values_are_written_compactly() {
    assert_eq!(encode(&true).unwrap().get(), "true");
    assert_eq!(encode(&i64::MIN).unwrap().get(), "-9223372036854775808");
    assert_eq!(encode(&Time::from_unix_seconds(-1)).unwrap().get(), "-1");
    assert_eq!(
        encode("a\"\\\n\r\t\u{1}\u{1f}/ä😀\u{7f}").unwrap().get(),
        "\"a\\\"\\\\\\n\\r\\t\\u0001\\u001f/ä😀\u{7f}\""
    );
    assert_eq!(encode(&None::<i32>).unwrap().get(), "null");
    assert_eq!(encode(&[Some(1), None][..]).unwrap().get(), "[1,null]");
    for (value, text) in [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (32.0, "32.0"),
        (-7.0, "-7.0"),
        (230.9, "230.9"),
        (5e-324, "5e-324"),
        (1e15, "1000000000000000.0"),
        (1e16, "1e16"),
        (f64::MAX, "1.7976931348623157e308"),
        (0.1 + 0.2, "0.30000000000000004"),
    ] {
        assert_eq!(encode(&value).unwrap().get(), text);
    }
    assert_eq!(encode(&0.001f32).unwrap().get(), "0.001");
    assert_eq!(encode(&16_777_216f32).unwrap().get(), "16777216.0");
}

#[test]
fn what_cannot_be_sent_is_named_with_its_place() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = encode(&vec![1.0, value]).unwrap_err();
        assert_eq!(
            (error.kind().code(), error.path()),
            ("Encode.NotFinite", "[1]".into())
        );
    }
    assert_eq!(
        encode(&f32::NAN).unwrap_err().kind().code(),
        "Encode.NotFinite"
    );
    let map = BTreeMap::from([(5, vec![f64::NAN])]);
    assert_eq!(encode(&map).unwrap_err().path(), "[0].value[0]");

    // The first fault is the one reported.
    let mut writer = Writer::new();
    vec![f64::NAN, 1.0, f64::NAN].encode(&mut writer);
    assert_eq!(writer.finish().unwrap_err().path(), "[0]");
}
