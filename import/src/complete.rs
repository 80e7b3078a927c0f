//! What Python does not carry, from other sources: IDL of another firmware, a table, and at last a visible choice.

mod aliases;
mod annotations;
mod documentation;
mod holes;
pub(crate) mod like;
mod marks;
mod order;
mod sparse;
mod table;

use xerus_idl::model::Direction;

use self::like::Like;
use crate::api::{Api, Kind, Member};
use crate::report::{FindingKind, Report};

/// Completes what a package says; afterwards no type has a hole.
pub(crate) fn package(api: &mut Api, likes: &[Like], keep_docs: bool, report: &mut Report) {
    general_losses(api, likes, report);
    holes::fill(api, likes, report);
    order::parameters(api, likes, report);
    order::nested_types(api, likes, report);
    annotations::copy(api, likes, report);
    marks::copy(api, likes, report);
    sparse::mark(api, likes, report);
    annotations::literals(api, likes, report);
    aliases::restore(api, likes, report);
    if keep_docs {
        documentation::copy(api, likes);
    }
}

/// A dump says all that matters; other IDL knows the looks.
pub(crate) fn dump(api: &mut Api, likes: &[Like], keep_docs: bool, report: &mut Report) {
    if !likes.is_empty() {
        order::nested_types(api, likes, report);
        annotations::literals(api, likes, report);
    }
    if keep_docs {
        documentation::copy(api, likes);
    }
}

/// What is never in a package, said once.
fn general_losses(api: &Api, likes: &[Like], report: &mut Report) {
    let is_sparse_known = sparse::is_known(report);
    let package = report.package.clone();
    let mut lost = |text: &str| report.add(FindingKind::Lost, package.clone(), text);
    lost(
        "types of IDL files for which the vendor generates no Python (`datapush`) are missing; the device may well have them",
    );
    let elsewhere = if likes.is_empty() {
        ""
    } else {
        " that the IDL given does not have"
    };
    let names = match is_sparse_known {
        true => "`deprecated`",
        false => "`deprecated`, `sparse_in`",
    };
    lost(&format!("annotations{elsewhere} ({names}) are missing"));
    let has_map = api.types.iter().any(|ty| {
        matches!(ty.kind, Kind::Interface(_))
            && ty.members.iter().any(|member| match member {
                Member::Method(method) => method
                    .parameters
                    .iter()
                    .map(|parameter| &parameter.ty)
                    .chain(&method.returns)
                    .any(|ty| matches!(ty, crate::api::Ty::Map(..))),
                _ => false,
            })
    });
    if has_map {
        lost(&format!(
            "typedefs{elsewhere} are missing: their maps are written out"
        ));
    }
}

/// In-parameters or out-parameters by name, in order.
fn names(parameters: &[crate::api::Parameter], direction: Direction) -> Vec<&str> {
    let chosen = parameters
        .iter()
        .filter(|parameter| parameter.direction == direction);
    chosen.map(|parameter| parameter.name.as_str()).collect()
}
