//! No block of code stands in a document unchecked and unmarked.

use std::fs;

use xerus_documents::{Fences, blocks, documents, root};

#[test]
fn every_block_of_every_document_holds_what_its_fence_promises() {
    let fences = Fences::new().expect("the repository");
    let mut problems = Vec::new();
    let mut counted = 0;
    for document in documents().expect("the documents") {
        let text = fs::read_to_string(root().join(&document)).expect("a document");
        let blocks = blocks(&document, &text);
        counted += blocks.len();
        problems.extend(fences.check(&blocks).iter().map(ToString::to_string));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(counted > 20, "only {counted} blocks were found");
}

/// What the judge says of a block in a document of this name.
fn judged(document: &str, text: &str) -> String {
    let fences = Fences::new().expect("the repository");
    let problems = fences.check(&blocks(document, text));
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    if problems.is_empty() {
        "fine".to_owned()
    } else {
        problems.join("\n")
    }
}

#[test]
fn what_is_not_checked_is_refused() {
    for (document, text, expected) in [
        ("README.md", "```rust\nfn main() {}\n```", "fine"),
        ("a.md", "```text\nanything\n```", "fine"),
        ("a.md", "```sh device\nreboot\n```", "fine"),
        ("a.md", "```json\n{\"a\":1}\n{\"b\":2}\n```", "fine"),
        (
            "a.md",
            "```rs write:a.rs\nfn f() {}\n```\n\n```sh\ncargo check\n```",
            "fine",
        ),
        (
            "a.md",
            "```rs write:a.rs\nfn f() {}\n```\n\n```sh device\ncargo check\n```",
            "a.md:1: no command after it uses this file",
        ),
        ("a.md", "```idl\nint f(in int a);\n```", "fine"),
        ("a.md", "```idl refused\nint f(in int);\n```", "fine"),
        (
            "a.md",
            "one\n\n```\nanything\n```",
            "a.md:3: the fence names no language; `text` is for output and drawings",
        ),
        (
            "a.md",
            "    indented\n",
            "a.md:1: the fence names no language; `text` is for output and drawings",
        ),
        (
            "README.md",
            "```rust,ignore\nfn main() {}\n```",
            "README.md:1: `ignore` means nothing behind `rust`",
        ),
        (
            "a.md",
            "```python\n1\n```",
            "a.md:1: nothing checks `python`; quote a file with `file:PATH`, or mark output with `text`",
        ),
        (
            "a.md",
            "```toml\n[dependencies]\nxerus-rpc = \"7.1\"\n```",
            "a.md:1: `xerus-rpc` has version 0.1.0, not 7.1",
        ),
        (
            "a.md",
            "```toml\n[dependencies]\nxerus-rpc = { version = \"0.1\", features = [\"steam\"] }\n```",
            "a.md:1: `xerus-rpc` has no feature `steam`",
        ),
        (
            "a.md",
            "```toml\n[build-dependencies]\nxerus-nothing = \"0.1\"\n```",
            "a.md:1: there is no crate `xerus-nothing`",
        ),
        (
            "a.md",
            "```rs file:tests/documents/src/lib.rs\nfn missing() {}\n```",
            "a.md:1: `tests/documents/src/lib.rs` has no such lines; quote it as it is",
        ),
        (
            "a.md",
            "```rs file:tests/documents/src/lib.rs\nmod block;\nmod examples;\n```",
            "fine",
        ),
        (
            "a.md",
            "```idl refused\nint f(in int a);\n```",
            "a.md:1: this IDL is marked as refused, and it is not",
        ),
    ] {
        assert_eq!(judged(document, text), expected, "{text}");
    }
    let nothing = judged("a.md", "```rust\nfn main() {}\n```");
    assert!(
        nothing.starts_with("a.md:1: nothing compiles this document; add it to"),
        "{nothing}"
    );
    let json = judged("a.md", "```json\n{\"a\":…}\n```");
    assert!(json.starts_with("a.md:1: this is no JSON: "), "{json}");
    let idl = judged("a.md", "```idl\nint f(in int);\n```");
    assert!(idl.starts_with("a.md:1: this is no IDL: "), "{idl}");
}
