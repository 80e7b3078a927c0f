use std::collections::BTreeMap;

use crate::Builder;
use crate::facts::{Facts, MethodFacts, table};
use crate::options::Options;

/// The facts of the methods of all interfaces, by method.
fn facts(idl: &str, options: &Options) -> BTreeMap<String, MethodFacts> {
    let input = Builder::with_options(options.clone())
        .text("Sample.idl", idl)
        .read()
        .finish()
        .unwrap_or_else(|error| panic!("{error}"));
    let facts = Facts::of(&input.model, options);
    let facts = facts.unwrap_or_else(|error| panic!("{error}"));
    let mut found = BTreeMap::new();
    for (index, ty) in input.model.types() {
        for method in ty.methods() {
            found.insert(method.name.clone(), facts.method(index, method).clone());
        }
    }
    found
}

/// What a method of an interface with two error constants returns: `value`, or the codes with their names.
fn decided(docs: &str, signature: &str) -> String {
    let constants = "constant int ERR_BUSY = 1; constant int ERR_FULL = 2;";
    of_interface(constants, docs, signature)
}

fn of_interface(constants: &str, docs: &str, signature: &str) -> String {
    let idl = format!("module m {{ interface I {{ {constants} /** {docs} */ {signature}; }}; }}");
    let facts = facts(&idl, &Options::new());
    let facts = facts.values().next().expect("one method");
    text(facts)
}

fn text(facts: &MethodFacts) -> String {
    let Some(codes) = &facts.codes else {
        return "value".to_owned();
    };
    let codes = codes.iter();
    let codes: Vec<_> = codes
        .map(|(code, names)| format!("{code}={}", names.join("|")))
        .collect();
    codes.join(",")
}

const BOTH: &str = "1=ERR_BUSY,2=ERR_FULL";

#[test]
fn tables_are_sorted_and_give_reasons() {
    assert!(table::is_sorted());
    assert!(table::reasons().all(|reason| !reason.is_empty()));
}

#[test]
fn without_documentation_constants_and_names_decide() {
    for signature in [
        "int add()",
        "int setCount(in int n)",
        "int getRow(in int id, out string row)",
    ] {
        assert_eq!(decided("", signature), BOTH, "{signature}");
        assert_eq!(of_interface("", "", signature), "value", "{signature}");
        assert_eq!(
            of_interface(
                "constant int MOST = 7; constant int STATE_ERROR = 1;",
                "",
                signature
            ),
            "value",
            "{signature}"
        );
        assert_eq!(
            of_interface("constant int NO_ERROR = 0;", "", signature),
            "",
            "{signature}"
        );
    }
    for signature in [
        "int getCount()",
        "int size()",
        "int outletCount()",
        "int isOn()",
    ] {
        assert_eq!(decided("", signature), "value", "{signature}");
    }
}

#[test]
fn documentation_decides_before_constants() {
    for docs in [
        "@return 0: done",
        "@return 0 if OK",
        "@return 0 on success, 1 otherwise",
        "@return ERR_BUSY if it is busy",
        "@return an error code",
        "@return nonzero if it failed",
        "@returns 0: begun\n@returns -1: not",
        "@retval 0 OK\n@retval 1 not",
    ] {
        assert_ne!(of_interface("", docs, "int add()"), "value", "{docs}");
    }
    for docs in [
        "@return the number of the new entry",
        "@return 0 if nothing was added, else the number of added ones",
        "@return id of the entry",
        "@return the new id, or -1 on error",
        "@return the id or ERR_FULL",
        "@return whether it was successful",
        "@return 0: none, otherwise how many",
        "@return how many there are",
    ] {
        assert_eq!(decided(docs, "int add()"), "value", "{docs}");
    }
    // Left to the constants.
    for docs in ["@return see above", "@return 1 if it was busy, 2 if full"] {
        assert_ne!(decided(docs, "int add()"), "value", "{docs}");
        assert_eq!(of_interface("", docs, "int add()"), "value", "{docs}");
    }
    // A getter needs more than a number.
    for docs in [
        "@return 0: off, 1: on",
        "@return 1 if it is on",
        "@return -1 on error, else the count",
        "@return the last error code",
    ] {
        assert_eq!(decided(docs, "int getMode()"), "value", "{docs}");
    }
    assert_eq!(
        decided("@return 0 if OK\n@return ERR_BUSY if not", "int getMode()"),
        BOTH
    );
}

#[test]
fn what_is_no_int_has_no_codes() {
    for signature in [
        "void add()",
        "boolean add()",
        "long add()",
        "vector<int> add()",
    ] {
        let docs = "@return 0 if OK\n@return ERR_BUSY if not";
        assert_eq!(decided(docs, signature), "value", "{signature}");
    }
    let idl = "module m { typedef int Code; interface I { /** @return 0: done */ Code f(); }; }";
    assert_eq!(text(&facts(idl, &Options::new())["f"]), "");
}

