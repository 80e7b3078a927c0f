//! Python classes to an [`Api`].
//!
//! Generated classes name their IDL type in `idlType`; where they stand gives their place in the IDL. What types the
//! members have is read from how they are decoded, encoded and checked.

mod checks;
mod classes;
mod fields;
mod kinds;
mod leftovers;
mod members;
mod methods;
mod names;
mod remarks;
mod sections;
mod shapes;
mod types;

use std::collections::HashMap;

use self::classes::Raw;
use crate::api::{Api, TypeId};
use crate::error::{Error, Problem};
use crate::limits::Limits;
use crate::package::{Package, PythonFile};
use crate::python::{self, Source};
use crate::report::{FindingKind, Report};

/// Reads all modules of a package.
pub(crate) fn read(
    package: &Package,
    options: Options,
    limits: Limits,
    report: &mut Report,
) -> Result<Api, Error> {
    let parse = |file: &PythonFile| python::parse(&file.path, &file.text, limits);
    let sources = package
        .modules
        .iter()
        .map(parse)
        .collect::<Result<Vec<_>, _>>()?;
    let opaques = package
        .opaques
        .iter()
        .map(parse)
        .collect::<Result<Vec<_>, _>>()?;
    let mut reader = Reader {
        package,
        sources: &sources,
        docs: options.docs,
        problems: Vec::new(),
        raws: Vec::new(),
        by_python: HashMap::new(),
        api: Api::default(),
    };
    reader.collect(&opaques, report);
    reader.kinds();
    reader.members();
    reader.beside_types(report);
    if options.lenient {
        let left_out = reader.problems.extract_if(.., |one| one.can_be_left_out);
        for problem in left_out {
            let place = format!("{}:{}", problem.file, problem.line);
            report.add(FindingKind::LeftOut, place, problem.message);
        }
    }
    if !reader.problems.is_empty() {
        reader.problems.sort();
        reader.problems.dedup();
        return Err(Error::NotUnderstood(reader.problems));
    }
    Ok(reader.api)
}

/// How a package is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// Whether its documentation is wanted.
    pub(crate) docs: bool,
    /// Whether members that are not understood are left out.
    pub(crate) lenient: bool,
}

struct Reader<'s> {
    package: &'s Package,
    /// One per module file.
    sources: &'s [Source],
    docs: bool,
    problems: Vec<Problem>,
    /// One per type.
    raws: Vec<Raw<'s>>,
    /// Types by Python's name of them.
    by_python: HashMap<String, TypeId>,
    api: Api,
}

impl Reader<'_> {
    fn problem(&mut self, source: usize, line: u32, message: impl Into<String>) {
        self.add_problem(source, line, message.into(), false);
    }

    /// A problem of a member without which the type is still sound.
    fn odd(&mut self, id: TypeId, line: u32, message: impl Into<String>) {
        let source = self.raws.get(id).map_or(0, |raw| raw.source);
        self.add_problem(source, line, message.into(), true);
    }

    fn add_problem(&mut self, source: usize, line: u32, message: String, can_be_left_out: bool) {
        let file = self
            .package
            .modules
            .get(source)
            .map_or("", |file| &file.path)
            .to_owned();
        self.problems.push(Problem {
            file,
            line,
            message,
            can_be_left_out,
        });
    }

    fn problem_at(&mut self, id: TypeId, line: u32, message: impl Into<String>) {
        let source = self.raws.get(id).map_or(0, |raw| raw.source);
        self.problem(source, line, message);
    }

    /// The type of a dotted Python name as written inside of a class.
    fn resolve(&self, dotted: &[&str], scope: &str) -> Option<TypeId> {
        if let [_, "rpc", rest @ ..] = dotted
            && !rest.is_empty()
        {
            return self.by_python.get(&rest.join(".")).copied();
        }
        let name = dotted.join(".");
        let mut scope = Some(scope);
        while let Some(at) = scope {
            if let Some(id) = self.by_python.get(&format!("{at}.{name}")) {
                return Some(*id);
            }
            scope = at.rsplit_once('.').map(|(outer, _)| outer);
        }
        None
    }
}
