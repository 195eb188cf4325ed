//! The wasm program that reads image files; fetched at the first file, or when everything else is there.

fn main() {
    #[cfg(target_arch = "wasm32")]
    threadcount::web::decoder::start();
}
