//! An object of the newest firmware, as an older one shows it.

use std::borrow::Cow;

use xerus_rpc::TypeInfo;
use xerus_rpc::server::{Answer, Context, Fault, Incoming, Reply, Servant};
use xerus_rpc::wire::{Arguments, Values};

use super::forms::{self, Form};
use super::projection::{Projection, Way};
use super::table::{Interface, Method};

impl Projection {
    /// The servant as the firmware has it; `None`: the firmware has no such interface.
    pub(in crate::firmware) fn servant(&'static self, newest: Servant) -> Option<Servant> {
        let interface = self.interface(newest.type_id())?;
        let info = TypeInfo::new(
            interface.id.parse().ok()?,
            interface.bases.iter().filter_map(|base| base.parse().ok()),
        );
        let older = Older {
            projection: self,
            interface,
            newest,
        };
        Some(Servant::of_type(info, older, Older::dispatch))
    }
}

struct Older {
    projection: &'static Projection,
    interface: &'static Interface,
    newest: Servant,
}

impl Older {
    fn dispatch<'a>(&'a self, call: &Incoming<'a>) -> Result<Answer<'a>, Fault> {
        let method = self
            .projection
            .table
            .method(self.interface, call.method())
            .ok_or_else(Fault::method_not_found)?;
        let arguments = self.arguments(method, call);
        let context = call.context();
        if method.same {
            return Ok(Reply::future(self.call(method, arguments, context)));
        }
        let form = forms::of(&self.interface.id, &method.name);
        let form = form.ok_or_else(Fault::method_not_found)?;
        Ok(Reply::future(self.call_in_form(form, arguments, context)))
    }

    /// A method that the newest firmware has in another form.
    async fn call_in_form(
        &self,
        form: &Form,
        arguments: Vec<(&str, String)>,
        context: &Context,
    ) -> Result<Values, Fault> {
        let now = match form.reads {
            Some(method) => {
                let none = Arguments::by_name(Vec::new());
                self.newest
                    .call(&Incoming::new(method, &none, context))
                    .await?
            }
            None => Values::from_object("{}").map_err(|_| Fault::internal("no arguments"))?,
        };
        let arguments = (form.arguments)(&arguments, &now)
            .ok_or_else(|| Fault::invalid_params("an argument is missing"))?;
        let arguments = arguments
            .iter()
            .map(|(name, text)| (Cow::Borrowed(*name), text.as_str()))
            .collect();
        let arguments = Arguments::by_name(arguments);
        let call = Incoming::new(form.method, &arguments, context);
        (form.results)(self.newest.call(&call).await)
    }

    /// The arguments in the form of the newest firmware. What is missing stays so: the servant says it.
    fn arguments<'m>(&self, method: &'m Method, call: &Incoming<'_>) -> Vec<(&'m str, String)> {
        let given = method.ins.iter().enumerate().filter_map(|(index, ty)| {
            let text = call.arguments().get(index, &ty.name)?;
            let mut out = String::new();
            self.projection.write_whole(Way::In, &ty.ty, text, &mut out);
            Some((ty.name.as_str(), out))
        });
        given.collect()
    }

    async fn call(
        &self,
        method: &Method,
        arguments: Vec<(&str, String)>,
        context: &Context,
    ) -> Result<Values, Fault> {
        let arguments = arguments
            .iter()
            .map(|(name, text)| (Cow::Borrowed(*name), text.as_str()))
            .collect();
        let arguments = Arguments::by_name(arguments);
        let call = Incoming::new(&method.name, &arguments, context);
        let values = self.newest.call(&call).await?;
        if values.is_empty() {
            return Ok(values);
        }
        self.results(method, &values)
    }

    fn results(&self, method: &Method, values: &Values) -> Result<Values, Fault> {
        let mut out = String::from("{");
        for (name, text) in values.iter() {
            let Some(result) = method.outs.iter().find(|result| result.name == name) else {
                continue;
            };
            if out.len() > 1 {
                out.push(',');
            }
            out.push('"');
            out.push_str(name);
            out.push_str("\":");
            self.projection
                .write_whole(Way::Out, &result.ty, text, &mut out);
        }
        out.push('}');
        Values::from_object(out).map_err(|_| Fault::internal("the answer cannot be written"))
    }
}

#[cfg(test)]
mod tests {
    use xerus_rpc::server::Router;

    use super::*;
    use crate::model::Firmware;

    /// Answers with what it was given, as the newest firmware writes it.
    fn echo<'a>((): &'a (), call: &Incoming<'a>) -> Result<Answer<'a>, Fault> {
        let given = call.arguments().get(0, "settings").unwrap_or("null");
        let object = match call.method() {
            "getMetaData" => r#"{"_ret_":{"label":"1","isSwitchable":true,"hasServiceModeSupport":true}}"#.to_owned(),
            "setSettings" => return Err(Fault::invalid_params(given)),
            "getIOP" => r#"{"i":{"rid":"/tfwopaque/pdumodel.Inlet:3.0.4/inlet.0","type":"pdumodel.Inlet:3.0.4"},"o":null,"p":[]}"#.to_owned(),
            method => return Err(Fault::invalid_params(method)),
        };
        Ok(Values::from_object(object)
            .map_err(|_| Fault::internal("test"))
            .into())
    }

    async fn answer(firmware: Firmware, body: &str) -> String {
        let info = TypeInfo::new("pdumodel.Outlet:3.0.4".parse().unwrap(), []);
        let newest = Servant::of_type(info, (), echo);
        let projection = Projection::of(firmware).unwrap();
        let router = Router::new();
        router.insert("/o", projection.servant(newest).unwrap());
        let outcome = router.handle("/o", body.as_bytes(), Context::new()).await;
        String::from_utf8(outcome.body.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn an_object_shows_what_its_firmware_has_and_no_more() {
        for (firmware, outlet, inlet) in [
            (
                Firmware::V3_6_80,
                "pdumodel.Outlet:2.1.9",
                "pdumodel.Inlet:2.0.7",
            ),
            (
                Firmware::V4_0_20,
                "pdumodel.Outlet:3.0.1",
                "pdumodel.Inlet:3.0.1",
            ),
        ] {
            let info = answer(firmware, r#"{"method":"getTypeInfo","id":1}"#).await;
            assert!(info.contains(outlet), "{info}");
            let data = answer(firmware, r#"{"method":"getMetaData","id":1}"#).await;
            assert!(data.contains(r#""isSwitchable":true"#), "{data}");
            assert!(!data.contains("hasServiceModeSupport"), "{data}");
            let iop = answer(firmware, r#"{"method":"getIOP","id":1}"#).await;
            assert!(
                iop.contains(&format!("/tfwopaque/{inlet}/inlet.0")),
                "{iop}"
            );
            // A method of the newest firmware alone, and one of a base.
            let unknown = answer(firmware, r#"{"method":"setServiceMode","id":1}"#).await;
            assert!(unknown.contains("-32601"), "{unknown}");
            let inherited = answer(firmware, r#"{"method":"getParents","id":1}"#).await;
            assert!(inherited.contains("getParents"), "{inherited}");
        }
    }

    #[tokio::test]
    async fn what_does_not_fit_comes_to_the_servant_as_it_was_sent() {
        let body = r#"{"method":"setSettings","params":{"settings":[7]},"id":1}"#;
        let refused = answer(Firmware::V4_0_20, body).await;
        assert!(refused.contains("[7]"), "{refused}");
    }
}
