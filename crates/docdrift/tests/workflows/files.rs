//! Rules for the YAML files of the workflows and the action.

use std::{
    fs,
    path::{Path, PathBuf},
};

use saphyr::{LoadableYamlNode, Yaml};

use crate::support::{read_text, repository};

fn workflows() -> Vec<PathBuf> {
    let folder = repository().join(".github/workflows");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 2, "{files:?}");
    files
}

fn action() -> PathBuf {
    repository().join("action.yml")
}

fn yaml(source: &str) -> Yaml<'_> {
    let mut documents = Yaml::load_from_str(source).expect("well-formed YAML");
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

fn pairs<'a>(node: &'a Yaml<'a>, key: &str) -> Vec<(&'a str, &'a Yaml<'a>)> {
    let mapping = node.as_mapping_get(key).and_then(Yaml::as_mapping);
    mapping.into_iter().flatten().map(|(key, value)| (key.as_str().unwrap(), value)).collect()
}

fn string<'a>(node: &'a Yaml<'a>, key: &str) -> Option<&'a str> {
    node.as_mapping_get(key).and_then(Yaml::as_str)
}

/// Returns the steps of each job, or of an action, with the name of the job.
fn steps<'a>(file: &'a Yaml<'a>) -> Vec<(&'a str, &'a Yaml<'a>)> {
    let runs = file.as_mapping_get("runs").map(|runs| ("action", runs));
    pairs(file, "jobs")
        .into_iter()
        .chain(runs)
        .flat_map(|(name, job)| {
            let steps = job.as_mapping_get("steps").and_then(Yaml::as_sequence);
            steps.into_iter().flatten().map(move |step| (name, step))
        })
        .collect()
}

fn each_step(check: impl Fn(&Path, &str, &Yaml<'_>)) {
    let mut count = 0;
    for file in workflows().into_iter().chain([action()]) {
        let source = read_text(&file);
        for (job, step) in steps(&yaml(&source)) {
            check(&file, job, step);
            count += 1;
        }
    }
    assert!(count > 15, "only {count} steps found");
}

#[test]
fn scripts_contain_no_expressions() {
    each_step(|file, job, step| {
        let script = string(step, "run").unwrap_or_default();
        assert!(!script.contains("${{"), "{}, {job}: give it by env: {script}", file.display());
        assert!(string(step, "run").is_some() != string(step, "uses").is_some(), "{}, {job}", file.display());
    });
}

#[test]
fn actions_are_githubs_own_and_pinned_by_commit() {
    each_step(|file, _, step| {
        let Some(uses) = string(step, "uses") else { return };
        let (name, version) = uses.split_once('@').expect(uses);
        assert!(name.starts_with("actions/"), "{}: {uses}", file.display());
        assert!(version.len() == 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit()), "{uses}");
        let line = read_text(file).lines().find(|line| line.contains(uses)).unwrap().to_owned();
        assert!(line.contains("# v"), "say which version that is: {line}");
    });
}

#[test]
fn one_action_has_one_version_everywhere() {
    let mut pins = std::collections::BTreeMap::new();
    for file in workflows().into_iter().chain([action()]) {
        let source = read_text(&file);
        for (_, step) in steps(&yaml(&source)) {
            let Some((name, version)) = string(step, "uses").and_then(|uses| uses.split_once('@')) else { continue };
            let repository: Vec<&str> = name.split('/').take(2).collect();
            let pinned = pins.entry(repository.join("/")).or_insert_with(|| version.to_owned());
            assert_eq!(pinned, version, "{name}");
        }
    }
}

#[test]
fn checkouts_do_not_keep_their_token() {
    each_step(|file, job, step| {
        if string(step, "uses").is_some_and(|uses| uses.starts_with("actions/checkout@")) {
            let keeps = step.as_mapping_get("with").and_then(|with| with.as_mapping_get("persist-credentials"));
            assert_eq!(keeps.and_then(Yaml::as_bool), Some(false), "{}, {job}", file.display());
        }
    });
}

#[test]
fn each_job_has_a_time_limit_and_its_own_permissions() {
    for file in workflows() {
        let source = read_text(&file);
        let workflow = yaml(&source);
        let name = file.display();
        assert!(workflow["permissions"].as_mapping().is_some_and(saphyr::Mapping::is_empty), "{name}: start from none");
        assert!(workflow.as_mapping_get("concurrency").is_some(), "{name}");
        for (job, body) in pairs(&workflow, "jobs") {
            assert!(body.as_mapping_get("timeout-minutes").and_then(Yaml::as_integer).is_some(), "{name}, {job}");
            assert!(!pairs(body, "permissions").is_empty(), "{name}, {job}");
        }
    }
}

