//! Looks up objects by name.

use std::sync::Arc;

use xerus_rpc::Object;
use xerus_rpc::server::{Context, Reply};

use super::aliases::Aliases;
use crate::api::server::jsonrpc as traits;

/// Serves `/ns`.
pub(super) struct NameServant(pub(super) Arc<Aliases>);

impl traits::NameService for NameServant {
    fn lookup<'a>(&'a self, _: &'a Context, name: String) -> Reply<'a, Option<Object>> {
        Reply::ok(self.0.object(&name))
    }
}
