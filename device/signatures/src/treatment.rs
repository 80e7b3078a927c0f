//! What people say of the differences: which function adapts them, what comes of a call that a firmware does not have, which names mean
//! the same. Each statement is held against the facts: one that nothing calls for any more is an error, and so is a function or a test
//! that is not there.

/// A function of `xerus-device` that makes calls fit.
pub(crate) struct Adapter {
    /// Its path in the crate.
    pub(crate) name: &'static str,
    /// What it does, for the page.
    pub(crate) does: &'static str,
    /// The calls that go through it: interface, other major versions, methods.
    pub(crate) calls: &'static [(
        &'static str,
        &'static [&'static str],
        &'static [&'static str],
    )],
    /// Tests that hold it: file and function.
    pub(crate) tests: &'static [(&'static str, &'static str)],
}

/// All of them.
pub(crate) const ADAPTERS: &[Adapter] = &[
    Adapter {
        name: "older::to_read",
        does: "calls what only reads in spite of another major version",
        calls: &[
            (
                "pdumodel.Inlet",
                &["2"],
                &["getMetaData", "getPoles", "getSensors", "getSettings"],
            ),
            (
                "pdumodel.Outlet",
                &["2"],
                &["getMetaData", "getSensors", "getSettings"],
            ),
            (
                "pdumodel.OverCurrentProtector",
                &["3"],
                &["getMetaData", "getPoles", "getSensors", "getSettings"],
            ),
            (
                "pdumodel.TransferSwitch",
                &["4", "5"],
                &["getMetaData", "getSensors", "getSettings"],
            ),
            (
                "peripheral.DeviceSlot",
                &["2", "3", "4"],
                &["getDevice", "getSettings"],
            ),
        ],
        tests: &[
            (
                "tests/sensors/any_device.rs",
                "every_sensor_of_every_device_has_a_place_a_quantity_and_a_reading",
            ),
            (
                "tests/sensors/newer.rs",
                "other_versions_of_the_interfaces_are_walked_and_read",
            ),
        ],
    },
    Adapter {
        name: "older::to_switch",
        does: "switches outlets of the major versions that were published, and refuses others",
        calls: &[(
            "pdumodel.Outlet",
            &["2"],
            &["cyclePowerState", "getState", "setPowerState"],
        )],
        tests: &[
            (
                "src/older.rs",
                "an_outlet_is_switched_in_the_versions_that_are_known",
            ),
            (
                "tests/switching/one.rs",
                "an_outlet_is_switched_once_and_not_when_it_is_as_wanted",
            ),
        ],
    },
];

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
];

/// Enumerators that have another name and mean the same: enumeration, older name, newer name.
pub(crate) const RENAMED: &[(&str, &str, &str)] = &[
    ("cascading.CascadeManager.Role", "MASTER", "PRIMARY_UNIT"),
    ("peripheral.PortType", "ONEWIRE_DEV_PORT", "DEV_PORT"),
    ("peripheral.PortType", "ONEWIRE_ONBOARD", "ONBOARD"),
];
