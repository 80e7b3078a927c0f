//! What the macro makes of files, directories, literals and tokens compiles and works.

use xerus_rpc::{Enumeration, Interface};

mod from_file {
    xerus_macros::idl! { "tests/idl/lamp.idl" }
}

mod from_directory {
    xerus_macros::idl! { "tests/idl", root = ["garden.Colour"], client_only = true }
}

mod from_literal {
    xerus_macros::idl! {
        r#"
        module garden {
            structure Bed { string label; vector<Bed> parts; };
            interface Valve_2_0_1 { Bed bed(in string type); };
        }
        "#,
        attribute = { "garden.Bed" = "#[must_use]" },
        docs = false,
    }
}

mod from_tokens {
    xerus_macros::idl! { inline {
        #include <Colour.idl>
        /// Gardens
        module garden {
            /**
             * A bed.
             */
            [unknown_fallback("SAND")]
            enumeration Soil { CLAY, SAND }; ///< never mind
            structure Bed { map<int, vector<vector<Soil>>> soils; ///< by row
                            Colour colour; };
            interface Gate { constant int LOW = -1; constant int MASK = 0x0F; Bed open(in Bed bed, out Object self); };
        }
    }, include_dir = "tests/idl" }
}

mod inner {
    pub(crate) use xerus_rpc as rpc;
}

mod renamed {
    xerus_macros::idl! {
        inline { module lab { interface Meter { int getUrl(); int getURL(); }; } },
        rename = { "lab.Meter.getURL" = "get_url2" },
        runtime_path = "crate::inner::rpc",
    }
}

#[test]
fn names_and_the_runtime_may_be_others() {
    let _: fn(&renamed::lab::Meter) -> xerus_rpc::Call<i32> = renamed::lab::Meter::get_url2;
    assert_eq!(renamed::lab::Meter::TYPE_ID, "lab.Meter:1.0.0");
}

#[test]
fn files_with_includes() {
    assert_eq!(from_file::garden::Lamp::TYPE_ID, "garden.Lamp:1.0.0");
    assert_eq!(
        from_file::garden::Colour::from_index(1).name(),
        Some("GREEN")
    );
}

#[test]
fn roots_of_a_directory() {
    assert_eq!(from_directory::garden::Colour::NAMES, ["RED", "GREEN"]);
}

#[test]
fn literals() {
    let bed = from_literal::garden::Bed {
        label: "roses".to_owned(),
        ..Default::default()
    };
    assert!(bed.parts.is_empty());
    assert_eq!(from_literal::garden::Valve::VERSION.to_string(), "2.0.1");
}

#[test]
fn tokens() {
    use from_tokens::garden::{Gate, Soil};
    assert_eq!((Gate::LOW, Gate::MASK), (-1, 15));
    assert_eq!(Soil::FALLBACK, Some(1));
    assert_eq!(Soil::from_index(7).fallback(), Soil::Sand);
    assert_eq!(<Gate as Interface>::TYPE_ID, "garden.Gate:1.0.0");
}
