//! The SNMP agent: its settings. The simulated device does not answer to SNMP.

/// Settings. Communities are secrets.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SnmpSettings {
    /// Whether SNMPv1 and v2c are answered.
    pub(crate) v2: bool,
    /// Whether SNMPv3 is answered.
    pub(crate) v3: bool,
    /// The community that may read.
    pub(crate) read_community: String,
    /// The community that may write.
    pub(crate) write_community: String,
    /// Whom to ask.
    pub(crate) contact: String,
    /// The name of the device.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) location: String,
}

impl Default for SnmpSettings {
    fn default() -> Self {
        Self {
            v2: false,
            v3: false,
            read_community: "public".to_owned(),
            write_community: "private".to_owned(),
            contact: String::new(),
            name: String::new(),
            location: String::new(),
        }
    }
}

/// Without the communities.
impl std::fmt::Debug for SnmpSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SnmpSettings")
            .field("v2", &self.v2)
            .field("v3", &self.v3)
            .field("contact", &self.contact)
            .field("name", &self.name)
            .field("location", &self.location)
            .finish_non_exhaustive()
    }
}

/// Characters of a community, and of another text.
const COMMUNITY: usize = 64;
const TEXT: usize = 255;

impl SnmpSettings {
    pub(crate) fn is_valid(&self) -> bool {
        let fits =
            |text: &String, most| text.chars().count() <= most && !text.contains(char::is_control);
        let communities = [&self.read_community, &self.write_community];
        let texts = [&self.contact, &self.name, &self.location];
        communities
            .iter()
            .all(|text| fits(text, COMMUNITY) && !(self.v2 && text.is_empty()))
            && texts.iter().all(|text| fits(text, TEXT))
    }
}

/// The engine id that a MAC address makes (RFC 3411, format 3, with the number of the vendor).
pub(crate) fn engine_id(mac: &str) -> String {
    let digits: String = mac.chars().filter(char::is_ascii_hexdigit).collect();
    // 13742 is Raritan's number at IANA.
    format!("80{:06x}03{}", 13_742, digits.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_checked_and_communities_hidden() {
        let mut settings = SnmpSettings::default();
        assert!(settings.is_valid());
        settings.read_community.clear();
        assert!(settings.is_valid(), "nobody asks for it");
        settings.v2 = true;
        assert!(!settings.is_valid());
        settings.read_community = "hidden".to_owned();
        assert!(settings.is_valid() && !format!("{settings:?}").contains("hidden"));
        settings.name = "x".repeat(256);
        assert!(!settings.is_valid());
        assert_eq!(engine_id("02:00:00:00:00:0A"), "800035ae0302000000000a");
    }
}
