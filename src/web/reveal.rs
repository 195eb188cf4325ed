//! Lays out the sections below the first screen, one after the other, once all models are loaded, or after a while.
//!
//! Until then the browser lays out those near the window alone (`content-visibility` in `www/style.css`): all at once
//! would keep the first answers from being shown.

use super::{after, document};

/// The class of a section that is laid out wherever it is.
const LAID_OUT: &str = "laid-out";
/// The pause between two sections, in milliseconds.
const PAUSE_MS: i32 = 60;

/// How long after the page's start it begins whatever is still on its way, in milliseconds.
const LATEST_MS: i32 = 15_000;

/// Begin after a while, when nothing has begun it before.
pub fn later() {
    after(LATEST_MS, sections);
}

/// Begin with the first section that is not laid out.
pub fn sections() {
    let next =
        document().query_selector(&format!("main > section:not(#draw, #squeeze, .{LAID_OUT})"));
    let Some(section) = next.ok().flatten() else {
        return;
    };
    // A class is a valid token.
    let _ = section.class_list().add_1(LAID_OUT);
    after(PAUSE_MS, sections);
}
