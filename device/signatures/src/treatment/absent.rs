//! Calls that firmwares do not have.

/// A call that firmwares do not have, and what comes of it.
pub(crate) struct Absent {
    pub(crate) interface: &'static str,
    /// The method; empty for all of an interface that is not there.
    pub(crate) method: &'static str,
    /// What the user gets, for the page.
    pub(crate) gets: &'static str,
    /// The test that shows it: file and function.
    pub(crate) test: (&'static str, &'static str),
}

/// All of them.
pub(crate) const ABSENT: &[Absent] = &[
    Absent {
        interface: "pdumodel.Inlet",
        method: "getLinePairs",
        gets: "a `Missing` of the walk with `is_not_there()`: the device knows no such method; there are no line pairs",
        test: (
            "tests/firmwares/absent.rs",
            "what_older_firmware_lacks_is_named_and_the_rest_is_there",
        ),
    },
    Absent {
        interface: "pdumodel.OutletGroupManager",
        method: "",
        gets: "a `Missing` of the walk with `is_not_there()`: the device has no such object; there are no groups",
        test: (
            "tests/firmwares/absent.rs",
            "firmware_without_groups_is_walked_and_switched",
        ),
    },
    Absent {
        interface: "pdumodel.OutletGroup",
        method: "",
        gets: "no group comes from the device; one made from a resource id ends with `SwitchError::Call` and `is_object_not_found()`, \
               before anything is switched",
        test: (
            "tests/firmwares/absent.rs",
            "firmware_without_groups_is_walked_and_switched",
        ),
    },
    Absent {
        interface: "bulkcfg.BulkConfiguration",
        method: "getSettings",
        gets: "`BulkConfig::profiles` ends with `FilesError::NotThere`; saving and restoring work without",
        test: (
            "tests/firmwares/absent.rs",
            "configurations_that_firmware_lacks_are_said_not_to_be_there",
        ),
    },
    Absent {
        interface: "rawcfg.RawConfiguration",
        method: "",
        gets: "`RawConfig::status` and `RawConfig::upload` end with `FilesError::NotThere`; nothing is uploaded",
        test: (
            "tests/firmwares/absent.rs",
            "configurations_that_firmware_lacks_are_said_not_to_be_there",
        ),
    },
    Absent {
        interface: "datetime.DateTime",
        method: "getActiveNtpServers",
        gets: "`Clock::active_ntp_servers` ends with `AdminError::NotThere`",
        test: (
            "tests/firmwares/absent.rs",
            "administration_that_firmware_lacks_is_said_not_to_be_there",
        ),
    },
    Absent {
        interface: "firmware.Firmware",
        method: "getInfo",
        gets: "the review of an image is made without product and platform",
        test: (
            "tests/firmware/good.rs",
            "every_firmware_is_updated_and_verified",
        ),
    },
    Absent {
        interface: "net.Net",
        method: "",
        gets: "`Network::read` and all changes end with `AdminError::NotThere`: the oldest firmware has other methods",
        test: (
            "tests/firmwares/absent.rs",
            "administration_that_firmware_lacks_is_said_not_to_be_there",
        ),
    },
    Absent {
        interface: "net.Services",
        method: "",
        gets: "`Network::read` and all changes end with `AdminError::NotThere`: the oldest firmware has other methods",
        test: (
            "tests/firmwares/absent.rs",
            "administration_that_firmware_lacks_is_said_not_to_be_there",
        ),
    },
    Absent {
        interface: "usermgmt.UserManager",
        method: "renameAccount",
        gets: "`Users::rename` ends with `AdminError::NotThere`",
        test: (
            "tests/admin/users.rs",
            "users_get_other_names_where_the_firmware_can_do_that",
        ),
    },
];
