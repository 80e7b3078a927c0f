//! The bindings of a WAMP router's own procedures, which stand in the runtime, are what would be generated from their IDL.

#[path = "support/repository.rs"]
mod repository;

use std::path::Path;

use xerus_codegen::Builder;

#[test]
fn the_bindings_in_the_runtime_are_fresh() {
    if repository::is_missing() {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let files = Builder::new()
        .idl_file(root.join("idl/wamp/wamp_registration.idl"))
        .out("api.rs")
        .generate_files()
        .expect("the bindings");
    let path = root.join("runtime/src/wamp/registration/api.rs");
    if std::env::var_os("XERUS_BLESS").is_some() {
        files.write(&path).expect("the file");
    }
    let changes = files.changes(&path).expect("the file");
    let stale: Vec<_> = changes.iter().map(xerus_codegen::Change::path).collect();
    assert!(
        stale.is_empty(),
        "XERUS_BLESS=1 cargo test -p xerus-codegen --test wamp_registration: {stale:?}"
    );
}
