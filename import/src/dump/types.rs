//! The types of a dump, and what is nested in what.

use std::collections::{BTreeMap, HashMap, HashSet};

use xerus_wire_id::split_suffix;

use super::document::At;
use super::members::{Members, Place};
use super::order;
use crate::api::{
    Api, IdlFile, Kind, Member, Notes, Type, TypeId, UNVERSIONED_SCOPE, is_identifier, unversioned,
};
use crate::error::Error;
use crate::limits::Limits;
use crate::text::{is_file_name, quoted};

/// Parts of a path; the vendor's longest has four.
const MOST_PARTS: usize = 16;

/// Files of one dump; the vendor has some 120.
const MOST_FILES: usize = 1_000;

/// Annotations whose meaning a dump carries completely.
const WHOLE: [&str; 4] = [
    "deprecated",
    "sparse_in",
    "unknown_fallback",
    UNVERSIONED_SCOPE,
];

/// What a dump has or had and the result has not.
#[derive(Debug, Default)]
pub(super) struct Lost {
    pub(super) docs: bool,
    /// Types and members with an annotation that may have had arguments.
    pub(super) arguments: Vec<String>,
}

/// The types, enclosing ones before nested ones.
pub(super) struct Types<'v> {
    sources: Vec<At<'v>>,
    files: Vec<&'v str>,
    parents: Vec<Option<TypeId>>,
    limits: Limits,
    api: Api,
}

impl<'v> Types<'v> {
    /// Reads ids, paths, kinds and files.
    pub(super) fn new(list: Vec<At<'v>>, limits: Limits) -> Result<Self, Error> {
        let mut sorted = Vec::with_capacity(list.len());
        for at in list {
            let path = at.member("path")?.text()?;
            let parts = path.split('.').count();
            let is_sound = (2..=MOST_PARTS).contains(&parts) && path.split('.').all(is_identifier);
            if !is_sound {
                let message = format!("{} is no path of a type", quoted(path));
                return Err(at.member("path")?.error(message));
            }
            sorted.push((parts, path, at));
        }
        sorted.sort_by_key(|(parts, ..)| *parts);
        let mut types = Self {
            sources: Vec::new(),
            files: Vec::new(),
            parents: Vec::new(),
            limits,
            api: Api::default(),
        };
        let mut paths: HashMap<&str, TypeId> = HashMap::new();
        for (_, path, at) in sorted {
            if paths.insert(path, types.sources.len()).is_some() {
                return Err(at.error(format!("a second type {}", quoted(path))));
            }
            types.add(path, at, &paths)?;
        }
        Ok(types)
    }

    fn add(
        &mut self,
        path: &'v str,
        at: At<'v>,
        paths: &HashMap<&str, TypeId>,
    ) -> Result<(), Error> {
        let (scope, name) = path.rsplit_once('.').unwrap_or(("", path));
        let parent = paths.get(scope).copied();
        let module = match parent.and_then(|parent| self.api.types.get(parent)) {
            Some(outer) => outer.module.clone(),
            None => scope.to_owned(),
        };
        let split = split_suffix(name);
        let scope_of_id = match is_unversioned(&at)? {
            true => unversioned(scope),
            false => scope.to_owned(),
        };
        let wire_id = format!("{scope_of_id}.{}:{}", split.base(), split.version());
        let id = at.member("id")?;
        if id.text()? != wire_id {
            return Err(id.error(format!(
                "a type of this path has the id {}",
                quoted(&wire_id)
            )));
        }
        let kind = at.member("kind")?;
        let kind = match kind.text()? {
            "interface" => Kind::Interface(None),
            "structure" => Kind::Structure,
            "valueobject" => Kind::ValueObject(None),
            "enumeration" => Kind::Enumeration,
            "typedef" => Kind::Typedef,
            "opaque" => Kind::Opaque,
            other => return Err(kind.error(format!("{} is no kind of type", quoted(other)))),
        };
        let file = at.member("file")?;
        let name_of_file = file.text()?;
        if !is_file_name(name_of_file) {
            let message = format!("{} is no name of an IDL file", quoted(name_of_file));
            return Err(file.error(message));
        }
        self.files.push(name_of_file);
        self.parents.push(parent);
        self.sources.push(at);
        self.api.types.push(Type {
            python: unversioned(path),
            module,
            scope: scope.to_owned(),
            name: name.to_owned(),
            wire_id,
            kind,
            members: Vec::new(),
            notes: Notes::default(),
        });
        Ok(())
    }

