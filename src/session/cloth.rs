//! What lies on the drawing cloth, with undo and redo: strokes, or a picture as it came until it is drawn on.
//!
//! Undo brings such a picture back as it was, with the weights that answer it and its caption.

use super::picture::Picture;
use crate::drawing::{Drawing, Levels};
use crate::image::GrayImage;
use std::collections::VecDeque;
use std::rc::Rc;

/// States that can be undone.
const MOST_UNDO: usize = 60;

/// A picture that lies on the cloth.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// The picture.
    pub picture: Rc<Picture>,
    /// What is written below it.
    pub caption: &'static str,
}

#[derive(Clone, Debug, Default)]
struct State {
    drawing: Drawing,
    /// The picture that lies there, as long as nothing was drawn on it.
    placed: Option<Placed>,
}

/// The cloth, light on black.
#[derive(Clone, Debug, Default)]
pub struct Cloth {
    now: State,
    undo: VecDeque<State>,
    redo: Vec<State>,
}

impl Cloth {
    /// Begin a change, such as a stroke; [`Self::undo`] goes back to what is there now.
    pub fn begin(&mut self) -> &mut Drawing {
        if self.undo.len() == MOST_UNDO {
            self.undo.pop_front();
        }
        self.undo.push_back(self.now.clone());
        self.redo.clear();
        self.now.placed = None;
        &mut self.now.drawing
    }

    /// Go on with the change that was begun.
    pub fn go_on(&mut self) -> &mut Drawing {
        &mut self.now.drawing
    }

    /// Make it blank; one that is blank stays as it is, so that there is nothing to undo.
    pub fn clear(&mut self) {
        if !self.is_blank() {
            self.begin().clear();
        }
    }

    /// Lay a picture on it.
    pub fn put(&mut self, placed: Placed) {
        let blank = GrayImage::black();
        let image = placed.picture.seen.image().unwrap_or(&blank);
        self.begin().put(image);
        self.now.placed = Some(placed);
    }

    /// The picture that lies on it, if nothing was drawn on that.
    pub fn placed(&self) -> Option<&Placed> {
        self.now.placed.as_ref()
    }

    /// Whether there is nothing on it.
    pub fn is_blank(&self) -> bool {
        self.now.placed.is_none() && self.now.drawing.levels().is_blank()
    }

    /// The pixels of what is on it.
    pub fn levels(&self) -> Levels {
        self.now.drawing.levels()
    }

    /// Go back one state; false when there is none.
    pub fn undo(&mut self) -> bool {
        let Some(state) = self.undo.pop_back() else {
            return false;
        };
        self.redo.push(std::mem::replace(&mut self.now, state));
        true
    }

    /// Take back an undo; false when there is none.
    pub fn redo(&mut self) -> bool {
        let Some(state) = self.redo.pop() else {
            return false;
        };
        self.undo.push_back(std::mem::replace(&mut self.now, state));
        true
    }

    /// Whether [`Self::undo`] has a state to go back to.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether [`Self::redo`] has a state to go to.
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::WeightSet;
    use crate::protocol::Seen;

    fn draw(cloth: &mut Cloth) {
        cloth.begin().stroke((50.0, 50.0), (150.0, 50.0), 10.0, 255);
    }

    fn upload() -> Placed {
        let mut image = GrayImage::black();
        image.pixels_mut()[30] = 77;
        let seen = Seen::Garment {
            image,
            filled: true,
        };
        Placed {
            picture: Rc::new(Picture::preprocessed(seen, Vec::new(), 1.5)),
            caption: "A file",
        }
    }

    #[test]
    fn strokes_undo_and_redo() {
        let mut cloth = Cloth::default();
        draw(&mut cloth);
        let stroke = cloth.levels();
        assert!(cloth.undo() && cloth.is_blank() && !cloth.undo());
        assert!(cloth.redo() && cloth.levels() == stroke && !cloth.redo());
        cloth.undo();
        cloth.begin();
        assert!(!cloth.can_redo(), "a new stroke ends redo");
    }

    #[test]
    fn a_picture_that_was_drawn_on_comes_back_as_it_came() {
        let mut cloth = Cloth::default();
        cloth.put(upload());
        let levels = cloth.levels();
        let lit = levels.values().iter().filter(|level| **level > 0).count();
        assert_eq!(lit, 100, "a pixel is ten by ten");
        draw(&mut cloth);
        assert_eq!(cloth.placed(), None);
        assert!(cloth.undo() && cloth.levels() == levels);
        assert_eq!(cloth.placed(), Some(&upload()));
        let picture = &cloth.placed().unwrap().picture;
        assert_eq!(picture.set, WeightSet::Drawings);
        assert!(cloth.undo() && cloth.placed().is_none() && cloth.is_blank());
        assert!(cloth.redo() && cloth.placed() == Some(&upload()));
    }

    #[test]
    fn clearing_a_blank_cloth_leaves_nothing_to_undo() {
        let mut cloth = Cloth::default();
        cloth.clear();
        assert!(!cloth.can_undo());
        let blank = Placed {
            picture: Rc::new(Picture::preprocessed(Seen::Blank, Vec::new(), 1.0)),
            caption: "An empty file",
        };
        cloth.put(blank.clone());
        cloth.clear();
        assert!(cloth.is_blank() && cloth.can_undo());
        assert!(cloth.undo() && cloth.placed() == Some(&blank));
    }

    #[test]
    fn history_is_bounded() {
        let mut cloth = Cloth::default();
        (0..3 * MOST_UNDO).for_each(|_| drop(cloth.begin().levels()));
        assert_eq!(cloth.undo.len(), MOST_UNDO);
    }
}
