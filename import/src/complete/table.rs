//! Map types that packages do not show, or not before 4.3, as the vendor's IDL has them.
//!
//! Data, not code: one row per place. A row applies to every firmware that has a map there; it only fills what Python
//! leaves open.

/// One place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Path of the method or type member, without versions.
    pub(super) member: &'static str,
    /// The parameter; `None` for the return value and for fields.
    pub(super) parameter: Option<&'static str>,
    /// `int` or `string`.
    pub(super) key: &'static str,
    /// A built-in type, the path of an interface without versions, or nothing where Python tells.
    pub(super) value: Option<&'static str>,
}

const fn row(
    member: &'static str,
    parameter: Option<&'static str>,
    key: &'static str,
    value: Option<&'static str>,
) -> Row {
    Row {
        member,
        parameter,
        key,
        value,
    }
}

/// All places.
pub(super) const ROWS: &[Row] = &[
    // Results.
    row(
        "dsam.DsamDevice.getPorts",
        None,
        "int",
        Some("dsam.DsamPort"),
    ),
    row(
        "dsam.DsamManager.getDsamDevices",
        None,
        "int",
        Some("dsam.DsamDevice"),
    ),
    row("event.DataPushService.listEntries", None, "int", None),
    row(
        "pdumodel.OutletGroupManager.getAllGroups",
        None,
        "int",
        Some("pdumodel.OutletGroup"),
    ),
    row(
        "pdumodel.Panel.getCircuits",
        None,
        "int",
        Some("pdumodel.Circuit"),
    ),
    row(
        "pdumodel.PowerMeterController.getPowerMeters",
        None,
        "int",
        Some("pdumodel.PowerMeter"),
    ),
    row("servermon.ServerMonitor.listServers", None, "int", None),
    row(
        "smartlock.DoorAccessControl.getDoorAccessRules",
        None,
        "int",
        None,
    ),
    row("luaservice.Manager.getScriptStates", None, "string", None),
    row(
        "pdumodel.TransferSwitch.getParameters",
        None,
        "string",
        Some("int"),
    ),
    row(
        "peripheral.GatewaySensorManager.getConfiguration",
        None,
        "string",
        None,
    ),
    row(
        "serial.PortDispatcher.getPorts",
        None,
        "string",
        Some("serial.SerialPort"),
    ),
    row(
        "smartcard.CardReaderManager.getAllCardReaderSettings",
        None,
        "string",
        None,
    ),
    row(
        "smartlock.KeypadManager.getAllKeypadSettings",
        None,
        "string",
        None,
    ),
    row(
        "webcam.WebcamManager.getClientTypePriorities",
        None,
        "string",
        None,
    ),
    row(
        "webcam.WebcamManager.getWebcamPriorities",
        None,
        "string",
        None,
    ),
    // In-parameter whose value no package shows.
    row(
        "pdumodel.TransferSwitch.setParameters",
        Some("parameters"),
        "string",
        Some("int"),
    ),
    // Gone before packages began to show keys.
    row("pdumodel.Ade.getCalibrationData", None, "string", None),
    row(
        "pdumodel.Ade.setCalibrationData",
        Some("regs"),
        "string",
        Some("long"),
    ),
    // By elimination: of the 30 maps of firmware 3.6.0, one holds booleans and 23 have strings for keys. All others are
    // accounted for here, so this is the one with booleans, and it has a string for a key.
    row(
        "lhxmodel.Lhx.Capabilities.features",
        None,
        "string",
        Some("boolean"),
    ),
    // Fields and in-parameters, which show their keys (and that values are strings) since 4.3.
    row(
        "assetmgrmodel.AssetStripConfig.setMultipleRackUnitSettings",
        Some("settings"),
        "int",
        None,
    ),
    row(
        "bulkcfg.BulkConfiguration.FilterProfile.filterNameToTypeMap",
        None,
        "string",
        None,
    ),
    row(
        "cascading.CascadeManager.Status.linkUnits",
        None,
        "int",
        None,
    ),
    row(
        "luaservice.Manager.startScriptWithArgs",
        Some("arguments"),
        "string",
        Some("string"),
    ),
    row(
        "luaservice.ScriptOptions.defaultArgs",
        None,
        "string",
        Some("string"),
    ),
    row("net.Info.ethMap", None, "string", None),
    row("net.Info.ifMap", None, "string", None),
    row("net.Info.wlanMap", None, "string", None),
    row(
        "net.PortForwardingAutoSetupStatus.expansionUnits",
        None,
        "int",
        None,
    ),
    row("net.Settings.ethMap", None, "string", None),
    row("net.Settings.ifMap", None, "string", None),
    row("net.Settings.wlanMap", None, "string", None),
    row(
        "peripheral.DeviceManager.Settings.defaultThresholdsMap",
        None,
        "string",
        None,
    ),
    row(
        "peripheral.DeviceSlot.Settings.properties",
        None,
        "string",
        Some("string"),
    ),
    row(
        "peripheral.GatewaySensorManager.ConfigurationChangedEvent.configuration",
        None,
        "string",
        None,
    ),
    row(
        "peripheral.GatewaySensorManager.RemoteModbusDevice.detectionIdentifiers",
        None,
        "int",
        Some("string"),
    ),
    row(
        "peripheral.GatewaySensorManager.setConfiguration",
        Some("cfg"),
        "string",
        None,
    ),
    row(
        "smartlock.DoorAccessControl.setAllDoorAccessRules",
        Some("rules"),
        "int",
        None,
    ),
    row("test.Display.Info.options", None, "string", Some("string")),
    row(
        "webcam.WebcamManager.setClientTypePriorities",
        Some("priorities"),
        "string",
        None,
    ),
    row(
        "webcam.WebcamManager.setWebcamPriorities",
        Some("priorities"),
        "string",
        None,
    ),
];

/// The row of a place.
pub(super) fn find(member: &str, parameter: Option<&str>) -> Option<&'static Row> {
    ROWS.iter()
        .find(|row| row.member == member && row.parameter == parameter)
}
