//! A compiled network: steps in order, and the buffers that they work in.

use super::integer::{Number, Rounded, RowRange, round_rows};
use super::kernels::{Kernels, Packed, Shape, Tail, surround};
use super::scalar::{filter_extremes, neighbourhoods};
use super::winograd::Tile;
use crate::image::PIXELS;
use crate::label::CLASSES;
use crate::prediction::Logits;

/// The first of three regions for a step's intermediate numbers; the activations' are before it.
pub(super) const SCRATCH: usize = 3;
const REGIONS: usize = SCRATCH + 3;

/// What a step does as it writes its result.
#[derive(Debug)]
pub(super) struct Fused {
    pub bias: Vec<f32>,
    /// A region to add.
    pub residual: Option<usize>,
    pub relu: bool,
    pub pool: bool,
}

impl Fused {
    /// What the kernels need of it; `activation` finds the one to add.
    fn tail<'a>(&'a self, activation: impl Fn(usize) -> &'a [f32]) -> Tail<'a> {
        Tail {
            bias: &self.bias,
            residual: self.residual.map(activation),
            relu: self.relu,
        }
    }
}

/// What a step computes.
#[derive(Debug)]
pub(super) enum Operation {
    /// 3x3 convolution by small matrix products.
    Winograd {
        tile: Tile,
        covered: [usize; 2],
        weights: Vec<Packed>,
        fused: Fused,
    },
    /// 3x3 convolution of one channel, each neighbourhood a row of a matrix.
    Patches {
        weights: Packed,
        fused: Fused,
    },
    /// 3x3 filter of one channel, then spread over many.
    SingleFilter {
        filter: [f32; 9],
        filter_bias: f32,
        weights: Vec<f32>,
        fused: Fused,
    },
    /// 3x3 convolution of each channel by itself.
    Depthwise {
        weights: Vec<f32>,
        bias: Vec<f32>,
    },
    /// 1x1 convolution, or a dense layer on one pixel.
    Matmul {
        weights: Packed,
        fused: Fused,
    },
    /// The same in integers.
    IntegerMatmul {
        weights: Rounded,
        fused: Fused,
    },
    MaxPool,
    AveragePool,
}

impl Operation {
    pub(super) fn fused(&self) -> Option<&Fused> {
        match self {
            Self::Winograd { fused, .. }
            | Self::Patches { fused, .. }
            | Self::SingleFilter { fused, .. }
            | Self::Matmul { fused, .. }
            | Self::IntegerMatmul { fused, .. } => Some(fused),
            Self::Depthwise { .. } | Self::MaxPool | Self::AveragePool => None,
        }
    }

    /// Rows and columns of the input after [`surround`], for the kernels that want it.
    fn surrounded(&self, input: Shape) -> [usize; 2] {
        match self {
            Self::Winograd { tile, covered, .. } => {
                covered.map(|length| tile.count(length) * tile.output_side() + 2)
            }
            Self::Patches { .. } | Self::SingleFilter { .. } | Self::Depthwise { .. } => {
                [input.h + 2, input.w + 2]
            }
            Self::Matmul { .. }
            | Self::IntegerMatmul { .. }
            | Self::MaxPool
            | Self::AveragePool => [0, 0],
        }
    }

    /// Numbers of each scratch region for one image.
    fn scratch(&self, input: Shape, output: Shape) -> [usize; 3] {
        let pools = self.fused().is_some_and(|fused| fused.pool);
        let before_pool = if pools {
            input.h * input.w * output.c
        } else {
            0
        };
        let [height, width] = self.surrounded(input);
        let surrounded = height * width * input.c;
        match self {
            Self::Winograd { tile, covered, .. } => {
                let transformed =
                    tile.positions() * tile.count(covered[0]) * tile.count(covered[1]);
                [
                    surrounded.max(before_pool),
                    transformed * input.c,
                    transformed * output.c,
                ]
            }
            Self::Patches { .. } => [surrounded, 9 * input.len(), before_pool],
            _ => [surrounded, 0, before_pool],
        }
    }
}

/// One step, with its shapes for one image.
#[derive(Debug)]
pub(super) struct Step {
    pub operation: Operation,
    pub input: Shape,
    pub output: Shape,
    pub source: usize,
    pub target: usize,
    /// What the step is called in a benchmark.
    pub title: String,
    /// Multiply-adds by the direct method, for one image.
    pub macs: usize,
}

