//! What is known of the vendor's methods and cannot be seen from their names. Paths are without versions.

use Repeat::{Never, Yes};

/// What the tables say about one method.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    /// Whether it may be repeated.
    pub(super) repeatable: Option<bool>,
    /// Whether its `int` is a return code.
    pub(super) code: Option<bool>,
    /// The constants that its codes are, for IDL without documentation.
    pub(super) names: Option<&'static [&'static str]>,
}

impl Known {
    pub(super) fn of(interface: &str, method: &str) -> Self {
        let repeat = rows(REPEATABLE, interface, |row| row.0).iter();
        let repeat = repeat.filter(|row| row.1 == method);
        let codes = rows(CODES, interface, |row| row.0).iter();
        let names = rows(NAMES, interface, |row| row.0).iter();
        Self {
            repeatable: repeat.map(|row| matches!(row.2, Yes)).next(),
            code: codes
                .filter(|row| row.1.contains(&method))
                .map(|_| true)
                .next(),
            names: names.filter(|row| row.1 == method).map(|row| row.2).next(),
        }
    }
}

/// The rows of one interface; rows are in order of interfaces.
fn rows<'t, T>(table: &'t [T], interface: &str, of: impl Fn(&T) -> &str) -> &'t [T] {
    let from = table.partition_point(|row| of(row) < interface);
    let rest = table.get(from..).unwrap_or_default();
    let to = rest.partition_point(|row| of(row) == interface);
    rest.get(..to).unwrap_or_default()
}

#[derive(Clone, Copy, Debug)]
enum Repeat {
    /// Twice does what once does.
    Yes,
    /// The second time may do harm.
    Never,
}

/// Interface, method, whether it may be repeated, and why its name tells the contrary.
const REPEATABLE: &[(&str, &str, Repeat, &str)] = &[
    (
        "datetime.DateTime",
        "checkNtpServer",
        Yes,
        "asks a server for the time and sets nothing",
    ),
    (
        "net.Diagnostics",
        "resolveHostName",
        Yes,
        "looks a name up and changes nothing",
    ),
    (
        "serial.GsmModem",
        "getInformationWithPin",
        Never,
        "a wrong PIN uses up an attempt",
    ),
    (
        "session.SessionManager",
        "touchCurrentSession",
        Yes,
        "sets the idle time to 0, also the second time",
    ),
    (
        "smartlock.Keypad",
        "getPIN",
        Never,
        "may take the PIN away: afterwards there is none",
    ),
    (
        "webcam.WebcamManager",
        "getChannel",
        Never,
        "gives out a channel that has to be released",
    ),
];

/// Interface, methods whose `int` is a return code although no constant in reach says so, and how that is known.
const CODES: &[(&str, &[&str], &str)] = &[
    (
        "assetmgrmodel.AssetStripConfig",
        &[
            "getRackUnitSettings",
            "setMultipleRackUnitSettings",
            "setRackUnitSettings",
            "setStripSettings",
        ],
        "documented in 4.4.1: 0 is success",
    ),
    (
        "cew.EnergyWiseManager",
        &["setSettings"],
        "as `setSettings` of all other interfaces",
    ),
    (
        "datetime.DateTime",
        &["setCfg"],
        "documented in 4.4.1: `SUCCESS` is success",
    ),
    (
        "devsettings.Bluetooth",
        &["setSettings"],
        "documented in 4.4.1: 0 is success",
    ),
    (
        "event.Channel",
        &["unsubscribe"],
        "documented in 4.4.1: 0 is success",
    ),
    (
        "event.Engine",
        &[
            "addAction",
            "addRule",
            "deleteAction",
            "deleteRule",
            "deliverEvent",
            "disableRule",
            "enableRule",
            "listEventDescs",
            "modifyAction",
            "modifyRule",
            "rearmRule",
            "testAction",
            "triggerAction",
        ],
        "documented in 4.4.1: 0 is success",
    ),
    (
        "event.Service",
        &["destroyChannel"],
        "documented in 4.4.1: 0 is success, `INVALID_CHANNEL` is not",
    ),
    (
        "firmware.Firmware",
        &["hardFactoryReset", "manufacturingReset"],
        "documented in 4.4.1: 0 is success",
    ),
    (
        "pdumodel.Ade",
        &["setCalibrationData"],
        "a setter, and 0 is success for all other setters that return an `int`",
    ),
    (
        "pdumodel.Bcm",
        &["setChannelConfig"],
        "a setter, and 0 is success for all other setters that return an `int`",
    ),
    (
        "pdumodel.Inlet",
        &["setSettings"],
        "documented in 4.4.1: 0 is success",
    ),
    (
        "pdumodel.OverCurrentProtector",
        &["setSettings"],
        "documented in 4.4.1: 0 is success",
    ),
    (
        "peripheral.G2Production",
        &["programSerialNumber"],
        "documented in 4.4.1: 0 is success",
    ),
    (
        "production.Production",
        &["assignRandomRs485Addresses", "enterFactoryConfigMode"],
        "documented in 4.4.1: 0 is success",
    ),
    (
        "sensors.Logger",
        &[
            "disableSensors",
            "enableSensors",
            "getLogRow",
            "getPeripheralDeviceRecords",
            "getPeripheralDeviceTimedRecords",
            "getSensorRecords",
            "getSensorTimedRecords",
            "getTimeStamps",
            "setLoggedSensors",
            "setSettings",
        ],
        "documented in 4.4.1: 0 is success",
    ),
    (
        "smartcard.CardReaderManager",
        &["setCardReaderSettings"],
        "documented in 4.4.1: 0 is success",
    ),
    (
        "smartlock.KeypadManager",
        &["setKeypadSettings"],
        "documented in 4.4.1: 0 is success",
    ),
    (
        "test.Ethernet",
        &["setParameters"],
        "a setter, and 0 is success for all other setters that return an `int`",
    ),
    (
        "usb.Usb",
        &["setSettings"],
        "documented in 4.4.1: 0 is success",
    ),
    (
        "webcam.Webcam",
        &["setControls", "setSettings"],
        "documented in 4.4.1: 0 is success",
    ),
];

