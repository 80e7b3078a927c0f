//! Interfaces with methods of every shape.

use super::sensor::{NumericSensor, interface};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EDevice(::xerus_rpc::Object);
interface!(EDevice(::xerus_rpc::Object) => |object| object, "pdumodel.EDevice:1.0.1",
    ::xerus_rpc::Version::new(1, 0, 1), extends EDevice);

impl EDevice {
    pub fn get_parents(&self) -> ::xerus_rpc::Call<::std::vec::Vec<EDevice>> {
        ::xerus_rpc::rt::single(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "pdumodel.EDevice:1.0.1",
                name: "getParents",
                results: &["_ret_"],
                marks: &::xerus_rpc::rt::Marks::REPEATABLE,
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[],
        )
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Inlet(EDevice);
interface!(Inlet(EDevice) => <EDevice as ::xerus_rpc::Interface>::from_object, "pdumodel.Inlet:3.0.0",
    ::xerus_rpc::Version::new(3, 0, 0), extends EDevice, Inlet);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Outlet(EDevice);
interface!(Outlet(EDevice) => <EDevice as ::xerus_rpc::Interface>::from_object, "pdumodel.Outlet:3.0.1",
    ::xerus_rpc::Version::new(3, 0, 1), extends EDevice, Outlet);

impl Outlet {
    pub const ERR_OUTLET_NOT_SWITCHABLE: i32 = 1;
    pub const ERR_LOAD_SHEDDING_ACTIVE: i32 = 2;
    const CODES_: ::xerus_rpc::rt::Codes = &[
        (1, &["ERR_OUTLET_NOT_SWITCHABLE"]),
        (2, &["ERR_LOAD_SHEDDING_ACTIVE"]),
    ];

    pub fn get_state(&self) -> ::xerus_rpc::Call<outlet::State> {
        ::xerus_rpc::rt::single(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "getState",
                results: &["_ret_"],
                marks: &::xerus_rpc::rt::Marks::REPEATABLE,
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[],
        )
    }
    pub fn get_label(&self) -> ::xerus_rpc::Call<::std::string::String> {
        ::xerus_rpc::rt::single(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "getLabel",
                results: &["_ret_"],
                marks: &::xerus_rpc::rt::Marks::REPEATABLE,
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[],
        )
    }
    pub fn set_power_state(
        &self,
        pstate: outlet::PowerState,
    ) -> ::xerus_rpc::Call<(), ::xerus_rpc::Checked> {
        ::xerus_rpc::rt::checked(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "setPowerState",
                params: &["pstate"],
                results: &["_ret_"],
                codes: ::core::option::Option::Some(Self::CODES_),
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[&pstate],
        )
    }
    pub fn get_settings(&self) -> ::xerus_rpc::Call<outlet::Settings> {
        ::xerus_rpc::rt::single(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "getSettings",
                results: &["_ret_"],
                marks: &::xerus_rpc::rt::Marks::REPEATABLE,
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[],
        )
    }
    pub fn set_settings(
        &self,
        settings: impl ::core::convert::Into<outlet::sparse_::Settings>,
    ) -> ::xerus_rpc::Call<(), ::xerus_rpc::Checked> {
        ::xerus_rpc::rt::checked(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "setSettings",
                params: &["settings"],
                results: &["_ret_"],
                codes: ::core::option::Option::Some(Self::CODES_),
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[&settings.into()],
        )
    }
    pub fn get_io(
        &self,
    ) -> ::xerus_rpc::Call<(
        ::core::option::Option<Inlet>,
        ::std::vec::Vec<::core::option::Option<NumericSensor>>,
    )> {
        ::xerus_rpc::rt::tuple(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "getIO",
                results: &["i", "s"],
                marks: &::xerus_rpc::rt::Marks::REPEATABLE,
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[],
        )
    }
    pub fn get_limit(&self) -> ::xerus_rpc::Call<f64> {
        ::xerus_rpc::rt::single(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "getLimit",
                results: &["limit"],
                marks: &::xerus_rpc::rt::Marks::REPEATABLE,
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[],
        )
    }
    pub fn open(
        &self,
        user: &str,
        source: ::core::option::Option<&::xerus_rpc::Object>,
    ) -> ::xerus_rpc::Call<(outlet::State, ::std::string::String), ::xerus_rpc::Checked> {
        ::xerus_rpc::rt::checked(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "open",
                params: &["user", "source"],
                results: &["_ret_", "state", "token"],
                codes: ::core::option::Option::Some(Self::CODES_),
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[&user, &source],
        )
    }
    /// Returns a code and one value.
    pub fn lock(&self, user: &str) -> ::xerus_rpc::Call<i32, ::xerus_rpc::Checked> {
        ::xerus_rpc::rt::checked(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "lock",
                params: &["user"],
                results: &["_ret_", "cookie"],
                codes: ::core::option::Option::Some(&[(1, &["ERR_IN_USE", "ERR_TEST_RUNNING"])]),
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[&user],
        )
    }
    /// Reads something, but not without an effect: it has no mark.
    pub fn get_secret(&self, pin: &str) -> ::xerus_rpc::Call<::std::string::String> {
        ::xerus_rpc::rt::single(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "getSecret",
                params: &["pin"],
                results: &["_ret_"],
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[&pin],
        )
    }
    /// Answered when something happens.
    pub fn wait_for_change(&self) -> ::xerus_rpc::Call<i32> {
        ::xerus_rpc::rt::single(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "waitForChange",
                results: &["_ret_"],
                marks: &::xerus_rpc::rt::Marks {
                    long_poll: true,
                    ..::xerus_rpc::rt::Marks::PLAIN
                },
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[],
        )
    }
    /// Has a time of its own.
    pub fn measure(&self) -> ::xerus_rpc::Call<f64> {
        ::xerus_rpc::rt::single(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "measure",
                results: &["_ret_"],
                marks: &::xerus_rpc::rt::Marks {
                    timeout_ms: ::core::option::Option::Some(90_000),
                    ..::xerus_rpc::rt::Marks::PLAIN
                },
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[],
        )
    }
    /// Reports how far it is, in percent.
    pub fn run_test(&self) -> ::xerus_rpc::ProgressCall<i32, (), ::xerus_rpc::Checked> {
        ::xerus_rpc::rt::progress(::xerus_rpc::rt::checked(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "runTest",
                results: &["_ret_"],
                marks: &::xerus_rpc::rt::Marks {
                    progress: ::core::option::Option::Some("int"),
                    ..::xerus_rpc::rt::Marks::PLAIN
                },
                codes: ::core::option::Option::Some(&[(1, &["ERR_IN_USE", "ERR_TEST_RUNNING"])]),
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[],
        ))
    }
    pub fn reset(&self) -> ::xerus_rpc::Call<()> {
        ::xerus_rpc::rt::void(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "reset",
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[],
        )
    }
}

pub mod outlet {
    use super::super::records::record;

    pub use super::super::events::PowerEvent;

    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum PowerState {
        PsOff,
        PsOn,
        /// An index that these bindings do not know.
        Unknown_(i32),
    }

    impl ::core::default::Default for PowerState {
        fn default() -> Self {
            Self::Unknown_(::xerus_rpc::rt::UNSET)
        }
    }

    impl ::xerus_rpc::Enumeration for PowerState {
        const TYPE_ID: &'static str = "pdumodel.Outlet_3_0_1.PowerState:1.0.0";
        const NAMES: &'static [&'static str] = &["PS_OFF", "PS_ON"];
        const FALLBACK: ::core::option::Option<i32> = ::core::option::Option::None;
        fn from_index(index: i32) -> Self {
            match index {
                0 => Self::PsOff,
                1 => Self::PsOn,
                other => Self::Unknown_(other),
            }
        }
        fn index(self) -> i32 {
            match self {
                Self::PsOff => 0,
                Self::PsOn => 1,
                Self::Unknown_(other) => other,
            }
        }
    }

    impl ::xerus_rpc::rt::Decode for PowerState {
        fn decode(
            reader: &mut ::xerus_rpc::rt::Reader<'_>,
        ) -> ::core::result::Result<Self, ::xerus_rpc::DecodeError> {
            reader.enumeration()
        }
    }

    impl ::xerus_rpc::rt::Encode for PowerState {
        fn as_value(&self) -> ::xerus_rpc::Value<'_> {
            ::xerus_rpc::rt::enumeration(*self)
        }
    }

