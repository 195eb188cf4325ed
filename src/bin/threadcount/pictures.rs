//! The development pictures: the SVG files that `tests/pictures/index.csv` lists, as a visitor would upload them.
//!
//! Each is rendered at the size of the index, encoded as PNG, and goes through the same `decode` and `preprocess` as
//! an uploaded file. `tests/pictures/README.md` says what the columns mean.

use crate::files::{self, Result};
use crate::squashed::squashed;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use threadcount::dataset::sha256;
use threadcount::decode::decode;
use threadcount::image::RgbaImage;
use threadcount::label::Label;
use threadcount::preprocess::{Preprocessed, preprocess};

/// The class of a picture that shows none of the ten.
const NONE: &str = "none";

/// How a picture is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Filled, flat or with a gradient.
    Colored,
    /// One solid tone, inner lines cut out.
    Silhouette,
    /// Lines on the ground.
    Line,
}

impl Kind {
    /// All kinds, in the order of the tables.
    pub const ALL: [Self; 3] = [Self::Colored, Self::Silhouette, Self::Line];

    /// As in the index.
    pub fn name(self) -> &'static str {
        match self {
            Self::Colored => "colored",
            Self::Silhouette => "silhouette",
            Self::Line => "line",
        }
    }
}

/// A line of the index.
#[derive(Debug, Deserialize)]
struct Row {
    file: PathBuf,
    class: String,
    kind: Kind,
    size: String,
}

/// A picture of the set.
#[derive(Clone, Debug)]
pub struct DevelopmentPicture {
    /// Path from the folder of the set.
    pub file: PathBuf,
    /// What it shows; none of the ten classes without.
    pub label: Option<Label>,
    /// How it is drawn.
    pub kind: Kind,
    /// Width and height in pixels.
    size: (u32, u32),
    svg: Vec<u8>,
}

/// All pictures of the index.
#[derive(Debug)]
pub struct Pictures {
    /// In the order of the index.
    pub all: Vec<DevelopmentPicture>,
    /// sha256 of what `sha256sum` prints in the folder for the index and each of its files in order.
    pub sha256: String,
}

impl Pictures {
    /// Where the set is.
    pub fn folder() -> PathBuf {
        Path::new("tests").join("pictures")
    }

    /// Read the index and its files.
    ///
    /// # Errors
    /// When a file is missing or a line is not as described, naming the file.
    pub fn read(folder: &Path) -> Result<Self> {
        let read = |file: &Path| files::read(&folder.join(file));
        let index = read(Path::new("index.csv"))?;
        let mut sums = String::new();
        writeln!(sums, "{}  index.csv", sha256(&index))?;
        let mut all = Vec::new();
        for row in csv::Reader::from_reader(&index[..]).into_deserialize() {
            let row: Row = row.map_err(|e| format!("index.csv: {e}"))?;
            let svg = read(&row.file)?;
            writeln!(sums, "{}  {}", sha256(&svg), row.file.display())?;
            all.push(DevelopmentPicture::new(row, svg)?);
        }
        Ok(Self {
            all,
            sha256: sha256(sums.as_bytes()),
        })
    }
}

impl DevelopmentPicture {
    fn new(row: Row, svg: Vec<u8>) -> Result<Self> {
        let wrong = |what: &str| format!("index.csv: {} has {what}", row.file.display());
        let label = Label::all().find(|label| label.name() == row.class);
        if label.is_none() && row.class != NONE {
            return Err(wrong(&format!("the unknown class {}", row.class)).into());
        }
        let sides = row.size.split_once('x');
        let size = sides.and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
        Ok(Self {
            label,
            kind: row.kind,
            size: size.ok_or_else(|| wrong(&format!("the size {}", row.size)))?,
            svg,
            file: row.file,
        })
    }

    /// The picture as a PNG file of the size in the index.
    ///
    /// # Errors
    /// When the file is not SVG, or its own size is another.
    fn png(&self) -> Result<Vec<u8>> {
        let tree = Tree::from_data(&self.svg, &Options::default())?;
        let own = tree.size().to_int_size();
        let (width, height) = self.size;
        if (own.width(), own.height()) != self.size {
            let (w, h) = (own.width(), own.height());
            return Err(format!("is {w}x{h} pixels, in the index {width}x{height}").into());
        }
        let mut pixels = Pixmap::new(width, height).ok_or("has no pixels")?;
        resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
        Ok(pixels.encode_png()?)
    }