#[test]
fn documentation_names_codes_first() {
    let shared = "constant int ERR_A = 1; constant int ERR_B = 1; constant int ERR_C = 2; constant int LATE = 3;";
    for (docs, codes) in [
        ("", "1=ERR_A|ERR_B,2=ERR_C"),
        ("@return 0: done\n@return ERR_B: no", "1=ERR_B,2=ERR_C"),
        (
            "@return 0: done\n@return \\c LATE: too late",
            "1=ERR_A|ERR_B,2=ERR_C,3=LATE",
        ),
        // What explains a code is no code, unless it is called an error.
        ("@return 1: later than LATE", "2=ERR_C"),
        ("@return 1 if (ERR_A) it is late", "1=ERR_A,2=ERR_C"),
        // Documented without a name: it has none.
        ("@return 0: done\n@return 1: no", "2=ERR_C"),
        (
            "@return 0: done\n@return ERR_…: no\n@return ERR_A: a",
            "1=ERR_A,2=ERR_C",
        ),
        (
            "@return 0: done\n@return ERR_B to ERR_C: no",
            "1=ERR_B,2=ERR_C",
        ),
        (
            "@return 0: done\n@return ERR_MISSING: no",
            "1=ERR_A|ERR_B,2=ERR_C",
        ),
    ] {
        assert_eq!(of_interface(shared, docs, "int f()"), codes, "{docs}");
    }
}

#[test]
fn zero_is_never_in_the_table() {
    let constants = "constant int ERR_NONE = 0; constant int ERR_LOW = -1;";
    assert_eq!(
        of_interface(constants, "@return ERR_NONE: done", "int f()"),
        "-1=ERR_LOW"
    );
}

#[test]
fn groups_of_constants_are_for_the_methods_that_their_heading_names() {
    let idl = "module m { interface I {
        constant int ERR_ANY = 9;
        /** Return codes of \\c add */
        constant int ERR_FULL = 1; ///< no more fit
        /** Return codes of \\c remove */
        constant int ERR_GONE = 1; ///< there is none
        int add();
        int remove();
        int clear();
    }; }";
    let facts = facts(idl, &Options::new());
    assert_eq!(text(&facts["add"]), "1=ERR_FULL,9=ERR_ANY");
    assert_eq!(text(&facts["remove"]), "1=ERR_GONE,9=ERR_ANY");
    assert_eq!(text(&facts["clear"]), "9=ERR_ANY");
}

#[test]
fn bases_and_other_interfaces() {
    let idl = "module m {
        interface Base { constant int ERR_BASE = 1; constant int ERR_OLD = 2; };
        interface Middle extends Base { constant int ERR_OWN = 1; int f();
            /** @return 0: done
              * @return \\c ERR_BASE: no */
            int g(); };
        interface Far_2_0_0 { constant int ERR_FAR = 5; };
        interface Other extends Base {
            /** @return 0: done
              * @return \\c Far.ERR_FAR: no */
            int h();
            /** @return as \\c h */
            int i();
            /** @return 0: done
              * @return \\c m.Base.ERR_OLD: no */
            int j();
        };
    }";
    let facts = facts(idl, &Options::new());
    assert_eq!(text(&facts["f"]), "1=ERR_OWN,2=ERR_OLD");
    assert_eq!(text(&facts["g"]), "1=ERR_BASE,2=ERR_OLD");
    // Numbers of another interface say nothing about those of this one.
    assert_eq!(text(&facts["h"]), "5=ERR_FAR");
    assert_eq!(text(&facts["i"]), "5=ERR_FAR");
    assert_eq!(text(&facts["j"]), "1=ERR_BASE,2=ERR_OLD");
}

#[test]
fn references_that_lead_nowhere_leave_it_to_the_constants() {
    let idl = "module m { interface I { constant int ERR_A = 1;
        /** @return as \\c g */ int f();
        /** @return as \\c f */ int g();
        /** @return as \\c nothing */ int h();
    }; }";
    for (name, facts) in facts(idl, &Options::new()) {
        assert_eq!(text(&facts), "1=ERR_A", "{name}");
    }
}

#[test]
fn the_later_source_beats_the_earlier_mark_by_mark() {
    let idl = "module serial { interface GsmModem_2_0_0 {
        constant int ERR_PIN = 1;
        int getInformationWithPin(in string pin, out string info);
        /** @noidempotent @timeout 2s */
        int getInformation();
        /** @idempotent @code
          * @error 7 ERR_SEVEN
          * @error gone ERR_TEXT */
        int pollState();
        /** @value */
        int reset();
    }; }";
    let plain = facts(idl, &Options::new());
    let marks = |facts: &BTreeMap<_, MethodFacts>, name: &str| facts[name].marks.to_string();
    assert_eq!(
        marks(&plain, "getInformationWithPin"),
        "@noidempotent @nolongpoll @code"
    );
    assert_eq!(
        marks(&plain, "getInformation"),
        "@noidempotent @nolongpoll @timeout 2000ms @value"
    );
    assert_eq!(
        marks(&plain, "pollState"),
        "@idempotent @longpoll @code @error 7 ERR_SEVEN @error gone ERR_TEXT"
    );
    assert_eq!(text(&plain["pollState"]), "1=ERR_PIN,7=ERR_SEVEN");
    assert_eq!(text(&plain["reset"]), "value");

    let mut options = Options::new();
    for (path, text) in [
        ("serial.GsmModem.getInformationWithPin", "@idempotent"),
        ("serial.GsmModem_2_0_0.getInformation", "@code"),
        ("serial.GsmModem:2.0.0.getInformation", "@idempotent"),
        ("serial.GsmModem.reset", "@code @error 1 ERR_RESET"),
    ] {
        options.mark.push(path.to_owned(), text.to_owned());
    }
    let own = facts(idl, &options);
    assert_eq!(
        marks(&own, "getInformationWithPin"),
        "@idempotent @nolongpoll @code"
    );
    assert_eq!(
        marks(&own, "getInformation"),
        "@idempotent @nolongpoll @timeout 2000ms @code"
    );
    assert_eq!(text(&own["getInformation"]), "1=ERR_PIN");
    assert_eq!(text(&own["reset"]), "1=ERR_RESET");
    assert_eq!(own["pollState"], plain["pollState"]);
}

