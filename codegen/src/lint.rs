//! What sound IDL holds that the generator would refuse.

use xerus_idl::diagnostic::{Diagnostic, Level};
use xerus_idl::model::Model;

use crate::facts::Facts;
use crate::names::check;
use crate::names::table::Names;
use crate::options::Options;
use crate::select::Selection;
use crate::typed_errors::TypedErrors;
use crate::well_known::WellKnown;

/// Warnings of what the generator under these options refuses in a sound model, each with the way out.
///
/// Without any of them the model can be generated, unless an option itself cannot be followed.
///
/// ```
/// let idl = "module lab { interface Meter { int getUrl(); int getURL(); }; }";
/// let loaded = xerus_idl::Idl::new().text("Meter.idl", idl).load()?;
/// let mut options = xerus_codegen::Options::new();
/// let [warning] = &xerus_codegen::lint(&loaded.model, &options)[..] else { panic!() };
/// assert_eq!(warning.code, xerus_codegen::codes::COLLISION);
/// assert!(warning.help.as_deref().unwrap().contains("--rename lab.Meter.getURL=get_url2"));
///
/// options.apply_flag("rename", Some("lab.Meter.getURL=get_url2")).unwrap();
/// assert!(xerus_codegen::lint(&loaded.model, &options).is_empty());
/// # Ok::<(), xerus_idl::Diagnostics>(())
/// ```
#[must_use]
pub fn lint(model: &Model, options: &Options) -> Vec<Diagnostic> {
    // Of options that cannot be followed the generator tells, which has them all.
    let mut problems = Vec::new();
    let names = Names::new(model, options, &mut problems);
    let facts = Facts::new(model, options, &mut problems);
    let selection = Selection::new(model, &names, &facts, options, &mut problems);
    let mut found = Vec::new();
    let errors = TypedErrors::new(model, &facts, |index| selection.emits(index), &mut found);
    found.extend(check::check(model, &names, &errors));
    found.extend(check::results(model, |index| selection.emits(index)));
    found.extend(check::wire_names(model, &facts, |index| {
        selection.emits(index)
    }));
    WellKnown::new(model, &names, options, &mut found, &mut problems);
    for item in &mut found {
        item.level = Level::Warning;
    }
    found
}
