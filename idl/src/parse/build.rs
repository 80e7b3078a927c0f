//! pest's pairs to the syntax tree.
//!
//! Every function yields `None` when a name is a keyword, or the pairs are not what `xerus.pest` promises. The depth of recursion is
//! bounded by the nesting limit of the lexer.

use pest::iterators::{Pair, Pairs};

use crate::grammar::Rule;
use crate::lex::Preamble;
use crate::source::{FileId, Span};
use crate::syntax::{
    Annotation, Argument, ArgumentValue, Builtin, Comment, Constant, Declaration, Direction,
    Enumeration, Enumerator, Field, File, Interface, KEYWORDS, Method, Module, Name, Opaque,
    Parameter, Structure, Type, TypeName, Typedef, ValueObject,
};

/// The tree of one file.
pub(super) fn file(
    id: FileId,
    pairs: Pairs<'_, Rule>,
    preamble: Preamble,
    comments: Vec<Comment>,
) -> Option<File> {
    let build = Builder { file: id };
    let modules = pairs
        .flat_map(Pair::into_inner)
        .filter(|pair| pair.as_rule() == Rule::module)
        .map(|pair| {
            let start = build.span(&pair);
            build.module(Vec::new(), start, pair)
        })
        .collect::<Option<_>>()?;
    Some(File {
        id,
        guard: preamble.guard,
        includes: preamble.includes,
        modules,
        comments,
    })
}

struct Builder {
    file: FileId,
}

type Node<'i> = Pair<'i, Rule>;

impl Builder {
    fn span(&self, pair: &Node<'_>) -> Span {
        let span = pair.as_span();
        Span::new(self.file, offset(span.start()), offset(span.end()))
    }

    /// A name, which is no keyword.
    fn name(&self, pair: &Node<'_>) -> Option<Name> {
        let text = pair.as_str();
        (!KEYWORDS.contains(&text)).then(|| Name {
            text: text.to_owned(),
            span: self.span(pair),
        })
    }

    fn module(&self, annotations: Vec<Annotation>, start: Span, pair: Node<'_>) -> Option<Module> {
        let mut inner = pair.into_inner();
        inner.next()?;
        let name = self.name(&inner.next()?)?;
        let body = inner.next()?;
        let body_span = self.span(&body);
        let end = inner
            .next()
            .map_or(body_span, |semicolon| self.span(&semicolon));
        let members = self.members(body)?;
        Some(Module {
            annotations,
            name,
            members,
            span: start.to(end),
            body: body_span,
        })
    }

    /// The declarations of a body, each with the annotations before it.
    fn members(&self, body: Node<'_>) -> Option<Vec<Declaration>> {
        let mut members = Vec::new();
        let mut annotations = Vec::new();
        for child in body.into_inner() {
            if child.as_rule() == Rule::annotation {
                annotations.push(self.annotation(child)?);
                continue;
            }
            let first: Option<&Annotation> = annotations.first();
            let start = first.map_or_else(|| self.span(&child), |first| first.span);
            members.push(self.declaration(std::mem::take(&mut annotations), start, child)?);
        }
        annotations.is_empty().then_some(members)
    }

    fn declaration(
        &self,
        annotations: Vec<Annotation>,
        start: Span,
        pair: Node<'_>,
    ) -> Option<Declaration> {
        let span = start.to(self.span(&pair));
        Some(match pair.as_rule() {
            Rule::module => Declaration::Module(self.module(annotations, start, pair)?),
            Rule::interface => {
                let Block {
                    name,
                    base,
                    members,
                    body,
                } = self.block(pair)?;
                Declaration::Interface(Interface {
                    annotations,
                    name,
                    base,
                    members,
                    span,
                    body,
                })
            }
            Rule::structure => {
                let Block {
                    name,
                    members,
                    body,
                    ..
                } = self.block(pair)?;
                Declaration::Structure(Structure {
                    annotations,
                    name,
                    members,
                    span,
                    body,
                })
            }
            Rule::valueobject => {
                let Block {
                    name,
                    base,
                    members,
                    body,
                } = self.block(pair)?;
                Declaration::ValueObject(ValueObject {
                    annotations,
                    name,
                    base,
                    members,
                    span,
                    body,
                })
            }
            Rule::enumeration => {
                Declaration::Enumeration(self.enumeration(annotations, span, pair)?)
            }
            Rule::constant => Declaration::Constant(self.constant(annotations, span, pair)?),
            Rule::method => Declaration::Method(self.method(annotations, span, pair)?),
            Rule::typedef => {
                let mut inner = pair.into_inner().skip(1);
                let target = self.ty(inner.next()?)?;
                let name = self.name(&inner.next()?)?;
                Declaration::Typedef(Typedef {
                    annotations,
                    target,
                    name,
                    span,
                })
            }
            Rule::opaque => {
                let name = self.name(&pair.into_inner().nth(1)?)?;
                Declaration::Opaque(Opaque {
                    annotations,
                    name,
                    span,
                })
            }
            Rule::field => {
                let mut inner = pair.into_inner();
                let ty = self.ty(inner.next()?)?;
                let name = self.name(&inner.next()?)?;
                Declaration::Field(Field {
                    annotations,
                    ty,
                    name,
                    span,
                })
            }
            _ => return None,
        })
    }

