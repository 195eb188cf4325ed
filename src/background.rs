//! What a picture shows where there is no garment, and how much each pixel differs from it.
//!
//! The border is taken for ground. Where its corners agree, they name the ground's color, so that a garment may
//! touch the picture's edges; a plane through each color channel follows gentle shading. Colors are compared in
//! brightness and chroma, so that a garment as bright as its ground is found by its color. `preprocess` uses it.

use crate::image::RgbaImage;
use crate::plane::Plane;

/// Smallest difference from the ground that counts as garment, of 255, where the border is flat and where it is not.
const LEAST_CONTRAST: [f32; 2] = [12.0, 20.0];
/// Largest difference that noise in the border may ask for, of 255.
const MOST_CONTRAST: f32 = 96.0;
/// Corners whose colors differ by less show the same ground, of 255.
const SAME_COLOR: f32 = 24.0;
/// Pixels of the border that differ by more from the ground are not ground, of 255.
const FAR: f32 = 40.0;
/// Pixels that are brighter are hardly seen on white, of 255.
const BRIGHT: f32 = 225.0;
/// A picture with transparent parts is laid on black when a larger share of its opaque pixels is as bright.
const MOST_BRIGHT: f32 = 0.6;
/// Rounds in which the planes are fitted to the pixels that are near them.
const ROUNDS: usize = 4;
/// A plane must explain so much of what a single color leaves, or the single color is taken.
const WORTH: f32 = 0.75;

/// Brightness and two chroma values, 0 to 255 and -128 to 127.
type Color = [f32; 3];

/// The color of a pixel over a gray level that shows through where it is transparent.
///
/// **Source**: ITU-R BT.601, section 2.5.1, over the full range.
fn color([r, g, b, a]: [u8; 4], under: f32) -> Color {
    let alpha = f32::from(a) / 255.0;
    let [r, g, b] = [r, g, b].map(|v| f32::from(v) * alpha + under * (1.0 - alpha));
    let y = 0.299 * r + 0.587 * g + 0.114 * b;
    [y, 0.564 * (b - y), 0.713 * (r - y)]
}

/// How far apart two colors are in brightness or in chroma, whichever is more.
fn distance([y, blue, red]: Color, [other_y, other_blue, other_red]: Color, scale: f32) -> f32 {
    let chroma = (blue - other_blue).hypot(red - other_red);
    ((y - other_y).abs() * scale).max(chroma)
}

/// The gray level to lay under a picture: black when most of what is opaque would not be seen on white.
fn under(picture: &RgbaImage) -> f32 {
    let (mut bright, mut opaque, mut clear) = (0, 0, 0);
    for &[r, g, b, a] in picture.pixels().as_chunks::<4>().0 {
        let is_opaque = a > 127;
        opaque += usize::from(is_opaque);
        clear += usize::from(a < 255);
        bright += usize::from(is_opaque && color([r, g, b, 255], 0.0)[0] > BRIGHT);
    }
    if clear > 0 && bright as f32 > MOST_BRIGHT * opaque as f32 {
        0.0
    } else {
        255.0
    }
}

/// A picture's ground.
pub struct Background {
    under: f32,
    /// For each channel the level in the middle, and how it changes to the right and to the bottom edge.
    planes: [[f32; 3]; 3],
    /// Pixels that differ by more are garment, of 255.
    pub threshold: f32,
    /// Whether the ground itself is uneven, as wood or cloth is.
    pub is_textured: bool,
}

/// A pixel of the border: its place from -1 to 1, and its color.
struct Sample {
    place: [f32; 2],
    color: Color,
}

impl Background {
    /// Find the ground of a picture by its border.
    ///
    /// **Source** of 1.4826: the standard deviation of a normal variable over its median absolute
    /// deviation (Huber, "Robust Statistics", 1981, section 5.1). Four deviations leave out all but
    /// 1 in 16,000 pixels of such noise.
    pub fn of(picture: &RgbaImage) -> Self {
        let under = under(picture);
        let samples = border(picture, under);
        let corners = corners(picture, under);
        let start = corners.unwrap_or_else(|| median_color(samples.iter().map(|s| s.color)));
        let mut background = Self {
            under,
            planes: start.map(|level| [level, 0.0, 0.0]),
            threshold: LEAST_CONTRAST[0],
            is_textured: false,
        };
        let near = |background: &Self, far: f32| -> Vec<usize> {
            let differs = |s: &Sample| background.differs(s);
            (0..samples.len())
                .filter(|&i| differs(&samples[i]) < far)
                .collect()
        };
        let spread = |background: &Self, among: &[usize]| {
            let differs = |&i: &usize| background.differs(&samples[i]);
            median(among.iter().map(differs).collect())
        };
        let all: Vec<usize> = (0..samples.len()).collect();
        let far = if corners.is_some() {
            FAR
        } else {
            FAR.max(3.0 * spread(&background, &all))
        };
        let mut ground = near(&background, far);
        let flat = spread(&background, &ground);
        let level = background.planes;
        for _ in 0..ROUNDS {
            background.planes = fit(ground.iter().map(|&i| &samples[i]), background.planes);
            ground = near(&background, far);
        }
        if spread(&background, &ground) > WORTH * flat {
            background.planes = level;
            ground = near(&background, far);
        }
        let noise = 4.0 * 1.4826 * spread(&background, &ground);
        let least = LEAST_CONTRAST[usize::from(noise > LEAST_CONTRAST[0])];
        background.threshold = noise.clamp(least, MOST_CONTRAST);
        background.is_textured = noise > LEAST_CONTRAST[1];
        background
    }

