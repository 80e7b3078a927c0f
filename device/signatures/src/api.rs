//! The facts of one firmware, to look things up in.

use std::collections::BTreeMap;

use crate::facts::Facts;

/// One firmware.
#[derive(Clone, Debug, Default)]
pub(crate) struct Api {
    types: BTreeMap<String, Type>,
}

/// A type. What its kind does not have is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Type {
    pub(crate) kind: String,
    /// Of an interface: `3.0.4`.
    pub(crate) version: String,
    /// Of a value object: its type id.
    pub(crate) id: String,
    pub(crate) base: Option<String>,
    /// What is left out of a request stays as it is.
    pub(crate) sparse: bool,
    /// Own members and their types.
    pub(crate) members: BTreeMap<String, String>,
    /// Own methods.
    pub(crate) methods: BTreeMap<String, Signature>,
    pub(crate) constants: BTreeMap<String, i64>,
    /// Names by value.
    pub(crate) enumerators: BTreeMap<i64, String>,
    pub(crate) fallback: Option<i64>,
}

/// Names and types of what a method takes and gives; the return value is `_ret_`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signature {
    pub(crate) ins: BTreeMap<String, String>,
    pub(crate) outs: BTreeMap<String, String>,
}

impl Api {
    /// Reads facts.
    pub(crate) fn of(facts: &Facts) -> Result<Self, String> {
        let mut api = Self::default();
        for (name, fact) in facts {
            let ty = api.types.entry(name.clone()).or_default();
            ty.learn(fact)
                .ok_or_else(|| format!("{name}: no fact: {fact}"))?;
        }
        Ok(api)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Type> {
        self.types.get(name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Type)> {
        self.types.iter().map(|(name, ty)| (name.as_str(), ty))
    }

    /// A type and its bases, itself first.
    pub(crate) fn lineage<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        std::iter::successors(Some(name), |name| self.get(name)?.base.as_deref())
    }

    /// The members of a structure or value object, inherited ones among them.
    pub(crate) fn members(&self, name: &str) -> BTreeMap<&str, &str> {
        let types = self.lineage(name).filter_map(|name| self.get(name));
        types
            .flat_map(|ty| &ty.members)
            .map(|(member, ty)| (member.as_str(), ty.as_str()))
            .collect()
    }

    /// The type that declares a member: itself or one of its bases.
    pub(crate) fn declares<'a>(&'a self, name: &'a str, member: &str) -> Option<&'a str> {
        let mut types = self.lineage(name);
        types.find(|name| {
            self.get(name)
                .is_some_and(|ty| ty.members.contains_key(member))
        })
    }

    /// A method of an interface, also where an older firmware declares it in a base.
    pub(crate) fn method(&self, interface: &str, method: &str) -> Option<&Signature> {
        let mut types = self.lineage(interface).filter_map(|name| self.get(name));
        types.find_map(|ty| ty.methods.get(method))
    }
}

impl Type {
    fn learn(&mut self, fact: &str) -> Option<()> {
        let (word, rest) = fact.split_once(' ').unwrap_or((fact, ""));
        let mut words = rest.split(' ').map(str::to_owned);
        match word {
            "kind" => self.kind = rest.to_owned(),
            "version" => self.version = rest.to_owned(),
            "id" => self.id = rest.to_owned(),
            "base" => self.base = Some(rest.to_owned()),
            "sparse" => self.sparse = true,
            "member" => drop(self.members.insert(words.next()?, words.next()?)),
            "constant" => {
                let (name, value) = (words.next()?, words.next()?);
                self.constants.insert(name, value.parse().ok()?);
            }
            "enumerator" => {
                let (name, value) = (words.next()?, words.next()?);
                self.enumerators.insert(value.parse().ok()?, name);
            }
            "fallback" => self.fallback = Some(rest.parse().ok()?),
            "method" => drop(self.methods.entry(rest.to_owned()).or_default()),
            "in" | "out" => {
                let signature = self.methods.entry(words.next()?).or_default();
                let side = match word {
                    "in" => &mut signature.ins,
                    _ => &mut signature.outs,
                };
                side.insert(words.next()?, words.next()?);
            }
            _ => return None,
        }
        Some(())
    }

    /// The first number of its version.
    pub(crate) fn major(&self) -> &str {
        self.version.split('.').next().unwrap_or_default()
    }
}
