//! A wire without bytes that lays everything out as any [`Binding`] says, there and back.

use xerus_rpc::Error;
use xerus_rpc::error::RpcError;
use xerus_rpc::server::{Context, Fault, Router};
use xerus_rpc::wire::{Arguments, Binding, BoxFuture, Reply, Request, Transport};

/// Calls a router through a binding.
pub struct Direct {
    origin: String,
    binding: Binding,
    router: Router,
}

impl Direct {
    /// A transport to the servants of a router.
    #[must_use]
    pub fn new(origin: impl Into<String>, binding: Binding, router: Router) -> Self {
        Self {
            origin: origin.into(),
            binding,
            router,
        }
    }

    async fn answer(&self, request: &Request) -> Result<Reply, Fault> {
        let target = request.target();
        let servant = self.router.servant(target);
        let servant = servant.ok_or_else(Fault::object_not_found)?;
        let name = self.binding.name(request);
        let method = servant
            .methods()
            .find(|method| self.binding.method_name(method) == name)
            .ok_or_else(Fault::method_not_found)?;
        let arguments = self.binding.lay_out_arguments(request);
        let arguments = String::from_utf8_lossy(&arguments);
        let arguments = Arguments::parse(&arguments)?;
        let context = Context::new().with_transport("direct");
        let called = self
            .router
            .call(target, method.name, &arguments, &context)
            .await?;
        let results = self.binding.lay_out_results(&called);
        Ok(self.binding.reply(request, results))
    }
}

impl Transport for Direct {
    fn origin(&self) -> &str {
        &self.origin
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let answer = self.answer(request).await;
            answer.map_err(|fault| self.binding.error(RpcError::from(fault)).into())
        })
    }
}
