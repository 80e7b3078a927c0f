//! Executes the shell commands of the documents, each document's in a directory of its own, as a reader would.
//!
//! The directory has copies of `idl` and `examples` and an empty `src`, and `xerus` is on the path. `cargo` works on the crate that the
//! document writes, with our crates from their folders; without one it works in the repository, and what `.ci/run` has as a
//! step of its own is not run twice. Arguments choose documents; without any all are taken.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs, io};

use xerus_documents::{Block, blocks, documents, root};

/// What the commands find around them. `diff` says by its exit code that something breaks, and by its report that it was able
/// to compare. Crates that are not published yet are installed from their folder.
const AROUND: &str = r#"
set -euo pipefail
xerus() {
    [ "${1:-}" = diff ] || { command xerus "$@"; return; }
    command xerus "$@" >"$SCRATCH/diff" || true
    [ -s "$SCRATCH/diff" ]
}
cargo() {
    if [ -e Cargo.toml ]; then
        local crates=() crate
        for crate in rpc=runtime api=bindings codegen=codegen macros=codegen/macros idl=idl wire-id=wire-id; do
            crates+=(--config "patch.crates-io.xerus-${crate%=*}.path='$REPOSITORY/${crate#*=}'")
        done
        CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$REPOSITORY/target} command cargo --quiet "${crates[@]}" "$@"
    elif grep -qF -- "cargo $*" "$REPOSITORY/.ci/run"; then
        echo "a step of .ci/run: cargo $*"
    elif [ "${1:-}" = install ]; then
        local folder=${!#}
        (cd "$REPOSITORY" && command cargo install --quiet --debug --locked --root "$SCRATCH/installed" --path "${folder#xerus-}")
    else
        (cd "$REPOSITORY" && command cargo "$@")
    fi
}
pip() {
    python3 -m pip --quiet --disable-pip-version-check "$@"
}
"#;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let wanted: Vec<_> = env::args().skip(1).collect();
    let tools = tools()?;
    for document in documents()? {
        if !wanted.is_empty() && !wanted.contains(&document) {
            continue;
        }
        let text = fs::read_to_string(root().join(&document))?;
        let scripts: Vec<_> = blocks(&document, &text)
            .into_iter()
            .filter(|block| is_command(block) || block.value("write").is_some())
            .collect();
        if scripts.iter().any(is_command) {
            execute(&document, &scripts, &tools)?;
        }
    }
    Ok(())
}

fn is_command(block: &Block) -> bool {
    block.language() == "sh" && !block.has("device")
}

/// Builds the command line program, and says where it is.
fn tools() -> Result<PathBuf, Box<dyn Error>> {
    let status = Command::new("cargo")
        .args(["build", "--quiet", "-p", "xerus-cli"])
        .current_dir(root())
        .status()?;
    if !status.success() {
        return Err("the program `xerus` cannot be built".into());
    }
    // The programs of a workspace are built side by side.
    let here = env::current_exe()?;
    Ok(here.parent().ok_or("no folder")?.to_owned())
}

/// Runs the blocks of a document one after the other; later ones find what earlier ones made.
fn execute(document: &str, scripts: &[Block], tools: &Path) -> Result<(), Box<dyn Error>> {
    let scratch = tempfile::tempdir()?;
    for folder in ["idl", "examples"] {
        copy(&root().join(folder), &scratch.path().join(folder))?;
    }
    fs::create_dir(scratch.path().join("src"))?;
    fs::copy(root().join("Cargo.lock"), scratch.path().join("Cargo.lock"))?;
    let path = env::var("PATH").unwrap_or_default();
    for script in scripts {
        if let Some(file) = script.value("write") {
            fs::write(scratch.path().join(file), &script.text)?;
            continue;
        }
        println!("{document}:{}", script.line);
        let output = Command::new("bash")
            .args(["-c", &format!("{AROUND}\n{}", script.text)])
            .current_dir(scratch.path())
            .env("PATH", format!("{}:{path}", tools.display()))
            .env("REPOSITORY", root())
            .env("SCRATCH", scratch.path())
            .output()?;
        if !output.status.success() {
            return Err(format!(
                "{document}:{}: this does not work\n{}{}{}",
                script.line,
                script.text,
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            )
            .into());
        }
    }
    Ok(())
}

/// Copies a folder. Not a link to it: commands may write beside what they find, and over it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let copy = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            self::copy(&entry.path(), &copy)?;
        } else {
            fs::copy(entry.path(), copy)?;
        }
    }
    Ok(())
}
