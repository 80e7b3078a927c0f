//! Marks in the documentation of methods: what the model gets, and where refusals are placed.

#[path = "support/repository.rs"]
mod repository;

use std::path::Path;

use xerus_idl::diagnostic::Level;
use xerus_idl::marks::Marks;
use xerus_idl::model::{Method, Model};
use xerus_idl::{Idl, Loaded};

fn load(text: &str) -> Loaded {
    Idl::new().text("Case.idl", text).load().expect("accepted")
}

fn method<'m>(model: &'m Model, name: &str) -> &'m Method {
    let mut methods = model.types().flat_map(|(_, ty)| ty.methods());
    methods.find(|method| method.name == name).expect(name)
}

/// Errors and warnings, one on a line.
fn findings(text: &str) -> String {
    match Idl::new().text("Case.idl", text).load() {
        Ok(loaded) => xerus_idl::Diagnostics::new(loaded.sources, loaded.warnings).to_short(),
        Err(report) => report.to_short(),
    }
}

#[test]
fn methods_have_the_marks_of_their_comments() {
    let loaded = load(
        "module m {\n  interface A {\n\
         /** Reads it.\n   *\n   * @idempotent\n   * \\timeout 500ms\n   *\n   * @return it */\n    int get();\n\
         /// Heading\n    int next(); ///< @longpoll\n                ///< Waits.\n\
         /** @wire com.example.add */\n    void add();\n    void plain();\n  };\n};\n",
    );
    let model = &loaded.model;
    let get = method(model, "get");
    assert_eq!(
        get.marks,
        Marks::parse("@idempotent @timeout 500ms").unwrap()
    );
    assert_eq!(get.docs.text.as_deref(), Some("Reads it.\n\n@return it"));
    let next = method(model, "next");
    assert_eq!(next.marks.long_poll, Some(true));
    assert_eq!(next.docs.heading.as_deref(), Some("Heading"));
    assert_eq!(next.docs.text.as_deref(), Some("Waits."));
    let add = method(model, "add");
    assert_eq!(add.marks.wire.as_deref(), Some("com.example.add"));
    assert!(add.docs.is_empty());
    assert!(method(model, "plain").marks.is_empty());
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
}

#[test]
fn refusals_stand_where_the_mark_stands() {
    for (text, expected) in [
        (
            "module m { interface A {\n  /** µ \\c x\n   *   @timeout 5x\n   */\n  void f();\n}; };",
            "Case.idl:3:17: error: `5x` is no time: a whole number of `ms`, `s` or `min`\n",
        ),
        (
            "module m { interface A {\n  /* @root */ /// @see B\n  // @root\n  /// @root @noroot\r\n  void f();\n}; };",
            "Case.idl:4:13: error: `@noroot` contradicts `@root` before it\n",
        ),
        (
            "module m { interface A {\n  /** @root éé */\n  void f();\n}; };",
            "Case.idl:2:13: error: `@root` takes no arguments, found `éé`\n",
        ),
        (
            "module m { interface A {\n  /** @role A */\n  void f(); ///< text\n            ///< @role\n}; };",
            "Case.idl:4:18: error: `@role` without the name of a role\n",
        ),
    ] {
        assert_eq!(findings(text), expected, "{text}");
    }
}

#[test]
fn types_and_methods_that_marks_name() {
    let loaded = load(
        "module o { structure Step { int x; }; structure Gone { int x; }; };\nmodule m {\n\
         interface B { int getState(); };\n\
         interface A extends B {\n  structure Poll_2_0_0 { int delay; };\n\
         /** @progress vector<o.Step>\n * @action check=getState poll=Poll_2_0_0 */\n  void start();\n\
         /** @stream poll=next stop=stop */\n  int open();\n/** @error e.gone o.Gone\n @error -1 Bare */\n  int next();\n  void stop();\n  };\n};\n",
    );
    let model = &loaded.model;
    let start = method(model, "start");
    assert_eq!(
        start.marks,
        Marks::parse("@progress vector<o.Step> @action check=getState poll=m.A.Poll_2_0_0")
            .unwrap()
    );
    let texts: Vec<_> = start
        .mark_types
        .iter()
        .map(|ty| model.type_text(ty).to_string())
        .collect();
    assert_eq!(texts, ["vector<o.Step:1.0.0>", "m.A.Poll:2.0.0"]);
    let next = &method(model, "next").mark_types.errors;
    let [gone, bare] = &next[..] else {
        panic!("{next:?}");
    };
    let gone_type = gone
        .structure
        .as_ref()
        .map(|ty| model.type_text(ty).to_string());
    assert_eq!(
        (&*gone.code, gone_type.as_deref()),
        ("e.gone", Some("o.Gone:1.0.0"))
    );
    assert_eq!((&*bare.code, &bare.structure), ("-1", &None));
    let a = model.find("m.A").unwrap();
    let reached = model.reach(&[a]);
    assert!(reached.contains(&model.find("o.Step").unwrap()));
    assert!(reached.contains(&model.find("o.Gone").unwrap()));
}

