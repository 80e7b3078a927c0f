//! Errors of other wires, whose codes are numbers: on this wire codes are words, and the number stands beside the word.

use super::Details;
use crate::json_text::Json;

/// The parameters of the text in which a number and its data stand.
const CODE: &str = "json_rpc_code";
const DATA: &str = "json_rpc_data";

/// Adds the number of an error, where the word does not say the same, and its data.
pub(super) fn tell(number: Option<i64>, data: Option<&Json>, details: &mut Details) {
    let mut add = |name: &str, value| details.message_params.push((name.to_owned(), value));
    if let Some(number) = number {
        add(CODE, number.to_string());
    }
    if let Some(data) = data {
        add(DATA, data.get().to_owned());
    }
}

/// The number that stands beside a word.
pub(super) fn told(details: &Details) -> Option<i64> {
    let mut all = details.message_params.iter();
    let (_, number) = all.find(|(name, _)| name == CODE)?;
    number.parse().ok()
}
