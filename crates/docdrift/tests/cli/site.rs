//! Temporary folders with saved pages, and runs of the binary in them.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::SystemTime,
};

use docdrift_model::{Lang, SourceId};
use serde_json::Value;
use tempfile::TempDir;

/// The port of `demo/sources.toml` in tests without a server.
pub(crate) const NO_PORT: u16 = 9;

/// Files below a folder by path: their bytes and the time of their last change.
pub(crate) type Files = BTreeMap<PathBuf, (Vec<u8>, SystemTime)>;

/// A temporary folder with `root/`, which has a `sources.toml`, and `pages/` for `--pages ../pages`.
pub(crate) struct Site {
    folder: TempDir,
}

impl Site {
    pub(crate) fn new(sources: &str) -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap() };
        write(&site.root().join("sources.toml"), sources);
        site
    }

    /// Returns the sources of the built-in site with the pages of its first edition.
    pub(crate) fn demo() -> Self {
        let site = Self::new(&demo_sources(NO_PORT));
        site.put_edition(1);
        site
    }

    /// Returns the demo after one refresh of all sources.
    pub(crate) fn refreshed_demo() -> Self {
        let site = Self::demo();
        site.run("refresh --pages ../pages").exits_with(0);
        site
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    /// Returns the path of a saved page, named like `vendor/service/en.html`.
    pub(crate) fn page(&self, name: &str) -> PathBuf {
        self.folder.path().join("pages").join(name)
    }

    /// Saves the pages of an edition of the built-in site.
    pub(crate) fn put_edition(&self, edition: usize) {
        for page in demo_pages() {
            write(&self.page(&page.name), page.read_edition(edition));
        }
    }

    /// Saves the pages of one source from an edition of the built-in site.
    pub(crate) fn put_source(&self, id: &str, edition: usize) {
        for page in demo_pages().into_iter().filter(|page| page.source.to_string() == id) {
            write(&self.page(&page.name), page.read_edition(edition));
        }
    }

    /// Replaces a text that occurs exactly once on a saved page.
    #[track_caller]
    pub(crate) fn edit(&self, name: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.page(name)).unwrap();
        assert_eq!(text.matches(old).count(), 1, "`{old}` on {name}");
        write(&self.page(name), text.replacen(old, new, 1));
    }

    /// Removes the text from `from`, which occurs exactly once, to the next `to` from a saved page.
    #[track_caller]
    pub(crate) fn remove_section(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.page(name)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "`{from}` on {name}");
        let (before, rest) = text.split_once(from).unwrap();
        let (_, after) = rest.split_once(to).unwrap();
        write(&self.page(name), format!("{before}{to}{after}"));
    }

    /// Runs docdrift in the root. White space separates the arguments.
    pub(crate) fn run(&self, command_line: &str) -> Run {
        run_docdrift(&self.root(), command_line)
    }

    /// Returns all files below the root.
    pub(crate) fn files(&self) -> Files {
        read_files(&self.root())
    }

    /// Returns the published files: those below `output/` and `snapshots/`.
    pub(crate) fn data(&self) -> Files {
        let mut data = read_files(&self.root().join("output"));
        data.extend(read_files(&self.root().join("snapshots")));
        data
    }

    /// Returns the text of all published files.
    pub(crate) fn data_as_text(&self) -> String {
        self.data().into_values().map(|(bytes, _)| String::from_utf8(bytes).unwrap()).collect()
    }

    /// Returns the snapshots and the dataset file of one source.
    pub(crate) fn source_data(&self, id: &str) -> Files {
        let ours = |path: &Path| path.ends_with(format!("output/{id}.json")) || is_snapshot_of(path, id);
        let mut data = self.data();
        data.retain(|path, _| ours(path));
        data
    }

    /// Returns the part of `.docdrift/report/report.json` about a source.
    #[track_caller]
    pub(crate) fn reported_source(&self, id: &str) -> Value {
        let report = fs::read_to_string(self.root().join(".docdrift/report/report.json")).unwrap();
        find_source(&serde_json::from_str(&report).unwrap(), id)
    }
}

fn is_snapshot_of(path: &Path, id: &str) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with(format!("snapshots/{id}")))
}

/// Returns the part of a JSON report about a source.
#[track_caller]
pub(crate) fn find_source(report: &Value, id: &str) -> Value {
    let sources = report["sources"].as_array().unwrap();
    sources.iter().find(|source| source["source"] == id).unwrap_or_else(|| panic!("{id} is not in {report:#}")).clone()
}

/// Result of a run of docdrift.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    #[track_caller]
    pub(crate) fn exits_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n--- stdout\n{}\n--- stderr\n{}", self.out, self.err);
        self
    }

    /// Panics unless each of `texts` is in stdout or stderr.
    #[track_caller]
    pub(crate) fn prints(self, texts: &[&str]) -> Self {
        let all = format!("{}\n{}", self.out, self.err);
        for text in texts {
            assert!(all.contains(text), "no `{text}` in\n{all}");
        }
        self
    }

    /// Panics unless each of `lines` is a complete line of stdout or stderr.
    #[track_caller]
    pub(crate) fn prints_lines(self, lines: &[&str]) -> Self {
        for expected in lines {
            let is_printed = self.out.lines().chain(self.err.lines()).any(|line| line == *expected);
            assert!(is_printed, "no line `{expected}` in\n{}\n{}", self.out, self.err);
        }
        self
    }

    /// Panics unless stdout and stderr are exactly these texts.
    #[track_caller]
    pub(crate) fn prints_exactly(self, out: &str, err: &str) -> Self {
        assert_eq!((self.out.as_str(), self.err.as_str()), (out, err));
        self
    }

    /// Parses stdout as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in\n{}", self.out))
    }
}

