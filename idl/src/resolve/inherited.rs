use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Model, Type, TypeIndex};

/// A member whose name a base has already.
pub(crate) struct Redeclared {
    /// The type and the position of the member in it.
    pub(crate) own: (TypeIndex, usize),
    /// The nearest base with the name and the position of the member there.
    pub(crate) base: (TypeIndex, usize),
}

/// Finds all members whose name a base has, in time linear in the number of members.
///
/// `names` gives the member names of a type. Each tree of types is walked from its root with a
/// table of the names on the way.
pub(crate) fn redeclared<'m>(
    model: &'m Model,
    names: impl Fn(&'m Type) -> Vec<&'m str>,
) -> Vec<Redeclared> {
    enum Step {
        Enter(TypeIndex),
        Leave(TypeIndex),
    }
    let mut derived: Vec<Vec<TypeIndex>> = vec![Vec::new(); model.types.len()];
    let mut open = Vec::new();
    for (index, _) in model.types().rev() {
        match model.base(index) {
            Some(base) => derived[base.at()].push(index),
            None => open.push(Step::Enter(index)),
        }
    }
    let is_alone = |index: TypeIndex| derived[index.at()].is_empty() && model.base(index).is_none();
    let mut owners: HashMap<&str, Vec<(TypeIndex, usize)>> = HashMap::new();
    let mut found = Vec::new();
    while let Some(step) = open.pop() {
        match step {
            // Nothing is inherited here.
            Step::Enter(index) if is_alone(index) => {}
            Step::Enter(index) => {
                let own = names(model.ty(index));
                for (at, name) in own.iter().enumerate() {
                    if let Some(&base) = owners.get(name).and_then(|list| list.last()) {
                        found.push(Redeclared {
                            own: (index, at),
                            base,
                        });
                    }
                }
                for (at, name) in own.into_iter().enumerate() {
                    owners.entry(name).or_default().push((index, at));
                }
                open.push(Step::Leave(index));
                open.extend(derived[index.at()].iter().map(|&next| Step::Enter(next)));
            }
            Step::Leave(index) => {
                for name in names(model.ty(index)) {
                    owners.entry(name).or_default().pop();
                }
            }
        }
    }
    found
}

/// Reports methods and fields that a base already has: on the wire both would have one name.
pub(super) fn check(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for member in redeclared(model, |ty| ty.methods().iter().map(|m| &*m.name).collect()) {
        let Some(own) = model.ty(member.own.0).methods().get(member.own.1) else {
            continue;
        };
        let base = model.ty(member.base.0);
        let mut diagnostic = Diagnostic::error(
            codes::INHERITED_MEMBER,
            own.span,
            format!(
                "`{}` is already a method of base `{}`; a call could not tell them apart",
                own.name, base.name
            ),
        );
        if let Some(other) = base.methods().get(member.base.1) {
            diagnostic = diagnostic.see(other.span, "declared here in the base");
        }
        diagnostics.push(diagnostic);
    }
    for member in redeclared(model, |ty| ty.fields().iter().map(|f| &*f.name).collect()) {
        let Some(own) = model.ty(member.own.0).fields().get(member.own.1) else {
            continue;
        };
        let base = model.ty(member.base.0);
        let mut diagnostic = Diagnostic::error(
            codes::INHERITED_MEMBER,
            own.span,
            format!(
                "`{}` is already a field of base `{}`; a value has one member of a name",
                own.name, base.name
            ),
        );
        if let Some(other) = base.fields().get(member.base.1) {
            diagnostic = diagnostic.see(other.span, "declared here in the base");
        }
        diagnostics.push(diagnostic);
    }
}
