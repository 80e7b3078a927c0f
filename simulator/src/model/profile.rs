//! Devices as they are sold: a name for a make-up.

use std::fmt;
use std::str::FromStr;

use super::make_up::{MakeUp, Receptacle, SIX};
use super::quantity::Quantity;

/// A kind of device.
///
/// ```
/// use xerus_sim::Profile;
///
/// let profile: Profile = "px4-48".parse()?;
/// let make_up = profile.make_up();
/// assert_eq!((make_up.outlets, make_up.three_phase), (48, true));
/// # Ok::<(), xerus_sim::model::UnknownProfile>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Profile {
    /// Three-phase, 32 A, six overcurrent protectors, 48 outlets with relays and meters.
    Px4_48,
    /// Three-phase, 32 A, six overcurrent protectors, 36 outlets with relays and meters, residual current monitor.
    Px3ThreePhase,
    /// A rack transfer switch: two single-phase inlets of 16 A, 10 outlets.
    TransferSwitch,
    /// Three-phase, 32 A, without outlets: measures what passes through it.
    InlineMeter,
    /// Sensors and an asset strip, without inlets and outlets.
    Gateway,
}

impl Profile {
    /// Every profile that there is.
    pub const ALL: [Self; 5] = [
        Self::Px4_48,
        Self::Px3ThreePhase,
        Self::TransferSwitch,
        Self::InlineMeter,
        Self::Gateway,
    ];

    /// The name, as in options.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Px4_48 => "px4-48",
            Self::Px3ThreePhase => "px3-3phase",
            Self::TransferSwitch => "transfer-switch",
            Self::InlineMeter => "inline-meter",
            Self::Gateway => "gateway",
        }
    }

    /// What such a device consists of.
    #[must_use]
    pub fn make_up(self) -> MakeUp {
        const SEVEN_AND_ONE: [Receptacle; 8] = {
            let mut receptacles = [Receptacle::C13; 8];
            receptacles[7] = Receptacle::C19;
            receptacles
        };
        let (temperature, humidity) = (Quantity::Temperature, Quantity::Humidity);
        let base = MakeUp {
            slots: 32,
            ..MakeUp::default()
        };
        match self {
            Self::Px4_48 => MakeUp {
                outlets: 48,
                receptacles: SEVEN_AND_ONE.to_vec(),
                overcurrent_protectors: 6,
                three_phase: true,
                sensors: vec![temperature, humidity, temperature, humidity],
                model: "SIM-PX4-48".to_owned(),
                ..base
            },
            Self::Px3ThreePhase => MakeUp {
                outlets: 36,
                receptacles: SIX.to_vec(),
                overcurrent_protectors: 6,
                three_phase: true,
                slots: 64,
                sensors: vec![temperature, humidity, temperature, humidity, temperature],
                model: "SIM-PX3-36".to_owned(),
                ..base
            },
            Self::TransferSwitch => MakeUp {
                outlets: 10,
                receptacles: [Receptacle::C13; 4]
                    .into_iter()
                    .chain([Receptacle::C19])
                    .collect(),
                inlets: 2,
                plug: "IEC 60320 C20".to_owned(),
                inlet_amperes: 16,
                overcurrent_protectors: 2,
                transfer_switch: true,
                model: "SIM-TS-10".to_owned(),
                ..base
            },
            Self::InlineMeter => MakeUp {
                outlets: 0,
                switchable: false,
                overcurrent_protectors: 0,
                three_phase: true,
                model: "SIM-IM-32".to_owned(),
                ..base
            },
            Self::Gateway => MakeUp {
                outlets: 0,
                switchable: false,
                inlets: 0,
                overcurrent_protectors: 0,
                gateway: true,
                sensors: [temperature, humidity].repeat(4),
                asset_strips: 1,
                model: "SIM-GW".to_owned(),
                ..base
            },
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no profile has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownProfile(String);

impl fmt::Display for UnknownProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no profile {:?}; take one of", self.0)?;
        for (index, profile) in Profile::ALL.into_iter().enumerate() {
            write!(f, "{} {profile}", if index > 0 { "," } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownProfile {}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Self, UnknownProfile> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.name() == name)
            .ok_or_else(|| UnknownProfile(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;

    #[test]
    fn every_profile_is_found_by_its_name_and_is_in_range() {
        for profile in Profile::ALL {
            assert_eq!(profile.to_string().parse(), Ok(profile));
            let make_up = profile.make_up();
            assert_eq!(make_up.clone().normalized(), make_up, "{profile}");
        }
        let unknown = "px9".parse::<Profile>().unwrap_err().to_string();
        assert!(
            unknown.contains("px9") && unknown.contains("gateway"),
            "{unknown}"
        );
    }

    #[test]
    fn outlets_have_the_receptacles_of_their_profile() {
        let count = |profile: Profile, wanted: Receptacle| {
            let make_up = profile.make_up();
            let outlets = 0..make_up.outlets;
            outlets
                .filter(|&outlet| make_up.receptacle(outlet) == wanted)
                .count()
        };
        for (profile, c13, c19) in [
            (Profile::Px4_48, 42, 6),
            (Profile::Px3ThreePhase, 30, 6),
            (Profile::TransferSwitch, 8, 2),
            (Profile::InlineMeter, 0, 0),
            (Profile::Gateway, 0, 0),
        ] {
            assert_eq!(count(profile, Receptacle::C13), c13, "{profile}");
            assert_eq!(count(profile, Receptacle::C19), c19, "{profile}");
        }
    }

    #[test]
    fn a_gateway_has_sensors_and_nothing_that_carries_power() {
        let make_up = Profile::Gateway.make_up();
        assert!(!make_up.has(Place::Inlet(0)) && !make_up.has(Place::Outlet(0)));
        assert_eq!(make_up.measured(Place::Slot(7)), [Quantity::Humidity]);
        assert_eq!(make_up.measured(Place::Slot(8)), []);
        assert_eq!((make_up.ordinal(6), make_up.ordinal(7)), (4, 4));
    }
}
