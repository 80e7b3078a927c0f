//! Every construct that generated packages hold, from Python to IDL.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use support::{Package, findings, load, text};

fn body(package: &Package, file: &str) -> String {
    support::body(&package.import().unwrap(), file)
}

fn one(python: &str) -> String {
    body(&Package::new().section("m", "M.idl", python), "M.idl")
}

const EVENT: &str = r#"
class Event(ValueObject):
    idlType = "idl.Event:1.0.0"

    def __init__(self, source):
        typecheck.is_remote_obj(source, AssertionError)
        self.source = source

    def encode(self):
        json = {}
        json['source'] = Interface.encode(self.source)
        return json

    @classmethod
    def decode(cls, json, agent):
        obj = cls(
            source = Interface.decode(json['source'], agent),
        )
        return obj

    def listElements(self):
        elements = ["source"]
        return elements
"#;

#[test]
fn enumerations_with_and_without_a_fallback() {
    let python = r#"
class Mode(Enumeration):
    idlType = "m.Mode:1.0.0"
    values = ["OFF", "ON"]

Mode.OFF = Mode(0)
Mode.ON = Mode(1)

class Kind(Enumeration):
    idlType = "m.Kind:2.0.1"
    values = ["OTHER", "THIS"]

Kind.OTHER = Kind(0)
Kind.THIS = Kind(1)
Kind._fallback = Kind.OTHER
"#;
    assert_eq!(
        one(python),
        "\
enumeration Mode {
    OFF,
    ON
};

[unknown_fallback(\"OTHER\")]
enumeration Kind_2_0_1 {
    OTHER,
    THIS
};"
    );
}

/// One field for each way in which values are decoded, encoded and checked before 4.3.
const EVERY_FIELD: &str = r#"
class Lamp(Interface):
    idlType = "m.Lamp:2.0.1"

    # enumeration
    class Mode(Enumeration):
        idlType = "m.Lamp_2_0_1.Mode:1.0.0"
        values = ["A"]

    Mode.A = Mode(0)

    # structure
    class Everything(Structure):
        idlType = "m.Lamp_2_0_1.Everything:1.0.0"
        elements = ["b", "y", "i", "l", "f", "d", "s", "t", "o", "c", "e", "ref", "vs", "vl", "ve", "vr", "ms", "args"]

        def __init__(self, b, y, i, l, f, d, s, t, o, c, e, ref, vs, vl, ve, vr, ms, args):
            typecheck.is_bool(b, AssertionError)
            typecheck.is_byte(y, AssertionError)
            typecheck.is_int(i, AssertionError)
            typecheck.is_long(l, AssertionError)
            typecheck.is_float(f, AssertionError)
            typecheck.is_double(d, AssertionError)
            typecheck.is_string(s, AssertionError)
            typecheck.is_time(t, AssertionError)
            typecheck.is_remote_obj(o, AssertionError)
            typecheck.is_typeinfo(c, AssertionError)
            typecheck.is_enum(e, vendor.rpc.m.Lamp.Mode, AssertionError)
            typecheck.is_interface(ref, vendor.rpc.m.Lamp, AssertionError)
            for x0 in vs:
                typecheck.is_string(x0, AssertionError)
            for x0 in ve:
                typecheck.is_enum(x0, vendor.rpc.m.Lamp.Mode, AssertionError)
            for x0 in vr:
                typecheck.is_interface(x0, vendor.rpc.m.Lamp, AssertionError)
            for x0 in vl:
                typecheck.is_long(x0, AssertionError)
            for x0 in args:
                typecheck.is_string(x0, AssertionError)

            self.b = b
            self.args = args

        @classmethod
        def decode(cls, json, agent):
            obj = cls(
                b = json['b'],
                y = json['y'],
                i = json['i'],
                l = int(json['l']),
                f = json['f'],
                d = json['d'],
                s = json['s'],
                t = vendor.rpc.Time.decode(json['t']),
                o = Interface.decode(json['o'], agent),
                c = vendor.rpc.TypeInfo.decode(json['c']),
                e = vendor.rpc.m.Lamp.Mode.decode(json['e']),
                ref = Interface.decode(json['ref'], agent),
                vs = [x0 for x0 in json['vs']],
                vl = [int(x0) for x0 in json['vl']],
                ve = [vendor.rpc.m.Lamp.Mode.decode(x0) for x0 in json['ve']],
                vr = [Interface.decode(x0, agent) for x0 in json['vr']],
                ms = dict([(
                    elem['key'],
                    vendor.rpc.m.Lamp.Mode.decode(elem['value']))
                    for elem in json['ms']]),
                args = [x0 for x0 in json['args']],
            )
            return obj

        def encode(self):
            json = {}
            json['b'] = self.b
            json['t'] = vendor.rpc.Time.encode(self.t)
            json['ref'] = Interface.encode(self.ref)
            json['vs'] = [x0 for x0 in self.vs]
            json['ve'] = [vendor.rpc.m.Lamp.Mode.encode(x0) for x0 in self.ve]
            json['ms'] = [dict(key = k, value = vendor.rpc.m.Lamp.Mode.encode(v)) for k, v in self.ms.items()]
            return json
"#;

#[test]
fn every_type_of_field() {
    let text = one(EVERY_FIELD);
    let (_, fields) = text.split_once("structure Everything {\n").unwrap();
    let fields: Vec<_> = fields
        .lines()
        .map(str::trim)
        .take_while(|line| *line != "};")
        .collect();
    let expected = [
        "boolean b;",
        "byte y;",
        "int i;",
        "long l;",
        "float f;",
        "double d;",
        "string s;",
        "time t;",
        "Object o;",
        "typecode c;",
        "Mode e;",
        "Lamp_2_0_1 ref;",
        "vector<string> vs;",
        "vector<long> vl;",
        "vector<Mode> ve;",
        "vector<Lamp_2_0_1> vr;",
        "// choice: key `string`, may be `int`",
        "map<string, Mode> ms;",
        "vector<string> args;",
    ];
    assert_eq!(fields, expected);
}

#[test]
fn the_later_style_shows_which_keys_and_values_are_strings() {
    let python = r#"
class Later(Structure):
    """
    Doc

    Elements:
    s     # not wanted

    """

    idlType = "m.Later:1.0.0"
    elements = ["s", "vs", "si", "ss", "ii", "sub"]

    def __init__(self, s="", vs=None, si=None, ss=None, ii=None, sub=None):
        if sub is None:
            sub = vendor.rpc.m.Later()
        if not typecheck._is_int(s):
            typecheck.is_string(s, AssertionError)
        for x0 in vs:
            if not typecheck._is_int(x0):
                typecheck.is_string(x0, AssertionError)

        self.s = s     # not wanted either
        self.vs = vs
        self.si = si
        self.ss = ss
        self.ii = ii

    @classmethod
    def decode(cls, json, agent, useDefaults=False):
        obj = cls(
            s = json['s'] if 's' in json or not useDefaults else "",
                             # nor this
            vs = [x0 for x0 in json['vs']] if 'vs' in json or not useDefaults else [],
            si = dict([(elem['key'], elem['value']) for elem in json['si']]) if 'si' in json or not useDefaults else {},
            ss = dict([(elem['key'], elem['value']) for elem in json['ss']]) if 'ss' in json or not useDefaults else {},
            ii = dict([(elem['key'], int(elem['value'])) for elem in json['ii']]),
            sub = [vendor.rpc.m.Later.decode(x0, agent, useDefaults=useDefaults) for x0 in json['sub']],
        )
        return obj

    def encode(self):
        json = {}
        json['s'] = str(self.s)
        json['vs'] = [str(x0) for x0 in self.vs]
        json['si'] = [dict(key = str(k), value = v) for k, v in self.si.items()]
        json['ss'] = [dict(key = str(k), value = str(v)) for k, v in self.ss.items()]
        json['ii'] = [dict(key = k, value = v) for k, v in self.ii.items()]
        return json
"#;
    assert_eq!(
        one(python),
        "\
structure Later {
    string s;
    vector<string> vs;
    // choice: value `int`, may be another number or `boolean`
    map<string, int> si;
    map<string, string> ss;
    map<int, long> ii;
    vector<Later> sub;
};"
    );
}

