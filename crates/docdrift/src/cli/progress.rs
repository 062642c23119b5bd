//! The progress of a long run on stderr: a bar on a terminal, plain lines otherwise.

use std::{io::IsTerminal as _, sync::OnceLock};

use docdrift_report::escape;
use indicatif::ProgressStyle;

use super::output;
use crate::pipeline::Progress;

/// Counts pages as they arrive.
#[derive(Default)]
pub(crate) struct ProgressBar {
    /// Set at the start, where stderr is a terminal.
    bar: OnceLock<indicatif::ProgressBar>,
}

impl Progress for ProgressBar {
    fn start(&self, page_count: usize) {
        if !std::io::stderr().is_terminal() {
            return;
        }
        let bar = self.bar.get_or_init(|| indicatif::ProgressBar::new(page_count as u64));
        if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len} pages  {wide_msg}") {
            bar.set_style(style);
        }
    }

    fn page_done(&self, line: &str) {
        let line = escape::terminal(line);
        match self.bar.get() {
            Some(bar) => {
                bar.set_message(line);
                bar.inc(1);
            }
            None => output::note(&line),
        }
    }

    /// Clears the bar, so that the report starts on an empty line.
    fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
