use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use super::annotations;
use super::constants;
use super::declare::Declared;
use super::marked::Marked;
use super::miss::{Miss, MissExplainer};
use super::node::Node;
use super::words::with_article;
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::docs::{DocTable, Documented};
use crate::model::{
    Builtin, Constant, Direction, Docs, Enumerator, Field, Interface, Method, Parameter, Reference,
    TypeIndex, TypeKind, TypeRef,
};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::{self, Declaration, Name};

/// The name under which a result carries the return value.
const RETURN_VALUE: &str = "_ret_";

/// The second pass: the members of every type.
pub(super) struct Members<'d, 'a> {
    pub(super) sources: &'a SourceMap,
    pub(super) declared: &'d Declared<'a>,
    pub(super) bases: &'d [Option<TypeIndex>],
    pub(super) explainer: MissExplainer<'d, 'a>,
    pub(super) docs: Vec<DocTable>,
    /// Position of each file in `docs`.
    pub(super) tables: HashMap<FileId, usize>,
    pub(super) references: Vec<Reference>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The resolved targets of typedefs, for types that look through them.
    pub(super) targets: Vec<Option<TypeRef>>,
    /// The methods that marks name, to be checked when all are known, with the interface that names them.
    pub(super) marked_methods: Vec<(TypeIndex, Name)>,
    /// The key of every map, to be checked when all typedefs are known.
    pub(super) keys: Vec<(TypeRef, Span)>,
}

impl Members<'_, '_> {
    /// The members of one type. What does not resolve is left out, with an error.
    pub(super) fn kind(&mut self, index: TypeIndex) -> TypeKind {
        let node = self.declared.nodes[index.at()];
        annotations::check(node.annotations(), node.word(), &mut self.diagnostics);
        match node {
            Node::Interface(interface) => TypeKind::Interface(self.interface(index, interface)),
            Node::Structure(structure) => TypeKind::Structure {
                fields: self.fields(index, &structure.members),
            },
            Node::ValueObject(object) => TypeKind::ValueObject {
                base: self.bases[index.at()],
                fields: self.fields(index, &object.members),
            },
            Node::Enumeration(enumeration) => self.enumeration(enumeration),
            Node::Typedef(_) => TypeKind::Typedef {
                // Unresolved or endless: any JSON stands in, next to the error.
                target: self.targets[index.at()]
                    .clone()
                    .unwrap_or(TypeRef::Builtin(Builtin::Object)),
            },
            Node::Opaque(_) => TypeKind::Opaque,
        }
    }

    fn interface(&mut self, index: TypeIndex, node: &syntax::Interface) -> Interface {
        let mut interface = Interface {
            base: self.bases[index.at()],
            ..Interface::default()
        };
        let mut constants = Unique::new(self.sources, codes::DUPLICATE_CONSTANT, "constant");
        let mut methods = Unique::new(self.sources, codes::DUPLICATE_METHOD, "method");
        for member in &node.members {
            match member {
                Declaration::Constant(constant) => {
                    constants.check(&constant.name, &mut self.diagnostics);
                    interface.constants.extend(self.constant(index, constant));
                }
                Declaration::Method(method) => {
                    methods.check(&method.name, &mut self.diagnostics);
                    interface.methods.extend(self.method(index, method));
                }
                _ => {}
            }
        }
        interface
    }

    fn constant(&mut self, index: TypeIndex, node: &syntax::Constant) -> Option<Constant> {
        annotations::check(&node.annotations, "constant", &mut self.diagnostics);
        let docs = self.take_docs(node.name.span);
        let ty = self.ty(index, &node.ty)?;
        let mut found = Vec::new();
        let value = constants::value(node, self.unaliased(&ty), &mut found);
        self.diagnostics.append(&mut found);
        Some(Constant {
            name: node.name.text.clone(),
            ty,
            value: value?,
            annotations: annotations::convert(&node.annotations),
            docs,
            span: node.name.span,
        })
    }

    fn method(&mut self, index: TypeIndex, node: &syntax::Method) -> Option<Method> {
        annotations::check(&node.annotations, "method", &mut self.diagnostics);
        let documented = self.take_documented(node.name.span);
        let mut marked = Marked::take(self.sources, documented, &mut self.diagnostics);
        let returns = node.returns.as_ref().map(|ty| self.ty(index, ty));
        let mut unique = Unique::new(self.sources, codes::DUPLICATE_PARAMETER, "parameter");
        let mut parameters = Vec::with_capacity(node.parameters.len());
        for parameter in &node.parameters {
            let name = &parameter.name;
            unique.check(name, &mut self.diagnostics);
            if parameter.direction == Direction::Out && name.text == RETURN_VALUE {
                self.diagnostics.push(
                    Diagnostic::error(
                        codes::RESERVED_PARAMETER,
                        name.span,
                        format!("`{RETURN_VALUE}` is reserved for the return value"),
                    )
                    .hint("choose another name for the out-parameter"),
                );
            }
            parameters.extend(self.ty(index, &parameter.ty).map(|ty| Parameter {
                name: name.text.clone(),
                direction: parameter.direction,
                ty,
                span: name.span,
            }));
        }
        let returns = match returns {
            None => None,
            Some(resolved) => Some(resolved?),
        };
        let mark_types = self.mark_types(index, &mut marked);
        let method = Method {
            name: node.name.text.clone(),
            returns,
            parameters,
            annotations: annotations::convert(&node.annotations),
            marks: marked.marks,
            mark_types,
            docs: marked.docs,
            span: node.name.span,
        };
        if !method.marks.is_empty() {
            self.fits(&method);
            let names = marked.methods.into_iter();
            self.marked_methods.extend(names.map(|name| (index, name)));
        }
        Some(method)
    }

