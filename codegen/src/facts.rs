//! What is known about methods beside their signatures: marks, and the names of return codes.
//!
//! Three sources, the later beats the earlier, mark by mark: what the generator knows ([`table`] and what names suggest),
//! the marks of the documentation, the option `mark`. `docs/method-facts.md` says how it is decided.

mod codes;
mod names;
mod own;
mod reach;
mod said;
mod table;

#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::sync::OnceLock;

use xerus_idl::diagnostic::{Diagnostic, Diagnostics};
use xerus_idl::marks::Marks;
use xerus_idl::model::{Method, Model, TypeIndex, TypeRef};
use xerus_idl::source::SourceMap;

pub use names::{suggests_long_poll, suggests_repeatable};

use crate::error::{Error, Problem};
use crate::options::Options;
use crate::{codes as diagnostics, paths};
use own::Own;
use reach::Reach;
use said::Item;

/// What is known about one method.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MethodFacts {
    /// What all sources together say. `repeatable` and `long_poll` are always there, `code` when the method returns an
    /// `int`.
    pub marks: Marks,
    /// For methods whose `int` is a return code: the codes other than 0 that have names, in order, each with the names
    /// of the constants that it can be; several where nothing decides between them.
    pub codes: Option<Vec<(i32, Vec<String>)>>,
}

/// What is known about the methods of a model.
///
/// ```
/// use xerus_codegen::facts::Facts;
/// use xerus_codegen::{Options, input};
///
/// let idl = "module garden { interface Pump { constant int ERR_DRY = 1; int start(); int getSpeed(); }; }";
/// let options = Options::new();
/// let input = input::read_text("Garden.idl", idl, &options).finish()?;
/// let facts = Facts::of(&input.model, &input.sources, &options)?;
///
/// let pump = input.model.find("garden.Pump").expect("it is declared");
/// let [start, speed] = input.model.ty(pump).methods() else { panic!("two methods") };
/// assert_eq!(facts.method(pump, start).marks.repeatable, Some(false));
/// assert_eq!(facts.method(pump, start).codes, Some(vec![(1, vec!["ERR_DRY".to_owned()])]));
/// assert_eq!(facts.method(pump, speed).marks.repeatable, Some(true));
/// assert_eq!(facts.method(pump, speed).codes, None);
/// # Ok::<(), xerus_codegen::Error>(())
/// ```
#[derive(Debug)]
pub struct Facts<'m> {
    model: &'m Model,
    own: Own,
    /// By type; worked out when one of its methods is asked for, on whatever thread that is.
    types: Vec<OnceLock<Vec<MethodFacts>>>,
}

impl<'m> Facts<'m> {
    /// The facts of a model.
    ///
    /// # Errors
    ///
    /// When the option `mark` cannot be followed, or a method has a mark that it cannot have.
    pub fn of(model: &'m Model, sources: &SourceMap, options: &Options) -> Result<Self, Error> {
        let (mut found, mut problems) = (Vec::new(), Vec::new());
        let facts = Self::new(model, options, &mut found, &mut problems);
        if !found.is_empty() {
            return Err(Error::idl(Diagnostics::new(sources.clone(), found)));
        }
        if problems.is_empty() {
            Ok(facts)
        } else {
            Err(Error::options(problems))
        }
    }

    /// What is wrong with the IDL goes to `found`, what is wrong with options to `problems`.
    pub(crate) fn new(
        model: &'m Model,
        options: &Options,
        found: &mut Vec<Diagnostic>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        for (_, ty) in model.types() {
            let methods = ty.methods().iter();
            found.extend(methods.filter_map(|method| without_int(model, method)));
        }
        Self {
            model,
            own: Own::new(model, options, problems),
            types: model.types().map(|_| OnceLock::new()).collect(),
        }
    }

    /// What is known about a method; `owner` is the interface that declares it.
    ///
    /// # Panics
    ///
    /// When `owner` does not declare such a method.
    #[must_use]
    pub fn method(&self, owner: TypeIndex, method: &Method) -> &MethodFacts {
        let methods = self.model.ty(owner).methods();
        let at = methods.iter().position(|one| one.name == method.name);
        let facts = self.types[owner.0 as usize].get_or_init(|| self.work_out(owner));
        at.and_then(|at| facts.get(at))
            .expect("the interface declares the method")
    }

    /// The type of what a method reports before its result.
    pub(crate) fn progress(&self, owner: TypeIndex, method: &Method) -> Option<TypeRef> {
        let said = self.method(owner, method).marks.progress.as_ref()?;
        if Some(said) == method.marks.progress.as_ref() {
            return method.mark_types.progress.clone();
        }
        own::reported_type(self.model, said)
    }

    /// The facts of all methods of an interface, in their order.
    fn work_out(&self, owner: TypeIndex) -> Vec<MethodFacts> {
        let ty = self.model.ty(owner);
        let path = paths::plain(self.model, ty);
        let reach = OnceCell::new();
        let reach = || reach.get_or_init(|| Reach::new(self.model, owner));
        let facts = |method: &Method| {
            let known = table::Known::of(&path, &method.name);
            let marks = self.marks(owner, method, &known);
            if codes::returns_int(self.model, method) {
                with_code(ty.methods(), method, marks, &known, reach())
            } else {
                MethodFacts { marks, codes: None }
            }
        };
        ty.methods().iter().map(facts).collect()
    }

    /// What all sources say, apart from what the returned `int` is.
    fn marks(&self, owner: TypeIndex, method: &Method, known: &table::Known) -> Marks {
        let repeatable = known.repeatable;
        let mut marks = Marks::default();
        marks.repeatable = repeatable.or_else(|| Some(suggests_repeatable(&method.name)));
        marks.long_poll = Some(suggests_long_poll(&method.name));
        marks.code = known.code;
        marks.merge(&method.marks);
        if let Some(own) = self.own.marks(owner, &method.name) {
            marks.merge(own);
        }
        marks
    }
}

/// The facts of a method that returns an `int`.
fn with_code(
    methods: &[Method],
    method: &Method,
    mut marks: Marks,
    known: &table::Known,
    reach: &Reach<'_>,
) -> MethodFacts {
    let texts = codes::texts(methods, method);
    let items: Vec<_> = texts.iter().map(|text| Item::parse(text)).collect();
    let is_code = marks
        .code
        .unwrap_or_else(|| codes::is_code(method, &items, reach));
    marks.code = Some(is_code);
    let codes = is_code.then(|| {
        let mut table = codes::table(method, &items, known.names, reach);
        // An error code of a wire may be a text; one that is a number is what the method returns.
        for (code, name) in &marks.errors {
            if let Ok(code) = code.parse::<i32>()
                && code != 0
            {
                table.insert(code, vec![name.clone()]);
            }
        }
        table.into_iter().collect()
    });
    MethodFacts { marks, codes }
}

/// A method that says what its `int` is, but returns none.
fn without_int(model: &Model, method: &Method) -> Option<Diagnostic> {
    let mark = own::code_mark(&method.marks)?;
    if codes::returns_int(model, method) {
        return None;
    }
    let message = format!(
        "`{}` has the mark `{mark}`, but returns no `int`",
        method.name
    );
    let mut diagnostic = Diagnostic::error(diagnostics::NO_INT, method.span, message);
    diagnostic.label = Some("returns something else".to_owned());
    diagnostic.help = Some(format!("remove `{mark}` from its documentation"));
    Some(diagnostic)
}
