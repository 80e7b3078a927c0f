//! When users are blocked after wrong passwords, in the two forms that firmwares have for it.

use xerus_api::security::{BlockSettings, Security};
use xerus_rpc::rt::{Codes, Marks, Method, checked, tuple};
use xerus_rpc::{Agent, Call, Checked, Object, update};

use super::ask::{explain, explain_object};
use super::known::majors;
use super::{AdminError, Refusal};

/// When users are blocked after wrong passwords, and for how long. Times are in minutes, as the command line of the devices counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LockOut {
    /// Wrong passwords until a user is blocked. Devices take 0 for: never.
    pub failures: i32,
    /// Minutes that a user stays blocked.
    pub block_minutes: i32,
    /// Minutes that a wrong password counts; `None` with firmware before 4.0.10, which does not have it. Setting it there does nothing.
    pub memory_minutes: Option<i32>,
}

/// How `/security` is asked.
enum Form {
    /// A structure.
    Structure(Security),
    /// Two numbers, until version 4 of the interface.
    Pair(Object),
}

impl Form {
    async fn of(agent: &Agent) -> Result<Self, AdminError> {
        let object = Object::at(agent, "/security").probe().await;
        let object = object.map_err(|error| explain_object(error, Refusal::unnamed))?;
        Ok(match object.wire_id() {
            Some(id) if !majors::SECURITY.contains(&id.version().major) => {
                return Err(AdminError::UnknownVersion(id.clone()));
            }
            Some(id) if id.version().major < 5 => Self::Pair(object),
            _ => Self::Structure(Security::well_known(agent)),
        })
    }
}

/// Reads when users are blocked.
pub(super) async fn read(agent: &Agent) -> Result<LockOut, AdminError> {
    Ok(match Form::of(agent).await? {
        Form::Structure(security) => LockOut::of(&security.get_block_settings().await?),
        Form::Pair(object) => LockOut::of_pair(get_pair(&object).await?),
    })
}

/// Changes when users are blocked; the answer says whether anything was sent.
pub(super) async fn change(
    agent: &Agent,
    change: impl FnOnce(&mut LockOut) + Send,
) -> Result<bool, AdminError> {
    let object = match Form::of(agent).await? {
        Form::Structure(security) => {
            let edit = |settings: &mut BlockSettings| {
                let mut rules = LockOut::of(settings);
                change(&mut rules);
                rules.put(settings);
            };
            let read = security.get_block_settings();
            let updated = update(read, edit, |settings| {
                security.set_block_settings(&settings)
            })
            .await;
            let updated = updated.map_err(|error| explain(error, Refusal::of_value))?;
            return Ok(updated.sent);
        }
        Form::Pair(object) => object,
    };
    let before = LockOut::of_pair(get_pair(&object).await?);
    let mut after = before;
    change(&mut after);
    after.memory_minutes = None;
    if after == before {
        return Ok(false);
    }
    if LockOut::of_pair(get_pair(&object).await?) != before {
        return Err(AdminError::Conflict);
    }
    let written = set_pair(&object, after.block_minutes, after.failures).await;
    written.map_err(|error| explain(error, Refusal::of_value))?;
    Ok(true)
}

impl LockOut {
    fn of(settings: &BlockSettings) -> Self {
        Self {
            failures: settings.max_failed_logins,
            block_minutes: settings.block_timeout,
            memory_minutes: Some(settings.failed_login_timeout),
        }
    }

    fn of_pair((block_minutes, failures): (i32, i32)) -> Self {
        Self {
            failures,
            block_minutes,
            memory_minutes: None,
        }
    }

    fn put(self, settings: &mut BlockSettings) {
        settings.max_failed_logins = self.failures;
        settings.block_timeout = self.block_minutes;
        if let Some(memory) = self.memory_minutes {
            settings.failed_login_timeout = memory;
        }
    }
}

const INTERFACE: &str = "security.Security:4.0.0";
const CODES: Codes = &[(1, &["ERR_INVALID_VALUE"])];

fn get_pair(object: &Object) -> Call<(i32, i32)> {
    tuple(
        object,
        &Method {
            interface: INTERFACE,
            name: "getBlockSettings",
            results: &["blockTimeout", "maxFailedLogins"],
            marks: &Marks::REPEATABLE,
            ..Method::PLAIN
        },
        &[],
    )
}

fn set_pair(object: &Object, block: i32, failures: i32) -> Call<(), Checked> {
    checked(
        object,
        &Method {
            interface: INTERFACE,
            name: "setBlockSettings",
            params: &["blockTimeout", "maxFailedLogins"],
            results: &["_ret_"],
            codes: Some(CODES),
            ..Method::PLAIN
        },
        &[&block, &failures],
    )
}
