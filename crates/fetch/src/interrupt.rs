//! Ctrl-C. The first one in a run ends that run and no more; the second, and any outside a run, ends the process as
//! it would without us.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use signal_hook::consts::SIGINT;
use signal_hook::flag;

/// Whether Ctrl-C has its usual effect; `None` where it always has, because it cannot be caught.
static USUAL: LazyLock<Option<Arc<AtomicBool>>> = LazyLock::new(|| catch().ok());

static RUNS: Mutex<usize> = Mutex::new(0);

/// Handlers cannot be taken back, so they are set once and told what to do.
fn catch() -> io::Result<Arc<AtomicBool>> {
    let usual = Arc::new(AtomicBool::new(true));
    flag::register_conditional_default(SIGINT, Arc::clone(&usual))?;
    flag::register(SIGINT, Arc::clone(&usual))?;
    Ok(usual)
}

/// While one lives, Ctrl-C ends runs.
pub(crate) struct Caught(());

impl Caught {
    pub(crate) fn new() -> Self {
        Self::count(|runs| runs + 1);
        Self(())
    }

    /// Returns once the user pressed Ctrl-C.
    pub(crate) async fn pressed(&self) {
        if USUAL.is_none() || tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    fn count(change: impl Fn(usize) -> usize) {
        let mut runs = RUNS.lock().unwrap_or_else(PoisonError::into_inner);
        *runs = change(*runs);
        if let Some(usual) = &*USUAL {
            usual.store(*runs == 0, Ordering::SeqCst);
        }
    }
}

impl Drop for Caught {
    fn drop(&mut self) {
        Self::count(|runs| runs.saturating_sub(1));
    }
}
