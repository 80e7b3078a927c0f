use crate::source::Span;
use crate::syntax;

/// The declaration of a type in a syntax tree.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Node<'a> {
    Interface(&'a syntax::Interface),
    Structure(&'a syntax::Structure),
    ValueObject(&'a syntax::ValueObject),
    Enumeration(&'a syntax::Enumeration),
    Typedef(&'a syntax::Typedef),
    Opaque(&'a syntax::Opaque),
}

impl<'a> Node<'a> {
    /// The type that a declaration declares, if it declares one.
    pub(crate) const fn of(declaration: &'a syntax::Declaration) -> Option<Self> {
        use syntax::Declaration;
        Some(match declaration {
            Declaration::Interface(node) => Self::Interface(node),
            Declaration::Structure(node) => Self::Structure(node),
            Declaration::ValueObject(node) => Self::ValueObject(node),
            Declaration::Enumeration(node) => Self::Enumeration(node),
            Declaration::Typedef(node) => Self::Typedef(node),
            Declaration::Opaque(node) => Self::Opaque(node),
            Declaration::Module(_)
            | Declaration::Constant(_)
            | Declaration::Method(_)
            | Declaration::Field(_) => return None,
        })
    }

    pub(crate) const fn name(self) -> &'a syntax::Name {
        match self {
            Self::Interface(node) => &node.name,
            Self::Structure(node) => &node.name,
            Self::ValueObject(node) => &node.name,
            Self::Enumeration(node) => &node.name,
            Self::Typedef(node) => &node.name,
            Self::Opaque(node) => &node.name,
        }
    }

    pub(crate) fn annotations(self) -> &'a [syntax::Annotation] {
        match self {
            Self::Interface(node) => &node.annotations,
            Self::Structure(node) => &node.annotations,
            Self::ValueObject(node) => &node.annotations,
            Self::Enumeration(node) => &node.annotations,
            Self::Typedef(node) => &node.annotations,
            Self::Opaque(node) => &node.annotations,
        }
    }

    pub(crate) const fn base(self) -> Option<&'a syntax::TypeName> {
        match self {
            Self::Interface(node) => node.base.as_ref(),
            Self::ValueObject(node) => node.base.as_ref(),
            _ => None,
        }
    }

    /// What stands between the braces; empty for enumerations and types without a body.
    pub(crate) fn members(self) -> &'a [syntax::Declaration] {
        match self {
            Self::Interface(node) => &node.members,
            Self::Structure(node) => &node.members,
            Self::ValueObject(node) => &node.members,
            Self::Enumeration(_) | Self::Typedef(_) | Self::Opaque(_) => &[],
        }
    }

    /// Whether types may be declared inside, so that the type is a scope.
    pub(crate) const fn is_scope(self) -> bool {
        matches!(self, Self::Interface(_) | Self::Structure(_))
    }

    /// The word of its kind, as [`TypeKind::word`](crate::model::TypeKind::word) says it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Interface(_) => "interface",
            Self::Structure(_) => "structure",
            Self::ValueObject(_) => "valueobject",
            Self::Enumeration(_) => "enumeration",
            Self::Typedef(_) => "typedef",
            Self::Opaque(_) => "opaque",
        }
    }
}

/// What a name that is no type stands for, among the direct members of a type.
pub(crate) fn member_named<'a>(node: Node<'a>, name: &str) -> Option<(&'static str, Span)> {
    use syntax::Declaration;
    if let Node::Enumeration(node) = node {
        let found = node.enumerators.iter().find(|e| e.name.text == name)?;
        return Some(("an enumerator", found.name.span));
    }
    node.members().iter().find_map(|member| {
        let (word, declared) = match member {
            Declaration::Constant(constant) => ("a constant", &constant.name),
            Declaration::Method(method) => ("a method", &method.name),
            Declaration::Field(field) => ("a field", &field.name),
            _ => return None,
        };
        (declared.text == name).then_some((word, declared.span))
    })
}
