//! What of the served interfaces neither the table nor an adapter can answer.

use std::collections::BTreeSet;

use super::adapters;
use super::forms;
use super::projection::Projection;
use super::table::{Member, Named, Type, free};

/// Methods that an older firmware has in another form, and that the simulated device refuses as not there.
const NOT_SIMULATED: &[(&str, &str)] = &[
    // A list of samples instead of a structure with them.
    ("pdumodel.TransferSwitch", "getLastTransferWaveform"),
    // All rules of access in one structure, firewall included.
    ("security.Security", "getSettings"),
    ("security.Security", "setSettings"),
];

impl Projection {
    /// Members and methods of interfaces that nobody has thought of, sorted.
    pub(in crate::firmware) fn unexplained(&self, served: &BTreeSet<String>) -> Vec<String> {
        let mut walk = Walk {
            projection: self,
            seen: BTreeSet::new(),
            found: BTreeSet::new(),
        };
        for id in served {
            walk.interface(&free(id));
        }
        // Events are sent without being named by a method.
        let interfaces: Vec<_> = served.iter().map(|id| free(id) + ".").collect();
        for (name, id) in &self.table.value_objects {
            if interfaces.iter().any(|scope| name.starts_with(scope)) {
                walk.value(id);
            }
        }
        walk.found.into_iter().collect()
    }
}

struct Walk<'p> {
    projection: &'p Projection,
    seen: BTreeSet<&'p str>,
    found: BTreeSet<String>,
}

impl<'p> Walk<'p> {
    fn interface(&mut self, name: &str) {
        let Some(interface) = self.projection.table.interfaces.get(name) else {
            self.found.insert(format!("{name}: no such interface"));
            return;
        };
        for method in &interface.methods {
            if !method.same {
                if !NOT_SIMULATED.contains(&(name, &method.name))
                    && forms::of(&interface.id, &method.name).is_none()
                {
                    self.found.insert(format!("{name}.{}", method.name));
                }
                // What it takes and gives is neither read nor made.
                continue;
            }
            for member in method.ins.iter().chain(&method.outs) {
                self.ty(&member.ty);
            }
        }
        for base in &interface.bases {
            self.interface(&free(base));
        }
    }

    fn ty(&mut self, ty: &'p Type) {
        match ty {
            Type::Vector(element) => self.ty(element),
            Type::Map(_, value) => self.ty(value),
            Type::Named(id) => self.value(id),
            _ => {}
        }
    }

    fn value(&mut self, id: &'p str) {
        if !self.seen.insert(id) {
            return;
        }
        match self.projection.table.values.get(id) {
            Some(Named::Record(record)) => {
                for member in &record.members {
                    self.member(id, member);
                }
            }
            Some(Named::Alias(target)) => self.ty(target),
            _ => {}
        }
    }

    fn member(&mut self, id: &str, member: &'p Member) {
        let name = free(id);
        if member.older && !adapters::is_known(&name, &member.name) {
            self.found.insert(format!("{name}.{}", member.name));
        }
        self.ty(&member.ty);
    }
}
