//! The wasm program of the worker that runs the networks in Burn; fetched when the visitor asks for it.

fn main() {
    #[cfg(target_arch = "wasm32")]
    threadcount::web::worker::start(threadcount::web::reference::load);
}
