//! What the files in the root say: which sources, and what a maintainer decided about their rows.

use std::path::Path;

use anyhow::{Context as _, anyhow};
use docdrift_config::{ConfigError, Problem, builtin_vendors, load_overrides};
use docdrift_model::{Config, Decision, ReadRules, Source, SourceId};
use docdrift_parse::check_hints;
use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::exit::{Ended, wrong};

/// The file of the maintainer's decisions.
pub(crate) const OVERRIDES: &str = "overrides.toml";

/// The file of the sources.
pub(crate) const SOURCES: &str = "sources.toml";

/// Reads the configuration of the root.
pub(crate) fn load_config(root: &Path) -> Result<Config, Ended> {
    let path = root.join(SOURCES);
    let config = docdrift_config::load_config(&path).map_err(wrong)?;
    let problems = config.sources.iter().filter_map(|source| {
        let why = check_hints(&source.read).err()?;
        Some(Problem { at: None, message: format!("`{}`: {why}", source.id) })
    });
    let problems: Vec<Problem> = problems.collect();
    if problems.is_empty() { Ok(config) } else { Err(wrong(ConfigError { path, problems })) }
}

/// The configuration of the root and the decisions about its sources.
pub(crate) fn load(root: &Path) -> Result<(Config, Vec<Decision>), Ended> {
    let config = load_config(root)?;
    let path = root.join(OVERRIDES);
    let decisions = load_overrides(&path).map_err(wrong)?;
    let is_known = |id: &SourceId| config.sources.iter().any(|source| source.id == *id);
    let unknown = decisions.iter().filter(|decision| !is_known(&decision.source)).map(|decision| Problem {
        at: Some((decision.line, 1)),
        message: format!("`{}` is no source of sources.toml", decision.source),
    });
    let problems: Vec<Problem> = unknown.collect();
    if problems.is_empty() { Ok((config, decisions)) } else { Err(wrong(ConfigError { path, problems })) }
}

/// Returns what a page of no source is read by: the vendors of the root's `sources.toml`, or the built-in ones where there
/// is no such file.
pub(crate) fn load_read_rules(root: Option<&Path>) -> Result<ReadRules, Ended> {
    let vendors = match root.filter(|root| root.join(SOURCES).is_file()) {
        Some(root) => load_config(root)?.vendors,
        None => builtin_vendors(),
    };
    Ok(ReadRules { vendors, ..ReadRules::default() })
}

/// Finds a source by its id.
pub(crate) fn find_source<'a>(config: &'a Config, id: &SourceId) -> Result<&'a Source, Ended> {
    let source = config.sources.iter().find(|source| source.id == *id);
    source.ok_or_else(|| wrong(anyhow!("`{id}` is no source of sources.toml; `docdrift status` lists them")))
}

/// Returns what the pages of `source` are read by.
pub(crate) fn read_rules(config: &Config, source: &Source) -> ReadRules {
    ReadRules { vendors: config.vendors.clone(), hints: source.read.clone() }
}

/// The decisions about one source.
pub(crate) fn about(decisions: &[Decision], source: &SourceId) -> Vec<Decision> {
    decisions.iter().filter(|decision| decision.source == *source).cloned().collect()
}

/// The sources that match any of `patterns`, or all where there are none; `dir` is where their saved pages should be.
pub(crate) fn selected<'a>(
    config: &'a Config,
    patterns: &[String],
    dir: Option<&Path>,
) -> Result<Vec<&'a Source>, Ended> {
    if let Some(dir) = dir.filter(|dir| !dir.is_dir()) {
        return Err(wrong(anyhow!("--pages {}: no such folder", dir.display())));
    }
    let globs = globs(patterns, "--source").map_err(wrong)?;
    let chosen = |source: &&Source| patterns.is_empty() || globs.is_match(source.id.to_string());
    let sources: Vec<&Source> = config.sources.iter().filter(chosen).collect();
    if sources.is_empty() && !patterns.is_empty() {
        let asked = patterns.join(", ");
        return Err(wrong(anyhow!(
            "--source {asked}: no source of sources.toml matches; write vendor/service, as `huaweicloud/*`"
        )));
    }
    Ok(sources)
}

/// The patterns of `option` over `vendor/service`.
pub(crate) fn globs(patterns: &[String], option: &str) -> anyhow::Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(Glob::new(pattern).with_context(|| format!("{option} {pattern}"))?);
    }
    Ok(set.build()?)
}
