//! The vendor's published packages against what is known about them.
//!
//! `fetch-wheels.sh` puts them into `target/wheels`; `XERUS_WHEELS` names another folder. Without them these tests are
//! skipped by name, unless `XERUS_PEERS=required`.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "support/packages.rs"]
mod packages;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use packages::{folder, wheel};
use serde_json::Value;
use support::{findings, load};
use xerus_idl::dump::{Options, dump};
use xerus_idl::{Idl, Model};
use xerus_import::{FindingKind, Imported, Importer};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../idl/xerus-4.0.20")
}

/// What is known about one package.
struct Known {
    version: &'static str,
    /// Interfaces, structures, enumerations, value objects, methods: as many as the package's own remarks (`# interface`)
    /// and method classes.
    counts: [usize; 5],
    /// Warnings: constants that hide others, which the vendor's IDL has, too.
    warnings: usize,
    /// Types that nobody says.
    open: usize,
}

const fn known(version: &'static str, counts: [usize; 5], warnings: usize, open: usize) -> Known {
    Known {
        version,
        counts,
        warnings,
        open,
    }
}

const PACKAGES: [Known; 11] = [
    known("3.3.0.43499", [112, 236, 89, 111, 546], 1, 0),
    known("3.4.20.44869", [116, 253, 94, 118, 533], 1, 0),
    known("3.5.20.46039", [122, 262, 102, 140, 558], 1, 0),
    known("3.6.80.48558", [126, 273, 109, 172, 596], 1, 0),
    known("4.0.20.49038", [120, 273, 121, 212, 592], 0, 0),
    known("4.1.1.49961", [121, 274, 123, 220, 594], 0, 0),
    known("4.2.20.50793", [122, 276, 124, 224, 598], 0, 0),
    known("4.3.0.51180", [122, 280, 127, 225, 613], 0, 0),
    known("4.3.15.53139", [122, 280, 127, 225, 613], 0, 0),
    known("4.4.1.53217", [127, 292, 132, 232, 641], 0, 0),
    known("4.6.0.52977", [67, 156, 88, 110, 349], 0, 8),
];

/// What the vendor writes by hand beside the generated types.
const HELPERS: [&str; 16] = [
    "bulkcfg.download: function beside the types",
    "bulkcfg.download_bulkcfg: function beside the types",
    "bulkcfg.upload: function beside the types",
    "cert.download: function beside the types",
    "cert.upload: function beside the types",
    "diag.download: function beside the types",
    "diag.download_diag: function beside the types",
    "firmware.upload: function beside the types",
    "logging.LogHelper: class without a type id",
    "pdumodel.download_eto: function beside the types",
    "pdumodel.download_panel_csv: function beside the types",
    "pdumodel.download_powermeter_csv: function beside the types",
    "pdumodel.upload_pmc_config: function beside the types",
    "rawcfg.download: function beside the types",
    "rawcfg.download_rawcfg: function beside the types",
    "rawcfg.upload: function beside the types",
];

/// `bulkcfg:755`: a `try` around the import of a module that has two names.
fn is_import_of_two_names(skipped: &str) -> bool {
    skipped
        .strip_prefix("bulkcfg:")
        .and_then(|rest| rest.strip_suffix(": statement beside the types"))
        .is_some_and(|line| line.parse::<u32>().is_ok())
}

#[test]
fn every_package_yields_sound_idl() {
    let Some(folder) = folder("every_package_yields_sound_idl") else {
        return;
    };
    for known in &PACKAGES {
        let version = known.version;
        let imported = Importer::new()
            .input(wheel(&folder, version))
            .run()
            .unwrap();
        assert_eq!(imported.report.version.as_deref(), Some(version));
        let counts = load(&imported).model.counts();
        let counts = [
            counts.interfaces,
            counts.structures,
            counts.enumerations,
            counts.value_objects,
            counts.methods,
        ];
        assert_eq!(counts, known.counts, "{version}");
        let warnings = findings(&imported, "warning");
        assert_eq!(warnings.len(), known.warnings, "{version}: {warnings:?}");
        for warning in &warnings {
            assert!(
                warning.starts_with("LhxSensor.idl: constant `ERR_NOT_SUPPORTED` hides"),
                "{warning}"
            );
        }
        let open = findings(&imported, "choice");
        let open: Vec<_> = open
            .iter()
            .filter(|text| !text.contains("in-parameters"))
            .collect();
        assert_eq!(open.len(), known.open, "{version}: {open:?}");
        let helpers: BTreeSet<_> = findings(&imported, "skipped").into_iter().collect();
        for helper in &helpers {
            let known = HELPERS.contains(&helper.as_str()) || is_import_of_two_names(helper);
            assert!(known, "{version}: {helper}");
        }
        for (name, text) in &imported.files {
            assert_eq!(
                xerus_idl::print::format(name, text).unwrap(),
                *text,
                "{version}: {name}"
            );
            assert!(
                !text.contains("/**") && !text.contains("///"),
                "{version}: {name}"
            );
        }
    }
}

