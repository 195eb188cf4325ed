//! The wasm program of the page: panels and messages, no network code.

fn main() {
    #[cfg(target_arch = "wasm32")]
    threadcount::web::page::start();
}
