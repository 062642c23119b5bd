//! One refresh that is killed, and what it left.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::Context as _;

use crate::{
    docdrift_process::docdrift_command,
    file_tree::{FileTree, copy_tree},
    torture::{
        fixture::{Fixture, POLL_INTERVAL, Transition, read_published},
        obstacle::{Obstacle, ObstacleKind},
        random::Random,
    },
};

/// The largest limit of a run on a full disk, in the blocks of `ulimit`: above the largest file that a run writes.
const MAX_BLOCKS: u64 = 60;
/// Where a run keeps its files until they are complete.
const STAGE: &str = ".docdrift/stage";
/// The list of the files that are being moved into place.
const JOURNAL: &str = ".docdrift/journal.json";
/// A run that takes longer hangs: without interruption it takes less than a second.
const RUN_LIMIT: Duration = Duration::from_mins(1);

/// What goes wrong besides the kill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// No file may exceed this number of blocks, as on a full disk; on Unix.
    FullDisk(u64),
    /// An obstacle stands in the way, from the beginning or from a random instant on.
    Obstacle(ObstacleKind),
}

impl Fault {
    pub(crate) fn choose(random: &mut Random) -> Self {
        let kinds = ObstacleKind::ALL;
        match random.index(kinds.len() + 2) {
            kind if kind < kinds.len() => Self::Obstacle(kinds[kind]),
            _ if cfg!(unix) => Self::FullDisk(random.below(MAX_BLOCKS)),
            _ => Self::None,
        }
    }
}

/// What the next run finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RootState {
    Old,
    New,
    /// Each file is of the old or the new state, but not all are of the same.
    Mixed,
    /// A file is of neither state.
    Lost,
}

/// How a round ended.
pub(crate) struct RoundResult {
    /// Whether the run was killed; otherwise it ended before.
    pub(crate) was_killed: bool,
    /// Whether the kill left a change that was being staged.
    pub(crate) was_staging: bool,
    /// Whether the kill left a change that was being moved into place.
    pub(crate) was_moving: bool,
    pub(crate) state: RootState,
    /// What is not as it must be.
    pub(crate) problem: Option<String>,
}

/// Refreshes a copy of the transition's root, kills the refresh, and inspects what is left. With `finish_next` the next
/// refresh runs to its end.
pub(crate) fn run_round(
    fixture: &Fixture,
    transition: &Transition,
    fault: Fault,
    finish_next: bool,
    random: &mut Random,
) -> anyhow::Result<RoundResult> {
    let root = fixture.work_root();
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    copy_tree(&transition.base, &root)?;
    let mut run = refresh_command(&root, &transition.pages, fault)?.spawn().context("cannot run docdrift")?;
    let is_early = random.below(2) == 0;
    let place = |random: &mut Random| place_obstacle(fault, &root, transition, fixture, random);
    let early = is_early.then(|| place(random)).flatten();
    wait_for_instant(&mut run, &root, transition, random)?;
    let late = if is_early { None } else { place(random) };
    if late.is_some() {
        sleep(random.duration(transition.writing_time));
    }
    let was_killed = run.try_wait()?.is_none();
    run.kill()?;
    run.wait()?;
    let was_moving = root.join(JOURNAL).exists();
    let was_staging = !was_moving && root.join(STAGE).exists();
    let removed = early.or(late).map_or(Ok(()), Obstacle::remove);
    removed.context("an obstacle cannot be removed")?;
    let (state, problem) = inspect(fixture, &root, transition, finish_next)?;
    Ok(RoundResult { was_killed, was_staging, was_moving, state, problem })
}

/// Places an obstacle to one of the files that the run writes. Snapshots get one only after the run began to write:
/// before, the obstacle would be part of the history that it reads.
fn place_obstacle(
    fault: Fault,
    root: &Path,
    transition: &Transition,
    fixture: &Fixture,
    random: &mut Random,
) -> Option<Obstacle> {
    let Fault::Obstacle(kind) = fault else { return None };
    let is_writing = root.join(STAGE).exists();
    let is_target = |(path, bytes): &(&PathBuf, &Vec<u8>)| {
        transition.old.get(*path) != Some(*bytes) && (is_writing || path.starts_with("output"))
    };
    let targets: Vec<&PathBuf> = transition.new.iter().filter(is_target).map(|(path, _)| path).collect();
    let target = root.join(targets.get(random.index(targets.len()))?);
    Some(Obstacle::place(kind, &target, &root.with_file_name("aside"), &fixture.outside()))
}

