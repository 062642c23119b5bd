//! The arguments of commands that take pages, and the pages themselves.

use std::path::Path;

use anyhow::{Context as _, anyhow};
use clap::Args;
use docdrift_fetch::{Answer, Request, Settings};
use docdrift_model::Page;

use crate::pipeline::Error;

/// The arguments of commands that take pages.
#[derive(Args)]
pub(crate) struct PageArgs {
    /// Allow URLs that are plain http or on this machine or network
    #[arg(long)]
    local: bool,
    /// Run the scripts of the page in a browser
    #[arg(long)]
    render: bool,
}

/// Loads the page that `name` names: a URL or a file.
pub(crate) fn load_page(name: &str, args: &PageArgs) -> Result<Page, Error> {
    if !is_url(name) {
        return docdrift_archive::read_page(Path::new(name)).map_err(Error::usage);
    }
    let request = Request { local: args.local, rendered: args.render, ..Request::new(name) };
    let fetched = docdrift_fetch::fetch(&[request], &Settings::default(), |_, _| {});
    let answer = fetched.answers.into_iter().next().context("no answer")?;
    match answer.map_err(|failure| anyhow!("{failure}"))? {
        Answer::Fresh { page, .. } => Ok(page),
        Answer::NotModified { .. } => {
            Err(anyhow!("{name}: the server answered `not modified` to a request without validators").into())
        }
    }
}

/// Whether the name of a page is a URL.
pub(crate) fn is_url(name: &str) -> bool {
    name.starts_with("http://") || name.starts_with("https://")
}
