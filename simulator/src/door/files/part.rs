//! One part of a form.

use bytes::Bytes;

use super::form::Form;
use crate::door::site::Refusal;

/// One part of a form: a file, or a plain field.
#[derive(Debug)]
pub struct Part<'f> {
    name: String,
    file_name: Option<String>,
    media_type: Option<String>,
    form: &'f mut Form,
}

impl<'f> Part<'f> {
    pub(super) fn new(
        name: String,
        file_name: Option<String>,
        media_type: Option<String>,
        form: &'f mut Form,
    ) -> Self {
        Self {
            name,
            file_name,
            media_type,
            form,
        }
    }

    /// The name of the field.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of the file; `None` for a plain field.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// What the client says of the media type.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// The next piece of the data; `None` at its end.
    ///
    /// # Errors
    ///
    /// As [`Form::next`].
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Refusal> {
        self.form.chunk().await
    }

    /// All of the data, if there are no more than `most` bytes of it.
    ///
    /// # Errors
    ///
    /// [`Refusal::TooLarge`] when there are more; else as [`Form::next`].
    pub async fn bytes(mut self, most: usize) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            if bytes.len() + chunk.len() > most {
                return Err(Refusal::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}
