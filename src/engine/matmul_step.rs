//! A matrix product as a step of the plan: its weights are packed whole, or quantized a panel at a time.

use super::layout::{PANEL, PackedMatrix};
use super::quantization::{MOST_ROWS, QuantizedMatrix};
use super::step::{Operation, PlannedEpilogue};
use std::ops::Range;

/// The product with weights of `rows` rows, which `pack` gives for a range of output channels; in integers where they are
/// `wanted` and the rows are not too many.
///
/// In integers no more than a panel is ever packed in single precision: all of them would take four times the memory of
/// the result.
pub(super) fn matmul(
    [rows, outputs]: [usize; 2],
    wanted: bool,
    epilogue: PlannedEpilogue,
    pack: impl Fn(Range<usize>) -> PackedMatrix,
) -> Operation {
    if !wanted || rows > MOST_ROWS {
        let weights = pack(0..outputs);
        return Operation::Matmul { weights, epilogue };
    }
    let parts = (0..outputs).step_by(PANEL).map(|first| {
        let panel = first..outputs.min(first + PANEL);
        QuantizedMatrix::new(&pack(panel))
    });
    let weights = QuantizedMatrix::side_by_side(parts);
    Operation::QuantizedMatmul { weights, epilogue }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panel_by_panel_quantizes_as_at_once() {
        let [rows, outputs] = [2 * PANEL, 2 * PANEL + 3];
        let weight = |row: usize, column: usize| ((row * 31 + column * 17) % 97) as f32 - 41.5;
        let pack = |to: Range<usize>| {
            let mut packed = PackedMatrix::zeros(rows, to.len());
            for (column, output) in to.enumerate() {
                (0..rows).for_each(|row| packed.set(row, column, weight(row, output)));
            }
            packed
        };
        let epilogue = PlannedEpilogue {
            bias: vec![0.0; outputs],
            residual: None,
            relu: false,
            pool: false,
        };
        let Operation::QuantizedMatmul { weights, .. } =
            matmul([rows, outputs], true, epilogue, pack)
        else {
            panic!("in integers where they are wanted");
        };
        let whole = QuantizedMatrix::new(&pack(0..outputs));
        assert_eq!([weights.k(), weights.n()], [whole.k(), whole.n()]);
        assert_eq!(weights.scales(), whole.scales());
        assert_eq!(weights.sums(), whole.sums());
        for column in 0..whole.n() {
            (0..rows).for_each(|row| assert_eq!(weights.at(row, column), whole.at(row, column)));
        }
    }
}
