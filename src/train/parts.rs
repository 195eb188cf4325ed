//! Vectors that threads write part by part.

#![allow(unsafe_code)] // A vector's length is set after its parts were written, which the compiler cannot see.

use rayon::prelude::*;
use std::mem::MaybeUninit;
use std::slice;

/// `len` numbers in parts of `part`, of which the last may be shorter; `work` gets the thread's state, each
/// part as zeros, and the part's input.
///
/// The same as a vector of zeros that is written by `par_chunks_mut`, but that each part is zeroed by the
/// thread that is about to write it, and so in its cache, instead of all of them beforehand by one thread.
///
/// # Panics
/// When there are fewer inputs than parts.
pub(super) fn by_parts<I: IndexedParallelIterator, S>(
    len: usize,
    part: usize,
    inputs: I,
    state: impl Fn() -> S + Sync + Send,
    work: impl Fn(&mut S, &mut [f32], I::Item) + Sync + Send,
) -> Vec<f32> {
    let mut numbers = Vec::with_capacity(len);
    let written: usize = numbers.spare_capacity_mut()[..len]
        .par_chunks_mut(part.max(1))
        .zip(inputs)
        .map_init(state, |state, (part, input)| {
            let part = zeroed(part);
            work(state, part, input);
            part.len()
        })
        .sum();
    assert_eq!(written, len, "every part has its input");
    // SAFETY: the parts do not overlap, and as many numbers as `len` were zeroed.
    unsafe { numbers.set_len(len) };
    numbers
}

/// Write zeros to memory.
fn zeroed(memory: &mut [MaybeUninit<f32>]) -> &mut [f32] {
    memory.fill(MaybeUninit::new(0.0));
    // SAFETY: every number was just written, and `MaybeUninit<f32>` lies in memory as `f32` does.
    unsafe { slice::from_raw_parts_mut(memory.as_mut_ptr().cast(), memory.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_zeros_until_its_input_is_written() {
        let inputs = [1.0, 2.0, 3.0];
        let found = by_parts(
            8,
            3,
            inputs.par_iter(),
            || (),
            |(), part, input| {
                assert!(part.iter().all(|v| *v == 0.0));
                part[0] = *input;
            },
        );
        assert_eq!(found, [1.0, 0.0, 0.0, 2.0, 0.0, 0.0, 3.0, 0.0]);
    }

    #[test]
    fn nothing_has_no_parts() {
        let none: [f32; 0] = [];
        let found = by_parts(0, 0, none.par_iter(), || (), |(), _, _| unreachable!());
        assert!(found.is_empty());
    }

    #[test]
    #[should_panic(expected = "every part has its input")]
    fn a_part_without_input_is_an_error() {
        by_parts(4, 2, [0.0].par_iter(), || (), |(), _, _| ());
    }
}
