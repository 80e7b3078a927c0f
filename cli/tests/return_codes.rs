//! The list of methods whose return value is a return code, which `call` goes by.

#[path = "support/repository.rs"]
mod repository;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use xerus_codegen::facts::Facts;
use xerus_codegen::{Builder, Options};
use xerus_idl::model::{Builtin, TypeRef};

/// The names of each code of a method.
type Codes = BTreeMap<i32, BTreeSet<String>>;

fn shown(codes: &Codes) -> String {
    if codes.is_empty() {
        return "-".to_owned();
    }
    let code = |(code, names): (&i32, &BTreeSet<String>)| {
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        format!("{code}={}", names.join("|"))
    };
    codes.iter().map(code).collect::<Vec<_>>().join(",")
}

#[test]
fn the_list_has_the_methods_of_all_firmwares() {
    if repository::is_missing() {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut codes = BTreeMap::<String, Codes>::new();
    let mut values = BTreeSet::new();
    for firmware in ["3.6.80", "4.0.20", "4.4.1"] {
        let directory = root.join(format!("../idl/xerus-{firmware}"));
        let input = Builder::new().idl_dir(directory).read().finish();
        let input = input.expect("the IDL of a firmware");
        let facts = Facts::of(&input.model, &Options::new()).expect("facts");
        for (index, ty) in input.model.types() {
            for method in ty.methods() {
                let known = facts.method(index, method);
                let Some(named) = &known.codes else {
                    if method.returns == Some(TypeRef::Builtin(Builtin::Int)) {
                        values.insert(method.name.clone());
                    }
                    continue;
                };
                let module = &input.model.module(ty.module).path;
                let path = format!("{module}.{}.{}", ty.base_name, method.name);
                let entry = codes.entry(path).or_default();
                for (code, names) in named {
                    entry
                        .entry(*code)
                        .or_default()
                        .extend(names.iter().cloned());
                }
            }
        }
    }
    let named: BTreeSet<_> = codes
        .keys()
        .filter_map(|path| Some(path.rsplit_once('.')?.1.to_owned()))
        .collect();
    assert_eq!(
        named.intersection(&values).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "a name of a method no longer says whether it returns a code: ask the device for the type of the object"
    );
    let list: String = codes
        .iter()
        .map(|(path, codes)| format!("{path} {}\n", shown(codes)))
        .collect();
    let file = root.join("src/return_code/methods.txt");
    if std::env::var_os("XERUS_BLESS").is_some() {
        fs::write(&file, &list).expect("written");
    }
    let committed = fs::read_to_string(&file).expect("the list");
    assert!(
        committed == list,
        "the list is stale: XERUS_BLESS=1 cargo test -p xerus-cli --test return_codes"
    );
}
