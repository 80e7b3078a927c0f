use super::cycles::cycles;
use super::members::Members;
use super::node::Node;
use super::words::chain;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{TypeIndex, TypeRef};

impl Members<'_, '_> {
    /// Resolves what every typedef stands for; to be done before other members, which look through
    /// them. A typedef that stands for itself is reported and left without a target.
    pub(super) fn resolve_typedefs(&mut self) {
        let declared = self.declared;
        let mut edges = vec![Vec::new(); declared.nodes.len()];
        for (at, node) in declared.nodes.iter().enumerate() {
            let Node::Typedef(typedef) = node else {
                continue;
            };
            let target = self.ty(TypeIndex::of(at), &typedef.target);
            let named = target.iter().flat_map(TypeRef::named).map(TypeIndex::at);
            edges[at].extend(named.filter(|&to| matches!(declared.nodes[to], Node::Typedef(_))));
            self.targets[at] = target;
        }
        for cycle in cycles(&edges) {
            for &at in &cycle {
                self.targets[at] = None;
            }
            let Some(&first) = cycle.first() else {
                continue;
            };
            let Node::Typedef(typedef) = declared.nodes[first] else {
                continue;
            };
            let names: Vec<&str> = cycle.iter().map(|&at| &*declared.types[at].name).collect();
            self.diagnostics.push(
                Diagnostic::error(
                    codes::TYPEDEF_CYCLE,
                    typedef.target.span(),
                    format!("typedef stands for itself: {}", chain(&names)),
                )
                .hint("a typedef is only another name; a structure can hold a vector of itself"),
            );
        }
    }
}
