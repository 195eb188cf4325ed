//! The pictures of known shape that preprocessing is held to: garments as points of the unit square say them.

use threadcount::drawing::Drawing;
use threadcount::image::RgbaImage;

pub const WHITE: [u8; 4] = [255; 4];
pub const BLACK: [u8; 4] = [0, 0, 0, 255];

/// Whether a point of the unit square lies in a shirt with two sleeves.
pub fn in_shirt(x: f64, y: f64) -> bool {
    let body = (0.3..0.7).contains(&x) && (0.12..0.92).contains(&y);
    let from_shoulder = ((x - 0.5).abs() - 0.2).max(0.0);
    let sleeves = (0.05..0.95).contains(&x) && (0.12..0.3).contains(&(y - from_shoulder * 0.5));
    let neck = (x - 0.5).hypot(y - 0.12) < 0.1;
    (body || sleeves) && !neck
}

/// A shirt that fills the given rectangle of a picture.
pub fn shirt(
    (width, height): (usize, usize),
    [left, top, wide, high]: [usize; 4],
    background: [u8; 4],
    color: [u8; 4],
) -> RgbaImage {
    let mut picture = RgbaImage::filled(width, height, background);
    for y in 0..high {
        for x in 0..wide {
            if in_shirt(
                (x as f64 + 0.5) / wide as f64,
                (y as f64 + 0.5) / high as f64,
            ) {
                picture.set(left + x, top + y, color);
            }
        }
    }
    picture
}

pub fn noisy_border() -> RgbaImage {
    let mut picture = shirt(
        (140, 140),
        [20, 20, 100, 100],
        [215, 215, 215, 255],
        [40, 40, 60, 255],
    );
    let mut state = 1_u32;
    for y in 0..140 {
        for x in 0..140 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let inside = (20..120).contains(&x) && (20..120).contains(&y);
            if !inside {
                let v = 203 + (state >> 24) as u8 / 11;
                picture.set(x, y, [v, v, v, 255]);
            }
        }
    }
    picture
}

/// A closed outline of a boot with one line across the shaft.
pub fn outline() -> RgbaImage {
    let mut drawing = Drawing::default();
    let points = [
        (110.0, 40.0),
        (170.0, 40.0),
        (170.0, 150.0),
        (230.0, 180.0),
        (230.0, 230.0),
        (110.0, 230.0),
        (110.0, 40.0),
    ];
    for pair in points.windows(2) {
        drawing.stroke(pair[0], pair[1], 4.0, 255);
    }
    drawing.stroke((110.0, 90.0), (170.0, 90.0), 4.0, 255);
    drawing.levels().to_rgba()
}

/// A closed line through points that are moved towards the drawing's middle.
pub fn closed_line(points: &[(f64, f64)], scale: f64, radius: f64) -> Drawing {
    let mut drawing = Drawing::default();
    let moved = |(x, y): (f64, f64)| (140.0 + (x - 140.0) * scale, 140.0 + (y - 140.0) * scale);
    for (from, to) in points.iter().zip(points.iter().cycle().skip(1)) {
        drawing.stroke(moved(*from), moved(*to), radius, 255);
    }
    drawing
}

pub fn painted() -> RgbaImage {
    let mut drawing = Drawing::default();
    drawing.stroke((140.0, 60.0), (140.0, 220.0), 45.0, 190);
    drawing.levels().to_rgba()
}

pub fn cases() -> Vec<(&'static str, RgbaImage)> {
    let whole = |size| [0, 0, size, size];
    vec![
        (
            "white-on-black",
            shirt((100, 100), [10, 10, 80, 80], BLACK, WHITE),
        ),
        (
            "black-on-white",
            shirt((100, 100), [10, 10, 80, 80], WHITE, BLACK),
        ),
        (
            "transparent",
            shirt((100, 100), [10, 10, 80, 80], [0; 4], [30, 30, 120, 255]),
        ),
        (
            "half-transparent",
            shirt((100, 100), [10, 10, 80, 80], [0; 4], [0, 0, 0, 128]),
        ),
        (
            "off-center",
            shirt((200, 120), [130, 5, 60, 60], WHITE, BLACK),
        ),
        ("tiny", shirt((9, 9), whole(9), WHITE, BLACK)),
        (
            "large",
            shirt(
                (4000, 3000),
                [900, 500, 2000, 2000],
                [240, 240, 235, 255],
                [120, 20, 30, 255],
            ),
        ),
        ("wide", shirt((900, 40), [10, 5, 880, 30], WHITE, BLACK)),
        ("tall", shirt((30, 700), [3, 10, 24, 680], BLACK, WHITE)),
        ("noisy-border", noisy_border()),
        ("outline", outline()),
        ("painted", painted()),
    ]
}