    /// Reads bases, members and notes.
    pub(super) fn read(&mut self, docs: bool) -> Result<Lost, Error> {
        let mut members = Members {
            ids: HashMap::new(),
            limits: self.limits,
            docs,
            docs_lost: false,
        };
        for (id, at) in self.sources.iter().enumerate() {
            members.ids.insert(at.member("id")?.text()?, id);
        }
        let mut lost = Lost::default();
        for (at, ty) in self.sources.iter().zip(&mut self.api.types) {
            if let Kind::Interface(base) | Kind::ValueObject(base) = &mut ty.kind
                && let Some(wire_id) = at.text_of("extends")?
            {
                let Some(&found) = members.ids.get(wire_id) else {
                    let message = format!("{} is no type of this dump", quoted(wire_id));
                    return Err(at.member("extends")?.error(message));
                };
                *base = Some(found);
            }
            ty.members = members.read(at, ty.kind)?;
            ty.notes = members.notes(at, Place::Before)?;
            let path = ty.path();
            lost.arguments.extend(uncertain(&path, ty));
        }
        lost.docs = members.docs_lost;
        Ok(lost)
    }

    /// Puts nested types into what encloses them, and the others into files.
    pub(super) fn finish(mut self) -> Result<Api, Error> {
        let mut nested = vec![Vec::new(); self.parents.len()];
        let mut files: BTreeMap<&str, Vec<TypeId>> = BTreeMap::new();
        for (id, (parent, file)) in self.parents.iter().zip(&self.files).enumerate() {
            match parent.and_then(|parent| nested.get_mut(parent)) {
                Some(siblings) => siblings.push(id),
                None => files.entry(file).or_default().push(id),
            }
        }
        if files.len() > MOST_FILES {
            let message = format!("the types are in more than {MOST_FILES} files");
            return Err(Error::Dump {
                place: "types".to_owned(),
                message,
            });
        }
        let family = |siblings: &[TypeId]| {
            Family {
                types: &self,
                nested: &nested,
            }
            .sorted(siblings)
        };
        let inner: Vec<_> = nested.iter().map(|siblings| family(siblings)).collect();
        let files = files.iter().map(|(name, siblings)| IdlFile {
            name: (*name).to_owned(),
            named_by_package: true,
            types: family(siblings),
        });
        self.api.files = files.collect();
        for (ty, siblings) in self.api.types.iter_mut().zip(inner) {
            let own = std::mem::take(&mut ty.members);
            ty.members = siblings.into_iter().map(Member::Type).chain(own).collect();
        }
        Ok(self.api)
    }
}

/// Types with what is nested in them.
struct Family<'a, 'v> {
    types: &'a Types<'v>,
    nested: &'a [Vec<TypeId>],
}

impl Family<'_, '_> {
    /// Siblings, those first that others name.
    fn sorted(&self, siblings: &[TypeId]) -> Vec<TypeId> {
        let all: HashSet<_> = siblings.iter().copied().collect();
        let top = |id| {
            let mut at = Some(id);
            while let Some(id) = at.filter(|id| !all.contains(id)) {
                at = self.types.parents.get(id).copied().flatten();
            }
            at
        };
        order::by_need(siblings, top, |id| self.needs(id))
    }

    /// What a type and everything in it name.
    fn needs(&self, id: TypeId) -> Vec<TypeId> {
        let mut needed = Vec::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            needed.extend(
                self.types
                    .api
                    .types
                    .get(id)
                    .into_iter()
                    .flat_map(order::named),
            );
            open.extend(self.nested.get(id).into_iter().flatten());
        }
        needed
    }
}

fn is_unversioned(at: &At<'_>) -> Result<bool, Error> {
    for annotation in at.list_of("annotations")? {
        if annotation.name()? == UNVERSIONED_SCOPE {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The annotations of a type and its members that a dump may carry without their arguments.
fn uncertain(path: &str, ty: &Type) -> Vec<String> {
    let is_uncertain = |notes: &Notes| {
        let mut names = notes.annotations.iter();
        names.any(|text| !WHOLE.contains(&text.split('(').next().unwrap_or(text)))
    };
    let members = ty.members.iter().filter_map(|member| {
        let (name, notes) = match member {
            Member::Constant(one) => (&one.name, &one.notes),
            Member::Field(one) => (&one.name, &one.notes),
            Member::Method(one) => (&one.name, &one.notes),
            Member::Type(_) | Member::Enumerator(_) | Member::Typedef(_) => return None,
        };
        is_uncertain(notes).then(|| format!("{path}.{name}"))
    });
    let own = is_uncertain(&ty.notes).then(|| path.to_owned());
    own.into_iter().chain(members).collect()
}
