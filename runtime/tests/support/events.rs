//! Value objects: a root, one in between, and one nested in an interface.

use super::records::record;

macro_rules! value_object {
    ($name:ident, $id:literal, extends $($base:ty),*) => {
        impl ::xerus_rpc::ValueObject for $name {
            const TYPE_ID: &'static str = $id;
            fn registry() -> &'static ::xerus_rpc::rt::Registry {
                &super::REGISTRY
            }
        }
        $(impl ::xerus_rpc::Extends<$base> for $name {})*
        ::xerus_rpc::rt::serde!(value_object $name);
    };
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    pub source: ::core::option::Option<::xerus_rpc::Object>,
    pub extra_: ::xerus_rpc::Extra,
}
record!(Event, "idl.Event:1.0.0", sparse: false, { 0 source "source" });
value_object!(Event, "idl.Event:1.0.0", extends Event);

#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserEvent {
    pub source: ::core::option::Option<::xerus_rpc::Object>,
    pub act_user_name: ::std::string::String,
    pub act_ip_addr: ::std::string::String,
    pub extra_: ::xerus_rpc::Extra,
}
record!(UserEvent, "event.UserEvent:1.0.0", sparse: false, {
    0 source "source", 1 act_user_name "actUserName", 2 act_ip_addr "actIpAddr",
});
value_object!(UserEvent, "event.UserEvent:1.0.0", extends Event, UserEvent);

#[derive(Clone, Debug, Default, PartialEq)]
pub struct PowerEvent {
    pub source: ::core::option::Option<::xerus_rpc::Object>,
    pub act_user_name: ::std::string::String,
    pub act_ip_addr: ::std::string::String,
    pub state: super::outlet::outlet::PowerState,
    pub cycle: bool,
    pub extra_: ::xerus_rpc::Extra,
}
record!(PowerEvent, "pdumodel.Outlet_3_0_1.PowerEvent:1.0.0", sparse: false, {
    0 source "source", 1 act_user_name "actUserName", 2 act_ip_addr "actIpAddr", 3 state "state", 4 cycle "cycle",
});
value_object!(PowerEvent, "pdumodel.Outlet_3_0_1.PowerEvent:1.0.0", extends Event, UserEvent, PowerEvent);
