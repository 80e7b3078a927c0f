//! Random declarations over a handful of names: nothing panics, and a model without errors is sound.

mod support;

use proptest::prelude::*;
use support::load_with;
use xerus_idl::dump::{Options, dump};
use xerus_idl::lint::Lints;
use xerus_idl::model::{Model, TypeRef};

fn name() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["A", "B", "C", "A_2_0_0", "A_1_0_0", "m", "x"])
        .prop_map(str::to_owned)
}

fn type_name() -> impl Strategy<Value = String> {
    proptest::collection::vec(name(), 1..4).prop_map(|parts| parts.join("."))
}

fn ty() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        3 => type_name(),
        1 => proptest::sample::select(vec!["int", "string", "Object", "time"]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(2, 4, 2, |inner| {
        prop_oneof![
            inner
                .clone()
                .prop_map(|element| format!("vector<{element}>")),
            (inner.clone(), inner).prop_map(|(key, value)| format!("map<{key}, {value}>")),
        ]
    })
}

/// A comment of any kind, or none.
fn comment() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        "",
        "",
        "",
        "\n/** lead */\n",
        " ///< trail\n",
        "\n/// line\n",
        "/* plain */",
        "\n\n",
        " /**< block */ ",
        "\n/// @cond\n",
    ])
    .prop_map(str::to_owned)
}

fn annotation() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        "",
        "",
        "",
        "[deprecated] ",
        "[sparse_in] ",
        "[unknown_fallback(\"A\")] ",
        "[odd] ",
    ])
    .prop_map(str::to_owned)
}

fn field() -> impl Strategy<Value = String> {
    (comment(), ty(), name()).prop_map(|(comment, ty, name)| format!("{comment}{ty} {name};"))
}

fn body(of: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (proptest::collection::vec(of, 0..4), comment())
        .prop_map(|(members, comment)| format!("{{ {}{comment} }}", members.concat()))
}

fn simple() -> impl Strategy<Value = String> {
    prop_oneof![
        (name(), body(field())).prop_map(|(name, body)| format!("structure {name} {body};")),
        (name(), type_name(), body(field()))
            .prop_map(|(name, base, body)| format!("valueobject {name} extends {base} {body};")),
        (name(), body(field())).prop_map(|(name, body)| format!("valueobject {name} {body};")),
        (name(), name(), name(), comment()).prop_map(|(name, a, b, comment)| format!(
            "enumeration {name} {{ {a}, {comment} {b} }};"
        )),
        (ty(), name()).prop_map(|(ty, name)| format!("typedef {ty} {name};")),
        name().prop_map(|name| format!("opaque {name};")),
    ]
}

fn member() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => simple(),
        1 => (ty(), name(), ty(), name(), ty(), name())
            .prop_map(|(r, f, a, x, b, y)| format!("{r} {f}(in {a} {x}, out {b} {y});")),
        1 => (ty(), name(), -3_i64..300)
            .prop_map(|(ty, name, value)| format!("constant {ty} {name} = {value};")),
    ]
}

fn declaration() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => simple(),
        1 => (name(), body(member())).prop_map(|(name, body)| format!("interface {name} {body};")),
        2 => (name(), type_name(), body(member()))
            .prop_map(|(name, base, body)| format!("interface {name} extends {base} {body};")),
    ]
}

fn decorated() -> impl Strategy<Value = String> {
    (comment(), annotation(), declaration())
        .prop_map(|(comment, annotation, text)| format!("{comment}{annotation}{text}\n"))
}

fn file() -> impl Strategy<Value = String> {
    let inner =
        (name(), body(decorated())).prop_map(|(name, body)| format!("module {name} {body}\n"));
    let module = (
        comment(),
        name(),
        body(prop_oneof![4 => decorated(), 1 => inner]),
    )
        .prop_map(|(comment, name, body)| format!("{comment}module {name} {body}\n"));
    proptest::collection::vec(module, 1..3).prop_map(|modules| modules.concat())
}

