//! The wasm program of the worker: models and preprocessing.

fn main() {
    #[cfg(target_arch = "wasm32")]
    threadcount::web::worker::start();
}
