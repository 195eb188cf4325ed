//! The rules of the code base, read from its sources.
#![cfg(not(target_arch = "wasm32"))]

#[path = "laws/graph.rs"]
mod graph;
#[path = "laws/tokens.rs"]
mod tokens;

use graph::{Graph, Module};
use std::collections::BTreeSet;
use std::path::Path;
use tokens::Token;

/// Most lines of a file, tests not counted.
const MOST_LINES: usize = 350;

fn graph() -> Graph {
    Graph::read(Path::new(env!("CARGO_MANIFEST_DIR")))
}

fn module(path: &str) -> Module {
    path.split("::").map(String::from).collect()
}

/// Files outside `allowed`, given by how their path starts, of which something holds.
fn offenders(graph: &Graph, allowed: &[&str], holds: impl Fn(&Module) -> bool) -> Vec<String> {
    let outside = |path: &Path| {
        !allowed
            .iter()
            .any(|start| path.to_string_lossy().starts_with(start))
    };
    graph
        .sources
        .iter()
        .filter(|(module, source)| outside(&source.path) && holds(module))
        .map(|(_, source)| source.path.display().to_string())
        .collect()
}

/// The modules of the library in the order of `lib.rs`.
fn stated_order(graph: &Graph) -> Vec<String> {
    let lib = tokens::tokens(&graph.sources[&module("lib")].text);
    let name = |window: &[Token]| match window {
        [public, word, Token::Name(name), end]
            if public.is_name("pub") && word.is_name("mod") && end.is(';') =>
        {
            Some(name.clone())
        }
        _ => None,
    };
    lib.windows(4).filter_map(name).collect()
}

/// The arrows between two modules of the library that are against an order, or not in it.
fn arrows_against(graph: &Graph, order: &[String]) -> Vec<String> {
    let place = |name: &String| order.iter().position(|other| other == name);
    let mut found = Vec::new();
    for (from, targets) in &graph.arrows {
        for target in targets {
            let ([lib, from_name, ..], [_, target_name, ..]) = (&from[..], &target[..]) else {
                continue;
            };
            let is_forward = place(target_name) < place(from_name) && place(target_name).is_some();
            if lib == "lib" && from_name != target_name && !is_forward {
                found.push(format!("{} imports {}", from.join("::"), target.join("::")));
            }
        }
    }
    found
}

