//! A folder for docdrift to work in: its sources.toml, a run of it as a child process, and what the run left.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use serde_json::Value;
use tempfile::TempDir;

use crate::hostile::route::PUBLIC_DOMAIN;

/// A run that takes longer hangs.
const PATIENCE: Duration = Duration::from_mins(4);
/// How often a run's memory is looked at.
const GLANCE: Duration = Duration::from_millis(10);
/// The vendor of every source.
const VENDOR: &str = "hostile";
/// The value of a header that only one host is to be sent.
pub(crate) const SECRET: &str = "belongs-to-the-harbour-master";
/// That header.
pub(crate) const SECRET_HEADER: &str = "x-harbour-key";

/// A root of docdrift, removed in the end.
pub(crate) struct Folder {
    folder: TempDir,
}

/// A source as sources.toml names it.
pub(crate) struct Watched {
    pub(crate) service: String,
    pub(crate) url: String,
    pub(crate) local: bool,
}

/// How a run ended.
pub(crate) struct Run {
    /// The exit code, where it was not killed.
    pub(crate) code: Option<i32>,
    /// All that it printed.
    pub(crate) said: String,
    pub(crate) time: Duration,
    /// What it cost, where the system tells.
    pub(crate) cost: Cost,
}

/// What a run cost, where `/proc` tells.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cost {
    /// The most memory it held, in bytes.
    pub(crate) memory: Option<u64>,
    /// The time that processors worked for it.
    pub(crate) work: Option<Duration>,
}

impl Cost {
    /// What a running process cost so far.
    fn of(process: u32) -> Self {
        Self { memory: peak_memory(process), work: work(process) }
    }

    /// The higher of both, each by itself: a process that ended tells nothing more.
    fn max(self, other: Self) -> Self {
        Self { memory: self.memory.max(other.memory), work: self.work.max(other.work) }
    }
}

/// How a source fared in a run.
pub(crate) struct Told {
    pub(crate) outcome: String,
    pub(crate) reasons: Vec<String>,
}

/// Files below the root: their bytes by path.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

impl Folder {
    /// An empty root, whose runs trust this certificate authority and no other.
    pub(crate) fn new(authority: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("authority.pem"), authority)?;
        std::fs::create_dir(folder.path().join("root"))?;
        Ok(Self { folder })
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    /// Writes sources.toml with these settings under `[fetch]`.
    pub(crate) fn watch(&self, fetch: &str, sources: &[Watched]) -> anyhow::Result<()> {
        let mut toml = format!("[fetch]\ncontact = \"https://example.com/hostile\"\n{fetch}\n");
        for Watched { service, url, local } in sources {
            let service = format!("vendor = \"{VENDOR}\"\nservice = \"{service}\"\nname = {{ en = \"{service}\" }}");
            let licence = "licence = \"Written for docdrift; MIT OR Apache-2.0.\"";
            // Writing to a string cannot fail.
            let _ = write!(toml, "\n[[source]]\n{service}\npages = {{ en = \"{url}\" }}\n{licence}\nlocal = {local}\n");
        }
        Ok(std::fs::write(self.root().join("sources.toml"), toml)?)
    }

