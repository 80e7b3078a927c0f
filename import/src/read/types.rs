//! Shape and check of a value, put together.

use xerus_idl::model::Builtin;

use super::Reader;
use super::checks::Check;
use super::shapes::Shape;
use crate::api::{Hole, Kind, Ty, TypeId};

/// Where a value is looked at.
#[derive(Clone, Copy)]
pub(super) struct ValuePlace<'a> {
    /// Python's name of the class.
    pub(super) scope: &'a str,
    /// Whether an encoding expression was seen: only those show whether something is a string.
    pub(super) encoded: bool,
}

impl Reader<'_> {
    /// The type of a value, or what is wrong.
    pub(super) fn ty(
        &self,
        shape: &Shape,
        check: Option<&Check>,
        place: ValuePlace<'_>,
    ) -> Result<Ty, String> {
        match (shape, check) {
            (Shape::Vector(element), None) => {
                Ok(Ty::Vector(Box::new(self.ty(element, None, place)?)))
            }
            (Shape::Vector(element), Some(Check::Each(check))) => Ok(Ty::Vector(Box::new(
                self.ty(element, Some(check), place)?,
            ))),
            (Shape::Map(key, value), None) => {
                let key = self.key(key, place)?;
                Ok(Ty::Map(
                    Box::new(key),
                    Box::new(self.ty(value, None, place)?),
                ))
            }
            (Shape::Vector(_) | Shape::Map(..), Some(_)) | (_, Some(Check::Each(_))) => {
                Err("decoded and checked differently".to_owned())
            }
            (shape, None) => self.unchecked(shape, place),
            (shape, Some(Check::Is(word, class))) => {
                self.checked(shape, word, class.as_deref(), place)
            }
        }
    }

    fn key(&self, shape: &Shape, place: ValuePlace<'_>) -> Result<Ty, String> {
        Ok(match shape {
            Shape::Text => Ty::Builtin(Builtin::String),
            Shape::Integer => Ty::Builtin(Builtin::Long),
            Shape::Raw if place.encoded && self.api.converts_strings => Ty::Builtin(Builtin::Int),
            Shape::Raw => Ty::Hole(Hole::Key),
            _ => return Err("odd map key".to_owned()),
        })
    }

    fn unchecked(&self, shape: &Shape, place: ValuePlace<'_>) -> Result<Ty, String> {
        Ok(match shape {
            Shape::Text => Ty::Builtin(Builtin::String),
            // Only `long` is converted.
            Shape::Integer => Ty::Builtin(Builtin::Long),
            Shape::Time => Ty::Builtin(Builtin::Time),
            Shape::Typecode => Ty::Builtin(Builtin::Typecode),
            Shape::Raw if place.encoded && self.api.converts_strings => Ty::Hole(Hole::Number),
            Shape::Raw => Ty::Hole(Hole::Primitive),
            Shape::Reference => Ty::Hole(Hole::Interface),
            Shape::ValueObject => Ty::Hole(Hole::ValueObject),
            Shape::Named(name) => Ty::Named(self.named(name, place)?),
            Shape::Vector(_) | Shape::Map(..) => return Err("odd shape".to_owned()),
        })
    }

    fn checked(
        &self,
        shape: &Shape,
        word: &str,
        class: Option<&[String]>,
        place: ValuePlace<'_>,
    ) -> Result<Ty, String> {
        let builtin = match word {
            "bool" => Builtin::Boolean,
            "byte" => Builtin::Byte,
            "int" => Builtin::Int,
            "long" => Builtin::Long,
            "float" => Builtin::Float,
            "double" => Builtin::Double,
            "string" => Builtin::String,
            "time" => Builtin::Time,
            "typeinfo" => Builtin::Typecode,
            "remote_obj" => Builtin::Object,
            "interface" | "struct" | "enum" | "valobj" => {
                let class = class.ok_or_else(|| format!("`is_{word}` without a class"))?;
                return self.class(shape, word, class, place);
            }
            _ => return Err(format!("unknown check `is_{}`", word.escape_debug())),
        };
        let fits = match builtin {
            Builtin::Time => *shape == Shape::Time,
            Builtin::Typecode => *shape == Shape::Typecode,
            Builtin::Object => *shape == Shape::Reference,
            Builtin::String => matches!(shape, Shape::Raw | Shape::Text),
            Builtin::Long => matches!(shape, Shape::Raw | Shape::Integer),
            _ => *shape == Shape::Raw,
        };
        if fits {
            Ok(Ty::Builtin(builtin))
        } else {
            Err(format!("decoded otherwise than `{word}`"))
        }
    }

    fn class(
        &self,
        shape: &Shape,
        word: &str,
        class: &[String],
        place: ValuePlace<'_>,
    ) -> Result<Ty, String> {
        let id = self.named(class, place)?;
        let kind = self.api.types.get(id).map(|ty| ty.kind);
        let fits = match (word, kind, shape) {
            ("interface", Some(Kind::Interface(_)), Shape::Reference)
            | ("valobj", Some(Kind::ValueObject(_)), Shape::ValueObject) => true,
            ("struct", Some(Kind::Structure), Shape::Named(name))
            | ("enum", Some(Kind::Enumeration), Shape::Named(name)) => {
                self.named(name, place)? == id
            }
            _ => false,
        };
        if fits {
            Ok(Ty::Named(id))
        } else {
            Err(format!("check `is_{word}` does not fit"))
        }
    }

    fn named(&self, name: &[String], place: ValuePlace<'_>) -> Result<TypeId, String> {
        let parts: Vec<&str> = name.iter().map(String::as_str).collect();
        self.resolve(&parts, place.scope)
            .ok_or_else(|| format!("unknown class `{}`", parts.join(".")))
    }
}
