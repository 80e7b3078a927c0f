//! What comes from other IDL, from the table, and from documentation in the package.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use support::{Package, findings, idl_directory, section, text};

/// A method's class.
fn method(name: &str, parameters: &str, encode: &[&str], decode: &[&str]) -> String {
    let mut out = format!(
        "    class _{name}(Interface.Method):\n        name = '{name}'\n\n        @staticmethod\n        def encode({parameters}):\n"
    );
    for line in encode {
        if line.starts_with("typecheck") {
            out.push_str(&format!("            {line}\n"));
        }
    }
    out.push_str("            args = {}\n");
    for line in encode {
        if line.starts_with("args") {
            out.push_str(&format!("            {line}\n"));
        }
    }
    out.push_str(
        "            return args\n\n        @staticmethod\n        def decode(rsp, agent):\n",
    );
    for line in decode {
        out.push_str(&format!("            {line}\n"));
    }
    out.push('\n');
    out
}

fn device() -> Package {
    let map =
        "dict([(elem['key'], Interface.decode(elem['value'], agent)) for elem in rsp['_ret_']])";
    let raw = "dict([(elem['key'], elem['value']) for elem in rsp['_ret_']])";
    let python = [
        "class Port(Interface):\n    idlType = \"m.Port:2.0.0\"\n\n",
        "class Settings(Structure):\n    idlType = \"m.Settings:3.0.0\"\n    elements = [\"a\", \"b\"]\n",
        "    class Inner(Enumeration):\n        idlType = \"m.Settings_3_0_0.Inner:1.0.0\"\n        values = [\"X\"]\n",
        "    def __init__(self, a, b):\n        typecheck.is_int(a, AssertionError)\n",
        "        typecheck.is_enum(b, vendor.rpc.m.Settings.Inner, AssertionError)\n",
        "    @classmethod\n    def decode(cls, json, agent):\n",
        "        obj = cls(a = json['a'], b = vendor.rpc.m.Settings.Inner.decode(json['b']))\n        return obj\n\n",
        "class Device(Interface):\n    idlType = \"m.Device:4.0.0\"\n\n    MASK = 0xb\n\n    SIZE = 0x10\n\n",
    ]
    .concat();
    let python = format!(
        "{python}{}{}{}{}{}",
        method(
            "getPorts",
            "",
            &[],
            &[&format!("_ret_ = {map}"), "return _ret_"]
        ),
        method(
            "getRegisters",
            "",
            &[],
            &[&format!("_ret_ = {raw}"), "return _ret_"]
        ),
        method(
            "find",
            "name, limit",
            &[
                "typecheck.is_string(name, AssertionError)",
                "typecheck.is_int(limit, AssertionError)",
                "args['name'] = name",
                "args['limit'] = limit",
            ],
            &[
                "found = rsp['found']",
                "typecheck.is_int(found, DecodeException)",
                "return found"
            ],
        ),
        method(
            "grown",
            "name",
            &[
                "typecheck.is_string(name, AssertionError)",
                "args['name'] = name"
            ],
            &[
                "one = rsp['one']",
                "two = rsp['two']",
                "typecheck.is_int(one, DecodeException)",
                "typecheck.is_int(two, DecodeException)",
                "return (one, two)",
            ],
        ),
        method("old", "", &[], &["return None"]),
    );
    Package::new().section("m", "Device.idl", &python).section(
        "n",
        "Other.idl",
        "class Kind(Enumeration):\n    idlType = \"n.Kind:1.0.0\"\n    values = [\"A\"]\n",
    )
}

const LIKE: &str = "\
#ifndef OWN_GUARD
#define OWN_GUARD
#include <Other.idl>
#include <Gone.idl>
module m {
    interface Port_1_0_1 { };
    [sparse_in]
    structure Settings_2_0_0 {
        int a;
        enumeration Inner { X };
        Inner b;
    };
    interface Device_3_1_0 {
        constant int MASK = 0x000B;
        constant int SIZE = 0x0011;
        typedef map<int, int> Registers;
        typedef map<string, n.Kind> Unused;
        map<int, Port_1_0_1> getPorts();
        Registers getRegisters();
        void find(in string name, out int found, in int limit);
        void grown(out int one, in string name);
        [deprecated]
        void old();
    };
}
#endif
";

