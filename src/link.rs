//! What a link to the page holds: a picture, and how a network is squeezed, as text for the address's fragment.
//!
//! `2.PICTURE.NETWORK.BITS.CUT.SCALE.WEIGHTS`, the picture as its 784 pixels in base64 (RFC 4648, section 5, without
//! padding) or `-` for none, the weights that answer it as `drawings` or `photographs`. BITS is 2 to 8, or 9 for as
//! trained. The number is the version; a link of an unknown one is refused. A link is at most 2,000 characters.
//!
//! A link of version 1 ends before WEIGHTS. Most were made of a drawing, which the weights for drawings had answered, so
//! it is read with those.
//!
//! `qr.BYTES` holds a network instead, its packed bytes in base64, in at most 4,000 characters: what a QR code holds.

use crate::card::WeightSet;
use crate::catalog;
use crate::image::GrayImage;
use crate::squeeze::{AS_TRAINED_BITS, MOST_CUT, Scale, Setting, is_packed};
use base64ct::{Base64UrlUnpadded, Encoding};
use std::ops::RangeInclusive;

const VERSION: &str = "2";
/// The version that does not say which weights answer the picture.
const WITHOUT_WEIGHTS: &str = "1";
const NO_PICTURE: &str = "-";
const DRAWINGS: &str = "drawings";
const PHOTOGRAPHS: &str = "photographs";
/// What stands for as trained among the bits.
const AS_TRAINED: u8 = 9;

/// The length of a link at most, in characters.
pub const MOST_CHARACTERS: usize = 2000;

/// What a link to a network begins with.
const NETWORK: &str = "qr.";
/// The length of a link to a network at most, in characters.
const MOST_NETWORK_CHARACTERS: usize = 4000;

/// What a link holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What the models see, and which of their weights answer it; none of a blank cloth.
    pub picture: Option<(GrayImage, WeightSet)>,
    /// The network that is squeezed.
    pub network: String,
    /// How much.
    pub setting: Setting,
}

/// What is wrong with a link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It has too many characters.
    #[error("it has {length} characters, more than {most}")]
    TooLong {
        /// How many it has.
        length: usize,
        /// How many it may have.
        most: usize,
    },
    /// It is a link to a network, and its characters are no bytes.
    #[error("its network is damaged")]
    Network,
    /// It is of another version of the page, or no link at all.
    #[error("it is of another site, or of another version of this page")]
    Version,
    /// It has more or fewer parts than a link of its version.
    #[error("it has {0} parts, too few or too many")]
    Parts(usize),
    /// The picture is not 784 pixels.
    #[error("its picture is damaged")]
    Picture,
    /// The named part has no such value.
    #[error("its {0} is not known")]
    Value(&'static str),
}

impl Link {
    /// The fragment, without `#`.
    pub fn to_fragment(&self) -> String {
        let (picture, weights) = match &self.picture {
            None => (NO_PICTURE.to_owned(), DRAWINGS),
            Some((image, set)) => {
                let weights = match set {
                    WeightSet::Drawings => DRAWINGS,
                    WeightSet::Photographs => PHOTOGRAPHS,
                };
                (Base64UrlUnpadded::encode_string(image.pixels()), weights)
            }
        };
        let bits = match self.setting.bits() {
            AS_TRAINED_BITS => AS_TRAINED,
            bits => bits,
        };
        let scale = match self.setting.scale() {
            Scale::Layer => "layer",
            Scale::Channel => "channel",
        };
        format!(
            "{VERSION}.{picture}.{}.{bits}.{}.{scale}.{weights}",
            self.network,
            self.setting.cut()
        )
    }

