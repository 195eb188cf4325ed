//! The wasm program of the worker: the engine and preprocessing.

fn main() {
    #[cfg(target_arch = "wasm32")]
    threadcount::web::worker::start(threadcount::web::worker::compile);
}