#[test]
fn value_objects_and_what_they_extend() {
    let python = r#"
class Base(vendor.rpc.idl.Event):
    idlType = "m.Base:1.0.0"

    def __init__(self, n, source):
        super(vendor.rpc.m.Base, self).__init__(source)
        typecheck.is_int(n, AssertionError)
        self.n = n

    def encode(self):
        json = super(vendor.rpc.m.Base, self).encode()
        json['n'] = self.n
        return json

    @classmethod
    def decode(cls, json, agent):
        obj = cls(
            n = json['n'],
            # for idl.Event
            source = Interface.decode(json['source'], agent),
        )
        return obj

    def listElements(self):
        elements = ["n"]
        elements = elements + super(vendor.rpc.m.Base, self).listElements()
        return elements

class Derived(Base):
    idlType = "m.Derived:2.0.0"

    def __init__(self, n, source):
        super(vendor.rpc.m.Derived, self).__init__(n, source)

    def encode(self):
        json = super(vendor.rpc.m.Derived, self).encode()
        return json

    @classmethod
    def decode(cls, json, agent):
        obj = cls(
            n = json['n'],
            source = Interface.decode(json['source'], agent),
        )
        return obj

    def listElements(self):
        elements = []
        elements = elements + super(vendor.rpc.m.Derived, self).listElements()
        return elements

class Holder(Structure):
    idlType = "m.Holder:1.0.0"
    elements = ["one", "many"]

    def __init__(self, one, many):
        typecheck.is_valobj(one, vendor.rpc.m.Base, AssertionError)
        for x0 in many:
            typecheck.is_valobj(x0, vendor.rpc.idl.Event, AssertionError)

    @classmethod
    def decode(cls, json, agent):
        obj = cls(
            one = ValueObject.decode(json['one'], agent),
            many = [ValueObject.decode(x0, agent) for x0 in json['many']],
        )
        return obj
"#;
    let package = Package::new()
        .section("idl", "Event.idl", EVENT)
        .section("m", "M.idl", python);
    let imported = package.import().unwrap();
    assert_eq!(
        text(&imported, "M.idl"),
        "\
#ifndef __M_M_IDL__
#define __M_M_IDL__

#include <Event.idl>

module m {
    valueobject Base extends idl.Event {
        int n;
    };

    valueobject Derived_2_0_0 extends Base {};

    structure Holder {
        Base one;
        vector<idl.Event> many;
    };
}

#endif
"
    );
    let loaded = load(&imported);
    assert!(loaded.model.find("m.Derived:2.0.0").is_some());
    assert!(loaded.warnings.is_empty());
}

