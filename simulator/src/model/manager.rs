//! Settings of the manager of peripheral devices.

/// Settings; what they are about is kept and not done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ManagerSettings {
    /// Whether heights are any text instead of rack units.
    pub(crate) free_heights: bool,
    /// Whether new devices take a slot by themselves.
    pub(crate) auto_manage: bool,
    /// Altitude in m.
    pub(crate) altitude: f32,
    /// Seconds that presence is reported after motion.
    pub(crate) presence: i32,
    /// Powered contacts that may be on together.
    pub(crate) dry_contacts: i32,
    /// Whether the other access control unit keeps silent.
    pub(crate) mute: bool,
}

impl Default for ManagerSettings {
    fn default() -> Self {
        Self {
            free_heights: false,
            auto_manage: true,
            altitude: 0.0,
            presence: 40,
            dry_contacts: 8,
            mute: false,
        }
    }
}

impl ManagerSettings {
    /// Whether a device takes them.
    pub(crate) fn is_valid(&self) -> bool {
        (-500.0..=9_000.0).contains(&self.altitude)
            && (1..=3_600).contains(&self.presence)
            && (0..=64).contains(&self.dry_contacts)
    }
}

#[cfg(test)]
mod tests {
    use super::ManagerSettings;

    #[test]
    fn settings_have_ranges() {
        let settings = ManagerSettings::default();
        assert!(settings.is_valid());
        let bad = [
            ManagerSettings {
                altitude: f32::NAN,
                ..settings.clone()
            },
            ManagerSettings {
                altitude: 9_001.0,
                ..settings.clone()
            },
            ManagerSettings {
                presence: 0,
                ..settings.clone()
            },
            ManagerSettings {
                dry_contacts: -1,
                ..settings
            },
        ];
        assert!(bad.iter().all(|settings| !settings.is_valid()));
    }
}
