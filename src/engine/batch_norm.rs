//! Batch norm folded into the layer before it, so that inference computes neither. `squeeze` folds by the same code.

/// A scale and a bias per output channel.
#[derive(Debug)]
pub struct Affine {
    /// What each channel is multiplied by.
    pub scale: Vec<f32>,
    /// What is added to it then.
    pub bias: Vec<f32>,
}

/// The tensors of a batch norm, one number per channel.
#[derive(Debug)]
pub struct BatchNorm {
    /// The scale that training fits.
    pub gamma: Vec<f32>,
    /// The bias that training fits.
    pub beta: Vec<f32>,
    /// Running mean.
    pub mean: Vec<f32>,
    /// Running variance.
    pub variance: Vec<f32>,
    /// Added to the variance.
    pub epsilon: f64,
}

impl Affine {
    /// A layer's bias alone.
    pub fn of_bias(bias: Vec<f32>) -> Self {
        let scale = vec![1.0; bias.len()];
        Self { scale, bias }
    }

    /// Apply a batch norm to the output of the layer.
    ///
    /// **Formula**: `y = gamma (x - mean) / sqrt(variance + epsilon) + beta`.
    ///
    /// # Errors
    /// What is wrong with a channel's variance.
    pub fn fold(mut self, norm: &BatchNorm) -> Result<Self, String> {
        for o in 0..self.bias.len() {
            let variance = norm.variance[o];
            let deviation = (f64::from(variance) + norm.epsilon).sqrt();
            if deviation.is_nan() || deviation <= 0.0 {
                return Err(format!("has the variance {variance} in channel {o}"));
            }
            let scale = (f64::from(norm.gamma[o]) / deviation) as f32;
            self.scale[o] *= scale;
            self.bias[o] = (self.bias[o] - norm.mean[o]) * scale + norm.beta[o];
        }
        Ok(self)
    }
}