const INTERFACE: &str = r#"
class Thing(Interface):
    idlType = "m.Thing:1.0.2"

class Valve(Thing):
    idlType = "m.Valve:3.1.4"

    OK = 0

    STUCK = -1     # remark

    MASK = 0x0f

    # enumeration
    class Mode(Enumeration):
        idlType = "m.Valve_3_1_4.Mode:1.0.0"
        values = ["A"]

    Mode.A = Mode(0)

    class _stop(Interface.Method):
        name = 'stop'

        @staticmethod
        def encode():
            args = {}
            return args

        @staticmethod
        def decode(rsp, agent):
            return None

    class _getMode(Interface.Method):
        name = 'getMode'

        @staticmethod
        def encode():
            args = {}
            return args

        @staticmethod
        def decode(rsp, agent):
            _ret_ = vendor.rpc.m.Valve.Mode.decode(rsp['_ret_'])
            typecheck.is_enum(_ret_, vendor.rpc.m.Valve.Mode, DecodeException)
            return _ret_

    LATE = 7

    class _move(Interface.Method):
        name = 'move'

        @staticmethod
        def encode(target, type, things):
            typecheck.is_enum(target, vendor.rpc.m.Valve.Mode, AssertionError)
            typecheck.is_long(type, AssertionError)
            for x0 in things:
                typecheck.is_interface(x0, vendor.rpc.m.Thing, AssertionError)
            args = {}
            args['target'] = vendor.rpc.m.Valve.Mode.encode(target)
            args['type'] = type
            args['things'] = [Interface.encode(x0) for x0 in things]
            return args

        @staticmethod
        def decode(rsp, agent):
            _ret_ = rsp['_ret_']
            previous = vendor.rpc.m.Valve.Mode.decode(rsp['previous'])
            count = int(rsp['count'])
            typecheck.is_int(_ret_, DecodeException)
            typecheck.is_enum(previous, vendor.rpc.m.Valve.Mode, DecodeException)
            typecheck.is_long(count, DecodeException)
            return (_ret_, previous, count)

    class _split(Interface.Method):
        name = 'split'

        @staticmethod
        def encode():
            args = {}
            return args

        @staticmethod
        def decode(rsp, agent):
            one = Interface.decode(rsp['one'], agent)
            two = dict([(elem['key'], Interface.decode(elem['value'], agent)) for elem in rsp['two']])
            typecheck.is_interface(one, vendor.rpc.m.Thing, DecodeException)
            return (one, two)

    def __init__(self, target, agent):
        super(Valve, self).__init__(target, agent)
        self.stop = Valve._stop(self)
