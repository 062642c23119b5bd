//! Ctrl-C. The first one during a run ends the run only. The second one, and any one outside a run, ends the process as
//! the signal does by default.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use signal_hook::consts::SIGINT;
use signal_hook::flag;

/// Whether Ctrl-C has its default effect; `None` where the handlers cannot be installed, so that it always has.
static HAS_DEFAULT_EFFECT: LazyLock<Option<Arc<AtomicBool>>> = LazyLock::new(|| install_handlers().ok());

static GUARD_COUNT: Mutex<usize> = Mutex::new(0);

/// Installs the handlers. They cannot be removed, so a flag that they share switches the default effect on and off.
fn install_handlers() -> io::Result<Arc<AtomicBool>> {
    let has_default_effect = Arc::new(AtomicBool::new(true));
    flag::register_conditional_default(SIGINT, Arc::clone(&has_default_effect))?;
    flag::register(SIGINT, Arc::clone(&has_default_effect))?;
    Ok(has_default_effect)
}

/// Keeps the first Ctrl-C from ending the process for as long as the guard lives.
pub(crate) struct CtrlCGuard(());

impl CtrlCGuard {
    pub(crate) fn new() -> Self {
        Self::change_count(|count| count + 1);
        Self(())
    }

    /// Returns when the user presses Ctrl-C.
    pub(crate) async fn wait_for_press(&self) {
        if HAS_DEFAULT_EFFECT.is_none() || tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    fn change_count(change: impl Fn(usize) -> usize) {
        let mut count = GUARD_COUNT.lock().unwrap_or_else(PoisonError::into_inner);
        *count = change(*count);
        if let Some(has_default_effect) = &*HAS_DEFAULT_EFFECT {
            has_default_effect.store(*count == 0, Ordering::SeqCst);
        }
    }
}

impl Drop for CtrlCGuard {
    fn drop(&mut self) {
        Self::change_count(|count| count.saturating_sub(1));
    }
}
