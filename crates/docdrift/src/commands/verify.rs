//! `docdrift verify`: whether snapshots, dataset and archive are as docdrift wrote them. Reads and tells, writes nothing.

use std::path::{Path, PathBuf};

use clap::Args;
use docdrift_model::{Config, Decision, Source};
use docdrift_report::escape;
use docdrift_store::{Flaw, Store, Verified};
use serde_json::json;

use crate::{
    cli::TextOrJson,
    exit::{Ended, Exit},
    feeds::feeds,
    output,
    reread::{self, Difference},
    settings,
};

/// The version of the JSON answer's shape.
const SCHEMA: u32 = 1;
/// Of one snapshot so many differences from its pages are told.
const TOLD: usize = 20;
/// The archive, as its flaws name it.
const ARCHIVE: &str = ".docdrift/archive";

/// What `verify` can be asked.
#[derive(Args)]
pub(crate) struct Options {
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: TextOrJson,
}

/// All that was found.
struct Found {
    sources: usize,
    files: Verified,
    pages: Reread,
}

/// How many last snapshots were held against their archived pages.
#[derive(Default)]
struct Reread {
    checked: usize,
    unchecked: usize,
}

pub(crate) fn command(root: &Path, options: &Options) -> Result<Exit, Ended> {
    let (config, decisions) = settings::load(root)?;
    let found = look(&Store::open_read_only(root)?, &config, &decisions)?;
    match options.format {
        TextOrJson::Text => output::answer(&text(&found)),
        TextOrJson::Json => output::json(&answer(&found)),
    }
    Ok(if found.files.flaws.is_empty() { Exit::Done } else { Exit::Incomplete })
}

fn look(store: &Store, config: &Config, decisions: &[Decision]) -> anyhow::Result<Found> {
    let feeds = feeds(store, &config.sources, &store.histories(config)?)?;
    let mut files = store.verify(config, &feeds.files)?;
    archive(store, &mut files)?;
    let mut pages = Reread::default();
    for source in &config.sources {
        against_pages(store, config, source, &settings::about(decisions, &source.id), &mut files, &mut pages)?;
    }
    Ok(Found { sources: config.sources.len(), files, pages })
}

/// What is damaged in the archive is wrong; what killed runs leave there is not.
fn archive(store: &Store, files: &mut Verified) -> anyhow::Result<()> {
    for problem in store.verify_archive()?.problems {
        let line = problem.lines.first().copied();
        let flaw = Flaw { file: Path::new(ARCHIVE).join(problem.path), line, entry: None, what: problem.why };
        if problem.kind.is_damage() { files.flaws.push(flaw) } else { files.notes.push(flaw) }
    }
    Ok(())
}

/// Reads the pages of a source's last snapshot again, where they are at hand.
fn against_pages(
    store: &Store,
    config: &Config,
    source: &Source,
    decisions: &[Decision],
    files: &mut Verified,
    pages: &mut Reread,
) -> anyhow::Result<()> {
    let Some(at) = store.snapshots(&source.id)?.pop() else { return Ok(()) };
    // One that cannot be read was told already.
    let Ok(snapshot) = at.read() else { return Ok(()) };
    let flaw = |line, entry, what| Flaw { file: at.path.clone(), line, entry, what };
    let rules = settings::read_rules(config, source);
    let found = match reread::differences(store, &snapshot, &rules, decisions, &config.publish) {
        Ok(Some(found)) => found,
        Ok(None) => {
            pages.unchecked += 1;
            return Ok(());
        }
        Err(error) => {
            files.flaws.push(flaw(None, None, format!("its pages cannot be read again: {error:#}")));
            return Ok(());
        }
    };
    pages.checked += 1;
    let more = found.len().saturating_sub(TOLD);
    let advice = "edited by hand, or overrides.toml or the hints in sources.toml changed since; run `refresh --offline`, or restore the file from git";
    files.flaws.extend(found.into_iter().take(TOLD).map(|Difference { entry, what }| {
        let id = entry.and_then(|entry| snapshot.entries.get(entry)).map(|entry| entry.id.clone());
        // The header is the first line.
        flaw(entry.map(|entry| entry + 2), id, format!("{what}: {advice}"))
    }));
    files.flaws.extend((more > 0).then(|| flaw(None, None, format!("and {more} more differences from its pages"))));
    Ok(())
}

fn text(found: &Found) -> String {
    let Found { sources, files, pages } = found;
    let mut lines: Vec<String> = files.flaws.iter().map(|flaw| escape::terminal(&flaw.to_string())).collect();
    lines.extend(files.notes.iter().map(|note| escape::terminal(&format!("note: {note}"))));
    if pages.unchecked > 0 {
        lines.push(format!(
            "note: not held against pages: {}, whose pages are not archived or were read by another version of docdrift",
            counted(pages.unchecked, "last snapshot")
        ));
    }
    let verdict = match files.flaws.len() {
        0 => "all consistent".to_owned(),
        flaws => format!("{} wrong", counted(flaws, "thing")),
    };
    lines.push(format!(
        "{}, {} with snapshots, {}, {}: {verdict}",
        counted(*sources, "source"),
        files.with_snapshots,
        if files.entries == 1 { "1 entry".to_owned() } else { format!("{} entries", files.entries) },
        counted(files.files, "file"),
    ));
    lines.join("\n")
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn answer(found: &Found) -> serde_json::Value {
    let Found { sources, files, pages } = found;
    json!({
        "schema": SCHEMA,
        "is_consistent": files.flaws.is_empty(),
        "sources": sources,
        "with_snapshots": files.with_snapshots,
        "entries": files.entries,
        "files": files.files,
        "held_against_pages": pages.checked,
        "not_held_against_pages": pages.unchecked,
        "flaws": files.flaws.iter().map(one).collect::<Vec<_>>(),
        "notes": files.notes.iter().map(one).collect::<Vec<_>>(),
    })
}

fn one(flaw: &Flaw) -> serde_json::Value {
    let file: PathBuf = flaw.file.components().collect();
    json!({
        "file": file.to_string_lossy().replace('\\', "/"),
        "line": flaw.line,
        "entry": flaw.entry,
        "what": flaw.what,
    })
}
