//! Rules for passwords and lock-outs, from and to what clients send.

use std::time::Duration;

use xerus_api::security::{BlockSettings, PasswordSettings};

use crate::model::{BlockRules, PasswordRules};

/// Longest times that settings take, in minutes.
pub(super) const MINUTES: std::ops::RangeInclusive<i32> = 1..=1_440;

fn minutes(time: Duration) -> i32 {
    i32::try_from(time.as_secs() / 60).unwrap_or(i32::MAX)
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// `None`: a setting is out of range.
pub(super) fn block_rules(settings: &BlockSettings) -> Option<BlockRules> {
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
pub(super) fn password_rules(settings: &PasswordSettings) -> Option<PasswordRules> {
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

pub(super) fn block_settings(rules: BlockRules) -> BlockSettings {
    BlockSettings {
        max_failed_logins: i32::try_from(rules.failures).unwrap_or(i32::MAX),
        block_timeout: minutes(rules.block),
        failed_login_timeout: minutes(rules.memory),
        extra_: Default::default(),
    }
}

pub(super) fn password_settings(rules: PasswordRules) -> PasswordSettings {
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
}
