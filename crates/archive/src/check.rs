//! Checks that every line of the index is a visit and that every visit's object exists and matches its name.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use docdrift_files::{Result, StorageErrorKind};

use crate::{
    contents::Contents,
    index::FILE_NAME,
    objects::{self, Item},
};

/// Something that is wrong in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveProblem {
    /// What kind of problem it is.
    pub kind: ArchiveProblemKind,
    /// The file, as a path below the archive's folder.
    pub path: PathBuf,
    /// The numbers of the index lines that it concerns, from one.
    pub lines: Vec<usize>,
    /// What is wrong with it, for people.
    pub why: String,
}

/// The kinds of problems. The last three are not damage: killed runs and other programs leave them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ArchiveProblemKind {
    /// There are objects but no index that says whose they are.
    LostIndex,
    /// A line of the index is not a visit.
    DamagedLine,
    /// The object of a visit is missing.
    MissingObject,
    /// The object of a visit does not match its name.
    DamagedObject,
    /// The index ends with an incomplete line, which counts as never written.
    TornLine,
    /// An object that no visit names.
    Orphan,
    /// A file that the archive did not write.
    Stray,
}

impl ArchiveProblemKind {
    /// Returns its name in JSON answers.
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

    /// Returns whether archived data cannot be trusted.
    pub fn is_damage(self) -> bool {
        self < Self::TornLine
    }
}

/// The result of a check of the whole archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchiveCheck {
    /// How many visits the index has.
    pub visit_count: usize,
    /// How many objects they name. Each of them was read.
    pub object_count: usize,
    /// What is wrong: the index first, then by file.
    pub problems: Vec<ArchiveProblem>,
}

impl Contents<'_> {
    /// Checks every line and reads every object that a visit names, once. An error when the system denies access to an
    /// object, since nothing is known about it then.
    pub(crate) fn check(&self) -> Result<ArchiveCheck> {
        let items = objects::list(self.folder)?;
        let mut problems = self.index_problems(items.iter().any(Item::is_object));
        let named = self.lines_by_digest();
        for (digest, lines) in &named {
            problems.extend(self.object_problem(digest, lines)?);
        }
        for item in items {
            let (kind, path, why) = match item {
                Item::Object { digest, .. } if named.contains_key(digest.as_str()) => continue,
                Item::Object { path, .. } => (ArchiveProblemKind::Orphan, path, "no visit names it"),
                Item::Stray(path) => (ArchiveProblemKind::Stray, path, "docdrift did not write it"),
            };
            problems.push(ArchiveProblem { kind, path, lines: Vec::new(), why: why.into() });
        }
        let is_index = |problem: &ArchiveProblem| problem.path == Path::new(FILE_NAME);
        problems.sort_by(|a, b| (!is_index(a), &a.path).cmp(&(!is_index(b), &b.path)));
        Ok(ArchiveCheck { visit_count: self.visits().good.len(), object_count: named.len(), problems })
    }

    fn index_problems(&self, has_objects: bool) -> Vec<ArchiveProblem> {
        let visits = self.visits();
        let problem =
            |kind, lines, why: &str| ArchiveProblem { kind, path: FILE_NAME.into(), lines, why: why.to_owned() };
        let damaged = visits.damaged.iter();
        let mut problems: Vec<ArchiveProblem> =
            damaged.map(|line| problem(ArchiveProblemKind::DamagedLine, vec![line.number], &line.why)).collect();
        if visits.good.is_empty() && visits.damaged.is_empty() && has_objects {
            let why = "it has no visit, but there are objects";
            problems.push(problem(ArchiveProblemKind::LostIndex, Vec::new(), why));
        }
        if visits.is_torn {
            problems.push(problem(ArchiveProblemKind::TornLine, Vec::new(), "its last line is incomplete"));
        }
        problems
    }

    /// Returns the digests that visits name, with the numbers of their lines.
    fn lines_by_digest(&self) -> BTreeMap<&str, Vec<usize>> {
        let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, visit) in self.index.numbered_visits() {
            named.entry(&visit.digest).or_default().push(number);
        }
        named
    }

    fn object_problem(&self, digest: &str, lines: &[usize]) -> Result<Option<ArchiveProblem>> {
        let (kind, why) = match objects::read(self.folder, digest) {
            Ok(Some(_)) => return Ok(None),
            Ok(None) => (ArchiveProblemKind::MissingObject, "it is missing".to_owned()),
            Err(error) if error.kind() == StorageErrorKind::PermissionDenied => return Err(error),
            Err(error) => (ArchiveProblemKind::DamagedObject, format!("{error:#}")),
        };
        let path = objects::object_path(Path::new(""), digest).unwrap_or_default();
        let lines = lines.iter().copied().collect::<BTreeSet<usize>>().into_iter().collect();
        Ok(Some(ArchiveProblem { kind, path, lines, why }))
    }
}
