//! Options as a TOML file. Reading needs the feature `config`.

use std::fmt::Write;

use super::{Options, SPECS, Value};

impl Options {
    /// A TOML document with everything that differs from the defaults, each key with its help.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let default = Self::default();
        let mut plain = String::new();
        let mut tables = String::new();
        for spec in SPECS {
            let Some(value) = self.get(spec.key) else {
                continue;
            };
            if Some(&value) == default.get(spec.key).as_ref() {
                continue;
            }
            // Writing to a String cannot fail.
            let _ = match value {
                Value::Table(entries) => {
                    let _ = writeln!(tables, "\n# {}\n[{}]", spec.help, spec.key);
                    for (path, value) in entries {
                        let _ = writeln!(tables, "{} = {}", quoted(&path), written(&value));
                    }
                    Ok(())
                }
                value => writeln!(plain, "# {}\n{} = {}", spec.help, spec.key, written(&value)),
            };
        }
        plain + &tables
    }

    /// Reads a TOML document.
    ///
    /// # Errors
    ///
    /// When the text is no TOML, a key is unknown or a value is of the wrong kind.
    #[cfg(any(test, feature = "config"))]
    pub fn from_toml(text: &str) -> Result<Self, super::TomlError> {
        read::document(text)
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::Bool(on) => on.to_string(),
        Value::Text(text) => quoted(text),
        Value::List(list) => {
            let items: Vec<_> = list.iter().map(written).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(k, v)| format!("{} = {}", quoted(k), written(v)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(any(test, feature = "config"))]
mod read {
    use super::super::{OptionError, Options, TomlError, Value, is_known};
    use ::toml::Spanned;
    use ::toml::de::{DeTable, DeValue};

    pub(super) fn document(text: &str) -> Result<Options, TomlError> {
        let wrong = |start: usize, cause: OptionError| {
            let head = text.get(..start).unwrap_or(text);
            TomlError {
                line: head.matches('\n').count() + 1,
                column: head.chars().rev().take_while(|c| *c != '\n').count() + 1,
                cause,
            }
        };
        let document = DeTable::parse(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            wrong(start, OptionError::NoToml)
        })?;
        let mut options = Options::default();
        for (key, value) in in_order(document.get_ref()) {
            let start = key.span().start;
            let value = neutral(value).ok_or_else(|| {
                let key = key.get_ref().to_string();
                let cause = if is_known(&key) {
                    OptionError::NumberOrDate { key }
                } else {
                    OptionError::unknown_key(&key)
                };
                wrong(start, cause)
            })?;
            options
                .set(key.get_ref(), value)
                .map_err(|cause| wrong(start, cause))?;
        }
        Ok(options)
    }

    type Entry<'t, 'i> = (
        &'t Spanned<::toml::de::DeString<'i>>,
        &'t Spanned<DeValue<'i>>,
    );

    fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<Entry<'t, 'i>> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
    }

    /// `None` for numbers and dates, which no option takes.
    fn neutral(value: &Spanned<DeValue<'_>>) -> Option<Value> {
        Some(match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Boolean(on) => Value::Bool(*on),
            DeValue::Array(list) => Value::List(list.iter().map(neutral).collect::<Option<_>>()?),
            DeValue::Table(table) => Value::Table(
                in_order(table)
                    .into_iter()
                    .map(|(key, value)| Some((key.get_ref().to_string(), neutral(value)?)))
                    .collect::<Option<_>>()?,
            ),
            _ => return None,
        })
    }
}
