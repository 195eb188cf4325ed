//! What the page showed when a link was followed, so that Back brings it back.
//!
//! Each entry of the browser's history carries a number: how many links had been followed when it was made. Entries of
//! one number, such as sections of the page, show the same work. Numbers never fall along the history, and following a
//! link ends the entries ahead, so the next number is free.

use std::collections::BTreeMap;

/// What was left, `T`, by the number of the entries that showed it.
#[derive(Clone, Debug)]
pub struct Visits<T> {
    now: u32,
    left: BTreeMap<u32, T>,
}

/// Where Back or Forward came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival<T> {
    /// An entry that shows what the page shows now.
    Here,
    /// An entry that showed this when it was left.
    Left(T),
    /// An entry that was left before the page was loaded.
    Unknown,
}

impl<T> Visits<T> {
    /// The page was loaded at an entry that carries `number`.
    pub fn new(number: u32) -> Self {
        Self {
            now: number,
            left: BTreeMap::new(),
        }
    }

    /// The number of the present entry.
    pub fn now(&self) -> u32 {
        self.now
    }

    /// A link is followed, which makes an entry; `present` is what the page shows until then.
    pub fn follow(&mut self, present: T) {
        self.left.insert(self.now, present);
        self.now += 1;
        self.left.retain(|number, _| *number < self.now);
    }

    /// Back or Forward came to an entry that carries `number`; `present` is what the page shows until then.
    pub fn go(&mut self, number: u32, present: T) -> Arrival<T> {
        if number == self.now {
            return Arrival::Here;
        }
        self.left.insert(self.now, present);
        self.now = number;
        self.left
            .remove(&number)
            .map_or(Arrival::Unknown, Arrival::Left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_and_forward_come_to_what_was_left() {
        let mut visits = Visits::new(0);
        visits.follow("drawn");
        assert_eq!(visits.now(), 1);
        visits.follow("first link, drawn on");
        assert_eq!(visits.go(2, "second link"), Arrival::Here, "a section");
        assert_eq!(
            visits.go(1, "second link"),
            Arrival::Left("first link, drawn on")
        );
        assert_eq!(visits.go(0, "first link"), Arrival::Left("drawn"));
        // Over an entry at once.
        assert_eq!(visits.go(2, "drawn more"), Arrival::Left("second link"));
        assert_eq!(visits.go(0, "second link"), Arrival::Left("drawn more"));
    }

    #[test]
    fn a_link_that_is_followed_after_back_ends_what_was_ahead() {
        let mut visits = Visits::new(0);
        visits.follow("drawn");
        visits.follow("first link");
        visits.go(0, "second link");
        visits.follow("drawn");
        assert_eq!(visits.now(), 1);
        assert_eq!(visits.go(0, "third link"), Arrival::Left("drawn"));
        assert_eq!(visits.go(2, "drawn"), Arrival::Unknown);
    }

    #[test]
    fn entries_from_before_the_page_was_loaded_are_unknown() {
        let mut visits = Visits::new(3);
        assert_eq!(visits.go(2, "link"), Arrival::Unknown);
        assert_eq!(visits.go(3, "earlier link"), Arrival::Left("link"));
        visits.follow("link");
        assert_eq!(visits.now(), 4);
    }
}