    /// Read a fragment, without `#`.
    ///
    /// # Errors
    /// [`LinkError`].
    pub fn parse(fragment: &str) -> Result<Self, LinkError> {
        let length = fragment.chars().count();
        if length > MOST_CHARACTERS {
            return Err(LinkError::TooLong {
                length,
                most: MOST_CHARACTERS,
            });
        }
        let parts: Vec<&str> = fragment.split('.').collect();
        let (picture, network, bits, cut, scale, weights) = match parts[..] {
            [VERSION, picture, network, bits, cut, scale, weights] => {
                (picture, network, bits, cut, scale, weights)
            }
            [WITHOUT_WEIGHTS, picture, network, bits, cut, scale] => {
                (picture, network, bits, cut, scale, DRAWINGS)
            }
            [VERSION | WITHOUT_WEIGHTS, ..] => return Err(LinkError::Parts(parts.len())),
            _ => return Err(LinkError::Version),
        };
        if !catalog::is_network(network) {
            return Err(LinkError::Value("network"));
        }
        Ok(Self {
            picture: parse_picture(picture, weights)?,
            network: network.to_owned(),
            setting: parse_setting(bits, cut, scale)?,
        })
    }
}

fn parse_picture(
    picture: &str,
    weights: &str,
) -> Result<Option<(GrayImage, WeightSet)>, LinkError> {
    let set = match weights {
        DRAWINGS => WeightSet::Drawings,
        PHOTOGRAPHS => WeightSet::Photographs,
        _ => return Err(LinkError::Value("kind of weights")),
    };
    if picture == NO_PICTURE {
        return Ok(None);
    }
    let pixels = Base64UrlUnpadded::decode_vec(picture).map_err(|_| LinkError::Picture)?;
    let image = GrayImage::from_pixels(&pixels).map_err(|_| LinkError::Picture)?;
    Ok(Some((image, set)))
}

fn parse_setting(bits: &str, cut: &str, scale: &str) -> Result<Setting, LinkError> {
    let number = |text: &str, range: RangeInclusive<u8>, name| {
        let value = text.parse().ok().filter(|value| range.contains(value));
        value.ok_or(LinkError::Value(name))
    };
    let bits = match number(bits, 2..=AS_TRAINED, "number of bits")? {
        AS_TRAINED => AS_TRAINED_BITS,
        bits => bits,
    };
    let cut = number(cut, 0..=MOST_CUT, "cut")?;
    let scale = match scale {
        "layer" => Scale::Layer,
        "channel" => Scale::Channel,
        _ => return Err(LinkError::Value("scale")),
    };
    Setting::new(bits, cut, scale).map_err(|_| LinkError::Value("number of bits"))
}

/// The fragment that holds a network's packed bytes, without `#`.
pub fn network_to_fragment(packed: &[u8]) -> String {
    format!("{NETWORK}{}", Base64UrlUnpadded::encode_string(packed))
}

