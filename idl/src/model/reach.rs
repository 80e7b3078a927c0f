use super::{Model, TypeIndex};

impl Model {
    /// All types that are needed to use the roots, in declaration order.
    ///
    /// These are the roots, everything nested in them (an interface brings its structures and
    /// events), and from each type so found: its bases, the types of its members, and the types it
    /// is nested in.
    #[must_use]
    pub fn reach(&self, roots: &[TypeIndex]) -> Vec<TypeIndex> {
        let mut reached = vec![false; self.types.len()];
        let mut open = Vec::new();
        let mut nested: Vec<_> = roots.to_vec();
        while let Some(index) = nested.pop() {
            if !std::mem::replace(&mut reached[index.at()], true) {
                open.push(index);
            }
            nested.extend(&self.ty(index).nested);
        }
        while let Some(index) = open.pop() {
            let ty = self.ty(index);
            let members = ty.member_types().flat_map(super::TypeRef::named);
            for next in members.chain(self.base(index)).chain(ty.parent) {
                if !std::mem::replace(&mut reached[next.at()], true) {
                    open.push(next);
                }
            }
        }
        reached
            .into_iter()
            .enumerate()
            .filter(|(_, is_reached)| *is_reached)
            .map(|(at, _)| TypeIndex::of(at))
            .collect()
    }
}
