//! The module graph, read from the sources: which file imports which, and which crates.
//!
//! An arrow is a `use` line or an inline path such as `crate::card::Card`, resolved to the file that defines the name,
//! through the `pub use` lines of a folder's `mod.rs`. Code below `#[cfg(test)]` is not read.

use super::tokens::{Token, tokens, without_tests};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A module's path: its crate (`lib`, or a program's name), then its names.
pub type Module = Vec<String>;

/// A source file.
pub struct Source {
    /// Relative to the package.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    tokens: Vec<Token>,
}

impl Source {
    fn new(path: PathBuf, text: String) -> Self {
        let tokens = without_tests(&tokens(&text));
        Self { path, text, tokens }
    }
}

/// The files and the arrows between them.
pub struct Graph {
    /// Every file below `src`.
    pub sources: BTreeMap<Module, Source>,
    /// For each file, the files that it imports.
    pub arrows: BTreeMap<Module, BTreeSet<Module>>,
    /// For each file, the first names of the paths that lead outside, such as `burn`.
    pub crates: BTreeMap<Module, BTreeSet<String>>,
}

/// A path in a file, as it is written.
#[derive(Debug, PartialEq)]
struct Import {
    names: Vec<String>,
    /// The name that it has in the file.
    alias: String,
    /// Whether others may import it from here.
    is_public: bool,
    is_use: bool,
    /// How many modules with a body it stands in.
    depth: usize,
}

impl Graph {
    /// Read all sources.
    pub fn read(root: &Path) -> Self {
        let mut files = Vec::new();
        find(&root.join("src"), &mut files);
        let source = |path: PathBuf| {
            let text = std::fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(root).unwrap().to_path_buf();
            (module_of(&path), Source::new(path, text))
        };
        Self::of(files.into_iter().map(source).collect())
    }

    /// The graph of some texts, each with its path below `src`.
    pub fn of_texts(texts: &[(&str, &str)]) -> Self {
        let source = |(path, text): &(&str, &str)| {
            let path = Path::new("src").join(path);
            (module_of(&path), Source::new(path, (*text).to_owned()))
        };
        Self::of(texts.iter().map(source).collect())
    }

    fn of(sources: BTreeMap<Module, Source>) -> Self {
        let imports: BTreeMap<Module, Vec<Import>> = sources
            .iter()
            .map(|(module, source)| (module.clone(), imports(&source.tokens)))
            .collect();
        let mut exports: BTreeMap<(Module, String), (Module, Vec<String>, usize)> = BTreeMap::new();
        for (module, list) in &imports {
            for import in list.iter().filter(|i| i.is_public && i.is_use) {
                let target = (module.clone(), import.names.clone(), import.depth);
                exports.insert((module.clone(), import.alias.clone()), target);
            }
            for name in exported_macros(&sources[module].tokens) {
                let root = vec![module[0].clone()];
                let mut names = vec![String::from("crate")];
                names.extend_from_slice(&module[1..]);
                names.push(name.clone());
                exports.insert((root.clone(), name), (root, names, 0));
            }
        }
        let mut graph = Self {
            arrows: BTreeMap::new(),
            crates: BTreeMap::new(),
            sources,
        };
        for (module, list) in &imports {
            let mut targets = BTreeSet::new();
            let mut crates = BTreeSet::new();
            for import in list {
                match graph.resolve(module, &import.names, import.depth, &exports) {
                    // A folder's face may name what is in the folder; using it is another matter.
                    Some(target)
                        if import.is_use
                            && import.is_public
                            && target.starts_with(module)
                            && !is_used(&graph.sources[module].tokens, &import.alias) => {}
                    Some(target) => drop(targets.insert(target)),
                    None => drop(crates.insert(import.names[0].clone())),
                }
            }
            targets.remove(module);
            graph.arrows.insert(module.clone(), targets);
            graph.crates.insert(module.clone(), crates);
        }
        graph
    }

    /// The file that defines what a path names; none when it is in another crate.
    fn resolve(
        &self,
        from: &Module,
        names: &[String],
        depth: usize,
        exports: &BTreeMap<(Module, String), (Module, Vec<String>, usize)>,
    ) -> Option<Module> {
        let mut depth = depth;
        let mut names = names.iter().peekable();
        let mut at = match names.peek()?.as_str() {
            "crate" => {
                names.next();
                vec![from[0].clone()]
            }
            "threadcount" if from[0] != "lib" => {
                names.next();
                vec![String::from("lib")]
            }
            "self" => {
                names.next();
                from.clone()
            }
            "super" => from.clone(),
            child => {
                let mut module = from.clone();
                module.push(child.to_owned());
                if depth > 0 || !self.sources.contains_key(&module) {
                    return None;
                }
                from.clone()
            }
        };
        while names.next_if(|name| *name == "super").is_some() {
            if depth > 0 {
                depth -= 1;
            } else {
                at.pop();
            }
        }
        for name in names {
            let mut below = at.clone();
            below.push(name.clone());
            if self.sources.contains_key(&below) {
                at = below;
            } else if let Some((module, path, depth)) = exports.get(&(at.clone(), name.clone())) {
                return self.resolve(module, path, *depth, exports);
            } else {
                break;
            }
        }
        Some(at)
    }