#[test]
fn names_and_methods_are_checked() {
    for (text, expected) in [
        (
            "module m { interface A {\n  /** @progress Stap */\n  void f();\n structure Step { int x; };\n}; };",
            "Case.idl:2:17: error: unknown type `Stap`\n",
        ),
        (
            "module m { interface A {\n  /** @progress map<double, int> */\n  void f();\n}; };",
            "Case.idl:2:17: error: map keys must be `string` or `int`\n",
        ),
        (
            "module m { interface A {\n  /** @stream poll=g stop=stopp */\n  void f(); void g(); void stop();\n}; };",
            "Case.idl:2:27: error: `m.A` has no method `stopp`\n",
        ),
        (
            "module m { interface A {\n  /** @code */\n  string f();\n}; };",
            "Case.idl:3:10: error: `@code` on `f`, which returns no `int`\n",
        ),
        (
            "module m { interface A {\n  /** @oneway */\n  void f(out int a);\n}; };",
            "Case.idl:3:8: error: `@oneway` on `f`, which has results\n",
        ),
        (
            "module m { typedef int Code; interface A {\n  /** @code */\n  Code f();\n}; };",
            "",
        ),
        (
            "module m { interface A {\n  /** @nullable a */\n  void f(in int a);\n  /** @nullable */\n  long g();\n}; };",
            "",
        ),
        (
            "module m { interface A {\n  /** @nullable */\n  void f(out int a);\n}; };",
            "Case.idl:3:8: error: `@nullable` on `f`, which returns nothing\n",
        ),
        (
            "module m { interface A {\n  /** @nullable b */\n  void f(in int a);\n}; };",
            "Case.idl:3:8: error: `@nullable` on `f`, which has no parameter `b`\n",
        ),
        (
            "module m { interface A {\n  /** @nullable a a */\n  void f(in int a);\n}; };",
            "Case.idl:2:19: error: `a` given twice\n",
        ),
        (
            "module m { interface A {\n  /** @nullable a,b */\n  void f(in int a, in int b);\n}; };",
            "Case.idl:2:17: error: `a,b` is no name of a parameter\n",
        ),
        (
            "module m { interface A {\n  /** @error 7 m.Gone */\n  void f();\n}; };",
            "Case.idl:2:16: error: unknown type `Gone` in module `m`\n",
        ),
        (
            "module m { enumeration E { X }; interface A {\n  /** @error u.x E */\n  void f();\n}; };",
            "Case.idl:2:18: error: `E` is an enumeration, and what comes with an error has the members of a structure\n",
        ),
        (
            "module m { typedef vector<int> T; interface A {\n  /** @error u.x T */\n  void f();\n}; };",
            "Case.idl:2:18: error: `T` is no structure, and what comes with an error has the members of a structure\n",
        ),
        (
            "module m { structure S { int x; }; typedef S T; interface A {\n  /** @error u.x T\n @error u.y Bare */\n  void f();\n}; };",
            "",
        ),
        (
            "module m { interface A {\n  /** @code @nullable */\n  int f();\n}; };",
            "Case.idl:3:7: error: `@nullable` on `f`, whose return value is a code\n",
        ),
    ] {
        assert_eq!(findings(text), expected, "{text}");
    }
    let deep = "vector<".repeat(50_000) + "int" + &">".repeat(50_000);
    let text =
        format!("module m {{ interface A {{\n  /** @progress {deep} */\n  void f();\n}}; }};");
    assert!(findings(&text).starts_with("Case.idl:2:17: error: `vector<"));
}

#[test]
fn odd_marks_are_warned_of() {
    for (text, expected) in [
        (
            "module m { interface A {\n  /** @idempotant\n   */\n  void f();\n}; };",
            "Case.idl:2:7: warning: `@idempotant` is neither a mark nor a command of Doxygen; taken as text\n",
        ),
        (
            "module m { interface A {\n  /** Does it. @oneway */\n  void f();\n}; };",
            "Case.idl:2:16: warning: `@oneway` stands amid text and is not taken\n",
        ),
        (
            "module m {\n  /** @oneway */\n  interface A { void f(); };\n};",
            "Case.idl:2:7: warning: `@oneway` is a mark of methods, and this is none\n",
        ),
        (
            "/// @role X\nmodule m {\n  enumeration E {\n    A, ///< @value\n    B\n  };\n};",
            "Case.idl:1:5: warning: `@role` is a mark of methods, and this is none\n\
             Case.idl:4:13: warning: `@value` is a mark of methods, and this is none\n",
        ),
        (
            "module m { interface A {\n  /** @brief Text @em here, \\c now\n   * @param[in] a x\n   */\n  \
             void f(in int a);\n}; };",
            "",
        ),
    ] {
        assert_eq!(findings(text), expected, "{text}");
    }
}

