//! Vectors that threads write part by part.

use rayon::iter::repeat_n;
use rayon::prelude::*;

/// Numbers that are zeroed at once.
const BLOCK: usize = 256;

/// `len` numbers in parts of `part`, of which the last may be shorter; `work` gets the thread's state, each
/// part as zeros, and the part's input.
///
/// The same as a vector of zeros that is written by `par_chunks_mut`, but that all threads zero it, instead of
/// one while the others wait.
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
    let part = part.max(1);
    assert!(
        inputs.len() >= len.div_ceil(part),
        "every part has its input"
    );
    let blocks: Vec<[f32; BLOCK]> = repeat_n([0.0; BLOCK], len.div_ceil(BLOCK)).collect();
    let mut numbers = blocks.into_flattened();
    numbers.truncate(len);
    numbers
        .par_chunks_mut(part)
        .zip(inputs)
        .for_each_init(state, |state, (part, input)| work(state, part, input));
    numbers
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
