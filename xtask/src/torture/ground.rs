//! Where it happens: roots made of the built-in site in several states, and the ways from one state to the next.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use tempfile::TempDir;

/// Files below a folder: their bytes by path.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Where the site is served when nobody is meant to ask.
const NO_PORT: &str = "9";
/// The editions whose pages follow each other.
const EDITIONS: [usize; 3] = [1, 2, 1];
/// How often it is looked whether a run writes.
pub(crate) const GLANCE: Duration = Duration::from_micros(50);

/// A refresh from one state to the next.
pub(crate) struct Way {
    /// The root as it is before, to be copied.
    pub(crate) base: PathBuf,
    /// The saved pages that bring the next state.
    pub(crate) pages: PathBuf,
    pub(crate) old: Files,
    pub(crate) new: Files,
    /// How long the refresh takes, and how long of that it writes.
    pub(crate) time: Duration,
    pub(crate) writing: Duration,
}

/// All of it, in a folder that is removed in the end.
pub(crate) struct Ground {
    folder: TempDir,
    day: String,
    pub(crate) ways: Vec<Way>,
}

impl Ground {
    /// Refreshes the built-in site from edition to edition, nothing in the way.
    pub(crate) fn new(repository: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let demo = repository.join("demo");
        let mut ground = Self { folder, day: today(), ways: Vec::new() };
        let mut base = ground.path("base-0");
        fs::create_dir(&base)?;
        let sources = fs::read_to_string(demo.join("sources.toml"))?.replace("{port}", NO_PORT);
        fs::write(base.join("sources.toml"), sources)?;
        for (number, edition) in EDITIONS.into_iter().enumerate() {
            let pages = ground.path(&format!("pages-{number}"));
            save(&demo, edition, &base.join("sources.toml"), &pages)?;
            let next = ground.path(&format!("base-{}", number + 1));
            copy(&base, &next)?;
            let (time, writing) = timed_refresh(&next, &pages)?;
            let (old, new) = (published(&base)?, published(&next)?);
            ensure!(old != new, "edition {edition} changes nothing");
            ground.ways.push(Way { base, pages, old, new, time, writing });
            base = next;
        }
        fs::create_dir(ground.outside())?;
        Ok(ground)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The root that is tortured.
    pub(crate) fn work(&self) -> PathBuf {
        self.path("work")
    }

    /// A folder beside the root that nothing may be written to.
    pub(crate) fn outside(&self) -> PathBuf {
        self.path("outside")
    }

    /// Whether another day has begun since.
    pub(crate) fn is_stale(&self) -> bool {
        self.day != today()
    }

    /// Keeps the folder for whoever wants to see what went wrong.
    pub(crate) fn keep(self) -> PathBuf {
        self.folder.keep()
    }
}

fn today() -> String {
    jiff::Timestamp::now().strftime("%F").to_string()
}

/// The command that runs docdrift, silent, without what may stand in the environment.
pub(crate) fn docdrift() -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).env_remove("GITHUB_STEP_SUMMARY");
    Ok(command)
}

/// Refreshes a root to the end; how long that took, and how long of it files were staged and moved.
fn timed_refresh(root: &Path, pages: &Path) -> anyhow::Result<(Duration, Duration)> {
    let start = Instant::now();
    let mut run = docdrift()?.arg("refresh").arg("--root").arg(root).arg("--pages").arg(pages).spawn()?;
    let (stage, mut writing) = (root.join(".docdrift/stage"), None);
    let mut until = start;
    let status = loop {
        if stage.exists() {
            until = Instant::now();
            writing.get_or_insert(until);
        }
        if let Some(status) = run.try_wait()? {
            break status;
        }
        std::thread::sleep(GLANCE);
    };
    // One page of the second edition is a login wall: its source is quarantined, which is exit code 3.
    ensure!(matches!(status.code(), Some(0 | 3)), "a refresh with nothing in the way failed: {status}");
    let writing = writing.context("no stage was seen")?;
    Ok((start.elapsed(), until - writing))
}

/// Saves the pages of an edition as `--pages` takes them: a page that it lacks is the one of the edition before.
fn save(demo: &Path, edition: usize, sources: &Path, pages: &Path) -> anyhow::Result<()> {
    for source in docdrift_config::load_config(sources)?.sources {
        for (lang, url) in source.pages.iter() {
            let Some((_, path)) = url.as_ref().and_then(|url| url.split_once(&format!(":{NO_PORT}/"))) else {
                continue;
            };
            let editions = (1..=edition).rev().map(|number| demo.join(format!("edition-{number}")).join(path));
            let page = editions.into_iter().find(|page| page.is_file()).context("the site lacks a page")?;
            let folder = pages.join(source.id.to_string());
            fs::create_dir_all(&folder)?;
            let ending = page.extension().unwrap_or_default();
            fs::copy(&page, folder.join(lang.as_str()).with_extension(ending))?;
        }
    }
    Ok(())
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for item in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let (path, target) = item.map(|item| (item.path(), to.join(item.file_name())))?;
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(path, target)?;
        }
    }
    Ok(())
}

/// The files of `snapshots/` and `output/`, by path below the root.
pub(crate) fn published(root: &Path) -> anyhow::Result<Files> {
    let mut files = Files::new();
    let mut folders: Vec<PathBuf> = ["snapshots", "output"].map(|name| root.join(name)).into();
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(&folder).into_iter().flatten() {
            let path = item?.path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(root)?.to_path_buf(), fs::read(&path)?);
            }
        }
    }
    Ok(files)
}
