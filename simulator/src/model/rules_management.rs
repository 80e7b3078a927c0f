//! Rules of access and SNMP settings, changed by somebody.

use super::accounts::Actor;
use super::device::Device;
use super::event::{Changed, Event, RulesChange};
use super::password::PasswordRules;
use super::snmp::SnmpSettings;

impl Device {
    pub(crate) fn change_password_rules(&self, new: PasswordRules, actor: &Actor) {
        let old = std::mem::replace(&mut self.accounts().book().users.passwords, new);
        if old != new {
            self.tell_rules(RulesChange::Passwords(Changed::new(old, new)), actor);
        }
    }

    /// The answer says whether these privileges can be given.
    pub(crate) fn change_front_panel(&self, names: &[String], actor: &Actor) -> bool {
        let list = |names: &[&'static str]| names.iter().map(|&name| name.to_owned()).collect();
        let (old, new): (Vec<String>, Vec<String>) = {
            let access = &mut self.maintenance().access;
            let old = list(access.front_panel());
            if !access.set_front_panel(names) {
                return false;
            }
            (old, list(access.front_panel()))
        };
        if old != new {
            self.tell_rules(RulesChange::FrontPanel(Changed::new(old, new)), actor);
        }
        true
    }

    /// They must be valid.
    pub(crate) fn change_snmp(&self, new: SnmpSettings, actor: &Actor) {
        let old = std::mem::replace(&mut self.maintenance().snmp, new.clone());
        if old != new {
            self.tell_rules(RulesChange::Snmp(Changed::new(old, new)), actor);
        }
    }

    fn tell_rules(&self, rules: RulesChange, actor: &Actor) {
        self.publish(Event::RulesChanged {
            actor: actor.clone(),
            rules: Box::new(rules),
        });
    }
}
