//! Values under names, encoded once.

use super::encode::Encode;
use super::writer::Writer;
use crate::error::EncodeError;
use crate::wire::{FEW, Places, Values};

/// Writes values under names into an object.
pub(crate) fn values(
    names: &'static [&'static str],
    values: &[&dyn Encode],
    mut writer: Writer,
) -> Result<Values, EncodeError> {
    let places = if values.len() <= FEW {
        let (mut count, mut places) = (0, [(0, 0); FEW]);
        writer.members_at(names, values, &mut |start, end| {
            places[count] = (start, end);
            count += 1;
        });
        Places::Few(count, places)
    } else {
        let mut places = Vec::with_capacity(values.len());
        writer.members_at(names, values, &mut |start, end| places.push((start, end)));
        Places::More(places.into_boxed_slice())
    };
    Ok(Values::written(names, writer.finish()?, places))
}