/// Interface, method, and the constants that it can return, for IDL without documentation where several constants have
/// one number, or none of the constants is called an error: what the documentation of 4.4.1 says. A star stands for all
/// that begin so, a star alone for whatever else the interface has. A number has a meaning but no constant, unless one is
/// named. Constants that a firmware does not have are left out.
const NAMES: &[(&str, &str, &[&str])] = &[
    (
        "auth.LdapManager",
        "setLdapServers",
        &["ERR_CYCLIC_DEP", "ERR_INVALID_CFG"],
    ),
    (
        "auth.LdapManager",
        "testLdapServer",
        &["ERR_SERVER_UNSPECIFIED", "*"],
    ),
    (
        "cert.ServerSSLCert",
        "generateScepKey",
        &["ERR_BUSY", "ERR_GEN_*", "ERR_KEY_*", "ERR_CERT_*"],
    ),
    (
        "cert.ServerSSLCert",
        "generateSelfSignedKeyPair",
        &["ERR_BUSY", "ERR_GEN_*", "ERR_KEY_*", "ERR_CERT_*"],
    ),
    (
        "cert.ServerSSLCert",
        "generateUnsignedKeyPair",
        &["ERR_BUSY", "ERR_GEN_*", "ERR_KEY_*", "ERR_CERT_*"],
    ),
    (
        "cert.ServerSSLCert",
        "installPendingKeyPair",
        &["ERR_BUSY", "ERR_INSTALL_*", "ERR_CSR_*", "ERR_GEN_*"],
    ),
    (
        "cert.ServerSSLCert",
        "installScepCertChain",
        &[
            "ERR_BUSY",
            "ERR_CSR_*",
            "ERR_GEN_*",
            "ERR_KEY_*",
            "ERR_CERT_*",
        ],
    ),
    (
        "cert.ServerSSLCert",
        "setPendingCertChainPEM",
        &[
            "ERR_BUSY",
            "ERR_CSR_*",
            "ERR_GEN_*",
            "ERR_KEY_*",
            "ERR_CERT_*",
        ],
    ),
    (
        "cert.ServerSSLCert",
        "setPendingKeyAndCertChainPEM",
        &[
            "ERR_BUSY",
            "ERR_CSR_OR_CERT_PENDING",
            "ERR_GEN_*",
            "ERR_KEY_*",
            "ERR_CERT_*",
        ],
    ),
    ("datetime.DateTime", "setCfg", &[]),
    (
        "dsam.DsamPort",
        "setSettings",
        &[
            "SETTINGS_INVALID",
            "SSH_DPA_PORT_INVALID",
            "SSH_DPA_PORT_IN_USE",
        ],
    ),
    ("event.Service", "destroyChannel", &["INVALID_CHANNEL"]),
    (
        "pdumodel.Outlet",
        "cyclePowerState",
        &["ERR_OUTLET_NOT_SWITCHABLE", "*"],
    ),
    (
        "pdumodel.Outlet",
        "setPowerState",
        &["ERR_OUTLET_NOT_SWITCHABLE", "*"],
    ),
    (
        "pdumodel.Outlet",
        "setServiceModeEnabled",
        &["ERR_OPERATION_UNSUPPORTED", "1", "*"],
    ),
    (
        "pdumodel.Outlet",
        "setSettings",
        &["ERR_INVALID_PARAM", "*"],
    ),
    (
        "pdumodel.Outlet",
        "unstick",
        &["ERR_OPERATION_UNSUPPORTED", "1", "*"],
    ),
    (
        "pdumodel.Panel",
        "createCircuit",
        &[
            "Circuit.ERR_INVALID_PARAM",
            "Circuit.ERR_METER_CHANNEL_BUSY",
        ],
    ),
    (
        "pdumodel.Pdu",
        "cycleAllOutletPowerStates",
        &["Outlet.ERR_RELAY_CONTROL_DISABLED"],
    ),
    (
        "pdumodel.Pdu",
        "cycleMultipleOutletPowerStates",
        &[
            "Outlet.ERR_OUTLET_DISABLED",
            "Outlet.ERR_RELAY_CONTROL_DISABLED",
        ],
    ),
    (
        "pdumodel.Pdu",
        "setAllOutletPowerStates",
        &["Outlet.ERR_RELAY_CONTROL_DISABLED"],
    ),
    (
        "pdumodel.Pdu",
        "setMultipleOutletPowerStates",
        &[
            "Outlet.ERR_OUTLET_DISABLED",
            "Outlet.ERR_RELAY_CONTROL_DISABLED",
        ],
    ),
    (
        "pdumodel.ResidualCurrentStateSensor",
        "startSelfTest",
        &["1", "2"],
    ),
    (
        "pdumodel.VoltageMonitoringSensor",
        "setDipSwellThresholds",
        &["THRESHOLD_OUT_OF_RANGE", "THRESHOLD_INVALID"],
    ),
    (
        "sensors.NumericSensor",
        "setThresholds",
        &[
            "THRESHOLD_OUT_OF_RANGE",
            "THRESHOLD_INVALID",
            "THRESHOLD_NOT_SUPPORTED",
        ],
    ),
    (
        "usermgmt.RoleManager",
        "createRoleFull",
        &[
            "ERR_ROLE_ALREADY_EXISTS",
            "ERR_MAX_ROLES_REACHED",
            "ERR_INVALID_VALUE",
        ],
    ),
    (
        "usermgmt.RoleManager",
        "deleteRole",
        &["ERR_ROLE_DOESNT_EXIST", "ERR_ROLE_NOT_DELETABLE"],
    ),
    (
        "usermgmt.UserManager",
        "createAccount",
        &["ERR_USER_ALREADY_EXISTS", "ERR_MAX_USERS_REACHED", "*"],
    ),
    (
        "usermgmt.UserManager",
        "createAccountFull",
        &["ERR_USER_ALREADY_EXISTS", "ERR_MAX_USERS_REACHED", "*"],
    ),
    (
        "usermgmt.UserManager",
        "deleteAccount",
        &["ERR_USER_DOESNT_EXIST", "ERR_USER_NOT_DELETABLE"],
    ),
    (
        "usermgmt.UserManager",
        "renameAccount",
        &[
            "ERR_USER_DOESNT_EXIST",
            "ERR_USER_NOT_DELETABLE",
            "ERR_NEW_USER_ALREADY_EXISTS",
        ],
    ),
    ("usermgmt.UserManager", "setDefaultPreferences", &[]),
];

#[cfg(test)]
pub(super) fn is_sorted() -> bool {
    REPEATABLE.is_sorted_by_key(|row| (row.0, row.1))
        && CODES.is_sorted_by_key(|row| row.0)
        && NAMES.is_sorted_by_key(|row| (row.0, row.1))
}

#[cfg(test)]
pub(super) fn reasons() -> impl Iterator<Item = &'static str> {
    let repeatable = REPEATABLE.iter().map(|row| row.3);
    repeatable.chain(CODES.iter().map(|row| row.2))
}
