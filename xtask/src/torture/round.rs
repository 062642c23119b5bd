//! One refresh that is killed, and what it left.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::Context as _;

use crate::torture::{
    ground::{Files, GLANCE, Ground, Way, copy, docdrift, published},
    obstacle::{Obstacle, THINGS, Thing},
    random::Random,
};

/// The largest file of a run on a full disk, in the blocks of `ulimit`: from nearly nothing to nearly all.
const BLOCKS: u64 = 60;
/// Where a run has its files until they are whole.
const STAGE: &str = ".docdrift/stage";
/// What lists the files that are being moved into place.
const JOURNAL: &str = ".docdrift/journal.json";
/// A run that takes longer hangs, whatever stands in its way.
const PATIENCE: Duration = Duration::from_mins(1);

/// What goes wrong besides the kill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// No file may become larger than so many blocks, as if the disk were full; on Unix.
    FullDisk(u64),
    /// Something stands in the way, from the beginning or from some instant on.
    Obstacle(Thing),
}

impl Fault {
    pub(crate) fn any(random: &mut Random) -> Self {
        match random.index(THINGS.len() + 2) {
            thing if thing < THINGS.len() => Self::Obstacle(THINGS[thing]),
            _ if cfg!(unix) => Self::FullDisk(random.below(BLOCKS)),
            _ => Self::None,
        }
    }
}

/// What the next run finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Old,
    New,
    /// Each file is of the old state or of the new one, but not all of one.
    Mixed,
    /// Some file is of neither.
    Lost,
}

/// How a round ended.
pub(crate) struct Ended {
    /// Whether it was killed, rather than having ended by itself.
    pub(crate) was_killed: bool,
    /// Whether the kill left a change that was being staged.
    pub(crate) was_staging: bool,
    /// Whether the kill left a change that was being moved into place.
    pub(crate) was_moving: bool,
    pub(crate) state: State,
    /// What is not as it must be.
    pub(crate) wrong: Option<String>,
}

/// Refreshes a copy of the way's root, kills that, and looks at what is left. `goes_on` lets the next refresh finish.
pub(crate) fn round(
    ground: &Ground,
    way: &Way,
    fault: Fault,
    goes_on: bool,
    random: &mut Random,
) -> anyhow::Result<Ended> {
    let root = ground.work();
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    copy(&way.base, &root)?;
    let mut run = refresh(&root, &way.pages, fault)?.spawn().context("cannot run docdrift")?;
    let is_early = random.below(2) == 0;
    let obstacle = |random: &mut Random| put(fault, &root, way, ground, random);
    let early = is_early.then(|| obstacle(random)).flatten();
    wait_for_instant(&mut run, &root, way, random)?;
    let late = if is_early { None } else { obstacle(random) };
    if late.is_some() {
        sleep(random.time(way.writing));
    }
    let was_killed = run.try_wait()?.is_none();
    run.kill()?;
    run.wait()?;
    let was_moving = root.join(JOURNAL).exists();
    let was_staging = !was_moving && root.join(STAGE).exists();
    let cleared = early.or(late).map_or(Ok(()), Obstacle::clear);
    cleared.context("an obstacle cannot be cleared")?;
    let (state, wrong) = left(ground, &root, way, goes_on)?;
    Ok(Ended { was_killed, was_staging, was_moving, state, wrong })
}

/// Puts an obstacle before one of the files that the run writes. Not before a snapshot until it begins to write: what
/// stands there when it reads the history is another old state.
fn put(fault: Fault, root: &Path, way: &Way, ground: &Ground, random: &mut Random) -> Option<Obstacle> {
    let Fault::Obstacle(thing) = fault else { return None };
    let has_read = root.join(STAGE).exists();
    let is_target = |(path, bytes): &(&PathBuf, &Vec<u8>)| {
        way.old.get(*path) != Some(*bytes) && (has_read || path.starts_with("output"))
    };
    let targets: Vec<&PathBuf> = way.new.iter().filter(is_target).map(|(path, _)| path).collect();
    let target = root.join(targets.get(random.index(targets.len()))?);
    Some(Obstacle::put(thing, &target, &root.with_file_name("aside"), &ground.outside()))
}

