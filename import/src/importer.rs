//! The whole way from a path to IDL.

use std::collections::BTreeMap;
use std::path::PathBuf;

use xerus_idl::Idl;
use xerus_idl::lint::{Lint, Lints};

use crate::api::{Api, Kind};
use crate::complete::like::Like;
use crate::error::Error;
use crate::input::{self, Input};
use crate::limits::Limits;
use crate::package::Package;
use crate::report::{FindingKind, Report};
use crate::{complete, dump, read, write};

/// What to import, and how. Nothing is read before [`run`](Self::run).
#[derive(Clone, Debug, Default)]
pub struct Importer {
    input: Option<PathBuf>,
    like: Vec<PathBuf>,
    other: Vec<PathBuf>,
    docs: bool,
    keep_docs: bool,
    lenient: bool,
    limits: Limits,
}

/// What an import yields.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Imported {
    /// Name and canonical text of every file, sorted by name.
    pub files: Vec<(String, String)>,
    /// Where everything comes from that the package does not say.
    pub report: Report,
}

impl Importer {
    /// Nothing to read yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The input: a wheel (`.whl`), an sdist (`.tar.gz`), a directory with an unpacked package in it, such as
    /// `/usr/lib/python3/dist-packages`, or the document that `xerus dump` writes (`.json`).
    #[must_use]
    pub fn input(mut self, path: impl Into<PathBuf>) -> Self {
        self.input = Some(path.into());
        self
    }

    /// IDL to follow where the package says nothing. Types are found by their paths without versions. The first of
    /// several that knows something counts.
    #[must_use]
    pub fn like(mut self, path: impl Into<PathBuf>) -> Self {
        self.like.push(path.into());
        self
    }

    /// IDL of another firmware. It completes what no package says, after that given with [`like`](Self::like), and does not say
    /// which settings may be left out (`[sparse_in]`) where that is known of the package's own firmware.
    #[must_use]
    pub fn other(mut self, path: impl Into<PathBuf>) -> Self {
        self.other.push(path.into());
        self
    }

    /// Whether to take over the documentation that packages since 4.4.0 and dumps with `--docs` carry (off by default).
    /// In packages it is the vendor's text.
    #[must_use]
    pub const fn docs(mut self, docs: bool) -> Self {
        self.docs = docs;
        self
    }

    /// Whether to take over the documentation of the IDL given with [`like`](Self::like) (off by default), where the
    /// package has none.
    #[must_use]
    pub const fn keep_docs(mut self, keep_docs: bool) -> Self {
        self.keep_docs = keep_docs;
        self
    }

    /// Whether members that are not understood are left out of the result and listed in its report (off by default: they
    /// refuse the import). What a type cannot do without refuses it always: its id, its fields, its enumerators.
    #[must_use]
    pub const fn lenient(mut self, lenient: bool) -> Self {
        self.lenient = lenient;
        self
    }

    /// Other limits than the default ones.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Imports. The result is loaded again before it is returned: it has no errors, and every type has the id that the
    /// package gives it.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn run(self) -> Result<Imported, Error> {
        let path = self.input.clone().ok_or(Error::NoInput)?;
        let input = input::read(&path, self.limits)?;
        let likes = self
            .like
            .iter()
            .map(|path| Like::load(path))
            .chain(
                self.other
                    .iter()
                    .map(|path| Like::load(path).map(Like::of_another_firmware)),
            )
            .collect::<Result<Vec<_>, _>>()?;
        let (mut api, mut report) = match &input {
            Input::Package(files) => self.package(files)?,
            Input::Dump(bytes) => {
                let mut report = Report::of_package("dump", None);
                let api = dump::read(bytes, self.docs, self.limits, &mut report)?;
                (api, report)
            }
        };
        if api.types.is_empty() {
            return Err(Error::NoTypes);
        }
        match input {
            Input::Package(_) => complete::package(&mut api, &likes, self.keep_docs, &mut report),
            Input::Dump(_) => complete::dump(&mut api, &likes, self.keep_docs, &mut report),
        }
        same_files(&api)?;
        let files = write::write(&api, &likes, &mut report)?;
        check(&api, &files, &mut report)?;
        report.findings.sort();
        report.findings.dedup();
        Ok(Imported { files, report })
    }

    fn package(&self, files: &input::Files) -> Result<(Api, Report), Error> {
        let package = Package::find(files)?;
        let mut report = Report::of_package(&package.name, package.version.as_deref());
        let options = read::Options {
            docs: self.docs,
            lenient: self.lenient,
        };
        let api = read::read(&package, options, self.limits, &mut report)?;
        Ok((api, report))
    }
}

/// Refuses names of files that differ in capitals only.
fn same_files(api: &Api) -> Result<(), Error> {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in &api.files {
        let same = names.entry(file.name.to_ascii_lowercase()).or_default();
        same.push(file.name.clone());
    }
    match names.into_values().find(|same| same.len() > 1) {
        Some(same) => Err(Error::SameFiles(same)),
        None => Ok(()),
    }
}

/// Reads the result as anybody would.
fn check(api: &Api, files: &[(String, String)], report: &mut Report) -> Result<(), Error> {
    let idl = files
        .iter()
        .fold(Idl::new(), |idl, (name, text)| idl.text(name, text));
    let lints = Lints::default().with(Lint::ForwardReference);
    let loaded = idl
        .lints(lints)
        .load()
        .map_err(|found| Error::Unsound(found.to_short()))?;
    for warning in &loaded.warnings {
        let place = loaded.sources.file(warning.span.file).file_name();
        report.add(FindingKind::Warning, place, warning.message.clone());
    }
    let declared = api.types.iter().filter(|ty| ty.kind != Kind::Typedef);
    let mut expected: Vec<_> = declared.map(|ty| ty.wire_id.as_str()).collect();
    expected.sort_unstable();
    let aliases = |kind: &xerus_idl::model::TypeKind| kind.word() == "typedef";
    let types = loaded
        .model
        .types_by_wire_id()
        .filter(|(_, ty)| !aliases(&ty.kind));
    let found: Vec<_> = types.map(|(_, ty)| ty.wire_id.as_str()).collect();
    if found != expected {
        let other = expected.iter().find(|id| !found.contains(id));
        let message = format!("type ids differ from those of the package: {other:?}");
        return Err(Error::Unsound(message));
    }
    Ok(())
}
