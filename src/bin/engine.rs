//! The engine as a module that other pages import: one network, pictures in, probabilities out. `www/example.js` shows
//! how, and `tests/page/example.rs` calls all of it.

fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use threadcount::calibration::Calibrated;
    use threadcount::classifier::Classifier;
    use threadcount::engine::Arithmetic;
    use threadcount::image::{GrayImage, PIXELS, RgbaImage};
    use threadcount::label::NAMES;
    use threadcount::prediction::Prediction;
    use threadcount::preprocess::{Preprocessed, normalize, preprocess};
    use threadcount::squeeze::model_file;
    use wasm_bindgen::prelude::*;

    /// Images that are computed at once.
    const BATCH: usize = 16;

    /// A network that is ready to answer.
    #[wasm_bindgen]
    pub struct Engine {
        engine: Calibrated<threadcount::engine::Engine>,
    }

    #[wasm_bindgen]
    impl Engine {
        /// Compile the bytes of a `.safetensors` or `.thrd` file from `models/`. With the `temperature` that the model's
        /// card has for this file, probabilities are calibrated.
        ///
        /// # Errors
        /// An `Error` that names the tensor or the layer, what was expected and what was found; also for a temperature
        /// that is no finite number above zero.
        #[wasm_bindgen(js_name = fromBytes)]
        pub fn from_bytes(bytes: Vec<u8>, temperature: Option<f64>) -> Result<Self, JsError> {
            let temperature = temperature.unwrap_or(1.0);
            if !(temperature.is_finite() && temperature > 0.0) {
                let problem =
                    format!("temperature {temperature}, expected a finite number above 0");
                return Err(JsError::new(&problem));
            }
            let file = model_file(bytes)?;
            let engine =
                threadcount::engine::Engine::from_bytes(&file, Arithmetic::Quantized, BATCH)?;
            let engine = Calibrated::new(engine, temperature);
            Ok(Self { engine })
        }

        /// The probabilities of the ten classes, in the order of [`labels`], for 784 pixels of 0 to 255: a light garment
        /// on black in 28 rows, as the data set has it and [`see`] makes it of a picture.
        ///
        /// # Errors
        /// An `Error` for another number of pixels.
        pub fn predict(&mut self, pixels: &[u8]) -> Result<Vec<f32>, JsError> {
            if pixels.len() != PIXELS {
                return Err(problem(pixels.len()));
            }
            self.predict_batch(pixels)
        }

        /// The probabilities for several images, one after the other: ten for each 784 pixels.
        ///
        /// # Errors
        /// An `Error` for a number of pixels that is no multiple of 784.
        #[wasm_bindgen(js_name = predictBatch)]
        pub fn predict_batch(&mut self, pixels: &[u8]) -> Result<Vec<f32>, JsError> {
            let (images, rest) = pixels.as_chunks::<PIXELS>();
            if !rest.is_empty() {
                return Err(problem(pixels.len()));
            }
            let features = images.iter().map(|pixels| {
                let image = GrayImage::from_pixels(pixels)?;
                Ok(normalize(&image))
            });
            let features: Result<Vec<_>, String> = features.collect();
            let logits = self
                .engine
                .logits_of_many(&features.map_err(|e| JsError::new(&e))?);
            let mut probabilities = Vec::new();
            for logits in &logits {
                let prediction = Prediction::from_logits(logits).map_err(|e| JsError::new(&e))?;
                probabilities.extend(prediction.probabilities);
            }
            Ok(probabilities)
        }
    }

    fn problem(found: usize) -> JsError {
        JsError::new(&format!("{found} pixels, expected {PIXELS} for each image"))
    }

    /// The names of the ten classes.
    #[wasm_bindgen]
    pub fn labels() -> Vec<String> {
        NAMES.map(str::to_owned).to_vec()
    }

    /// What the networks are shown of a picture: 784 pixels, or none when the picture is blank. The picture is
    /// `ImageData.data` of so many pixels a row.
    ///
    /// # Errors
    /// An `Error` for a number of bytes that is no picture of that width.
    #[wasm_bindgen]
    pub fn see(rgba: Vec<u8>, width: usize) -> Result<Option<Vec<u8>>, JsError> {
        let height = rgba.len().checked_div(width.saturating_mul(4)).unwrap_or(0);
        let picture = RgbaImage::new(width, height, rgba).map_err(|e| JsError::new(&e))?;
        Ok(match preprocess(&picture) {
            Preprocessed::Garment { image, .. } => Some(image.pixels().to_vec()),
            Preprocessed::Blank => None,
        })
    }
}
