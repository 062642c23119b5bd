//! What happens inside, for those who look for a cause: on stderr, silent unless asked for.

use clap::{Args, ValueEnum};
use tracing::Level;
use tracing_subscriber::{layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// How much is told, and how.
#[derive(Args)]
pub(crate) struct Logs {
    /// Tell on stderr what happens inside; -vv tells each request
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// How that is written
    #[arg(long, global = true, value_enum, default_value = "text", value_name = "FORM")]
    log_format: LogFormat,
}

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// A line an event.
    Text,
    /// A JSON object an event.
    Json,
}

/// Starts telling. Only what docdrift itself tells: of the crates below nothing is known to hold back secrets.
pub(crate) fn start(logs: &Logs) {
    let level = match logs.verbose {
        0 => return,
        1 => Level::INFO,
        _ => Level::DEBUG,
    };
    let filter =
        tracing_subscriber::filter::Targets::new().with_target("docdrift", level).with_target("docdrift_fetch", level);
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    // A second start, as in tests that run several commands in one process, changes nothing.
    let _ = match logs.log_format {
        LogFormat::Text => registry.with(layer).try_init(),
        LogFormat::Json => registry.with(layer.json()).try_init(),
    };
}