#[test]
fn everything_that_python_lacks_comes_from_other_idl() {
    let like = idl_directory(&[
        ("Device.idl", LIKE),
        ("Other.idl", "module n { enumeration Kind { A }; }"),
        ("Gone.idl", "module gone { opaque Blob; }"),
    ]);
    let imported = device()
        .import_with(|importer| importer.like(like.path()))
        .unwrap();
    assert_eq!(
        text(&imported, "Device.idl"),
        "\
#ifndef OWN_GUARD
#define OWN_GUARD

#include <Other.idl>

module m {
    interface Port_2_0_0 {};

    // choice: `[sparse_in]` as in the IDL given, this firmware may demand all members
    [sparse_in]
    structure Settings_3_0_0 {
        int a;

        enumeration Inner {
            X
        };

        Inner b;
    };

    interface Device_4_0_0 {
        constant int MASK = 0x000B;
        constant int SIZE = 0x10;

        map<int, Port_2_0_0> getPorts();

        typedef map<int, int> Registers;

        Registers getRegisters();
        void find(in string name, out int found, in int limit);
        // choice: in-parameters before out-parameters, they may be mixed
        void grown(in string name, out int one, out int two);
        [deprecated]
        void old();
    };
}

#endif
"
    );
    // A file without a guard there gets none here.
    assert!(text(&imported, "Other.idl").starts_with("module n {"));
    assert_eq!(
        findings(&imported, "like"),
        [
            "m.Device_4_0_0.MASK: spelt `0x000B` as in the IDL given",
            "m.Device_4_0_0.Registers: typedef as in the IDL given",
            "m.Device_4_0_0.find: order of in- and out-parameters as in the IDL given",
            "m.Device_4_0_0.getPorts: unknown parts as in the IDL given: map<int, m.Port_2_0_0>",
            "m.Device_4_0_0.getRegisters: unknown parts as in the IDL given: map<int, int>",
            "m.Device_4_0_0.old: `[deprecated]` as in the IDL given",
        ]
    );
    assert_eq!(
        findings(&imported, "choice"),
        [
            "m.Device_4_0_0.grown: in-parameters before out-parameters, they may be mixed",
            "m.Settings_3_0_0: `[sparse_in]` as in the IDL given, this firmware may demand all members",
        ]
    );
    let lost = findings(&imported, "lost");
    let unused =
        "m.Device_4_0_0.Unused: typedef of the IDL given is left out: no method uses it any more";
    assert!(lost.iter().any(|text| text == unused), "{lost:?}");
}

#[test]
fn without_other_idl_everything_is_a_choice_or_a_loss() {
    let imported = device().import().unwrap();
    let text = text(&imported, "Device.idl");
    assert!(
        text.contains("// choice: key `string`, may be `int`; value `Object`, is some interface\n")
    );
    assert!(text.contains("map<string, Object> getPorts();"));
    assert!(text.contains("map<string, string> getRegisters();"));
    assert_eq!(
        findings(&imported, "choice"),
        [
            "m.Device_4_0_0.find: in-parameters before out-parameters, they may be mixed",
            "m.Device_4_0_0.getPorts: key `string`, may be `int`; value `Object`, is some interface",
            "m.Device_4_0_0.getRegisters: key `string`, may be `int`; value `string`, may be another built-in type",
            "m.Device_4_0_0.grown: in-parameters before out-parameters, they may be mixed",
        ]
    );
    assert_eq!(
        findings(&imported, "lost"),
        [
            "m.Settings_3_0_0: nested types are written before the fields, they may stand among them",
            "vendor: annotations (`deprecated`, `sparse_in`) are missing",
            "vendor: typedefs are missing: their maps are written out",
            "vendor: types of IDL files for which the vendor generates no Python (`datapush`) are missing; the device may well have them",
        ]
    );
}