/// Runs docdrift in `folder`, without the proxies and the git variables of the environment.
pub(crate) fn run_docdrift(folder: &Path, command_line: &str) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docdrift"));
    for proxy in ["http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(proxy).env_remove(proxy.to_uppercase());
    }
    command.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE");
    let Output { status, stdout, stderr } =
        command.current_dir(folder).args(command_line.split_whitespace()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: status.code().expect("not killed"), out: text(stdout), err: text(stderr) }
}

/// A page of the built-in site.
pub(crate) struct DemoPage {
    pub(crate) source: SourceId,
    pub(crate) lang: Lang,
    /// The name of its saved file, as in `vendor/service/en.html`.
    pub(crate) name: String,
    /// The path of its URL, as in `nimbus/api-kls/ErrorCode.html`.
    pub(crate) path: String,
}

impl DemoPage {
    /// Returns the page of an edition. A page that an edition lacks is unchanged from the edition before.
    pub(crate) fn read_edition(&self, edition: usize) -> Vec<u8> {
        let read = |n: usize| fs::read(workspace().join(format!("demo/edition-{n}")).join(&self.path)).ok();
        (1..=edition).rev().find_map(read).unwrap()
    }
}

/// Returns the `sources.toml` of the built-in site with its pages at `port`.
pub(crate) fn demo_sources(port: u16) -> String {
    fs::read_to_string(workspace().join("demo/sources.toml")).unwrap().replace("{port}", &port.to_string())
}

/// Returns every page of the built-in site.
pub(crate) fn demo_pages() -> Vec<DemoPage> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sources.toml");
    write(&file, demo_sources(NO_PORT));
    let mut pages = Vec::new();
    for source in docdrift_config::load_config(&file).unwrap().sources {
        for lang in Lang::ALL {
            let Some(url) = source.pages.get(lang) else { continue };
            let path = url.split_once(&format!(":{NO_PORT}/")).unwrap().1.to_owned();
            let ending = path.rsplit_once('.').unwrap().1;
            pages.push(DemoPage {
                name: format!("{}/{lang}.{ending}", source.id),
                source: source.id.clone(),
                lang,
                path,
            });
        }
    }
    pages
}

/// Returns whether a program that the gate requires can be run. If not, prints that the test skips; panics in CI.
#[allow(clippy::print_stderr, reason = "a test that skips prints why")]
pub(crate) fn has_program(name: &str) -> bool {
    let is_found = Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    assert!(is_found || env::var_os("CI").is_none(), "CI is set, and {name} cannot be run");
    if !is_found {
        eprintln!("skipped: {name} cannot be run");
    }
    is_found
}

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Returns the files below a folder; none if the folder is missing.
pub(crate) fn read_files(folder: &Path) -> Files {
    let mut found = Files::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(read_files(&path));
        } else {
            let written = path.metadata().unwrap().modified().unwrap();
            found.insert(path.clone(), (fs::read(&path).unwrap(), written));
        }
    }
    found
}

/// Returns the text of an edited snapshot file with the digest of its new content.
pub(crate) fn reseal_snapshot(snapshot: &str) -> String {
    let (header, entries) = snapshot.split_once('\n').unwrap();
    let mut header: Value = serde_json::from_str(header).unwrap();
    header.as_object_mut().unwrap().remove("digest");
    header["digest"] = docdrift_model::text::digest(format!("{header}\n{entries}").as_bytes()).into();
    format!("{header}\n{entries}")
}

/// Panics if any file differs in its bytes or in the time of its last change.
#[track_caller]
pub(crate) fn assert_untouched(before: &Files, after: &Files, context: &str) {
    let paths = before.keys().chain(after.keys());
    let touched: BTreeSet<&PathBuf> = paths.filter(|path| before.get(*path) != after.get(*path)).collect();
    assert!(touched.is_empty(), "{context}\ntouched: {touched:#?}");
}

/// Returns a line for each change of a drift: kind or severity, status, code, fields.
pub(crate) fn drift_lines(drift: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let key = |value: &Value| format!("{} {}", text(&value["status"]), text(&value["code"])).trim().to_owned();
    let list = |name: &str| drift[name].as_array().unwrap().clone();
    let mut lines = Vec::new();
    lines.extend(list("added").iter().map(|entry| format!("added {}", key(entry))));
    lines.extend(list("removed").iter().map(|entry| format!("removed {}", key(entry))));
    lines.extend(list("renamed").iter().map(|it| format!("renamed {} to {}", key(&it["from"]), key(&it["to"]))));
    for change in list("changed") {
        let edit = |edit: &Value| match edit["lang"].as_str() {
            Some(lang) => format!("{} {lang}", text(&edit["field"])),
            None => format!("{} {} to {}", text(&edit["field"]), text(&edit["old"]), text(&edit["new"])),
        };
        let edits: Vec<String> = change["edits"].as_array().unwrap().iter().map(edit).collect();
        lines.push(format!("{} {}: {}", text(&change["severity"]), key(&change), edits.join(", ")));
    }
    lines.extend(list("moved").iter().map(|entry| format!("moved {}", key(entry))));
    lines
}