/// The packed bytes that a fragment holds, which are yet to be read; none when it is no link to a network.
///
/// # Errors
/// [`LinkError`] when it is one and cannot be followed.
pub fn network_of_fragment(fragment: &str) -> Result<Option<Vec<u8>>, LinkError> {
    let Some(text) = fragment.strip_prefix(NETWORK) else {
        return Ok(None);
    };
    let length = fragment.chars().count();
    if length > MOST_NETWORK_CHARACTERS {
        return Err(LinkError::TooLong {
            length,
            most: MOST_NETWORK_CHARACTERS,
        });
    }
    let bytes = Base64UrlUnpadded::decode_vec(text).ok();
    let bytes = bytes.filter(|bytes| is_packed(bytes));
    bytes.map(Some).ok_or(LinkError::Network)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(picture: Option<(GrayImage, WeightSet)>, bits: u8) -> Link {
        Link {
            picture,
            network: "pocket".to_owned(),
            setting: Setting::new(bits, 30, Scale::Layer).unwrap(),
        }
    }

    fn image() -> GrayImage {
        let mut image = GrayImage::black();
        for (i, pixel) in image.pixels_mut().iter_mut().enumerate() {
            *pixel = (i * 37 % 256) as u8;
        }
        image
    }

    #[test]
    fn what_a_link_holds_comes_back_within_2000_characters() {
        for link in [
            link(None, 4),
            link(Some((image(), WeightSet::Drawings)), 2),
            link(Some((image(), WeightSet::Photographs)), AS_TRAINED_BITS),
        ] {
            let fragment = link.to_fragment();
            assert!(fragment.len() <= MOST_CHARACTERS);
            assert_eq!(Link::parse(&fragment), Ok(link));
        }
    }

    #[test]
    fn the_weights_for_drawings_answer_the_picture_of_a_link_of_version_1() {
        let drawn = link(Some((image(), WeightSet::Drawings)), 4);
        let fragment = drawn.to_fragment();
        let version_1 = fragment.strip_prefix("2.").unwrap();
        let version_1 = format!("1.{}", version_1.strip_suffix(".drawings").unwrap());
        assert_eq!(Link::parse(&version_1), Ok(drawn));
        assert_eq!(Link::parse("1.-.pocket.4.30.layer"), Ok(link(None, 4)));
    }

    #[test]
    fn a_network_of_the_size_of_a_qr_code_comes_back_and_other_fragments_are_none() {
        for count in [1, 2, 3, 500, 2949] {
            let mut bytes = b"THRD".to_vec();
            bytes.extend((0..count).map(|i| (i * 37 % 251) as u8));
            let fragment = network_to_fragment(&bytes);
            assert_eq!(network_of_fragment(&fragment), Ok(Some(bytes)));
        }
        assert_eq!(
            network_of_fragment("2.-.pocket.4.0.channel.drawings"),
            Ok(None)
        );
        for (fragment, error) in [
            ("qr.", LinkError::Network),
            ("qr.A", LinkError::Network),
            ("qr.AAAA", LinkError::Network),
            ("qr.AAA%", LinkError::Network),
            ("qr.AAAA.AAAA", LinkError::Network),
        ] {
            assert_eq!(network_of_fragment(fragment), Err(error), "{fragment}");
        }
        let long = format!("qr.{}", "A".repeat(MOST_NETWORK_CHARACTERS));
        assert_eq!(
            network_of_fragment(&long),
            Err(LinkError::TooLong {
                length: 4003,
                most: 4000
            })
        );
    }

    #[test]
    fn malformed_links_are_refused_with_what_is_wrong() {
        let whole = link(Some((GrayImage::black(), WeightSet::Drawings)), 4).to_fragment();
        let cases = [
            ("", LinkError::Version),
            ("3.-.pocket.4.0.channel.drawings", LinkError::Version),
            ("2", LinkError::Parts(1)),
            ("2.-.pocket.4.0.channel", LinkError::Parts(6)),
            ("1.-.pocket.4.0", LinkError::Parts(5)),
            ("1.-.pocket.4.0.channel.drawings", LinkError::Parts(7)),
            ("1.AAAA.pocket.4.0.channel", LinkError::Picture),
            ("1.<b>.pocket.4.0.channel", LinkError::Picture),
            ("1.A.pocket.4.0.channel", LinkError::Picture),
            ("1.-.knn.4.0.channel", LinkError::Value("network")),
            ("1.-.pocket.1.0.channel", LinkError::Value("number of bits")),
            (
                "1.-.pocket.16.0.channel",
                LinkError::Value("number of bits"),
            ),
            ("1.-.pocket.4.91.channel", LinkError::Value("cut")),
            ("1.-.pocket.4.-5.channel", LinkError::Value("cut")),
            ("1.-.pocket.4.0.row", LinkError::Value("scale")),
            (
                "2.-.pocket.4.0.channel.sketches",
                LinkError::Value("kind of weights"),
            ),
        ];
        for (fragment, error) in cases {
            assert_eq!(Link::parse(fragment), Err(error), "{fragment}");
        }
        assert!(Link::parse(&whole[..whole.len() / 2]).is_err());
        let long = "x".repeat(MOST_CHARACTERS + 1);
        assert_eq!(
            Link::parse(&long),
            Err(LinkError::TooLong {
                length: 2001,
                most: 2000
            })
        );
    }
}
