//! A picture without `preprocess`, as many pages make it ready for a classifier: for the ablation of drawings.

use threadcount::image::{GrayImage, RgbaImage, SIDE};

/// A picture on white, in gray, squeezed to 28x28 pixels without regard to its shape, inverted where its border is light.
pub fn squashed(picture: &RgbaImage) -> GrayImage {
    let gray = picture.brightness_on_white();
    let mut image = GrayImage::black();
    for (i, pixel) in image.pixels_mut().iter_mut().enumerate() {
        let columns = span(i % SIDE, picture.width());
        let rows = span(i / SIDE, picture.height());
        let count = (columns.len() * rows.len()) as u32;
        let rows = rows.map(|y| &gray[y * picture.width()..][columns.clone()]);
        let sum: u32 = rows.flatten().map(|v| u32::from(*v)).sum();
        *pixel = (sum / count) as u8;
    }
    let is_border = |i: usize| {
        [i % SIDE, i / SIDE]
            .iter()
            .any(|at| *at == 0 || *at == SIDE - 1)
    };
    let border = image
        .pixels()
        .iter()
        .enumerate()
        .filter(|(i, _)| is_border(*i));
    let border: Vec<u32> = border.map(|(_, v)| u32::from(*v)).collect();
    if border.iter().sum::<u32>() > 127 * border.len() as u32 {
        for pixel in image.pixels_mut() {
            *pixel = u8::MAX - *pixel;
        }
    }
    image
}

/// The pixels of a side that become one of 28: at least one.
fn span(at: usize, side: usize) -> std::ops::Range<usize> {
    let begin = (at * side / SIDE).min(side - 1);
    begin..((at + 1) * side / SIDE).max(begin + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_light_border_becomes_dark_and_a_dark_one_stays() {
        let mut picture = RgbaImage::filled(56, 280, [0, 0, 0, 0]);
        for (x, y) in (0..56).flat_map(|x| (100..180).map(move |y| (x, y))) {
            if (20..36).contains(&x) {
                picture.set(x, y, [0, 0, 0, 255]);
            }
        }
        let image = squashed(&picture);
        assert_eq!(
            (image.pixels()[0], image.pixels()[14 * SIDE + 14]),
            (0, 255)
        );
        let image = squashed(&image.to_rgba());
        assert_eq!(
            (image.pixels()[0], image.pixels()[14 * SIDE + 14]),
            (0, 255)
        );
    }

    #[test]
    fn a_picture_of_one_pixel_is_enlarged() {
        let image = squashed(&RgbaImage::filled(1, 1, [200, 200, 200, 255]));
        assert!(image.pixels().iter().all(|v| *v == 55));
    }
}