fn refresh_command(root: &Path, pages: &Path, fault: Fault) -> anyhow::Result<Command> {
    let docdrift = docdrift_command()?;
    let mut command = match fault {
        Fault::FullDisk(blocks) => limit_file_size(&docdrift, blocks),
        _ => docdrift,
    };
    command.arg("refresh").arg("--root").arg(root).arg("--pages").arg(pages);
    Ok(command)
}

/// The same silent command under a limit of file sizes. It ignores the signal of the limit, so a write beyond it fails
/// as on a full disk.
fn limit_file_size(command: &Command, blocks: u64) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", r#"trap "" XFSZ; ulimit -f "$0"; exec "$@""#, &blocks.to_string()]);
    shell.arg(command.get_program()).args(command.get_args()).env_remove("GITHUB_STEP_SUMMARY");
    shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    shell
}

/// Waits for the instant of the kill: one third comes at any instant of a run, one third while it stages files, one
/// third while it moves them.
fn wait_for_instant(run: &mut Child, root: &Path, transition: &Transition, random: &mut Random) -> anyhow::Result<()> {
    let (sign, length) = match random.below(3) {
        0 => (None, transition.time),
        1 => (Some(STAGE), transition.writing_time),
        // The moves take a moment only, the syncing after them longer.
        _ => (Some(JOURNAL), Duration::from_micros(200 << random.below(9))),
    };
    let start = Instant::now();
    while sign.is_some_and(|sign| !root.join(sign).exists()) && run.try_wait()?.is_none() {
        anyhow::ensure!(start.elapsed() < RUN_LIMIT, "a run hangs");
        sleep(POLL_INTERVAL);
    }
    sleep(random.duration(length));
    Ok(())
}

/// Returns what the next run finds, and the first problem with it.
fn inspect(
    fixture: &Fixture,
    root: &Path,
    transition: &Transition,
    finish_next: bool,
) -> anyhow::Result<(RootState, Option<String>)> {
    // Every run that writes opens the store first.
    let opened = docdrift_store::Store::open(root).map(drop);
    let state = compare_state(&read_published(root)?, transition);
    if let Err(error) = opened {
        return Ok((RootState::Lost, Some(format!("the next run cannot begin: {error:#}"))));
    }
    let litter = find_litter(root, fixture)?;
    let mut problem = match state {
        RootState::Mixed | RootState::Lost => Some(format!("{state:?}: the state is neither the old nor the new one")),
        _ if !litter.is_empty() => Some(format!("litter is left: {}", litter.join(", "))),
        _ => None,
    };
    if problem.is_none() && root.join("output").exists() {
        let verified = docdrift_command()?.arg("verify").arg("--root").arg(root).status()?;
        problem = (!verified.success()).then(|| format!("`docdrift verify` finds something: {verified}"));
    }
    if problem.is_none() && finish_next {
        refresh_command(root, &transition.pages, Fault::None)?.status()?;
        let is_new = read_published(root)? == transition.new;
        problem = (!is_new).then(|| "the next refresh does not bring the new state".to_owned());
    }
    Ok((state, problem))
}

fn compare_state(found: &FileTree, transition: &Transition) -> RootState {
    let Transition { old, new, .. } = transition;
    if found == old {
        return RootState::Old;
    }
    if found == new {
        return RootState::New;
    }
    let is_known = |path: &PathBuf| [old.get(path), new.get(path)].contains(&found.get(path));
    let mut paths = old.keys().chain(new.keys()).chain(found.keys());
    if paths.all(is_known) { RootState::Mixed } else { RootState::Lost }
}

/// Finds what a killed run left and the next one did not clean up.
fn find_litter(root: &Path, fixture: &Fixture) -> anyhow::Result<Vec<String>> {
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
    for item in fs::read_dir(fixture.outside())? {
        litter.push(item?.path().display().to_string());
    }
    Ok(litter)
}
