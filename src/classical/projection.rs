//! A linear map from 784 pixels to a few coordinates, in front of other models, and distances between
//! quantized coordinates.

use crate::image::PIXELS;
use crate::preprocess::Features;
use crate::tensor_file::{TensorFile, TensorFileBuilder, WeightsError};

/// `y = x W + b`.
#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    /// A row a pixel.
    matrix: Vec<f32>,
    /// One number a coordinate.
    offset: Vec<f32>,
    coordinates: Vec<f32>,
}

impl Projection {
    /// Make a projection of its matrix, a row of `offset.len()` numbers for each pixel.
    ///
    /// # Panics
    /// When the matrix has another size.
    pub fn new(matrix: Vec<f32>, offset: Vec<f32>) -> Self {
        assert_eq!(matrix.len(), PIXELS * offset.len(), "a row a pixel");
        let coordinates = vec![0.0; offset.len()];
        Self {
            matrix,
            offset,
            coordinates,
        }
    }

    /// Read the tensors `projection` and `offset`.
    ///
    /// # Errors
    /// [`WeightsError`] when the file is damaged.
    pub fn read(file: &TensorFile<'_>) -> Result<Self, WeightsError> {
        let [dimensions] = file.shape("offset")?;
        let matrix = file.floats("projection", &[PIXELS, dimensions])?;
        Ok(Self::new(matrix, file.floats("offset", &[dimensions])?))
    }

    pub(super) fn write<'a>(&self, file: TensorFileBuilder<'a>) -> TensorFileBuilder<'a> {
        let dimensions = self.dimensions();
        file.halves("projection", &[PIXELS, dimensions], &self.matrix)
            .tensor("offset", &[dimensions], &self.offset)
    }

    /// Numbers of a projected picture.
    pub fn dimensions(&self) -> usize {
        self.offset.len()
    }

    /// Numbers that it holds.
    pub fn parameters(&self) -> usize {
        self.matrix.len() + self.offset.len()
    }

    /// Map a picture to its coordinates.
    pub fn apply(&mut self, features: &Features) -> &[f32] {
        self.coordinates.copy_from_slice(&self.offset);
        // A fit may ask for no coordinate, and a chunk of none is none.
        let rows = self.matrix.chunks_exact(self.offset.len().max(1));
        for (value, row) in features.values().iter().zip(rows) {
            for (coordinate, weight) in self.coordinates.iter_mut().zip(row) {
                *coordinate += value * weight;
            }
        }
        &self.coordinates
    }
}

/// Quantize coordinates to bytes, from -127 to 127.
pub fn quantize(coordinates: &[f32], bytes: &mut [i8]) {
    for (byte, coordinate) in bytes.iter_mut().zip(coordinates) {
        *byte = coordinate.round().clamp(-127.0, 127.0) as i8;
    }
}

/// Squared Euclidean distance of two pictures' quantized coordinates.
pub(super) fn squared_distance(a: &[i8], b: &[i8]) -> u32 {
    let square = |(a, b): (&i8, &i8)| (i32::from(*a) - i32::from(*b)).pow(2);
    a.iter().zip(b).map(square).sum::<i32>() as u32
}
