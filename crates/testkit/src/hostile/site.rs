//! What all connections of the server share.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::hostile::{certificates::Certificates, log::RequestLog, route::Route};

/// The routes, and the state that all their connections share.
pub(crate) struct Site {
    pub(crate) routes: Vec<Route>,
    pub(crate) certificates: Certificates,
    pub(crate) log: RequestLog,
    /// A loopback port that docdrift must never contact.
    pub(crate) forbidden_port: u16,
    misbehaves: AtomicBool,
}

impl Site {
    /// A site that behaves.
    pub(crate) fn new(routes: Vec<Route>, forbidden_port: u16) -> anyhow::Result<Self> {
        Ok(Self {
            routes,
            certificates: Certificates::new()?,
            log: RequestLog::default(),
            forbidden_port,
            misbehaves: AtomicBool::new(false),
        })
    }

    pub(crate) fn misbehaves(&self) -> bool {
        self.misbehaves.load(Ordering::SeqCst)
    }

    pub(crate) fn set_misbehaves(&self, misbehaves: bool) {
        self.misbehaves.store(misbehaves, Ordering::SeqCst);
    }
}
