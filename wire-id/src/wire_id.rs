use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use crate::version::{SplitName, Version, split_suffix};

/// A parsed wire id such as `pdumodel.Outlet_3_0_1.StateChangedEvent:1.0.0`.
///
/// Cheap to clone. The text is kept exactly as it was read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WireId {
    text: Arc<str>,
    /// Byte offset of the colon.
    colon: usize,
    version: Version,
}

/// One part of a wire id: a name and its version (1.0.0 where none is written).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// The name without version suffix.
    pub name: &'a str,
    /// The version.
    pub version: Version,
}

/// Why a text is not a wire id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseWireIdError {
    reason: &'static str,
}

impl ParseWireIdError {
    /// What is wrong, in words.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        self.reason
    }
}

impl fmt::Display for ParseWireIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a wire id: {}", self.reason)
    }
}

impl std::error::Error for ParseWireIdError {}

/// The longest text taken for a wire id, in bytes.
const MAX_LENGTH: usize = 4096;

impl WireId {
    /// Reads a wire id.
    ///
    /// Very old devices write two version numbers (`name:1.2`), read as major and minor with
    /// submajor 0.
    ///
    /// # Errors
    ///
    /// When the text does not follow `name *("." name) ":" major "." submajor "." minor`.
    pub fn new(text: impl Into<Arc<str>>) -> Result<Self, ParseWireIdError> {
        let text = text.into();
        let (colon, version) = parse(&text)?;
        Ok(Self {
            text,
            colon,
            version,
        })
    }

    /// The text as it was read.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The version of the type itself (behind the colon).
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// Everything before the colon, suffixes of enclosing types kept.
    #[must_use]
    pub fn scoped_name(&self) -> &str {
        &self.text[..self.colon]
    }

    /// The segments from the outermost module to the type itself.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = Segment<'_>> {
        let name = self.scoped_name();
        let last = name.rfind('.').map_or(0, |dot| dot + 1);
        let own = Segment {
            name: &name[last..],
            version: self.version,
        };
        name[..last.saturating_sub(1)]
            .split('.')
            .filter(|part| !part.is_empty())
            .map(|part| {
                let split = split_suffix(part);
                Segment {
                    name: split.base(),
                    version: split.version(),
                }
            })
            .chain(std::iter::once(own))
    }

    /// All names without any version: `pdumodel.Outlet.StateChangedEvent`.
    #[must_use]
    #[doc(alias = "typeBaseName")]
    pub fn version_free_name(&self) -> String {
        let mut out = String::with_capacity(self.colon);
        for segment in self.segments() {
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(segment.name);
        }
        out
    }

    /// Whether this id and `other` name the same type in any version.
    #[must_use]
    pub fn same_name(&self, other: &Self) -> bool {
        self.segments()
            .map(|s| s.name)
            .eq(other.segments().map(|s| s.name))
    }
}

impl Default for WireId {
    /// The id of the root of all interfaces, `idl.Object:1.0.0`.
    fn default() -> Self {
        // Made once: structures with such a member are made by the thousand.
        static ROOT: LazyLock<WireId> = LazyLock::new(|| WireId {
            text: Arc::from("idl.Object:1.0.0"),
            colon: "idl.Object".len(),
            version: Version::ONE,
        });
        ROOT.clone()
    }
}

fn parse(text: &str) -> Result<(usize, Version), ParseWireIdError> {
    let fail = |reason| Err(ParseWireIdError { reason });
    if text.len() > MAX_LENGTH {
        return fail("longer than 4096 bytes");
    }
    let Some((names, numbers)) = text.split_once(':') else {
        return fail("no colon before the version");
    };
    for name in names.split('.') {
        let mut bytes = name.bytes();
        let Some(first) = bytes.next() else {
            return fail("empty name");
        };
        if !(first.is_ascii_alphabetic() || first == b'_') {
            return fail("a name starts with a letter or an underscore");
        }
        if !bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return fail("a name consists of letters, digits and underscores");
        }
        if matches!(split_suffix(name), SplitName::Overflow(_)) {
            return fail("version number out of range");
        }
    }
    let mut parsed = [0u32; 3];
    let mut count = 0;
    for number in numbers.split('.') {
        if count == 3 {
            return fail("more than three version numbers");
        }
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            return fail("a version number is not decimal");
        }
        let Ok(value) = number.parse() else {
            return fail("version number out of range");
        };
        parsed[count] = value;
        count += 1;
    }
    let version = match count {
        2 => Version::new(parsed[0], 0, parsed[1]),
        3 => Version::new(parsed[0], parsed[1], parsed[2]),
        _ => return fail("the version needs three numbers"),
    };
    Ok((names.len(), version))
}

impl FromStr for WireId {
    type Err = ParseWireIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

impl fmt::Display for WireId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for WireId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WireId({})", self.text)
    }
}

impl AsRef<str> for WireId {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> WireId {
        text.parse().unwrap()
    }

    #[test]
    fn segments_carry_their_own_versions() {
        let id = id("sensors.NumericSensor_4_0_9.Reading.Status:1.0.0");
        let parts: Vec<_> = id
            .segments()
            .map(|s| (s.name, s.version.to_string()))
            .collect();
        assert_eq!(
            parts,
            [
                ("sensors", "1.0.0".into()),
                ("NumericSensor", "4.0.9".into()),
                ("Reading", "1.0.0".into()),
                ("Status", "1.0.0".into())
            ]
        );
        assert_eq!(
            id.version_free_name(),
            "sensors.NumericSensor.Reading.Status"
        );
    }

    #[test]
    fn the_default_is_what_its_text_says() {
        assert_eq!(WireId::default(), id("idl.Object:1.0.0"));
    }

    #[test]
    fn an_odd_suffix_is_part_of_the_name() {
        let id = id("a.b_1_2_c.D:1.0.0");
        let names: Vec<_> = id.segments().map(|s| s.name).collect();
        assert_eq!(names, ["a", "b_1_2_c", "D"]);
    }

    #[test]
    fn two_numbers_leave_the_submajor_out() {
        assert_eq!(id("pdumodel.Outlet:1.2").version(), Version::new(1, 0, 2));
    }

    #[test]
    fn malformed_ids_are_refused() {
        let colon = "no colon before the version";
        let decimal = "a version number is not decimal";
        let range = "version number out of range";
        let begins = "a name starts with a letter or an underscore";
        let consists = "a name consists of letters, digits and underscores";
        let long = format!("{}:1.0.0", "a".repeat(MAX_LENGTH));
        for (text, reason) in [
            ("", colon),
            ("pdumodel.Outlet", colon),
            ("pdumodel.Outlet_3_0_4", colon),
            ("pdumodel.Outlet:3", "the version needs three numbers"),
            ("pdumodel.Outlet:3.0.0.0", "more than three version numbers"),
            (":1.0.0", "empty name"),
            ("pdumodel..Outlet:1.0.0", "empty name"),
            ("pdumodel.Outlet.:1.0.0", "empty name"),
            ("pdumodel.Outlet:-1.0.0", decimal),
            ("pdumodel.Outlet: 1.0.0", decimal),
            ("pdumodel.Outlet:1..0", decimal),
            ("a.B:99999999999.0.0", range),
            ("a.B_99999999999_0_0.C:1.0.0", range),
            ("ä.B:1.0.0", begins),
            ("1a.B:1.0.0", begins),
            ("a.B-C:1.0.0", consists),
            (&long, "longer than 4096 bytes"),
        ] {
            let error = text.parse::<WireId>().unwrap_err();
            assert_eq!(error.reason, reason, "{text}");
        }
    }
}
