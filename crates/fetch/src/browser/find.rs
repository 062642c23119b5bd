//! Which browser renders.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::attempt_error::AttemptError;
use crate::failure::FailureKind;

/// Names the browser for every run on a machine.
const VARIABLE: &str = "DOCDRIFT_BROWSER";

/// What browsers of the Chromium family are called on PATH.
const NAMES: [&str; 7] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
];

/// Where they lie without being on PATH.
const PLACES: [&str; 5] = [
    "/snap/bin/chromium",
    "/opt/google/chrome/chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];

/// The browser that the settings name, or else the `variable` of the environment, or else the first installed one. One
/// that is named but not there is an error: another might render otherwise.
pub(super) fn browser(
    named: Option<&Path>,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<PathBuf, AttemptError> {
    let folders: Vec<PathBuf> = variable("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    let from_environment = variable(VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(named) = named.map(Path::to_owned).or(from_environment) {
        return program(&named, &folders).ok_or_else(|| none(format!("there is no browser {}", named.display())));
    }
    let installed = NAMES.iter().chain(&PLACES).find_map(|name| program(Path::new(name), &folders));
    installed.ok_or_else(|| none("a browser has to render this page, and none is installed".to_owned()))
}

/// The file of a program that is given by its path or, where that is a bare name, to be found in `folders`.
fn program(given: &Path, folders: &[PathBuf]) -> Option<PathBuf> {
    let is_bare = given.components().count() == 1 && given.is_relative();
    if is_bare && let Some(found) = folders.iter().map(|folder| folder.join(given)).find(|path| path.is_file()) {
        return Some(found);
    }
    (!is_bare && given.is_file()).then(|| given.to_owned())
}

fn none(detail: String) -> AttemptError {
    AttemptError::new(FailureKind::NoBrowser, detail)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::fs::File;
    use std::path::Path;

    use tempfile::TempDir;

    use super::browser;

    /// Two folders of programs; which is taken is told by its path from their common parent.
    fn found(named: Option<&str>, variable: Option<&str>) -> Result<String, String> {
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
        let named = named.map(inside);
        match browser(named.as_deref().map(Path::new), environment) {
            Ok(path) => Ok(path.strip_prefix(root.path()).unwrap().display().to_string()),
            Err(miss) => Err(miss.detail),
        }
    }

    #[test]
    fn which_browser_is_taken() {
        for (named, variable, expected) in [
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
            let found = found(named, variable);
            assert_eq!((found.clone().ok(), found.err()), (path, error), "{named:?} {variable:?}");
        }
    }

    #[test]
    fn a_machine_without_a_browser_is_told_so() {
        let nothing = |_: &str| None;
        // Whether one lies in a usual place is up to the machine.
        if let Err(miss) = browser(None, nothing) {
            assert_eq!(miss.detail, "a browser has to render this page, and none is installed");
        }
        assert!(browser(Some(Path::new("")), nothing).is_err());
    }
}
