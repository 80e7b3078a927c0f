//! Options as command line flags, without knowledge of any argument parser.

use super::{Kind, Options, SPECS, Spec, Value};

/// The option that a flag (without dashes) belongs to.
#[must_use]
pub fn spec(flag: &str) -> Option<&'static Spec> {
    SPECS.iter().find(|spec| spec.flag == flag)
}

impl Spec {
    /// Whether the flag is followed by a value.
    #[must_use]
    pub const fn takes_value(&self) -> bool {
        !matches!(self.kind, Kind::Switch { .. })
    }

    /// Whether the flag may be given several times.
    #[must_use]
    pub const fn repeats(&self) -> bool {
        matches!(self.kind, Kind::List | Kind::Table)
    }
}

impl Options {
    /// Applies one flag (without dashes) and its value.
    ///
    /// # Errors
    ///
    /// When the flag is unknown, lacks its value or has one that it does not take.
    pub fn apply_flag(&mut self, flag: &str, value: Option<&str>) -> Result<(), String> {
        let Some(spec) = spec(flag) else {
            return Err(
                match xerus_idl::distance::nearest(flag, SPECS.iter().map(|spec| spec.flag)) {
                    Some(near) => format!("there is no flag `--{flag}`; did you mean `--{near}`?"),
                    None => format!("there is no flag `--{flag}`"),
                },
            );
        };
        let value = match (spec.kind, value) {
            (Kind::Switch { default }, None) => Value::Bool(!default),
            (Kind::Switch { .. }, Some(_)) => return Err(format!("`--{flag}` takes no value")),
            (_, None) => return Err(format!("`--{flag}` needs a value: {}", spec.placeholder)),
            (Kind::Text | Kind::Choice { .. } | Kind::List, Some(text)) => {
                Value::Text(text.to_owned())
            }
            (Kind::Table, Some(text)) => match text.split_once('=') {
                Some((path, text)) => {
                    Value::Table(vec![(path.to_owned(), Value::Text(text.to_owned()))])
                }
                None => return Err(format!("`--{flag}` needs the form {}", spec.placeholder)),
            },
        };
        self.add(spec.key, value)
    }

    /// The flags that make these options out of the defaults, as words of a command line.
    #[must_use]
    pub fn to_args(&self) -> Vec<String> {
        let default = Self::default();
        let mut args = Vec::new();
        for spec in SPECS {
            let value = self.get(spec.key);
            if value == default.get(spec.key) {
                continue;
            }
            let flag = format!("--{}", spec.flag);
            match value {
                Some(Value::Bool(_)) => args.push(flag),
                Some(Value::Text(text)) => args.extend([flag, text]),
                Some(Value::List(list)) => {
                    for text in list {
                        if let Value::Text(text) = text {
                            args.extend([flag.clone(), text]);
                        }
                    }
                }
                Some(Value::Table(entries)) => {
                    for (path, texts) in entries {
                        let texts = match texts {
                            Value::List(list) => list,
                            one => vec![one],
                        };
                        for text in texts {
                            if let Value::Text(text) = text {
                                args.extend([flag.clone(), format!("{path}={text}")]);
                            }
                        }
                    }
                }
                None => {}
            }
        }
        args
    }

    /// Reads words of a command line that holds nothing but these flags, `--flag value` or
    /// `--flag=value`.
    ///
    /// # Errors
    ///
    /// As [`apply_flag`](Self::apply_flag), and for a word that is no flag.
    pub fn from_args<I>(words: I) -> Result<Self, String>
    where
        I: IntoIterator<Item: Into<String>>,
    {
        let mut options = Self::default();
        let mut words = words.into_iter().map(Into::into);
        while let Some(word) = words.next() {
            let Some(flag) = word.strip_prefix("--") else {
                return Err(format!("`{word}` is no flag"));
            };
            match flag.split_once('=') {
                Some((flag, value)) => options.apply_flag(flag, Some(value))?,
                None if spec(flag).is_some_and(Spec::takes_value) => {
                    options.apply_flag(flag, words.next().as_deref())?;
                }
                None => options.apply_flag(flag, None)?,
            }
        }
        Ok(options)
    }
}
