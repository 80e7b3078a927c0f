//! Raw configurations.

use super::code::response_codes;

response_codes! {
    /// What a device answers to a raw configuration, in the header `X-Response-Code`.
    ///
    /// `Accepted` means that the device has begun to work on it; `getStatus` of `/rawcfg` tells how that ends.
    RawConfigCode {
        0 => Accepted: "the raw configuration was accepted";
        1 => InternalError: unclear, "internal error of the device",
            "read the state of the device, look at its log, and send the configuration again";
        2 => BadParameter: refused, "wrong parameter of the upload", "check the names of the parts and of the parameters";
        3 => UpdateRunning: refused, "another raw configuration is being applied",
            "wait until getStatus of /rawcfg tells of its end, then send this one again";
        4 => FileTooLarge: refused, "file too large", "send a smaller one";
        5 => InvalidFile: refused, "invalid raw configuration file", "check that it is one, as text";
        6 => InvalidDeviceList: refused, "invalid device list, or invalid match in it",
            "check the device list, and the line of the configuration that says how devices are matched";
        7 => DeviceListMissing: refused, "the configuration needs a device list as the first file",
            "send the device list in the same form, before the configuration";
        8 => NotInDeviceList: refused, "the device list has no entry for this device", "add one, or send the configuration to another device";
        9 => MacroFailed: unclear, "a macro of the configuration could not be replaced", "check the macros, and the columns of the device list";
        10 => DecryptionFailed: unclear, "a value of the configuration could not be decrypted",
            "use the encrypted values of this device, or write them in clear text";
        11 => UnknownSpecialLine: unclear, "unknown special line in the configuration", "remove it, or update the firmware of the device";
        12 => SpecialLineFailed: unclear, "a special line of the configuration failed", "check what the line says; the log of the device may tell more";
        _: None, "look at the log of the device";
    }
}