    fn fields(&mut self, index: TypeIndex, members: &[Declaration]) -> Vec<Field> {
        let mut unique = Unique::new(self.sources, codes::DUPLICATE_FIELD, "field");
        let mut fields = Vec::with_capacity(members.len());
        for member in members {
            let Declaration::Field(node) = member else {
                continue;
            };
            annotations::check(&node.annotations, "field", &mut self.diagnostics);
            unique.check(&node.name, &mut self.diagnostics);
            let docs = self.take_docs(node.name.span);
            fields.extend(self.ty(index, &node.ty).map(|ty| Field {
                name: node.name.text.clone(),
                ty,
                annotations: annotations::convert(&node.annotations),
                docs,
                span: node.name.span,
            }));
        }
        fields
    }

    fn enumeration(&mut self, node: &syntax::Enumeration) -> TypeKind {
        let mut unique = Unique::new(self.sources, codes::DUPLICATE_ENUMERATOR, "enumerator");
        let mut enumerators = Vec::with_capacity(node.enumerators.len());
        for enumerator in &node.enumerators {
            annotations::check(&enumerator.annotations, "enumerator", &mut self.diagnostics);
            unique.check(&enumerator.name, &mut self.diagnostics);
            enumerators.push(Enumerator {
                name: enumerator.name.text.clone(),
                annotations: annotations::convert(&enumerator.annotations),
                docs: self.take_docs(enumerator.name.span),
                span: enumerator.name.span,
            });
        }
        let fallback = annotations::fallback(
            &node.name.text,
            &node.annotations,
            &node.enumerators,
            &mut self.diagnostics,
        );
        TypeKind::Enumeration {
            enumerators,
            fallback,
        }
    }

    /// A type expression written in the declaration of `from`.
    pub(super) fn ty(&mut self, from: TypeIndex, node: &syntax::Type) -> Option<TypeRef> {
        match node {
            syntax::Type::Builtin(builtin, _) => Some(TypeRef::Builtin(*builtin)),
            syntax::Type::Vector(element, _) => {
                Some(TypeRef::Vector(Box::new(self.ty(from, element)?)))
            }
            syntax::Type::Map(key, value, _) => {
                let span = key.span();
                let (key, value) = (self.ty(from, key), self.ty(from, value));
                let key = key?;
                self.keys.push((key.clone(), span));
                Some(TypeRef::Map(Box::new(key), Box::new(value?)))
            }
            syntax::Type::Named(name) => {
                let scope = self.declared.inner[from.at()];
                match self.declared.resolve(scope, name) {
                    Ok(to) => {
                        self.references.push(Reference {
                            from,
                            to,
                            span: name.span,
                        });
                        Some(TypeRef::Named(to))
                    }
                    Err(failure) => {
                        let miss = Miss {
                            name,
                            failure,
                            from,
                            scope,
                        };
                        self.diagnostics
                            .push(self.explainer.explain(miss, self.bases));
                        None
                    }
                }
            }
        }
    }

    /// Reports map keys that are neither strings nor ints.
    pub(super) fn check_keys(&mut self) {
        for (key, span) in &self.keys {
            let what = match self.unaliased(key) {
                TypeRef::Builtin(Builtin::String | Builtin::Int) => continue,
                TypeRef::Builtin(builtin) => format!("`{}`", builtin.word()),
                TypeRef::Vector(_) => "a vector".to_owned(),
                TypeRef::Map(..) => "a map".to_owned(),
                TypeRef::Named(index) => with_article(self.declared.nodes[index.at()].word()),
            };
            self.diagnostics.push(
                Diagnostic::error(codes::MAP_KEY, *span, "map keys must be `string` or `int`")
                    .mark(format!("this is {what}"))
                    .hint("only these two have a form on the wire"),
            );
        }
    }

    pub(super) fn unaliased<'t>(&'t self, ty: &'t TypeRef) -> &'t TypeRef {
        let mut ty = ty;
        while let TypeRef::Named(index) = ty
            && let Some(target) = &self.targets[index.at()]
        {
            ty = target;
        }
        ty
    }

    fn take_docs(&mut self, name: Span) -> Docs {
        self.take_documented(name).docs
    }

    fn take_documented(&mut self, name: Span) -> Documented {
        let at = self.tables[&name.file];
        self.docs[at].take_documented(name)
    }
}

/// Finds names given twice among members of one sort.
struct Unique<'n> {
    sources: &'n SourceMap,
    code: Code,
    sort: &'static str,
    seen: HashMap<&'n str, Span>,
}

impl<'n> Unique<'n> {
    fn new(sources: &'n SourceMap, code: Code, sort: &'static str) -> Self {
        Self {
            sources,
            code,
            sort,
            seen: HashMap::new(),
        }
    }

    fn check(&mut self, name: &'n Name, diagnostics: &mut Vec<Diagnostic>) {
        let first = match self.seen.entry(&name.text) {
            Slot::Vacant(slot) => {
                slot.insert(name.span);
                return;
            }
            Slot::Occupied(slot) => *slot.get(),
        };
        let why = if self.code == codes::DUPLICATE_METHOD {
            ": calls are dispatched by name only, overloading is impossible".to_owned()
        } else {
            let at = self.sources.position(first);
            format!("; first at {}:{}", at.line, at.column)
        };
        diagnostics.push(
            Diagnostic::error(
                self.code,
                name.span,
                format!("duplicate {} `{}`{why}", self.sort, name.text),
            )
            .see(first, format!("first `{}` here", name.text)),
        );
    }
}