/// Types by wire id.
fn types(model: &Model) -> BTreeMap<String, Value> {
    let dump: Value = serde_json::from_str(&dump(model, Options::default())).unwrap();
    let types = dump["types"].as_array().unwrap().iter();
    types
        .map(|ty| (ty["id"].as_str().unwrap().to_owned(), ty.clone()))
        .collect()
}

fn corpus_types() -> BTreeMap<String, Value> {
    types(
        &Idl::new()
            .directory(corpus())
            .load()
            .map_err(|found| found.to_short())
            .unwrap()
            .model,
    )
}

/// The types that the vendor publishes in Python only.
const ONLY_IN_PYTHON: [&str; 12] = [
    "cfg.Cfg:1.0.1",
    "cfg.KeyValue:1.0.0",
    "pdumodel.Cascade.Info:1.0.0",
    "pdumodel.Cascade:1.0.0",
    "pdumodel.Inlets.Info:1.0.0",
    "pdumodel.Inlets:1.0.0",
    "pdumodel.Outlets.Info:1.0.0",
    "pdumodel.Outlets:1.0.0",
    "pdumodel.OverCurrentProtectors.Info:1.0.0",
    "pdumodel.OverCurrentProtectors:1.0.0",
    "tfw.CoreCtrl:1.0.0",
    "tfw.ScannerCtrl:1.0.0",
];

#[test]
fn with_the_corpus_at_hand_the_import_equals_it() {
    let Some(folder) = folder("with_the_corpus_at_hand_the_import_equals_it") else {
        return;
    };
    let input = wheel(&folder, "4.0.20.49038");
    let imported = Importer::new().like(corpus()).input(input).run().unwrap();
    let mut found = types(&load(&imported).model);
    for id in ONLY_IN_PYTHON {
        assert!(found.remove(id).is_some(), "{id}");
    }
    let mut expected = corpus_types();
    let before = expected.len();
    expected.retain(|id, _| !id.starts_with("datapush."));
    assert_eq!(before - expected.len(), 10);
    for (id, ty) in &expected {
        assert_eq!(found.get(id), Some(ty));
    }
    assert_eq!(found.len(), expected.len());
    // What is left to choose are types that the corpus does not have.
    assert_eq!(
        findings(&imported, "choice"),
        ["cfg.Cfg_1_0_1.getValues: in-parameters before out-parameters, they may be mixed"]
    );
}

#[test]
fn alone_it_differs_only_where_the_report_says_so() {
    let Some(folder) = folder("alone_it_differs_only_where_the_report_says_so") else {
        return;
    };
    let imported = Importer::new()
        .input(wheel(&folder, "4.0.20.49038"))
        .run()
        .unwrap();
    let found = types(&load(&imported).model);
    let mut losses = Losses {
        imported: &imported,
        found: BTreeMap::new(),
    };
    for (id, expected) in corpus_types() {
        match found.get(&id) {
            Some(found) => losses.compare(&expected, found),
            None => losses.absent(&id, &expected),
        }
    }
    let losses: Vec<_> = losses.found.into_iter().collect();
    let expected = [
        ("absent module", 10),
        ("annotation", 2),
        ("order of parameters", 19),
        ("typedef", 2),
        ("typedef written out", 4),
    ];
    assert_eq!(losses, expected);
}

/// Counts losses, each of which the report must explain.
struct Losses<'a> {
    imported: &'a Imported,
    found: BTreeMap<&'static str, usize>,
}

impl Losses<'_> {
    fn lost(&mut self, what: &'static str, kind: FindingKind, place: &str, text: &str) {
        let explained = self
            .imported
            .report
            .of(kind)
            .any(|finding| finding.place == place && finding.text.contains(text));
        assert!(explained, "{what} at {place} is not reported");
        *self.found.entry(what).or_default() += 1;
    }

    fn absent(&mut self, id: &str, expected: &Value) {
        if expected["kind"] == "typedef" {
            self.lost("typedef", FindingKind::Lost, "raritan", "typedefs");
        } else {
            assert!(id.starts_with("datapush."), "{id}");
            self.lost("absent module", FindingKind::Lost, "raritan", "`datapush`");
        }
    }

    fn annotations(&mut self, expected: &mut Value, found: &Value) {
        if expected["annotations"] != found["annotations"] {
            let lost = expected["annotations"].take();
            let lost = lost
                .as_array()
                .unwrap()
                .first()
                .and_then(Value::as_str)
                .unwrap()
                .to_owned();
            self.lost(
                "annotation",
                FindingKind::Lost,
                "raritan",
                &format!("`{lost}`"),
            );
            expected["annotations"] = found["annotations"].clone();
        }
    }

    fn compare(&mut self, expected: &Value, found: &Value) {
        let mut expected = expected.clone();
        self.annotations(&mut expected, found);
        let path = expected["path"].as_str().unwrap().to_owned();
        if let Some(methods) = expected.get_mut("methods").and_then(Value::as_array_mut) {
            for (method, found) in methods.iter_mut().zip(found["methods"].as_array().unwrap()) {
                self.annotations(method, found);
                self.method(&path, method, found);
            }
        }
        assert_eq!(&expected, found);
    }

    fn method(&mut self, path: &str, expected: &mut Value, found: &Value) {
        let alias = |ty: &Value| {
            [
                "pdumodel.Ade.RegisterMap:1.0.0",
                "pdumodel.TransferSwitch_5_0_2.Parameters:1.0.0",
            ]
            .iter()
            .any(|alias| ty == alias)
        };
        if alias(&expected["returns"]) {
            self.lost(
                "typedef written out",
                FindingKind::Lost,
                "raritan",
                "typedefs",
            );
            expected["returns"] = found["returns"].clone();
        }
        let parameters = expected["params"].as_array_mut().unwrap();
        for (parameter, found) in parameters
            .iter_mut()
            .zip(found["params"].as_array().unwrap())
        {
            if alias(&parameter["type"]) {
                self.lost(
                    "typedef written out",
                    FindingKind::Lost,
                    "raritan",
                    "typedefs",
                );
                parameter["type"] = found["type"].clone();
            }
        }
        let sorted = |list: &Value| {
            let mut list = list.as_array().unwrap().clone();
            list.sort_by_key(|parameter| parameter["direction"] != "in");
            Value::Array(list)
        };
        if expected["params"] != found["params"] {
            let place = format!("{path}.{}", expected["name"].as_str().unwrap());
            self.lost(
                "order of parameters",
                FindingKind::Choice,
                &place,
                "they may be mixed",
            );
            expected["params"] = sorted(&expected["params"]);
        }
    }
}

