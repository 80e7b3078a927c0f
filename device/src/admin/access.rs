//! Rules of access.

use xerus_api::security::{PasswordSettings, RestrictedServiceAgreement, Security, SshSettings};
use xerus_rpc::Agent;

use super::ask::explain_object;
use super::known::{Known, majors};
use super::lock_out::{self, LockOut};
use super::{AdminError, Change, Refusal};

/// Rules of access (`/security`), of any firmware: when users are blocked, what passwords have to be like, how long sessions last, and
/// the text that users agree to. The firewall and access by address are in [`Security`], which cuts off whoever gets them wrong.
#[derive(Clone, Debug)]
pub struct AccessRules {
    agent: Agent,
}

fn explain(error: xerus_rpc::Error) -> AdminError {
    explain_object(error, Refusal::of_value)
}

impl AccessRules {
    /// Rules of the device that this agent calls.
    #[must_use]
    pub fn of(agent: &Agent) -> Self {
        Self {
            agent: agent.clone(),
        }
    }

    fn security(&self) -> Security {
        Security::well_known(&self.agent)
    }

    /// When users are blocked after wrong passwords.
    ///
    /// # Errors
    ///
    /// Those of the calls.
    pub async fn lock_out(&self) -> Result<LockOut, AdminError> {
        lock_out::read(&self.agent).await
    }

    /// Changes when users are blocked after wrong passwords; the answer says whether anything was sent.
    ///
    /// # Errors
    ///
    /// [`InvalidValue`](Refusal::InvalidValue); when somebody else changed them meanwhile, and nothing was written.
    pub async fn change_lock_out(
        &self,
        change: impl FnOnce(&mut LockOut) + Send,
    ) -> Result<bool, AdminError> {
        lock_out::change(&self.agent, change).await
    }

    /// What passwords have to be like.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn passwords(&self) -> Result<PasswordSettings, AdminError> {
        self.security().get_pw_settings().await.map_err(explain)
    }

    /// Changes what passwords have to be like. Passwords that are in use stay valid.
    ///
    /// # Errors
    ///
    /// [`InvalidValue`](Refusal::InvalidValue); those of [`xerus_rpc::update()`].
    pub fn change_passwords<'a>(
        &self,
        change: impl FnOnce(&mut PasswordSettings) + Send + 'a,
    ) -> Change<'a, PasswordSettings> {
        let security = self.security();
        Change::new(
            Known::new(&security, majors::SECURITY),
            security.get_pw_settings(),
            change,
            move |settings| security.set_pw_settings(&settings),
            explain,
        )
    }

    /// Minutes that a session may be idle before it ends.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn idle_minutes(&self) -> Result<i32, AdminError> {
        let minutes = self.security().get_idle_timeout_settings().await;
        minutes.map_err(explain)
    }

    /// Changes how many minutes a session may be idle. Devices take 1 to 1,440.
    ///
    /// # Errors
    ///
    /// [`InvalidValue`](Refusal::InvalidValue); those of [`xerus_rpc::update()`].
    pub fn set_idle_minutes(&self, minutes: i32) -> Change<'static, i32> {
        let security = self.security();
        Change::new(
            Known::new(&security, majors::SECURITY),
            security.get_idle_timeout_settings(),
            move |now| *now = minutes,
            move |minutes| security.set_idle_timeout_settings(minutes),
            explain,
        )
    }

    /// Whether a user can have one session only.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn single_login(&self) -> Result<bool, AdminError> {
        let single = self.security().get_single_login_limitation().await;
        single.map_err(explain)
    }

    /// Chooses whether a user can have one session only.
    ///
    /// # Errors
    ///
    /// Those of [`xerus_rpc::update()`].
    pub fn set_single_login(&self, single: bool) -> Change<'static, bool> {
        let security = self.security();
        Change::new(
            Known::new(&security, majors::SECURITY),
            security.get_single_login_limitation(),
            move |now| *now = single,
            move |single| security.set_single_login_limitation(single),
            explain,
        )
    }

    /// The text that users have to agree to when they sign in, and whether they have to.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn service_agreement(&self) -> Result<RestrictedServiceAgreement, AdminError> {
        let agreement = self.security().get_restricted_service_agreement().await;
        agreement.map_err(explain)
    }

    /// Changes the text that users have to agree to.
    ///
    /// # Errors
    ///
    /// [`InvalidValue`](Refusal::InvalidValue); those of [`xerus_rpc::update()`].
    pub fn change_service_agreement<'a>(
        &self,
        change: impl FnOnce(&mut RestrictedServiceAgreement) + Send + 'a,
    ) -> Change<'a, RestrictedServiceAgreement> {
        let security = self.security();
        Change::new(
            Known::new(&security, majors::SECURITY),
            security.get_restricted_service_agreement(),
            change,
            move |settings| security.set_restricted_service_agreement(&settings),
            explain,
        )
    }

    /// How users may sign in by SSH.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn ssh(&self) -> Result<SshSettings, AdminError> {
        self.security().get_ssh_settings().await.map_err(explain)
    }

    /// Changes how users may sign in by SSH.
    ///
    /// # Errors
    ///
    /// Those of [`xerus_rpc::update()`].
    pub fn change_ssh<'a>(
        &self,
        change: impl FnOnce(&mut SshSettings) + Send + 'a,
    ) -> Change<'a, SshSettings> {
        let security = self.security();
        Change::new(
            Known::new(&security, majors::SECURITY),
            security.get_ssh_settings(),
            change,
            move |settings| security.set_ssh_settings(&settings),
            explain,
        )
    }
}
