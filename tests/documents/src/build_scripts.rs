//! The build scripts of the documents as one program that a test runs where cargo would; the argument chooses.

mod readme {
    include!(concat!(env!("OUT_DIR"), "/readme.rs"));

    pub(super) fn run() -> Result<(), xerus_codegen::Error> {
        main()
    }
}

mod codegen {
    include!(concat!(env!("OUT_DIR"), "/codegen.rs"));

    pub(super) fn run() -> Result<(), xerus_codegen::Error> {
        main()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("readme") => readme::run()?,
        Some("codegen") => codegen::run()?,
        _ => return Err("name a build script: readme, codegen".into()),
    }
    Ok(())
}
