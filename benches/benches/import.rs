//! A vendor package on its way to Rust: import, check (the import reads its own result) and generate.
//!
//! `import/tests/fetch-wheels.sh` fetches the packages into `target/wheels`; `XERUS_WHEELS` names another folder.

use std::path::{Path, PathBuf};

use divan::{Bencher, black_box};
use xerus_codegen::Builder;
use xerus_idl::{Idl, Loaded};
use xerus_import::{Imported, Importer};

/// The oldest, the one with IDL beside it, and the newest of each family.
const PACKAGES: [&str; 4] = [
    "raritan-3.3.0.43499",
    "raritan-4.0.20.49038",
    "raritan-4.4.1.53217",
    "xeruskvm-4.6.0.52977",
];

fn main() {
    divan::main();
}

/// The package's wheel, if it is there.
fn wheel(package: &str) -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/wheels");
    let folder = std::env::var_os("XERUS_WHEELS").map_or(target, PathBuf::from);
    let path = folder.join(format!("{package}-py3-none-any.whl"));
    if path.is_file() {
        return Some(path);
    }
    println!("skipped: {package} (no {})", path.display());
    None
}

fn import(wheel: &Path) -> Imported {
    Importer::new().input(wheel).run().expect("a package")
}

fn check(imported: &Imported) -> Loaded {
    let files = imported.files.iter();
    let idl = files.fold(Idl::new(), |idl, (name, text)| idl.text(name, text));
    idl.load().expect("sound IDL")
}

fn generate(loaded: Loaded) -> String {
    let builder = Builder::new().input(loaded.into());
    builder.generate_string().expect("text")
}

/// From the wheel to IDL texts.
#[divan::bench(args = PACKAGES)]
fn import_alone(bencher: Bencher<'_, '_>, package: &str) {
    if let Some(wheel) = wheel(package) {
        bencher.bench(|| import(&wheel));
    }
}

/// From the wheel to formatted Rust.
#[divan::bench(args = PACKAGES)]
fn whole(bencher: Bencher<'_, '_>, package: &str) {
    if let Some(wheel) = wheel(package) {
        bencher.bench(|| generate(check(&black_box(import(&wheel)))));
    }
}