fn refresh(root: &Path, pages: &Path, fault: Fault) -> anyhow::Result<Command> {
    let docdrift = docdrift()?;
    let mut command = match fault {
        Fault::FullDisk(blocks) => {
            // With the signal ignored, a write beyond the limit fails as one on a full disk does.
            let mut shell = Command::new("sh");
            shell.args(["-c", r#"trap "" XFSZ; ulimit -f "$0"; exec "$@""#, &blocks.to_string()]);
            shell.arg(docdrift.get_program());
            shell.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null());
            shell.stderr(std::process::Stdio::null()).env_remove("GITHUB_STEP_SUMMARY");
            shell
        }
        _ => docdrift,
    };
    command.arg("refresh").arg("--root").arg(root).arg("--pages").arg(pages);
    Ok(command)
}

/// A third of the kills come at any instant of a run, a third once it stages files, a third once these are moved.
fn wait_for_instant(run: &mut Child, root: &Path, way: &Way, random: &mut Random) -> anyhow::Result<()> {
    let (sign, length) = match random.below(3) {
        0 => (None, way.time),
        1 => (Some(STAGE), way.writing),
        // The moves take a moment only, the syncing after them longer.
        _ => (Some(JOURNAL), Duration::from_micros(200 << random.below(9))),
    };
    let start = Instant::now();
    while sign.is_some_and(|sign| !root.join(sign).exists()) && run.try_wait()?.is_none() {
        anyhow::ensure!(start.elapsed() < PATIENCE, "a run hangs");
        sleep(GLANCE);
    }
    sleep(random.time(length));
    Ok(())
}

/// What the next run finds, and what of it is wrong.
fn left(ground: &Ground, root: &Path, way: &Way, goes_on: bool) -> anyhow::Result<(State, Option<String>)> {
    // What every run that writes does first.
    let opened = docdrift_store::Store::open(root).map(drop);
    let state = state(&published(root)?, way);
    if let Err(error) = opened {
        return Ok((State::Lost, Some(format!("the next run cannot begin: {error:#}"))));
    }
    let litter = litter(root, ground)?;
    let mut wrong = match state {
        State::Mixed | State::Lost => Some(format!("{state:?}: the state is neither the old nor the new one")),
        _ if !litter.is_empty() => Some(format!("litter is left: {}", litter.join(", "))),
        _ => None,
    };
    if wrong.is_none() && root.join("output").exists() {
        let verified = docdrift()?.arg("verify").arg("--root").arg(root).status()?;
        wrong = (!verified.success()).then(|| format!("`docdrift verify` finds something: {verified}"));
    }
    if wrong.is_none() && goes_on {
        refresh(root, &way.pages, Fault::None)?.status()?;
        wrong = (published(root)? != way.new).then(|| "the next refresh does not bring the new state".to_owned());
    }
    Ok((state, wrong))
}

fn state(found: &Files, way: &Way) -> State {
    if *found == way.old {
        return State::Old;
    }
    if *found == way.new {
        return State::New;
    }
    let is_known = |path: &PathBuf| [way.old.get(path), way.new.get(path)].contains(&found.get(path));
    let all = || way.old.keys().chain(way.new.keys()).chain(found.keys());
    if all().all(is_known) { State::Mixed } else { State::Lost }
}

/// What a killed run left and the next one did not clean up.
fn litter(root: &Path, ground: &Ground) -> anyhow::Result<Vec<String>> {
    let mut litter: Vec<String> = ["stage", "journal.json", "journal.new", "tmp"]
        .iter()
        .map(|name| root.join(".docdrift").join(name))
        .filter(|path| path.exists())
        .map(|path| path.display().to_string())
        .collect();
    let mut folders = ["snapshots", "output"].map(|name| root.join(name)).to_vec();
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(&folder).into_iter().flatten() {
            let path = item?.path();
            if path.is_dir() {
                let is_empty = fs::read_dir(&path)?.next().is_none();
                litter.extend(is_empty.then(|| path.display().to_string()));
                folders.push(path);
            }
        }
    }
    for item in fs::read_dir(ground.outside())? {
        litter.push(item?.path().display().to_string());
    }
    Ok(litter)
}
