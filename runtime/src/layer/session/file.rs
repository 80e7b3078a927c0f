//! Credentials in a file.

use std::fmt;
use std::fs::File;
use std::future::ready;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::source::CredentialsSource;
use crate::error::{ConfigError, Error};
use crate::wire::{BoxFuture, Credentials};

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 4096;

/// A file with the password, or with `user:password` on one line, as secrets are mounted into containers. It is read
/// again for each login.
///
/// One line end behind the text is not part of the password. The file may hold up to 4096 bytes of UTF-8.
///
/// ```
/// use xerus_rpc::layer::CredentialsFile;
///
/// // `monitor:secret` in the file:
/// let both = CredentialsFile::new("/etc/pdu/login");
/// // Only `secret` in the file:
/// let password = CredentialsFile::new("/run/secrets/pdu").user("monitor");
/// # drop((both, password));
/// ```
#[derive(Clone)]
pub struct CredentialsFile {
    path: PathBuf,
    user: Option<String>,
}

impl CredentialsFile {
    /// A file with `user:password`.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            user: None,
        }
    }

    /// Says who the user is: the file then has the password alone.
    #[must_use]
    pub fn user(mut self, name: impl Into<String>) -> Self {
        self.user = Some(name.into());
        self
    }

    fn read(&self) -> Result<Credentials, Error> {
        let text = read(&self.path).map_err(|what| self.error(what))?;
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        if text.contains(['\n', '\r']) {
            return Err(self.error("has more than one line; it has to hold one"));
        }
        match &self.user {
            Some(_) if text.is_empty() => Err(self.error("is empty; it has to hold the password")),
            Some(user) => Ok(Credentials::basic(user, text)),
            None => match text.split_once(':') {
                Some((user, password)) if !user.is_empty() => {
                    Ok(Credentials::basic(user, password))
                }
                _ => Err(self.error(
                    "has to hold `user:password`, or say the user with CredentialsFile::user",
                )),
            },
        }
    }

    fn error(&self, what: &str) -> Error {
        let text = format!("the file {} {what}", self.path.display());
        ConfigError::NoCredentials(text).into()
    }
}

/// The text of a small file, or what is wrong with it.
fn read(path: &Path) -> Result<Zeroizing<String>, &'static str> {
    let say = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => "does not exist",
        ErrorKind::PermissionDenied => "may not be read by this process; check its owner and mode",
        ErrorKind::IsADirectory => "is a directory",
        _ => "cannot be read",
    };
    // One that somebody has yet to write to would stop the thread.
    let kind = std::fs::metadata(path).map_err(say)?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        return Err("is not a regular file");
    }
    // Sized up front: growing would leave unwiped copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES as usize + 1));
    let file = File::open(path).map_err(say)?;
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(say)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err("is larger than 4096 bytes");
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| "is not UTF-8")?;
    if text.starts_with('\u{feff}') {
        return Err("begins with a byte order mark; save it without");
    }
    Ok(Zeroizing::new(text.to_owned()))
}

impl CredentialsSource for CredentialsFile {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, Error>> {
        Box::pin(ready(self.read()))
    }
}

impl fmt::Debug for CredentialsFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialsFile")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of its own for each case, removed at the end.
    struct Written(PathBuf);

    impl Written {
        fn new(name: &str, bytes: &[u8]) -> Self {
            let name = format!("xerus-rpc-{}-{name}", std::process::id());
            let path = std::env::temp_dir().join(name);
            std::fs::write(&path, bytes).expect("written");
            Self(path)
        }
    }

    impl Drop for Written {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    #[test]
    fn user_and_password_in_one_line() {
        for (text, expected) in [
            ("admin:secret", ("admin", "secret")),
            ("admin:secret\n", ("admin", "secret")),
            ("admin:sec:ret\r\n", ("admin", "sec:ret")),
            ("admin:", ("admin", "")),
            ("admin: secret ", ("admin", " secret ")),
        ] {
            let file = Written::new("both", text.as_bytes());
            let read = CredentialsFile::new(&file.0).read().expect(text);
            assert_eq!(read.as_basic(), Some(expected), "{text:?}");
        }
        let file = Written::new("password", b"a:b\n");
        let read = CredentialsFile::new(&file.0).user("admin").read();
        assert_eq!(read.expect("read").as_basic(), Some(("admin", "a:b")));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_without_its_content() {
        let large = [b'x'; 5000];
        for (bytes, user, expected) in [
            (b"s3cret\n".as_slice(), None, "has to hold `user:password`"),
            (b":s3cret".as_slice(), None, "has to hold `user:password`"),
            (
                b"a:s3cret\nb:s3cret\n".as_slice(),
                None,
                "more than one line",
            ),
            (b"\n".as_slice(), Some("admin"), "is empty"),
            (b"s3cret\xff".as_slice(), Some("admin"), "is not UTF-8"),
            (b"\xef\xbb\xbfa:s3cret".as_slice(), None, "byte order mark"),
            (large.as_slice(), Some("admin"), "larger than 4096 bytes"),
        ] {
            let file = Written::new("bad", bytes);
            let mut source = CredentialsFile::new(&file.0);
            source.user = user.map(str::to_owned);
            let error = source.read().expect_err(expected);
            let text = error.to_string();
            assert_eq!(error.code(), "Config.NoCredentials");
            assert!(
                text.contains(expected) && !text.contains("s3cret"),
                "{text}"
            );
            assert!(text.contains(&*file.0.to_string_lossy()), "{text}");
        }
        let nowhere = CredentialsFile::new("/nowhere/at/all").read();
        let text = nowhere.expect_err("no such file").to_string();
        assert!(text.contains("/nowhere/at/all does not exist"), "{text}");
        let folder = CredentialsFile::new(std::env::temp_dir()).read();
        assert!(folder.is_err_and(|error| error.to_string().contains("is a directory")));
        #[cfg(unix)]
        {
            let endless = CredentialsFile::new("/dev/zero").read();
            assert!(
                endless.is_err_and(|error| error.to_string().contains("is not a regular file"))
            );
        }
    }
}
