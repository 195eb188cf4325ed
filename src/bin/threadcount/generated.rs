//! Files with generated parts: what stands between `<!-- generated: NAME -->` and `<!-- end -->`.

use crate::files::{Result, read_text, write};
use std::path::Path;

/// Whether generated files are written, or only compared with what is there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Write what differs.
    Write,
    /// Fail when something differs.
    Check,
}

/// Write a file's generated parts, each a name and its content.
pub fn replace_parts(mode: Mode, file: &str, parts: &[(&str, String)]) -> Result<()> {
    let mut text = read_text(Path::new(file))?;
    for (name, content) in parts {
        text = replace_part(&text, name, content).ok_or_else(|| {
            format!("{file} lacks the part between <!-- generated: {name} --> and <!-- end -->")
        })?;
    }
    keep(mode, Path::new(file), text.as_bytes())
}

/// Write a file that is generated as a whole.
pub fn keep(mode: Mode, path: &Path, new: &[u8]) -> Result<()> {
    if std::fs::read(path).is_ok_and(|old| old == new) {
        return Ok(());
    }
    match mode {
        Mode::Write => write(path, new),
        Mode::Check => {
            let path = path.display();
            Err(format!("{path} is out of date; run `threadcount readme`").into())
        }
    }
}

/// Replace a part; none when the text lacks its markers.
fn replace_part(text: &str, name: &str, content: &str) -> Option<String> {
    let marker = format!("<!-- generated: {name} -->\n");
    let start = text.find(&marker)? + marker.len();
    let end = start + text[start..].find("<!-- end -->")?;
    Some([&text[..start], content, &text[end..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_marked_part_is_replaced() {
        let text = "a\n<!-- generated: t -->\nold\n<!-- end -->\nb";
        let replaced = replace_part(text, "t", "new\n").unwrap();
        assert_eq!(replaced, text.replace("old", "new"));
        assert!(replace_part(text, "other", "").is_none());
    }
}