#[test]
fn jobs_that_may_write_run_no_docdrift_and_no_pull_request_starts_them() {
    let mut writers = 0;
    for file in workflows() {
        let source = read_text(&file);
        let workflow = yaml(&source);
        let starts: Vec<&str> = pairs(&workflow, "on").into_iter().map(|(event, _)| event).collect();
        assert!(!starts.is_empty() && !starts.contains(&"pull_request_target") && !starts.contains(&"workflow_run"));
        for (job, body) in pairs(&workflow, "jobs") {
            if pairs(body, "permissions").iter().all(|(_, level)| level.as_str() == Some("read")) {
                continue;
            }
            writers += 1;
            assert!(!starts.contains(&"pull_request"), "{}, {job}", file.display());
            for (_, step) in steps(&workflow).into_iter().filter(|(name, _)| *name == job) {
                let script = string(step, "run").unwrap_or_default();
                let runs = ["action/run.sh", "action/build.sh", "cargo", "bin/docdrift"];
                assert!(!runs.iter().any(|tool| script.contains(tool)), "{}, {job}: {script}", file.display());
            }
        }
        if starts.contains(&"pull_request") {
            assert!(!source.contains("secrets") && !source.contains("github.token"), "{}", file.display());
        }
    }
    assert_eq!(writers, 1, "only one job may write");
}

#[test]
fn scripts_named_by_steps_are_executable() {
    use std::os::unix::fs::PermissionsExt;
    let mut found = 0;
    each_step(|_, _, step| {
        for word in string(step, "run").unwrap_or_default().split([' ', '"', '\'', '\n']) {
            let Some((_, inside)) = word.split_once(".github/") else { continue };
            let file = repository().join(".github").join(inside);
            let mode = fs::metadata(&file).unwrap_or_else(|error| panic!("{word}: {error}")).permissions().mode();
            assert_ne!(mode & 0o111, 0, "{word} cannot be run");
        }
    });
    for folder in ["action", "scripts"] {
        for entry in fs::read_dir(repository().join(".github").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let named = |file: &PathBuf| read_text(file).contains(&format!(".github/{folder}/{name}"));
            assert!(workflows().iter().chain([&action()]).any(named), "nothing runs {}", path.display());
            found += 1;
        }
    }
    assert_eq!(found, 3);
}

#[test]
fn inputs_are_described_and_reach_the_script() {
    let source = read_text(action());
    let action = yaml(&source);
    let script = read_text(repository().join(".github/action/run.sh"));
    let inputs = pairs(&action, "inputs");
    assert!(!inputs.is_empty());
    for (name, input) in &inputs {
        assert!(string(input, "description").is_some_and(|text| text.len() > 10), "{name}");
        assert!(input.as_mapping_get("default").is_some(), "{name}");
        let variable = format!("DOCDRIFT_{}", name.to_uppercase().replace('-', "_"));
        let given = steps(&action).into_iter().flat_map(|(_, step)| pairs(step, "env"));
        let values: Vec<&str> =
            given.filter(|(key, _)| *key == variable).filter_map(|(_, value)| value.as_str()).collect();
        assert!(values.len() == 1 && values[0].contains(&format!("inputs.{name}")), "{variable} is {values:?}");
        assert!(script.contains(&format!("${{{variable}:-")), "run.sh does not read {variable}");
    }
    let read = script.matches("${DOCDRIFT_").count();
    assert_eq!(read, inputs.len(), "run.sh reads what action.yml does not give");
}

#[test]
fn outputs_are_described_and_written() {
    let source = read_text(action());
    let action = yaml(&source);
    let script = read_text(repository().join(".github/action/run.sh"));
    let outputs = pairs(&action, "outputs");
    assert_eq!(outputs.len(), 5);
    for (name, output) in outputs {
        assert!(string(output, "description").is_some_and(|text| text.len() > 10), "{name}");
        assert_eq!(string(output, "value").unwrap(), format!("${{{{ steps.run.outputs.{name} }}}}"));
        assert!(script.contains(&format!("\"{name}=")), "run.sh does not write {name}");
    }
}

#[test]
fn workflows_use_only_known_inputs() {
    let script = read_text(repository().join(".github/action/run.sh"));
    each_step(|file, job, step| {
        for (name, _) in pairs(step, "env").iter().filter(|(name, _)| name.starts_with("DOCDRIFT_")) {
            assert!(script.contains(&format!("${{{name}:-")), "{}, {job}: {name}", file.display());
        }
    });
}

#[test]
fn the_documentation_names_every_input_and_output() {
    let source = read_text(action());
    let action = yaml(&source);
    let page = read_text(repository().join("docs/ci.md"));
    for key in ["inputs", "outputs"] {
        for (name, _) in pairs(&action, key) {
            assert!(page.contains(&format!("| `{name}` |")), "docs/ci.md does not name {name}");
        }
    }
}