/// A compiled network with its buffers; predicting allocates nothing.
#[derive(Debug)]
pub struct Plan {
    steps: Vec<Step>,
    regions: [Vec<f32>; REGIONS],
    extremes: Vec<[f32; 2]>,
    rounded: Vec<Number>,
    row_ranges: Vec<RowRange>,
    batch: usize,
}

impl Plan {
    pub(super) fn new(steps: Vec<Step>, batch: usize) -> Self {
        let mut sizes = [0; REGIONS];
        sizes[0] = PIXELS;
        let (mut extremes, mut rounded, mut row_ranges) = (0, 0, 0);
        for step in &steps {
            sizes[step.target] = sizes[step.target].max(step.output.len());
            let scratch = step.operation.scratch(step.input, step.output);
            for (size, needed) in sizes[SCRATCH..].iter_mut().zip(scratch) {
                *size = needed.max(*size);
            }
            match step.operation {
                Operation::SingleFilter { .. } => {
                    extremes = extremes.max(step.output.h * step.output.w);
                }
                Operation::IntegerMatmul { .. } => {
                    rounded = rounded.max(step.input.len());
                    row_ranges = row_ranges.max(step.input.h * step.input.w);
                }
                _ => {}
            }
        }
        Self {
            steps,
            regions: sizes.map(|size| vec![0.0; size * batch]),
            extremes: vec![[0.0; 2]; extremes * batch],
            rounded: vec![Number::default(); rounded * batch],
            row_ranges: vec![RowRange::default(); row_ranges * batch],
            batch,
        }
    }

    /// Images that are computed at once.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// Whether a step computes in integers.
    pub(super) fn has_integers(&self) -> bool {
        let integer = |step: &Step| matches!(step.operation, Operation::IntegerMatmul { .. });
        self.steps.iter().any(integer)
    }

    /// Title and multiply-adds of each step by the direct method, as JSON.
    ///
    /// # Panics
    /// Never: titles and numbers are plain data.
    pub fn steps_json(&self) -> String {
        let steps: Vec<_> = self.steps.iter().map(|s| (&s.title, s.macs)).collect();
        serde_json::to_string(&steps).expect("titles and numbers")
    }

    /// Bytes of the packed weights and of the buffers.
    pub fn size_bytes(&self) -> [usize; 2] {
        let weights = self.steps.iter().map(Step::weights_bytes).sum();
        let regions: usize = self
            .regions
            .iter()
            .map(|region| size_of_val(&region[..]))
            .sum();
        let extremes = size_of_val(&self.extremes[..]);
        let rows = size_of_val(&self.rounded[..]) + size_of_val(&self.row_ranges[..]);
        [weights, regions + extremes + rows]
    }

