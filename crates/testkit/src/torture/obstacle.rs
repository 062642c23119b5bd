//! Obstacles to the writes of a run.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What stands in the place of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ObstacleKind {
    /// A folder.
    Folder,
    /// A link that leads outside the root.
    Link,
    /// Nothing, but its folder is read-only; without effect for root.
    ReadOnly,
    /// A file in the place of its folder, if that does not exist yet.
    FileForFolder,
}

impl ObstacleKind {
    pub(crate) const ALL: [Self; 4] = [Self::Folder, Self::Link, Self::ReadOnly, Self::FileForFolder];
}

/// An obstacle that was placed.
pub(crate) struct Obstacle {
    kind: ObstacleKind,
    /// Where it stands.
    path: PathBuf,
    /// Where the file that stood there was moved.
    aside: PathBuf,
    is_placed: bool,
}

impl Obstacle {
    /// Places an obstacle to the write of the file at `target`. A file that exists is moved to `aside`; links lead to
    /// `outside`. The run may write first; then there is no obstacle.
    pub(crate) fn place(kind: ObstacleKind, target: &Path, aside: &Path, outside: &Path) -> Self {
        let folder = target.parent().unwrap_or(target);
        let path = if matches!(kind, ObstacleKind::ReadOnly | ObstacleKind::FileForFolder) { folder } else { target };
        let is_placed = clear_path(kind, path, folder, aside).and_then(|()| create(kind, path, outside)).is_ok();
        Self { kind, path: path.into(), aside: aside.into(), is_placed }
    }

    /// Removes the obstacle and puts the file back that stood there.
    pub(crate) fn remove(self) -> io::Result<()> {
        if self.is_placed {
            match self.kind {
                ObstacleKind::Folder => fs::remove_dir(&self.path)?,
                ObstacleKind::Link | ObstacleKind::FileForFolder => fs::remove_file(&self.path)?,
                ObstacleKind::ReadOnly => set_writable(&self.path, true)?,
            }
        }
        match self.aside.exists() {
            // The run wrote first: its file counts.
            true if self.path.exists() => fs::remove_file(&self.aside)?,
            true => fs::rename(&self.aside, &self.path)?,
            false => {}
        }
        // Folders that were made for the obstacle alone: only empty ones can be removed.
        for folder in self.path.ancestors().skip(1).take(2) {
            let _ = fs::remove_dir(folder);
        }
        Ok(())
    }
}

/// Makes room for an obstacle at `path`.
fn clear_path(kind: ObstacleKind, path: &Path, folder: &Path, aside: &Path) -> io::Result<()> {
    match kind {
        ObstacleKind::Folder | ObstacleKind::Link if path.is_file() => fs::rename(path, aside),
        ObstacleKind::Folder | ObstacleKind::Link => fs::create_dir_all(folder),
        ObstacleKind::FileForFolder => fs::create_dir_all(folder.parent().unwrap_or(folder)),
        ObstacleKind::ReadOnly => Ok(()),
    }
}

fn create(kind: ObstacleKind, path: &Path, outside: &Path) -> io::Result<()> {
    match kind {
        ObstacleKind::Folder => fs::create_dir(path),
        ObstacleKind::Link => link(outside, path),
        ObstacleKind::FileForFolder => fs::File::create_new(path).map(drop),
        ObstacleKind::ReadOnly => set_writable(path, false),
    }
}

#[cfg(unix)]
fn link(to: &Path, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, path)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(unix)]
fn set_writable(folder: &Path, is_writable: bool) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(if is_writable { 0o755 } else { 0o555 }))
}

#[cfg(not(unix))]
fn set_writable(_: &Path, _: bool) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
