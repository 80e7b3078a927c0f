//! Server traits and dispatchers of the sample.

pub mod pdumodel {
    /// Serves `pdumodel.EDevice:1.0.1`.
    pub trait EDevice: ::core::marker::Send + ::core::marker::Sync {
        fn get_parents<'a>(
            &'a self,
            context: &'a ::xerus_rpc::server::Context,
        ) -> ::xerus_rpc::server::Reply<'a, ::std::vec::Vec<super::super::pdumodel::EDevice>>
        {
            let _ = context;
            ::xerus_rpc::server::Reply::unsupported()
        }
    }

    pub fn dispatch_e_device<'a, T: EDevice + ?Sized>(
        target: &'a T,
        call: &::xerus_rpc::server::Incoming<'a>,
    ) -> ::core::result::Result<::xerus_rpc::server::Answer<'a>, ::xerus_rpc::server::Fault> {
        ::core::result::Result::Ok(match call.method() {
            "getParents" => target.get_parents(call.context()).single(),
            _ => return ::core::result::Result::Err(::xerus_rpc::server::Fault::method_not_found()),
        })
    }

    /// Serves `pdumodel.Outlet:3.0.1`.
    pub trait Outlet: EDevice {
        fn get_state<'a>(
            &'a self,
            context: &'a ::xerus_rpc::server::Context,
        ) -> ::xerus_rpc::server::Reply<'a, super::super::pdumodel::outlet::State> {
            let _ = context;
            ::xerus_rpc::server::Reply::unsupported()
        }
        fn get_label<'a>(
            &'a self,
            context: &'a ::xerus_rpc::server::Context,
        ) -> ::xerus_rpc::server::Reply<'a, ::std::string::String> {
            let _ = context;
            ::xerus_rpc::server::Reply::unsupported()
        }
        fn set_power_state<'a>(
            &'a self,
            context: &'a ::xerus_rpc::server::Context,
            pstate: super::super::pdumodel::outlet::PowerState,
        ) -> ::xerus_rpc::server::Reply<'a, i32> {
            let _ = (context, pstate);
            ::xerus_rpc::server::Reply::unsupported()
        }
        fn get_settings<'a>(
            &'a self,
            context: &'a ::xerus_rpc::server::Context,
        ) -> ::xerus_rpc::server::Reply<'a, super::super::pdumodel::outlet::Settings> {
            let _ = context;
            ::xerus_rpc::server::Reply::unsupported()
        }
        fn set_settings<'a>(
            &'a self,
            context: &'a ::xerus_rpc::server::Context,
            settings: super::super::pdumodel::outlet::sparse_::Settings,
        ) -> ::xerus_rpc::server::Reply<'a, i32> {
            let _ = (context, settings);
            ::xerus_rpc::server::Reply::unsupported()
        }
        fn get_io<'a>(
            &'a self,
            context: &'a ::xerus_rpc::server::Context,
        ) -> ::xerus_rpc::server::Reply<
            'a,
            (
                ::core::option::Option<super::super::pdumodel::Inlet>,
                ::std::vec::Vec<::core::option::Option<super::super::sensors::NumericSensor>>,
            ),
        > {
            let _ = context;
            ::xerus_rpc::server::Reply::unsupported()
        }
        fn get_limit<'a>(
            &'a self,
            context: &'a ::xerus_rpc::server::Context,
        ) -> ::xerus_rpc::server::Reply<'a, f64> {
            let _ = context;
            ::xerus_rpc::server::Reply::unsupported()
        }
        fn open<'a>(
            &'a self,
            context: &'a ::xerus_rpc::server::Context,
            user: ::std::string::String,
            source: ::core::option::Option<::xerus_rpc::Object>,
        ) -> ::xerus_rpc::server::Reply<
            'a,
            (
                i32,
                super::super::pdumodel::outlet::State,
                ::std::string::String,
            ),
        > {
            let _ = (context, user, source);
            ::xerus_rpc::server::Reply::unsupported()
        }
        fn reset<'a>(
            &'a self,
            context: &'a ::xerus_rpc::server::Context,
        ) -> ::xerus_rpc::server::Reply<'a, ()> {
            let _ = context;
            ::xerus_rpc::server::Reply::unsupported()
        }
    }

    /// A servant for an implementation of `pdumodel.Outlet:3.0.1`.
    pub fn outlet(implementation: impl Outlet + 'static) -> ::xerus_rpc::server::Servant {
        ::xerus_rpc::server::Servant::new(
            "pdumodel.Outlet:3.0.1",
            &super::super::REGISTRY,
            implementation,
            dispatch_outlet,
        )
    }

    pub fn dispatch_outlet<'a, T: Outlet + ?Sized>(
        target: &'a T,
        call: &::xerus_rpc::server::Incoming<'a>,
    ) -> ::core::result::Result<::xerus_rpc::server::Answer<'a>, ::xerus_rpc::server::Fault> {
        ::core::result::Result::Ok(match call.method() {
            "getState" => target.get_state(call.context()).single(),
            "getLabel" => target.get_label(call.context()).single(),
            "setPowerState" => target
                .set_power_state(call.context(), call.argument("pstate")?)
                .single(),
            "getSettings" => target.get_settings(call.context()).single(),
            "setSettings" => target
                .set_settings(call.context(), call.argument("settings")?)
                .single(),
            "getIO" => target.get_io(call.context()).tuple(&["i", "s"]),
            "getLimit" => target.get_limit(call.context()).named("limit"),
            "open" => target
                .open(
                    call.context(),
                    call.argument("user")?,
                    call.argument("source")?,
                )
                .tuple(&["_ret_", "state", "token"]),
            "reset" => target.reset(call.context()).void(),
            _ => return dispatch_e_device(target, call),
        })
    }
}
