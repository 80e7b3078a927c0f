//! Functions that call objects of another major version.

/// A function of `xerus-device` through which objects of another major version are called.
pub(crate) struct Majors {
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
pub(crate) const MAJORS: &[Majors] = &[
    Majors {
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
    Majors {
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
