//! The error of everything that docdrift keeps on disk.

use std::{
    error::Error,
    fmt,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::Arc,
};

/// The result of an operation on stored data.
pub type Result<T> = std::result::Result<T, StorageError>;

/// What kind of failure a [`StorageError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageErrorKind {
    /// Another run has the root open for writing.
    Locked,
    /// A change of several files is half made.
    Unfinished,
    /// A file is not what docdrift wrote.
    Damaged,
    /// A newer version of docdrift wrote the file.
    NewerFormat,
    /// A file or folder that must exist does not.
    Missing,
    /// The operating system denies access.
    PermissionDenied,
    /// A link, a file or a folder is in the way of docdrift's own file.
    Obstructed,
    /// The root is open for reading only.
    ReadOnly,
    /// The caller passed a value that cannot be stored.
    InvalidInput,
    /// Any other failure of the operating system.
    Io,
}

impl From<ErrorKind> for StorageErrorKind {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::NotFound => Self::Missing,
            ErrorKind::PermissionDenied => Self::PermissionDenied,
            _ => Self::Io,
        }
    }
}

/// A failure of stored data: its kind, the path it concerns, and a message that says what to do.
///
/// `{}` shows the message, `{:#}` the message and its causes.
#[derive(Clone, Debug)]
pub struct StorageError {
    kind: StorageErrorKind,
    path: Option<PathBuf>,
    message: String,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl StorageError {
    /// Creates an error without path and cause.
    pub fn new(kind: StorageErrorKind, message: impl Into<String>) -> Self {
        Self { kind, path: None, message: message.into(), source: None }
    }

    /// Creates an error about content that is not what docdrift wrote.
    pub fn damaged(message: impl Into<String>) -> Self {
        Self::new(StorageErrorKind::Damaged, message)
    }

    /// Creates an error about a value that cannot be stored.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StorageErrorKind::InvalidInput, message)
    }

    /// Creates the error of a failed system call: `cannot ACTION PATH`.
    pub fn io(action: &str, path: &Path, error: io::Error) -> Self {
        let message = format!("cannot {action} {}", path.display());
        Self::new(error.kind().into(), message).at(path).caused_by(error)
    }

    /// Sets the path, unless the error has one.
    #[must_use]
    pub fn at(mut self, path: &Path) -> Self {
        self.path.get_or_insert_with(|| path.to_path_buf());
        self
    }

    /// Sets the cause.
    #[must_use]
    pub fn caused_by(self, source: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Arc::new(source)), ..self }
    }

    /// Wraps the error in a message. Kind and path stay.
    #[must_use]
    pub fn context(self, message: impl Into<String>) -> Self {
        let (kind, path) = (self.kind, self.path.clone());
        Self { kind, path, message: message.into(), source: Some(Arc::new(self)) }
    }

    /// Returns the kind of failure.
    pub fn kind(&self) -> StorageErrorKind {
        self.kind
    }

    /// Returns the file or folder that the error is about, where it is about one.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        let mut cause = self.source().filter(|_| f.alternate());
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl Error for StorageError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| -> &(dyn Error + 'static) { source.as_ref() })
    }
}

/// Only values that serialize by definition are written, so a failure is the caller's.
impl From<serde_json::Error> for StorageError {
    fn from(error: serde_json::Error) -> Self {
        Self::invalid("the value cannot be written as JSON").caused_by(error)
    }
}

/// Adds a message to the error of a result.
pub trait Context<T> {
    /// Wraps the error in a message that `message` makes.
    fn with_context<M: Into<String>>(self, message: impl FnOnce() -> M) -> Result<T>;
}

impl<T> Context<T> for Result<T> {
    fn with_context<M: Into<String>>(self, message: impl FnOnce() -> M) -> Result<T> {
        self.map_err(|error| error.context(message()))
    }
}

/// Turns the error of a system call into a [`StorageError`].
pub trait IoContext<T> {
    /// Says which action on which path failed, as [`StorageError::io`] does.
    fn io_context(self, action: &str, path: &Path) -> Result<T>;
}

impl<T> IoContext<T> for io::Result<T> {
    fn io_context(self, action: &str, path: &Path) -> Result<T> {
        self.map_err(|error| StorageError::io(action, path, error))
    }
}

#[cfg(test)]
mod tests {
    use std::{
        error::Error as _,
        io::{Error, ErrorKind},
        path::Path,
    };

    use super::{Context as _, IoContext as _, StorageErrorKind};

    /// The tests may run as root, whom no folder denies access. So the error that the system would return is made here.
    #[test]
    fn a_denied_permission_keeps_its_kind_and_path_through_contexts() {
        let path = Path::new("snapshots/acme");
        for (io, expected) in [
            (ErrorKind::PermissionDenied, StorageErrorKind::PermissionDenied),
            (ErrorKind::NotFound, StorageErrorKind::Missing),
            (ErrorKind::NotADirectory, StorageErrorKind::Io),
        ] {
            let result: std::io::Result<()> = Err(Error::from(io));
            let error = result.io_context("list", path).with_context(|| "acme/vault cannot be read").unwrap_err();
            assert_eq!((error.kind(), error.path()), (expected, Some(path)));
            assert_eq!(error.to_string(), "acme/vault cannot be read");
            let chain = format!("{error:#}");
            assert!(chain.starts_with("acme/vault cannot be read: cannot list snapshots/acme: "), "{chain}");
            assert!(error.source().unwrap().source().unwrap().is::<Error>());
        }
    }
}
