//! How an evaluation is shared among workers: blocks of images that are handed out one by one, come back in any order,
//! and are reported in order.

use crate::label::CLASSES;
use crate::prediction::{Logits, Prediction};
use std::collections::BTreeMap;

/// What stands for the answer of a model that gave none.
pub const NO_CLASS: u8 = CLASSES as u8;

/// The class of logits, 0 to 9; one more than that where they are not finite.
pub fn class_of(logits: &Logits) -> u8 {
    Prediction::from_logits(logits).map_or(NO_CLASS, |p| p.label().index() as u8)
}

/// How many helpers share an evaluation of so many blocks where the machine has so many cores and gigabytes of memory,
/// which not every browser tells: one core is left to the page, one is the worker's own.
pub fn helpers(cores: usize, memory_gb: Option<f64>, blocks: usize) -> usize {
    /// Each holds every model, some tens of megabytes: one for each gigabyte.
    const MOST: usize = 7;
    /// So many where the memory is not known.
    const FEW: usize = 2;
    let room = memory_gb.map_or(FEW, |memory| memory as usize);
    cores
        .saturating_sub(2)
        .min(MOST)
        .min(room)
        .min(blocks.saturating_sub(1))
}

/// The blocks of an evaluation, counted from 0, and what was made of them.
#[derive(Debug)]
pub struct Blocks<T> {
    /// How many there are.
    count: usize,
    /// The first that nobody has had yet.
    next: usize,
    /// Blocks that are to be handed out once more.
    returned: Vec<usize>,
    /// What is done and not reported yet.
    done: BTreeMap<usize, T>,
    /// Blocks that were reported.
    reported: usize,
}

impl<T> Blocks<T> {
    /// So many blocks, of which none is done.
    pub fn new(count: usize) -> Self {
        Self {
            count,
            next: 0,
            returned: Vec::new(),
            done: BTreeMap::new(),
            reported: 0,
        }
    }

    /// Hand out a block; none when all are done or with someone.
    pub fn take(&mut self) -> Option<usize> {
        self.returned.pop().or_else(|| {
            let block = self.next;
            self.next += usize::from(block < self.count);
            (block < self.count).then_some(block)
        })
    }

    /// Whoever had a block will not do it.
    pub fn give_back(&mut self, block: usize) {
        if self.is_open(block) && !self.returned.contains(&block) {
            self.returned.push(block);
        }
    }

    /// Hand out again what is with someone; the first who does a block counts.
    pub fn give_all_back(&mut self) {
        (self.reported..self.next).for_each(|block| self.give_back(block));
    }

    /// A block is done. What was done before, or is none of these blocks, is left out.
    pub fn put(&mut self, block: usize, made: T) {
        if self.is_open(block) {
            self.returned.retain(|other| *other != block);
            self.done.insert(block, made);
        }
    }

    /// What comes next in order, once it is done.
    pub fn report(&mut self) -> Option<(usize, T)> {
        let block = self.reported;
        let made = self.done.remove(&block)?;
        self.reported += 1;
        Some((block, made))
    }

    /// Whether everything was reported.
    pub fn is_complete(&self) -> bool {
        self.reported == self.count
    }

    /// Whether a block was handed out and is not done.
    fn is_open(&self, block: usize) -> bool {
        (self.reported..self.next).contains(&block) && !self.done.contains_key(&block)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_core_is_left_to_the_page_and_no_helper_is_idle() {
        let of_cores = |cores| helpers(cores, Some(8.0), 100);
        assert_eq!([0, 1, 2, 3, 8, 64].map(of_cores), [0, 0, 0, 1, 6, 7]);
        let of_blocks = |blocks| helpers(8, Some(8.0), blocks);
        assert_eq!([0, 1, 2, 5].map(of_blocks), [0, 0, 1, 4]);
        let of_memory = |memory| helpers(8, memory, 100);
        assert_eq!([Some(0.5), Some(4.0), None].map(of_memory), [0, 4, 2]);
    }

    #[test]
    fn what_comes_in_any_order_is_reported_in_order() {
        let mut blocks = Blocks::new(3);
        assert_eq!(
            [0; 4].map(|_| blocks.take()),
            [Some(0), Some(1), Some(2), None]
        );
        blocks.put(2, "c");
        blocks.put(1, "b");
        assert_eq!(blocks.report(), None);
        blocks.put(0, "a");
        assert_eq!(
            [0; 4].map(|_| blocks.report()),
            [Some((0, "a")), Some((1, "b")), Some((2, "c")), None]
        );
        assert!(blocks.is_complete());
        assert!(Blocks::<u8>::new(0).is_complete());
    }

    #[test]
    fn a_lost_block_is_done_by_another_and_counts_once() {
        let mut blocks = Blocks::new(2);
        assert_eq!([blocks.take(), blocks.take()], [Some(0), Some(1)]);
        blocks.put(1, "b");
        blocks.give_all_back();
        blocks.give_back(0);
        blocks.give_back(1);
        blocks.give_back(7);
        assert_eq!([blocks.take(), blocks.take()], [Some(0), None]);
        blocks.put(0, "a");
        blocks.put(0, "too late");
        blocks.put(7, "none of these");
        assert_eq!(blocks.report(), Some((0, "a")));
        blocks.put(0, "later still");
        assert_eq!(blocks.report(), Some((1, "b")));
        assert!(blocks.is_complete());
    }
}
