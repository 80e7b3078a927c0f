//! Type expressions: `map<string, vector<pdumodel.Pole:6.0.1>>`.

use std::collections::HashMap;

use xerus_idl::model::Builtin;

use crate::api::{Ty, TypeId};
use crate::text::quoted;

/// Reads a type expression; named types by wire id.
pub(super) fn parse(text: &str, ids: &HashMap<&str, TypeId>, depth: u64) -> Result<Ty, String> {
    let text = text.trim();
    let inner = |word: &str| {
        let rest = text.strip_prefix(word)?.trim_start();
        rest.strip_prefix('<')?.strip_suffix('>')
    };
    if let Some(builtin) = Builtin::from_word(text) {
        return Ok(Ty::Builtin(builtin));
    }
    if let Some(&id) = ids.get(text) {
        return Ok(Ty::Named(id));
    }
    let Some(depth) = depth.checked_sub(1) else {
        return Err("the type nests too deep".to_owned());
    };
    if let Some(element) = inner("vector") {
        return Ok(Ty::Vector(Box::new(parse(element, ids, depth)?)));
    }
    if let Some((key, value)) = inner("map").and_then(halves) {
        let (key, value) = (parse(key, ids, depth)?, parse(value, ids, depth)?);
        return Ok(Ty::Map(Box::new(key), Box::new(value)));
    }
    Err(format!(
        "{} is neither a built-in type nor one of this dump",
        quoted(text)
    ))
}

/// Both sides of the comma that is in no brackets.
fn halves(text: &str) -> Option<(&str, &str)> {
    let mut open = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '<' => open += 1,
            '>' => open = open.checked_sub(1)?,
            ',' if open == 0 => return Some((text.get(..at)?, text.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_maps() {
        let ids = HashMap::from([("m.A:1.0.0", 7)]);
        let parse = |text| parse(text, &ids, 3);
        let string = || Box::new(Ty::Builtin(Builtin::String));
        let map = Ty::Map(string(), Box::new(Ty::Vector(Box::new(Ty::Named(7)))));
        assert_eq!(parse("map<string, vector<m.A:1.0.0>>"), Ok(map));
        for bad in [
            "",
            "vector<>",
            "map<string>",
            "m.A:1.0.1",
            "vector<int",
            "map<a>,b>",
            "void",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(parse("vector<vector<vector<int>>>").is_ok());
        assert!(parse("vector<vector<vector<vector<int>>>>").is_err());
    }
}
