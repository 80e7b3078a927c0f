//! The SNMP agent of a device.

use std::fmt;

use xerus_api::devsettings::Snmp as Interface;
use xerus_api::devsettings::snmp::Configuration;
use xerus_rpc::Agent;

use super::ask::explain_object;
use super::known::{Known, majors};
use super::{AdminError, Change, Refusal};

/// The SNMP agent of a device (`/snmp`), of any firmware. Who may use SNMPv3 is said with the [users](super::Users::set_snmp_v3); where
/// traps go is an action of the event engine, and no setting of the agent.
#[derive(Clone, Debug)]
pub struct Snmp {
    agent: Agent,
}

/// Settings of the SNMP agent. Communities are secrets: `Debug` does not show them.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SnmpSettings {
    /// Whether SNMPv1 and v2c are answered: whoever knows a community may use them, and it travels in the clear.
    pub v1_and_v2c: bool,
    /// Whether SNMPv3 is answered.
    pub v3: bool,
    /// The community that may read.
    pub read_community: String,
    /// The community that may write.
    pub write_community: String,
    /// `sysContact` of the MIB: whom to ask.
    pub contact: String,
    /// `sysName` of the MIB: the name of the device.
    pub name: String,
    /// `sysLocation` of the MIB: where it is.
    pub location: String,
}

fn explain(error: xerus_rpc::Error) -> AdminError {
    // ERR_INVALID_PARAMS has the number of ERR_INVALID_VALUE.
    explain_object(error, Refusal::of_value)
}

impl Snmp {
    /// The SNMP agent of the device that this agent calls.
    #[must_use]
    pub fn of(agent: &Agent) -> Self {
        Self {
            agent: agent.clone(),
        }
    }

    fn snmp(&self) -> Interface {
        Interface::well_known(&self.agent)
    }

    /// The settings.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn settings(&self) -> Result<SnmpSettings, AdminError> {
        let read = self.snmp().get_configuration().await;
        Ok(SnmpSettings::of(&read.map_err(explain)?))
    }

    /// Changes the settings. The difference that the future gives hides communities.
    ///
    /// # Errors
    ///
    /// [`InvalidValue`](Refusal::InvalidValue); those of [`xerus_rpc::update()`].
    pub fn change<'a>(
        &self,
        change: impl FnOnce(&mut SnmpSettings) + Send + 'a,
    ) -> Change<'a, Configuration> {
        let snmp = self.snmp();
        Change::new(
            Known::new(&snmp, majors::SNMP),
            snmp.get_configuration(),
            move |configuration| {
                let mut settings = SnmpSettings::of(configuration);
                change(&mut settings);
                settings.put(configuration);
            },
            move |configuration| snmp.set_configuration(&configuration),
            explain,
        )
    }

    /// The engine id of SNMPv3, as receivers of traps need it.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn engine_id(&self) -> Result<String, AdminError> {
        self.snmp().get_v3_engine_id().await.map_err(explain)
    }
}

impl SnmpSettings {
    fn of(read: &Configuration) -> Self {
        Self {
            v1_and_v2c: read.v2enable,
            v3: read.v3enable,
            read_community: read.read_comm.clone(),
            write_community: read.write_comm.clone(),
            contact: read.sys_contact.clone(),
            name: read.sys_name.clone(),
            location: read.sys_location.clone(),
        }
    }

    fn put(self, to: &mut Configuration) {
        to.v2enable = self.v1_and_v2c;
        to.v3enable = self.v3;
        to.read_comm = self.read_community;
        to.write_comm = self.write_community;
        to.sys_contact = self.contact;
        to.sys_name = self.name;
        to.sys_location = self.location;
    }
}

/// Without the communities.
impl fmt::Debug for SnmpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnmpSettings")
            .field("v1_and_v2c", &self.v1_and_v2c)
            .field("v3", &self.v3)
            .field("contact", &self.contact)
            .field("name", &self.name)
            .field("location", &self.location)
            .finish_non_exhaustive()
    }
}