#[test]
fn the_sdist_says_what_the_wheel_says() {
    let Some(folder) = folder("the_sdist_says_what_the_wheel_says") else {
        return;
    };
    let wheel = Importer::new()
        .input(wheel(&folder, "4.4.1.53217"))
        .run()
        .unwrap();
    let sdist = Importer::new()
        .input(folder.join("raritan-4.4.1.53217.tar.gz"))
        .run()
        .unwrap();
    assert_eq!(sdist.files, wheel.files);
    assert_eq!(sdist.report, wheel.report);
}

#[test]
fn documentation_changes_nothing_else() {
    let Some(folder) = folder("documentation_changes_nothing_else") else {
        return;
    };
    let input = wheel(&folder, "4.4.1.53217");
    let plain = load(&Importer::new().input(&input).run().unwrap()).model;
    let documented = Importer::new().docs(true).input(&input).run().unwrap();
    assert_eq!(findings(&documented, "warning").len(), 0);
    let documented = load(&documented).model;
    assert_eq!(types(&plain), types(&documented));
    let with_text = documented
        .types()
        .filter(|(_, ty)| !ty.docs.is_empty())
        .count();
    assert!(
        with_text > 600,
        "{with_text} of {}",
        documented.types().len()
    );
}

/// An API that is checked in, and the package that it was imported from.
fn published(folder: &Path, firmware: &str, package: &str) -> Imported {
    let published = corpus().join("..").join(firmware);
    let input = wheel(folder, package);
    let first = Importer::new().other(corpus()).input(&input).run().unwrap();
    let idl = Idl::new().directory(&published);
    let loaded = idl.load().map_err(|found| found.to_short()).unwrap();
    assert_eq!(types(&load(&first).model), types(&loaded.model));
    // With its comments kept it is reproduced to the byte.
    let again = Importer::new()
        .like(&published)
        .keep_docs(true)
        .input(input)
        .run()
        .unwrap();
    assert_eq!(findings(&again, "choice"), findings(&first, "choice"));
    for (name, text) in &again.files {
        let there = std::fs::read_to_string(published.join(name)).unwrap();
        assert_eq!(*text, there, "{name}");
    }
    let files = std::fs::read_dir(published).unwrap().count();
    assert_eq!(files, again.files.len());
    first
}

#[test]
fn the_published_idl_is_what_an_import_yields() {
    let Some(folder) = folder("the_published_idl_is_what_an_import_yields") else {
        return;
    };
    published(&folder, "xerus-4.4.1", "4.4.1.53217");
    // Without comments of its own: the plain import is the file, byte for byte.
    let plain = published(&folder, "xerus-3.6.80", "3.6.80.48558");
    for (name, text) in &plain.files {
        let there = std::fs::read_to_string(corpus().join("../xerus-3.6.80").join(name)).unwrap();
        assert_eq!(*text, there, "{name}");
    }
    // Of that firmware one structure is known that callers may leave members out of.
    let marked = load(&plain).model;
    let types = marked
        .types()
        .filter(|(_, ty)| ty.has_annotation("sparse_in"));
    let types: Vec<_> = types.map(|(_, ty)| ty.path.as_str()).collect();
    assert_eq!(types, ["servermon.ServerMonitor_2_0_1.ServerSettings"]);
    let lost = findings(&plain, "lost");
    let left_out = lost
        .iter()
        .filter(|text| text.contains("`[sparse_in]` of the IDL given is left out"));
    assert_eq!(left_out.count(), 3);
    // What is left to choose has no effect on the wire.
    for choice in findings(&plain, "choice") {
        assert!(
            choice.ends_with("in-parameters before out-parameters, they may be mixed"),
            "{choice}"
        );
    }
}
