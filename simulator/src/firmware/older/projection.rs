//! Values of the newest firmware in the form of an older one, and the other way round.

mod names;

use std::sync::OnceLock;

use xerus_rpc::WireId;

use super::adapters;
use super::raw::{self, Members, elements, quoted};
use super::read::read;
use super::table::{Interface, Named, Record, Table, Type, free};
use crate::model::Firmware;

/// What turns values of the newest firmware into those of an older one.
#[derive(Debug)]
pub(in crate::firmware) struct Projection {
    pub(super) table: Table,
}

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::firmware) enum Way {
    /// From the newest servant to a client of the older firmware.
    Out,
    /// From a client to the servant.
    In,
}

impl Projection {
    /// The projection for a firmware; `None` for the newest, which needs none.
    pub(in crate::firmware) fn of(firmware: Firmware) -> Option<&'static Self> {
        static OF_3_6: OnceLock<Projection> = OnceLock::new();
        static OF_4_0: OnceLock<Projection> = OnceLock::new();
        let (place, text) = match firmware {
            Firmware::V3_6_80 => (&OF_3_6, include_str!("tables/3.6.80.txt")),
            Firmware::V4_0_20 => (&OF_4_0, include_str!("tables/4.0.20.txt")),
            Firmware::V4_4_1 => return None,
        };
        Some(place.get_or_init(|| Self {
            table: read(text).expect("the tables are a part of this crate, and a test reads them"),
        }))
    }

    /// Writes a value in the form of the other side. `false`: that side knows nothing of the kind, and nothing was written.
    pub(super) fn write(&self, way: Way, ty: &Type, text: &str, out: &mut String) -> bool {
        match ty {
            Type::Vector(element) => self.vector(way, element, text, out),
            Type::Map(key, value) => self.map(way, key, value, text, out),
            Type::Object => self.reference(way, text, out),
            Type::WireId => self.type_code(way, text, out),
            Type::Text => self.text(way, text, out),
            Type::Named(id) => self.named(way, id, text, out),
            Type::Boolean | Type::Integer | Type::Float => {
                out.push_str(text);
                true
            }
        }
    }

    /// As [`write`](Self::write). Nothing stands for what a client does not know; what the servant does not know it refuses in its
    /// own words.
    pub(super) fn write_whole(&self, way: Way, ty: &Type, text: &str, out: &mut String) {
        let end = out.len();
        if !self.write(way, ty, text, out) {
            out.truncate(end);
            match way {
                Way::Out => out.push_str(&self.nothing(ty)),
                Way::In => out.push_str(text),
            }
        }
    }

    /// The value that says nothing.
    fn nothing(&self, ty: &Type) -> String {
        match ty {
            Type::Boolean => "false".to_owned(),
            Type::Integer => "0".to_owned(),
            Type::Float => "0.0".to_owned(),
            Type::Text | Type::WireId => "\"\"".to_owned(),
            Type::Object => "null".to_owned(),
            Type::Vector(_) | Type::Map(..) => "[]".to_owned(),
            Type::Named(id) => match self.table.values.get(id) {
                Some(Named::Record(record)) if !self.is_value_object(id) => {
                    let members = record.members.iter().map(|member| {
                        format!("{}:{}", quoted(&member.name), self.nothing(&member.ty))
                    });
                    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
                }
                Some(Named::Enumeration { fallback, .. }) => fallback.to_string(),
                Some(Named::Alias(target)) => self.nothing(target),
                Some(Named::Opaque) => "{}".to_owned(),
                Some(Named::Record(_)) | None => "null".to_owned(),
            },
        }
    }

    fn is_value_object(&self, id: &str) -> bool {
        self.table.value_objects.contains_key(&free(id))
    }

    /// Elements that a client knows nothing of are left out.
    fn vector(&self, way: Way, element: &Type, text: &str, out: &mut String) -> bool {
        let Some(elements) = elements(text) else {
            return false;
        };
        out.push('[');
        let mut first = true;
        for text in elements {
            let end = out.len();
            if !first {
                out.push(',');
            }
            if self.write(way, element, text, out) {
                first = false;
            } else if way == Way::In {
                // The servant refuses it in its own words; left out, less would be done than the client asked for.
                out.push_str(text);
                first = false;
            } else {
                out.truncate(end);
            }
        }
        out.push(']');
        true
    }

    fn map(&self, way: Way, key: &Type, value: &Type, text: &str, out: &mut String) -> bool {
        let Some(pairs) = elements(text) else {
            return false;
        };
        let is_pair = |text: &&str| {
            Members::of(text).is_some_and(|pair| pair.get("key").and(pair.get("value")).is_some())
        };
        if way == Way::In && !pairs.iter().all(is_pair) {
            return false;
        }
        out.push('[');
        let mut first = true;
        for pair in pairs.into_iter().filter_map(Members::of) {
            let (Some(of_key), Some(of_value)) = (pair.get("key"), pair.get("value")) else {
                continue;
            };
            let end = out.len();
            out.push_str(if first { "{\"key\":" } else { ",{\"key\":" });
            let known = self.write(way, key, of_key, out) && {
                out.push_str(",\"value\":");
                self.write(way, value, of_value, out)
            };
            if known {
                out.push('}');
                first = false;
            } else if way == Way::In {
                return false;
            } else {
                out.truncate(end);
            }
        }
        out.push(']');
        true
    }

    fn named(&self, way: Way, id: &str, text: &str, out: &mut String) -> bool {
        match self.table.values.get(id) {
            None => self.reference(way, text, out),
            Some(Named::Record(_)) if self.is_value_object(id) => self.value_object(way, text, out),
            Some(Named::Record(record)) => self.record(way, id, record, text, out),
            Some(&Named::Enumeration { known, fallback }) => {
                match text.parse::<i64>() {
                    Ok(index) if way == Way::Out && index >= known => {
                        out.push_str(&fallback.to_string());
                    }
                    _ => out.push_str(text),
                }
                true
            }
            Some(Named::Alias(target)) => self.write(way, target, text, out),
            Some(Named::Opaque) => {
                out.push_str(text);
                true
            }
        }
    }

    fn record(&self, way: Way, id: &str, record: &Record, text: &str, out: &mut String) -> bool {
        let Some(given) = Members::of(text) else {
            return false;
        };
        let name = free(id);
        let mut list = List::begin(out);
        for member in &record.members {
            let text = match way {
                Way::In if member.older => continue,
                Way::Out if member.older => adapters::member(&name, &member.name, &given),
                // What a client leaves out stays left out: the servant decides what that means.
                Way::In if given.get(&member.name).is_none() => continue,
                _ => given.get(&member.name).map(str::to_owned),
            };
            list.name(&member.name);
            match text {
                Some(text) => self.write_whole(way, &member.ty, &text, list.out),
                None => list.out.push_str(&self.nothing(&member.ty)),
            }
        }
        if way == Way::In {
            for (newer, nothing) in &record.newer {
                list.name(newer);
                match adapters::newer(&name, newer, &given) {
                    Some(text) => list.out.push_str(&text),
                    None => list.out.push_str(nothing),
                }
            }
        }
        list.end();
        true
    }

    /// A value that names its own type.
    fn value_object(&self, way: Way, text: &str, out: &mut String) -> bool {
        if text == "null" {
            out.push_str(text);
            return true;
        }
        let write = || {
            let members = Members::of(text)?;
            let name = free(&raw::string(members.get("type")?)?);
            let id = self.table.value_objects.get(&name)?;
            let Named::Record(record) = self.table.values.get(id)? else {
                return None;
            };
            let mut value = String::new();
            // The servant takes any version of a type: the name counts.
            self.record(way, id, record, members.get("value")?, &mut value)
                .then(|| format!("{{\"type\":{},\"value\":{value}}}", quoted(id)))
        };
        match write() {
            Some(text) => out.push_str(&text),
            None => return false,
        }
        true
    }
}

/// What an object of the newest firmware is in the older one.
impl Projection {
    pub(super) fn interface(&self, newest: &WireId) -> Option<&Interface> {
        self.table.interface(newest)
    }
}

/// An object as it is written.
struct List<'o> {
    out: &'o mut String,
    first: bool,
}

impl<'o> List<'o> {
    fn begin(out: &'o mut String) -> Self {
        out.push('{');
        Self { out, first: true }
    }

    fn name(&mut self, name: &str) {
        if !std::mem::take(&mut self.first) {
            self.out.push(',');
        }
        self.out.push_str(&quoted(name));
        self.out.push(':');
    }

    fn end(self) {
        self.out.push('}');
    }
}

#[cfg(test)]
mod tests;