    /// The ground's color at a place from -1 to 1.
    fn at(&self, [x, y]: [f32; 2]) -> Color {
        self.planes
            .map(|[level, right, down]| level + right * x + down * y)
    }

    /// What a difference in color is multiplied with, so that the largest difference in brightness is 255.
    fn scale(&self, place: [f32; 2]) -> f32 {
        let level = self.at(place)[0].clamp(0.0, 255.0);
        255.0 / level.max(255.0 - level)
    }

    /// How much a pixel differs from the ground.
    fn differs(&self, sample: &Sample) -> f32 {
        distance(
            sample.color,
            self.at(sample.place),
            self.scale(sample.place),
        )
    }

    /// How much each pixel differs from the ground, 0 to 255: light on black whatever the polarity.
    pub fn difference(&self, picture: &RgbaImage) -> Plane {
        let (width, height) = (picture.width(), picture.height());
        let pixels = picture.pixels().as_chunks::<4>().0.iter().enumerate();
        let values = pixels.map(|(i, &pixel)| {
            let place = place(i % width, i / width, picture);
            let color = color(pixel, self.under);
            self.differs(&Sample { place, color }).min(255.0)
        });
        Plane::new(width, height, values.collect())
    }
}

/// Where a pixel lies, from -1 to 1.
fn place(x: usize, y: usize, picture: &RgbaImage) -> [f32; 2] {
    let along = |at: usize, length: usize| (2 * at + 1) as f32 / length as f32 - 1.0;
    [along(x, picture.width()), along(y, picture.height())]
}

/// The pixels along the four edges.
fn border(picture: &RgbaImage, under: f32) -> Vec<Sample> {
    let (width, height) = (picture.width(), picture.height());
    let pixels = picture.pixels().as_chunks::<4>().0;
    let rows = (0..width).flat_map(|x| [(x, 0), (x, height - 1)]);
    let columns = (0..height).flat_map(|y| [(0, y), (width - 1, y)]);
    rows.chain(columns)
        .map(|(x, y)| Sample {
            place: place(x, y, picture),
            color: color(pixels[y * width + x], under),
        })
        .collect()
}

/// The color that at least three corners show, if they do.
fn corners(picture: &RgbaImage, under: f32) -> Option<Color> {
    let (width, height) = (picture.width(), picture.height());
    let pixels = picture.pixels().as_chunks::<4>().0;
    let side = (width.min(height) / 24).max(1);
    let corner = |left: usize, top: usize| {
        let rows = top..top + side;
        let places = rows.flat_map(|y| (left..left + side).map(move |x| y * width + x));
        median_color(places.map(|at| color(pixels[at], under)))
    };
    let colors = [
        corner(0, 0),
        corner(width - side, 0),
        corner(0, height - side),
        corner(width - side, height - side),
    ];
    colors.iter().find_map(|&one| {
        let alike = || {
            colors
                .iter()
                .filter(|&&c| distance(c, one, 1.0) < SAME_COLOR)
        };
        (alike().count() >= 3).then(|| median_color(alike().copied()))
    })
}

fn median_color(colors: impl Iterator<Item = Color>) -> Color {
    let colors: Vec<Color> = colors.collect();
    [0, 1, 2].map(|channel| median(colors.iter().map(|c| c[channel]).collect()))
}

/// The middle one of the values in order; zero when there are none.
fn median(mut values: Vec<f32>) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}

/// Planes through samples by least squares; slopes are held back a little, so that one edge alone sets none.
fn fit<'a>(samples: impl Iterator<Item = &'a Sample>, planes: [[f32; 3]; 3]) -> [[f32; 3]; 3] {
    let mut squares = [[0.0_f64; 3]; 3];
    let mut products = [[0.0_f64; 3]; 3];
    for Sample {
        place: [x, y],
        color,
    } in samples
    {
        let terms = [1.0, f64::from(*x), f64::from(*y)];
        for i in 0..3 {
            for j in 0..3 {
                squares[i][j] += terms[i] * terms[j];
                products[j][i] += terms[i] * f64::from(color[j]);
            }
        }
    }
    let count = squares[0][0];
    if count < 3.0 {
        return planes;
    }
    squares[1][1] += 0.02 * count;
    squares[2][2] += 0.02 * count;
    products.map(|right| solve(squares, right).map(|v| v as f32))
}

/// Three linear equations by Cramer's rule.
fn solve(matrix: [[f64; 3]; 3], right: [f64; 3]) -> [f64; 3] {
    let determinant = |m: [[f64; 3]; 3]| {
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
            - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
            + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    };
    let whole = determinant(matrix);
    [0, 1, 2].map(|column| {
        let mut replaced = matrix;
        for row in 0..3 {
            replaced[row][column] = right[row];
        }
        determinant(replaced) / whole
    })
}
