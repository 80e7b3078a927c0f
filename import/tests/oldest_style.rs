//! Packages of firmware before 3.3: methods are functions, and ids of nested types leave out the version of what is
//! around them.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use support::{Package, body, findings, load};
use xerus_idl::dump::{Options, dump};
use xerus_import::{Error, Importer};

const KETTLE: &str = r#"
# interface
class Kettle(Interface):
    idlType = "lab.Kettle:2.1.4"

    ERR_DRY = 1

    # enumeration
    class Heat(Enumeration):
        idlType = "lab.Kettle.Heat:1.0.0"
        values = ["COLD", "WARM"]

    Heat.COLD = Heat(0)
    Heat.WARM = Heat(1)

    # structure
    class Settings(Structure):
        idlType = "lab.Kettle.Settings:1.0.0"
        elements = ["name", "limits"]

        def __init__(self, name, limits):
            typecheck.is_string(name, AssertionError)
            typecheck.is_struct(limits, vendor.rpc.lab.Kettle.Settings.Limits, AssertionError)

            self.name = name
            self.limits = limits

        @classmethod
        def decode(cls, json, agent):
            obj = cls(
                name = json['name'],
                limits = vendor.rpc.lab.Kettle.Settings.Limits.decode(json['limits'], agent),
            )
            return obj

        def encode(self):
            json = {}
            json['name'] = self.name
            json['limits'] = vendor.rpc.lab.Kettle.Settings.Limits.encode(self.limits)
            return json

        # structure
        class Limits(Structure):
            idlType = "lab.Kettle.Settings.Limits:1.2.0"
            elements = ["most"]

            def __init__(self, most):
                typecheck.is_int(most, AssertionError)

                self.most = most

            @classmethod
            def decode(cls, json, agent):
                obj = cls(
                    most = json['most'],
                )
                return obj

            def encode(self):
                json = {}
                json['most'] = self.most
                return json

    # value object
    class HeatEvent(ValueObject):
        idlType = "lab.Kettle.HeatEvent:1.0.0"

        def __init__(self, heat):
            typecheck.is_enum(heat, vendor.rpc.lab.Kettle.Heat, AssertionError)

            self.heat = heat

        def encode(self):
            json = {}
            json['heat'] = vendor.rpc.lab.Kettle.Heat.encode(self.heat)
            return json

        @classmethod
        def decode(cls, json, agent):
            obj = cls(
                heat = vendor.rpc.lab.Kettle.Heat.decode(json['heat']),
            )
            return obj

        def listElements(self):
            elements = ["heat"]
            return elements

    def getSettings(self):
        agent = self.agent
        args = {}
        rsp = agent.json_rpc(self.target, 'getSettings', args)
        _ret_ = vendor.rpc.lab.Kettle.Settings.decode(rsp['_ret_'], agent)
        typecheck.is_struct(_ret_, vendor.rpc.lab.Kettle.Settings, DecodeException)
        return _ret_

    def setNames(self, names, heat):
        agent = self.agent
        for x0 in names:
            typecheck.is_string(x0, AssertionError)
        typecheck.is_enum(heat, vendor.rpc.lab.Kettle.Heat, AssertionError)
        args = {}
        args['names'] = [x0 for x0 in names]
        args['heat'] = vendor.rpc.lab.Kettle.Heat.encode(heat)
        rsp = agent.json_rpc(self.target, 'setNames', args)
        _ret_ = rsp['_ret_']
        old = [x0 for x0 in rsp['old']]
        typecheck.is_int(_ret_, DecodeException)
        for x0 in old:
            typecheck.is_string(x0, DecodeException)
        return (_ret_, old)

    def stop(self):
        agent = self.agent
        args = {}
        rsp = agent.json_rpc(self.target, 'stop', args)
"#;

const IDL: &str = "\
interface Kettle_2_1_4 {
    constant int ERR_DRY = 1;

    [unversioned_scope]
    enumeration Heat {
        COLD,
        WARM
    };

    [unversioned_scope]
    structure Settings {
        [unversioned_scope]
        structure Limits_1_2_0 {
            int most;
        };

        string name;
        Limits_1_2_0 limits;
    };

    [unversioned_scope]
    valueobject HeatEvent {
        Heat heat;
    };

    Settings getSettings();
    // choice: in-parameters before out-parameters, they may be mixed
    int setNames(in vector<string> names, in Heat heat, out vector<string> old);
    void stop();
};";

fn package() -> Package {
    Package::new().section("lab", "Kettle.idl", KETTLE)
}

#[test]
fn everything_is_imported() {
    let imported = package().import().unwrap();
    assert_eq!(body(&imported, "Kettle.idl"), IDL);
}

/// What goes over the wire is what the package says.
#[test]
fn ids_are_those_of_the_package() {
    let loaded = load(&package().import().unwrap());
    let ids: Vec<_> = loaded
        .model
        .types_by_wire_id()
        .map(|(_, ty)| (ty.wire_id.as_str(), ty.path.as_str()))
        .collect();
    assert_eq!(
        ids,
        [
            ("lab.Kettle.Heat:1.0.0", "lab.Kettle_2_1_4.Heat"),
            ("lab.Kettle.HeatEvent:1.0.0", "lab.Kettle_2_1_4.HeatEvent"),
            (
                "lab.Kettle.Settings.Limits:1.2.0",
                "lab.Kettle_2_1_4.Settings.Limits_1_2_0"
            ),
            ("lab.Kettle.Settings:1.0.0", "lab.Kettle_2_1_4.Settings"),
            ("lab.Kettle:2.1.4", "lab.Kettle_2_1_4"),
        ]
    );
}

