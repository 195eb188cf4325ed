//! What a 3x3 convolution reads: images with a border of zeros, and the window of each pixel as a row of a
//! matrix (im2col). Both only copy, so they have one implementation.

use super::layout::Shape;

/// Put one row and column of zeros before each image, and as many behind it as make `[height, width]`. The last
/// rows and columns of an image are left out where there is no room for them.
///
/// **Shapes**: `[n, h, w, c]` to `[n, height, width, c]`.
///
/// # Panics
/// When the buffers' lengths do not fit the shapes, or a size is zero.
pub fn zero_pad(x: &[f32], shape: Shape, [height, width]: [usize; 2], out: &mut [f32]) {
    let Shape { n, h, w, c } = shape;
    let size = height * width * c;
    assert_eq!([x.len(), out.len()], [shape.len(), n * size], "shapes");
    out.fill(0.0);
    for (image, out) in x.chunks_exact(h * w * c).zip(out.chunks_exact_mut(size)) {
        let rows = out.chunks_exact_mut(width * c).skip(1).take(height - 1);
        for (row, out) in image.chunks_exact(w * c).zip(rows) {
            let used = row.len().min(out.len() - c);
            out[c..c + used].copy_from_slice(&row[..used]);
        }
    }
}

/// Copy the 3x3 window of every pixel of zero-padded images into a row of a matrix.
///
/// **Shapes**: `[n, h + 2, w + 2, c]` to `[n h w, 9 c]`, `shape` being `[n, h, w, c]`.
///
/// # Panics
/// When the buffers' lengths do not fit the shapes, or a size is zero.
pub fn im2col(x: &[f32], shape: Shape, out: &mut [f32]) {
    let Shape { n, h, w, c } = shape;
    let line = (w + 2) * c;
    assert_eq!(
        [x.len(), out.len()],
        [n * (h + 2) * line, 9 * shape.len()],
        "shapes"
    );
    for (number, rows) in out.chunks_exact_mut(9 * w * c).enumerate() {
        let top = (number / h * (h + 2) + number % h) * line;
        for (x0, row) in rows.chunks_exact_mut(9 * c).enumerate() {
            for (dy, row) in row.chunks_exact_mut(3 * c).enumerate() {
                row.copy_from_slice(&x[top + dy * line + x0 * c..][..3 * c]);
            }
        }
    }
}