    /// An enumeration with a declared fallback.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum LinkStatus {
        Unknown,
        Ok,
        /// An index that these bindings do not know.
        Unknown_(i32),
    }

    impl ::xerus_rpc::Enumeration for LinkStatus {
        const TYPE_ID: &'static str = "pdumodel.Outlet_3_0_1.LinkStatus:1.0.0";
        const NAMES: &'static [&'static str] = &["UNKNOWN", "OK"];
        const FALLBACK: ::core::option::Option<i32> = ::core::option::Option::Some(0);
        fn from_index(index: i32) -> Self {
            match index {
                0 => Self::Unknown,
                1 => Self::Ok,
                other => Self::Unknown_(other),
            }
        }
        fn index(self) -> i32 {
            match self {
                Self::Unknown => 0,
                Self::Ok => 1,
                Self::Unknown_(other) => other,
            }
        }
    }

    impl ::xerus_rpc::rt::Decode for LinkStatus {
        fn decode(
            reader: &mut ::xerus_rpc::rt::Reader<'_>,
        ) -> ::core::result::Result<Self, ::xerus_rpc::DecodeError> {
            reader.enumeration()
        }
    }

    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct State {
        pub available: bool,
        pub power_state: PowerState,
        pub last_change: ::xerus_rpc::Time,
        pub is_suspended: bool,
        pub extra_: ::xerus_rpc::Extra,
    }
    record!(State, "pdumodel.Outlet_3_0_1.State:1.0.0", sparse: false, {
        0 available "available", 1 power_state "powerState", 2 last_change "lastPowerStateChange",
        3 is_suspended "isSuspended",
    });
    ::xerus_rpc::rt::serde!(State);
    ::xerus_rpc::rt::serde!(PowerState);

    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Settings {
        pub name: ::std::string::String,
        pub startup_state: PowerState,
        pub cycle_delay: i32,
        pub extra_: ::xerus_rpc::Extra,
    }
    record!(Settings, "pdumodel.Outlet_3_0_1.Settings:1.0.0", sparse: false, {
        0 name "name", 1 startup_state "startupState", 2 cycle_delay "cycleDelay",
    });
    ::xerus_rpc::rt::serde!(Settings);

    pub mod sparse_ {
        use super::super::super::records::record;

        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Settings {
            pub name: ::core::option::Option<::std::string::String>,
            pub startup_state: ::core::option::Option<super::PowerState>,
            pub cycle_delay: ::core::option::Option<i32>,
            pub extra_: ::xerus_rpc::Extra,
        }
        record!(Settings, "pdumodel.Outlet_3_0_1.Settings:1.0.0", optional, {
            0 name "name", 1 startup_state "startupState", 2 cycle_delay "cycleDelay",
        });
        ::xerus_rpc::rt::serde!(Settings);

        impl ::core::convert::From<super::Settings> for Settings {
            fn from(full: super::Settings) -> Self {
                Self {
                    name: ::xerus_rpc::rt::present(&full.extra_, "name", full.name),
                    startup_state: ::xerus_rpc::rt::present(
                        &full.extra_,
                        "startupState",
                        full.startup_state,
                    ),
                    cycle_delay: ::xerus_rpc::rt::present(
                        &full.extra_,
                        "cycleDelay",
                        full.cycle_delay,
                    ),
                    extra_: full.extra_,
                }
            }
        }
    }
}