/// Declarations that refer to nothing but what stands before them, each under a name of its own.
fn sound() -> impl Strategy<Value = String> {
    let seed = (
        0..7_u8,
        0..4_u8,
        any::<u8>(),
        proptest::collection::vec(any::<u16>(), 1..5),
    );
    proptest::collection::vec((comment(), seed), 1..24).prop_map(|seeds| {
        // Paths by kind: structures, interfaces, value objects, anything.
        let mut known: [Vec<String>; 4] = Default::default();
        let mut texts = [String::new(), String::new()];
        for (at, (comment, (kind, version, place, members))) in seeds.into_iter().enumerate() {
            let suffix = if version == 0 {
                String::new()
            } else {
                format!("_{version}_2_{at}")
            };
            let name = format!("T{at}{suffix}");
            let module = usize::from(place % 2);
            let path = format!("{}.{name}", ["m", "n.o"][module]);
            let pick = |list: &[String], seed: u16| {
                list.get(usize::from(seed) % list.len().max(1))
                    .cloned()
                    .unwrap_or("int".into())
            };
            let fields: Vec<_> = members
                .iter()
                .enumerate()
                .map(|(n, &seed)| {
                    let any = pick(&known[3], seed >> 2);
                    let ty = match seed % 4 {
                        0 => any,
                        1 => format!("vector<{any}>"),
                        2 => format!("map<string, vector<{any}>>"),
                        _ => "time".to_owned(),
                    };
                    (ty, format!("f{at}_{n}"))
                })
                .collect();
            let body: String = fields
                .iter()
                .map(|(ty, name)| format!("{ty} {name}; "))
                .collect();
            let base = |list: &[String]| match list.is_empty() || place % 3 == 0 {
                true => String::new(),
                false => format!(" extends {}", pick(list, members[0])),
            };
            let mut nested = None;
            let text = match kind {
                0 | 1 => {
                    known[0].push(path.clone());
                    format!("structure {name} {{ {body} }};")
                }
                2 => {
                    let text = format!("valueobject {name}{} {{ {body} }};", base(&known[2]));
                    known[2].push(path.clone());
                    text
                }
                3 => format!("enumeration {name} {{ A, B }};"),
                4 => format!("opaque {name};"),
                _ => {
                    let methods: String = fields
                        .iter()
                        .map(|(ty, name)| format!("{ty} {name}(in {ty} a, out {ty} b); "))
                        .collect();
                    nested = Some(format!("{path}.N"));
                    let base = base(&known[1]);
                    known[1].push(path.clone());
                    format!("interface {name}{base} {{ structure N {{ {body} }}; {methods} }};")
                }
            };
            known[3].push(path);
            known[3].extend(nested);
            texts[module].push_str(&format!("{comment}{text}\n"));
        }
        let [m, o] = texts;
        format!("module m {{ {m} }}\nmodule n {{ module o {{ {o} }} }}\n")
    })
}

/// What has to hold for every model without errors.
fn check(model: &Model) -> Result<(), TestCaseError> {
    for (index, ty) in model.types() {
        prop_assert_eq!(model.find(&ty.wire_id), Some(index));
        prop_assert_eq!(model.find(&ty.path), Some(index));
        let lineage = model.lineage(index);
        prop_assert!(lineage.len() <= model.types().len());
        prop_assert_eq!(lineage.last(), Some(&index));
        prop_assert!(model.find_versions(&plain(&ty.path)).contains(&index));
        prop_assert_eq!(model.select(&ty.wire_id).map(|found| found.len()), Ok(1));
        for member in ty.member_types() {
            prop_assert!(!model.type_text(member).to_string().is_empty());
            let target = model.unaliased(member);
            prop_assert_eq!(model.unaliased(target), target);
            for named in member.named() {
                prop_assert!(
                    model
                        .references()
                        .iter()
                        .any(|r| (r.from, r.to) == (index, named))
                );
            }
        }
        let reached = model.reach(&[index]);
        prop_assert!(reached.contains(&index));
        for &at in &reached {
            let members = model.ty(at).member_types().flat_map(TypeRef::named);
            for next in members.chain(model.base(at)).chain(model.ty(at).parent) {
                prop_assert!(reached.contains(&next));
            }
        }
    }
    Ok(())
}

fn plain(path: &str) -> String {
    let parts = path
        .split('.')
        .map(|part| xerus_wire_id::split_suffix(part).base());
    parts.collect::<Vec<_>>().join(".")
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn random_declarations(one in file(), two in file()) {
        let loaded = load_with([("A.idl", one), ("B.idl", two)], Lints::all());
        prop_assert!(loaded.diagnostics.is_sorted_by_key(|diagnostic| diagnostic.span));
        if !loaded.diagnostics.iter().any(xerus_idl::Diagnostic::is_error) {
            check(&loaded.model)?;
        }
        // Errors or not, what is there can be walked.
        for (index, _) in loaded.model.types() {
            prop_assert!(loaded.model.lineage(index).contains(&index));
            prop_assert!(loaded.model.reach(&[index]).contains(&index));
        }
        let text = dump(&loaded.model, Options::default().docs(true));
        prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }

    #[test]
    fn sound_declarations(text in sound()) {
        let loaded = load_with([("A.idl", text)], Lints::none());
        prop_assert_eq!(&loaded.diagnostics, &[]);
        prop_assert!(loaded.model.types().len() > 0);
        check(&loaded.model)?;
    }

    #[test]
    fn comments_change_nothing_but_docs(text in file()) {
        let mut bare = String::new();
        let mut rest = text.as_str();
        // The generator writes comment marks nowhere but in comments.
        while let Some(at) = rest.find("//").into_iter().chain(rest.find("/*")).min() {
            bare.push_str(&rest[..at]);
            let comment = &rest[at..];
            let end = if comment.starts_with("//") {
                comment.find('\n').unwrap_or(comment.len())
            } else {
                comment.find("*/").map_or(comment.len(), |end| end + 2)
            };
            bare.push_str(&" ".repeat(end));
            rest = &comment[end..];
        }
        bare.push_str(rest);
        let lints = Lints::none();
        let with = load_with([("A.idl", text)], lints);
        let without = load_with([("A.idl", bare)], lints);
        prop_assert_eq!(&with.diagnostics, &without.diagnostics);
        let options = Options::default();
        prop_assert_eq!(dump(&with.model, options), dump(&without.model, options));
    }
}

/// At least some hundred cases; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: default.cases.max(500),
        failure_persistence: None,
        ..default
    }
}