#[test]
fn the_first_of_several_counts() {
    let first = idl_directory(&[(
        "Any.idl",
        "module m { interface Port { }; interface Device { map<string, Port> getPorts(); }; }",
    )]);
    let second = idl_directory(&[(
        "Any.idl",
        "module m { interface Port { }; interface Device { map<int, Port> getPorts(); map<int, int> getRegisters(); }; }",
    )]);
    let imported = device()
        .import_with(|importer| importer.like(first.path()).like(second.path()))
        .unwrap();
    let text = text(&imported, "Device.idl");
    assert!(
        text.contains("map<string, Port_2_0_0> getPorts();"),
        "{text}"
    );
    assert!(text.contains("map<int, int> getRegisters();"), "{text}");
}

#[test]
fn marks_of_other_idl_are_kept_where_they_fit() {
    let like = idl_directory(&[(
        "Device.idl",
        "module m {
            interface Port_1_0_1 { };
            interface Device_3_1_0 {
                /** @idempotent @timeout 5s
                 * @progress vector<Port_1_0_1>
                 * @action check=old */
                void find(in string name, out int found, in int limit);
                /** @stream poll=find stop=gone @role Admin */
                void grown(out int one, in string name);
                void gone();
                /** @code */
                int old();
            };
        }",
    )]);
    let imported = device()
        .import_with(|importer| importer.like(like.path()))
        .unwrap();
    let loaded = support::load(&imported);
    let device = loaded.model.find("m.Device:4.0.0").unwrap();
    let marks = |name: &str| {
        let mut methods = loaded.model.ty(device).methods().iter();
        methods.find(|m| m.name == name).unwrap().marks.to_string()
    };
    assert_eq!(
        marks("find"),
        "@idempotent @timeout 5000ms @progress vector<m.Port_2_0_0> @action check=old"
    );
    assert_eq!(marks("grown"), "@role Admin");
    assert_eq!(marks("old"), "");
    let lost = findings(&imported, "lost");
    for text in [
        "m.Device_4_0_0.grown: `@stream` of the IDL given does not fit the method any more",
        "m.Device_4_0_0.old: `@code` of the IDL given does not fit the method any more",
    ] {
        assert!(lost.iter().any(|found| found == text), "{lost:?}");
    }
}

#[test]
fn includes_that_would_go_round_are_left_out() {
    let like = idl_directory(&[
        (
            "Other.idl",
            "#include <Device.idl>\nmodule n { enumeration Kind { A }; }",
        ),
        ("Device.idl", "module m { interface Port { }; }"),
    ]);
    let imported = device()
        .import_with(|importer| importer.like(like.path()))
        .unwrap();
    assert!(text(&imported, "Other.idl").contains("#include <Device.idl>"));

    let uses = "class User(Structure):\n    idlType = \"n.User:1.0.0\"\n    elements = [\"p\"]\n    def __init__(self, p):\n        typecheck.is_interface(p, vendor.rpc.m.Port, AssertionError)\n    @classmethod\n    def decode(cls, json, agent):\n        obj = cls(p = Interface.decode(json['p'], agent))\n        return obj\n";
    let port = "class Port(Interface):\n    idlType = \"m.Port:1.0.0\"\n";
    let package = Package::new()
        .section("m", "Port.idl", port)
        .section("n", "User.idl", uses);
    let like = idl_directory(&[
        ("Port.idl", "#include <User.idl>\nmodule m { opaque Blob; }"),
        ("User.idl", "module n { opaque Blob; }"),
    ]);
    let imported = package
        .import_with(|importer| importer.like(like.path()))
        .unwrap();
    assert!(text(&imported, "User.idl").contains("#include <Port.idl>"));
    assert!(!text(&imported, "Port.idl").contains("#include"));
    let lost = findings(&imported, "lost");
    let round = "Port.idl: #include: `User.idl` of the IDL given is left out: it would go round";
    assert!(lost.iter().any(|text| text == round), "{lost:?}");
    assert_eq!(findings(&imported, "warning").len(), 0);
}

