//! Where the names of marks go, so that none lies on another.

/// Width of a character of the charts' text, in px: that of a wide font.
const CHARACTER: f64 = 7.4;
/// Height of a line, in px.
const LINE: f64 = 13.0;
/// How often all texts are placed again: the first ones were placed without the others.
const ROUNDS: usize = 2;
/// What it costs that a text stands nearer to another mark than to its own, as a share of its size.
const RIVAL: f64 = 0.5;
/// A text that shares more of its size than this with what is taken, or is nearer to another mark by so many px, has
/// no room.
const SHARED: f64 = 0.1;
const NEARER: f64 = 3.0;
/// What it costs to lie outside, against lying on another text.
const OUTSIDE: f64 = 10.0;

/// Left, top, right, bottom.
type Area = [f64; 4];

/// A place for a text: where it stands and its anchor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Where it stands, x and baseline.
    pub at: [f64; 2],
    /// `start`, `middle` or `end`.
    pub anchor: &'static str,
}

/// What is taken already.
pub struct Labels {
    within: Area,
    taken: Vec<Area>,
    /// The middles of the marks.
    marks: Vec<[f64; 2]>,
}

impl Labels {
    /// Nothing is taken within an area.
    pub fn new(within: Area) -> Self {
        Self {
            within,
            taken: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// Take the area of a mark.
    pub fn take_mark(&mut self, middle: [f64; 2], half: f64) {
        self.marks.push(middle);
        self.taken.push(around(middle, half));
    }

    /// Take what a thin line passes.
    pub fn take_line(&mut self, [x0, y0]: [f64; 2], [x1, y1]: [f64; 2]) {
        let count = ((x1 - x0).hypot(y1 - y0) / 4.0).ceil().max(1.0);
        for i in 0..count as usize {
            let share = (i as f64 + 0.5) / count;
            let at = [x0 + share * (x1 - x0), y0 + share * (y1 - y0)];
            self.taken.push(around(at, 2.0));
        }
    }

    /// Take the area of a text.
    pub fn take_text(&mut self, place: &Place, text: &str) {
        self.taken.push(area(place, width(text)));
    }

    /// Find places for texts, each beside the middle of its mark, which has a half size. Where there is no room for all,
    /// the last ones have none.
    pub fn place_all(&mut self, texts: &[([f64; 2], f64, String)]) -> Vec<Option<Place>> {
        let first = self.taken.len();
        let place = |(at, half, text): &([f64; 2], f64, String)| self.place(*at, *half, text);
        let mut places: Vec<Place> = texts.iter().map(place).collect();
        for _ in 0..ROUNDS {
            for (i, (at, half, text)) in texts.iter().enumerate() {
                // A text is not in its own way.
                self.taken[first + i] = [0.0; 4];
                places[i] = self.best(*at, *half, width(text));
                self.taken[first + i] = area(&places[i], width(text));
            }
        }
        let mut placed: Vec<_> = places.into_iter().map(Some).collect();
        for (i, place) in placed.iter_mut().enumerate().rev() {
            let own = std::mem::take(&mut self.taken[first + i]);
            let is_doubtful = self.rivals(texts[i].0, own, NEARER) > 0;
            if is_doubtful || self.shared_by_all(own) > SHARED * size(own) {
                *place = None;
            } else {
                self.taken[first + i] = own;
            }
        }
        placed
    }

    /// Find a place for one text, and take it.
    pub fn place(&mut self, at: [f64; 2], half: f64, text: &str) -> Place {
        let best = self.best(at, half, width(text));
        self.take_text(&best, text);
        best
    }

    /// Where a text of a width collides least, and the first of equals.
    fn best(&self, [x, y]: [f64; 2], half: f64, width: f64) -> Place {
        let beside = half + 6.0;
        let places = [
            ([x + beside, y + 4.0], "start"),
            ([x - beside, y + 4.0], "end"),
            ([x, y - beside - 2.0], "middle"),
            ([x, y + beside + 10.0], "middle"),
            ([x + beside - 2.0, y + 18.0], "start"),
            ([x - beside + 2.0, y + 18.0], "end"),
            ([x + beside - 2.0, y - 10.0], "start"),
            ([x - beside + 2.0, y - 10.0], "end"),
            ([x, y + beside + 26.0], "middle"),
            ([x, y - beside - 18.0], "middle"),
            ([x + half, y + 32.0], "start"),
            ([x - half, y + 32.0], "end"),
            ([x + half, y - 24.0], "start"),
            ([x - half, y - 24.0], "end"),
            ([x, y + beside + 42.0], "middle"),
            ([x, y - beside - 34.0], "middle"),
        ];
        let candidates = places.map(|(at, anchor)| Place { at, anchor });
        let cost = |place: &Place| {
            let area = area(place, width);
            self.cost(area) + RIVAL * size(area) * self.rivals([x, y], area, 0.0) as f64
        };
        candidates
            .into_iter()
            .min_by(|a, b| cost(a).total_cmp(&cost(b)))
            .unwrap_or(candidates[0])
    }

    /// The marks that a text stands nearer to than to its own, by more than some px.
    fn rivals(&self, own: [f64; 2], area: Area, by: f64) -> usize {
        let distance = |[x, y]: [f64; 2]| {
            let beside = (area[0] - x).max(x - area[2]).max(0.0);
            beside.hypot((area[1] - y).max(y - area[3]).max(0.0))
        };
        let nearer = |mark: &&[f64; 2]| **mark != own && distance(**mark) + by < distance(own);
        self.marks.iter().filter(nearer).count()
    }

    /// What it costs that an area shares something with what is taken, or lies outside, which is worse.
    fn cost(&self, area: Area) -> f64 {
        let outside = size(area) - shared(area, self.within);
        self.shared_by_all(area) + OUTSIDE * outside
    }

    /// The size of what an area shares with what is taken.
    fn shared_by_all(&self, area: Area) -> f64 {
        self.taken.iter().map(|other| shared(area, *other)).sum()
    }
}

fn size(area: Area) -> f64 {
    (area[2] - area[0]) * (area[3] - area[1])
}

/// The size of what two areas share.
fn shared(one: Area, other: Area) -> f64 {
    let width = one[2].min(other[2]) - one[0].max(other[0]);
    let height = one[3].min(other[3]) - one[1].max(other[1]);
    width.max(0.0) * height.max(0.0)
}

fn around([x, y]: [f64; 2], half: f64) -> Area {
    [x - half, y - half, x + half, y + half]
}

fn width(text: &str) -> f64 {
    text.chars().count() as f64 * CHARACTER
}

fn area(place: &Place, width: f64) -> Area {
    let [x, y] = place.at;
    let left = match place.anchor {
        "start" => x,
        "end" => x - width,
        _ => x - width / 2.0,
    };
    [left, y - LINE + 4.0, left + width, y + 4.0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stands_nearest_to_its_own_mark() {
        let mut labels = Labels::new([0.0, 0.0, 300.0, 300.0]);
        let marks = [[100.0, 100.0], [128.0, 86.0], [126.0, 118.0]];
        for mark in marks {
            labels.take_mark(mark, 5.0);
        }
        let names = ["compact", "pocket", "lightweight"];
        let anchors = [0, 1, 2].map(|i| labels.place(marks[i], 5.0, names[i]).anchor);
        assert_eq!(anchors, ["end", "start", "start"]);
    }

    #[test]
    fn a_text_keeps_clear_of_a_line() {
        let mut labels = Labels::new([0.0, 0.0, 300.0, 300.0]);
        labels.take_mark([100.0, 100.0], 6.0);
        labels.take_line([100.0, 100.0], [200.0, 100.0]);
        assert_eq!(labels.place([100.0, 100.0], 6.0, "a name").anchor, "end");
    }

    #[test]
    fn texts_keep_clear_of_marks_of_each_other_and_of_the_edge() {
        let mut labels = Labels::new([0.0, 0.0, 300.0, 300.0]);
        let marks = [[100.0, 100.0], [130.0, 102.0], [295.0, 100.0]];
        for mark in marks {
            labels.take_mark(mark, 6.0);
        }
        let areas: Vec<Area> = marks
            .iter()
            .map(|mark| area(&labels.place(*mark, 6.0, "a name"), 6.0 * CHARACTER))
            .collect();
        for (i, a) in areas.iter().enumerate() {
            assert!(a[0] >= 0.0 && a[2] <= 300.0, "{a:?}");
            for b in &areas[i + 1..] {
                let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
                assert!(apart, "{a:?} and {b:?}");
            }
        }
    }
}
