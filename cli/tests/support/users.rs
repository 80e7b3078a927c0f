//! A server of netstrings.

use tokio::runtime::Runtime;
use xerus_rpc::TypeInfo;
use xerus_rpc::netstring::{NetstringServer, Serving};
use xerus_rpc::server::{Fault, Incoming, Reply, Router, Servant};

/// A server of this library, in front of one method.
pub(crate) struct Users {
    pub(crate) serving: Serving,
    _runtime: Runtime,
}

impl Users {
    pub(crate) fn start(server: fn(Router) -> NetstringServer) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let info = TypeInfo::new("acme.Users:1.0.0".parse().expect("a wire id"), []);
        let users = Servant::of_type(info, (), |(), call: &Incoming<'_>| match call.method() {
            "get_user" => match call.argument::<i32>(0, "id")? {
                1234 => Ok(Reply::ok("Petros".to_owned()).single()),
                _ => Err(Fault::new(-32001, "no such user")),
            },
            _ => Err(Fault::method_not_found()),
        });
        let router = Router::new();
        router.insert("/users", users);
        let serving = runtime
            .block_on(server(router).bind("127.0.0.1:0"))
            .expect("a port");
        Self {
            serving,
            _runtime: runtime,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("netstring://{}", self.serving.address())
    }
}
