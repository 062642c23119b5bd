//! A root for docdrift to work in: its sources.toml, runs of it, and what they left.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::PathBuf,
    process::Child,
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    docdrift_process::docdrift_command,
    file_tree::{FileTree, read_tree},
    hostile::route::PUBLIC_DOMAIN,
};

/// A run that takes longer hangs: a run over all routes takes less than a minute on two busy cores.
const RUN_LIMIT: Duration = Duration::from_mins(4);
/// How often the memory of a run is read.
const POLL_INTERVAL: Duration = Duration::from_millis(10);
/// The vendor of every source.
const VENDOR: &str = "hostile";
/// The value of a header that only one host may receive.
pub(crate) const SECRET: &str = "belongs-to-the-harbour-master";
/// The name of that header.
pub(crate) const SECRET_HEADER: &str = "x-harbour-key";

/// A root of docdrift in a temporary folder.
pub(crate) struct TestRoot {
    folder: TempDir,
}

/// A source as sources.toml lists it.
pub(crate) struct ListedSource {
    pub(crate) service: String,
    pub(crate) url: String,
    pub(crate) is_local: bool,
}

/// How a run ended.
pub(crate) struct FinishedRun {
    /// The exit code; none when a signal ended it.
    pub(crate) code: Option<i32>,
    /// All that it printed.
    pub(crate) output: String,
    pub(crate) time: Duration,
    pub(crate) cost: Cost,
}

/// What a run cost, as far as `/proc` says.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cost {
    /// The peak of its memory, in bytes.
    pub(crate) memory: Option<u64>,
    pub(crate) cpu_time: Option<Duration>,
}

impl Cost {
    /// Reads what a running process has cost so far.
    fn read(process: u32) -> Self {
        Self { memory: read_peak_memory(process), cpu_time: read_cpu_time(process) }
    }

    /// The maximum of each figure: a process that has ended has none.
    fn max(self, other: Self) -> Self {
        Self { memory: self.memory.max(other.memory), cpu_time: self.cpu_time.max(other.cpu_time) }
    }
}

/// What the report of a run says of a source.
pub(crate) struct ReportedSource {
    pub(crate) outcome: String,
    pub(crate) reasons: Vec<String>,
}

impl TestRoot {
    /// Creates an empty root, whose runs trust this certificate authority and no other.
    pub(crate) fn new(authority: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("authority.pem"), authority)?;
        std::fs::create_dir(folder.path().join("root"))?;
        Ok(Self { folder })
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    /// Writes sources.toml with these settings under `[fetch]`.
    pub(crate) fn write_sources(&self, fetch: &str, sources: &[ListedSource]) -> anyhow::Result<()> {
        let mut toml = format!("[fetch]\ncontact = \"https://example.com/hostile\"\n{fetch}\n");
        for ListedSource { service, url, is_local } in sources {
            let service = format!("vendor = \"{VENDOR}\"\nservice = \"{service}\"\nname = {{ en = \"{service}\" }}");
            let licence = "licence = \"Written for docdrift; MIT OR Apache-2.0.\"";
            // Writing to a string cannot fail.
            let _ =
                write!(toml, "\n[[source]]\n{service}\npages = {{ en = \"{url}\" }}\n{licence}\nlocal = {is_local}\n");
        }
        Ok(std::fs::write(self.path().join("sources.toml"), toml)?)
    }

