//! Whether a rule can hit anything at all.

use xerus_rpc::server::{Router, Servant};

use super::parse::BadFault;
use super::rule::FaultRule;
use super::subject::{BULK, BULK_METHODS};
use crate::door::has_file;

/// References of objects that come and go, event channels for example, begin so.
const OPAQUE: &str = "/tfwopaque/";

/// Whether `rule` can hit a request for an object in `router` or for a file.
pub(crate) fn check(rule: &FaultRule, router: &Router) -> Result<(), BadFault> {
    let mut rids = router.rids();
    rids.push(BULK.to_owned());
    let here: Vec<&String> = rids.iter().filter(|rid| rule.is_at(rid)).collect();
    match (rule.place(), &rule.method) {
        (Some((place, is_prefix)), _) if here.is_empty() => {
            let exists = match is_prefix {
                // Below an object that is there, and below references, objects come later.
                true => {
                    place.starts_with(OPAQUE)
                        || place
                            .strip_suffix('/')
                            .is_some_and(|above| rids.iter().any(|rid| rid == above))
                        || has_file(|path| path.starts_with(place))
                }
                false => has_file(|path| path == place),
            };
            match exists {
                true => Ok(()),
                false => Err(no_object(place, is_prefix, &rids)),
            }
        }
        (_, Some(method)) => has_method(method, &here, router),
        _ => Ok(()),
    }
}

fn no_object(place: &str, is_prefix: bool, rids: &[String]) -> BadFault {
    let common = |rid: &&String| {
        let pairs = rid.bytes().zip(place.bytes());
        pairs.take_while(|(a, b)| a == b).count()
    };
    // The first of those that have most in common.
    let near = rids.iter().rev().max_by_key(common);
    let near = near.map_or(BULK, String::as_str);
    BadFault(match is_prefix {
        true => format!(
            "the device has no object whose resource id begins with {place}: write the beginning of one that it has, such as {near}"
        ),
        false => format!(
            "the device has no object {place}: name one that it has, such as {near}. For objects that come later write the beginning \
             of their resource ids and a star (in Rust: below), such as rid=/auth/user/*"
        ),
    })
}

fn has_method(method: &str, rids: &[&String], router: &Router) -> Result<(), BadFault> {
    let is_bulk = rids.iter().any(|rid| *rid == BULK);
    let mut known: Vec<&str> = match is_bulk {
        true => BULK_METHODS.to_vec(),
        false => Vec::new(),
    };
    for servant in rids.iter().filter_map(|rid| router.servant(rid)) {
        let Some(methods) = methods(&servant) else {
            return Ok(());
        };
        known.extend(methods);
    }
    if known.contains(&method) {
        return Ok(());
    }
    known.sort_unstable();
    known.dedup();
    Err(BadFault(match rids {
        [one] => format!(
            "the object {one} has no method {method}; it has {}",
            known.join(", ")
        ),
        _ => format!(
            "no object that the rule is for has a method {method}: write the name as the API has it, such as getState"
        ),
    }))
}

/// The methods of an object as they are called on the wire; `None` if its servant does not tell: it takes them as they come.
fn methods(servant: &Servant) -> Option<Vec<&'static str>> {
    let names: Vec<_> = servant
        .methods()
        .flat_map(|method| [Some(method.name), method.marks.wire])
        .flatten()
        .collect();
    // Every object has getTypeInfo.
    (names.len() > 1).then_some(names)
}
