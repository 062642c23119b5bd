//! The findings of `lint`: what the two languages of a source disagree about.

use docdrift_align::find_disagreements;
use docdrift_archive::Archive;
use docdrift_model::{
    Bilingual, Lang, ReadRules, Reading, Reason, Source, SourceId,
    decision::Decision,
    finding::{Finding, SourceFindings},
    reason::PageProblem,
};

use super::{
    Error,
    evaluate::{merge_readings, read_pages},
    input::{FetchedPages, Origin},
    no_table::find_no_table,
    settings,
    storage::Storage,
    workspace::Workspace,
};

/// The findings of each source with pages in both languages.
#[derive(Default)]
pub(crate) struct Linted {
    pub(crate) findings: Vec<SourceFindings>,
    /// The sources whose pages cannot be read.
    pub(crate) errors: Vec<(SourceId, Reason)>,
}

impl Workspace {
    /// Compares the languages of each source. Writes nothing.
    pub(crate) fn lint(&self, patterns: &[String], origin: &Origin) -> Result<Linted, Error> {
        let sources = self.select_sources(patterns, origin)?;
        let storage = Storage::open_read_only(&self.root)?;
        let mut linted = Linted::default();
        for (source, pages) in self.gather(&storage, origin, &sources)?.sources {
            let rules = settings::read_rules(&self.config, source);
            let decisions = settings::select_decisions(&self.decisions, &source.id);
            match lint_source(&storage.archive, source, &pages, &rules, &decisions) {
                Ok(findings) => linted.findings.extend(findings),
                Err(reason) => linted.errors.push((source.id.clone(), reason)),
            }
        }
        Ok(linted)
    }
}

/// Returns the findings of a source; `None` where it has one page only, `Err` where a page cannot be read.
fn lint_source(
    archive: &Archive,
    source: &Source,
    pages: &FetchedPages,
    rules: &ReadRules,
    decisions: &[Decision],
) -> Result<Option<SourceFindings>, Reason> {
    let pages = &pages.load(archive).map_err(Reason::All)?;
    if pages.zh.is_none() || pages.en.is_none() {
        return Ok(None);
    }
    let readings = read_pages(pages, rules);
    for (lang, reading) in readings.iter() {
        if let Some(warning) = reading.as_ref().and_then(find_no_table) {
            return Err(Reason::page(lang, PageProblem::NoTable(warning)));
        }
    }
    let (entries, mut stale) = merge_readings(&readings, decisions);
    let updated_on = readings.map(|reading: Option<Reading>| reading.and_then(|reading| reading.updated_on));
    let findings = find_disagreements(&source.id, &entries, &updated_on);
    stale.extend(find_unused_ignores(source, &findings));
    let total = findings.len();
    let is_ignored = |finding: &Finding| source.ignore.iter().any(|ignore| ignore.covers(finding));
    let findings: Vec<Finding> = findings.into_iter().filter(|finding| !is_ignored(finding)).collect();
    let url = |lang| source.pages.get(lang).clone().or_else(|| Some(pages.get(lang).as_ref()?.url.clone()));
    let [zh, en] = Lang::ALL.map(url);
    let ignored = total - findings.len();
    Ok(Some(SourceFindings { source: source.id.clone(), pages: Bilingual { zh, en }, findings, ignored, stale }))
}

/// Finds the `ignore` entries of sources.toml that match no finding, a sentence each.
fn find_unused_ignores(source: &Source, findings: &[Finding]) -> Vec<String> {
    let unused = source.ignore.iter().filter(|ignore| !findings.iter().any(|finding| ignore.covers(finding)));
    unused
        .map(|ignore| {
            let code = ignore.code.as_deref().map_or_else(String::new, |code| format!(" of `{code}`"));
            format!("sources.toml:{}: `ignore` of {}{code} is about no finding", ignore.line, ignore.kind.as_str())
        })
        .collect()
}
