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

    /// The methods of `pdumodel.EDevice:1.0.1`.
    pub static E_DEVICE_METHODS_: ::xerus_rpc::rt::Methods = ::xerus_rpc::rt::Methods {
        own: &[::xerus_rpc::rt::Method {
            interface: "pdumodel.EDevice:1.0.1",
            name: "getParents",
            results: &["_ret_"],
            marks: &::xerus_rpc::rt::Marks::REPEATABLE,
            ..::xerus_rpc::rt::Method::PLAIN
        }],
        ..::xerus_rpc::rt::Methods::PLAIN
    };

    pub fn dispatch_e_device_<'a, T: EDevice + ?Sized>(
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
        ) -> ::xerus_rpc::server::Reply<'a, ()> {
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
        ) -> ::xerus_rpc::server::Reply<'a, ()> {
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
            (super::super::pdumodel::outlet::State, ::std::string::String),
        > {
            let _ = (context, user, source);
            ::xerus_rpc::server::Reply::unsupported()
        }
        fn lock<'a>(
            &'a self,
            context: &'a ::xerus_rpc::server::Context,
            user: ::std::string::String,
        ) -> ::xerus_rpc::server::Reply<'a, i32> {
            let _ = (context, user);
            ::xerus_rpc::server::Reply::unsupported()
        }
        fn get_secret<'a>(
            &'a self,
            context: &'a ::xerus_rpc::server::Context,
            pin: ::std::string::String,
        ) -> ::xerus_rpc::server::Reply<'a, ::std::string::String> {
            let _ = (context, pin);
            ::xerus_rpc::server::Reply::unsupported()
        }
        fn wait_for_change<'a>(
            &'a self,
            context: &'a ::xerus_rpc::server::Context,
        ) -> ::xerus_rpc::server::Reply<'a, i32> {
            let _ = context;
            ::xerus_rpc::server::Reply::unsupported()
        }
        fn measure<'a>(
            &'a self,
            context: &'a ::xerus_rpc::server::Context,
        ) -> ::xerus_rpc::server::Reply<'a, f64> {
            let _ = context;
            ::xerus_rpc::server::Reply::unsupported()
        }
        fn run_test<'a>(
            &'a self,
            context: &'a ::xerus_rpc::server::Context,
        ) -> ::xerus_rpc::server::Reply<'a, ()> {
            let _ = context;
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
            &OUTLET_METHODS_,
            implementation,
            dispatch_outlet_,
        )
    }

    /// The methods of `pdumodel.Outlet:3.0.1`.
    pub static OUTLET_METHODS_: ::xerus_rpc::rt::Methods = ::xerus_rpc::rt::Methods {
        own: &[
            ::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "getState",
                results: &["_ret_"],
                marks: &::xerus_rpc::rt::Marks::REPEATABLE,
                ..::xerus_rpc::rt::Method::PLAIN
            },
            ::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "getLabel",
                results: &["_ret_"],
                marks: &::xerus_rpc::rt::Marks::REPEATABLE,
                ..::xerus_rpc::rt::Method::PLAIN
            },
            ::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "setPowerState",
                params: &["pstate"],
                results: &["_ret_"],
                codes: ::core::option::Option::Some(&[
                    (1, &["ERR_OUTLET_NOT_SWITCHABLE"]),
                    (2, &["ERR_LOAD_SHEDDING_ACTIVE"]),
                ]),
                ..::xerus_rpc::rt::Method::PLAIN
            },
            ::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "getSettings",
                results: &["_ret_"],
                marks: &::xerus_rpc::rt::Marks::REPEATABLE,
                ..::xerus_rpc::rt::Method::PLAIN
            },
            ::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "setSettings",
                params: &["settings"],
                results: &["_ret_"],
                codes: ::core::option::Option::Some(&[
                    (1, &["ERR_OUTLET_NOT_SWITCHABLE"]),
                    (2, &["ERR_LOAD_SHEDDING_ACTIVE"]),
                ]),
                ..::xerus_rpc::rt::Method::PLAIN
            },
            ::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "getIO",
                results: &["i", "s"],
                marks: &::xerus_rpc::rt::Marks::REPEATABLE,
                ..::xerus_rpc::rt::Method::PLAIN
            },
            ::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "getLimit",
                results: &["limit"],
                marks: &::xerus_rpc::rt::Marks::REPEATABLE,
                ..::xerus_rpc::rt::Method::PLAIN
            },
            ::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "open",
                params: &["user", "source"],
                results: &["_ret_", "state", "token"],
                codes: ::core::option::Option::Some(&[
                    (1, &["ERR_OUTLET_NOT_SWITCHABLE"]),
                    (2, &["ERR_LOAD_SHEDDING_ACTIVE"]),
                ]),
                ..::xerus_rpc::rt::Method::PLAIN
            },
            ::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "lock",
                params: &["user"],
                results: &["_ret_", "cookie"],
                codes: ::core::option::Option::Some(&[(1, &["ERR_IN_USE", "ERR_TEST_RUNNING"])]),
                ..::xerus_rpc::rt::Method::PLAIN
            },
            ::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "getSecret",
                params: &["pin"],
                results: &["_ret_"],
                ..::xerus_rpc::rt::Method::PLAIN
            },
            ::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "waitForChange",
                results: &["_ret_"],
                marks: &::xerus_rpc::rt::Marks {
                    long_poll: true,
                    ..::xerus_rpc::rt::Marks::PLAIN
                },
                ..::xerus_rpc::rt::Method::PLAIN
            },
            ::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "measure",
                results: &["_ret_"],
                marks: &::xerus_rpc::rt::Marks {
                    timeout_ms: ::core::option::Option::Some(90_000),
                    ..::xerus_rpc::rt::Marks::PLAIN
                },
                ..::xerus_rpc::rt::Method::PLAIN
            },
            ::xerus_rpc::rt::Method {
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
            ::xerus_rpc::rt::Method {
                interface: "pdumodel.Outlet:3.0.1",
                name: "reset",
                ..::xerus_rpc::rt::Method::PLAIN
            },
        ],
        inherited: ::core::option::Option::Some(&E_DEVICE_METHODS_),
    };

    pub fn dispatch_outlet_<'a, T: Outlet + ?Sized>(
        target: &'a T,
        call: &::xerus_rpc::server::Incoming<'a>,
    ) -> ::core::result::Result<::xerus_rpc::server::Answer<'a>, ::xerus_rpc::server::Fault> {
        ::core::result::Result::Ok(match call.method() {
            "getState" => target.get_state(call.context()).single(),
            "getLabel" => target.get_label(call.context()).single(),
            "setPowerState" => target
                .set_power_state(call.context(), call.argument(0, "pstate")?)
                .code(),
            "getSettings" => target.get_settings(call.context()).single(),
            "setSettings" => target
                .set_settings(call.context(), call.argument(0, "settings")?)
                .code(),
            "getIO" => target.get_io(call.context()).tuple(&["i", "s"]),
            "getLimit" => target.get_limit(call.context()).named(&["limit"]),
            "open" => target
                .open(
                    call.context(),
                    call.argument(0, "user")?,
                    call.argument(1, "source")?,
                )
                .code_and_more(&["_ret_", "state", "token"]),
            "lock" => target
                .lock(call.context(), call.argument(0, "user")?)
                .code_and_one(&["_ret_", "cookie"]),
            "getSecret" => target
                .get_secret(call.context(), call.argument(0, "pin")?)
                .single(),
            "waitForChange" => target.wait_for_change(call.context()).single(),
            "measure" => target.measure(call.context()).single(),
            "runTest" => target.run_test(call.context()).code(),
            "reset" => target.reset(call.context()).void(),
            _ => return dispatch_e_device_(target, call),
        })
    }
}
