//! `cargo xtask torture`: refreshes that are killed at random instants, some of them on a full disk or with something in
//! the way. After each, the next run must find the old state or the new one, whole, with nothing left to repair.

mod ground;
mod obstacle;
mod random;
mod round;

use std::{
    num::NonZero,
    path::Path,
    sync::{Mutex, PoisonError},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, anyhow, bail, ensure};

use crate::{
    say,
    torture::{
        ground::Ground,
        random::Random,
        round::{Ended, Fault, State},
    },
};

/// More refreshes at a time only wait for the disk.
const MOST_WORKERS: usize = 4;
/// How often it is told how far it is.
const TELL: usize = 100;
/// Every so many rounds the next refresh is let finish, and must bring the new state.
const GO_ON: usize = 10;
/// A fault in so many rounds of a hundred.
const FAULTY: u64 = 40;

/// What the kills came to.
#[derive(Default)]
struct Tally {
    kills: usize,
    staging: usize,
    moving: usize,
    old: usize,
    new: usize,
    /// Kills of runs that had a fault besides.
    faulty: usize,
    /// Runs that ended before they were killed, mostly by their fault.
    ended: usize,
    lost: usize,
    mixed: usize,
    /// Whether something went wrong: then nobody need go on.
    is_over: bool,
}

impl Tally {
    fn count(&mut self, ended: &Ended, fault: Fault) {
        match ended.state {
            State::Old => self.old += 1,
            State::New => self.new += 1,
            State::Mixed => self.mixed += 1,
            State::Lost => self.lost += 1,
        }
        if ended.was_killed {
            self.kills += 1;
            self.staging += usize::from(ended.was_staging);
            self.moving += usize::from(ended.was_moving);
            self.faulty += usize::from(fault != Fault::None);
        } else {
            self.ended += 1;
        }
    }

    fn told(&self) -> String {
        let Self { kills, staging, moving, old, new, faulty, ended, .. } = self;
        format!(
            "{kills} kills, {staging} while files were staged, {moving} while they were moved into place, {faulty} with \
             a fault besides; {ended} runs ended before; {old} ended old, {new} new"
        )
    }
}

/// Kills as many refreshes as asked for; an error where any of them left anything but the old or the new state.
pub(crate) fn run(root: &Path, args: &[String]) -> anyhow::Result<()> {
    let (kills, seed) = asked(args)?;
    say(&format!("seed {seed}"));
    let (tally, start) = (Mutex::new(Tally::default()), Instant::now());
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get).min(MOST_WORKERS);
    let ends: Vec<anyhow::Result<()>> = std::thread::scope(|scope| {
        let work = |number| {
            scope.spawn({
                let tally = &tally;
                move || work(root, tally, kills, &mut Random::new(seed.wrapping_add(number)))
            })
        };
        let threads: Vec<_> = (0..workers as u64).map(work).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("a worker broke down"))))
            .collect()
    });
    let tally = tally.into_inner().unwrap_or_else(PoisonError::into_inner);
    say(&format!("{} in {:.0} s", tally.told(), start.elapsed().as_secs_f64()));
    let sum = format!("{} kills, {} lost, {} mixed", tally.kills, tally.lost, tally.mixed);
    let wrongs: Vec<String> = ends.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")).collect();
    ensure!(wrongs.is_empty(), "{sum}\n{}", wrongs.join("\n"));
    ensure!(
        kills < TELL || (tally.staging + tally.moving) * 5 >= kills && tally.moving > 0,
        "too few kills fell within writes to tell anything"
    );
    say(&sum);
    Ok(())
}

/// Kills one refresh after the other until there were enough.
fn work(root: &Path, tally: &Mutex<Tally>, kills: usize, random: &mut Random) -> anyhow::Result<()> {
    let mut ground = Ground::new(root)?;
    for number in 0.. {
        if ground.is_stale() {
            // Snapshots are named by the day.
            ground = Ground::new(root)?;
        }
        let fault = if random.below(100) < FAULTY { Fault::any(random) } else { Fault::None };
        let way = &ground.ways[random.index(ground.ways.len())];
        let ended = round::round(&ground, way, fault, number % GO_ON == 0, random)?;
        if ground.is_stale() {
            // Midnight came while it ran: neither state is of one day.
            continue;
        }
        let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
        if tally.is_over || tally.kills >= kills {
            return Ok(());
        }
        tally.count(&ended, fault);
        if let Some(wrong) = &ended.wrong {
            tally.is_over = true;
            bail!("with {fault:?}: {wrong}\nits folder is kept: {}", ground.keep().display());
        }
        if ended.was_killed && tally.kills.is_multiple_of(TELL) {
            say(&tally.told());
        }
    }
    Ok(())
}

/// The number of kills and the seed.
fn asked(args: &[String]) -> anyhow::Result<(usize, u64)> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos();
    let (mut kills, mut seed) = (1000, u64::from(now));
    for pair in args.chunks(2) {
        match pair {
            [name, value] if name == "--kills" => kills = value.parse().context("--kills takes a number")?,
            [name, value] if name == "--seed" => seed = value.parse().context("--seed takes a number")?,
            _ => bail!("usage: cargo xtask torture [--kills NUMBER] [--seed NUMBER]"),
        }
    }
    Ok((kills, seed))
}
