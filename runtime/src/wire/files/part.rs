//! One field of a form.

use super::Source;
use crate::error::{ConfigError, EncodeError, EncodeErrorKind, Error};

/// The longest name of a field or file, in bytes.
const MAX_NAME: usize = 255;

/// One field of the form that an upload fills in: a text or a file.
#[derive(Debug)]
pub struct Part {
    name: String,
    file: Option<(String, String)>,
    source: Source,
}

impl Part {
    /// A plain field.
    pub fn field(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            file: None,
            source: text.into().into(),
        }
    }

    /// A file: the name of the field, the name and the media type of the file, and its bytes.
    pub fn file(
        name: impl Into<String>,
        file_name: impl Into<String>,
        content_type: impl Into<String>,
        source: impl Into<Source>,
    ) -> Self {
        Self {
            name: name.into(),
            file: Some((file_name.into(), content_type.into())),
            source: source.into(),
        }
    }

    /// The name of the field.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of the file, if it is one.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.file.as_ref().map(|(name, _)| &**name)
    }

    /// The media type of the file, if it is one.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.file.as_ref().map(|(_, content_type)| &**content_type)
    }

    /// Where its bytes come from.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Its bytes; for transports.
    #[must_use]
    pub fn into_source(self) -> Source {
        self.source
    }

    pub(super) fn map_source(self, change: impl FnOnce(Source) -> Source) -> Self {
        Self {
            source: change(self.source),
            ..self
        }
    }

    /// Whether a form can carry the names; for transports, before anything is sent.
    ///
    /// # Errors
    ///
    /// `Encode.BadFileName` for a name that could end early or begin a header of its own, `Config.BadHeaderValue` for a
    /// media type like that.
    pub fn check(&self) -> Result<(), Error> {
        check_name(&self.name, "name")?;
        if let Some((file_name, content_type)) = &self.file {
            check_name(file_name, "file_name")?;
            let visible = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
            if content_type.trim().is_empty() || !content_type.bytes().all(visible) {
                return Err(ConfigError::BadHeaderValue("Content-Type").into());
            }
        }
        Ok(())
    }
}

fn check_name(name: &str, place: &'static str) -> Result<(), Error> {
    let harmless = |c: char| !matches!(c, '"' | '\\') && !c.is_control();
    if !name.is_empty() && name.len() <= MAX_NAME && name.chars().all(harmless) {
        return Ok(());
    }
    let mut error = EncodeError::new(EncodeErrorKind::BadFileName);
    error.path.member(place);
    Err(error.into())
}

#[cfg(test)]
mod tests {
    use super::Part;

    #[test]
    fn names_that_could_say_something_else_are_refused() {
        for name in [
            "",
            "a\"b",
            "a\r\nX: y",
            "a\0",
            "a\\b",
            "a\u{85}b",
            &"x".repeat(256),
        ] {
            let field = Part::field(name, "x").check().unwrap_err();
            assert_eq!(
                (field.code(), field.path().as_deref()),
                ("Encode.BadFileName", Some("name"))
            );
            let file = Part::file("upfile", name, "text/plain", "x")
                .check()
                .unwrap_err();
            assert_eq!(file.path().as_deref(), Some("file_name"), "{name:?}");
        }
        for content_type in ["", " ", "a/b\r\nX: y", "ä/b"] {
            let file = Part::file("upfile", "a", content_type, "x")
                .check()
                .unwrap_err();
            assert_eq!(file.code(), "Config.BadHeaderValue", "{content_type:?}");
        }
        for name in ["upfile.bin", "Gerät (1).txt", "a b;c=d", &"x".repeat(255)] {
            let part = Part::file(name, name, "application/octet-stream", "x");
            assert!(part.check().is_ok(), "{name}");
        }
    }
}
