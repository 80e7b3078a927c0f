//! The model knows no interface, no wire and no server: else the device would belong to one of the firmwares again.

#![allow(clippy::unwrap_used)] // helpers of tests

use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn the_model_stands_on_its_own() {
    let mut files = Vec::new();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/model");
    sources(&model, &mut files);
    assert!(files.len() > 20, "{files:?}");
    for file in files {
        let mut text = std::fs::read_to_string(&file).unwrap();
        // Versions and the codes of file endpoints are plain data, and named once.
        for plain in [
            "xerus_rpc::FirmwareVersion",
            "xerus_rpc::ParseFirmwareVersionError",
            "xerus_rpc::files::",
        ] {
            text = text.replace(plain, "");
        }
        for stranger in ["xerus_api", "xerus_rpc", "crate::firmware", "hyper::"] {
            assert!(!text.contains(stranger), "{}: {stranger}", file.display());
        }
    }
}
