//! Which file includes which: so that every reference is in the closure, and nothing goes round.

use crate::api::{Api, Kind, Member, TypeId};
use crate::complete::like::Like;
use crate::report::{FindingKind, Report};

/// Direct includes by position in [`Api::files`].
pub(super) struct Includes {
    direct: Vec<Vec<usize>>,
}

impl Includes {
    /// Without other IDL, the files of everything that is named; otherwise what that file includes there, and what else
    /// is needed.
    pub(super) fn of(api: &Api, likes: &[Like], report: &mut Report) -> Self {
        let needs = needs(api);
        let mut direct: Vec<Vec<usize>> = Vec::new();
        let mut known = Vec::new();
        for (file, needed) in api.files.iter().zip(&needs) {
            let like = likes.iter().find_map(|like| like.file(&file.name));
            known.push(like);
            direct.push(if like.is_some() {
                Vec::new()
            } else {
                needed.clone()
            });
        }
        // All edges that any file will have to see.
        let mut all = needs.clone();
        for (at, like) in known.iter().enumerate() {
            for include in like.iter().flat_map(|like| &like.includes) {
                let target = api.files.iter().position(|file| file.name == include.file);
                let Some(target) = target.filter(|target| *target != at) else {
                    continue;
                };
                if is_in(&closure(&all, target), at) {
                    let text = format!(
                        "`{}` of the IDL given is left out: it would go round",
                        include.file
                    );
                    let name = api.files.get(at).map_or("", |file| &file.name);
                    report.add(FindingKind::Lost, format!("{name}: #include"), text);
                    continue;
                }
                for edges in [&mut all, &mut direct] {
                    if let Some(list) = edges.get_mut(at)
                        && !list.contains(&target)
                    {
                        list.push(target);
                    }
                }
            }
        }
        for (at, needed) in needs.iter().enumerate() {
            let mut reached = closure(&direct, at);
            for &target in needed {
                if !is_in(&reached, target)
                    && let Some(list) = direct.get_mut(at)
                {
                    list.push(target);
                    reached = closure(&direct, at);
                }
            }
        }
        Self { direct }
    }

    /// The names that a file includes.
    pub(super) fn texts(&self, api: &Api, at: usize) -> Vec<String> {
        let direct = self.direct.get(at).map_or(&[][..], Vec::as_slice);
        direct
            .iter()
            .filter_map(|&at| api.files.get(at))
            .map(|file| file.name.clone())
            .collect()
    }
}

/// The files of everything that a file names, in order of first mention.
fn needs(api: &Api) -> Vec<Vec<usize>> {
    let mut homes = vec![0; api.types.len()];
    for (at, file) in api.files.iter().enumerate() {
        for &id in &file.types {
            for id in family(api, id) {
                if let Some(home) = homes.get_mut(id) {
                    *home = at;
                }
            }
        }
    }
    let mut needs = Vec::new();
    for (at, file) in api.files.iter().enumerate() {
        let mut needed = Vec::new();
        for &id in &file.types {
            for id in family(api, id) {
                for named in named(api, id) {
                    let home = homes[named];
                    if home != at && !needed.contains(&home) {
                        needed.push(home);
                    }
                }
            }
        }
        needs.push(needed);
    }
    needs
}

/// A type and everything in it.
fn family(api: &Api, id: TypeId) -> Vec<TypeId> {
    let mut found = vec![id];
    let mut at = 0;
    while let Some(&id) = found.get(at) {
        at += 1;
        let members = api
            .types
            .get(id)
            .map_or(&[][..], |ty| ty.members.as_slice());
        found.extend(members.iter().filter_map(|member| match member {
            Member::Type(id) => Some(*id),
            _ => None,
        }));
    }
    found
}

/// The types that a type names itself.
fn named(api: &Api, id: TypeId) -> Vec<TypeId> {
    let mut found = Vec::new();
    let Some(ty) = api.types.get(id) else {
        return found;
    };
    if let Kind::Interface(Some(base)) | Kind::ValueObject(Some(base)) = ty.kind {
        found.push(base);
    }
    for member in &ty.members {
        match member {
            Member::Field(field) => field.ty.named(&mut found),
            Member::Typedef(typedef) => typedef.target.named(&mut found),
            Member::Method(method) => {
                method.types().for_each(|ty| ty.named(&mut found));
            }
            Member::Constant(constant) => constant.ty.named(&mut found),
            Member::Type(_) | Member::Enumerator(_) => {}
        }
    }
    found
}

/// Whether each file is reached from a file, the file itself included.
fn closure(edges: &[Vec<usize>], from: usize) -> Vec<bool> {
    let mut reached = vec![false; edges.len()];
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        if let Some(seen) = reached.get_mut(file)
            && !std::mem::replace(seen, true)
        {
            open.extend(edges.get(file).into_iter().flatten());
        }
    }
    reached
}

fn is_in(reached: &[bool], file: usize) -> bool {
    reached[file]
}