#[test]
fn the_table_knows_what_the_vendor_wrote() {
    let python = format!(
        "class DsamPort(Interface):\n    idlType = \"dsam.DsamPort:1.0.0\"\n\nclass DsamDevice(Interface):\n    idlType = \"dsam.DsamDevice:1.0.0\"\n\n{}",
        method(
            "getPorts",
            "",
            &[],
            &[
                "_ret_ = dict([(elem['key'], Interface.decode(elem['value'], agent)) for elem in rsp['_ret_']])",
                "return _ret_",
            ],
        )
    );
    let imported = Package::new()
        .section("dsam", "DsamDevice.idl", &python)
        .import()
        .unwrap();
    assert!(text(&imported, "DsamDevice.idl").contains("        map<int, DsamPort> getPorts();"));
    assert_eq!(
        findings(&imported, "table"),
        ["dsam.DsamDevice.getPorts: unknown parts from the table: map<int, dsam.DsamPort>"]
    );
    assert_eq!(findings(&imported, "choice").len(), 0);
}

const DOCUMENTED: &str = r#"
class Lamp(Interface):
    """
    A lamp.
Second line with \\c code and */ in it.

    Elements and Method names:
    OK
    blink
    """

    idlType = "m.Lamp:1.0.0"

     # Codes
     # of all sorts
    OK = 0     # fine

    BAD = 1     # not
     # at all

    PLAIN = 2

    # enumeration
    class Mode(Enumeration):
        """
        How it burns

        Elements:
        A     # one
        """
        idlType = "m.Lamp.Mode:1.0.0"
        values = ["A", "B"]

    Mode.A = Mode(0)     # one

    Mode.B = Mode(1)


    # structure
    class State(Structure):
        idlType = "m.Lamp.State:1.0.0"
        elements = ["on", "off"]

        def __init__(self, on=0, off=0):
            typecheck.is_int(on, AssertionError)
            typecheck.is_int(off, AssertionError)

            self.on = on             # how long
             # it burns

            self.off = off


        @classmethod
        def decode(cls, json, agent):
            obj = cls(on = json['on'], off = json['off'])
            return obj

    class _blink(Interface.Method):
        """
        Blinks.

@return 0 if so
        """
        name = 'blink'

        @staticmethod
        def encode():
            args = {}
            return args

        @staticmethod
        def decode(rsp, agent):
            return None
"#;

#[test]
fn documentation_is_taken_over_on_request_only() {
    let package = Package::new().module("m", &format!("{}{DOCUMENTED}", section("Lamp.idl")));
    let plain = package.import().unwrap();
    assert!(
        !text(&plain, "Lamp.idl").contains("//"),
        "{}",
        text(&plain, "Lamp.idl")
    );
    assert!(!text(&plain, "Lamp.idl").contains("/*"));
    let documented = package.import_with(|importer| importer.docs(true)).unwrap();
    assert_eq!(
        text(&documented, "Lamp.idl"),
        "\
#ifndef __M_LAMP_IDL__
#define __M_LAMP_IDL__

module m {
    /**
     * A lamp.
     * Second line with \\c code and * / in it.
     */
    interface Lamp {
        /**
         * Codes
         * of all sorts
         */
        constant int OK = 0;    ///< fine
        constant int BAD = 1;   ///< not
                                ///< at all
        constant int PLAIN = 2;

        /** How it burns */
        enumeration Mode {
            A,  ///< one
            B
        };

        structure State {
            int on;     ///< how long
                        ///< it burns
            int off;
        };

        /**
         * Blinks.
         *
         * @return 0 if so
         */
        void blink();
    };
}

#endif
"
    );
    let strip = |text: &str| {
        let loaded = xerus_idl::Idl::new().text("Lamp.idl", text).load().unwrap();
        xerus_idl::dump::dump(&loaded.model, xerus_idl::dump::Options::default())
    };
    assert_eq!(
        strip(text(&plain, "Lamp.idl")),
        strip(text(&documented, "Lamp.idl"))
    );
}

