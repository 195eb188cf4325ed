//! The wasm program of the benchmark; `web::bench` exports what its page calls.

fn main() {
    #[cfg(target_arch = "wasm32")]
    threadcount::web::bench::start();
}
