//! Progress of a long run on stderr: a bar on a terminal, plain lines otherwise.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};

use crate::output;

/// Counts pages as they come in.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Starts counting to `pages`.
    pub(crate) fn new(pages: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| ProgressBar::new(pages as u64));
        if let Some(bar) = &bar
            && let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len} pages  {wide_msg}")
        {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// One page is there, or is known not to come. `line` is already safe to show.
    pub(crate) fn page(&self, line: &str) {
        match &self.bar {
            Some(bar) => {
                bar.set_message(line.to_owned());
                bar.inc(1);
            }
            None => output::note(line),
        }
    }

    /// Clears the bar, so that the report starts on an empty line.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
