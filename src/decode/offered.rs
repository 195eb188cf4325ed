//! What a visitor chose, dropped or pasted: which of the files is taken, and what is said about it.
//!
//! Nothing is read here: a browser tells name, type and size before. `web::upload_panel` asks.

use super::error::{DecodeError, MOST_FILE_BYTES};
use std::path::Path;

/// Longest file name in a message, in characters.
const MOST_NAME_CHARS: usize = 40;
/// Characters that stay at the end of a longer name: the extension, mostly.
const NAME_END_CHARS: usize = 12;
/// What is written for the characters in between.
const ELLIPSIS: char = '…';
/// Endings of files whose type a browser does not know, such as a camera's.
const PICTURE_ENDINGS: [&str; 8] = ["png", "jpg", "jpeg", "gif", "webp", "bmp", "svg", "heic"];

/// A file, or a folder, as the browser describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Its name.
    pub name: String,
    /// Its media type; empty where the browser knows none, as of folders.
    pub media_type: String,
    /// Its length in bytes.
    pub size_bytes: u64,
}

impl Offered {
    fn is_picture(&self) -> bool {
        let ending = Path::new(&self.name).extension();
        let ending = ending.map(|e| e.to_string_lossy().to_lowercase());
        self.media_type.starts_with("image/")
            || ending.is_some_and(|e| PICTURE_ENDINGS.contains(&e.as_str()))
    }
}

/// The file that is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Its position among those that were offered.
    pub index: usize,
    /// What to tell the visitor beside the answer; empty for nothing.
    pub note: String,
}

/// Take the first picture; where nothing looks like one, the first file, which the decoder will judge.
///
/// # Errors
/// What to tell the visitor when there is nothing, or when the file is larger than is read.
pub fn choose(offered: &[Offered]) -> Result<Chosen, String> {
    let picture = offered.iter().position(Offered::is_picture);
    let index = picture.unwrap_or(0);
    let file = offered.get(index).ok_or("No file was given.")?;
    let name = short_name(&file.name);
    let size_bytes = file.size_bytes;
    if size_bytes > MOST_FILE_BYTES {
        let refusal = DecodeError::TooManyBytes { size_bytes };
        return Err(format!("{name}: {refusal}"));
    }
    let note = match (offered.len(), picture) {
        (1, _) => String::new(),
        (count, Some(0)) => format!("{count} files were given; the first, {name}, was taken."),
        (count, Some(_)) => {
            format!("{count} files were given; the first picture, {name}, was taken.")
        }
        (count, None) => {
            format!("{count} files were given, none of a known kind; the first, {name}, was taken.")
        }
    };
    Ok(Chosen { index, note })
}

/// What to tell a visitor who dropped something that is no file.
pub fn nothing_dropped(types: &[String]) -> &'static str {
    if types.iter().any(|t| t == "text/uri-list") {
        "What was dropped is an address, not a picture. Save the picture as a file and drop that, or copy the image and paste it."
    } else {
        "What was dropped is text, not a picture. Drop an image file."
    }
}

/// A file name as it is shown in a message: at most 40 characters, without control characters and those that turn
/// the direction of writing.
pub fn short_name(name: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let shown: Vec<char> = name
        .chars()
        .filter(|c| !c.is_control() && !turns(*c))
        .collect();
    if shown.is_empty() {
        return String::from("The file");
    }
    if shown.len() <= MOST_NAME_CHARS {
        return shown.into_iter().collect();
    }
    let start = &shown[..MOST_NAME_CHARS - NAME_END_CHARS - 1];
    let end = &shown[shown.len() - NAME_END_CHARS..];
    start.iter().chain(&[ELLIPSIS]).chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(name: &str, media_type: &str) -> Offered {
        Offered {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            size_bytes: 1000,
        }
    }

    #[test]
    fn the_first_picture_is_taken_and_named_when_there_is_more() {
        let folder = || offered("holiday", "");
        let text = || offered("notes.txt", "text/plain");
        let png = || offered("shirt.png", "image/png");
        let camera = || offered("IMG_1.HEIC", "");
        let cases: [(&[Offered], usize, &str); 8] = [
            (&[png()], 0, ""),
            (&[text()], 0, ""),
            (&[folder()], 0, ""),
            (
                &[folder(), png()],
                1,
                "2 files were given; the first picture, shirt.png, was taken.",
            ),
            (
                &[folder(), text(), camera(), png()],
                2,
                "4 files were given; the first picture, IMG_1.HEIC, was taken.",
            ),
            (
                &[png(), folder()],
                0,
                "2 files were given; the first, shirt.png, was taken.",
            ),
            (
                &[text(), folder()],
                0,
                "2 files were given, none of a known kind; the first, notes.txt, was taken.",
            ),
            (
                &[offered(".png", ""), png()],
                1,
                "2 files were given; the first picture, shirt.png, was taken.",
            ),
        ];
        for (files, index, note) in cases {
            let expected = Chosen {
                index,
                note: note.to_owned(),
            };
            assert_eq!(choose(files), Ok(expected), "{files:?}");
        }
        assert_eq!(choose(&[]), Err(String::from("No file was given.")));
    }

    #[test]
    fn what_is_too_large_is_refused_with_its_size_and_the_limit() {
        let mut file = offered("poster.png", "image/png");
        file.size_bytes = 99_000_000;
        let refusal = choose(&[file.clone()]).unwrap_err();
        for part in ["poster.png", "99.0 MB", "32 MB"] {
            assert!(refusal.contains(part), "{refusal}");
        }
        file.size_bytes = MOST_FILE_BYTES;
        assert!(choose(&[file]).is_ok());
    }

    #[test]
    fn names_are_short_and_plain() {
        let long = format!("{}.jpeg", "x".repeat(4000));
        let cases = [
            ("shirt.png", "shirt.png"),
            ("a\u{202e}gnp.exe\n", "agnp.exe"),
            ("", "The file"),
            ("\n", "The file"),
            (&"é".repeat(40), &"é".repeat(40)),
            (&long, &format!("{}…{}.jpeg", "x".repeat(27), "x".repeat(7))),
        ];
        for (name, shown) in cases {
            assert_eq!(short_name(name), shown, "{name}");
            assert!(short_name(name).chars().count() <= MOST_NAME_CHARS);
        }
    }

    #[test]
    fn dropped_text_and_addresses_are_called_what_they_are() {
        let types = |t: &[&str]| t.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        assert!(nothing_dropped(&types(&["text/plain"])).contains("text"));
        assert!(nothing_dropped(&types(&["text/uri-list", "text/plain"])).contains("address"));
        assert!(nothing_dropped(&[]).contains("text"));
    }
}
