//! Doxygen marks to Markdown, checked against a table and against a Markdown parser.

use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag};
use xerus_idl::docs::{markdown, rustdoc};
use xerus_idl::model::Docs;

#[test]
fn marks_are_translated() {
    for (text, expected) in [
        ("Plain text.", "Plain text."),
        ("@brief Short.\n\nLong.", "Short.\n\nLong."),
        ("\\c word and \\c other.", "`word` and `other`."),
        ("see \\c f(int), or (\\c x)", "see `f(int)`, or (`x`)"),
        ("\\e not now", "*not* now"),
        ("\\b very", "**very**"),
        ("the %Outlet at 50% of %x", "the Outlet at 50% of x"),
        (
            "{@link Outlet} and {@link pdumodel.Inlet the inlet}",
            "`Outlet` and the inlet",
        ),
        ("{@link #getState} {plain}", "`getState` {plain}"),
        (
            "@ref here \\ref there @anchor place",
            "`here` `there` `place`",
        ),
        ("uses #getState, issue # 5", "uses `getState`, issue # 5"),
        ("returns \\true or \\false", "returns true or false"),
        ("one\\n two", "one\\\ntwo"),
        ("one \\n", "one"),
        (
            "List:\n\\li one\n\\li two\n  goes on\n\nEnd",
            "List:\n\n- one\n- two\n  goes on\n\nEnd",
        ),
        ("- one\n- two", "- one\n- two"),
        ("@note Careful", "**Note:** Careful"),
        ("@warning Hot\nstuff", "**Warning:** Hot\nstuff"),
        (
            "Does it.\n@param a first\n@param b\n@return 0 if OK\n@return 1 if *not*",
            "Does it.\n\n# Parameters\n\n- `a`: first\n- `b`\n\n# Returns\n\n- 0 if OK\n- 1 if \\*not\\*",
        ),
        ("@return yes\n        or no", "# Returns\n\n- yes\n  or no"),
        ("@returns a\n@result b", "# Returns\n\n- a\n- b"),
        (
            "@code{.py}\nif x:\n    y()\n@endcode",
            "```text\nif x:\n    y()\n```",
        ),
        ("@code\n```\n@endcode", "````text\n```\n````"),
        ("@code\nnever closed", "```text\nnever closed\n```"),
        (
            "a <b> [c] d_e _f_ *g* h & i | j ~ k",
            "a \\<b\\> \\[c\\] d_e \\_f\\_ \\*g\\* h \\& i \\| j \\~ k",
        ),
        ("`code` and ` tick", "`code` and \\` tick"),
        (
            "at https://example.com/a_b?c=d.",
            "at <https://example.com/a_b?c=d>.",
        ),
        ("(http://example.com)", "(<http://example.com>)"),
        ("http:// alone, ftp://x", "http\\:// alone, ftp\\://x"),
        ("\\e http://example.com", "http\\://example.com"),
        ("mail me@example.com", "mail me@example.com"),
        ("C:\\temp \\\\ @@ \\<x\\>", "C:\\\\temp \\\\ @ \\<x\\>"),
        (
            "text\n    indented by four\n\tby a tab",
            "text\nindented by four\nby a tab",
        ),
        (
            "# no heading\n1. no list\n2) nor this\n+ item\n=====\n-----",
            "\\# no heading\n1\\. no list\n2\\) nor this\n\n- item\n  \\=====\n  \\-----",
        ),
        ("@cond x\nText\n@endcond", "Text"),
        ("\u{202e}turned\u{0}\u{7}", "turned"),
        ("@param[in] a both\n@param", "# Parameters\n\n- `a`: both"),
        ("", ""),
        ("@", "@"),
        ("\\", "\\\\"),
        ("@c", ""),
        ("\\e", ""),
    ] {
        assert_eq!(markdown(text), expected, "{text:?}");
    }
}

#[test]
fn headings_come_first() {
    let docs = |heading: Option<&str>, text: Option<&str>| {
        rustdoc(&Docs {
            heading: heading.map(Into::into),
            text: text.map(Into::into),
        })
    };
    assert_eq!(docs(None, None), None);
    assert_eq!(docs(None, Some("text")).as_deref(), Some("text"));
    assert_eq!(
        docs(Some("Error codes"), Some("x")).as_deref(),
        Some("**Error codes**\n\nx")
    );
    assert_eq!(docs(Some("the \\c x"), None).as_deref(), Some("the `x`"));
    assert_eq!(docs(Some(" "), Some("\n")), None);
}

