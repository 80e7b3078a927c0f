//! The handle through which calls go.

#[cfg(feature = "blocking")]
pub(crate) mod blocking;
mod files;
mod login;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use files::{Download, Upload};
pub use login::Login;

use crate::settings::Settings;
use crate::wire::{BoxFuture, Capabilities, Credentials, Transport};

/// A device to call: a transport and the marshalling options. Cheap to clone; clones share connections and credentials.
///
/// `Agent::builder("https://pdu.example.com")` makes one for HTTP (feature `http`),
/// [`with_transport`](Self::with_transport) one for any other wire.
///
/// ```
/// use std::sync::Arc;
/// use xerus_rpc::{Agent, MemoryTransport, server::Router};
///
/// let agent = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
/// assert!(agent.capabilities().bulk);
/// ```
#[derive(Clone)]
pub struct Agent(Arc<Inner>);

struct Inner {
    transport: Arc<dyn Transport>,
    settings: Settings,
    /// The next id of a call inside a bulk request: unique for the agent, so that an answer to an earlier request never
    /// passes for one to this, and the same in each run, so that what was recorded can be played again.
    next_bulk_id: Box<dyn Count>,
}

/// A counter. A trait, so that proxies may be keys of maps: an atomic in sight makes lints take it for part of the key.
trait Count: Send + Sync {
    /// Counts on by this many, and gives the first of them.
    fn take(&self, count: u64) -> u64;
}

impl Count for AtomicU64 {
    fn take(&self, count: u64) -> u64 {
        self.fetch_add(count, Ordering::Relaxed)
    }
}

impl Agent {
    /// An agent over any transport, with default settings.
    #[must_use]
    pub fn with_transport(transport: Arc<dyn Transport>) -> Self {
        Self::with_settings(transport, Settings::default())
    }

    /// An agent over any transport.
    #[must_use]
    pub fn with_settings(transport: Arc<dyn Transport>, settings: Settings) -> Self {
        Self(Arc::new(Inner {
            transport,
            settings,
            next_bulk_id: Box::new(AtomicU64::new(1)),
        }))
    }

    /// Uses these credentials from the next call on; calls under way keep what they have. A wire that has sessions opens
    /// one. All clones of the agent are affected.
    ///
    /// ```
    /// # use xerus_rpc::{Agent, Credentials, Error};
    /// # async fn example(agent: &Agent) -> Result<(), Error> {
    /// agent.login(Credentials::basic("admin", "new password")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// `Config.BadUserName` or `Config.BadHeaderValue` for what the wire cannot carry, `Config.Unsupported` on a wire
    /// without users.
    #[doc(alias("set_auth_basic", "set_auth_token"))]
    pub fn login(&self, credentials: Credentials) -> Login {
        Login::new(self.clone(), credentials)
    }

    /// Sends no credentials from the next call on; the old ones are wiped when the last call under way has ended.
    ///
    /// A session that [`Sessions`](crate::layer::Sessions) opened is closed on the device; one whose token was given stays open
    /// until its time is over.
    ///
    /// # Errors
    ///
    /// `Config.Unsupported` on a wire without users.
    pub fn logout(&self) -> Login {
        self.login(Credentials::none())
    }

    /// Gets a file from the device: diagnostic data, a configuration, a certificate. `target` is a path on the device;
    /// [`files`](crate::files) has those that devices have.
    ///
    /// Awaiting it gives an [`IncomingFile`](crate::wire::IncomingFile): what the device says about the file, and its
    /// bytes as a stream. Files have a connection of their own, so calls go on meanwhile; the files of one agent come and
    /// are transferred one after another.
    ///
    /// ```no_run
    /// # async fn example(agent: &xerus_rpc::Agent) -> Result<(), xerus_rpc::Error> {
    /// use xerus_rpc::files::{CERTIFICATE_DOWNLOAD, CertificateFile};
    ///
    /// let certificate = agent
    ///     .download(CERTIFICATE_DOWNLOAD)
    ///     .queries(CertificateFile::ActiveCertificate.query())
    ///     .limit(64 << 10)
    ///     .await?
    ///     .bytes()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get")]
    pub fn download(&self, target: impl Into<String>) -> Download {
        Download::new(self.clone(), target.into())
    }

    /// Sends files to the device, as the form (`multipart/form-data`) that its endpoints expect. `target` is a path on the
    /// device; [`files`](crate::files) has those that devices have.
    ///
    /// Awaiting it sends the form and gives the [`UploadAnswer`](crate::wire::UploadAnswer). The bytes are read as fast as
    /// the device takes them, and never sent twice: what ends in between is reported with its
    /// [`outcome`](crate::Error::outcome).
    ///
    /// ```no_run
    /// # async fn example(agent: &xerus_rpc::Agent) -> Result<(), xerus_rpc::Error> {
    /// use xerus_rpc::files::RAW_CONFIG_UPLOAD;
    ///
    /// let answer = agent
    ///     .upload(RAW_CONFIG_UPLOAD)
    ///     .part(RAW_CONFIG_UPLOAD.file("network.hostname=rack-4\n"))
    ///     .progress(|sent, total| println!("{sent} of {total:?} bytes"))
    ///     .await?;
    /// // The device may refuse the configuration: an error that says why and what to do.
    /// RAW_CONFIG_UPLOAD.check(&answer)?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("form_data_file", "multipart"))]
    pub fn upload(&self, target: impl Into<String>) -> Upload {
        Upload::new(self.clone(), target.into())
    }

    /// Closes the connections, after the calls under way, and before that the session that
    /// [`Sessions`](crate::layer::Sessions) opened. A call after that opens them again.
    pub fn close(&self) -> BoxFuture<'_, ()> {
        self.0.transport.close()
    }

    /// What the wire can do beside calls.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        self.0.transport.capabilities()
    }

    /// Where the requests go, without credentials.
    #[must_use]
    #[doc(alias = "url")]
    pub fn origin(&self) -> &str {
        self.0.transport.origin()
    }

    /// The marshalling options.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Ids for this many calls of a bulk request: the first of them.
    pub(crate) fn take_bulk_ids(&self, count: usize) -> u64 {
        self.0.next_bulk_id.take(count as u64)
    }

    pub(crate) fn transport(&self) -> &dyn Transport {
        &*self.0.transport
    }

    pub(crate) fn shared_transport(&self) -> Arc<dyn Transport> {
        Arc::clone(&self.0.transport)
    }

    /// Whether two handles are clones of one agent.
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Agent").field(&self.origin()).finish()
    }
}