    /// Runs `docdrift refresh`, with this proxy to public hosts.
    pub(crate) fn refresh(&self, proxy: u16) -> anyhow::Result<Run> {
        let (out, err) = (self.folder.path().join("out"), self.folder.path().join("err"));
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("refresh").arg("--root").arg(self.root());
        command.stdin(Stdio::null()).stdout(std::fs::File::create(&out)?).stderr(std::fs::File::create(&err)?);
        for name in ["http_proxy", "all_proxy", "no_proxy", "https_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command.env_remove("SSL_CERT_DIR").env("SSL_CERT_FILE", self.folder.path().join("authority.pem"));
        command.env("HTTPS_PROXY", format!("http://127.0.0.1:{proxy}")).env("DOCDRIFT_HEADER_HOSTILE", SECRET);
        let start = Instant::now();
        let (code, cost) = watched(command.spawn()?, start)?;
        let said = [out, err].iter().map(std::fs::read).collect::<Result<Vec<_>, _>>()?.concat();
        Ok(Run { code, said: String::from_utf8_lossy(&said).into_owned(), time: start.elapsed(), cost })
    }

    /// What the last run's report tells of each source, by service.
    pub(crate) fn told(&self) -> anyhow::Result<BTreeMap<String, Told>> {
        let path = self.root().join(".docdrift/report/report.json");
        let text = std::fs::read_to_string(&path).context("the run left no report")?;
        let report: Value = serde_json::from_str(&text)?;
        let told = |source: &Value| {
            let service = source["source"].as_str()?.strip_prefix(VENDOR)?.strip_prefix('/')?.to_owned();
            let reasons = source["reasons"].as_array()?.iter().filter_map(|reason| Some(reason.as_str()?.to_owned()));
            Some((service, Told { outcome: source["outcome"].as_str()?.to_owned(), reasons: reasons.collect() }))
        };
        Ok(report["sources"].as_array().into_iter().flatten().filter_map(told).collect())
    }

    /// The snapshots and the dataset file of a source.
    pub(crate) fn data(&self, service: &str) -> anyhow::Result<Files> {
        let mut files = Files::new();
        collect(&self.root().join("snapshots").join(VENDOR).join(service), &mut files)?;
        let published = self.root().join("output").join(VENDOR).join(format!("{service}.json"));
        files.insert(published.clone(), std::fs::read(published)?);
        Ok(files)
    }

    /// The ids of a source's published entries.
    pub(crate) fn entries(&self, service: &str) -> anyhow::Result<BTreeSet<String>> {
        let path = self.root().join("output").join(VENDOR).join(format!("{service}.json"));
        let published: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
        let entries = published["entries"].as_array().context("a dataset file has entries")?;
        Ok(entries.iter().filter_map(|entry| Some(entry["id"].as_str()?.to_owned())).collect())
    }

    /// Everything below the root.
    pub(crate) fn files(&self) -> anyhow::Result<Files> {
        let root = self.root();
        let mut files = Files::new();
        collect(&root, &mut files)?;
        Ok(files.into_iter().map(|(path, bytes)| (path.strip_prefix(&root).unwrap_or(&path).into(), bytes)).collect())
    }

    /// Keeps the folder for whoever wants to see what went wrong.
    pub(crate) fn keep(self) -> PathBuf {
        self.folder.keep()
    }
}

/// A host that is sent a secret header, as sources.toml names it.
pub(crate) fn secret_host(service: &str) -> String {
    format!(
        "\n[hosts.\"{service}.{PUBLIC_DOMAIN}\"]\nheaders = {{ {SECRET_HEADER} = \"${{DOCDRIFT_HEADER_HOSTILE}}\" }}\n"
    )
}

/// Waits for the end of a run: its exit code and what it cost.
fn watched(mut run: Child, start: Instant) -> anyhow::Result<(Option<i32>, Cost)> {
    let mut cost = Cost::default();
    loop {
        cost = cost.max(Cost::of(run.id()));
        if let Some(status) = run.try_wait()? {
            return Ok((status.code(), cost));
        }
        if start.elapsed() > PATIENCE {
            run.kill()?;
            bail!("the run hangs: it had not ended after {PATIENCE:?}");
        }
        sleep(GLANCE);
    }
}

fn peak_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
}

/// The time that processors worked for a process so far, itself and the system for it: fields 14 and 15 of its `stat`,
/// in ticks of 10 ms. The second field may hold blanks and ends with a bracket.
fn work(process: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    let ticks: Vec<u64> = fields.split(' ').skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    Some(Duration::from_millis(ticks.iter().sum::<u64>() * 10))
}

fn collect(folder: &Path, files: &mut Files) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.insert(path.clone(), std::fs::read(path)?);
        }
    }
    Ok(())
}