#[test]
fn types_in_the_option_are_found_as_in_the_idl() {
    let idl = "module m { structure Step_2_0_0 { int done; }; interface I {
        structure Poll { int wait; };
        /** @action check=check poll=Poll */
        int start();
        void check();
        void fetch();
    }; } module n { structure Step { int done; }; }";
    let mut options = Options::new();
    for (path, text) in [
        ("m.I.start", "@progress vector<Step>"),
        ("m.I.check", "@progress map<int, n.Step>"),
        ("m.I.check", "@action check=fetch poll=Poll"),
        ("m.I.check", "@action check=start"),
        ("m.I.fetch", "@progress vector<m.Step>"),
    ] {
        options.mark.push(path.to_owned(), text.to_owned());
    }
    let input = Builder::with_options(options.clone())
        .text("Sample.idl", idl)
        .read()
        .finish()
        .expect("it is right");
    let model = &input.model;
    let found = facts(idl, &options);
    let progress = |name: &str| {
        let facts = &found[name];
        let text = facts.marks.progress.clone().expect("it is given");
        let ty = facts.types.progress.as_ref().expect("it is found");
        (text, model.type_text(ty).to_string())
    };
    let both = |path: &str, id: &str| (path.to_owned(), id.to_owned());
    assert_eq!(
        progress("start"),
        both("vector<m.Step_2_0_0>", "vector<m.Step:2.0.0>")
    );
    assert_eq!(
        progress("check"),
        both("map<int,n.Step>", "map<int, n.Step:1.0.0>")
    );
    assert_eq!(
        progress("fetch"),
        both("vector<m.Step_2_0_0>", "vector<m.Step:2.0.0>")
    );
    // That of the documentation stays; a later action takes the place of the earlier one as a whole.
    assert!(found["start"].types.action_poll.is_some());
    assert_eq!(found["check"].types.action_poll, None);
}

#[test]
fn errors_of_build_scripts_have_the_members_of_structures() {
    let idl = "module n { structure Full { int most; }; enumeration E { X }; };\n\
        module m { structure Gone_1_0_2 { int x; }; interface I {\n\
        /** @error a.gone Gone_1_0_2 @error a.old Old */ void f();\n}; };";
    let said = |texts: &[&str]| {
        let mut options = Options::new();
        for text in texts {
            options.mark.push("m.I.f".to_owned(), (*text).to_owned());
        }
        let input = crate::Builder::new().text("M.idl", idl).read();
        let input = input.finish().expect("it is sound");
        let facts = Facts::of(&input.model, &options)?;
        let owner = input.model.find("m.I").expect("it is there");
        let [method] = input.model.ty(owner).methods() else {
            panic!("one method");
        };
        let facts = facts.method(owner, method);
        let errors = facts.marks.errors.iter().map(|(code, name)| {
            let marked = facts.types.error(code).expect("every code is marked");
            let structure = marked.structure.as_ref();
            let structure = structure.map(|ty| input.model.type_text(ty).to_string());
            let name = marked.name(&input.model, name);
            format!("{code} {name} {}", structure.unwrap_or_default())
        });
        Ok::<_, crate::Error>(errors.collect::<Vec<_>>())
    };
    assert_eq!(
        said(&["@error a.old Gone @error -7 n.Full", "@error a.new New"]).expect("accepted"),
        [
            "a.gone Gone m.Gone:1.0.2",
            "a.old Gone m.Gone:1.0.2",
            "-7 Full n.Full:1.0.0",
            "a.new New "
        ]
    );
    for (text, why) in [
        ("@error a.x n.Fool", "did you mean `n.Full`?"),
        (
            "@error a.x n.E",
            "`n.E` is no structure but of the kind `enumeration`",
        ),
        ("@error a.x E", ""),
    ] {
        let told = said(&[text]).map_or_else(|error| error.to_string(), |_| String::new());
        assert!(
            told.contains(why) && told.is_empty() == why.is_empty(),
            "{text}: {told}"
        );
    }
}
