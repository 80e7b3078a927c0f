//! What a role may do.
//!
//! Names, descriptions and arguments are those of the table "All Privileges" in the vendor's user guides, chapter on the command line
//! (PX-1000, PX3TS, Legrand PDU of 2018 and 2019). `changeDataTimeSettings` is spelled so there. `switchTransferSwitch` stands in no guide that
//! was at hand; privileges of parts that the simulated device has not, such as `changeLhxConfiguration`, are left out.

/// Something that a role may do, by the name that the API has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Privilege {
    /// Everything.
    Administrator,
    /// Acknowledge alarms.
    AcknowledgeAlarms,
    /// Set asset strips.
    ChangeAssetStrips,
    /// Set how users are authenticated.
    ChangeAuthentication,
    /// Set date and time.
    ChangeDateTime,
    /// Set what happens upon events.
    ChangeEvents,
    /// Set peripheral devices and their slots.
    ChangePeripherals,
    /// Set modems.
    ChangeModem,
    /// Set the network.
    ChangeNetwork,
    /// Change the own password.
    ChangeOwnPassword,
    /// Set the device, its inlets, outlets, groups and protectors.
    ChangePdu,
    /// Set rules of access.
    ChangeSecurity,
    /// Set SNMP.
    ChangeSnmp,
    /// Add, change and remove users and roles.
    ChangeUsers,
    /// Set webcams.
    ChangeWebcams,
    /// Clear the log.
    ClearLog,
    /// Replace the firmware.
    UpdateFirmware,
    /// Restart the device.
    Reset,
    /// Switch outlets, all or some.
    SwitchOutlet,
    /// Switch actuators, all or some.
    SwitchActuator,
    /// Change the source of transfer switches.
    SwitchTransferSwitch,
    /// See what happens upon events.
    ViewEvents,
    /// See everything.
    ViewEverything,
    /// Read the log.
    ViewLog,
    /// See rules of access.
    ViewSecurity,
    /// See SNMP settings.
    ViewSnmp,
    /// See users and roles.
    ViewUsers,
    /// See webcams.
    ViewWebcams,
}

impl Privilege {
    /// All privileges that a device knows, in order of their names.
    pub(crate) const ALL: [Self; 28] = [
        Self::AcknowledgeAlarms,
        Self::Administrator,
        Self::ChangeAssetStrips,
        Self::ChangeAuthentication,
        Self::ChangeDateTime,
        Self::ChangeEvents,
        Self::ChangePeripherals,
        Self::ChangeModem,
        Self::ChangeNetwork,
        Self::ChangeOwnPassword,
        Self::ChangePdu,
        Self::ChangeSecurity,
        Self::ChangeSnmp,
        Self::ChangeUsers,
        Self::ChangeWebcams,
        Self::ClearLog,
        Self::UpdateFirmware,
        Self::Reset,
        Self::SwitchActuator,
        Self::SwitchOutlet,
        Self::SwitchTransferSwitch,
        Self::ViewEvents,
        Self::ViewEverything,
        Self::ViewLog,
        Self::ViewSecurity,
        Self::ViewSnmp,
        Self::ViewUsers,
        Self::ViewWebcams,
    ];

