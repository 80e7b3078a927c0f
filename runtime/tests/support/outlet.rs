//! Interfaces with methods of every shape.

use super::sensor::{NumericSensor, interface};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EDevice(::xerus_rpc::Object);
interface!(EDevice(::xerus_rpc::Object) => |object| object, "pdumodel.EDevice:1.0.1",
    ::xerus_rpc::Version::new(1, 0, 1), extends EDevice);

impl EDevice {
    pub fn get_parents(&self) -> ::xerus_rpc::Call<::std::vec::Vec<EDevice>> {
        static METHOD: ::xerus_rpc::Method =
            ::xerus_rpc::Method::new("pdumodel.EDevice:1.0.1", "getParents", &[], &["_ret_"]);
        ::xerus_rpc::rt::single(&self.0, &METHOD, &[])
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

    pub fn get_state(&self) -> ::xerus_rpc::Call<outlet::State> {
        static METHOD: ::xerus_rpc::Method =
            ::xerus_rpc::Method::new("pdumodel.Outlet:3.0.1", "getState", &[], &["_ret_"]);
        ::xerus_rpc::rt::single(&self.0, &METHOD, &[])
    }
    pub fn get_label(&self) -> ::xerus_rpc::Call<::std::string::String> {
        static METHOD: ::xerus_rpc::Method =
            ::xerus_rpc::Method::new("pdumodel.Outlet:3.0.1", "getLabel", &[], &["_ret_"]);
        ::xerus_rpc::rt::single(&self.0, &METHOD, &[])
    }
    pub fn set_power_state(&self, pstate: outlet::PowerState) -> ::xerus_rpc::Call<i32> {
        static METHOD: ::xerus_rpc::Method = ::xerus_rpc::Method::new(
            "pdumodel.Outlet:3.0.1",
            "setPowerState",
            &["pstate"],
            &["_ret_"],
        );
        ::xerus_rpc::rt::single(&self.0, &METHOD, &[&pstate])
    }
    pub fn get_settings(&self) -> ::xerus_rpc::Call<outlet::Settings> {
        static METHOD: ::xerus_rpc::Method =
            ::xerus_rpc::Method::new("pdumodel.Outlet:3.0.1", "getSettings", &[], &["_ret_"]);
        ::xerus_rpc::rt::single(&self.0, &METHOD, &[])
    }
    pub fn set_settings(
        &self,
        settings: impl ::core::convert::Into<outlet::sparse_::Settings>,
    ) -> ::xerus_rpc::Call<i32> {
        static METHOD: ::xerus_rpc::Method = ::xerus_rpc::Method::new(
            "pdumodel.Outlet:3.0.1",
            "setSettings",
            &["settings"],
            &["_ret_"],
        );
        ::xerus_rpc::rt::single(&self.0, &METHOD, &[&settings.into()])
    }
    pub fn get_io(
        &self,
    ) -> ::xerus_rpc::Call<(
        ::core::option::Option<Inlet>,
        ::std::vec::Vec<::core::option::Option<NumericSensor>>,
    )> {
        static METHOD: ::xerus_rpc::Method =
            ::xerus_rpc::Method::new("pdumodel.Outlet:3.0.1", "getIO", &[], &["i", "s"]);
        ::xerus_rpc::rt::tuple(&self.0, &METHOD, &[])
    }
    pub fn get_limit(&self) -> ::xerus_rpc::Call<f64> {
        static METHOD: ::xerus_rpc::Method =
            ::xerus_rpc::Method::new("pdumodel.Outlet:3.0.1", "getLimit", &[], &["limit"]);
        ::xerus_rpc::rt::single(&self.0, &METHOD, &[])
    }
    pub fn open(
        &self,
        user: &str,
        source: ::core::option::Option<&::xerus_rpc::Object>,
    ) -> ::xerus_rpc::Call<(i32, outlet::State, ::std::string::String)> {
        static METHOD: ::xerus_rpc::Method = ::xerus_rpc::Method::new(
            "pdumodel.Outlet:3.0.1",
            "open",
            &["user", "source"],
            &["_ret_", "state", "token"],
        );
        ::xerus_rpc::rt::tuple(&self.0, &METHOD, &[&user, &source])
    }
    pub fn reset(&self) -> ::xerus_rpc::Call<()> {
        static METHOD: ::xerus_rpc::Method =
            ::xerus_rpc::Method::new("pdumodel.Outlet:3.0.1", "reset", &[], &[]);
        ::xerus_rpc::rt::void(&self.0, &METHOD, &[])
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
            Self::Unknown_(::xerus_rpc::UNSET)
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

    impl ::xerus_rpc::Decode for PowerState {
        fn decode(
            reader: &mut ::xerus_rpc::Reader<'_>,
        ) -> ::core::result::Result<Self, ::xerus_rpc::DecodeError> {
            reader.enumeration()
        }
    }

    impl ::xerus_rpc::Encode for PowerState {
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

    impl ::xerus_rpc::Decode for LinkStatus {
        fn decode(
            reader: &mut ::xerus_rpc::Reader<'_>,
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
