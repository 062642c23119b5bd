//! Something that stands in the way of a write, for as long as the value lives.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What stands where a file should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    /// A folder.
    Folder,
    /// A link that leads outside the root.
    Link,
    /// Nothing, but its folder is read-only; without effect for root.
    ReadOnly,
    /// A file, where its folder should be, if that is not there yet.
    FileForFolder,
}

pub(crate) const THINGS: [Thing; 4] = [Thing::Folder, Thing::Link, Thing::ReadOnly, Thing::FileForFolder];

/// An obstacle that stands.
pub(crate) struct Obstacle {
    thing: Thing,
    /// Where it stands.
    path: PathBuf,
    /// What stood there, moved away.
    aside: PathBuf,
    stands: bool,
}

impl Obstacle {
    /// Puts it in the way of the file at `target`; the run may be quicker, then nothing stands. What is there is moved
    /// to `aside`, `outside` is where a link leads.
    pub(crate) fn put(thing: Thing, target: &Path, aside: &Path, outside: &Path) -> Self {
        let folder = target.parent().unwrap_or(target);
        let path = if matches!(thing, Thing::ReadOnly | Thing::FileForFolder) { folder } else { target };
        let put = || -> io::Result<()> {
            match thing {
                Thing::Folder | Thing::Link if path.is_file() => fs::rename(path, aside)?,
                Thing::Folder | Thing::Link => fs::create_dir_all(folder)?,
                Thing::FileForFolder => fs::create_dir_all(folder.parent().unwrap_or(folder))?,
                Thing::ReadOnly => {}
            }
            match thing {
                Thing::Folder => fs::create_dir(path),
                Thing::Link => link(outside, path),
                Thing::FileForFolder => fs::File::create_new(path).map(drop),
                Thing::ReadOnly => set_writable(path, false),
            }
        };
        let stands = put().is_ok();
        Self { thing, path: path.into(), aside: aside.into(), stands }
    }

    /// Takes it away and puts back what stood there.
    pub(crate) fn clear(self) -> io::Result<()> {
        if self.stands {
            match self.thing {
                Thing::Folder => fs::remove_dir(&self.path)?,
                Thing::Link | Thing::FileForFolder => fs::remove_file(&self.path)?,
                Thing::ReadOnly => set_writable(&self.path, true)?,
            }
        }
        match self.aside.exists() {
            // The run was quicker: what it put there counts.
            true if self.path.exists() => fs::remove_file(&self.aside)?,
            true => fs::rename(&self.aside, &self.path)?,
            false => {}
        }
        // Folders that were made for it alone: only an empty one can go.
        for folder in self.path.ancestors().skip(1).take(2) {
            let _ = fs::remove_dir(folder);
        }
        Ok(())
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
