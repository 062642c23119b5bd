//! The browser as a process: what it is told at its start, and that nothing of it stays.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::sleep;

use super::devtools::DevTools;
use super::proxy::Proxy;
use super::scope::Scope;
use super::visit::visit;
use crate::attempt_error::AttemptError;
use crate::failure::FailureKind;
use crate::settings::Settings;

/// Switches the browser's sandbox off where it cannot be had, as in a container.
const NO_SANDBOX: &str = "DOCDRIFT_BROWSER_NO_SANDBOX";

/// Chromium reads commands from file 3 and answers to file 4 once it is told `--remote-debugging-pipe`.
const REPLUG: &str = r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null"#;

/// What of the environment the browser needs. The rest is kept from it: it runs strangers' scripts, and the environment
/// of a scheduled job holds keys.
const ENVIRONMENT: [&str; 6] = ["PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH"];

/// Where the browser may leave things: all of these are its profile, which goes with it.
const FOLDERS: [&str; 5] = ["HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"];

/// Said at every start. Most of it keeps the browser from business of its own; what has to do with the network says
/// that all of it goes to the proxy, loopback included, and that no name is looked up but by the proxy.
const ARGUMENTS: [&str; 25] = [
    "--headless=new",
    "--remote-debugging-pipe",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--no-pings",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-service-autorun",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--disable-features=MediaRouter,OptimizationHints,Translate",
    "--block-new-web-contents",
    "--mute-audio",
    "--password-store=basic",
];

/// The most that is read of what a browser said before it ended, in bytes.
const MAX_WORDS: u64 = 64 << 10;

/// How often the removal of a profile is tried, and the pause between; the last processes may take that long to go.
const REMOVALS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// A running browser; it ends with this value.
pub(super) struct Browser {
    // Dropped in this order: the process is gone before its profile goes.
    child: Child,
    tools: DevTools,
    words: File,
    profile: TempDir,
}

/// Whether the browser is to keep strangers' scripts in its sandbox.
pub(super) fn sandboxed() -> bool {
    env::var_os(NO_SANDBOX).is_none_or(|value| value != "1")
}

pub(super) fn arguments(settings: &Settings, proxy_port: u16, sandboxed: bool) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = ARGUMENTS.map(Into::into).into();
    arguments.push(format!("--proxy-server=http://127.0.0.1:{proxy_port}").into());
    arguments.push(format!("--user-agent={}", settings.user_agent).into());
    if !sandboxed {
        arguments.push("--no-sandbox".into());
    }
    arguments
}

impl Browser {
    pub(super) fn launch(program: &Path, arguments: &[OsString], settings: &Settings) -> Result<Self, AttemptError> {
        spawn(program, arguments, settings).map_err(|error| {
            let detail = format!("{} could not be started ({error})", program.display());
            AttemptError::new(FailureKind::NoBrowser, detail)
        })
    }

    /// The page as the browser shows it.
    pub(super) async fn visit(
        &mut self,
        proxy: &Proxy<'_>,
        scope: &Scope<'_>,
        settings: &Settings,
    ) -> Result<String, AttemptError> {
        if self.tools.call("Browser.getVersion", json!({})).await.is_err() {
            return Err(AttemptError::new(FailureKind::NoBrowser, self.last_words()));
        }
        visit(&mut self.tools, proxy, scope, settings.max_body).await
    }

    /// Ends the browser, and waits until it has ended and its profile is gone.
    pub(super) async fn close(mut self) {
        self.end();
        // It fails only where the process has ended already.
        let _ = self.child.kill().await;
        for _ in 0..REMOVALS {
            if remove(self.profile.path()) {
                return;
            }
            sleep(PAUSE).await;
        }
    }

    /// Ends all of the browser's processes at once. One that outlived the others could write to the profile while it is
    /// removed.
    fn end(&self) {
        if let Some(group) = self.child.id() {
            let kill = format!("kill -9 -{group}");
            let _ = std::process::Command::new("/bin/sh").args(["-c", &kill]).stderr(Stdio::null()).status();
        }
    }