    /// Runs `docdrift refresh`, with this proxy to public hosts.
    pub(crate) fn refresh(&self, proxy_port: u16) -> anyhow::Result<FinishedRun> {
        let (out, err) = (self.folder.path().join("out"), self.folder.path().join("err"));
        let mut command = docdrift_command()?;
        command.arg("refresh").arg("--root").arg(self.path());
        command.stdout(std::fs::File::create(&out)?).stderr(std::fs::File::create(&err)?);
        for name in ["http_proxy", "all_proxy", "no_proxy", "https_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command.env_remove("SSL_CERT_DIR").env("SSL_CERT_FILE", self.folder.path().join("authority.pem"));
        command.env("HTTPS_PROXY", format!("http://127.0.0.1:{proxy_port}")).env("DOCDRIFT_HEADER_HOSTILE", SECRET);
        let start = Instant::now();
        let (code, cost) = wait_for_end(command.spawn()?, start)?;
        let output = [out, err].iter().map(std::fs::read).collect::<Result<Vec<_>, _>>()?.concat();
        Ok(FinishedRun { code, output: String::from_utf8_lossy(&output).into_owned(), time: start.elapsed(), cost })
    }

    /// Reads what the last run's report says of each source, by service.
    pub(crate) fn read_report(&self) -> anyhow::Result<BTreeMap<String, ReportedSource>> {
        let path = self.path().join(".docdrift/report/report.json");
        let text = std::fs::read_to_string(&path).context("the run left no report")?;
        let report: Value = serde_json::from_str(&text)?;
        Ok(report["sources"].as_array().into_iter().flatten().filter_map(parse_reported_source).collect())
    }

    /// Reads the snapshots and the dataset file of a source.
    pub(crate) fn read_data(&self, service: &str) -> anyhow::Result<FileTree> {
        let mut files = read_tree(&self.path(), &[&format!("snapshots/{VENDOR}/{service}")])?;
        ensure!(!files.is_empty(), "no snapshot is left");
        let path = self.dataset_path(service);
        files.insert(path.clone(), std::fs::read(path)?);
        Ok(files)
    }

    /// Reads the ids of a source's published entries.
    pub(crate) fn read_entry_ids(&self, service: &str) -> anyhow::Result<BTreeSet<String>> {
        let published: Value = serde_json::from_str(&std::fs::read_to_string(self.dataset_path(service))?)?;
        let entries = published["entries"].as_array().context("a dataset file has entries")?;
        Ok(entries.iter().filter_map(|entry| Some(entry["id"].as_str()?.to_owned())).collect())
    }

    fn dataset_path(&self, service: &str) -> PathBuf {
        self.path().join("output").join(VENDOR).join(format!("{service}.json"))
    }

    /// Reads all files below the root.
    pub(crate) fn read_files(&self) -> anyhow::Result<FileTree> {
        read_tree(&self.path(), &[""])
    }

    /// Keeps the folder, so that a failure can be inspected.
    pub(crate) fn keep(self) -> PathBuf {
        self.folder.keep()
    }
}

fn parse_reported_source(source: &Value) -> Option<(String, ReportedSource)> {
    let service = source["source"].as_str()?.strip_prefix(VENDOR)?.strip_prefix('/')?.to_owned();
    let reasons = source["reasons"].as_array()?.iter().filter_map(|reason| Some(reason.as_str()?.to_owned()));
    Some((service, ReportedSource { outcome: source["outcome"].as_str()?.to_owned(), reasons: reasons.collect() }))
}

/// The settings of a host that receives the secret header, as sources.toml has them.
pub(crate) fn secret_host_settings(service: &str) -> String {
    format!(
        "\n[hosts.\"{service}.{PUBLIC_DOMAIN}\"]\nheaders = {{ {SECRET_HEADER} = \"${{DOCDRIFT_HEADER_HOSTILE}}\" }}\n"
    )
}

/// Waits for the end of a run. Returns its exit code and what it cost.
fn wait_for_end(mut run: Child, start: Instant) -> anyhow::Result<(Option<i32>, Cost)> {
    let mut cost = Cost::default();
    loop {
        cost = cost.max(Cost::read(run.id()));
        if let Some(status) = run.try_wait()? {
            return Ok((status.code(), cost));
        }
        if start.elapsed() > RUN_LIMIT {
            run.kill()?;
            bail!("the run hangs: it had not ended after {RUN_LIMIT:?}");
        }
        sleep(POLL_INTERVAL);
    }
}

fn read_peak_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
}

/// Reads the CPU time of a process so far, in user and system mode: fields 14 and 15 of its `stat`, in ticks of 10 ms.
/// The second field may contain blanks and ends with a bracket.
fn read_cpu_time(process: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    let ticks: Vec<u64> = fields.split(' ').skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    Some(Duration::from_millis(ticks.iter().sum::<u64>() * 10))
}
