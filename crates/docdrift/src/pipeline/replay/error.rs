//! Why a source cannot be replayed.

use docdrift_model::Reason;
use docdrift_store::StorageError;

/// The reason why a source stays as it is.
#[derive(Debug)]
pub(super) struct ReplayError(Reason);

impl From<Reason> for ReplayError {
    fn from(reason: Reason) -> Self {
        Self(reason)
    }
}

impl From<anyhow::Error> for ReplayError {
    fn from(error: anyhow::Error) -> Self {
        Self(Reason::Other(format!("{error:#}")))
    }
}

impl From<StorageError> for ReplayError {
    fn from(error: StorageError) -> Self {
        anyhow::Error::from(error).into()
    }
}

impl From<ReplayError> for Reason {
    fn from(error: ReplayError) -> Self {
        error.0
    }
}
