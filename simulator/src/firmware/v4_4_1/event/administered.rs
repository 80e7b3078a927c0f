//! Events of users, roles, groups, links and the transfer switch as value objects.

use xerus_api::cascading::cascade_manager::{
    self, LinkUnitAddedEvent, LinkUnitReleasedEvent, LinkUnitStatusChangedEvent, LinkUnitType,
};
use xerus_api::pdumodel::{outlet_group, outlet_group_manager};
use xerus_api::usermgmt::{
    AccountAdded, AccountChanged, AccountRemoved, AccountRenamed, PasswordChanged, RoleAdded,
    RoleChanged, RoleRemoved,
};
use xerus_rpc::Object;

use super::super::{cascade, groups, reference, roles};
use super::sent::Sent;
use crate::model::{AccountChange, Actor, GroupChange, LinkChange, RoleChange};

/// Where an event comes from: the opaque resource id, and a reference.
pub(super) type From = (String, Option<Object>);

pub(super) fn account((rid, source): From, actor: Actor, change: AccountChange) -> Sent {
    let (act_user_name, act_ip_addr) = (actor.user, actor.address);
    macro_rules! event {
        ($event:ident, $username:ident $(, $more:ident: $value:expr)?) => {
            Sent::new(
                rid,
                &$event {
                    source,
                    act_user_name,
                    act_ip_addr,
                    username: $username,
                    $($more: $value,)?
                    extra_: Default::default(),
                },
            )
        };
    }
    match change {
        AccountChange::Added(name) => event!(AccountAdded, name),
        AccountChange::Removed(name) => event!(AccountRemoved, name),
        AccountChange::PasswordChanged(name) => event!(PasswordChanged, name),
        AccountChange::Changed(name) => event!(AccountChanged, name),
        AccountChange::Renamed { old, new } => event!(AccountRenamed, old, new_username: new),
    }
}

pub(super) fn role((rid, source): From, actor: Actor, change: RoleChange) -> Sent {
    let (act_user_name, act_ip_addr) = (actor.user, actor.address);
    let extra_ = Default::default();
    match change {
        RoleChange::Added(rolename) => Sent::new(
            rid,
            &RoleAdded {
                source,
                act_user_name,
                act_ip_addr,
                rolename,
                extra_,
            },
        ),
        RoleChange::Removed(rolename) => Sent::new(
            rid,
            &RoleRemoved {
                source,
                act_user_name,
                act_ip_addr,
                rolename,
                extra_,
            },
        ),
        RoleChange::Changed { name, old, new } => Sent::new(
            rid,
            &RoleChanged {
                source,
                act_user_name,
                act_ip_addr,
                rolename: name,
                old_settings: roles::info(&old),
                new_settings: roles::info(&new),
                extra_,
            },
        ),
    }
}

pub(super) fn group((rid, source): From, actor: Actor, change: GroupChange) -> Sent {
    let (act_user_name, act_ip_addr) = (actor.user, actor.address);
    let extra_ = Default::default();
    match change {
        GroupChange::Created(group) => Sent::new(
            rid,
            &outlet_group_manager::GroupCreatedEvent {
                source,
                act_user_name,
                act_ip_addr,
                id: group.id,
                unique_id: group.unique_id,
                group: reference::group(group.id).to(),
                settings: groups::settings(group.settings),
                extra_,
            },
        ),
        GroupChange::Deleted(group) => Sent::new(
            rid,
            &outlet_group_manager::GroupDeletedEvent {
                source,
                act_user_name,
                act_ip_addr,
                id: group.id,
                unique_id: group.unique_id,
                settings: groups::settings(group.settings),
                extra_,
            },
        ),
        GroupChange::Changed(group, old) => Sent::new(
            rid,
            &outlet_group::SettingsChangedEvent {
                source,
                act_user_name,
                act_ip_addr,
                old_settings: groups::settings(old),
                new_settings: groups::settings(group.settings),
                extra_,
            },
        ),
    }
}

pub(super) fn link((rid, source): From, actor: Actor, change: LinkChange) -> Sent {
    let (act_user_name, act_ip_addr) = (actor.user, actor.address);
    let (r#type, extra_) = (LinkUnitType::Network, Default::default());
    match change {
        LinkChange::Role { old, new, primary } => Sent::new(
            rid,
            &cascade_manager::RoleChangedEvent {
                source,
                old_role: cascade::role(old),
                new_role: cascade::role(new),
                primary_unit: primary,
                extra_,
            },
        ),
        LinkChange::Added { id, host } => Sent::new(
            rid,
            &LinkUnitAddedEvent {
                source,
                act_user_name,
                act_ip_addr,
                link_id: id,
                r#type,
                host,
                extra_,
            },
        ),
        LinkChange::Released { id, host } => Sent::new(
            rid,
            &LinkUnitReleasedEvent {
                source,
                act_user_name,
                act_ip_addr,
                link_id: id,
                r#type,
                host,
                extra_,
            },
        ),
        LinkChange::Status { id, host, old, new } => Sent::new(
            rid,
            &LinkUnitStatusChangedEvent {
                source,
                link_id: id,
                r#type,
                host,
                old_status: cascade::unit_status(old),
                new_status: cascade::unit_status(new),
                extra_,
            },
        ),
    }
}
