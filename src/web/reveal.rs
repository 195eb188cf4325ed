//! Lays out the sections below the first screen, one after the other, once nothing else waits.
//!
//! Until then the browser lays out those near the window alone (`content-visibility` in `www/style.css`): all at once
//! would keep the first answers from being shown.

use super::{after, document};

/// The class of a section that is laid out wherever it is.
const LAID_OUT: &str = "laid-out";
/// The pause between two sections, in milliseconds.
const PAUSE_MS: i32 = 60;

/// Begin with the first section that is not laid out.
pub fn sections() {
    let next = document().query_selector(&format!("main > section:not(.{LAID_OUT})"));
    let Some(section) = next.ok().flatten() else {
        return;
    };
    // A class is a valid token.
    let _ = section.class_list().add_1(LAID_OUT);
    after(PAUSE_MS, sections);
}