/// The later style of ids with the oldest style of methods, and both styles of ids beside each other.
#[test]
fn each_style_by_itself() {
    let later = KETTLE.replace("\"lab.Kettle.", "\"lab.Kettle_2_1_4.");
    let imported = Package::new()
        .section("lab", "Kettle.idl", &later)
        .import()
        .unwrap();
    assert_eq!(
        body(&imported, "Kettle.idl"),
        IDL.replace("        [unversioned_scope]\n", "")
            .replace("    [unversioned_scope]\n", "")
    );
    let mixed = KETTLE.replace("lab.Kettle.Heat:", "lab.Kettle_2_1_4.Heat:");
    let imported = Package::new()
        .section("lab", "Kettle.idl", &mixed)
        .import()
        .unwrap();
    assert_eq!(
        body(&imported, "Kettle.idl"),
        IDL.replacen("    [unversioned_scope]\n", "", 1)
    );
}

/// Another version than that of the class around it is no style but a contradiction.
#[test]
fn another_version_in_an_id_is_refused() {
    let other = KETTLE.replace("lab.Kettle.Heat:", "lab.Kettle_2_1_3.Heat:");
    let error = Package::new()
        .section("lab", "Kettle.idl", &other)
        .import()
        .unwrap_err();
    assert_eq!(
        error.to_string().lines().nth(1),
        Some(
            "vendor/rpc/lab/__init__.py:16: type id `lab.Kettle_2_1_3.Heat:1.0.0` does not fit class `Heat` in \
             `lab.Kettle_2_1_4`"
        )
    );
}

/// A dump keeps the ids, and IDL of the later style given for comparison does not change them.
#[test]
fn ids_survive_a_dump_and_a_comparison() {
    let root = tempfile::TempDir::new().unwrap();
    let imported = package().import().unwrap();
    let path = root.path().join("dump.json");
    std::fs::write(&path, dump(&load(&imported).model, Options::default())).unwrap();
    let again = Importer::new().input(&path).run().unwrap();
    let ids = |imported: &xerus_import::Imported| -> Vec<String> {
        let types = load(imported).model;
        let types = types.types_by_wire_id();
        types.map(|(_, ty)| ty.wire_id.clone()).collect()
    };
    assert_eq!(ids(&again), ids(&imported));
    assert_eq!(findings(&again, "lost").len(), 1, "{}", again.report);

    let later = KETTLE.replace("\"lab.Kettle.", "\"lab.Kettle_2_1_4.");
    let like = root.path().join("like");
    imported.write(&like).unwrap();
    let later = Package::new()
        .section("lab", "Kettle.idl", &later)
        .import_with(|importer| importer.like(&like))
        .unwrap();
    assert!(!body(&later, "Kettle.idl").contains("unversioned_scope"));
}

/// Rust that speaks to such a device names its types as it does.
#[test]
fn generated_code_has_the_ids() {
    let imported = package().import().unwrap();
    let files = imported.files.iter();
    let builder = files.fold(xerus_codegen::Builder::new(), |builder, (name, text)| {
        builder.text(name, text)
    });
    let code = builder.generate_string().unwrap();
    assert!(code.contains("\"lab.Kettle.HeatEvent:1.0.0\""), "{code}");
    assert!(!code.contains("lab.Kettle_2_1_4"), "{code}");
}

/// The text after the file's name of the first problem.
fn refused(function: &str) -> String {
    let python = format!("class I(Interface):\n    idlType = \"m.I:1.0.0\"\n{function}");
    let error = Package::new()
        .section("m", "M.idl", &python)
        .import()
        .unwrap_err();
    assert!(matches!(error, Error::NotUnderstood(_)), "{error}");
    let text = error.to_string();
    let first = text.lines().nth(1).unwrap();
    first
        .strip_prefix("vendor/rpc/m/__init__.py:")
        .unwrap_or(first)
        .to_owned()
}

#[test]
fn functions_that_are_no_methods_are_refused() {
    let call = "rsp = agent.json_rpc(self.target, 'x', args)";
    let function = |lines: &[&str]| {
        let body: String = lines
            .iter()
            .map(|line| format!("        {line}\n"))
            .collect();
        refused(&format!("    def x(self, a):\n{body}"))
    };
    let not_understood = "method `x`: a statement that is not understood";
    assert_eq!(function(&["return 5"]), "10: function `x` is no method");
    assert_eq!(
        function(&["args = {}", call, call]),
        "10: function `x` is no method"
    );
    for (at, lines) in [
        (0, ["args = {'a': a}", call, "return None"]),
        (0, ["args = compute(a)", call, "return None"]),
        (0, ["agent = a.agent", call, "return None"]),
        (0, ["args.update(a)", call, "return None"]),
        (0, ["if a: args['a'] = a", call, "return None"]),
        (2, ["args = {}", call, "del rsp"]),
        (2, ["args = {}", call, "notify(rsp)"]),
        (
            2,
            [
                "args = {}",
                call,
                "for x0 in rsp: typecheck.is_int(x0, E); y(x0)",
            ],
        ),
    ] {
        let line = 11 + at;
        assert_eq!(
            function(&lines),
            format!("{line}: {not_understood}"),
            "{lines:?}"
        );
    }
    assert_eq!(
        function(&["args = {}", call, "y = rsp['y']"]),
        "10: method `x` returns other than what it decodes"
    );
    assert_eq!(
        function(&["args = {}", call, "return {'y': rsp['y']}"]),
        "13: method `x` returns other than what it decodes"
    );
    assert_eq!(
        refused("    def x(self):\n        rsp = agent.json_rpc(self.target, 'x; int y', args)\n"),
        "10: `x; int y`: odd method"
    );
}
