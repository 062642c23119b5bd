//! Helpers of the commands: shared arguments, exit codes, output, progress, logs, tables.

mod args;
mod exit;
mod logs;
mod network;
pub(crate) mod output;
mod page_args;
mod progress;
mod report_args;
mod table;

pub(crate) use args::{FailOn, Format, OriginArgs, TextOrJson, parse_day};
pub(crate) use exit::Exit;
pub(crate) use logs::{Logs, start_logs};
pub(crate) use network::note_network;
pub(crate) use page_args::{PageArgs, is_url, load_page};
pub(crate) use progress::ProgressBar;
pub(crate) use report_args::{ReportArgs, ReportFormat, ReportLang};
pub(crate) use table::Table;
