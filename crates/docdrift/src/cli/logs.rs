//! Logs on stderr, silent unless asked for.

use clap::{Args, ValueEnum};
use tracing::Level;
use tracing_subscriber::{layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// The arguments of logging.
#[derive(Args)]
pub(crate) struct Logs {
    /// Log to stderr what happens inside; -vv logs each request
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// The format of the log
    #[arg(long, global = true, value_enum, default_value = "text", value_name = "FORM")]
    log_format: LogFormat,
}

/// The format of logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// A line an event.
    Text,
    /// A JSON object an event.
    Json,
}

/// Starts logging. Only events of docdrift are logged: other crates might log secrets.
pub(crate) fn start_logs(logs: &Logs) {
    let level = match logs.verbose {
        0 => return,
        1 => Level::INFO,
        _ => Level::DEBUG,
    };
    let filter =
        tracing_subscriber::filter::Targets::new().with_target("docdrift", level).with_target("docdrift_fetch", level);
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    // A second start changes nothing. Tests run several commands in one process.
    let _ = match logs.log_format {
        LogFormat::Text => registry.with(layer).try_init(),
        LogFormat::Json => registry.with(layer.json()).try_init(),
    };
}
