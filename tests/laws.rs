//! The rules of the code base, read from its sources.

use std::path::{Path, PathBuf};

/// All Rust files below a folder, with their text.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open = vec![root.join(folder)];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path.strip_prefix(root).unwrap().to_path_buf(), text));
        }
    }
    assert!(!found.is_empty(), "{folder} has sources");
    found
}

/// Files under `src` that contain one of `words` in code and do not start with one of `allowed`.
fn offenders(words: &[&str], allowed: &[&str]) -> Vec<String> {
    sources("src")
        .into_iter()
        .filter(|(path, _)| !allowed.iter().any(|a| path.starts_with(a)))
        .filter(|(_, text)| {
            let mut code = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            code.any(|line| words.iter().any(|word| line.contains(word)))
        })
        .map(|(path, _)| path.display().to_string())
        .collect()
}

#[test]
fn unsafe_code_is_in_the_vector_kernels_only() {
    let allowed = [
        "src/engine/simd128.rs",
        "src/engine/vector.rs",
        "src/engine/winograd_vector.rs",
    ];
    assert_eq!(offenders(&["unsafe "], &allowed), [""; 0]);
    for file in allowed {
        let text =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        let count = |word: &str| text.matches(word).count();
        let unsafe_blocks = count("unsafe {") - count("unsafe fn");
        assert!(count("// SAFETY:") > 0 && unsafe_blocks > 0, "{file}");
    }
}

#[test]
fn burn_is_known_to_networks_and_training_only() {
    let allowed = ["src/network", "src/train", "src/bin/threadcount"];
    assert_eq!(offenders(&["burn::", "burn_ndarray"], &allowed), [""; 0]);
    assert!(
        !offenders(&["burn::"], &[]).is_empty(),
        "the search finds what it looks for"
    );
}

#[test]
fn the_browser_is_known_to_the_page_only() {
    let words = ["web_sys", "wasm_bindgen", "js_sys"];
    assert_eq!(offenders(&words, &["src/web"]), [""; 0]);
    assert!(!offenders(&words, &[]).is_empty());
}

#[test]
fn nobody_imports_the_leaves() {
    assert_eq!(offenders(&["crate::web"], &["src/web"]), [""; 0]);
    assert_eq!(offenders(&["crate::train::"], &["src/train"]), [""; 0]);
}

#[test]
fn the_page_carries_no_network_code() {
    let network = ["crate::network", "crate::classifier"];
    let allowed = [
        "src/web/worker.rs",
        "src/web/reference.rs",
        "src/web/bench.rs",
        "src/classical",
        "src/engine",
        "src/network",
        "src/train",
        "src/calibration.rs",
    ];
    assert_eq!(offenders(&network, &allowed), [""; 0]);
    let decoder = ["src/web/decoder.rs"];
    assert_eq!(offenders(&["crate::decode::"], &decoder), [""; 0]);
    assert_eq!(offenders(&["crate::decode::"], &[]), decoder);
}

#[test]
fn normalization_constants_are_defined_once() {
    let with = |word: &str| {
        sources("src")
            .into_iter()
            .filter(|(_, text)| text.contains(word))
            .count()
    };
    assert_eq!((with("0.286"), with("0.353")), (1, 1));
}

#[test]
fn files_and_lines_stay_readable() {
    for (path, text) in sources("src") {
        let lines = text
            .split("#[cfg(test)]")
            .next()
            .unwrap_or_default()
            .lines()
            .count();
        assert!(
            lines <= 450,
            "{} has {lines} lines without tests",
            path.display()
        );
        assert!(
            text.starts_with("//!"),
            "{} says what it is",
            path.display()
        );
    }
}
