//! Finds the browser that renders.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::attempt_error::AttemptError;
use crate::failure::FailureKind;

/// The environment variable that sets the browser for all runs on a machine.
const BROWSER_VARIABLE: &str = "DOCDRIFT_BROWSER";

/// The names of Chromium and its relatives on PATH.
const PROGRAM_NAMES: [&str; 7] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
];

/// Where they are installed without being on PATH.
const INSTALL_PATHS: [&str; 5] = [
    "/snap/bin/chromium",
    "/opt/google/chrome/chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];

/// Returns the browser that is configured in the settings, or else in the environment, or else the first installed one.
/// `variable` reads the environment. A configured browser that is missing is an error, because another one might render
/// the page differently.
pub(super) fn find_browser(
    configured: Option<&Path>,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<PathBuf, AttemptError> {
    let folders: Vec<PathBuf> = variable("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    let from_environment = variable(BROWSER_VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(configured) = configured.map(Path::to_owned).or(from_environment) {
        return program_path(&configured, &folders)
            .ok_or_else(|| no_browser(format!("there is no browser {}", configured.display())));
    }
    let installed = PROGRAM_NAMES.iter().chain(&INSTALL_PATHS).find_map(|name| program_path(Path::new(name), &folders));
    installed.ok_or_else(|| no_browser("a browser has to render this page, and none is installed".to_owned()))
}

/// Returns the file of the program `given`: a path, or a bare name that is looked up in `folders`.
fn program_path(given: &Path, folders: &[PathBuf]) -> Option<PathBuf> {
    let is_bare = given.components().count() == 1 && given.is_relative();
    if is_bare && let Some(found) = folders.iter().map(|folder| folder.join(given)).find(|path| path.is_file()) {
        return Some(found);
    }
    (!is_bare && given.is_file()).then(|| given.to_owned())
}

fn no_browser(detail: String) -> AttemptError {
    AttemptError::new(FailureKind::NoBrowser, detail)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::fs::File;
    use std::path::Path;

    use tempfile::TempDir;

    use super::find_browser;

    /// Searches two folders of programs, and returns the path of the browser from their common parent.
    fn find(configured: Option<&str>, variable: Option<&str>) -> Result<String, String> {
        let root = TempDir::new().unwrap();
        let folders = ["one", "two"].map(|name| root.path().join(name));
        for (folder, names) in folders.iter().zip([["google-chrome", "own"], ["chromium", "own"]]) {
            std::fs::create_dir(folder).unwrap();
            for name in names {
                File::create_new(folder.join(name)).unwrap();
            }
        }
        let inside = |given: &str| given.replace("ROOT", root.path().to_str().unwrap());
        let path = std::env::join_paths(&folders).unwrap();
        let environment = |name: &str| match name {
            "PATH" => Some(path.clone()),
            "DOCDRIFT_BROWSER" => variable.map(|given| OsString::from(inside(given))),
            _ => None,
        };
        let configured = configured.map(inside);
        match find_browser(configured.as_deref().map(Path::new), environment) {
            Ok(path) => Ok(path.strip_prefix(root.path()).unwrap().display().to_string()),
            Err(error) => Err(error.detail),
        }
    }

    #[test]
    fn a_configured_browser_comes_before_an_installed_one() {
        for (configured, variable, expected) in [
            (None, None, Ok("two/chromium")),
            (None, Some(""), Ok("two/chromium")),
            (None, Some("google-chrome"), Ok("one/google-chrome")),
            (None, Some("ROOT/two/own"), Ok("two/own")),
            (Some("own"), None, Ok("one/own")),
            (Some("own"), Some("chromium"), Ok("one/own")),
            (Some("ROOT/two/own"), None, Ok("two/own")),
            (Some("other"), None, Err("there is no browser other")),
            (None, Some("other"), Err("there is no browser other")),
            (Some("one"), None, Err("there is no browser one")),
            (Some("./chromium"), None, Err("there is no browser ./chromium")),
        ] {
            let (path, error) = (expected.ok().map(str::to_owned), expected.err().map(str::to_owned));
            let found = find(configured, variable);
            assert_eq!((found.clone().ok(), found.err()), (path, error), "{configured:?} {variable:?}");
        }
    }

    #[test]
    fn a_machine_without_a_browser_is_an_error() {
        let nothing = |_: &str| None;
        // This machine may have one at a usual path.
        if let Err(error) = find_browser(None, nothing) {
            assert_eq!(error.detail, "a browser has to render this page, and none is installed");
        }
        assert!(find_browser(Some(Path::new("")), nothing).is_err());
    }
}
