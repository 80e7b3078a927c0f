use std::collections::{BTreeMap, HashMap};

use super::Travel;
use super::lineage::Lineage;
use crate::model::{Direction, Model, TypeIndex, TypeKind, TypeRef};

pub(super) const TO_DEVICE: u8 = 1;
pub(super) const FROM_DEVICE: u8 = 2;

/// One of the two models, prepared.
pub(super) struct Side<'m> {
    pub(super) model: &'m Model,
    /// Path without versions, by type.
    plain: Vec<String>,
    /// The types that take part by plain path: the newest version, in the newest version of what
    /// encloses it.
    pub(super) current: BTreeMap<String, TypeIndex>,
    /// Wire ids of the other versions.
    pub(super) older: Vec<String>,
    travel: Vec<u8>,
    lineage: Lineage,
    /// All types of a plain path, whatever their versions.
    versions: HashMap<String, Vec<TypeIndex>>,
}

impl<'m> Side<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let mut plain: Vec<String> = Vec::with_capacity(model.types().len());
        for (_, ty) in model.types() {
            let outer = match ty.parent {
                Some(parent) => plain.get(parent.at()).map_or("", String::as_str),
                None => &model.module(ty.module).path,
            };
            plain.push(format!("{outer}.{}", ty.base_name));
        }
        let mut versions: HashMap<String, Vec<TypeIndex>> = HashMap::new();
        for ((index, _), path) in model.types().zip(&plain) {
            versions.entry(path.clone()).or_default().push(index);
        }
        let mut side = Self {
            model,
            plain,
            current: BTreeMap::new(),
            older: Vec::new(),
            travel: travel(model),
            lineage: Lineage::new(model),
            versions,
        };
        side.choose();
        side
    }

    pub(super) fn plain(&self, index: TypeIndex) -> &str {
        &self.plain[index.at()]
    }

    /// Whether a type extends any version of a plain path, however indirectly.
    pub(super) fn extends(&self, heir: TypeIndex, base: &str) -> bool {
        let versions = self.versions.get(base).into_iter().flatten();
        versions
            .copied()
            .any(|base| self.lineage.extends(heir, base))
    }

    pub(super) fn is_current(&self, index: TypeIndex) -> bool {
        self.current.get(self.plain(index)) == Some(&index)
    }

    pub(super) fn travel(&self, index: TypeIndex) -> u8 {
        self.travel[index.at()]
    }

    /// Level by level, so that nothing inside an older version is chosen.
    fn choose(&mut self) {
        let types = self.model.types();
        let outermost = types.filter(|(_, ty)| ty.parent.is_none());
        let mut level: Vec<TypeIndex> = outermost.map(|(index, _)| index).collect();
        while !level.is_empty() {
            let mut newest: HashMap<&str, TypeIndex> = HashMap::new();
            for &index in &level {
                let best = newest.entry(&self.plain[index.at()]).or_insert(index);
                if self.model.ty(index).version > self.model.ty(*best).version {
                    *best = index;
                }
            }
            let mut next = Vec::new();
            for &index in &level {
                let (plain, ty) = (&self.plain[index.at()], self.model.ty(index));
                if newest.get(plain.as_str()) == Some(&index) {
                    self.current.insert(plain.clone(), index);
                    next.extend(&ty.nested);
                } else {
                    self.older.push(ty.wire_id.clone());
                }
            }
            level = next;
        }
        self.older.sort_unstable();
    }
}

/// The direction of bits from [`Side::travel`].
pub(super) const fn direction(bits: u8) -> Option<Travel> {
    match bits & (TO_DEVICE | FROM_DEVICE) {
        TO_DEVICE => Some(Travel::ToDevice),
        FROM_DEVICE => Some(Travel::FromDevice),
        0 => None,
        _ => Some(Travel::Both),
    }
}

/// Which way values of each type go.
///
/// Value objects stand for those that extend them. A value object that no method mentions is an event
/// or a part of one, so it comes from the device.
fn travel(model: &Model) -> Vec<u8> {
    let mut flood = Flood::new(model);
    let (mut ins, mut outs) = (Vec::new(), Vec::new());
    for (_, ty) in model.types() {
        for method in ty.methods() {
            let results = method.returns.iter().chain(method.mark_types.iter());
            outs.extend(results.flat_map(TypeRef::named));
            for parameter in &method.parameters {
                match parameter.direction {
                    Direction::In => ins.extend(parameter.ty.named()),
                    Direction::Out => outs.extend(parameter.ty.named()),
                }
            }
        }
    }
    // Events are in-parameters of call-backs, which a device calls.
    let event = model.find("idl.Event");
    outs.extend(event);
    flood.run(FROM_DEVICE, &outs);
    flood.run_without(TO_DEVICE, &ins, event);
    let values = model
        .types()
        .filter(|(_, ty)| matches!(ty.kind, TypeKind::ValueObject { .. }));
    let rest: Vec<_> = values
        .map(|(index, _)| index)
        .filter(|index| flood.bits[index.at()] == 0)
        .collect();
    flood.run(FROM_DEVICE, &rest);
    flood.bits
}

struct Flood<'m> {
    model: &'m Model,
    derived: Vec<Vec<TypeIndex>>,
    bits: Vec<u8>,
}

impl<'m> Flood<'m> {
    fn new(model: &'m Model) -> Self {
        let count = model.types().len();
        let mut derived = vec![Vec::new(); count];
        for (index, _) in model.types() {
            if let Some(base) = model.base(index) {
                derived[base.at()].push(index);
            }
        }
        Self {
            model,
            derived,
            bits: vec![0; count],
        }
    }

    fn run(&mut self, bit: u8, roots: &[TypeIndex]) {
        self.run_without(bit, roots, None);
    }

    /// Leaves out a type and its heirs.
    fn run_without(&mut self, bit: u8, roots: &[TypeIndex], except: Option<TypeIndex>) {
        // A base that lends its fields does not stand for its other heirs: `whole` tells the cases apart.
        let mut seen = vec![0_u8; self.bits.len()];
        let mut left_out: Vec<_> = except.into_iter().collect();
        while let Some(index) = left_out.pop() {
            seen[index.at()] = u8::MAX;
            left_out.extend(&self.derived[index.at()]);
        }
        let mut open: Vec<_> = roots.iter().map(|&root| (root, true)).collect();
        while let Some((index, whole)) = open.pop() {
            let ty = self.model.ty(index);
            let depth = 1 + u8::from(whole);
            // An interface is passed as a reference: nothing of what it contains travels.
            if matches!(ty.kind, TypeKind::Interface(_)) || seen[index.at()] >= depth {
                continue;
            }
            seen[index.at()] = depth;
            self.bits[index.at()] |= bit;
            let members = ty.member_types().flat_map(TypeRef::named);
            open.extend(members.map(|member| (member, true)));
            open.extend(self.model.base(index).map(|base| (base, false)));
            if whole {
                open.extend(self.derived[index.at()].iter().map(|&heir| (heir, true)));
            }
        }
    }
}
