//! A folder for docdrift to work in, with saved pages beside it, and the binary run there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::SystemTime,
};

use docdrift_model::{Lang, SourceId};
use serde_json::Value;
use tempfile::TempDir;

/// Where `demo/sources.toml` is served when nobody is meant to ask.
pub(crate) const NO_PORT: u16 = 9;

/// Files below a folder: their bytes and when they were last written, by path.
pub(crate) type Files = BTreeMap<PathBuf, (Vec<u8>, SystemTime)>;

/// `root/` with a `sources.toml`, and `pages/` beside it for `--pages ../pages`.
pub(crate) struct Site {
    folder: TempDir,
}

impl Site {
    pub(crate) fn new(sources: &str) -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap() };
        write(&site.root().join("sources.toml"), sources);
        site
    }

    /// The sources of the built-in site with the pages of its first edition.
    pub(crate) fn demo() -> Self {
        let site = Self::new(&demo_sources(NO_PORT));
        site.put_edition(1);
        site
    }

    /// The same, all of them refreshed once.
    pub(crate) fn refreshed_demo() -> Self {
        let site = Self::demo();
        site.run("refresh --pages ../pages").ends(0);
        site
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    /// A saved page, as `vendor/service/en.html`.
    pub(crate) fn page(&self, name: &str) -> PathBuf {
        self.folder.path().join("pages").join(name)
    }

    /// Saves the pages of an edition of the built-in site.
    pub(crate) fn put_edition(&self, edition: usize) {
        for page in demo_pages() {
            write(&self.page(&page.name), page.in_edition(edition));
        }
    }

    /// Saves the pages of one source as an edition of the built-in site has them.
    pub(crate) fn put_source(&self, id: &str, edition: usize) {
        for page in demo_pages().into_iter().filter(|page| page.source.to_string() == id) {
            write(&self.page(&page.name), page.in_edition(edition));
        }
    }

    /// Replaces what stands exactly once on a saved page.
    #[track_caller]
    pub(crate) fn edit(&self, name: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.page(name)).unwrap();
        assert_eq!(text.matches(old).count(), 1, "`{old}` on {name}");
        write(&self.page(name), text.replacen(old, new, 1));
    }

    /// Takes out of a saved page what begins with `from`, which stands there once, up to the next `to`.
    #[track_caller]
    pub(crate) fn take_out(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.page(name)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "`{from}` on {name}");
        let (before, rest) = text.split_once(from).unwrap();
        let (_, after) = rest.split_once(to).unwrap();
        write(&self.page(name), format!("{before}{to}{after}"));
    }

    /// Runs docdrift in the root; words are parted by white space.
    pub(crate) fn run(&self, command_line: &str) -> Run {
        docdrift(&self.root(), command_line)
    }

    /// Everything below the root.
    pub(crate) fn files(&self) -> Files {
        files(&self.root())
    }

    /// What is published: everything below `output/` and `snapshots/`.
    pub(crate) fn data(&self) -> Files {
        let mut data = files(&self.root().join("output"));
        data.extend(files(&self.root().join("snapshots")));
        data
    }

    /// All that is published as one text.
    pub(crate) fn data_as_text(&self) -> String {
        self.data().into_values().map(|(bytes, _)| String::from_utf8(bytes).unwrap()).collect()
    }

    /// The snapshots and the dataset file of one source.
    pub(crate) fn data_of(&self, id: &str) -> Files {
        let ours = |path: &Path| path.ends_with(format!("output/{id}.json")) || is_below(path, id);
        let mut data = self.data();
        data.retain(|path, _| ours(path));
        data
    }

    /// What `.docdrift/report/report.json` tells of a source.
    #[track_caller]
    pub(crate) fn told_of(&self, id: &str) -> Value {
        let report = fs::read_to_string(self.root().join(".docdrift/report/report.json")).unwrap();
        source_in(&serde_json::from_str(&report).unwrap(), id)
    }
}

fn is_below(path: &Path, id: &str) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with(format!("snapshots/{id}")))
}

/// What a JSON report tells of a source.
#[track_caller]
pub(crate) fn source_in(report: &Value, id: &str) -> Value {
    let sources = report["sources"].as_array().unwrap();
    sources.iter().find(|source| source["source"] == id).unwrap_or_else(|| panic!("{id} is not in {report:#}")).clone()
}

/// How a run of docdrift ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n--- stdout\n{}\n--- stderr\n{}", self.out, self.err);
        self
    }

    /// Answers with each of `texts` somewhere.
    #[track_caller]
    pub(crate) fn says(self, texts: &[&str]) -> Self {
        let all = format!("{}\n{}", self.out, self.err);
        for text in texts {
            assert!(all.contains(text), "no `{text}` in\n{all}");
        }
        self
    }

    /// The JSON answer.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in\n{}", self.out))
    }
}

/// Runs docdrift in `folder` as on a machine without a proxy.
pub(crate) fn docdrift(folder: &Path, command_line: &str) -> Run {
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
    /// Where it is saved, as `vendor/service/en.html`.
    pub(crate) name: String,
    /// Where it is served, as `nimbus/api-kls/ErrorCode.html`.
    pub(crate) path: String,
}

impl DemoPage {
    /// The page as it is served then: one that an edition lacks is the one of the edition before.
    pub(crate) fn in_edition(&self, edition: usize) -> Vec<u8> {
        let read = |n: usize| fs::read(workspace().join(format!("demo/edition-{n}")).join(&self.path)).ok();
        (1..=edition).rev().find_map(read).unwrap()
    }
}

/// The built-in site's `sources.toml` with its pages at `port`.
pub(crate) fn demo_sources(port: u16) -> String {
    fs::read_to_string(workspace().join("demo/sources.toml")).unwrap().replace("{port}", &port.to_string())
}

/// Every page of the built-in site.
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

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// The files below a folder, none where it is missing.
pub(crate) fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let written = path.metadata().unwrap().modified().unwrap();
            found.insert(path.clone(), (fs::read(&path).unwrap(), written));
        }
    }
    found
}

/// The text of a snapshot file that was edited, with the digest that its entries have now.
pub(crate) fn resealed(snapshot: &str) -> String {
    let (header, entries) = snapshot.split_once('\n').unwrap();
    let mut header: Value = serde_json::from_str(header).unwrap();
    header.as_object_mut().unwrap().remove("digest");
    header["digest"] = docdrift_model::text::digest(format!("{header}\n{entries}").as_bytes()).into();
    format!("{header}\n{entries}")
}

/// Panics where the files are not the same, written at the same time.
#[track_caller]
pub(crate) fn assert_untouched(before: &Files, after: &Files, context: &str) {
    let paths = before.keys().chain(after.keys());
    let touched: BTreeSet<&PathBuf> = paths.filter(|path| before.get(*path) != after.get(*path)).collect();
    assert!(touched.is_empty(), "{context}\ntouched: {touched:#?}");
}

/// A drift as lines: what happened, how grave, to which status and code, in which fields.
pub(crate) fn lines(drift: &Value) -> Vec<String> {
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
