//! `docdrift heal SOURCE`: proposes hints for a source whose pages lost codes of its last snapshot, and shows the drift
//! that its pages tell with them. Writes sources.toml only where it is asked to.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args;
use docdrift_model::{Bilingual, Config, Decision, Lang, Page, ReadHints, Report, Source, SourceId};
use docdrift_parse::format_hints;
use docdrift_report::escape;
use docdrift_store::Store;
use serde_json::{Value, json};

use crate::{
    cli::TextOrJson,
    exit::{Ended, Exit},
    heal::{HealInput, Proposal, write_hints},
    memo::Memo,
    output,
    pages::{self, Origin, Pages},
    refresh::Accept,
    run::Run,
    settings,
};

/// What `heal` can be asked.
#[derive(Args)]
pub(crate) struct Options {
    /// The source, as `vendor/service`
    #[arg(value_name = "SOURCE")]
    source: SourceId,
    /// Read saved pages, DIR/<vendor>/<service>/<zh|en>.<any extension>, in place of the newest archived ones
    #[arg(long, value_name = "DIR")]
    pages: Option<PathBuf>,
    /// Put the proposed hints into sources.toml; its comments and layout stay
    #[arg(long)]
    write: bool,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: TextOrJson,
}

pub(crate) fn command(root: &Path, options: &Options) -> Result<Exit, Ended> {
    let (config, decisions) = settings::load(root)?;
    let source = settings::find_source(&config, &options.source)?;
    let store = Store::open_read_only(root)?;
    let origin = Origin { pages: options.pages.clone(), offline: options.pages.is_none() };
    let gathered = pages::gather(&origin, &store, &config, &[source])?;
    let pages = load_pages(&store, &gathered)?;
    let proposal = match propose(&store, &config, &decisions, source, &pages)? {
        Ok(proposal) => proposal,
        Err(why) => {
            answer_nothing(options, &why);
            return Ok(Exit::NothingToAnswer);
        }
    };
    let healed = with_hints(&config, &source.id, &proposal.hints);
    let report = judge_healed(&store, &healed, &decisions, &origin, &source.id)?;
    if options.write {
        write_to_sources(root, &source.id, &proposal.hints)?;
    }
    match options.format {
        TextOrJson::Json => output::json(&as_json(options, &proposal, &report)),
        TextOrJson::Text => output::answer(&as_text(options, &proposal, &report)),
    }
    Ok(Exit::Done)
}

fn load_pages(store: &Store, gathered: &[(&Source, Pages)]) -> anyhow::Result<Bilingual<Option<Page>>> {
    let (_, pages) = gathered.first().context("there is no page of the source")?;
    pages.load(store).map_err(|missed| anyhow::anyhow!("{}", missed.join("; ")))
}

fn propose(
    store: &Store,
    config: &Config,
    decisions: &[Decision],
    source: &Source,
    pages: &Bilingual<Option<Page>>,
) -> anyhow::Result<Result<Proposal, String>> {
    let Some(last) = store.last_snapshot(&source.id)? else {
        return Ok(Err("it has no snapshot yet, so it lost nothing".to_owned()));
    };
    let rules = settings::read_rules(config, source);
    let decisions = settings::about(decisions, &source.id);
    Ok(HealInput { pages, last: &last, rules: &rules, decisions: &decisions }.propose_hints())
}

/// The configuration in which the source has these hints.
fn with_hints(config: &Config, id: &SourceId, hints: &ReadHints) -> Config {
    let mut config = config.clone();
    for source in config.sources.iter_mut().filter(|source| source.id == *id) {
        source.read = hints.clone();
    }
    config
}

/// Compares what the pages tell with the hints with the last snapshot, as `check` does.
fn judge_healed(
    store: &Store,
    config: &Config,
    decisions: &[Decision],
    origin: &Origin,
    id: &SourceId,
) -> Result<Report, Ended> {
    let source = settings::find_source(config, id)?;
    let pages = pages::gather(origin, store, config, &[source])?;
    let (accept, memo) = (Accept::default(), Memo::nothing());
    let run = Run { store, config, decisions, accept: &accept, origin, memo: &memo };
    let mut looked = run.judge_all(&pages);
    run.weigh_together(&mut looked)?;
    Ok(run.report(&looked, None))
}

/// Puts the hints into sources.toml. A file that would be wrong afterwards is put back as it was.
fn write_to_sources(root: &Path, id: &SourceId, hints: &ReadHints) -> Result<(), Ended> {
    let path = root.join(settings::SOURCES);
    let before = docdrift_store::read_text(&path)?;
    docdrift_store::replace_text(&path, &write_hints(&before, id, hints)?)?;
    let is_written = |config: &Config| settings::find_source(config, id).is_ok_and(|source| source.read == *hints);
    match settings::load_config(root) {
        Ok(config) if is_written(&config) => Ok(()),
        _ => {
            docdrift_store::replace_text(&path, &before)?;
            Err(anyhow::anyhow!("sources.toml is laid out in a way that cannot be edited: add the hints by hand")
                .into())
        }
    }
}

fn answer_nothing(options: &Options, why: &str) {
    match options.format {
        TextOrJson::Json => output::json(&json!({"source": options.source, "hints": null, "why": why})),
        TextOrJson::Text => {
            output::answer(&format!("{}: nothing to propose: {}\n", options.source, escape::terminal(why)));
        }
    }
}

fn as_json(options: &Options, proposal: &Proposal, report: &Report) -> Value {
    let Proposal { hints, lost_count, regained_count, places } = proposal;
    let columns: serde_json::Map<String, Value> =
        hints.columns.iter().map(|(word, role)| (word.clone(), json!(role))).collect();
    json!({
        "source": options.source,
        "lost": lost_count,
        "regained": regained_count,
        "places": places,
        "hints": {"within": hints.within, "tables": hints.tables, "skip": hints.skip, "columns": columns},
        "patch": format_hints(hints),
        "written": options.write,
        "report": docdrift_report::json(report),
    })
}

fn as_text(options: &Options, proposal: &Proposal, report: &Report) -> String {
    let id = &options.source;
    let mut out = String::new();
    for place in &proposal.places {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{}", escape::terminal(place));
    }
    let (regained, lost) = (proposal.regained_count, proposal.lost_count);
    let _ = writeln!(out, "\n{regained} of {lost} lost codes are read with this under {id} in sources.toml:\n");
    let _ = writeln!(out, "  {}\n\nthe drift then:\n", escape::terminal(&format_hints(&proposal.hints)));
    out.push_str(docdrift_report::terminal(report, Lang::En, output::colour()).trim_end());
    let ending = if options.write {
        "it was put into sources.toml: look at it, then run `docdrift refresh`".to_owned()
    } else {
        format!("nothing was written; `docdrift heal {id} --write` puts it into sources.toml")
    };
    let _ = writeln!(out, "\n\n{ending}");
    out
}