    /// What interface, structure and value object have in common.
    fn block(&self, pair: Node<'_>) -> Option<Block> {
        let mut inner = pair.into_inner().skip(1);
        let name = self.name(&inner.next()?)?;
        let mut next = inner.next()?;
        let mut base = None;
        if next.as_rule() == Rule::base {
            base = Some(self.type_name(next.into_inner().nth(1)?)?);
            next = inner.next()?;
        }
        let body = self.span(&next);
        Some(Block {
            name,
            base,
            members: self.members(next)?,
            body,
        })
    }

    fn enumeration(
        &self,
        annotations: Vec<Annotation>,
        span: Span,
        pair: Node<'_>,
    ) -> Option<Enumeration> {
        let mut inner = pair.into_inner().skip(1);
        let name = self.name(&inner.next()?)?;
        let list = inner.next()?;
        let body = self.span(&list);
        let mut enumerators: Vec<Enumerator> = Vec::new();
        let mut trailing_comma = None;
        for child in list.into_inner() {
            let place = self.span(&child);
            if child.as_rule() == Rule::comma {
                let last = enumerators.last_mut()?;
                last.span = last.span.to(place);
                trailing_comma = Some(place);
                continue;
            }
            trailing_comma = None;
            let mut annotations = Vec::new();
            let mut name = None;
            for part in child.into_inner() {
                if part.as_rule() == Rule::annotation {
                    annotations.push(self.annotation(part)?);
                } else {
                    name = Some(self.name(&part)?);
                }
            }
            enumerators.push(Enumerator {
                annotations,
                name: name?,
                span: place,
            });
        }
        Some(Enumeration {
            annotations,
            name,
            enumerators,
            trailing_comma,
            span,
            body,
        })
    }

    fn constant(
        &self,
        annotations: Vec<Annotation>,
        span: Span,
        pair: Node<'_>,
    ) -> Option<Constant> {
        let mut inner = pair.into_inner().skip(1);
        let ty = self.ty(inner.next()?)?;
        let name = self.name(&inner.next()?)?;
        let value = inner.next()?;
        let literal_span = self.span(&value);
        let sign = if value.as_str().starts_with('-') {
            "-"
        } else {
            ""
        };
        let literal = format!("{sign}{}", value.into_inner().next()?.as_str());
        Some(Constant {
            annotations,
            ty,
            name,
            literal,
            literal_span,
            span,
        })
    }

    fn method(&self, annotations: Vec<Annotation>, span: Span, pair: Node<'_>) -> Option<Method> {
        let mut inner = pair.into_inner();
        let first = inner.next()?;
        let returns = match first.as_rule() {
            Rule::kw_void => None,
            _ => Some(self.ty(first)?),
        };
        let name = self.name(&inner.next()?)?;
        let parameters = inner
            .map(|pair| self.parameter(pair))
            .collect::<Option<_>>()?;
        Some(Method {
            annotations,
            returns,
            name,
            parameters,
            span,
        })
    }

    fn parameter(&self, pair: Node<'_>) -> Option<Parameter> {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let direction = match inner.next()?.as_rule() {
            Rule::kw_in => Direction::In,
            _ => Direction::Out,
        };
        let ty = self.ty(inner.next()?)?;
        let name = self.name(&inner.next()?)?;
        Some(Parameter {
            direction,
            ty,
            name,
            span,
        })
    }

    fn ty(&self, pair: Node<'_>) -> Option<Type> {
        let span = self.span(&pair);
        Some(match pair.as_rule() {
            Rule::builtin => Type::Builtin(Builtin::from_word(pair.as_str())?, span),
            Rule::vector => {
                let element = self.ty(pair.into_inner().next()?)?;
                Type::Vector(Box::new(element), span)
            }
            Rule::map => {
                let mut inner = pair.into_inner();
                let key = self.ty(inner.next()?)?;
                let value = self.ty(inner.next()?)?;
                Type::Map(Box::new(key), Box::new(value), span)
            }
            _ => Type::Named(self.type_name(pair)?),
        })
    }

    /// The rule may have taken in blanks behind the last part: the parts say where the name ends.
    fn type_name(&self, pair: Node<'_>) -> Option<TypeName> {
        let parts = pair.into_inner().map(|part| self.name(&part));
        let parts: Vec<_> = parts.collect::<Option<_>>()?;
        let span = parts.first()?.span.to(parts.last()?.span);
        Some(TypeName { parts, span })
    }

    fn annotation(&self, pair: Node<'_>) -> Option<Annotation> {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let name = self.name(&inner.next()?)?;
        let list = inner.next();
        let parens = list.is_some();
        let arguments = list
            .into_iter()
            .flat_map(Pair::into_inner)
            .map(|argument| self.argument(&argument))
            .collect::<Option<_>>()?;
        Some(Annotation {
            name,
            arguments,
            parens,
            span,
        })
    }

    fn argument(&self, pair: &Node<'_>) -> Option<Argument> {
        let text = pair.as_str();
        let value = match pair.as_rule() {
            Rule::string => {
                ArgumentValue::String(text.strip_prefix('"')?.strip_suffix('"')?.to_owned())
            }
            Rule::integer => ArgumentValue::Integer(text.to_owned()),
            _ => ArgumentValue::Name(self.name(pair)?.text),
        };
        Some(Argument {
            value,
            span: self.span(pair),
        })
    }
}

struct Block {
    name: Name,
    base: Option<TypeName>,
    members: Vec<Declaration>,
    body: Span,
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("the texts of a source map are shorter than 4 GiB")
}
