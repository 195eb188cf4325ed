//! What the page knows of the squeezed network: the stop of the dials, what is known of it, and the stops before it.

use crate::prediction::Prediction;
use crate::protocol::{PictureNumber, SqueezedNetwork, StopNumber};
use crate::squeeze::{ImageSet, Score, Setting};
use crate::timing::Latency;

/// How a dial came to its stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grip {
    /// The dial is being dragged: a few images will do, so that the next stop need not wait.
    Dragging,
    /// The dial was let go.
    Released,
    /// The page opened with it, and nothing needs to be said.
    Opened,
}

impl Grip {
    /// The images that it is scored on.
    pub fn images(self) -> ImageSet {
        match self {
            Self::Dragging => ImageSet::Test200,
            Self::Released | Self::Opened => ImageSet::Test1000,
        }
    }
}

/// A stop that was tried; it stays as a mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tried {
    /// The network.
    pub network: &'static str,
    /// How much it was squeezed.
    pub setting: Setting,
    /// Bytes of what was packed.
    pub size_bytes: usize,
    /// What it got right of the most test images, once they are classified.
    pub score: Option<Score>,
}

/// How the search for the edge stands or ended.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Edge {
    /// It was not asked for, or the dials were moved since.
    #[default]
    Idle,
    /// It goes on. The fewest bits so far that lose at most one point, with what they get right; none before the first.
    Walking(Option<(u8, Score)>),
    /// These are the fewest bits, and what they get right of the validation images.
    Found(u8, Score),
    /// The visitor ended it.
    Cancelled,
}

impl Edge {
    /// Whether it goes on.
    pub fn is_walking(self) -> bool {
        matches!(self, Self::Walking(_))
    }
}

/// A weights file or packed bytes that the visitor gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether the worker was asked what network they are of.
    pub is_sent: bool,
}

/// The squeezed network.
#[derive(Clone, Debug, PartialEq)]
pub struct Squeeze {
    /// The network.
    pub network: &'static str,
    /// How much it is squeezed.
    pub setting: Setting,
    /// The number of this stop.
    pub stop: StopNumber,
    /// What it is scored on.
    pub on: ImageSet,
    /// Whether the worker was asked for it.
    pub is_sent: bool,
    /// Whether the visitor looks at the network as trained instead.
    pub shows_original: bool,
    /// Whether its QR code is shown.
    pub shows_code: bool,
    /// What came of it.
    pub made: Option<Box<SqueezedNetwork>>,
    /// Its answer, and the picture that it is of.
    pub answer: Option<(PictureNumber, Prediction)>,
    /// Its time and that of the network as trained, measured one after the other.
    pub latencies: Option<[Latency; 2]>,
    /// Bytes after the browser gzipped what was packed.
    pub gzipped_bytes: Option<usize>,
    /// What it gets right so far.
    pub score: Option<Score>,
    /// Why there is no squeezed network.
    pub problem: Option<String>,
    /// The images on which scoring it failed.
    pub unscored: Option<ImageSet>,
    /// The stops that were tried, of every network.
    pub tried: Vec<Tried>,
    /// What every number of bits of this network comes to without a cut; empty until it is known.
    pub sizes: Vec<(u8, usize)>,
    /// The search for the edge.
    pub edge: Edge,
}

impl Squeeze {
    /// A stop of which nothing is known yet.
    pub fn new(network: &'static str, setting: Setting) -> Self {
        Self {
            network,
            setting,
            stop: 0,
            on: ImageSet::Test1000,
            is_sent: false,
            shows_original: false,
            shows_code: false,
            made: None,
            answer: None,
            latencies: None,
            gzipped_bytes: None,
            score: None,
            problem: None,
            unscored: None,
            tried: Vec::new(),
            sizes: Vec::new(),
            edge: Edge::Idle,
        }
    }

    /// Go to another stop. What is said of the one before is stale from now on.
    pub fn go(&mut self, network: &'static str, setting: Setting, on: ImageSet) {
        let keeps_sizes = self.network == network && self.setting.scale() == setting.scale();
        let Self {
            stop,
            tried,
            sizes,
            edge,
            ..
        } = self;
        if !keeps_sizes {
            sizes.clear();
        }
        *self = Self {
            stop: *stop + 1,
            on,
            tried: std::mem::take(tried),
            sizes: std::mem::take(sizes),
            edge: *edge,
            ..Self::new(network, setting)
        };
    }

    /// Whether the visitor looks at a network that is squeezed.
    pub fn is_shown(&self) -> bool {
        !self.shows_original && !self.setting.is_as_trained()
    }

    /// The packed bytes, where a QR code holds them.
    pub fn code(&self) -> Option<&[u8]> {
        let code = self.made.as_ref()?.code.as_ref()?;
        Some(code.as_slice())
    }

    /// Whether something is still to come of this stop.
    pub fn is_pending(&self) -> bool {
        let scored = |score: Score| score.on == self.on && score.is_complete();
        let scored = self.unscored == Some(self.on) || self.score.is_some_and(scored);
        self.is_sent && self.problem.is_none() && (self.made.is_none() || !scored)
    }

    /// The answer to a picture.
    pub fn answer_to(&self, number: PictureNumber) -> Option<Prediction> {
        let answer = self.answer.filter(|(of, _)| *of == number);
        answer.map(|(_, prediction)| prediction)
    }

    /// The stops of this network that were tried.
    pub fn tried(&self) -> impl Iterator<Item = &Tried> {
        let of_network = |tried: &&Tried| tried.network == self.network;
        self.tried.iter().filter(of_network)
    }

    /// Keep what is known of this stop as a mark; more images replace fewer.
    pub fn mark(&mut self) {
        let Some(size_bytes) = self.made.as_ref().map(|made| made.size_bytes) else {
            return;
        };
        let (network, setting) = (self.network, self.setting);
        let on_test = |score: &Score| score.on != ImageSet::Validation1000;
        let score = self.score.filter(Score::is_complete).filter(on_test);
        let is_this = |tried: &&mut Tried| tried.network == network && tried.setting == setting;
        match self.tried.iter_mut().find(is_this) {
            Some(tried) => {
                let count = |score: Option<Score>| score.map_or(0, |j| j.done);
                if count(score) > count(tried.score) {
                    tried.score = score;
                }
            }
            None => self.tried.push(Tried {
                network,
                setting,
                size_bytes,
                score,
            }),
        }
    }
}
