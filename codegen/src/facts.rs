//! What is known about methods beside their signatures: marks, and the names of return codes.
//!
//! There are three sources. For each mark the later one wins: what the generator knows (a table, and what names suggest),
//! the marks of the documentation, the option `mark`. [How it is decided](https://github.com/xerus-rs/xerus-rs/blob/main/docs/method-facts.md).

mod codes;
mod names;
mod own;
mod reach;
mod said;
mod table;
mod types;

#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::sync::OnceLock;

use xerus_idl::marks::Marks;
use xerus_idl::model::{MarkTypes, Method, Model, TypeIndex};

pub use names::{suggests_long_poll, suggests_repeatable};

use crate::error::{Error, Problem};
use crate::options::Options;
use crate::paths;
use own::{Own, Said};
use reach::Reach;
use said::Item;
use table::Known;

/// What is known about one method.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MethodFacts {
    /// What all sources together say. `repeatable` and `long_poll` are always there, `code` when the method returns an
    /// `int`.
    pub marks: Marks,
    /// The types that the marks name.
    pub types: MarkTypes,
    /// For methods whose `int` is a return code: the codes other than 0 that have names, in order, each with the names
    /// of the constants that it can be; several where nothing decides between them.
    pub codes: Option<Vec<(i32, Vec<String>)>>,
}

/// What is known about the methods of a model.
///
/// ```
/// use xerus_codegen::facts::Facts;
/// use xerus_codegen::{Builder, Options};
///
/// let idl = "module garden { interface Pump { constant int ERR_DRY = 1; int start(); int getSpeed(); }; }";
/// let options = Options::new();
/// let input = Builder::new().text("Garden.idl", idl).read().finish()?;
/// let facts = Facts::of(&input.model, &options)?;
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
    /// When the option `mark` cannot be followed.
    pub fn of(model: &'m Model, options: &Options) -> Result<Self, Error> {
        let mut problems = Vec::new();
        let facts = Self::new(model, options, &mut problems);
        if problems.is_empty() {
            Ok(facts)
        } else {
            Err(Error::options(problems))
        }
    }

    /// What is wrong with options goes to `problems`.
    pub(crate) fn new(model: &'m Model, options: &Options, problems: &mut Vec<Problem>) -> Self {
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
    /// When `owner` declares no method of that name.
    #[must_use]
    pub fn method(&self, owner: TypeIndex, method: &Method) -> &MethodFacts {
        let methods = self.model.ty(owner).methods();
        let at = methods.iter().position(|one| one.name == method.name);
        let facts = self.types[owner.0 as usize].get_or_init(|| self.work_out(owner));
        at.and_then(|at| facts.get(at))
            .expect("the interface declares the method")
    }

    /// Whether anything names errors of a method: cheaper than all that is known about it.
    pub(crate) fn names_errors(&self, owner: TypeIndex, method: &Method) -> bool {
        let own = self.own.said(owner, &method.name);
        !method.marks.errors.is_empty() || own.is_some_and(|own| !own.marks.errors.is_empty())
    }

    /// The facts of all methods of an interface, in their order.
    fn work_out(&self, owner: TypeIndex) -> Vec<MethodFacts> {
        let ty = self.model.ty(owner);
        let path = paths::plain(self.model, ty);
        let reach = OnceCell::new();
        let reach = || reach.get_or_init(|| Reach::new(self.model, owner));
        let facts = |method: &Method| {
            let known = Known::of(&path, &method.name);
            let Said { marks, types } = self.said(owner, method, &known);
            let mut facts = MethodFacts {
                marks,
                types,
                codes: None,
            };
            if codes::returns_int(self.model, method) {
                facts.decide(ty.methods(), method, &known, reach());
            }
            facts
        };
        ty.methods().iter().map(facts).collect()
    }

    /// What all sources say, one over the other.
    fn said(&self, owner: TypeIndex, method: &Method, known: &Known) -> Said {
        let mut said = Said::default();
        let name = &method.name;
        said.marks.repeatable = Some(
            known
                .repeatable
                .unwrap_or_else(|| suggests_repeatable(name)),
        );
        said.marks.long_poll = Some(suggests_long_poll(name));
        said.marks.code = known.code;
        said.marks.merge(&method.marks);
        said.types.clone_from(&method.mark_types);
        if let Some(own) = self.own.said(owner, name) {
            said.merge(own);
        }
        said
    }
}

impl MethodFacts {
    /// Decides what the `int` is that the method returns.
    fn decide(&mut self, methods: &[Method], method: &Method, known: &Known, reach: &Reach<'_>) {
        let texts = codes::texts(methods, method);
        let items: Vec<_> = texts.iter().map(|text| Item::parse(text)).collect();
        let is_code = || codes::is_code(method, &items, reach);
        if !*self.marks.code.get_or_insert_with(is_code) {
            return;
        }
        let mut table = codes::table(method, &items, known.names, reach);
        // An error code of a wire may be a text; one that is a number is what the method returns.
        for (code, name) in &self.marks.errors {
            if let Ok(code) = code.parse::<i32>()
                && code != 0
            {
                let name = name.rsplit('.').next().unwrap_or(name);
                table.insert(code, vec![name.to_owned()]);
            }
        }
        self.codes = Some(table.into_iter().collect());
    }
}
