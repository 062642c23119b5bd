//! `docdrift lint`: what the two languages disagree about, source by source. Reads and tells, writes nothing.

use std::path::{Path, PathBuf};

use clap::Args;
use docdrift_align::findings;
use docdrift_model::{Bilingual, Decision, Finding, ReadRules, Reading, Source, SourceFindings};
use docdrift_report::{escape, findings_json, findings_markdown, findings_terminal};
use docdrift_store::Store;

use crate::{
    cli::Format,
    exit::{Ended, Exit},
    judge, output,
    pages::{self, Origin, Pages},
    settings,
    telling::InLang,
};

/// What `lint` can be asked.
#[derive(Args)]
pub(crate) struct Options {
    /// Read saved pages, DIR/<vendor>/<service>/<zh|en>.<any extension>, in place of the archived pages of the last fetch
    #[arg(long, value_name = "DIR")]
    pages: Option<PathBuf>,
    /// Only sources whose `vendor/service` matches; may be given more than once
    #[arg(long, value_name = "GLOB")]
    source: Vec<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The language of the answer
    #[arg(long, value_enum, default_value = "en")]
    lang: InLang,
    /// Exit with 1 when there are findings that sources.toml does not ignore
    #[arg(long)]
    fail_on_findings: bool,
}

pub(crate) fn command(root: &Path, options: &Options) -> Result<Exit, Ended> {
    let (config, decisions) = settings::load(root)?;
    let sources = settings::selected(&config, &options.source, options.pages.as_deref())?;
    let store = Store::open_read_only(root)?;
    let origin = Origin { pages: options.pages.clone(), offline: true };
    let (mut found, mut is_whole) = (Vec::new(), true);
    for (source, pages) in pages::gather(&origin, &store, &config, &sources)? {
        let rules = settings::read_rules(&config, source);
        match of_source(&store, source, &pages, &rules, &settings::about(&decisions, &source.id)) {
            Ok(findings) => found.extend(findings),
            Err(reason) => {
                is_whole = false;
                output::note(&escape::terminal(&format!("{}: {reason}", source.id)));
            }
        }
    }
    if found.is_empty() && is_whole {
        output::note("no source has pages in both languages");
    }
    match options.format {
        Format::Text => output::answer(&findings_terminal(&found, options.lang.into(), output::colour())),
        Format::Markdown => output::answer(&findings_markdown(&found, options.lang.into())),
        Format::Json => output::json(&findings_json(&found)),
    }
    let is_clean = found.iter().all(|source| source.findings.is_empty());
    Ok(match (is_whole, is_clean || !options.fail_on_findings) {
        (false, _) => Exit::Incomplete,
        (true, true) => Exit::Done,
        (true, false) => Exit::Drift,
    })
}

/// The findings of a source; `None` where it has one page only, `Err` where a page cannot be read.
fn of_source(
    store: &Store,
    source: &Source,
    pages: &Pages,
    rules: &ReadRules,
    decisions: &[Decision],
) -> Result<Option<SourceFindings>, String> {
    let pages = &pages.load(store).map_err(|missed| missed.join("; "))?;
    if pages.zh.is_none() || pages.en.is_none() {
        return Ok(None);
    }
    let readings = judge::read(pages, rules);
    for (lang, reading) in readings.iter() {
        let Some(reading) = reading.as_ref().filter(|reading| reading.tables.is_empty()) else { continue };
        let why = reading.warnings.first().map_or("it has no error table", |warning| &warning.detail);
        return Err(format!("{lang} page: {why}"));
    }
    let (entries, mut stale) = judge::merged(&readings, decisions);
    let updated_on = readings.map(|reading: Option<Reading>| reading.and_then(|reading| reading.updated_on));
    let findings = findings(&source.id, &entries, &updated_on);
    stale.extend(unused(source, &findings));
    let before = findings.len();
    let is_ignored = |finding: &Finding| source.ignore.iter().any(|ignore| ignore.covers(finding));
    let findings: Vec<Finding> = findings.into_iter().filter(|finding| !is_ignored(finding)).collect();
    let url = |lang| source.pages.get(lang).clone().or_else(|| Some(pages.get(lang).as_ref()?.url.clone()));
    let [zh, en] = docdrift_model::Lang::ALL.map(url);
    let ignored = before - findings.len();
    Ok(Some(SourceFindings { source: source.id.clone(), pages: Bilingual { zh, en }, findings, ignored, stale }))
}

/// The ignores that are about no finding.
fn unused(source: &Source, findings: &[Finding]) -> Vec<String> {
    let unused = source.ignore.iter().filter(|ignore| !findings.iter().any(|finding| ignore.covers(finding)));
    unused
        .map(|ignore| {
            let code = ignore.code.as_deref().map_or_else(String::new, |code| format!(" of `{code}`"));
            format!("sources.toml:{}: `ignore` of {}{code} is about no finding", ignore.line, ignore.kind.as_str())
        })
        .collect()
}
