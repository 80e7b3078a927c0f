//! MessagePack and JSON text, each made from the other.
//!
//! Whole numbers are exact in both directions, floats keep their point, and bytes stand in JSON as WAMP has them: a string
//! that begins with U+0000, then base64.

mod read;
mod write;

pub(super) use read::to_json;
pub(super) use write::from_json;

/// Containers that may be open at a time.
const DEPTH: usize = 512;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn there_and_back(json: &str) -> String {
        let packed = from_json(json.as_bytes()).expect(json);
        String::from_utf8(to_json(&packed).expect(json)).expect("JSON is text")
    }

    #[test]
    fn w29_numbers_are_exact() {
        for json in [
            "0",
            "127",
            "128",
            "255",
            "256",
            "65536",
            "4294967296",
            "9007199254740993",
            "18446744073709551615",
            "-1",
            "-32",
            "-33",
            "-129",
            "-9223372036854775808",
            "1.5",
            "5.0",
            "-0.0",
            "1e300",
            "0.1",
        ] {
            assert_eq!(there_and_back(json), json);
        }
        assert!(from_json(b"18446744073709551616").is_err());
        assert!(from_json(b"-9223372036854775809").is_err());
        // A float of 32 bits is the float of 64 bits that it stands for.
        assert_eq!(to_json(&[0xca, 0x3f, 0, 0, 0]).expect("a float"), b"0.5");
    }

    #[test]
    fn all_kinds_of_values_are_kept() {
        for json in [
            r#"[48,1,{"receive_progress":true},"com.example.add",[1,null,false,"ü\n\"x"],{"k":{"a":[]}}]"#,
            "[]",
            "{}",
            r#""""#,
            r#"{"":[[[]]]}"#,
        ] {
            assert_eq!(there_and_back(json), json);
        }
        let long: String = format!("[{}]", vec!["\"abcdefgh\""; 70_000].join(","));
        assert_eq!(there_and_back(&long), long);
        let text = format!("\"{}\"", "x".repeat(70_000));
        assert_eq!(there_and_back(&text), text);
    }

    #[test]
    fn bytes_are_base64_after_a_zero() {
        let json = "\"\\u0000AAEC/w==\"";
        let packed = from_json(json.as_bytes()).expect("a string");
        assert_eq!(packed, [0xc4, 4, 0, 1, 2, 255]);
        assert_eq!(to_json(&packed).expect("bytes"), json.as_bytes());
        // What is no base64 is a string like any other.
        let other = r#""\u0000no base64!""#;
        assert_eq!(there_and_back(other), other);
    }

    #[test]
    fn names_that_are_whole_numbers_become_texts() {
        assert_eq!(
            to_json(&[0x82, 7, 1, 0xff, 2]).expect("a map"),
            br#"{"7":1,"-1":2}"#
        );
    }

    #[test]
    fn w33_what_cannot_be_read_is_told() {
        let cut: &[&[u8]] = &[
            b"",
            &[0x92, 1],
            &[0xd9, 5, b'a'],
            &[0xc1],
            &[0xc7, 2, 0, 0],
            &[0xc9, 0xff, 0xff, 0xff, 0xff, 0],
            &[0x81, 0xc0],
            &[1, 1],
            &[0xa1, 0xff],
            // A length of 4 GiB: nothing is set aside for it.
            &[0xdd, 0xff, 0xff, 0xff, 0xff],
            &[0xdb, 0xff, 0xff, 0xff, 0xff],
        ];
        for bytes in cut {
            assert!(to_json(bytes).is_err(), "{bytes:x?}");
        }
        // Cut off far below what is nested too deeply.
        assert!(to_json(&vec![0x91; 1_000_000]).is_err());
        assert!(from_json("[".repeat(1_000_000).as_bytes()).is_err());
        for json in ["", "[1", "{1:2}", "nul", "[1] 2", "1.5.5"] {
            assert!(from_json(json.as_bytes()).is_err(), "{json}");
        }
    }

    #[test]
    fn w33_what_json_has_no_form_for_is_a_word_that_nobody_reads() {
        let nan = [0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0];
        let infinite = [0xca, 0xff, 0x80, 0, 0];
        let mut deep = vec![0x91; 100_000];
        deep.extend([0x82, 0xa1, b'a', 0xd9, 1, b']', 0xc7, 1, 0, 7, 0xc0]);
        let cases: [(&[u8], &str); 9] = [
            (&nan, "NaN"),
            (&infinite, "NaN"),
            (&[0xd4, 1, b'"'], "ext"),
            (&[0xd8; 18], "ext"),
            (&[0xc7, 2, 1, b'[', b'"'], "ext"),
            (&[0x81, 0xc0, 1], "{key:1}"),
            (&[0x81, 0x92, 0xa1, b'"', 0x80, 1], "{key:1}"),
            (&[0x81, 0xd4, 1, 1, 1], "{key:1}"),
            (&deep, "deep"),
        ];
        for (bytes, word) in cases {
            // Of a message only what has it is spoilt.
            let packed = [&[0x93, 50, 1][..], bytes].concat();
            let json = to_json(&packed).expect(word);
            let json = String::from_utf8(json).expect("JSON is text");
            assert!(json.starts_with("[50,1,"), "{json}");
            assert!(json.contains(word), "{json}");
            assert!(json.parse::<crate::json_text::Json>().is_err(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_comes_in_panics(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(json) = to_json(&bytes) {
                prop_assert!(std::str::from_utf8(&json).is_ok());
                // It is JSON, and stands for the same as before; or it has something that JSON has no form for.
                match from_json(&json) {
                    Ok(packed) => prop_assert_eq!(to_json(&packed).expect("and read again"), json),
                    Err(_) => {
                        let json = String::from_utf8_lossy(&json);
                        let words = ["NaN", "ext", "key", "deep"];
                        prop_assert!(words.iter().any(|word| json.contains(word)), "{json}");
                    }
                }
            }
        }

        #[test]
        fn floats_are_kept(value in any::<f64>().prop_filter("finite", |value| value.is_finite())) {
            let mut packed = vec![0xcb];
            packed.extend_from_slice(&value.to_be_bytes());
            let json = to_json(&packed).expect("a float");
            prop_assert_eq!(from_json(&json).expect("a float"), packed);
        }
    }
}
