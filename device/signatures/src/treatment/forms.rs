//! Methods that older firmware has in another form, which the crate calls as well.

/// An older form of a method.
pub(crate) struct Form {
    /// The function that calls it.
    pub(crate) name: &'static str,
    pub(crate) interface: &'static str,
    pub(crate) method: &'static str,
    /// What is sent and what comes, by name.
    pub(crate) ins: &'static [&'static str],
    pub(crate) outs: &'static [&'static str],
    /// The form is taken below this major version of the interface.
    pub(crate) below: u32,
    /// Tests that hold it: file and function.
    pub(crate) test: (&'static str, &'static str),
}

/// All of them.
pub(crate) const FORMS: &[Form] = &[
    Form {
        name: "admin::clock::check_before_4",
        interface: "datetime.DateTime",
        method: "checkNtpServer",
        ins: &["ntpServer"],
        outs: &["_ret_"],
        below: 4,
        test: ("tests/admin/clock.rs", "ntp_servers_are_set_and_checked"),
    },
    Form {
        name: "admin::lock_out::get_pair",
        interface: "security.Security",
        method: "getBlockSettings",
        ins: &[],
        outs: &["blockTimeout", "maxFailedLogins"],
        below: 5,
        test: (
            "tests/admin/access.rs",
            "lock_outs_are_read_and_changed_in_the_form_of_each_firmware",
        ),
    },
    Form {
        name: "admin::lock_out::set_pair",
        interface: "security.Security",
        method: "setBlockSettings",
        ins: &["blockTimeout", "maxFailedLogins"],
        outs: &["_ret_"],
        below: 5,
        test: (
            "tests/admin/access.rs",
            "lock_outs_are_read_and_changed_in_the_form_of_each_firmware",
        ),
    },
];
