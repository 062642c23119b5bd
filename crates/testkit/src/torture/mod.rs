//! `cargo xtask torture`: refreshes that are killed at random instants, some of them on a full disk or with an obstacle
//! to their writes. After each kill, the next run must find the old state or the new one, complete, with nothing to
//! repair.

mod fixture;
mod obstacle;
mod random;
mod round;
mod tally;

use std::{
    num::NonZero,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use anyhow::{anyhow, bail, ensure};

use crate::{
    output::print_line,
    torture::{fixture::Fixture, random::Random, round::Fault, tally::Tally},
};

/// The most workers: more refreshes at a time only wait for the disk.
const MAX_WORKERS: usize = 4;
/// The number of kills between two lines of progress; fewer kills say nothing about their distribution.
const REPORT_EVERY: usize = 100;
/// The number of rounds between two whose next refresh runs to its end, which must bring the new state.
const FINISH_EVERY: usize = 10;
/// The share of rounds with a fault besides the kill.
const FAULT_PERCENT: u64 = 40;
/// The least share of kills while the run writes; the random instants aim at two thirds.
const MIN_WRITING_PERCENT: usize = 20;

/// Kills refreshes of the built-in site in `demo`, and prints the counts.
///
/// # Errors
/// When a kill left anything but the old or the new state, or too few kills came while files were written.
pub fn run(demo: &Path, kills: usize, seed: u64) -> anyhow::Result<()> {
    print_line(&format!("seed {seed}"));
    let (tally, start) = (Mutex::new(Tally::default()), Instant::now());
    let results = run_workers(demo, &tally, kills, seed);
    let tally = tally.into_inner().unwrap_or_else(PoisonError::into_inner);
    print_line(&format!("{} in {:.0} s", tally.summary(), start.elapsed().as_secs_f64()));
    let sum = format!("{} kills, {} lost, {} mixed", tally.kill_count, tally.lost_count, tally.mixed_count);
    let problems: Vec<String> = results.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")).collect();
    ensure!(problems.is_empty(), "{sum}\n{}", problems.join("\n"));
    let writing = tally.staging_count + tally.moving_count;
    ensure!(
        kills < REPORT_EVERY || writing * 100 >= kills * MIN_WRITING_PERCENT && tally.moving_count > 0,
        "too few kills fell within writes to tell anything"
    );
    print_line(&sum);
    Ok(())
}

fn run_workers(demo: &Path, tally: &Mutex<Tally>, kills: usize, seed: u64) -> Vec<anyhow::Result<()>> {
    let count = std::thread::available_parallelism().map_or(1, NonZero::get).min(MAX_WORKERS);
    std::thread::scope(|scope| {
        let start = |number| {
            scope.spawn(move || kill_refreshes(demo, tally, kills, &mut Random::new(seed.wrapping_add(number))))
        };
        let threads: Vec<_> = (0..count as u64).map(start).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("a worker broke down"))))
            .collect()
    })
}

/// Kills refreshes until all workers together have killed enough.
fn kill_refreshes(demo: &Path, tally: &Mutex<Tally>, kills: usize, random: &mut Random) -> anyhow::Result<()> {
    let mut fixture = Fixture::new(demo)?;
    for number in 0.. {
        if fixture.is_stale() {
            fixture = Fixture::new(demo)?;
        }
        let fault = if random.below(100) < FAULT_PERCENT { Fault::choose(random) } else { Fault::None };
        let transition = &fixture.transitions[random.index(fixture.transitions.len())];
        let result = round::run_round(&fixture, transition, fault, number % FINISH_EVERY == 0, random)?;
        if fixture.is_stale() {
            // Midnight passed during the round: its states are of two days.
            continue;
        }
        let mut tally = lock(tally);
        if tally.is_over || tally.kill_count >= kills {
            return Ok(());
        }
        tally.add(&result, fault);
        if let Some(problem) = &result.problem {
            tally.is_over = true;
            bail!("with {fault:?}: {problem}\nits folder is kept: {}", fixture.keep().display());
        }
        if result.was_killed && tally.kill_count.is_multiple_of(REPORT_EVERY) {
            print_line(&tally.summary());
        }
    }
    Ok(())
}

fn lock(tally: &Mutex<Tally>) -> MutexGuard<'_, Tally> {
    tally.lock().unwrap_or_else(PoisonError::into_inner)
}