    /// Run the plan on at most [`Plan::batch`] images of 784 features each.
    ///
    /// # Panics
    /// When there are more images than the batch holds, or not one result an image.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub(super) fn run<'a, K: Kernels>(
        &mut self,
        images: impl ExactSizeIterator<Item = &'a [f32; PIXELS]>,
        logits: &mut [Logits],
        mut after_step: impl FnMut(usize),
    ) {
        let n = images.len();
        assert!(
            n <= self.batch && n == logits.len(),
            "{n} images for {}",
            self.batch
        );
        for (image, place) in images.zip(self.regions[0].chunks_exact_mut(PIXELS)) {
            place.copy_from_slice(image);
        }
        for number in 0..self.steps.len() {
            self.step::<K>(number, n);
            after_step(number);
        }
        if let Some(last) = self.steps.last() {
            let rows = self.regions[last.target].chunks_exact(last.output.c);
            for (logits, row) in logits.iter_mut().zip(rows) {
                logits.copy_from_slice(&row[..CLASSES]);
            }
        }
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn step<K: Kernels>(&mut self, number: usize, n: usize) {
        let step = &self.steps[number];
        // Regions are moved out while a step works in them, which costs three words each.
        let taken = [step.target, SCRATCH, SCRATCH + 1, SCRATCH + 2];
        let [mut target, mut first, mut second, mut third] =
            taken.map(|region| std::mem::take(&mut self.regions[region]));
        let (input, output) = (Shape { n, ..step.input }, Shape { n, ..step.output });
        let whole = Shape {
            c: output.c,
            ..input
        };
        let x = &self.regions[step.source][..input.len()];
        let out = &mut target[..output.len()];
        let around = step.operation.surrounded(input);
        let surrounded = &mut first[..n * around[0] * around[1] * input.c];
        if !surrounded.is_empty() {
            surround(x, input, around, surrounded);
        }
        let regions = &self.regions;
        let tail = |fused| Fused::tail(fused, |region| &regions[region][..whole.len()]);
        match &step.operation {
            Operation::Winograd {
                tile,
                covered,
                weights,
                fused,
            } => {
                let grid = covered.map(|length| tile.count(length));
                let tiles = n * grid[0] * grid[1];
                let v = &mut second[..tile.positions() * tiles * input.c];
                K::winograd_input(surrounded, n, input.c, *tile, grid, v);
                let m = &mut third[..tile.positions() * tiles * output.c];
                let results = m.chunks_exact_mut(tiles * output.c);
                for ((v, m), weights) in v.chunks_exact(tiles * input.c).zip(results).zip(weights) {
                    K::matmul(v, weights, None, m);
                }
                let whole = Shape {
                    h: covered[0],
                    w: covered[1],
                    ..whole
                };
                if fused.pool {
                    let before_pool = &mut first[..whole.len()];
                    K::winograd_output(m, whole, *tile, tail(fused), before_pool);
                    K::max_pool(before_pool, whole, out);
                } else {
                    K::winograd_output(m, whole, *tile, tail(fused), out);
                }
            }
            Operation::Patches { weights, fused } => {
                let patches = &mut second[..9 * input.len()];
                neighbourhoods(surrounded, input, patches);
                pooled::<K>(fused.pool, whole, out, &mut third, |out| {
                    K::matmul(patches, weights, Some(tail(fused)), out);
                });
            }
            Operation::Matmul { weights, fused } => {
                pooled::<K>(fused.pool, whole, out, &mut third, |out| {
                    K::matmul(x, weights, Some(tail(fused)), out);
                });
            }
            Operation::IntegerMatmul { weights, fused } => {
                let ranges = &mut self.row_ranges[..x.len() / weights.k];
                let rows = &mut self.rounded[..x.len()];
                round_rows(x, weights.k, rows, ranges);
                pooled::<K>(fused.pool, whole, out, &mut third, |out| {
                    K::integer_matmul(rows, ranges, weights, tail(fused), out);
                });
            }
            Operation::SingleFilter {
                filter,
                filter_bias,
                weights,
                fused,
            } => {
                let extremes = &mut self.extremes[..output.len() / output.c];
                let side = if fused.pool { 2 } else { 1 };
                filter_extremes(
                    surrounded,
                    [n, input.h, input.w],
                    filter,
                    *filter_bias,
                    side,
                    extremes,
                );
                K::spread(extremes, weights, &fused.bias, out);
            }
            Operation::Depthwise { weights, bias } => {
                K::depthwise(surrounded, input, weights, bias, out);
            }
            Operation::MaxPool => K::max_pool(x, input, out),
            Operation::AveragePool => K::average_pool(x, input, out),
        }
        for (region, buffer) in taken.into_iter().zip([target, first, second, third]) {
            self.regions[region] = buffer;
        }
    }
}

impl Step {
    fn weights_bytes(&self) -> usize {
        match &self.operation {
            Operation::Winograd { weights, .. } => weights.iter().map(Packed::size_bytes).sum(),
            Operation::Patches { weights, .. } | Operation::Matmul { weights, .. } => {
                weights.size_bytes()
            }
            Operation::IntegerMatmul { weights, .. } => weights.size_bytes(),
            Operation::SingleFilter { weights, .. } | Operation::Depthwise { weights, .. } => {
                size_of_val(&weights[..])
            }
            Operation::MaxPool | Operation::AveragePool => 0,
        }
    }
}

/// A product of `whole`, and pooling by way of `scratch`.
#[cfg_attr(not(target_arch = "wasm32"), inline(always))]
fn pooled<K: Kernels>(
    pool: bool,
    whole: Shape,
    out: &mut [f32],
    scratch: &mut [f32],
    product: impl FnOnce(&mut [f32]),
) {
    if pool {
        let scratch = &mut scratch[..whole.len()];
        product(scratch);
        K::max_pool(scratch, whole, out);
    } else {
        product(out);
    }
}
