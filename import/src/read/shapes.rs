//! What decoding and encoding expressions say about a type.

use crate::python::{Comprehension, Expression};

/// As much of a type as an expression shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Passed as it is.
    Raw,
    /// Passed through `str()`.
    Text,
    /// Passed through `int()`.
    Integer,
    /// `Time.decode(…)`
    Time,
    /// `TypeInfo.decode(…)`
    Typecode,
    /// `Interface.decode(…)`
    Reference,
    /// `ValueObject.decode(…)`
    ValueObject,
    /// `dotted.name.decode(…)`
    Named(Vec<String>),
    Vector(Box<Shape>),
    Map(Box<Shape>, Box<Shape>),
}

/// Where the value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A member of the JSON object.
    Json(String),
    /// A field of the Python object.
    Own(String),
    /// A variable.
    Variable(String),
}

/// Reads an expression; `None` if it is of no known form.
pub(super) fn read(expression: &Expression) -> Option<(Shape, Origin)> {
    let (shape, origin) = inside(expression, &[])?;
    Some((shape, origin?))
}

/// Reads an expression inside of loops over `bound`; their variables have no origin.
fn inside(expression: &Expression, bound: &[&str]) -> Option<(Shape, Option<Origin>)> {
    match expression {
        Expression::Conditional(value) => inside(value, bound),
        Expression::Name(name) if bound.contains(&name.as_str()) => Some((Shape::Raw, None)),
        Expression::Name(name) => Some((Shape::Raw, Some(Origin::Variable(name.clone())))),
        Expression::Attribute(object, field) if object.name() == Some("self") => {
            Some((Shape::Raw, Some(Origin::Own(field.clone()))))
        }
        Expression::Index(object, key) => {
            let object = object.name()?;
            let key = key.text()?;
            if bound.contains(&object) {
                return matches!(key, "key" | "value").then_some((Shape::Raw, None));
            }
            let is_json = matches!(object, "json" | "rsp");
            is_json.then(|| (Shape::Raw, Some(Origin::Json(key.to_owned()))))
        }
        Expression::Call(function, arguments, _) => match (function.as_ref(), arguments.as_slice())
        {
            (Expression::Name(name), [argument]) if name == "dict" => pairs(argument, bound),
            (Expression::Name(name), [argument]) => {
                let shape = match name.as_str() {
                    "str" => Shape::Text,
                    "int" => Shape::Integer,
                    _ => return None,
                };
                convert(shape, argument, bound)
            }
            (Expression::Attribute(class, name), [argument, ..])
                if matches!(name.as_str(), "decode" | "encode") =>
            {
                convert(class_shape(&class.dotted()?), argument, bound)
            }
            _ => None,
        },
        Expression::Comprehension(comprehension) => list(comprehension, bound),
        _ => None,
    }
}

/// A conversion of something raw.
fn convert(shape: Shape, argument: &Expression, bound: &[&str]) -> Option<(Shape, Option<Origin>)> {
    let (inner, origin) = inside(argument, bound)?;
    (inner == Shape::Raw).then_some((shape, origin))
}

fn class_shape(dotted: &[&str]) -> Shape {
    match dotted {
        ["Interface"] => Shape::Reference,
        ["ValueObject"] => Shape::ValueObject,
        [_, "rpc", "Time"] => Shape::Time,
        [_, "rpc", "TypeInfo"] => Shape::Typecode,
        named => Shape::Named(named.iter().map(|&part| part.to_owned()).collect()),
    }
}

/// `[… for x0 in list]`, or a map on its way to JSON: `[dict(key = …, value = …) for k, v in map.items()]`.
fn list(comprehension: &Comprehension, bound: &[&str]) -> Option<(Shape, Option<Origin>)> {
    let pattern: Vec<&str> = comprehension.pattern.iter().map(String::as_str).collect();
    let inner = [bound, &pattern].concat();
    match pattern.as_slice() {
        [_] => {
            let (element, _) = inside(&comprehension.element, &inner)?;
            let (_, origin) = inside(&comprehension.over, bound)?;
            Some((Shape::Vector(Box::new(element)), origin))
        }
        [_, _] => {
            let Expression::Call(function, _, named) = &comprehension.element else {
                return None;
            };
            let part = |wanted: &str| {
                let (_, value) = named.iter().find(|(name, _)| name == wanted)?;
                Some(inside(value, &inner)?.0)
            };
            let Expression::Call(items, _, _) = &comprehension.over else {
                return None;
            };
            let Expression::Attribute(map, items) = items.as_ref() else {
                return None;
            };
            if function.name() != Some("dict") || items != "items" {
                return None;
            }
            let (_, origin) = inside(map, bound)?;
            Some((
                Shape::Map(Box::new(part("key")?), Box::new(part("value")?)),
                origin,
            ))
        }
        _ => None,
    }
}

/// A map on its way from JSON: `dict([(elem['key'], …) for elem in list])`.
fn pairs(argument: &Expression, bound: &[&str]) -> Option<(Shape, Option<Origin>)> {
    let Expression::Comprehension(comprehension) = argument else {
        return None;
    };
    let Expression::Tuple(pair) = &comprehension.element else {
        return None;
    };
    let ([key, value], [variable]) = (pair.as_slice(), comprehension.pattern.as_slice()) else {
        return None;
    };
    let inner = [bound, &[variable]].concat();
    let (key, _) = inside(key, &inner)?;
    let (value, _) = inside(value, &inner)?;
    let (_, origin) = inside(&comprehension.over, bound)?;
    Some((Shape::Map(Box::new(key), Box::new(value)), origin))
}

impl Shape {
    /// What two expressions for the same value say together; `None` if they contradict.
    pub(super) fn merge(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Raw, other) => Some(other),
            (own, Self::Raw) => Some(own),
            (Self::Vector(own), Self::Vector(other)) => {
                Some(Self::Vector(Box::new(own.merge(*other)?)))
            }
            (Self::Map(key, value), Self::Map(other_key, other_value)) => Some(Self::Map(
                Box::new(key.merge(*other_key)?),
                Box::new(value.merge(*other_value)?),
            )),
            (own, other) => (own == other).then_some(own),
        }
    }

    /// Whether `str()` is anywhere in it.
    pub(super) fn has_text(&self) -> bool {
        match self {
            Self::Text => true,
            Self::Vector(element) => element.has_text(),
            Self::Map(key, value) => key.has_text() || value.has_text(),
            _ => false,
        }
    }
}
