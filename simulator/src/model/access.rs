//! Rules of access that the device keeps and shows: firewall, SSH, the text that users agree to. The simulated device does not enforce
//! them: nobody is cut off by a mistake in a test.

use std::net::IpAddr;

/// What a firewall does with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    Accept,
    Drop,
    Reject,
}

/// A rule of a firewall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FirewallRule {
    /// An address with the length of its prefix.
    pub(crate) network: String,
    pub(crate) policy: Policy,
}

/// A firewall: rules and what happens without one, inwards and outwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Firewall {
    pub(crate) enabled: bool,
    pub(crate) default: [Policy; 2],
    pub(crate) rules: [Vec<FirewallRule>; 2],
}

/// Whether users of a role may come from a range of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoleRule {
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) role: i32,
    pub(crate) allow: bool,
}

/// Access by role and address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoleAccess {
    pub(crate) enabled: bool,
    pub(crate) default_allow: bool,
    pub(crate) rules: Vec<RoleRule>,
}

/// A family of addresses; the place in the pairs of [`Access`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    V4,
    V6,
}

/// All that.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    /// Whether requests by HTTP are redirected to HTTPS.
    pub(crate) redirect: bool,
    pub(crate) strict_transport: bool,
    firewalls: [Firewall; 2],
    roles: [RoleAccess; 2],
    pub(crate) ssh_password: bool,
    pub(crate) ssh_key: bool,
    agreement: (bool, String),
    /// Names of privileges.
    front_panel: Vec<&'static str>,
    /// What counts from the next start on.
    pub(crate) fips: bool,
}

/// What whoever stands at the device can be allowed.
pub(crate) const FRONT_PANEL: [&str; 3] =
    ["switchActuator", "switchOutlet", "switchTransferSwitch"];

/// Rules that a list takes, and characters of a text.
const RULES: usize = 64;
const TEXT: usize = 2_000;

impl Default for Access {
    fn default() -> Self {
        let firewall = Firewall {
            enabled: false,
            default: [Policy::Accept; 2],
            rules: Default::default(),
        };
        let roles = RoleAccess {
            enabled: false,
            default_allow: true,
            rules: Vec::new(),
        };
        Self {
            redirect: false,
            strict_transport: false,
            firewalls: [firewall.clone(), firewall],
            roles: [roles.clone(), roles],
            ssh_password: true,
            ssh_key: true,
            agreement: (
                false,
                "Unauthorized access prohibited; all access and activities not explicitly authorized by management are \
                 unauthorized."
                    .to_owned(),
            ),
            front_panel: Vec::new(),
            fips: false,
        }
    }
}

impl Access {
    pub(crate) fn firewall(&self, family: Family) -> &Firewall {
        &self.firewalls[family as usize]
    }

    /// The answer says whether the rules are possible; otherwise nothing is changed.
    pub(crate) fn set_firewall(&mut self, family: Family, firewall: Firewall) -> bool {
        let mut rules = firewall.rules.iter();
        let valid = rules.all(|rules| {
            rules.len() <= RULES && rules.iter().all(|rule| family.has_network(&rule.network))
        });
        if valid {
            self.firewalls[family as usize] = firewall;
        }
        valid
    }

    pub(crate) fn roles(&self, family: Family) -> &RoleAccess {
        &self.roles[family as usize]
    }

    /// As [`set_firewall`](Self::set_firewall); `is_role` says which numbers of roles there are.
    pub(crate) fn set_roles(
        &mut self,
        family: Family,
        roles: RoleAccess,
        is_role: impl Fn(i32) -> bool,
    ) -> bool {
        let valid = roles.rules.len() <= RULES
            && roles.rules.iter().all(|rule| {
                let ends = (family.address(&rule.first), family.address(&rule.last));
                is_role(rule.role) && matches!(ends, (Some(first), Some(last)) if first <= last)
            });
        if valid {
            self.roles[family as usize] = roles;
        }
        valid
    }