"#;

#[test]
fn interfaces_keep_the_order_of_their_members() {
    let package = Package::new().section("m", "M.idl", INTERFACE);
    assert_eq!(
        body(&package, "M.idl"),
        "\
interface Thing_1_0_2 {};

interface Valve_3_1_4 extends Thing_1_0_2 {
    constant int OK = 0;
    constant int STUCK = -1;
    constant int MASK = 0x0F;

    enumeration Mode {
        A
    };

    void stop();
    Mode getMode();

    constant int LATE = 7;

    // choice: in-parameters before out-parameters, they may be mixed
    int move(in Mode target, in long type, in vector<Thing_1_0_2> things, out Mode previous,
             out long count);
    // choice: two: key `string`, may be `int`; value `Object`, is some interface
    void split(out Thing_1_0_2 one, out map<string, Object> two);
};"
    );
    let choices = findings(&package.import().unwrap(), "choice");
    assert_eq!(
        choices,
        [
            "m.Valve_3_1_4.move: in-parameters before out-parameters, they may be mixed",
            "m.Valve_3_1_4.split(two): key `string`, may be `int`; value `Object`, is some interface",
        ]
    );
}

#[test]
fn opaque_types_stand_in_the_section_that_imports_them() {
    let python = r#"
class Request(Structure):
    idlType = "m.Request:1.0.0"
    elements = ["json"]

    def __init__(self, json):

        self.json = json

    @classmethod
    def decode(cls, json, agent):
        obj = cls(
            json = vendor.rpc.m.Blob.decode(json['json'], agent),
        )
        return obj
"#;
    let opaque = "class Blob:\n    @staticmethod\n    def decode(json, agent):\n        return json\n\nclass Idle:\n    pass\n";
    let text = format!("from vendor.rpc.opaque.m import Blob\n{python}");
    let package = Package::new()
        .section("m", "M.idl", &text)
        .file("opaque/m.py", opaque);
    assert_eq!(
        body(&package, "M.idl"),
        "opaque Blob;\n\nstructure Request {\n    Blob json;\n};"
    );
    let skipped = findings(&package.import().unwrap(), "skipped");
    assert_eq!(skipped, ["m.Idle: opaque type that nothing imports"]);
}

