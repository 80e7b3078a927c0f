//! What sound IDL holds that the generator would refuse.

use xerus_idl::diagnostic::{Diagnostic, Level};
use xerus_idl::model::Model;

use crate::names::check;
use crate::names::table::Names;
use crate::options::Options;
use crate::well_known::WellKnown;

/// Warnings of what the generator with its default options refuses in a sound model, each with the way out.
///
/// Without any of them the model can be generated.
///
/// ```
/// let idl = "module lab { interface Meter { int getUrl(); int getURL(); }; }";
/// let loaded = xerus_idl::Idl::new().text("Meter.idl", idl).load()?;
/// let [warning] = &xerus_codegen::lint(&loaded.model)[..] else { panic!() };
/// assert_eq!(warning.code, xerus_codegen::codes::COLLISION);
/// assert!(warning.help.as_deref().unwrap().contains("--rename lab.Meter.getURL=get_url2"));
/// # Ok::<(), xerus_idl::Diagnostics>(())
/// ```
#[must_use]
pub fn lint(model: &Model) -> Vec<Diagnostic> {
    let options = Options::default();
    let mut problems = Vec::new();
    let names = Names::new(model, &options, &mut problems);
    let mut found = check::check(model, &names);
    found.extend(check::results(model, |_| true));
    WellKnown::new(model, &names, &options, &mut found, &mut problems);
    debug_assert!(
        problems.is_empty(),
        "default options are sound: {problems:?}"
    );
    for item in &mut found {
        item.level = Level::Warning;
    }
    found
}