    fn last_words(&mut self) -> String {
        let mut words = Vec::new();
        let read = self.words.rewind().and_then(|()| (&self.words).take(MAX_WORDS).read_to_end(&mut words));
        explain(&String::from_utf8_lossy(if read.is_ok() { &words } else { &[] }))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.end();
    }
}

#[expect(clippy::disallowed_methods, reason = "the profile is the browser's, made and removed with it")]
fn remove(folder: &Path) -> bool {
    !folder.exists() || std::fs::remove_dir_all(folder).is_ok()
}

fn spawn(program: &Path, arguments: &[OsString], settings: &Settings) -> io::Result<Browser> {
    let profile = TempDir::with_prefix("docdrift-browser-")?;
    let words = tempfile::tempfile()?;
    let mut folder = OsString::from("--user-data-dir=");
    folder.push(profile.path());
    let mut child = Command::new("/bin/sh")
        .args(["-c", REPLUG])
        .arg(program)
        .args(arguments)
        .args([folder, "about:blank".into()])
        .env_clear()
        .envs(ENVIRONMENT.iter().filter_map(|name| Some((name, env::var_os(name)?))))
        .envs(FOLDERS.map(|name| (name, profile.path())))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(words.try_clone()?)
        // Ctrl-C in a terminal is for docdrift, which ends the browser in its own time.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    let pipes = child.stdin.take().zip(child.stdout.take());
    let (commands, answers) = pipes.ok_or(io::ErrorKind::BrokenPipe)?;
    Ok(Browser { child, tools: DevTools::new(commands, answers, settings.max_body), words, profile })
}

/// What to say of a browser that ended before it was told anything, by what it said itself.
fn explain(words: &str) -> String {
    if words.contains("sandbox") {
        return format!(
            "the browser cannot have its sandbox here; run docdrift as a user other than root or, in a container that \
             is thrown away, set {NO_SANDBOX}=1"
        );
    }
    match words.lines().map(str::trim).rfind(|line| !line.is_empty()) {
        Some(line) => format!("the browser ended before it could be used ({line})"),
        None => "the browser ended before it could be used".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{arguments, explain};
    use crate::settings::Settings;

    #[test]
    fn all_of_the_network_goes_to_the_proxy() {
        let settings = Settings { user_agent: "docdrift/1 (+https://example.com)".to_owned(), ..Settings::default() };
        for (sandboxed, last) in [(true, None), (false, Some("--no-sandbox"))] {
            let told = arguments(&settings, 4711, sandboxed);
            let told: Vec<&str> = told.iter().map(|argument| argument.to_str().unwrap()).collect();
            for expected in [
                "--headless=new",
                "--remote-debugging-pipe",
                "--proxy-server=http://127.0.0.1:4711",
                "--proxy-bypass-list=<-loopback>",
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
                "--webrtc-ip-handling-policy=disable_non_proxied_udp",
                "--user-agent=docdrift/1 (+https://example.com)",
            ] {
                assert!(told.contains(&expected), "{expected}: {told:?}");
            }
            assert_eq!(told.iter().find(|argument| argument.contains("sandbox")), last.as_ref());
            assert!(told.iter().all(|argument| argument.starts_with("--")), "{told:?}");
        }
    }

    #[test]
    fn why_a_browser_did_not_start() {
        for (words, expected) in [
            ("", "the browser ended before it could be used"),
            ("noise\nno display\n \n", "the browser ended before it could be used (no display)"),
            (
                "[1:1:ERROR] Running as root without --no-sandbox is not supported.\nmore",
                "the browser cannot have its sandbox here; run docdrift as a user other than root or, in a container \
                 that is thrown away, set DOCDRIFT_BROWSER_NO_SANDBOX=1",
            ),
        ] {
            assert_eq!(explain(words), expected, "{words:?}");
        }
    }
}
