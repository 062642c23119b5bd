//! The error of every operation.

use std::fmt;

/// The reason why an operation was not carried out.
#[derive(Debug)]
pub enum Error {
    /// The request or a configuration file is wrong. Nothing was touched.
    Usage(anyhow::Error),
    /// Something failed on the way. The published data is as it was before.
    Failed(anyhow::Error),
}

impl Error {
    /// Wraps the reason why a request or a configuration file is wrong.
    pub(crate) fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self::Usage(error.into())
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<docdrift_store::StorageError> for Error {
    fn from(error: docdrift_store::StorageError) -> Self {
        Self::Failed(error.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Usage(error) | Self::Failed(error)) = self;
        write!(f, "{error:#}")
    }
}

impl std::error::Error for Error {}
