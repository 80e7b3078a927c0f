//! A root interface and one that extends it.

use super::records::record;

macro_rules! interface {
    ($name:ident($inner:ty) => $object:expr, $id:literal, $version:expr, extends $($base:ty),*) => {
        impl $name {
            pub const TYPE_ID: &'static str = $id;
            pub const VERSION: ::xerus_rpc::Version = $version;
            pub fn at(agent: &::xerus_rpc::Agent, rid: &str) -> Self {
                ::xerus_rpc::rt::at(agent, rid)
            }
        }
        impl ::core::ops::Deref for $name {
            type Target = $inner;
            fn deref(&self) -> &$inner {
                &self.0
            }
        }
        impl ::xerus_rpc::Interface for $name {
            const TYPE_ID: &'static str = $id;
            const VERSION: ::xerus_rpc::Version = $version;
            fn registry() -> &'static ::xerus_rpc::rt::Registry {
                &super::REGISTRY
            }
            fn from_object(object: ::xerus_rpc::Object) -> Self {
                let make: fn(::xerus_rpc::Object) -> $inner = $object;
                Self(make(object))
            }
            fn as_object(&self) -> &::xerus_rpc::Object {
                &self.0
            }
        }
        impl ::xerus_rpc::rt::Decode for $name {
            fn decode(
                reader: &mut ::xerus_rpc::rt::Reader<'_>,
            ) -> ::core::result::Result<Self, ::xerus_rpc::DecodeError> {
                reader.interface()
            }
        }
        impl ::xerus_rpc::rt::Encode for $name {
            fn as_value(&self) -> ::xerus_rpc::Value<'_> {
                ::xerus_rpc::rt::reference(&self.0)
            }
        }
        $(impl ::xerus_rpc::Extends<$base> for $name {})*
        ::xerus_rpc::rt::serde!($name);
    };
}
pub(super) use interface;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sensor(::xerus_rpc::Object);
interface!(Sensor(::xerus_rpc::Object) => |object| object, "sensors.Sensor:4.0.1",
    ::xerus_rpc::Version::new(4, 0, 1), extends Sensor);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NumericSensor(Sensor);
interface!(NumericSensor(Sensor) => <Sensor as ::xerus_rpc::Interface>::from_object, "sensors.NumericSensor:4.0.3",
    ::xerus_rpc::Version::new(4, 0, 3), extends Sensor, NumericSensor);

impl NumericSensor {
    pub fn get_reading(&self) -> ::xerus_rpc::Call<numeric_sensor::Reading> {
        ::xerus_rpc::rt::single(
            &self.0,
            &::xerus_rpc::rt::Method {
                interface: "sensors.NumericSensor:4.0.3",
                name: "getReading",
                results: &["_ret_"],
                marks: &::xerus_rpc::rt::Marks::REPEATABLE,
                ..::xerus_rpc::rt::Method::PLAIN
            },
            &[],
        )
    }
}

pub mod numeric_sensor {
    use super::record;

    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Reading {
        pub timestamp: ::xerus_rpc::Time,
        pub available: bool,
        pub status: reading::Status,
        pub valid: bool,
        pub value: f64,
        pub extra_: ::xerus_rpc::Extra,
    }
    record!(Reading, "sensors.NumericSensor_4_0_3.Reading:1.0.0", sparse: false, {
        0 timestamp "timestamp", 1 available "available", 2 status "status", 3 valid "valid", 4 value "value",
    });
    ::xerus_rpc::rt::serde!(Reading);

    pub mod reading {
        use super::super::record;

        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Status {
            pub above_upper_critical: bool,
            pub above_upper_warning: bool,
            pub below_lower_warning: bool,
            pub below_lower_critical: bool,
            pub extra_: ::xerus_rpc::Extra,
        }
        record!(Status, "sensors.NumericSensor_4_0_3.Reading.Status:1.0.0", sparse: false, {
            0 above_upper_critical "aboveUpperCritical", 1 above_upper_warning "aboveUpperWarning",
            2 below_lower_warning "belowLowerWarning", 3 below_lower_critical "belowLowerCritical",
        });
        ::xerus_rpc::rt::serde!(Status);
    }
}