    /// The circles of imports: groups of files each of which reaches every other.
    pub fn circles(&self) -> BTreeSet<BTreeSet<Module>> {
        let reach: BTreeMap<&Module, BTreeSet<Module>> = self
            .arrows
            .keys()
            .map(|module| (module, self.reach(module)))
            .collect();
        let circle = |module: &&Module| -> BTreeSet<Module> {
            let comes_back = |other: &&Module| reach[other].contains(*module);
            let group = reach[module].iter().filter(comes_back);
            group.cloned().collect()
        };
        let circles = self.arrows.keys().map(|module| circle(&module));
        circles.filter(|group| !group.is_empty()).collect()
    }

    /// Every file that a file imports, and what those import, and so on.
    pub fn reach(&self, from: &Module) -> BTreeSet<Module> {
        let mut open = vec![from.clone()];
        let mut found = BTreeSet::new();
        while let Some(module) = open.pop() {
            for target in self.arrows.get(&module).into_iter().flatten() {
                if found.insert(target.clone()) {
                    open.push(target.clone());
                }
            }
        }
        found
    }
}

/// All Rust files below a folder.
fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The module of a file below `src`.
fn module_of(path: &Path) -> Module {
    let path = path.with_extension("");
    let mut names: Module = path
        .components()
        .skip(1)
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if names.first().is_some_and(|name| name == "bin") {
        names.remove(0);
    } else {
        names.insert(0, String::from("lib"));
    }
    if names.len() > 1 && ["mod", "lib", "main"].contains(&names[names.len() - 1].as_str()) {
        names.pop();
    }
    names
}

/// Every path of a file that starts with a name of ours or of a crate.
fn imports(tokens: &[Token]) -> Vec<Import> {
    let mut found = Vec::new();
    let mut depths = Vec::new();
    let (mut braces, mut at) = (0, 0);
    while at < tokens.len() {
        match &tokens[at] {
            Token::Name(name) if name == "mod" && tokens.get(at + 2).is_some_and(|t| t.is('{')) => {
                depths.push(braces);
                braces += 1;
                at += 3;
            }
            Token::Mark('{') => {
                braces += 1;
                at += 1;
            }
            Token::Mark('}') => {
                braces -= 1;
                if depths.last() == Some(&braces) {
                    depths.pop();
                }
                at += 1;
            }
            Token::Name(name)
                if name == "use" && !tokens.get(at + 1).is_some_and(|t| t.is('<')) =>
            {
                let is_public = at > 0 && (tokens[at - 1].is(')') || tokens[at - 1].is_name("pub"));
                at = tree(tokens, at + 1, &[], &mut |names, alias| {
                    found.push(Import {
                        names,
                        alias,
                        is_public,
                        is_use: true,
                        depth: depths.len(),
                    });
                });
            }
            Token::Name(_) if is_inside_path(&tokens[..at]) => at += 1,
            Token::Name(first) => {
                let mut names = vec![first.clone()];
                at += 1;
                while let [Token::Mark(':'), Token::Mark(':'), Token::Name(name), ..] =
                    &tokens[at..]
                {
                    names.push(name.clone());
                    at += 3;
                }
                if names.len() > 1 {
                    found.push(Import {
                        alias: names[names.len() - 1].clone(),
                        names,
                        is_public: false,
                        is_use: false,
                        depth: depths.len(),
                    });
                }
            }
            Token::Mark(_) => at += 1,
        }
    }
    found
}

/// Whether the next name goes on with a path that is not followed from its start: `$crate::name`, `<T>::name`.
fn is_inside_path(before: &[Token]) -> bool {
    let is = |back: usize, mark| before.len() >= back && before[before.len() - back].is(mark);
    is(1, '$') || (is(1, ':') && is(2, ':'))
}

/// Read a tree of imports; returns the position after it.
fn tree(
    tokens: &[Token],
    mut at: usize,
    before: &[String],
    found: &mut impl FnMut(Vec<String>, String),
) -> usize {
    let mut names = before.to_vec();
    while tokens[at].is(':') {
        at += 1;
    }
    loop {
        match &tokens[at] {
            Token::Mark('{') => {
                at += 1;
                while !tokens[at].is('}') {
                    at = tree(tokens, at, &names, found);
                    if tokens[at].is(',') {
                        at += 1;
                    }
                }
                return at + 1;
            }
            Token::Mark('*') => {
                found(names, String::from("*"));
                return at + 1;
            }
            Token::Name(name) => {
                if name != "self" || names.is_empty() {
                    names.push(name.clone());
                }
                at += 1;
                if tokens[at].is(':') {
                    at += 2;
                    continue;
                }
                let mut alias = names[names.len() - 1].clone();
                if tokens[at].is_name("as") {
                    if let Token::Name(name) = &tokens[at + 1] {
                        alias.clone_from(name);
                    }
                    at += 2;
                }
                found(names, alias);
                return at;
            }
            Token::Mark(_) => return at + 1,
        }
    }
}

/// The macros that a file gives to the crate's root.
fn exported_macros(tokens: &[Token]) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_exported = false;
    for (at, token) in tokens.iter().enumerate() {
        if token.is_name("macro_export") {
            is_exported = true;
        }
        if token.is_name("macro_rules")
            && let Some(Token::Name(name)) = tokens.get(at + 2)
            && std::mem::take(&mut is_exported)
        {
            found.push(name.clone());
        }
    }
    found
}

/// Whether a name stands in a file more than in the line that exports it.
fn is_used(tokens: &[Token], name: &str) -> bool {
    tokens.iter().filter(|token| token.is_name(name)).count() > 1
}
