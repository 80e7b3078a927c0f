//! Structures that are read, changed and written back, and members that older firmware lacks and the crate names.

/// A pair of methods: what one gives is changed and goes back whole. The runtime leaves out what the device has left out, and sends
/// back what the bindings do not know, so that the device gets the members that it has.
pub(crate) struct RoundTrip {
    pub(crate) interface: &'static str,
    pub(crate) read: &'static str,
    pub(crate) write: &'static str,
}

/// The mechanism of the runtime.
pub(crate) const UPDATE: &str = "xerus_rpc::update";

/// All of them.
pub(crate) const ROUND_TRIPS: &[RoundTrip] = &[
    RoundTrip {
        interface: "datetime.DateTime",
        read: "getCfg",
        write: "setCfg",
    },
    RoundTrip {
        interface: "net.Net",
        read: "getSettings",
        write: "setSettings",
    },
];

/// A member that the crate names and older firmware lacks.
pub(crate) struct Member {
    pub(crate) ty: &'static str,
    pub(crate) member: &'static str,
    /// What comes of it, for the page.
    pub(crate) says: &'static str,
    /// The test that shows it: file and function.
    pub(crate) test: (&'static str, &'static str),
}

/// All of them.
pub(crate) const MEMBERS: &[Member] = &[
    Member {
        ty: "datetime.DateTime.NtpCfg",
        member: "server1AuthKeyId",
        says: "set to 0 for a server that gets no key, which is its default: not sent",
        test: ("tests/admin/clock.rs", "ntp_servers_are_set_and_checked"),
    },
    Member {
        ty: "datetime.DateTime.NtpCfg",
        member: "server2AuthKeyId",
        says: "set to 0 for a server that gets no key, which is its default: not sent",
        test: ("tests/admin/clock.rs", "ntp_servers_are_set_and_checked"),
    },
    Member {
        ty: "firmware.UpdateHistoryEntry",
        member: "details",
        says: "empty: the outcome of an update is told without",
        test: (
            "tests/firmware/good.rs",
            "every_firmware_is_updated_and_verified",
        ),
    },
    Member {
        ty: "net.InterfaceInfo",
        member: "controllingIfName",
        says: "read from `masterIfName`, its name until then",
        test: (
            "tests/admin/network.rs",
            "everything_about_the_network_is_read",
        ),
    },
    Member {
        ty: "net.InterfaceInfo",
        member: "mtu",
        says: "`None`",
        test: (
            "tests/admin/router.rs",
            "the_largest_packet_is_told_by_newer_ones_only",
        ),
    },
    Member {
        ty: "net.InterfaceIpSettings",
        member: "staticDefaultGatewayAddr",
        says: "the router is set where such firmware has it, for all interfaces together",
        test: (
            "tests/admin/router.rs",
            "the_router_of_all_interfaces_is_set_and_everything_else_goes_back_as_it_came",
        ),
    },
];
