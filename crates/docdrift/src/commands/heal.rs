//! `docdrift heal SOURCE`: proposes hints for a source whose pages lost codes of its last snapshot, and shows the drift
//! of its pages with them. Writes sources.toml only with `--write`.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use clap::Args;
use docdrift_model::{Lang, SourceId};
use docdrift_parse::format_hints;
use docdrift_report::escape;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    cli::{Exit, TextOrJson, output},
    pipeline::{Error, Healed, Origin, Proposal, Workspace, write_hints},
};

/// The arguments of `heal`.
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

pub(crate) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let origin = options.pages.clone().map_or(Origin::Archive, Origin::Saved);
    let healed = match Workspace::open(root)?.heal(&options.source, &origin, jiff::Timestamp::now())? {
        Ok(healed) => healed,
        Err(why) => {
            answer_nothing(options, &why);
            return Ok(Exit::NothingToAnswer);
        }
    };
    if options.write {
        write_hints(root, &options.source, &healed.proposal.hints)?;
    }
    match options.format {
        TextOrJson::Json => output::json(&Answer::new(options, &healed)),
        TextOrJson::Text => output::answer(&as_text(options, &healed)),
    }
    Ok(Exit::Done)
}

fn answer_nothing(options: &Options, why: &str) {
    match options.format {
        TextOrJson::Json => output::json(&NoAnswer { source: &options.source, hints: None, why }),
        TextOrJson::Text => {
            output::answer(&format!("{}: nothing to propose: {}\n", options.source, escape::terminal(why)));
        }
    }
}

#[derive(Serialize)]
struct NoAnswer<'a> {
    source: &'a SourceId,
    hints: Option<HintsAnswer<'a>>,
    why: &'a str,
}

#[derive(Serialize)]
struct Answer<'a> {
    source: &'a SourceId,
    lost: usize,
    regained: usize,
    places: &'a [String],
    hints: HintsAnswer<'a>,
    patch: String,
    written: bool,
    report: Value,
}

#[derive(Serialize)]
struct HintsAnswer<'a> {
    within: &'a Option<String>,
    tables: &'a [String],
    skip: &'a [String],
    /// In file order.
    columns: Map<String, Value>,
}

impl<'a> Answer<'a> {
    fn new(options: &'a Options, healed: &'a Healed) -> Self {
        let Healed { proposal: Proposal { hints, lost_count, regained_count, places }, report } = healed;
        Self {
            source: &options.source,
            lost: *lost_count,
            regained: *regained_count,
            places,
            hints: HintsAnswer {
                within: &hints.within,
                tables: &hints.tables,
                skip: &hints.skip,
                columns: hints.columns.iter().map(|(word, role)| (word.clone(), role.as_str().into())).collect(),
            },
            patch: format_hints(hints),
            written: options.write,
            report: docdrift_report::json(report),
        }
    }
}

fn as_text(options: &Options, healed: &Healed) -> String {
    let (id, Healed { proposal, report }) = (&options.source, healed);
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
