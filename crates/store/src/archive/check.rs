//! Whether the archive is what it should be: every line a visit, every visit's object there and what its name says.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::Result;

use super::{
    Archive,
    index::FILE_NAME,
    objects::{self, Item},
};

/// Something about the archive that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveProblem {
    /// What.
    pub kind: ArchiveProblemKind,
    /// The file, as a path below the archive's folder.
    pub path: PathBuf,
    /// The lines of the index that it is about, from one.
    pub lines: Vec<usize>,
    /// What is wrong with it, for people.
    pub why: String,
}

/// The kinds of problems. The last three are no damage: killed runs and other programs leave them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ArchiveProblemKind {
    /// There are objects, but no index tells whose they are.
    LostIndex,
    /// A line of the index is none.
    DamagedLine,
    /// The object of a visit is not there.
    MissingObject,
    /// The object of a visit is not what its name says.
    DamagedObject,
    /// The index ends within a line, which counts as never written.
    TornLine,
    /// An object that no visit names.
    Orphan,
    /// A file that is none of the archive's.
    Stray,
}

impl ArchiveProblemKind {
    /// Its name in answers for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LostIndex => "lost-index",
            Self::DamagedLine => "damaged-line",
            Self::MissingObject => "missing-object",
            Self::DamagedObject => "damaged-object",
            Self::TornLine => "torn-line",
            Self::Orphan => "orphan",
            Self::Stray => "stray",
        }
    }

    /// Whether something that was kept cannot be trusted.
    pub fn is_damage(self) -> bool {
        self < Self::TornLine
    }
}

/// What a look at the whole archive found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchiveState {
    /// How many visits the index tells.
    pub visits: usize,
    /// How many objects they name, each of which was read.
    pub objects: usize,
    /// What is not as it should be: the index first, then by file.
    pub problems: Vec<ArchiveProblem>,
}

impl Archive<'_> {
    /// Looks at every line and reads every object that a visit names, once.
    pub(crate) fn check(&self) -> Result<ArchiveState> {
        let items = objects::list(self.folder)?;
        let mut problems = self.index_problems(items.iter().any(Item::is_object));
        let named = self.named();
        for (digest, lines) in &named {
            problems.extend(self.object_problem(digest, lines));
        }
        for item in items {
            let (kind, path, why) = match item {
                Item::Object { digest, .. } if named.contains_key(digest.as_str()) => continue,
                Item::Object { path, .. } => (ArchiveProblemKind::Orphan, path, "no visit names it"),
                Item::Stray(path) => (ArchiveProblemKind::Stray, path, "docdrift did not write it"),
            };
            problems.push(ArchiveProblem { kind, path, lines: Vec::new(), why: why.into() });
        }
        problems
            .sort_by(|a, b| (a.path != Path::new(FILE_NAME), &a.path).cmp(&(b.path != Path::new(FILE_NAME), &b.path)));
        Ok(ArchiveState { visits: self.visits().good.len(), objects: named.len(), problems })
    }

    fn index_problems(&self, has_objects: bool) -> Vec<ArchiveProblem> {
        let visits = self.visits();
        let problem =
            |kind, lines, why: &str| ArchiveProblem { kind, path: FILE_NAME.into(), lines, why: why.to_owned() };
        let damaged = visits.damaged.iter();
        let mut problems: Vec<ArchiveProblem> =
            damaged.map(|line| problem(ArchiveProblemKind::DamagedLine, vec![line.number], &line.why)).collect();
        if visits.good.is_empty() && visits.damaged.is_empty() && has_objects {
            problems.push(problem(
                ArchiveProblemKind::LostIndex,
                Vec::new(),
                "it tells of no visit, yet there are objects",
            ));
        }
        if visits.torn {
            problems.push(problem(ArchiveProblemKind::TornLine, Vec::new(), "it ends within a line"));
        }
        problems
    }

    /// The digests that visits name, with the lines that do.
    pub(super) fn named(&self) -> BTreeMap<&str, Vec<usize>> {
        let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, visit) in self.index.numbered() {
            named.entry(&visit.digest).or_default().push(number);
        }
        named
    }

    fn object_problem(&self, digest: &str, lines: &[usize]) -> Option<ArchiveProblem> {
        let (kind, why) = match objects::read(self.folder, digest) {
            Ok(Some(_)) => return None,
            Ok(None) => (ArchiveProblemKind::MissingObject, "it is not there".to_owned()),
            Err(error) => (ArchiveProblemKind::DamagedObject, format!("{error:#}")),
        };
        let path = objects::path(Path::new(""), digest).unwrap_or_default();
        let lines = lines.iter().copied().collect::<BTreeSet<usize>>().into_iter().collect();
        Some(ArchiveProblem { kind, path, lines, why })
    }
}
