//! One run at a time: a lock that the system takes back when its process ends, however it ends. The file stays.

use std::{
    fs::{File, TryLockError},
    io::Write as _,
    path::Path,
};

use anyhow::{Context as _, Result, bail};

use crate::{files, journal::WORK};

/// Of what a lock file says, so much is told: it may hold anything.
const TOLD: usize = 120;

/// Locks `root` until the value is dropped. An error that says who holds it where another run does.
pub(crate) fn take(root: &Path) -> Result<File> {
    let relative = Path::new(WORK).join("lock");
    files::check_target(root, &relative)?;
    let path = root.join(relative);
    let context = || format!("cannot lock {}", path.display());
    let options = File::options().read(true).write(true).create(true).truncate(false).open(&path);
    let mut file = options.with_context(context)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            bail!("another run holds {} ({}): wait until it has ended", path.display(), holder(&path))
        }
        Err(TryLockError::Error(error)) => return Err(error).with_context(context),
    }
    file.set_len(0).with_context(context)?;
    file.write_all(myself().as_bytes()).with_context(context)?;
    Ok(file)
}

/// Who holds the lock, as its file tells: written by the holder right after it has the lock.
fn holder(path: &Path) -> String {
    let text = files::read_text_optional(path).ok().flatten().unwrap_or_default();
    let text: String = text.trim().chars().filter(|c| !c.is_control()).take(TOLD).collect();
    if text.is_empty() { "it has only just begun".to_owned() } else { text }
}

/// This process, when it began, and the machine where that can be told: the folder may be shared by several.
fn myself() -> String {
    let started = jiff::Timestamp::now().as_second();
    let started = jiff::Timestamp::from_second(started).unwrap_or_default();
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = if host.trim().is_empty() { String::new() } else { format!(" on {}", host.trim()) };
    format!("pid {}, started {started}{host}", std::process::id())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::take;

    #[test]
    fn whatever_the_file_says_one_line_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(".docdrift/lock");
        fs::create_dir(dir.path().join(".docdrift")).unwrap();
        let held = take(dir.path()).unwrap();
        let pid = format!("(pid {}, started 20", std::process::id());
        let hostile = format!("\u{1b}[2Ja\nb{}", "x".repeat(1000));
        for (text, expected) in
            [(None, pid.as_str()), (Some(""), "(it has only just begun)"), (Some(&hostile), "([2Jab")]
        {
            if let Some(text) = text {
                fs::write(&file, text).unwrap();
            }
            let error = take(dir.path()).unwrap_err().to_string();
            assert!(error.contains(expected) && error.len() < 400 && !error.contains(['\u{1b}', '\n']), "{error}");
        }
        drop(held);
        take(dir.path()).unwrap();
    }

    #[test]
    fn a_lock_is_a_plain_file() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join(".docdrift/lock")).unwrap();
        let error = take(dir.path()).unwrap_err().to_string();
        assert!(error.contains("stands where a file should be"), "{error}");
    }
}