    /// The name in the API, and what it allows.
    const fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::Administrator => ("adminPrivilege", "Administrator Privileges"),
            Self::AcknowledgeAlarms => ("acknowledgeAlarms", "Acknowledge Alarms"),
            Self::ChangeAssetStrips => (
                "changeAssetStripConfiguration",
                "Change Asset Strip Configuration",
            ),
            Self::ChangeAuthentication => ("changeAuthSettings", "Change Authentication Settings"),
            Self::ChangeDateTime => ("changeDataTimeSettings", "Change Date/Time Settings"),
            Self::ChangeEvents => ("changeEventSetup", "Change Event Settings"),
            Self::ChangePeripherals => (
                "changeExternalSensorsConfiguration",
                "Change Peripheral Device Configuration",
            ),
            Self::ChangeModem => ("changeModemConfiguration", "Change Modem Configuration"),
            Self::ChangeNetwork => ("changeNetworkSettings", "Change Network Settings"),
            Self::ChangeOwnPassword => ("changePassword", "Change Own Password"),
            Self::ChangePdu => (
                "changePduConfiguration",
                "Change PDU, Inlet, Outlet & Overcurrent Protector Configuration",
            ),
            Self::ChangeSecurity => ("changeSecuritySettings", "Change Security Settings"),
            Self::ChangeSnmp => ("changeSnmpSettings", "Change SNMP Settings"),
            Self::ChangeUsers => ("changeUserSettings", "Change Local User Management"),
            Self::ChangeWebcams => ("changeWebcamSettings", "Change Webcam Configuration"),
            Self::ClearLog => ("clearLog", "Clear Local Event Log"),
            Self::UpdateFirmware => ("firmwareUpdate", "Firmware Update"),
            Self::Reset => ("performReset", "Reset (Warm Start)"),
            Self::SwitchOutlet => ("switchOutlet", "Switch Outlet"),
            Self::SwitchActuator => ("switchActuator", "Switch Actuator"),
            Self::SwitchTransferSwitch => ("switchTransferSwitch", "Switch Transfer Switch"),
            Self::ViewEvents => ("viewEventSetup", "View Event Settings"),
            Self::ViewEverything => ("viewEverything", "Unrestricted View Privileges"),
            Self::ViewLog => ("viewLog", "View Local Event Log"),
            Self::ViewSecurity => ("viewSecuritySettings", "View Security Settings"),
            Self::ViewSnmp => ("viewSnmpSettings", "View SNMP Settings"),
            Self::ViewUsers => ("viewUserSettings", "View Local User Management"),
            Self::ViewWebcams => (
                "viewWebcamSettings",
                "View Webcam Snapshots and Configuration",
            ),
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        self.text().0
    }

    pub(crate) const fn description(self) -> &'static str {
        self.text().1
    }

    /// Whether it lets see and change nothing.
    const fn only_shows(self) -> bool {
        matches!(
            self,
            Self::ViewEvents
                | Self::ViewEverything
                | Self::ViewLog
                | Self::ViewSecurity
                | Self::ViewSnmp
                | Self::ViewUsers
                | Self::ViewWebcams
        )
    }

    /// The argument that it takes and what that means, if it takes one.
    pub(crate) const fn argument(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::SwitchOutlet => Some(("outlets", "Labels of outlets, or all")),
            Self::SwitchActuator => Some(("actuators", "Numbers of slots, or all")),
            _ => None,
        }
    }

    /// The privilege of a name; `None` for one that the device does not know.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|privilege| privilege.name() == name)
    }
}

/// The argument of a privilege that is not limited.
pub(crate) const EVERY: &str = "all";

/// A privilege and what it is limited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What it allows.
    pub privilege: Privilege,
    /// Numbers from 1, or `all`. Empty for a privilege without arguments.
    pub arguments: Vec<String>,
}

impl Grant {
    /// A privilege without limits.
    pub(crate) fn whole(privilege: Privilege) -> Self {
        let arguments = privilege.argument().map(|_| EVERY.to_owned());
        Self {
            privilege,
            arguments: arguments.into_iter().collect(),
        }
    }

    /// A privilege by name; `None` when name or arguments are unknown.
    pub(crate) fn named(name: &str, arguments: Vec<String>) -> Option<Self> {
        let privilege = Privilege::named(name)?;
        let known = |argument: &String| {
            argument == EVERY || argument.parse::<u16>().is_ok_and(|number| number > 0)
        };
        let valid = match privilege.argument() {
            Some(_) => !arguments.is_empty() && arguments.iter().all(known),
            None => arguments.is_empty(),
        };
        valid.then_some(Self {
            privilege,
            arguments,
        })
    }

    /// Whether it allows what needs `privilege`, at the part of that index (from 0) if the privilege has arguments.
    pub(crate) fn allows(&self, privilege: Privilege, part: Option<usize>) -> bool {
        if self.privilege == Privilege::Administrator {
            return true;
        }
        if self.privilege == Privilege::ViewEverything && privilege.only_shows() {
            return true;
        }
        if self.privilege != privilege {
            return false;
        }
        let mine = |argument: &String| {
            argument == EVERY
                || part.is_some_and(|part| argument.parse() == Ok(part.saturating_add(1)))
        };
        privilege.argument().is_none() || self.arguments.iter().any(mine)
    }
}

#[cfg(test)]
mod tests;