/// What rustdoc or rustc would complain about, run, or take for markup that nobody meant.
fn surprises(markdown: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let mut found = Vec::new();
    let mut in_code = false;
    let mut in_link = false;
    for event in Parser::new_ext(markdown, options) {
        match &event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                in_code = true;
                if &**language != "text" {
                    found.push(format!("{event:?}"));
                }
            }
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_code = false,
            Event::Start(Tag::Link {
                link_type: LinkType::Autolink,
                ..
            }) => in_link = true,
            Event::End(pulldown_cmark::TagEnd::Link) => in_link = false,
            Event::Start(Tag::Heading { .. }) | Event::End(_) => {}
            Event::Start(
                Tag::Paragraph | Tag::List(None) | Tag::Item | Tag::Emphasis | Tag::Strong,
            ) => {}
            Event::Text(text) if !in_code && !in_link && has_url(text) => {
                found.push(format!("bare URL {text}"));
            }
            Event::Text(_) | Event::Code(_) | Event::SoftBreak | Event::HardBreak => {}
            _ => found.push(format!("{event:?}")),
        }
    }
    assert!(!in_code);
    found.extend(
        markdown
            .chars()
            .filter(|c| c.is_control() && *c != '\n')
            .map(String::from),
    );
    // Lazy continuation lines of lists, which clippy refuses.
    let mut item = false;
    let mut fence = None;
    for line in markdown.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            Some(open) if ticks == open => fence = None,
            None if ticks >= 3 && line.ends_with("text") => fence = Some(ticks),
            None => {
                let starts = line.starts_with("- ");
                if item && !starts && !line.is_empty() && !line.starts_with("  ") {
                    found.push(format!("lazy line {line:?}"));
                }
                item = starts || (item && line.starts_with("  "));
                if line.starts_with("   ") {
                    found.push(format!("indented {line:?}"));
                }
            }
            Some(_) => {}
        }
    }
    found
}

fn has_url(text: &str) -> bool {
    let mut rests = text.match_indices("://").filter_map(|(at, _)| {
        let is_http = text[..at].ends_with("http") || text[..at].ends_with("https");
        text.get(at + 3..).filter(|_| is_http)
    });
    rests.any(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

#[test]
fn the_table_has_no_surprises() {
    for text in [
        "a <b> [c](d) ![e](f) *g* __h__ &amp; | i |\n|---|\n<!-- x --> <br/>",
        "text\n\n    code?\n\n\tcode?\n> quote\n***\n___\n- - -\nx\n===\ny\n---",
        "[x]: http://example.com\n[^1]: note\n- [ ] task\n1. one\n~~~\nfence\n~~~\n```rust\nx\n```",
        "@return http://x.example/ or `a``b` or ``c`` \\c `d",
        "a\n:--\nb\n--:\nc | d\n--|--",
    ] {
        assert_eq!(
            surprises(&markdown(text)),
            Vec::<String>::new(),
            "{text:?}\n{}",
            markdown(text)
        );
    }
}

/// Texts rich in what means something to Doxygen or Markdown.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ a-z0-9.,()!?'\":;/=$^-]{0,8}",
        "[\\\\@%#*_`<>\\[\\]&|~{}+:=-]{1,4}",
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("    ".to_owned()),
        Just("\t".to_owned()),
        proptest::sample::select(vec![
            "@return ",
            "@param ",
            "@param a ",
            "@brief ",
            "@note ",
            "@code\n",
            "@code{.py}\n",
            "@endcode\n",
            "\\c ",
            "\\e ",
            "\\b ",
            "\\n",
            "\\li ",
            "- ",
            "* ",
            "1. ",
            "{@link ",
            "}",
            "http://",
            "https://a.b/c_d",
            "http://example.com",
            "\\e http://example.com",
            "```",
            "~~~",
            "<!--",
            "-->",
            "[x]: ",
            "# ",
            "> ",
            "---",
            "===",
            "|-|",
            "&amp;",
            "\\ref ",
            "@verbatim ",
            "\u{a0}",
            "µ",
            "\u{2028}",
            "\r",
            "\u{202e}",
            "\u{0}",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// At least a thousand cases; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: default.cases.max(1000),
        failure_persistence: None,
        ..default
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_text_is_plain_markdown(text in text()) {
        let markdown = markdown(&text);
        let surprises = surprises(&markdown);
        prop_assert!(surprises.is_empty(), "{surprises:?}\n{markdown}");
    }

    #[test]
    fn any_docs_are_plain_markdown(heading in text(), text in text()) {
        let docs = Docs { heading: Some(heading), text: Some(text) };
        let markdown = rustdoc(&docs).unwrap_or_default();
        let surprises = surprises(&markdown);
        prop_assert!(surprises.is_empty(), "{surprises:?}\n{markdown}");
    }
}
