//! Which `int`s are return codes, and what the codes are called.

use std::collections::BTreeMap;

use xerus_idl::docs::return_texts;
use xerus_idl::model::{Builtin, Method, Model, TypeRef};

use super::names::suggests_value;
use super::reach::{Reach, is_error, is_success};
use super::said::{Item, Named, split};

/// Codes with the names of constants, in order of the codes.
pub(super) type Table = BTreeMap<i32, Vec<String>>;

/// In a list of names: any others.
const ANY: &str = "*";

/// How many methods a reference such as "as start" is followed.
const MOST_REFERENCES: usize = 8;

/// Whether a method returns an `int`, by whatever name.
pub(super) fn returns_int(model: &Model, method: &Method) -> bool {
    let returned = method.returns.as_ref().map(|ty| model.unaliased(ty));
    returned == Some(&TypeRef::Builtin(Builtin::Int))
}

/// The texts of the `@return` items of a method; of the method that it refers to, when it says only that.
pub(super) fn texts(methods: &[Method], method: &Method) -> Vec<String> {
    let mut texts = own_texts(method);
    for _ in 0..MOST_REFERENCES {
        let [text] = &*texts else {
            break;
        };
        let Some(other) = Item::parse(text).same_as else {
            break;
        };
        let Some(other) = methods.iter().find(|method| method.name == other) else {
            break;
        };
        texts = own_texts(other);
    }
    texts
}

fn own_texts(method: &Method) -> Vec<String> {
    let text = method.docs.text.as_deref();
    // Most comments have none, and taking them apart is not free.
    let text = text.filter(|text| text.contains("ret") || text.contains("result"));
    text.map(return_texts).unwrap_or_default()
}

/// Whether the returned `int` is a return code, as far as documentation and constants tell.
pub(super) fn is_code(method: &Method, items: &[Item<'_>], reach: &Reach<'_>) -> bool {
    // With other results, the `int` beside them is hardly ever one more.
    let is_getter = suggests_value(&method.name) && method.outs().next().is_none();
    if items.is_empty() {
        return reach.has_codes() && !is_getter;
    }
    let any = |what: fn(&Item<'_>) -> bool| items.iter().any(what);
    let zero = any(|item| item.number == Some(0) || item.subject.iter().any(names_success));
    let names = any(|item| item.names().any(|named| names_error(&named)));
    let success = any(|item| item.success);
    if is_getter {
        return zero && (names || success);
    }
    // "0: done", but not "0: none, otherwise their number".
    let set_off = any(|item| item.set_off) && !any(|item| item.quantity);
    any(|item| item.leads && item.names().any(|named| names_error(&named)))
        || any(|item| item.says_code || item.nonzero)
        || (zero && (names || success || set_off || any(|item| item.failure)))
        // What says neither, as "see above", leaves it to the constants.
        || (reach.has_codes() && !any(|item| item.quantity || item.value))
}

fn names_error(named: &Named<'_>) -> bool {
    match named {
        Named::One(name) | Named::Range(name, _) => is_error(split(name).1),
        Named::Prefix(prefix) => is_error(prefix),
    }
}

fn names_success(named: &Named<'_>) -> bool {
    matches!(named, Named::One(name) if is_success(split(name).1))
}

/// What the codes of a method are called: by its documentation, else by the constants of its interface, else by those
/// of the bases. Where none of them decides between several names, all are given.
pub(super) fn table(
    method: &Method,
    items: &[Item<'_>],
    known: Option<&[&str]>,
    reach: &Reach<'_>,
) -> Table {
    let said = |named: Named<'_>| reach.named(named, &method.name);
    let mut table = documented(items, said);
    // Codes of another interface: the numbers of this one mean something else.
    let mut is_whole = items.iter().any(|item| {
        let mut names = item.names();
        names.any(|named| matches!(named, Named::One(word) if reach.is_foreign(word)))
    });
    if let Some(known) = known.filter(|_| table.is_empty()) {
        is_whole = !known.contains(&ANY);
        let names = || known.iter().filter(|name| **name != ANY);
        let single = names().map(|name| Named::One(name));
        add(&mut table, single.flat_map(said));
        for number in names().filter_map(|name| name.parse().ok()) {
            table.entry(number).or_default();
        }
        let several = names().filter_map(|name| name.strip_suffix(ANY).map(Named::Prefix));
        add(&mut table, several.flat_map(said));
    }
    if !is_whole {
        for level in reach.errors(&method.name) {
            add(&mut table, level.map(|one| (one.value, one.name)));
        }
    }
    table.retain(|code, names| *code != 0 && !names.is_empty());
    table
}

/// What documentation says. A code that it explains without a name has none.
fn documented<'n>(
    items: &[Item<'_>],
    said: impl Fn(Named<'_>) -> Vec<(i32, &'n str)> + Copy,
) -> Table {
    let mut table = Table::new();
    let (single, several): (Vec<Named<'_>>, Vec<_>) = items
        .iter()
        .flat_map(codes_of)
        .partition(|named| matches!(named, Named::One(_)));
    add(&mut table, single.into_iter().flat_map(said));
    for item in items {
        if let Some(number) = item.number.filter(|number| *number != 0)
            && codes_of(item).all(|named| said(named).is_empty())
        {
            table.entry(number).or_default();
        }
    }
    add(&mut table, several.into_iter().flat_map(said));
    table
}

/// The constants that an item gives as codes: those that it is about, and errors that the explanation names.
fn codes_of<'t>(item: &Item<'t>) -> impl Iterator<Item = Named<'t>> {
    let others = item.others.iter().filter(|named| names_error(named));
    item.subject.iter().chain(others).copied()
}

/// Adds names for codes that nothing was known about.
fn add<'n>(table: &mut Table, named: impl Iterator<Item = (i32, &'n str)>) {
    let mut more = Table::new();
    for (code, name) in named.filter(|(code, _)| *code != 0) {
        if !table.contains_key(&code) {
            let names = more.entry(code).or_default();
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    table.append(&mut more);
}