    /// What the models see of the picture when it is uploaded.
    ///
    /// # Errors
    /// When it cannot be rendered or is refused, naming the file.
    pub fn upload(&self) -> Result<Preprocessed> {
        Ok(preprocess(&self.decoded()?))
    }

    /// What models see of it without the page's preprocessing.
    ///
    /// # Errors
    /// When it cannot be rendered or is refused, naming the file.
    pub fn squashed(&self) -> Result<Preprocessed> {
        Ok(Preprocessed::Garment {
            image: squashed(&self.decoded()?),
            filled: false,
        })
    }

    fn decoded(&self) -> Result<RgbaImage> {
        let named = |e: &dyn std::fmt::Display| format!("{}: {e}", self.file.display());
        let png = self.png().map_err(|e| named(&e))?;
        Ok(decode(&png).map_err(|e| named(&e))?)
    }
}

/// Answers that tests give to the pictures.
#[cfg(test)]
pub mod answers {
    use super::{DevelopmentPicture, Label};
    use threadcount::label::CLASSES;
    use threadcount::prediction::Prediction;

    /// An answer that is nearly certain.
    pub fn sure(class: usize) -> Prediction {
        let mut probabilities = [0.02; CLASSES];
        probabilities[class] = 0.82;
        Prediction {
            probabilities,
            log_sum_exp: 0.0,
        }
    }

    /// What each picture shows, so that every answer is right; a bag where it is none of the classes.
    pub fn right(pictures: &[DevelopmentPicture]) -> Vec<Option<Prediction>> {
        let label = |picture: &DevelopmentPicture| picture.label.map_or(8, Label::index);
        pictures.iter().map(label).map(sure).map(Some).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn pictures() -> Pictures {
        Pictures::read(&Pictures::folder()).unwrap()
    }

    #[test]
    fn the_index_lists_every_svg_file_once() {
        let mut listed = BTreeSet::new();
        for picture in pictures().all {
            assert!(
                listed.insert(picture.file.clone()),
                "{:?} twice",
                picture.file
            );
        }
        let mut found = BTreeSet::new();
        for folder in ["colored", "silhouette", "line", "other-garments"] {
            for entry in std::fs::read_dir(Pictures::folder().join(folder)).unwrap() {
                found.insert(Path::new(folder).join(entry.unwrap().file_name()));
            }
        }
        assert_eq!(listed, found);
    }

    #[test]
    fn every_class_has_as_many_pictures_of_each_kind() {
        let pictures = pictures().all;
        for kind in Kind::ALL {
            for label in Label::all().map(Some) {
                let is_such = |p: &&DevelopmentPicture| p.kind == kind && p.label == label;
                assert_eq!(
                    pictures.iter().filter(is_such).count(),
                    5,
                    "{kind:?} {label:?}"
                );
            }
        }
        assert!(pictures.iter().any(|p| p.label.is_none()));
    }

    #[test]
    fn an_uploaded_picture_is_not_blank() {
        let pictures = pictures().all;
        for kind in Kind::ALL {
            let picture = pictures.iter().find(|p| p.kind == kind).unwrap();
            let Preprocessed::Garment { image, .. } = picture.upload().unwrap() else {
                panic!("{:?} is blank", picture.file);
            };
            let light = image.pixels().iter().filter(|v| **v > 128).count();
            assert!(light > 50, "{:?} has {light} light pixels", picture.file);
        }
    }

    #[test]
    fn a_line_of_the_index_is_checked() {
        let row = |class: &str, size: &str| Row {
            file: PathBuf::from("a.svg"),
            class: class.to_owned(),
            kind: Kind::Line,
            size: size.to_owned(),
        };
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>"#;
        let picture = |class, size| DevelopmentPicture::new(row(class, size), svg.to_vec());
        assert!(
            picture("Boot", "3x2")
                .unwrap_err()
                .to_string()
                .contains("Boot")
        );
        assert!(picture("Bag", "3").is_err());
        let other = picture("none", "2x3").unwrap().upload().unwrap_err();
        assert!(other.to_string().contains("a.svg: is 3x2"), "{other}");
        assert_eq!(
            picture("none", "3x2").unwrap().upload().unwrap(),
            Preprocessed::Blank
        );
    }
}
