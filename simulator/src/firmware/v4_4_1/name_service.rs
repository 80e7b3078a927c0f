//! Looks up objects by name.

use std::sync::Weak;

use xerus_api::server::jsonrpc as traits;
use xerus_rpc::Object;
use xerus_rpc::server::{Context, Reply};

use crate::firmware::Objects;

/// Serves `/ns`.
pub(super) struct NameServant(pub(super) Weak<Objects>);

impl traits::NameService for NameServant {
    fn lookup<'a>(&'a self, _: &'a Context, name: String) -> Reply<'a, Option<Object>> {
        // After the last of its objects there is nothing to be found.
        let found = self.0.upgrade().and_then(|objects| objects.object(&name));
        Reply::ok(found)
    }
}