    /// Whether users have to agree to a text, and the text.
    pub(crate) fn agreement(&self) -> (bool, &str) {
        (self.agreement.0, &self.agreement.1)
    }

    /// The answer says whether the text is possible.
    pub(crate) fn set_agreement(&mut self, enabled: bool, text: String) -> bool {
        let valid = text.chars().count() <= TEXT && !(enabled && text.trim().is_empty());
        if valid {
            self.agreement = (enabled, text);
        }
        valid
    }

    pub(crate) fn front_panel(&self) -> &[&'static str] {
        &self.front_panel
    }

    /// The answer says whether these can be allowed.
    pub(crate) fn set_front_panel(&mut self, names: &[String]) -> bool {
        let known = |name: &String| FRONT_PANEL.into_iter().find(|known| known == name);
        let wanted: Option<Vec<_>> = names.iter().map(known).collect();
        let valid = wanted.is_some();
        if let Some(mut wanted) = wanted {
            wanted.sort_unstable();
            wanted.dedup();
            self.front_panel = wanted;
        }
        valid
    }
}

impl Family {
    /// Bits of an address.
    pub(super) fn bits(self) -> u32 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    pub(super) fn address(self, text: &str) -> Option<IpAddr> {
        let address: IpAddr = text.parse().ok()?;
        (address.is_ipv4() == (self == Self::V4)).then_some(address)
    }

    fn has_network(self, text: &str) -> bool {
        let Some((address, prefix)) = text.split_once('/') else {
            return false;
        };
        self.address(address).is_some()
            && prefix
                .parse::<u32>()
                .is_ok_and(|prefix| prefix <= self.bits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn firewall(network: &str) -> Firewall {
        let rule = FirewallRule {
            network: network.to_owned(),
            policy: Policy::Drop,
        };
        Firewall {
            enabled: true,
            default: [Policy::Accept, Policy::Reject],
            rules: [vec![rule], Vec::new()],
        }
    }

    #[test]
    fn rules_are_for_networks_of_their_family() {
        let mut access = Access::default();
        for (family, network, valid) in [
            (Family::V4, "10.0.0.0/8", true),
            (Family::V4, "10.0.0.0/33", false),
            (Family::V4, "10.0.0.0", false),
            (Family::V4, "fe80::/10", false),
            (Family::V6, "fe80::/10", true),
            (Family::V6, "10.0.0.0/8", false),
        ] {
            assert_eq!(
                access.set_firewall(family, firewall(network)),
                valid,
                "{network}"
            );
        }
        assert_eq!(
            access.firewall(Family::V4).rules[0][0].network,
            "10.0.0.0/8"
        );
        assert!(access.firewall(Family::V6).enabled);
    }

    #[test]
    fn ranges_of_addresses_begin_before_they_end() {
        let mut access = Access::default();
        let mut set = |first: &str, last: &str, role| {
            let rule = RoleRule {
                first: first.to_owned(),
                last: last.to_owned(),
                role,
                allow: false,
            };
            let roles = RoleAccess {
                enabled: true,
                default_allow: true,
                rules: vec![rule],
            };
            access.set_roles(Family::V4, roles, |role| role == 1)
        };
        assert!(set("10.0.0.1", "10.0.0.9", 1));
        assert!(!set("10.0.0.9", "10.0.0.1", 1));
        assert!(!set("10.0.0.1", "10.0.0.9", 2));
        assert!(!set("::1", "::2", 1));
    }

    #[test]
    fn texts_and_front_panel_privileges_are_checked() {
        let mut access = Access::default();
        assert!(!access.set_agreement(true, " ".to_owned()));
        assert!(access.set_agreement(true, "Be nice.".to_owned()));
        assert_eq!(access.agreement(), (true, "Be nice."));
        assert!(!access.set_front_panel(&["fly".to_owned()]));
        assert!(access.set_front_panel(&["switchOutlet".to_owned(), "switchOutlet".to_owned()]));
        assert_eq!(access.front_panel(), ["switchOutlet"]);
    }
}
