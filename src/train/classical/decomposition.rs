//! Projections: principal components, and the discriminant directions of the classes.

use super::features;
use crate::classical::projection::Projection;
use crate::dataset::Samples;
use crate::image::PIXELS;
use crate::label::CLASSES;
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Side, get_global_parallelism};

/// Largest coordinate of a projected training image, because coordinates are rounded to `i8`.
const LARGEST: f32 = 127.0;

/// Rows of `f32`, one after the other, as a matrix.
pub(super) fn rows(values: &[f32], columns: usize) -> MatRef<'_, f32> {
    MatRef::from_row_major_slice(values, values.len() / columns, columns)
}

/// Means of the columns.
fn means(x: MatRef<'_, f32>) -> Vec<f64> {
    let mut sums = vec![0.0; x.ncols()];
    for row in x.row_iter() {
        for (sum, value) in sums.iter_mut().zip(row.iter()) {
            *sum += f64::from(*value);
        }
    }
    sums.iter().map(|sum| sum / x.nrows() as f64).collect()
}

/// `x^T x / n`.
fn second_moment(x: MatRef<'_, f32>) -> Mat<f64> {
    let mut product = Mat::<f32>::zeros(x.ncols(), x.ncols());
    let parallel = get_global_parallelism();
    matmul(
        &mut product,
        Accum::Replace,
        x.transpose(),
        x,
        1.0,
        parallel,
    );
    let n = x.nrows() as f64;
    Mat::from_fn(x.ncols(), x.ncols(), |i, j| f64::from(product[(i, j)]) / n)
}

/// Eigenvalues, the largest first, and eigenvectors, one a column.
fn eigen(matrix: &Mat<f64>) -> Result<(Vec<f64>, Mat<f64>), String> {
    let found = matrix
        .self_adjoint_eigen(Side::Lower)
        .map_err(|e| format!("the eigenvalues do not converge: {e:?}"))?;
    let n = matrix.nrows();
    let values = found.S().column_vector();
    let values = (0..n).rev().map(|i| values[i]).collect();
    let vectors = Mat::from_fn(n, n, |row, column| found.U()[(row, n - 1 - column)]);
    Ok((values, vectors))
}

/// `x -> (x - mean) V s` for the first columns of `V`.
fn projection(vectors: &Mat<f64>, means: &[f64], dimensions: usize, scale: f64) -> Projection {
    let mut matrix = Vec::with_capacity(PIXELS * dimensions);
    let mut offset = vec![0.0; dimensions];
    for (pixel, mean) in means.iter().enumerate() {
        for d in 0..dimensions {
            // Rounded as the file will be, so that the offset belongs to the same matrix.
            let weight = half::f16::from_f64(vectors[(pixel, d)] * scale).to_f64();
            matrix.push(weight as f32);
            offset[d] -= mean * weight;
        }
    }
    Projection::new(matrix, offset.iter().map(|v| *v as f32).collect())
}

/// Project all images, one after the other.
pub(super) fn project(projection: &mut Projection, samples: &Samples) -> Vec<f32> {
    let mut coordinates = Vec::with_capacity(samples.len() * projection.dimensions());
    for image in &samples.images {
        let features = crate::preprocess::normalize(image);
        coordinates.extend_from_slice(projection.apply(&features));
    }
    coordinates
}

/// Projection to the first principal components, in a unit in which the largest coordinate of the images
/// is 127. The second result is that unit: coordinates a standard deviation of all pixels.
///
/// Each component is divided by its variance to the power of `whitening / 2`: 0 keeps distances, 1 makes all
/// components have the same variance.
///
/// **Source**: Pearson, "On lines and planes of closest fit to systems of points in space", 1901.
pub(super) fn principal_components(
    samples: &Samples,
    dimensions: usize,
    whitening: f64,
) -> Result<(Projection, f32), String> {
    let values = features(samples);
    let x = rows(&values, PIXELS);
    let (means, mut covariance) = (means(x), second_moment(x));
    for i in 0..PIXELS {
        for j in 0..PIXELS {
            covariance[(i, j)] -= means[i] * means[j];
        }
    }
    let (variances, mut vectors) = eigen(&covariance)?;
    for (j, variance) in variances.iter().enumerate().take(dimensions) {
        let factor = (variance / variances[0]).max(1e-9).powf(-whitening / 2.0);
        for i in 0..PIXELS {
            vectors[(i, j)] *= factor;
        }
    }
    let mut unscaled = projection(&vectors, &means, dimensions, 1.0);
    let coordinates = project(&mut unscaled, samples);
    let largest = coordinates
        .iter()
        .fold(0.0_f32, |most, v| most.max(v.abs()));
    let unit = LARGEST / largest;
    let scaled = projection(&vectors, &means, dimensions, f64::from(unit));
    Ok((scaled, unit))
}

/// Projection to the nine directions along which the classes differ most, measured by the spread within
/// classes; `shrinkage` (0 to 1) of that spread is taken as equal for all directions.
///
/// **Source**: Hastie, Tibshirani and Friedman, "The elements of statistical learning", section 4.3.3.
pub(super) fn discriminants(samples: &Samples, shrinkage: f64) -> Result<Projection, String> {
    let values = features(samples);
    let x = rows(&values, PIXELS);
    let all = means(x);
    let mut within = second_moment(x);
    let mut between = Mat::<f64>::zeros(CLASSES, PIXELS);
    for (class, count) in samples.class_counts().into_iter().enumerate() {
        let labelled = samples
            .labels
            .iter()
            .enumerate()
            .filter(|(_, l)| l.index() == class);
        let mut mean = vec![0.0; PIXELS];
        for (i, _) in labelled {
            for (sum, value) in mean.iter_mut().zip(x.row(i).iter()) {
                *sum += f64::from(*value) / count.max(1) as f64;
            }
        }
        let share = count as f64 / samples.len() as f64;
        for i in 0..PIXELS {
            between[(class, i)] = (mean[i] - all[i]) * share.sqrt();
            for j in 0..PIXELS {
                within[(i, j)] -= share * mean[i] * mean[j];
            }
        }
    }
    let average = (0..PIXELS).map(|i| within[(i, i)]).sum::<f64>() / PIXELS as f64;
    for i in 0..PIXELS {
        for j in 0..PIXELS {
            within[(i, j)] *= 1.0 - shrinkage;
        }
        within[(i, i)] += shrinkage * average;
    }
    let (spreads, directions) = eigen(&within)?;
    let floor = spreads[0] * 1e-9;
    let white = Mat::from_fn(PIXELS, PIXELS, |i, j| {
        directions[(i, j)] / spreads[j].max(floor).sqrt()
    });
    let differences = &between * &white;
    let (_, rotation) = eigen(&(differences.transpose() * &differences))?;
    Ok(projection(&(&white * &rotation), &all, CLASSES - 1, 1.0))
}
