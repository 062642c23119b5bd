//! The configuration of a workspace: its sources, and what a maintainer decided about their rows.

use std::path::Path;

use anyhow::{Context as _, anyhow};
use docdrift_config::{ConfigError, Problem, builtin_vendors, load_overrides};
use docdrift_model::{ReadRules, Source, SourceId, config::Config, decision::Decision};
use docdrift_parse::check_hints;
use globset::{Glob, GlobSet, GlobSetBuilder};

use super::Error;

/// The file of the maintainer's decisions.
pub(crate) const OVERRIDES: &str = "overrides.toml";

/// The file of the sources.
pub(crate) const SOURCES: &str = "sources.toml";

/// Reads the configuration of the root.
pub(crate) fn load_config(root: &Path) -> Result<Config, Error> {
    let path = root.join(SOURCES);
    let config = docdrift_config::load_config(&path).map_err(Error::usage)?;
    let problems = config.sources.iter().filter_map(|source| {
        let why = check_hints(&source.read).err()?;
        Some(Problem { at: None, message: format!("`{}`: {why}", source.id) })
    });
    let problems: Vec<Problem> = problems.collect();
    if problems.is_empty() { Ok(config) } else { Err(Error::usage(ConfigError { path, problems })) }
}

/// Reads the configuration of the root and the decisions about its sources.
pub(crate) fn load_settings(root: &Path) -> Result<(Config, Vec<Decision>), Error> {
    let config = load_config(root)?;
    let path = root.join(OVERRIDES);
    let decisions = load_overrides(&path).map_err(Error::usage)?;
    let is_known = |id: &SourceId| config.sources.iter().any(|source| source.id == *id);
    let unknown = decisions.iter().filter(|decision| !is_known(&decision.source)).map(|decision| Problem {
        at: Some((decision.line, 1)),
        message: format!("`{}` is no source of sources.toml", decision.source),
    });
    let problems: Vec<Problem> = unknown.collect();
    if problems.is_empty() { Ok((config, decisions)) } else { Err(Error::usage(ConfigError { path, problems })) }
}

/// Returns the rules for a page that belongs to no source: the vendors of the root's `sources.toml`, or the built-in ones
/// where there is no such file.
pub(crate) fn load_read_rules(root: Option<&Path>) -> Result<ReadRules, Error> {
    let vendors = match root.filter(|root| root.join(SOURCES).is_file()) {
        Some(root) => load_config(root)?.vendors,
        None => builtin_vendors(),
    };
    Ok(ReadRules { vendors, ..ReadRules::default() })
}

/// Finds a source by its id.
pub(crate) fn find_source<'a>(config: &'a Config, id: &SourceId) -> Result<&'a Source, Error> {
    let source = config.sources.iter().find(|source| source.id == *id);
    source.ok_or_else(|| Error::usage(anyhow!("`{id}` is no source of sources.toml; `docdrift status` lists them")))
}

/// Returns the rules for the pages of a source.
pub(crate) fn read_rules(config: &Config, source: &Source) -> ReadRules {
    ReadRules { vendors: config.vendors.clone(), hints: source.read.clone() }
}

/// Selects the decisions about one source.
pub(crate) fn select_decisions(decisions: &[Decision], source: &SourceId) -> Vec<Decision> {
    decisions.iter().filter(|decision| decision.source == *source).cloned().collect()
}

/// Selects the sources that match any of `patterns`, or all where there are none. `dir` is the folder of their saved pages.
pub(crate) fn select_sources<'a>(
    config: &'a Config,
    patterns: &[String],
    dir: Option<&Path>,
) -> Result<Vec<&'a Source>, Error> {
    if let Some(dir) = dir.filter(|dir| !dir.is_dir()) {
        return Err(Error::usage(anyhow!("--pages {}: no such folder", dir.display())));
    }
    let globs = compile_globs(patterns, "--source").map_err(Error::usage)?;
    let is_selected = |source: &&Source| patterns.is_empty() || globs.is_match(source.id.to_string());
    let sources: Vec<&Source> = config.sources.iter().filter(is_selected).collect();
    if sources.is_empty() && !patterns.is_empty() {
        let asked = patterns.join(", ");
        return Err(Error::usage(anyhow!(
            "--source {asked}: no source of sources.toml matches; write vendor/service, as `huaweicloud/*`"
        )));
    }
    Ok(sources)
}

/// Compiles the patterns of `vendor/service` that `option` names.
pub(crate) fn compile_globs(patterns: &[String], option: &str) -> anyhow::Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(Glob::new(pattern).with_context(|| format!("{option} {pattern}"))?);
    }
    Ok(set.build()?)
}
