//! Values under names, encoded once.

use super::encode::Encode;
use super::writer::Writer;
use crate::error::EncodeError;
use crate::wire::{Places, Values};

/// Writes values under names into an object.
pub(crate) fn values(
    names: &'static [&'static str],
    values: &[&dyn Encode],
    mut writer: Writer,
) -> Result<Values, EncodeError> {
    let places = if let [_] = values {
        let mut place = [(0, 0)];
        writer.members_at(names, values, &mut |start, end| place = [(start, end)]);
        Places::One(place)
    } else {
        let mut places = Vec::with_capacity(values.len());
        writer.members_at(names, values, &mut |start, end| places.push((start, end)));
        Places::More(places.into_boxed_slice())
    };
    Ok(Values::written(names, writer.finish()?, places))
}
