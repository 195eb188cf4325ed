//! What the fast kernels must refuse: the safe functions must panic before they touch what does not fit.

use threadcount::engine::instruction_set::QuantizedValue;
use threadcount::engine::kernels::{Epilogue, InferenceKernels};
use threadcount::engine::layout::{PANEL, PackedMatrix, Shape};
use threadcount::engine::quantization::{QuantizedMatrix, RowQuantization, quantize_rows};
use threadcount::engine::short::{ShortMatrix, round_and_pad};
use threadcount::engine::vector::VectorKernels;
use threadcount::engine::winograd::WinogradTile;

const NOT_PADDED: &str = "padded to whole panels";

/// Calls that must panic, each with what is wrong and a part of the message: buffers that fit each other but whose
/// channels are not padded, and buffers that do not fit.
pub const REFUSED: [(&str, &str, fn()); 18] = [
    (
        "depthwise convolution of three channels",
        NOT_PADDED,
        || {
            let shape = image(3);
            let padded = vec![0.0; 8 * 8 * 3];
            VectorKernels::depthwise(&padded, shape, &[0.0; 27], &[0.0; 3], &mut zeros(shape));
        },
    ),
    ("expansion to three channels", NOT_PADDED, || {
        VectorKernels::expand_extremes(&[[0.0; 2]; 8], &[0.0; 3], &[0.0; 3], &mut [0.0; 24]);
    }),
    ("max-pooling of one channel too few", NOT_PADDED, || {
        let shape = image(PANEL - 1);
        VectorKernels::max_pool(&zeros(shape), shape, &mut zeros(shape.halved()));
    }),
    (
        "max-pooling of half a panel, which is a whole vector",
        NOT_PADDED,
        || {
            let shape = image(PANEL / 2);
            VectorKernels::max_pool(&zeros(shape), shape, &mut zeros(shape.halved()));
        },
    ),
    ("average of one channel too many", NOT_PADDED, || {
        let shape = image(PANEL + 1);
        VectorKernels::global_average_pool(&zeros(shape), shape, &mut [0.0; PANEL + 1]);
    }),
    (
        "Winograd transform of three input channels",
        NOT_PADDED,
        || {
            let (tile, x) = (WinogradTile::F4x4_3x3, [0.0; 6 * 6 * 3]);
            VectorKernels::winograd_input(&x, 1, 3, tile, [1, 1], &mut [0.0; 36 * 3]);
        },
    ),
    (
        "Winograd transform of three output channels",
        NOT_PADDED,
        || {
            let tile = WinogradTile::F3x3_3x3;
            let (shape, bias) = (image(3), [0.0; 3]);
            let (v, weights) = ([0.0; 25 * 4 * PANEL], PackedMatrix::zeros(25 * PANEL, 3));
            let (scratch, out) = (&mut vec![0.0; tile.scratch()], &mut zeros(shape));
            VectorKernels::winograd_output(&v, &weights, shape, tile, linear(&bias), scratch, out);
        },
    ),
    ("three of four tiles", "shapes", || {
        filter_integers(3, &[1.0]);
    }),
    ("two scales of one image", "one scale per image", || {
        filter_integers(4, &[1.0; 2]);
    }),
    ("no scale of one image", "one scale per image", || {
        filter_integers(4, &[]);
    }),
    ("rounding of half a panel", NOT_PADDED, || {
        let (shape, size) = (image(PANEL / 2), 8 * 8 * PANEL / 2);
        round_and_pad(
            &zeros(shape),
            shape,
            [8, 8],
            327,
            &mut vec![0; size],
            &mut [0.0],
        );
    }),
    ("integers of half a panel", NOT_PADDED, || {
        let (tile, x) = (WinogradTile::F4x4_3x3, [0; 6 * 6 * PANEL / 2]);
        let out = &mut [0; 36 * PANEL / 2];
        VectorKernels::short_winograd_input(&x, 1, PANEL / 2, tile, [1, 1], out);
    }),
    ("pooled stem with a short bias", "weights", || {
        let shape = image(PANEL);
        let (x, weights) = ([0.0; 8 * 8], PackedMatrix::zeros(9, PANEL));
        let out = &mut zeros(shape.halved());
        VectorKernels::pooled_stem(&x, shape, &weights, &[0.0; PANEL - 1], true, out);
    }),
    (
        "quantization of rows of three numbers",
        "rows of whole panels",
        || {
            let mut quantized = [QuantizedValue::default(); 6];
            quantize_rows(
                &[0.0; 6],
                3,
                &mut quantized,
                &mut [RowQuantization::default(); 2],
            );
        },
    ),
    ("product with fewer results than rows", "shapes", || {
        let b = PackedMatrix::zeros(4, PANEL);
        VectorKernels::matmul(&[0.0; 8], &b, None, &mut [0.0; PANEL]);
    }),
    ("product with a short bias", "numbers of the bias", || {
        let (b, bias) = (PackedMatrix::zeros(4, PANEL), [0.0; PANEL - 1]);
        VectorKernels::matmul(&[0.0; 4], &b, Some(linear(&bias)), &mut [0.0; PANEL]);
    }),
    (
        "product with a short residual",
        "numbers of the residual",
        || {
            let (b, bias) = (PackedMatrix::zeros(4, PANEL), [0.0; PANEL]);
            let epilogue = Epilogue {
                residual: Some(&[0.0; PANEL - 1]),
                ..linear(&bias)
            };
            VectorKernels::matmul(&[0.0; 4], &b, Some(epilogue), &mut [0.0; PANEL]);
        },
    ),
    (
        "quantized product with fewer rows than it says",
        "shapes",
        || {
            let b = QuantizedMatrix::new(&PackedMatrix::zeros(PANEL, PANEL));
            let (a, bias) = ([QuantizedValue::default(); PANEL], [0.0; PANEL]);
            let quantizations = [RowQuantization::default(); 2];
            let out = &mut [0.0; 2 * PANEL];
            VectorKernels::quantized_matmul(&a, &quantizations, &b, linear(&bias), out);
        },
    ),
];

/// Filter tiles of one image, which has four.
fn filter_integers(tiles: usize, scales: &[f32]) {
    let (tile, shape, bias) = (WinogradTile::F3x3_3x3, image(PANEL), [0.0; PANEL]);
    let v = vec![0; 25 * tiles * PANEL];
    let weights = PackedMatrix::zeros(25 * PANEL, PANEL);
    let weights = ShortMatrix::<i8>::new(&weights, 25);
    let (scratch, out) = (&mut vec![0.0; tile.scratch()], &mut zeros(shape));
    VectorKernels::short_winograd_output(
        &v,
        scales,
        &weights,
        shape,
        tile,
        linear(&bias),
        scratch,
        out,
    );
}

/// One image of 6x6 pixels.
fn image(c: usize) -> Shape {
    let [n, h, w] = [1, 6, 6];
    Shape { n, h, w, c }
}

fn zeros(shape: Shape) -> Vec<f32> {
    vec![0.0; shape.len()]
}

fn linear(bias: &[f32]) -> Epilogue<'_> {
    Epilogue {
        bias,
        residual: None,
        relu: false,
    }
}
