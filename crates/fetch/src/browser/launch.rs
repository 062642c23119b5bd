//! The process of the browser: how it starts, and how nothing of it remains.

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

/// The environment variable that disables the sandbox of the browser, for places where it does not work, such as
/// containers.
const NO_SANDBOX_VARIABLE: &str = "DOCDRIFT_BROWSER_NO_SANDBOX";

/// With `--remote-debugging-pipe` Chromium reads commands from file descriptor 3 and writes to 4. This shell command
/// connects them to our pipes.
const CONNECT_PIPES: &str = r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null"#;

/// The environment variables that the browser needs. It gets no others, because it runs scripts of strangers, and the
/// environment of a scheduled job holds keys.
const PASSED_VARIABLES: [&str; 6] = ["PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH"];

/// The variables that name folders to write to. All are set to the profile, which is removed with the browser.
const FOLDER_VARIABLES: [&str; 5] = ["HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"];

/// The arguments of every start. Those about the network send all connections to the proxy, loopback included, and
/// leave name lookups to it. The others disable what the browser does on its own.
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

/// The most bytes that are read of the error output of a browser.
const MAX_ERROR_OUTPUT: u64 = 64 << 10;

/// How often the removal of a profile is tried, and the pause between the tries. Together that is a second for the last
/// processes to end.
const MAX_REMOVAL_TRIES: u32 = 20;
const REMOVAL_PAUSE: Duration = Duration::from_millis(50);

/// A running browser. Dropping it ends the browser.
pub(super) struct Browser {
    // Dropped in this order, so that the process ends before its profile is removed.
    child: Child,
    tools: DevTools,
    error_output: File,
    profile: TempDir,
}

/// Whether the browser runs with its sandbox.
pub(super) fn is_sandboxed() -> bool {
    env::var_os(NO_SANDBOX_VARIABLE).is_none_or(|value| value != "1")
}

/// Returns the arguments of the browser.
pub(super) fn arguments(settings: &Settings, proxy_port: u16, is_sandboxed: bool) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = ARGUMENTS.map(Into::into).into();
    arguments.push(format!("--proxy-server=http://127.0.0.1:{proxy_port}").into());
    arguments.push(format!("--user-agent={}", settings.user_agent).into());
    if !is_sandboxed {
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

    /// Opens the page of `scope` and returns its HTML when its scripts are done.
    pub(super) async fn visit(
        &mut self,
        proxy: &Proxy<'_>,
        scope: &Scope<'_>,
        settings: &Settings,
    ) -> Result<String, AttemptError> {
        if self.tools.call("Browser.getVersion", json!({})).await.is_err() {
            return Err(AttemptError::new(FailureKind::NoBrowser, self.explain_exit()));
        }
        visit(&mut self.tools, proxy, scope, settings.max_body).await
    }

    /// Ends the browser, and waits until its processes have ended and its profile is removed.
    pub(super) async fn close(mut self) {
        self.kill_group();
        // Fails only where the process has ended already.
        let _ = self.child.kill().await;
        for _ in 0..MAX_REMOVAL_TRIES {
            if is_removed(self.profile.path()) {
                return;
            }
            sleep(REMOVAL_PAUSE).await;
        }
    }

    /// Kills all processes of the browser at once. One that outlives the others could write to the profile during its
    /// removal.
    fn kill_group(&self) {
        if let Some(group) = self.child.id() {
            let kill = format!("kill -9 -{group}");
            let _ = std::process::Command::new("/bin/sh").args(["-c", &kill]).stderr(Stdio::null()).status();
        }
    }

    fn explain_exit(&mut self) -> String {
        let mut output = Vec::new();
        let read = self
            .error_output
            .rewind()
            .and_then(|()| (&self.error_output).take(MAX_ERROR_OUTPUT).read_to_end(&mut output));
        explain_error_output(&String::from_utf8_lossy(if read.is_ok() { &output } else { &[] }))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.kill_group();
    }
}

#[expect(clippy::disallowed_methods, reason = "the profile is a temporary folder that belongs to the browser")]
fn is_removed(folder: &Path) -> bool {
    !folder.exists() || std::fs::remove_dir_all(folder).is_ok()
}

fn spawn(program: &Path, arguments: &[OsString], settings: &Settings) -> io::Result<Browser> {
    let profile = TempDir::with_prefix("docdrift-browser-")?;
    let error_output = tempfile::tempfile()?;
    let mut profile_argument = OsString::from("--user-data-dir=");
    profile_argument.push(profile.path());
    let mut child = Command::new("/bin/sh")
        .args(["-c", CONNECT_PIPES])
        .arg(program)
        .args(arguments)
        .args([profile_argument, "about:blank".into()])
        .env_clear()
        .envs(PASSED_VARIABLES.iter().filter_map(|name| Some((name, env::var_os(name)?))))
        .envs(FOLDER_VARIABLES.map(|name| (name, profile.path())))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(error_output.try_clone()?)
        // With a process group of its own the browser does not get the Ctrl-C of the terminal, which is for docdrift.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    let pipes = child.stdin.take().zip(child.stdout.take());
    let (commands, messages) = pipes.ok_or(io::ErrorKind::BrokenPipe)?;
    Ok(Browser { child, tools: DevTools::new(commands, messages, settings.max_body), error_output, profile })
}

/// Explains from its error output why a browser ended before its first command.
fn explain_error_output(output: &str) -> String {
    if output.contains("sandbox") {
        return format!(
            "the sandbox of the browser does not work here; run docdrift as a user other than root or, in a container \
             for one job, set {NO_SANDBOX_VARIABLE}=1"
        );
    }
    match output.lines().map(str::trim).rfind(|line| !line.is_empty()) {
        Some(line) => format!("the browser ended before it could be used ({line})"),
        None => "the browser ended before it could be used".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{arguments, explain_error_output};
    use crate::settings::Settings;

    #[test]
    fn all_connections_go_to_the_proxy() {
        let settings = Settings { user_agent: "docdrift/1 (+https://example.com)".to_owned(), ..Settings::default() };
        for (is_sandboxed, last) in [(true, None), (false, Some("--no-sandbox"))] {
            let arguments = arguments(&settings, 4711, is_sandboxed);
            let arguments: Vec<&str> = arguments.iter().map(|argument| argument.to_str().unwrap()).collect();
            for expected in [
                "--headless=new",
                "--remote-debugging-pipe",
                "--proxy-server=http://127.0.0.1:4711",
                "--proxy-bypass-list=<-loopback>",
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
                "--webrtc-ip-handling-policy=disable_non_proxied_udp",
                "--user-agent=docdrift/1 (+https://example.com)",
            ] {
                assert!(arguments.contains(&expected), "{expected}: {arguments:?}");
            }
            assert_eq!(arguments.iter().find(|argument| argument.contains("sandbox")), last.as_ref());
            assert!(arguments.iter().all(|argument| argument.starts_with("--")), "{arguments:?}");
        }
    }

    #[test]
    fn error_output_explains_why_a_browser_ended() {
        for (output, expected) in [
            ("", "the browser ended before it could be used"),
            ("noise\nno display\n \n", "the browser ended before it could be used (no display)"),
            (
                "[1:1:ERROR] Running as root without --no-sandbox is not supported.\nmore",
                "the sandbox of the browser does not work here; run docdrift as a user other than root or, in a container \
                 for one job, set DOCDRIFT_BROWSER_NO_SANDBOX=1",
            ),
        ] {
            assert_eq!(explain_error_output(output), expected, "{output:?}");
        }
    }
}