#[test]
fn hand_written_helpers_are_left_out_and_reported() {
    let python = "
class Helper():
    def walk(self, *args, **kwargs):
        with open('x') as f:
            yield from f
        return {k: v for k, v in {}.items() if k} or (lambda x: x)

def upload(agent, data):
    formdata = [dict(data=data)]
    return agent.form(formdata)
";
    let package = Package::new().section("m", "M.idl", &format!("{INTERFACE}{python}"));
    let imported = package.import().unwrap();
    assert_eq!(
        findings(&imported, "skipped"),
        [
            "m.Helper: class without a type id",
            "m.upload: function beside the types"
        ]
    );
}

#[test]
fn nested_modules_and_several_sections() {
    let enumeration = |module: &str, name: &str| {
        format!(
            "class {name}(Enumeration):\n    idlType = \"{module}.{name}:1.0.0\"\n    values = [\"A\"]\n\n"
        )
    };
    let outer = format!(
        "{}{}{}{}",
        support::section("One.idl"),
        enumeration("auth", "First"),
        // Up to 3.5 the remark held the whole path.
        support::section("x").replace("by IdlC from \"x\"", "from \"/home/builder/idl/Two.idl\""),
        enumeration("auth", "Second"),
    );
    let inner = format!(
        "{}{}",
        support::section("Two.idl"),
        enumeration("auth.ldapsrv", "Third")
    );
    let package = Package::new()
        .module("auth", &outer)
        .module("auth.ldapsrv", &inner);
    let imported = package.import().unwrap();
    let names: Vec<_> = imported
        .files
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["One.idl", "Two.idl"]);
    assert_eq!(
        text(&imported, "Two.idl"),
        "\
#ifndef __AUTH_TWO_IDL__
#define __AUTH_TWO_IDL__

module auth {
    enumeration Second {
        A
    };
    module ldapsrv {
        enumeration Third {
            A
        };
    }
}

#endif
"
    );
    assert!(
        load(&imported)
            .model
            .find("auth.ldapsrv.Third:1.0.0")
            .is_some()
    );
}

#[test]
fn without_remarks_every_type_gets_a_file_and_that_is_said() {
    let package = Package::new().module(
        "m",
        "class Mode(Enumeration):\n    idlType = \"m.Mode:1.0.0\"\n    values = [\"A\"]\n",
    );
    let imported = package.import().unwrap();
    let text = text(&imported, "m_Mode.idl");
    assert!(
        text.contains("// choice: file name, the package does not name the IDL file of its types")
    );
    let choices = findings(&imported, "choice");
    assert_eq!(
        choices,
        ["m_Mode.idl: the package does not name the IDL file of its types"]
    );
}

#[test]
fn inner_names_that_hide_outer_ones_are_written_in_full() {
    let structure = |indent: &str, id: &str| {
        format!(
            "{indent}class Request(Structure):\n{indent}    idlType = \"{id}\"\n{indent}    elements = [\"a\"]\n{indent}    \
             def __init__(self, a):\n{indent}        typecheck.is_int(a, AssertionError)\n{indent}    @classmethod\n{indent}    \
             def decode(cls, json, agent):\n{indent}        obj = cls(a = json['a'])\n{indent}        return obj\n\n"
        )
    };
    let method = |name: &str, class: &str| {
        format!(
            "    class _{name}(Interface.Method):\n        name = '{name}'\n        @staticmethod\n        def encode(r):\n            \
             typecheck.is_struct(r, {class}, AssertionError)\n            args = {{}}\n            args['r'] = {class}.encode(r)\n            \
             return args\n        @staticmethod\n        def decode(rsp, agent):\n            return None\n\n"
        )
    };
    let python = format!(
        "{}class Bulk(Interface):\n    idlType = \"m.Bulk:1.0.0\"\n\n{}{}{}",
        structure("", "m.Request:1.0.0"),
        structure("    ", "m.Bulk.Request:1.0.0"),
        method("outer", "vendor.rpc.m.Request"),
        method("inner", "vendor.rpc.m.Bulk.Request"),
    );
    let text = one(&python);
    assert!(text.contains("void outer(in m.Request r);"), "{text}");
    assert!(text.contains("void inner(in Request r);"), "{text}");
}
