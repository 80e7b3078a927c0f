use super::{Field, Method, Model, Type, TypeIndex, TypeKind, TypeRef};

impl Model {
    /// The direct base of an interface or value object.
    #[must_use]
    pub fn base(&self, index: TypeIndex) -> Option<TypeIndex> {
        match &self.ty(index).kind {
            TypeKind::Interface(interface) => interface.base,
            TypeKind::ValueObject { base, .. } => *base,
            _ => None,
        }
    }

    /// The bases of a type, nearest first, without the type itself.
    pub fn bases(&self, index: TypeIndex) -> impl Iterator<Item = TypeIndex> {
        std::iter::successors(self.base(index), |&at| self.base(at))
    }

    /// The types that extend a type directly, in declaration order.
    pub fn derived(&self, index: TypeIndex) -> impl Iterator<Item = TypeIndex> {
        self.types()
            .map(|(at, _)| at)
            .filter(move |&at| self.base(at) == Some(index))
    }

    /// A type and its bases, the root of the chain first.
    #[must_use]
    pub fn lineage(&self, index: TypeIndex) -> Vec<TypeIndex> {
        let mut chain: Vec<_> = std::iter::once(index).chain(self.bases(index)).collect();
        chain.reverse();
        chain
    }

    /// All fields that a value of a structure or value object has on the wire: those of the bases
    /// first, each with the type that declares it.
    #[must_use]
    pub fn all_fields(&self, index: TypeIndex) -> Vec<(TypeIndex, &Field)> {
        self.lineage(index)
            .into_iter()
            .flat_map(|at| self.ty(at).fields().iter().map(move |field| (at, field)))
            .collect()
    }

    /// All methods that an object of an interface answers: those of the bases first, each with the
    /// interface that declares it.
    #[must_use]
    pub fn all_methods(&self, index: TypeIndex) -> Vec<(TypeIndex, &Method)> {
        self.lineage(index)
            .into_iter()
            .flat_map(|at| self.ty(at).methods().iter().map(move |method| (at, method)))
            .collect()
    }

    /// What a type expression stands for when it is a typedef (of a typedef …); otherwise itself.
    #[must_use]
    pub fn unaliased<'m>(&'m self, ty: &'m TypeRef) -> &'m TypeRef {
        let mut ty = ty;
        while let TypeRef::Named(index) = ty
            && let TypeKind::Typedef { target } = &self.ty(*index).kind
        {
            ty = target;
        }
        ty
    }
}

impl Type {
    /// The own fields of a structure or value object; empty for other kinds.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        match &self.kind {
            TypeKind::Structure { fields } | TypeKind::ValueObject { fields, .. } => fields,
            _ => &[],
        }
    }

    /// The own methods of an interface; empty for other kinds.
    #[must_use]
    pub fn methods(&self) -> &[Method] {
        match &self.kind {
            TypeKind::Interface(interface) => &interface.methods,
            _ => &[],
        }
    }

    /// The type expressions of all own members in order: constants, fields, returns, parameters,
    /// what marks name, the target of a typedef.
    pub fn member_types(&self) -> impl Iterator<Item = &TypeRef> {
        let (constants, methods, fields, target): (&[_], &[Method], &[Field], _) = match &self.kind
        {
            TypeKind::Interface(interface) => (
                &interface.constants[..],
                &interface.methods[..],
                &[][..],
                None,
            ),
            TypeKind::Structure { fields } | TypeKind::ValueObject { fields, .. } => {
                (&[][..], &[][..], &fields[..], None)
            }
            TypeKind::Typedef { target } => (&[][..], &[][..], &[][..], Some(target)),
            TypeKind::Enumeration { .. } | TypeKind::Opaque => (&[][..], &[][..], &[][..], None),
        };
        let constants = constants
            .iter()
            .map(|constant: &super::Constant| &constant.ty);
        let methods = methods.iter().flat_map(|m| {
            let parameters = m.parameters.iter().map(|p| &p.ty);
            m.returns
                .iter()
                .chain(parameters)
                .chain(m.mark_types.iter())
        });
        let fields = fields.iter().map(|field| &field.ty);
        constants.chain(methods).chain(fields).chain(target)
    }
}

impl TypeRef {
    /// The declared types that an expression names, in order.
    #[must_use]
    pub fn named(&self) -> Vec<TypeIndex> {
        let mut found = Vec::new();
        let mut open = vec![self];
        while let Some(ty) = open.pop() {
            match ty {
                Self::Builtin(_) => {}
                Self::Named(index) => found.push(*index),
                Self::Vector(element) => open.push(element),
                Self::Map(key, value) => open.extend([&**value, &**key]),
            }
        }
        found
    }
}
