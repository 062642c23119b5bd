//! The fixture: roots made of the built-in site in several states, and the transitions between these states.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use tempfile::TempDir;

use crate::{
    docdrift_process::docdrift_command,
    file_tree::{FileTree, copy_tree, read_tree},
};

/// The port in the addresses of the site. Its pages come from saved files, so nothing is asked of it.
const UNUSED_PORT: &str = "9";
/// The editions of the site, in the order in which they are refreshed.
const EDITIONS: [usize; 3] = [1, 2, 1];
/// How often a run is checked for whether it writes.
pub(crate) const POLL_INTERVAL: Duration = Duration::from_micros(50);

/// A refresh from one state to the next.
pub(crate) struct Transition {
    /// The root in the old state, to be copied.
    pub(crate) base: PathBuf,
    /// The saved pages that bring the new state.
    pub(crate) pages: PathBuf,
    pub(crate) old: FileTree,
    pub(crate) new: FileTree,
    /// How long the refresh takes.
    pub(crate) time: Duration,
    /// How long of that it writes.
    pub(crate) writing_time: Duration,
}

/// All transitions, in a temporary folder.
pub(crate) struct Fixture {
    folder: TempDir,
    day: String,
    pub(crate) transitions: Vec<Transition>,
}

impl Fixture {
    /// Refreshes the built-in site from edition to edition without interruption.
    pub(crate) fn new(demo: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut fixture = Self { folder, day: today(), transitions: Vec::new() };
        let mut base = fixture.path("base-0");
        fs::create_dir(&base)?;
        let sources = fs::read_to_string(demo.join("sources.toml"))?.replace("{port}", UNUSED_PORT);
        fs::write(base.join("sources.toml"), sources)?;
        for (number, edition) in EDITIONS.into_iter().enumerate() {
            let pages = fixture.path(&format!("pages-{number}"));
            save_pages(demo, edition, &base.join("sources.toml"), &pages)?;
            let next = fixture.path(&format!("base-{}", number + 1));
            copy_tree(&base, &next)?;
            let (time, writing_time) = time_refresh(&next, &pages)?;
            let (old, new) = (read_published(&base)?, read_published(&next)?);
            ensure!(old != new, "edition {edition} changes nothing");
            fixture.transitions.push(Transition { base, pages, old, new, time, writing_time });
            base = next;
        }
        fs::create_dir(fixture.outside())?;
        Ok(fixture)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The root whose refreshes are killed.
    pub(crate) fn work_root(&self) -> PathBuf {
        self.path("work")
    }

    /// A folder beside that root, where nothing may be written.
    pub(crate) fn outside(&self) -> PathBuf {
        self.path("outside")
    }

    /// Whether it was made on an earlier day. Snapshots are named by the day.
    pub(crate) fn is_stale(&self) -> bool {
        self.day != today()
    }

    /// Keeps the folder, so that a failure can be inspected.
    pub(crate) fn keep(self) -> PathBuf {
        self.folder.keep()
    }
}

fn today() -> String {
    jiff::Timestamp::now().strftime("%F").to_string()
}

/// Refreshes a root to the end. Returns how long that took, and how long of that files were staged and moved.
fn time_refresh(root: &Path, pages: &Path) -> anyhow::Result<(Duration, Duration)> {
    let start = Instant::now();
    let mut run = docdrift_command()?.arg("refresh").arg("--root").arg(root).arg("--pages").arg(pages).spawn()?;
    let (stage, mut first_write) = (root.join(".docdrift/stage"), None);
    let mut last_write = start;
    let status = loop {
        if stage.exists() {
            last_write = Instant::now();
            first_write.get_or_insert(last_write);
        }
        if let Some(status) = run.try_wait()? {
            break status;
        }
        std::thread::sleep(POLL_INTERVAL);
    };
    // One page of the second edition is a login wall: its source is quarantined, which is exit code 3.
    ensure!(matches!(status.code(), Some(0 | 3)), "a refresh without interruption failed: {status}");
    let first_write = first_write.context("no stage was seen")?;
    Ok((start.elapsed(), last_write - first_write))
}

/// Saves the pages of an edition in the layout of `--pages`. A page that the edition lacks comes from the one before.
fn save_pages(demo: &Path, edition: usize, sources: &Path, pages: &Path) -> anyhow::Result<()> {
    for source in docdrift_config::load_config(sources)?.sources {
        for (lang, url) in source.pages.iter() {
            let Some((_, path)) = url.as_ref().and_then(|url| url.split_once(&format!(":{UNUSED_PORT}/"))) else {
                continue;
            };
            let editions = (1..=edition).rev().map(|number| demo.join(format!("edition-{number}")).join(path));
            let page = editions.into_iter().find(|page| page.is_file()).context("the site lacks a page")?;
            let folder = pages.join(source.id.to_string());
            fs::create_dir_all(&folder)?;
            let extension = page.extension().unwrap_or_default();
            fs::copy(&page, folder.join(lang.as_str()).with_extension(extension))?;
        }
    }
    Ok(())
}

/// Reads the files of `snapshots/` and `output/`, by path below the root.
pub(crate) fn read_published(root: &Path) -> anyhow::Result<FileTree> {
    read_tree(root, &["snapshots", "output"])
}
