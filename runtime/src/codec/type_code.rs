//! The IDL type `typecode`: wire ids.

use xerus_wire_id::WireId;

use super::encode::Encode;
use super::reader::{Decode, Reader};
use super::value::Value;
use crate::error::{DecodeError, DecodeErrorKind, cut};

impl Reader<'_> {
    pub(crate) fn wire_id(&mut self) -> Result<WireId, DecodeError> {
        self.peek();
        let start = self.offset();
        let text = self.string()?;
        if let Some(id) = self.recent_types.find(&text) {
            return Ok(id);
        }
        match WireId::new(&*text) {
            Ok(id) => {
                self.recent_types.add(&id);
                Ok(id)
            }
            Err(error) => {
                let found = format!("{:?} ({})", cut(&text, 64), error.reason());
                Err(DecodeError::new(
                    DecodeErrorKind::BadTypeCode,
                    start,
                    "a wire id",
                    found,
                ))
            }
        }
    }
}

impl Decode for WireId {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.wire_id()
    }
}

impl Encode for WireId {
    fn as_value(&self) -> Value<'_> {
        Value::TypeCode(self)
    }
}
