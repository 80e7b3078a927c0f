//! Texts made to hurt: deep, long, endless. Each ends in one clear error, in linear time.

use std::time::{Duration, Instant};

use xerus_idl::{Diagnostics, Idl};

fn run(text: impl Into<String>) -> Result<(), Diagnostics> {
    Idl::new().text("a.idl", text).load().map(|_| ())
}

fn errors(text: impl Into<String>) -> String {
    run(text).map_or_else(|report| report.to_short(), |()| String::new())
}

#[test]
fn deep_nesting_is_one_error() {
    const DEEP: usize = 100_000;
    let templates = format!(
        "module m {{ structure S {{ {}int{} x; }}; }}",
        "vector<".repeat(DEEP),
        ">".repeat(DEEP)
    );
    for (text, expected) in [
        (
            templates,
            "a.idl:1:466: error: nesting deeper than 64 levels\n",
        ),
        (
            "module m { ".repeat(DEEP),
            "a.idl:1:714: error: nesting deeper than 64 levels\n",
        ),
        (
            format!("module m {{ {} }}", "structure S { ".repeat(DEEP)),
            "a.idl:1:906: error: nesting deeper than 64 levels\n",
        ),
        (
            "(".repeat(DEEP),
            "a.idl:1:65: error: nesting deeper than 64 levels\n",
        ),
        ("module m { structure S { vector<".repeat(DEEP), ""),
    ] {
        let short = errors(text);
        if expected.is_empty() {
            assert!(
                short.ends_with("error: nesting deeper than 64 levels\n"),
                "{short}"
            );
        } else {
            assert!(short.ends_with(expected), "{short}");
        }
        assert!(
            short
                .lines()
                .filter(|line| line.contains("nesting"))
                .count()
                == 1,
            "{short}"
        );
    }
}

#[test]
fn the_deepest_that_is_accepted() {
    let deep = |depth: usize| {
        format!(
            "module m {{ structure S {{ {}int{} x; }}; }}",
            "vector<".repeat(depth),
            ">".repeat(depth)
        )
    };
    assert_eq!(errors(deep(62)), "");
    assert_eq!(
        errors(deep(63)),
        "a.idl:1:466: error: nesting deeper than 64 levels\n"
    );
    assert_eq!(errors("module m { ".repeat(64) + &"} ".repeat(64)), "");
    // What is never closed is forgotten at the next `;`.
    let open = "vector<int x; ".repeat(200);
    assert!(!errors(format!("module m {{ structure S {{ {open} }}; }}")).contains("nesting"));
}

#[test]
fn long_files_are_refused_unread() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("long.idl");
    let file = std::fs::File::create(&path).unwrap();
    file.set_len(50_000_000).unwrap();
    let started = Instant::now();
    let report = Idl::new()
        .directory(root.path())
        .load()
        .map(|_| ())
        .unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(1));
    assert_eq!(
        report.to_short(),
        format!(
            "{}:1:1: error: file too long: more than 4 MiB\n",
            path.display()
        )
    );
    assert!(
        report
            .sources
            .files()
            .all(|(_, file)| file.text().is_empty())
    );

    let text = " ".repeat((4 << 20) + 1);
    assert_eq!(
        errors(text),
        "a.idl:1:1: error: file too long: more than 4 MiB\n"
    );
}

#[test]
fn errors_are_counted_out() {
    for text in [
        "#if\n".repeat(10_000),
        "*/\n".repeat(10_000),
        format!("module m {{ {} }}", "opaque 1;\n".repeat(10_000)),
        "}\n".repeat(10_000),
        "é ".repeat(10_000),
    ] {
        let report = run(text).unwrap_err();
        assert_eq!(report.items.len(), 101);
        let short = report.to_short();
        let last = short.lines().last().unwrap_or("");
        assert!(
            last.ends_with("error: too many errors in this file"),
            "{last}"
        );
    }
}

