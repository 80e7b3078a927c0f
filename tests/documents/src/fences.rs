//! What a fence promises, held against what is so.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io;

use crate::block::Block;
use crate::repository;

mod idl;
mod manifest;

/// What a block promises and does not hold.
#[derive(Debug)]
pub struct Problem {
    document: String,
    line: usize,
    message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            document,
            line,
            message,
        } = self;
        write!(f, "{document}:{line}: {message}")
    }
}

/// Documents whose blocks in these languages have a test of their own, which knows their words, and where it is.
const ELSEWHERE: [(&str, &[&str], &str); 1] = [(
    "docs/idl.md",
    &["idl", "text"],
    include_str!("../../../idl/tests/language_page.rs"),
)];

/// The judge of blocks.
#[derive(Debug)]
pub struct Fences {
    /// Documents whose Rust is compiled.
    compiled: BTreeSet<String>,
    /// Our crates by name.
    crates: BTreeMap<String, manifest::Package>,
}

impl Fences {
    /// Reads what is needed to judge.
    ///
    /// # Errors
    ///
    /// When the repository cannot be read.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            compiled: repository::included()?,
            crates: manifest::packages()?,
        })
    }

    /// What is wrong with the blocks of a document.
    #[must_use]
    pub fn check(&self, blocks: &[Block]) -> Vec<Problem> {
        let judged = blocks.iter().enumerate().map(|(at, block)| {
            let judged = if is_held_elsewhere(block) {
                Ok(())
            } else if let Some(file) = block.value("file") {
                quoted(block, file)
            } else if block.value("write").is_some() {
                self.written(block, &blocks[at..])
            } else {
                self.by_language(block)
            };
            judged.map_err(|message| Problem {
                document: block.document.clone(),
                line: block.line,
                message,
            })
        });
        judged.filter_map(Result::err).collect()
    }

    fn by_language(&self, block: &Block) -> Result<(), String> {
        match block.language() {
            "rust" => self.rust(block),
            "sh" => only(block, &["device"]),
            "toml" => {
                only(block, &["future"])?;
                manifest::check(&block.text, &self.crates, block.has("future"))
            }
            "json" => {
                only(block, &[])?;
                json(&block.text)
            }
            "idl" | "c++" => {
                only(block, &["refused"])?;
                idl::check(&block.text, block.has("refused"))
            }
            "text" | "console" | "http" | "ebnf" => only(block, &[]),
            "" => Err("the fence names no language; `text` is for output and drawings".to_owned()),
            other => Err(format!(
                "nothing checks `{other}`; quote a file with `file:PATH`, or mark output with `text`"
            )),
        }
    }

    /// A file that the reader writes: commands follow that use it.
    fn written(&self, block: &Block, following: &[Block]) -> Result<(), String> {
        match block.language() {
            "rust" => return Err(RUSTDOC.to_owned()),
            "toml" => manifest::check(&block.text, &self.crates, false)?,
            _ => {}
        }
        let used = following
            .iter()
            .any(|other| other.language() == "sh" && !other.has("device"));
        if used {
            return Ok(());
        }
        Err("no command after it uses this file".to_owned())
    }

    fn rust(&self, block: &Block) -> Result<(), String> {
        only(block, &["no_run", "compile_fail", "should_panic"])?;
        if self.compiled.contains(&block.document) {
            return Ok(());
        }
        Err(
            "nothing compiles this document; add it to `tests/documents/src/examples.rs`, or quote a file with \
             `rs file:PATH`"
                .to_owned(),
        )
    }
}

const RUSTDOC: &str = "rustdoc would compile this as an example of its own; write `rs`";

fn is_held_elsewhere(block: &Block) -> bool {
    ELSEWHERE.iter().any(|(document, languages, test)| {
        *document == block.document
            && languages.contains(&block.language())
            && test.contains(document)
    })
}

/// Refuses words that mean nothing behind this language.
fn only(block: &Block, words: &[&str]) -> Result<(), String> {
    match block
        .words
        .iter()
        .skip(1)
        .find(|word| !words.contains(&word.as_str()))
    {
        Some(word) => Err(format!(
            "`{word}` means nothing behind `{}`",
            block.language()
        )),
        None => Ok(()),
    }
}

/// A block that is taken from a file stands in it, line for line.
fn quoted(block: &Block, file: &str) -> Result<(), String> {
    if block.language() == "rust" {
        return Err(RUSTDOC.to_owned());
    }
    let text = fs::read_to_string(repository::root().join(file))
        .map_err(|_| format!("there is no file `{file}` to quote"))?;
    let lines: Vec<_> = text.lines().map(str::trim_start).collect();
    let wanted: Vec<_> = block.text.lines().map(str::trim_start).collect();
    if !wanted.is_empty() && lines.windows(wanted.len()).any(|window| window == wanted) {
        return Ok(());
    }
    Err(format!("`{file}` has no such lines; quote it as it is"))
}

fn json(text: &str) -> Result<(), String> {
    let values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    for value in values {
        value.map_err(|error| format!("this is no JSON: {error}"))?;
    }
    Ok(())
}
