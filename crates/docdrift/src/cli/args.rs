//! Values and arguments that several commands share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use docdrift_model::Severity;
use jiff::civil::Date;

use super::exit::Exit;
use crate::pipeline::Origin;

/// The format of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people at a terminal.
    Text,
    /// For pull requests.
    Markdown,
    /// For programs; the shape is a contract.
    Json,
}

/// The format of an answer that is not meant for pull requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextOrJson {
    /// For people at a terminal.
    Text,
    /// For programs; the shape is a contract.
    Json,
}

/// Parses the day that an option names.
pub(crate) fn parse_day(text: &str) -> Result<Date, String> {
    let date = text.parse().ok().filter(|_| text.len() == 10);
    date.ok_or_else(|| "write a day as YYYY-MM-DD".to_owned())
}

/// The lowest severity that makes a command exit with 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Cosmetic,
    Editorial,
    Wording,
    Added,
    Breaking,
    /// Never.
    None,
}

impl FailOn {
    /// Returns the exit for drift of this severity.
    pub(crate) fn exit(self, severity: Severity) -> Exit {
        let level = match self {
            FailOn::Cosmetic => Severity::Cosmetic,
            FailOn::Editorial => Severity::Editorial,
            FailOn::Wording => Severity::Wording,
            FailOn::Added => Severity::Added,
            FailOn::Breaking => Severity::Breaking,
            FailOn::None => return Exit::Done,
        };
        if severity >= level { Exit::Drift } else { Exit::Done }
    }
}

/// Where the pages come from; the network without any of these.
#[derive(Args)]
pub(crate) struct OriginArgs {
    /// Read saved pages, DIR/<vendor>/<service>/<zh|en>.<any extension>, instead of the network; sources without any
    /// stay as they are
    #[arg(long, value_name = "DIR", conflicts_with = "offline")]
    pages: Option<PathBuf>,
    /// Read the archived pages of the last fetch instead of the network
    #[arg(long)]
    offline: bool,
}

impl OriginArgs {
    pub(crate) fn origin(&self) -> Origin {
        match &self.pages {
            Some(dir) => Origin::Saved(dir.clone()),
            None if self.offline => Origin::Archive,
            None => Origin::Network,
        }
    }
}