#[test]
fn what_is_said_of_one_file_is_bounded() {
    // Errors of meaning, each first place far along the line, and warnings, on one line.
    let names: String = (0..20_000).map(|n| format!("opaque A{n}; ")).collect();
    let twice = format!("module m {{ {names}{names} }}");
    let unknown = format!(
        "module m {{ {} structure S {{ int x; }}; }}",
        "[a] ".repeat(100_000)
    );
    let included: String = (0..20_000)
        .map(|n| format!("#include <A{n}.idl>\n"))
        .collect();
    let start = Instant::now();
    for (text, end) in [
        (twice, "error: too many errors in this file: 19900 more"),
        (included, "error: too many errors in this file: 19900 more"),
    ] {
        let report = run(text).unwrap_err();
        assert_eq!(report.items.len(), 101);
        assert!(report.to_short().ends_with(&format!("{end}\n")), "{end}");
        assert!(report.to_plain().len() < 100_000);
        assert!(report.to_json().lines().count() == 101);
    }
    let loaded = Idl::new().text("a.idl", unknown).load().unwrap();
    let report = xerus_idl::Diagnostics::new(loaded.sources, loaded.warnings);
    assert_eq!(report.items.len(), 101, "cutting twice changes nothing");
    let short = report.to_short();
    let last = short.lines().last().unwrap_or("");
    assert!(
        last.contains("warning: too many warnings in this file: "),
        "{last}"
    );
    assert!(last.ends_with(" more"), "{last}");
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn errors_do_not_crowd_out_warnings() {
    let text = format!(
        "module m {{ {}{} enumeration E {{ B, }}; }}",
        "opaque A; ".repeat(301),
        "enumeration F { B, }; "
    );
    let report = run(text).unwrap_err();
    let warnings = report.items.iter().filter(|item| !item.is_error()).count();
    assert_eq!((report.items.len(), warnings), (103, 2));
    assert!(
        report
            .to_short()
            .ends_with("error: too many errors in this file: 200 more\n")
    );
}

/// Compares the time for a text of a length with that for one of eight times that length. Other work on the machine makes some rounds slow; quadratic
/// growth makes all of them.
fn grows_linearly(name: &str, make: impl Fn(usize) -> String) {
    let (short, long) = (make(2_000), make(16_000));
    let time = |text: &String| {
        let started = Instant::now();
        let _ = run(text.clone());
        started.elapsed()
    };
    let (mut least, mut most) = (Duration::MAX, Duration::MAX);
    for _ in 0..20 {
        least = least.min(time(&short));
        most = most.min(time(&long));
        // Quadratic growth would be a factor of 64.
        if most < least * 30 + Duration::from_millis(50) {
            return;
        }
    }
    panic!("{name}: {least:?} for one length, {most:?} for eight times that");
}

#[test]
fn time_is_linear() {
    grows_linearly("fields", |n| {
        format!("module m {{ structure S {{ {} }}; }}", "int x; ".repeat(n))
    });
    let method =
        |comment: String| format!("module m {{ interface A {{ /** {comment} */ void f(); }}; }}");
    for (name, line) in [
        ("marks", "@root\n"),
        ("unknown marks", "@zonk text\n"),
        ("marks amid text", "a @root\n"),
        ("open blocks", "@verbatim\n"),
        ("open fences", "@code x\n"),
    ] {
        grows_linearly(name, |n| method(line.repeat(n)));
    }
    grows_linearly("error names", |n| {
        method((0..n).map(|n| format!("@error {n} A{n}\n")).collect())
    });
    grows_linearly("marks that name methods", |n| {
        let methods = (0..n).map(|n| format!("/** @stream poll=f{n} stop=g */ void f{n}(); "));
        let methods: String = methods.collect();
        format!("module m {{ interface A {{ {methods} }}; }}")
    });
    grows_linearly("bases with marks", |n| {
        let own = |n: usize| match n {
            0 => "interface A0 { void f(); }; ".to_owned(),
            _ => format!(
                "interface A{n} extends A{} {{ /** @action check=f */ void f{n}(); }}; ",
                n - 1
            ),
        };
        format!("module m {{ {} }}", (0..n).map(own).collect::<String>())
    });
    grows_linearly("comments", |n| "/* a */".repeat(n));
    grows_linearly("comments on a refused line", |n| {
        format!("{} }}", "/* a */".repeat(n))
    });
    grows_linearly("open comments", |n| "/* ".repeat(n));
    grows_linearly("open strings", |n| "\"\n".repeat(n));
    grows_linearly("brackets", |n| format!("module m {{ {}", "[".repeat(n)));
    grows_linearly("annotations", |n| {
        format!("module m {{ {} }}", "[a(1,\"b\")] ".repeat(n))
    });
    grows_linearly("parameters", |n| {
        format!(
            "module m {{ interface I {{ void f({}); }}; }}",
            "in int x, ".repeat(n)
        )
    });
    grows_linearly("dots", |n| {
        format!("module m {{ structure S {{ {} x; }}; }}", "a.".repeat(n))
    });
    grows_linearly("includes", |n| "#include <a.idl>\n".repeat(n));
    grows_linearly("refused at the end", |n| {
        format!("module m {{ {} opaque }}", "opaque A; ".repeat(n))
    });
    grows_linearly("one long word", |n| "a".repeat(n * 10));
    grows_linearly("one long number", |n| {
        format!(
            "module m {{ interface I {{ constant int C = {}; }}; }}",
            "9".repeat(n * 10)
        )
    });
}

#[test]
fn formatting_time_is_linear() {
    let time = |n: usize| {
        let body = "int x; /* a */ /** b */ // c\n/* d\n e */ int y;///< f\n".repeat(n);
        let text = format!("module m {{ structure S {{ {body} }}; }}");
        let started = Instant::now();
        let formatted = xerus_idl::print::format("a.idl", &text).unwrap();
        assert!(formatted.len() > text.len() / 2);
        started.elapsed()
    };
    let (short, long) = (time(500), time(4_000));
    assert!(
        long < short * 30 + Duration::from_millis(50),
        "{short:?} {long:?}"
    );
}

#[test]
fn the_deepest_fits_a_small_stack() {
    let deepest = format!(
        "{} structure S {{ {}int{} x; }}; {}",
        "module m { ".repeat(32),
        "vector<".repeat(31),
        ">".repeat(31),
        "} ".repeat(32)
    );
    // The main thread of Windows has 1 MiB.
    let small = std::thread::Builder::new().stack_size(1 << 20);
    let thread = small.spawn(move || {
        let modules = "module m { ".repeat(64) + &"} ".repeat(64);
        let refused = modules.replace("} } ", "} ) } ");
        (errors(deepest), errors(modules), errors(refused))
    });
    let (deepest, modules, refused) = thread.unwrap().join().unwrap();
    assert_eq!((deepest.as_str(), modules.as_str()), ("", ""));
    assert!(!refused.is_empty());
}