#[test]
fn choices_of_an_earlier_import_stay_choices() {
    let first = device().import().unwrap();
    let files: Vec<_> = first
        .files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let like = idl_directory(&files);
    let second = device()
        .import_with(|importer| importer.like(like.path()))
        .unwrap();
    assert_eq!(findings(&second, "choice"), findings(&first, "choice"));
    assert_eq!(second.files, first.files);
}

const COMMENTED: &str = "\
/** Lamps. */
module m {
    /** A lamp. */
    interface Lamp_0_9_0 {
        /** Codes */
        constant int OK = 0;    ///< well
        constant int BAD = 1;   ///< not
                                ///< at all

        /**
         * How it burns.
         *
         * In two lines.
         */
        enumeration Mode {
            A,  ///< so
            B
        };

        structure State {
            int on;     ///< how long
            int off;
        };

        /** Blinks. */
        void blink();
    };
}
";

#[test]
fn documentation_of_other_idl_is_kept_on_request_only() {
    let package = Package::new().module("m", &format!("{}{DOCUMENTED}", section("Lamp.idl")));
    let like = idl_directory(&[("Lamp.idl", COMMENTED)]);
    let plain = package
        .import_with(|importer| importer.like(like.path()))
        .unwrap();
    assert!(!text(&plain, "Lamp.idl").contains("/**"));
    let kept = package
        .import_with(|importer| importer.like(like.path()).keep_docs(true))
        .unwrap();
    let expected = COMMENTED.replace("Lamp_0_9_0", "Lamp").replace(
        "///< at all\n",
        "///< at all\n        constant int PLAIN = 2;\n",
    );
    assert_eq!(text(&kept, "Lamp.idl"), expected);
    // What the package itself says goes first.
    let both = package
        .import_with(|importer| importer.like(like.path()).keep_docs(true).docs(true))
        .unwrap();
    let both = text(&both, "Lamp.idl");
    assert!(
        both.contains("///< fine") && !both.contains("///< well"),
        "{both}"
    );
    assert!(both.contains("/** Lamps. */"), "{both}");
}

/// What a firmware is known to mark comes from the table; an older one does not inherit the mark of a newer one, unless the
/// IDL is given to be followed, and then that is told.
#[test]
fn settings_that_may_be_left_out_depend_on_the_firmware() {
    let python = "class Pdu(Interface):\n    idlType = \"pdumodel.Pdu:4.2.3\"\n\n    class Settings(Structure):\n        \
                  idlType = \"pdumodel.Pdu_4_2_3.Settings:1.0.0\"\n        elements = []\n\n        \
                  def __init__(self):\n            pass\n\n        @classmethod\n        def decode(cls, json, agent):\n            \
                  obj = cls()\n            return obj\n\n";
    let like = idl_directory(&[(
        "Pdu.idl",
        "module pdumodel { interface Pdu_9_0_0 { [sparse_in] structure Settings { }; }; }",
    )]);
    let place = "pdumodel.Pdu_4_2_3.Settings";
    let table = format!("{place}: `[sparse_in]` from the table");
    let lost = format!(
        "{place}: `[sparse_in]` of the IDL given is left out: this firmware is not known to have it"
    );
    let chosen = format!(
        "{place}: `[sparse_in]` as in the IDL given; this firmware is not known to have it and may demand all members"
    );
    let none = String::new();
    for (version, given, is_marked, from_table, left_out, choice) in [
        ("3.4.20.44869", "like", true, &none, &none, &chosen),
        ("3.6.80.48558", "like", true, &none, &none, &chosen),
        ("3.6.80.48558", "other", false, &none, &lost, &none),
        ("3.6.80.48558", "", false, &none, &none, &none),
        ("4.0.20.49038", "like", true, &table, &none, &none),
        ("4.0.20.49038", "other", true, &table, &none, &none),
        ("4.0.20.49038", "", true, &table, &none, &none),
    ] {
        let package = Package::of("raritan", version).section("pdumodel", "Pdu.idl", python);
        let imported = package.import_with(|importer| match given {
            "like" => importer.like(like.path()),
            "other" => importer.other(like.path()),
            _ => importer,
        });
        let imported = imported.unwrap();
        let written = text(&imported, "Pdu.idl");
        assert_eq!(written.contains("[sparse_in]"), is_marked, "{written}");
        let comment = written.contains("// choice: `[sparse_in]` as in the IDL given");
        assert_eq!(comment, !choice.is_empty(), "{written}");
        let about = |word| {
            let all = findings(&imported, word);
            all.into_iter()
                .find(|text| text.starts_with(place))
                .unwrap_or_default()
        };
        assert_eq!(
            (&about("table"), &about("lost"), &about("choice")),
            (from_table, left_out, choice),
            "{version} {given}"
        );
        let general = findings(&imported, "lost").concat();
        assert_eq!(
            general.contains("`sparse_in`"),
            version.starts_with("3.4"),
            "{general}"
        );
    }
}

