//! The documents of the project, taken apart: every fenced block is compiled, run or read by a test, or says what it is.
//!
//! The first word behind the fence is the language, further words say more:
//!
//! | fence | what happens |
//! |---|---|
//! | `rust`, with `no_run` or `compile_fail` | compiled, and run, as an example of the crate or of `examples` here |
//! | any language and `file:PATH` | stands so in that file, which is compiled, run or read where it belongs |
//! | any language and `write:PATH` | a file that the reader writes; `commands` writes it, and commands follow that use it |
//! | `sh` | executed by the program `commands` |
//! | `sh device` | needs a device or what else a test has not; executed by nobody |
//! | `toml` | read; what it says of our crates (versions, features) is so |
//! | `toml future` | read; speaks of a version that is not there yet |
//! | `json` | read: one value, or several |
//! | `idl`, `c++` | read as IDL: a file, or members of a module or an interface; with `refused` it must not be |
//! | `text`, `console`, `http`, `ebnf` | output, drawings, excerpts of a protocol, a grammar for people |
//!
//! `docs/idl.md` has a test of its own for its IDL and what it brings about.

mod block;
mod examples;
mod fences;
mod repository;

pub use block::{Block, blocks};
pub use fences::{Fences, Problem};
pub use repository::{documents, included, root};
