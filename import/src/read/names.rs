//! Type ids as the package writes them.

use xerus_wire_id::Version;

use crate::api::is_identifier;

/// The parts of `pdumodel.Outlet_3_0_1.MetaData:1.0.0`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TypeName {
    /// `pdumodel.Outlet_3_0_1`
    pub(super) scope: String,
    /// `MetaData`
    pub(super) base: String,
    /// `1.0.0`
    pub(super) version: Version,
}

impl TypeName {
    /// Takes an id apart.
    pub(super) fn parse(id: &str) -> Option<Self> {
        let (path, version) = id.split_once(':')?;
        let mut numbers = version.split('.').map(number);
        let version = Version::new(numbers.next()??, numbers.next()??, numbers.next()??);
        let (scope, base) = path.rsplit_once('.')?;
        let sound = numbers.next().is_none() && path.split('.').all(is_identifier);
        sound.then(|| Self {
            scope: scope.to_owned(),
            base: base.to_owned(),
            version,
        })
    }

    /// The name as IDL declares it: with a suffix unless the version is 1.0.0.
    pub(super) fn declared(&self) -> String {
        let Version {
            major,
            submajor,
            minor,
        } = self.version;
        if self.version == Version::ONE {
            self.base.clone()
        } else {
            format!("{}_{major}_{submajor}_{minor}", self.base)
        }
    }
}

fn number(digits: &str) -> Option<u32> {
    let plain = digits.bytes().all(|b| b.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
        && !digits.is_empty();
    plain.then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids() {
        let name = TypeName::parse("m.A_2_0_1.B:3.0.4").unwrap();
        assert_eq!(
            (name.scope.as_str(), name.declared().as_str()),
            ("m.A_2_0_1", "B_3_0_4")
        );
        assert_eq!(TypeName::parse("m.A:1.0.0").unwrap().declared(), "A");
        for refused in [
            "m.A",
            "A:1.0.0",
            "m.A:1.0",
            "m.A:1.0.0.0",
            "m.A:1.00.0",
            "m.A:1.0.x",
            "m..A:1.0.0",
            "m.A{}:1.0.0",
            "m.A:-1.0.0",
            "m.A:99999999999.0.0",
            "m.A:1..0",
        ] {
            assert_eq!(TypeName::parse(refused), None, "{refused}");
        }
    }
}