/// Other IDL counts only where it can be right: what Python passes on as it is may be any of the built-in types but those
/// that Python would have decoded; a number is no string, and a reference is neither.
#[test]
fn built_in_types_of_other_idl_count_where_they_fit() {
    let map =
        |value: &str| format!("_ret_ = dict([(elem['key'], {value}) for elem in rsp['_ret_']])");
    let python = format!(
        "class D(Interface):\n    idlType = \"m.D:1.0.0\"\n\n{}{}{}{}",
        method("raw", "", &[], &[&map("elem['value']"), "return _ret_"]),
        method(
            "reference",
            "",
            &[],
            &[
                &map("Interface.decode(elem['value'], agent)"),
                "return _ret_"
            ]
        ),
        method(
            "number",
            "m",
            &["args['m'] = [dict(key = k, value = v) for k, v in m.items()]"],
            &["return None"]
        ),
        // Strings are converted in this package, so what is not is none.
        method("text", "s", &["args['s'] = str(s)"], &["return None"]),
    );
    let package = Package::new().section("m", "D.idl", &python);
    let filled = |word: &str| -> [bool; 3] {
        let idl = format!(
            "module m {{ interface D {{ map<int, {word}> raw(); map<int, {word}> reference(); void number(in map<int, {word}> m); \
             void text(in string s); }}; }}\n"
        );
        let like = idl_directory(&[("D.idl", &idl)]);
        let imported = package
            .import_with(|importer| importer.like(like.path()))
            .unwrap();
        let text = text(&imported, "D.idl");
        [
            format!("map<int, {word}> raw();"),
            format!("map<int, {word}> reference();"),
            format!("void number(in map<int, {word}> m);"),
        ]
        .map(|line| text.contains(&line) && !chosen(text, &line))
    };
    for (word, expected) in [
        ("boolean", [true, false, true]),
        ("byte", [true, false, true]),
        ("int", [true, false, true]),
        ("long", [true, false, true]),
        ("float", [true, false, true]),
        ("double", [true, false, true]),
        ("string", [true, false, false]),
        ("time", [false, false, false]),
        ("typecode", [false, false, false]),
        ("Object", [false, true, false]),
    ] {
        assert_eq!(filled(word), expected, "{word}");
    }
}

/// Whether the line above says that it is a choice.
fn chosen(text: &str, line: &str) -> bool {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let at = lines.iter().position(|one| *one == line);
    at.and_then(|at| lines.get(at.checked_sub(1)?))
        .is_some_and(|above| above.starts_with("// choice:"))
}