#[test]
fn no_import_goes_round_in_a_circle() {
    let names = |group: BTreeSet<Module>| -> Vec<String> {
        group.iter().map(|module| module.join("::")).collect()
    };
    let circles: Vec<_> = graph().circles().into_iter().map(names).collect();
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn imports_follow_the_order_of_lib_rs() {
    let graph = graph();
    let order = stated_order(&graph);
    assert!(order.len() > 20, "{order:?}");
    assert_eq!(arrows_against(&graph, &order), [""; 0]);
}

#[test]
fn the_graph_is_what_the_sources_say() {
    let graph = Graph::of_texts(&[
        ("lib.rs", "pub mod a; pub mod b; pub mod c; pub mod d;"),
        (
            "a.rs",
            "use std::fmt; // use crate::d\nfn f() -> &'static str { \"crate::d\" }",
        ),
        (
            "b.rs",
            "fn f(x: crate::a::X) {} #[cfg(test)] mod tests { use crate::d::Y; }",
        ),
        (
            "c/mod.rs",
            "mod e; mod f; pub use e::{self as g, Z}; pub const N: usize = 1;",
        ),
        (
            "c/e.rs",
            "use super::N; use burn::tensor::Tensor; mod inner { use super::*; }",
        ),
        (
            "c/f.rs",
            "use super::Z; use {crate::a, crate::b::{self, W}};",
        ),
        (
            "d.rs",
            "use crate::c::g::V; #[macro_export] macro_rules! rows { () => { $crate::c::Q } }",
        ),
        (
            "bin/x/main.rs",
            "mod y; use threadcount::a::X; fn main() { y::run(); crate::y::run(); }",
        ),
        (
            "bin/x/y.rs",
            "threadcount::rows!(); use std::r#box; const C: char = '\"';",
        ),
    ]);
    let arrows = |from: &str| -> Vec<String> {
        let targets = graph.arrows[&module(from)].iter();
        targets.map(|target| target.join("::")).collect()
    };
    assert_eq!(arrows("lib::a"), [""; 0]);
    assert_eq!(arrows("lib::b"), ["lib::a"]);
    assert_eq!(
        arrows("lib::c"),
        [""; 0],
        "a face names what is in its folder"
    );
    assert_eq!(arrows("lib::c::e"), ["lib::c"]);
    assert_eq!(arrows("lib::c::f"), ["lib::a", "lib::b", "lib::c::e"]);
    assert_eq!(arrows("lib::d"), ["lib::c::e"]);
    assert_eq!(arrows("x"), ["lib::a", "x::y"]);
    assert_eq!(arrows("x::y"), ["lib::d"]);
    assert!(graph.crates[&module("lib::c::e")].contains("burn"));
    assert!(graph.circles().is_empty());
    assert!(graph.reach(&module("x")).contains(&module("lib::c::e")));
    let order = stated_order(&graph);
    assert_eq!(order, ["a", "b", "c", "d"]);
    assert_eq!(arrows_against(&graph, &order), [""; 0]);
    let other = ["d", "c", "b", "a"].map(String::from);
    assert_eq!(arrows_against(&graph, &other).len(), 4);
}

#[test]
fn a_circle_is_found() {
    let graph = Graph::of_texts(&[
        ("lib.rs", "pub mod a;"),
        ("a/mod.rs", "mod b; mod c; pub use b::B; fn f() -> B { B }"),
        ("a/b.rs", "use super::c::C; pub struct B;"),
        ("a/c.rs", "pub struct C(super::B);"),
    ]);
    let circle = ["lib::a::b", "lib::a::c"].map(module);
    assert_eq!(graph.circles(), BTreeSet::from([BTreeSet::from(circle)]));
}

#[test]
fn unsafe_code_is_in_the_simd_files_only() {
    let graph = graph();
    let is_unsafe = |module: &Module| {
        let code = tokens::tokens(&graph.sources[module].text);
        code.iter().any(|token| token.is_name("unsafe"))
    };
    let files = [
        "depthwise",
        "epilogue",
        "filter_tiles",
        "matmul",
        "winograd",
    ];
    let mut allowed = files
        .map(|name| format!("src/engine/vector/{name}.rs"))
        .to_vec();
    allowed.extend(["native", "simd128"].map(|name| format!("src/engine/{name}.rs")));
    allowed.sort();
    let mut found = offenders(&graph, &[], is_unsafe);
    found.sort();
    assert_eq!(found, allowed);
}

#[test]
fn burn_is_known_to_networks_and_training_only() {
    let graph = graph();
    let burns = |module: &Module| {
        graph.crates[module]
            .iter()
            .any(|name| name.starts_with("burn"))
    };
    let allowed = ["src/network/", "src/train/", "src/bin/threadcount/"];
    assert_eq!(offenders(&graph, &allowed, burns), [""; 0]);
    assert!(!offenders(&graph, &[], burns).is_empty());
}

#[test]
fn burns_ndarray_backend_is_named_in_one_file() {
    let graph = graph();
    let names_it = |module: &Module| {
        let code = tokens::tokens(&graph.sources[module].text);
        code.iter().any(|token| token.is_name("burn_ndarray"))
    };
    let files = offenders(&graph, &[], names_it);
    assert_eq!(files, ["src/network/ndarray.rs"]);
}

#[test]
fn the_browser_is_known_to_the_page_and_the_engines_module_only() {
    let graph = graph();
    let names = [
        "web_sys",
        "wasm_bindgen",
        "wasm_bindgen_futures",
        "js_sys",
        "serde_wasm_bindgen",
    ];
    let browses = |module: &Module| {
        names
            .iter()
            .any(|name| graph.crates[module].contains(*name))
    };
    // What the module for other pages exports would be in every program of the page if the library had it.
    let allowed = ["src/web/", "src/bin/engine.rs"];
    assert_eq!(offenders(&graph, &allowed, browses), [""; 0]);
    assert!(!offenders(&graph, &[], browses).is_empty());
}

#[test]
fn the_page_carries_no_code_of_models_and_decoders() {
    let graph = graph();
    let reach = graph.reach(&module("lib::web::page"));
    let carried = |name: &str| reach.contains(&module(&format!("lib::{name}")));
    for name in [
        "classical",
        "classifier",
        "engine",
        "loader",
        "network",
        "train",
    ] {
        assert!(!carried(name), "{name}");
    }
    assert!(!reach.contains(&module("lib::decode")), "decode");
    assert!(carried("catalog"));
    assert!(
        graph
            .reach(&module("lib::web::worker"))
            .contains(&module("lib::engine"))
    );
}

#[test]
fn normalization_constants_are_defined_once() {
    let graph = graph();
    for word in ["0.286", "0.353"] {
        let files = offenders(&graph, &[], |module| {
            graph.sources[module].text.contains(word)
        });
        assert_eq!(files.len(), 1, "{word} in {files:?}");
    }
}

#[test]
fn files_are_short_and_say_what_they_are() {
    for source in graph().sources.values() {
        let code = source.text.split("#[cfg(test)]").next().unwrap_or_default();
        let (path, lines) = (source.path.display(), code.lines().count());
        assert!(
            lines <= MOST_LINES,
            "{path} has {lines} lines without tests"
        );
        assert!(source.text.starts_with("//!"), "{path} says what it is");
    }
}
