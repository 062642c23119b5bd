//! The files of a crate have no import circles. Imports between a module and its own children do not count.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// A module path below the crate root, as `["pipeline", "run"]`.
type Module = Vec<String>;

#[test]
fn files_have_no_import_circles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut crates: Vec<PathBuf> =
        fs::read_dir(root.join("crates")).unwrap().map(|entry| entry.unwrap().path()).collect();
    crates.push(root.join("xtask"));
    crates.sort();
    let circles: Vec<String> = crates.iter().flat_map(|dir| Crate::load(&dir.join("src")).describe_circles()).collect();
    assert!(circles.is_empty(), "import circles:\n{}", circles.join("\n"));
}

#[test]
fn an_import_circle_is_found() {
    let files = [
        ("", "mod a; mod b; mod c; pub use b::B;"),
        ("a", "use crate::{B, c::C};"),
        ("b", "use super::c::C;"),
        ("c", "mod d; use d::D; fn f() { crate::a::g(); } #[cfg(test)] mod tests { use crate::b::B; }"),
        ("c::d", "use super::C;"),
    ];
    let split = |name: &str| name.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let files = files.map(|(name, text)| (split(name), text.to_owned()));
    let found = Crate { name: "example".into(), files: files.into() }.describe_circles();
    assert_eq!(found, ["example: a, b, c"]);
}

/// The source files of a crate by their module.
struct Crate {
    name: String,
    files: BTreeMap<Module, String>,
}

impl Crate {
    fn load(src: &Path) -> Self {
        let name = src.parent().and_then(Path::file_name).unwrap().to_string_lossy().into_owned();
        let mut files = BTreeMap::new();
        load_folder(src, &Vec::new(), &mut files);
        Self { name, files }
    }

    fn describe_circles(&self) -> Vec<String> {
        let edges: BTreeMap<&Module, BTreeSet<Module>> =
            self.files.keys().map(|module| (module, self.imports(module))).collect();
        let reached = |from: &Module| -> BTreeSet<Module> {
            let mut reached = BTreeSet::new();
            let mut open: Vec<&Module> = vec![from];
            while let Some(module) = open.pop() {
                for next in edges.get(module).into_iter().flatten() {
                    if reached.insert(next.clone()) {
                        open.push(next);
                    }
                }
            }
            reached
        };
        let all: BTreeMap<&Module, BTreeSet<Module>> =
            self.files.keys().map(|module| (module, reached(module))).collect();
        let circles: BTreeSet<BTreeSet<String>> = all
            .iter()
            .filter(|(module, reached)| reached.contains(**module))
            .map(|(module, reached)| {
                let circle = reached.iter().filter(|other| all.get(other).is_some_and(|back| back.contains(*module)));
                circle.map(|module| module.join("::")).collect()
            })
            .collect();
        circles.iter().map(|circle| format!("{}: {}", self.name, Vec::from_iter(circle.clone()).join(", "))).collect()
    }

    /// Returns the modules that a file imports from, except its ancestors and descendants.
    fn imports(&self, module: &Module) -> BTreeSet<Module> {
        let paths = collect_paths(&self.files[module]);
        let targets = paths.iter().filter_map(|path| self.resolve(module, path, 0));
        targets.filter(|target| !target.starts_with(module) && !module.starts_with(target)).collect()
    }

    /// Returns the module that defines the item of a path. Follows re-exports.
    fn resolve(&self, from: &Module, path: &[String], depth: usize) -> Option<Module> {
        let (mut module, mut rest) = match path.first()?.as_str() {
            "crate" => (Vec::new(), &path[1..]),
            "self" => (from.clone(), &path[1..]),
            "super" => (from[..from.len().checked_sub(1)?].to_vec(), &path[1..]),
            first => {
                let child = [from.as_slice(), &[first.to_owned()]].concat();
                self.files.contains_key(&child).then_some((child, &path[1..]))?
            }
        };
        while let [name, after @ ..] = rest {
            if name == "super" {
                module.pop();
                rest = after;
                continue;
            }
            let child = [module.as_slice(), std::slice::from_ref(name)].concat();
            if !self.files.contains_key(&child) {
                // The limit guards against re-exports that name each other.
                return if depth < 8 { self.follow_export(&module, name, depth) } else { None }.or(Some(module));
            }
            (module, rest) = (child, after);
        }
        Some(module)
    }

    fn follow_export(&self, module: &Module, name: &str, depth: usize) -> Option<Module> {
        let exported =
            collect_paths(&self.files[module]).into_iter().find(|path| path.last().is_some_and(|last| last == name))?;
        self.resolve(module, &exported, depth + 1)
    }
}

fn load_folder(folder: &Path, module: &Module, files: &mut BTreeMap<Module, String>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let child = [module.as_slice(), std::slice::from_ref(&stem)].concat();
        if path.is_dir() && stem != "tests" && stem != "bin" {
            load_folder(&path, &child, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !matches!(&*stem, "tests" | "testing") {
            let is_root = matches!(&*stem, "lib" | "main" | "mod");
            let module = if is_root { module.clone() } else { child };
            *files.entry(module).or_default() += &fs::read_to_string(&path).unwrap();
        }
    }
}

/// Returns all paths in a file that start at a module, in `use` declarations and in code. Leaves tests out.
fn collect_paths(text: &str) -> Vec<Vec<String>> {
    let text: String = text.split_inclusive('\n').filter(|line| !line.trim_start().starts_with("//")).collect();
    let text = text.split("#[cfg(test)] mod tests {").next().unwrap_or_default();
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut found = Vec::new();
    for (at, _) in text.match_indices("use ") {
        let is_word = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let Some(end) = text[at..].find(';').filter(|_| is_word) else { continue };
        expand_use_tree(&text[at + 4..at + end], &[], &mut found);
    }
    for start in ["crate::", "super::"] {
        for (at, _) in text.match_indices(start) {
            let path: String =
                text[at..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect();
            found.push(path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect());
        }
    }
    found
}

/// Adds the paths of a `use` tree to `found`, such as `a::{b, c::{self, D}}`.
fn expand_use_tree(tree: &str, before: &[String], found: &mut Vec<Vec<String>>) {
    let tree = tree.trim();
    let Some((head, inner)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        let parts = path.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty() && part != "*");
        let mut path: Vec<String> = before.iter().cloned().chain(parts).collect();
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        found.push(path);
        return;
    };
    let head: Vec<String> =
        head.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
    let before = [before, &head].concat();
    let inner = inner.rsplit_once('}').map_or(inner, |(inner, _)| inner);
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !inner[start..at].trim().is_empty() {
                    expand_use_tree(&inner[start..at], &before, found);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}