#[test]
fn the_dump_has_them_where_there_are_any() {
    let loaded = load(
        "module m { structure S { int x; }; interface A {\n\
         /** @wire w @noidempotent @longpoll @nooneway @timeout 2s @progress vector<S> @role R */\n\
         /** @action check=g poll=S @root @error 1 One @error u:x S @noremote @code @nullable a */\n  int f(in int a);\n\
         /** @stream poll=g stop=g */\n  void g();\n  void h();\n}; };",
    );
    let text = xerus_idl::dump::dump(&loaded.model, xerus_idl::dump::Options::default());
    let dump: serde_json::Value = serde_json::from_str(&text).unwrap();
    let methods = &dump["types"][0]["methods"];
    assert_eq!(
        methods[0]["marks"],
        serde_json::json!({
            "wire": "w", "repeatable": false, "long_poll": true, "one_way": false, "timeout_ms": 2000,
            "progress": "vector<m.S:1.0.0>", "action": {"check": "g", "poll": "m.S:1.0.0"}, "root": true,
            "errors": [{"code": "1", "name": "One"}, {"code": "u:x", "name": "S", "type": "m.S:1.0.0"}], "role": "R",
            "local": true, "code": true, "nullable": ["a"],
        })
    );
    assert_eq!(
        methods[1]["marks"],
        serde_json::json!({"stream": {"poll": "g", "stop": "g"}})
    );
    assert!(methods[2].get("marks").is_none());
}

#[test]
fn the_way_out_is_said() {
    let text = "module m { interface A {\n  /** @idempotant */\n  void f();\n}; };";
    let loaded = load(text);
    let [warning] = &loaded.warnings[..] else {
        panic!("{:?}", loaded.warnings);
    };
    assert_eq!(warning.code, xerus_idl::diagnostic::codes::UNKNOWN_MARK);
    assert_eq!(warning.help.as_deref(), Some("did you mean `@idempotent`?"));
}

#[test]
fn the_firmwares_have_no_odd_marks() {
    if repository::is_missing() {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for firmware in ["xerus-3.6.80", "xerus-4.0.20", "xerus-4.4.1"] {
        let loaded = Idl::new().directory(root.join(firmware)).load().unwrap();
        let codes = [
            xerus_idl::diagnostic::codes::UNKNOWN_MARK,
            xerus_idl::diagnostic::codes::MISPLACED_MARK,
        ];
        let odd = loaded.warnings.iter().filter(|w| codes.contains(&w.code));
        assert_eq!(odd.count(), 0, "{firmware}");
    }
}

/// Places are counted out in comments of every kind; no text may break that.
#[test]
fn any_comment_is_looked_at() {
    let pieces = [
        "@",
        "\\",
        "root",
        "timeout 5s",
        "é",
        "\u{feff}",
        " ",
        "*",
        "/",
        "\n",
        "\r\n",
        "\t",
        "code",
        "endcode",
        "`",
        "@idempotant",
        "<",
        "-",
    ];
    let mut state = 1_u64;
    let mut next = |count: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).unwrap() % count
    };
    let mut places = 0;
    for _ in 0..3_000 {
        let mut text = String::new();
        for _ in 0..next(20) {
            text.push_str(pieces[next(pieces.len())]);
        }
        let line = text.replace(['\n', '\r'], " ");
        let block = text.replace("*/", "");
        let idl = format!(
            "module m {{ interface A {{\n/** {block} */\n/* @x */ /// {line}\nvoid f(); ///< {line}\n}}; }};"
        );
        let (sources, items) = match Idl::new().text("Case.idl", &*idl).load() {
            Ok(loaded) => (loaded.sources, loaded.warnings),
            Err(report) => (report.sources, report.items),
        };
        for item in items.iter().filter(|item| item.level == Level::Warning) {
            let said = item.message.split('`').nth(1).unwrap();
            let there = sources.text(item.span).replace('\\', "@");
            assert_eq!(there, said, "{idl:?}");
            places += 1;
        }
    }
    assert!(places > 100, "{places}");
}
