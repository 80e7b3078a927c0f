//! `/security`: rules for passwords, lock-outs and sessions.

use std::sync::Arc;
use std::time::Duration;

use xerus_api::security::{BlockSettings, PasswordSettings, Security};
use xerus_api::server::security as traits;
use xerus_rpc::server::{Context, Reply};

use super::answer;
use crate::firmware::Name;
use crate::model::{BlockRules, Device, PasswordRules, Privilege, SessionRules};

/// Longest times that settings take, in minutes.
const MINUTES: std::ops::RangeInclusive<i32> = 1..=1_440;

pub(super) fn name() -> Name {
    Name::single::<Security>("/security")
}

fn minutes(time: Duration) -> i32 {
    i32::try_from(time.as_secs() / 60).unwrap_or(i32::MAX)
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// `None`: a setting is out of range.
fn block_rules(settings: &BlockSettings) -> Option<BlockRules> {
    let time = |minutes: i32| {
        let minutes = u64::try_from(minutes)
            .ok()
            .filter(|_| MINUTES.contains(&minutes));
        minutes.map(|minutes| Duration::from_secs(60 * minutes))
    };
    Some(BlockRules {
        failures: u32::try_from(settings.max_failed_logins).ok()?,
        block: time(settings.block_timeout)?,
        memory: time(settings.failed_login_timeout)?,
    })
}

/// `None`: a setting is out of range.
fn password_rules(settings: &PasswordSettings) -> Option<PasswordRules> {
    let rules = PasswordRules {
        strong: settings.enable_strong_req,
        shortest: usize::try_from(settings.min_pw_length).ok()?,
        longest: usize::try_from(settings.max_pw_length).ok()?,
        lower: settings.enforce_lower,
        upper: settings.enforce_upper,
        numeric: settings.enforce_numeric,
        special: settings.enforce_special,
        history: usize::try_from(settings.pw_history_depth).ok()?,
    };
    rules.is_valid().then_some(rules)
}

/// Serves `/security`.
pub(super) struct SecurityServant(pub(super) Arc<Device>);

impl SecurityServant {
    /// Looks at rules, if the caller may.
    fn look<'a, T>(&self, context: &Context, at: impl FnOnce(&Device) -> T) -> Reply<'a, T> {
        let (view, change) = (Privilege::ViewSecurity, Privilege::ChangeSecurity);
        let may = answer::may_look(&self.0, context, view, change);
        may.map(|()| at(&self.0)).into()
    }

    /// Changes a rule, if the caller may and it is one.
    fn change<'a, T>(
        &self,
        context: &Context,
        rule: Option<T>,
        put: impl FnOnce(&Device, T),
    ) -> Reply<'a, ()> {
        answer::with(&self.0, context, Privilege::ChangeSecurity, |_| {
            let rule = rule.ok_or(Security::ERR_INVALID_VALUE)?;
            put(&self.0, rule);
            Ok::<(), i32>(())
        })
    }

    fn change_sessions(device: &Device, edit: impl FnOnce(&mut SessionRules)) {
        let now = device.clock().now();
        let mut rules = device.sessions().rules(now);
        edit(&mut rules);
        device.sessions().set_rules(rules, now);
    }
}

impl traits::Security for SecurityServant {
    fn get_block_settings<'a>(&'a self, context: &'a Context) -> Reply<'a, BlockSettings> {
        self.look(context, |device| {
            let rules = device.accounts().book().users.blocking;
            BlockSettings {
                max_failed_logins: i32::try_from(rules.failures).unwrap_or(i32::MAX),
                block_timeout: minutes(rules.block),
                failed_login_timeout: minutes(rules.memory),
                extra_: Default::default(),
            }
        })
    }

    fn set_block_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: BlockSettings,
    ) -> Reply<'a, ()> {
        self.change(context, block_rules(&settings), |device, rules| {
            device.accounts().book().users.blocking = rules;
        })
    }

    fn get_pw_settings<'a>(&'a self, context: &'a Context) -> Reply<'a, PasswordSettings> {
        self.look(context, |device| {
            let rules = device.accounts().book().users.passwords;
            PasswordSettings {
                enable_aging: false,
                aging_interval: 60,
                enable_strong_req: rules.strong,
                min_pw_length: number(rules.shortest),
                max_pw_length: number(rules.longest),
                enforce_lower: rules.lower,
                enforce_upper: rules.upper,
                enforce_numeric: rules.numeric,
                enforce_special: rules.special,
                pw_history_depth: number(rules.history),
                extra_: Default::default(),
            }
        })
    }

    /// Passwords do not expire here, whatever the settings say.
    fn set_pw_settings<'a>(
        &'a self,
        context: &'a Context,
        pw_settings: PasswordSettings,
    ) -> Reply<'a, ()> {
        let rules = password_rules(&pw_settings).filter(|_| !pw_settings.enable_aging);
        self.change(context, rules, |device, rules| {
            device.accounts().book().users.passwords = rules;
        })
    }

    /// In minutes.
    fn get_idle_timeout_settings<'a>(&'a self, context: &'a Context) -> Reply<'a, i32> {
        self.look(context, |device| {
            device.sessions().rules(device.clock().now()).idle / 60
        })
    }

    fn set_idle_timeout_settings<'a>(
        &'a self,
        context: &'a Context,
        idle_timeout: i32,
    ) -> Reply<'a, ()> {
        let minutes = MINUTES.contains(&idle_timeout).then_some(idle_timeout);
        self.change(context, minutes, |device, minutes| {
            Self::change_sessions(device, |rules| rules.idle = 60 * minutes);
        })
    }

    fn get_single_login_limitation<'a>(&'a self, context: &'a Context) -> Reply<'a, bool> {
        self.look(context, |device| {
            device.sessions().rules(device.clock().now()).single
        })
    }

    fn set_single_login_limitation<'a>(
        &'a self,
        context: &'a Context,
        single_login: bool,
    ) -> Reply<'a, ()> {
        self.change(context, Some(single_login), |device, single| {
            Self::change_sessions(device, |rules| rules.single = single);
        })
    }
}
