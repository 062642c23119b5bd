//! One run at a time: a lock that the system releases when its process ends, however it ends. The file stays.

use std::{
    fs::{File, TryLockError},
    io::{self, Write as _},
    path::Path,
    sync::Arc,
};

use crate::{IoContext as _, PRIVATE_FOLDER, Result, StorageError, StorageErrorKind, check_target, read_text_optional};

/// How many characters of a lock file are shown. docdrift writes fewer than 80; the file may hold anything.
const MAX_SHOWN_CHARS: usize = 120;

/// The lock of a run on a root. It is released when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct RunLock {
    _file: Arc<File>,
}

impl RunLock {
    /// Locks `root`, whose private folder exists. An error that names the holder when another run has the lock.
    pub fn acquire(root: &Path) -> Result<Self> {
        let relative = Path::new(PRIVATE_FOLDER).join("lock");
        check_target(root, &relative)?;
        let path = root.join(relative);
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .io_context("lock", &path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(locked(&path)),
            Err(TryLockError::Error(error)) => return Err(StorageError::io("lock", &path, error)),
        }
        write_holder(&mut file).io_context("lock", &path)?;
        Ok(Self { _file: Arc::new(file) })
    }

    /// Checks that `lock`, if any, allows to write below `root`.
    pub fn require(lock: Option<&Self>, root: &Path) -> Result<()> {
        if lock.is_some() {
            return Ok(());
        }
        let message = format!("{} is open for reading only", root.display());
        Err(StorageError::new(StorageErrorKind::ReadOnly, message).at(root))
    }
}

fn locked(path: &Path) -> StorageError {
    let message = format!("another run holds {} ({}): wait until it has ended", path.display(), read_holder(path));
    StorageError::new(StorageErrorKind::Locked, message).at(path)
}

/// Reads who holds the lock. The holder writes that right after it has the lock.
fn read_holder(path: &Path) -> String {
    let text = read_text_optional(path).ok().flatten().unwrap_or_default();
    let text: String = text.trim().chars().filter(|c| !c.is_control()).take(MAX_SHOWN_CHARS).collect();
    if text.is_empty() { "it has only just begun".to_owned() } else { text }
}

/// Writes this process, its start and, where known, the machine: several machines may share the folder.
fn write_holder(file: &mut File) -> io::Result<()> {
    let started = jiff::Timestamp::now().as_second();
    let started = jiff::Timestamp::from_second(started).unwrap_or_default();
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = if host.trim().is_empty() { String::new() } else { format!(" on {}", host.trim()) };
    file.set_len(0)?;
    file.write_all(format!("pid {}, started {started}{host}", std::process::id()).as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::RunLock;
    use crate::StorageErrorKind;

    #[test]
    fn the_error_shows_one_safe_line_of_the_lock_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(".docdrift/lock");
        fs::create_dir(dir.path().join(".docdrift")).unwrap();
        let held = RunLock::acquire(dir.path()).unwrap();
        let pid = format!("(pid {}, started 20", std::process::id());
        let hostile = format!("\u{1b}[2Ja\nb{}", "x".repeat(1000));
        for (text, expected) in
            [(None, pid.as_str()), (Some(""), "(it has only just begun)"), (Some(&hostile), "([2Jab")]
        {
            if let Some(text) = text {
                fs::write(&file, text).unwrap();
            }
            let error = RunLock::acquire(dir.path()).unwrap_err();
            assert_eq!((error.kind(), error.path()), (StorageErrorKind::Locked, Some(file.as_path())));
            let error = error.to_string();
            assert!(error.contains(expected) && error.len() < 400 && !error.contains(['\u{1b}', '\n']), "{error}");
        }
        let clone = held.clone();
        drop(held);
        assert!(RunLock::acquire(dir.path()).is_err(), "a clone holds the lock as well");
        drop(clone);
        RunLock::acquire(dir.path()).unwrap();
    }

    #[test]
    fn a_folder_in_place_of_the_lock_file_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join(".docdrift/lock")).unwrap();
        let error = RunLock::acquire(dir.path()).unwrap_err().to_string();
        assert!(error.contains("is in the place of a file"), "{error}");
    }
}
