//! Firewall and access by role, from and to what clients send.

use xerus_api::security::{
    IpFw, IpfwPolicy, IpfwRule, RoleAccessControl, RoleAccessPolicy, RoleAccessRule,
};

use crate::model::access::{Firewall, FirewallRule, Policy, RoleAccess, RoleRule};

fn policy(policy: Policy) -> IpfwPolicy {
    match policy {
        Policy::Accept => IpfwPolicy::Accept,
        Policy::Drop => IpfwPolicy::Drop,
        Policy::Reject => IpfwPolicy::Reject,
    }
}

fn wanted_policy(policy: IpfwPolicy) -> Option<Policy> {
    Some(match policy {
        IpfwPolicy::Accept => Policy::Accept,
        IpfwPolicy::Drop => Policy::Drop,
        IpfwPolicy::Reject => Policy::Reject,
        _ => return None,
    })
}

pub(super) fn firewall(firewall: &Firewall) -> IpFw {
    let rules = |rules: &[FirewallRule]| {
        let sent = rules.iter().map(|rule| IpfwRule {
            ip_mask: rule.network.clone(),
            policy: policy(rule.policy),
            extra_: Default::default(),
        });
        sent.collect()
    };
    let [input, output] = &firewall.rules;
    IpFw {
        enabled: firewall.enabled,
        default_policy_in: policy(firewall.default[0]),
        default_policy_out: policy(firewall.default[1]),
        rule_set_in: rules(input),
        rule_set_out: rules(output),
        extra_: Default::default(),
    }
}

/// `None`: something in it is of a kind that nobody knows.
pub(super) fn wanted_firewall(wanted: IpFw) -> Option<Firewall> {
    let rules = |rules: Vec<IpfwRule>| {
        let rules = rules.into_iter().map(|rule| {
            Some(FirewallRule {
                network: rule.ip_mask,
                policy: wanted_policy(rule.policy)?,
            })
        });
        rules.collect::<Option<Vec<_>>>()
    };
    Some(Firewall {
        enabled: wanted.enabled,
        default: [
            wanted_policy(wanted.default_policy_in)?,
            wanted_policy(wanted.default_policy_out)?,
        ],
        rules: [rules(wanted.rule_set_in)?, rules(wanted.rule_set_out)?],
    })
}

fn access(allow: bool) -> RoleAccessPolicy {
    if allow {
        RoleAccessPolicy::Allow
    } else {
        RoleAccessPolicy::Deny
    }
}

fn wanted_access(policy: RoleAccessPolicy) -> Option<bool> {
    match policy {
        RoleAccessPolicy::Allow => Some(true),
        RoleAccessPolicy::Deny => Some(false),
        _ => None,
    }
}

pub(super) fn role_access(roles: &RoleAccess) -> RoleAccessControl {
    let rules = roles.rules.iter().map(|rule| RoleAccessRule {
        start_ip: rule.first.clone(),
        end_ip: rule.last.clone(),
        role_id: rule.role,
        policy: access(rule.allow),
        extra_: Default::default(),
    });
    RoleAccessControl {
        enabled: roles.enabled,
        default_policy: access(roles.default_allow),
        rules: rules.collect(),
        extra_: Default::default(),
    }
}

/// `None`: something in it is of a kind that nobody knows.
pub(super) fn wanted_role_access(wanted: RoleAccessControl) -> Option<RoleAccess> {
    let rules = wanted.rules.into_iter().map(|rule| {
        Some(RoleRule {
            first: rule.start_ip,
            last: rule.end_ip,
            role: rule.role_id,
            allow: wanted_access(rule.policy)?,
        })
    });
    Some(RoleAccess {
        enabled: wanted.enabled,
        default_allow: wanted_access(wanted.default_policy)?,
        rules: rules.collect::<Option<_>>()?,
    })
}
