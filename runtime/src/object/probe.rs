//! Asking objects what they are.

use std::sync::Arc;

use super::detached::detached_agent;
use super::reported::ReportedType;
use super::{OBJECT_ID, Object};
use crate::call::Call;
use crate::call::results::{self, Callee, Refusal};
use crate::codec::Reader;
use crate::compatibility::Compatibility;
use crate::error::DecodeError;
use crate::method::GET_TYPE_INFO;
use crate::type_info::TypeInfo;

impl Object {
    /// Asks the device for the object's type and the types it extends.
    ///
    /// Every object answers to this, so it shows whether a well-known resource id exists and what it is.
    /// Firmware up to 2.2 answers "method not found".
    pub fn get_type_info(&self) -> Call<TypeInfo> {
        self.unchecked().call(&GET_TYPE_INFO, &[], results::single)
    }

    /// Asks the device what the object is, and gives a reference that knows it: one that can be [cast](Self::cast).
    ///
    /// Sends `getTypeInfo`, which every object answers. It is a call like any other, so a whole device can be asked in
    /// one request:
    ///
    /// ```
    /// # use xerus_rpc::{Agent, Error, Object};
    /// # async fn example(agent: &Agent) -> Result<(), Error> {
    /// let rids = ["/model/pdu/0", "/firmware", "/snmp"];
    /// let objects = agent.bulk(rids.map(|rid| Object::at(agent, rid).probe())).await?;
    /// for (rid, object) in rids.into_iter().zip(objects) {
    ///     match object {
    ///         Ok(object) => println!("{object:?}"), // pdumodel.Pdu:6.1.2(/model/pdu/0)
    ///         Err(error) => println!("{rid}: {error}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Status 404 when nothing stands behind the resource id. Firmware up to 2.2 has no `getTypeInfo`: then
    /// [`is_method_not_found`](crate::Error::is_method_not_found) holds, and a program that knows the type can go on with
    /// [`assume`](Self::assume).
    #[doc(alias = "getTypeInfo")]
    pub fn probe(&self) -> Call<Self> {
        self.unchecked().call(&GET_TYPE_INFO, &[], probed)
    }

    /// The type of the object and the types it extends, when the reference comes from [`probe`](Self::probe).
    #[must_use]
    pub fn type_info(&self) -> Option<&TypeInfo> {
        match &self.reported {
            ReportedType::Chain(info) => Some(info),
            ReportedType::Nothing | ReportedType::Type(_) | ReportedType::Unreadable(_) => None,
        }
    }

    /// Asking must be possible whatever the reference claims to be.
    fn unchecked(&self) -> Self {
        Self {
            compatibility: Compatibility::Unchecked,
            ..self.clone()
        }
    }
}

fn probed(
    callee: &Callee<'_>,
    reader: &mut Reader<'_>,
) -> Result<Result<Object, Refusal>, DecodeError> {
    let info = results::value(callee, reader)?;
    Ok(Ok(Object {
        agent: reader.agent().cloned().unwrap_or_else(detached_agent),
        rid: Arc::clone(callee.target),
        reported: ReportedType::Chain(Arc::new(info)),
        declared: OBJECT_ID,
        compatibility: Compatibility::Unchecked,
    }))
}
