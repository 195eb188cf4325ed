//! What a link to the page holds: a picture, and how a network is squeezed, as text for the address's fragment.
//!
//! `1.PICTURE.NETWORK.BITS.CUT.SCALE`, the picture as its 784 pixels in base64 (RFC 4648, section 5, without padding)
//! or `-` for none. The number is the version; a link of another one is refused. A link is at most 2,000 characters.
//!
//! `qr.BYTES` holds a network instead, its packed bytes in base64, in at most 4,000 characters: what a QR code holds.

use crate::catalog;
use crate::image::GrayImage;
use crate::squeeze::is_packed;
use base64ct::{Base64UrlUnpadded, Encoding};

const VERSION: &str = "1";
const NO_PICTURE: &str = "-";

/// The length of a link at most, in characters.
pub const MOST_CHARACTERS: usize = 2000;

/// What a link to a network begins with.
const NETWORK: &str = "qr.";
/// The length of a link to a network at most, in characters.
const MOST_NETWORK_CHARACTERS: usize = 4000;

/// What a link holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What the models see; none of a blank cloth.
    pub picture: Option<GrayImage>,
    /// The network that is squeezed.
    pub network: String,
    /// The value of the dial for bits: 2 to 8, and 9 for as trained.
    pub bits: u8,
    /// Percent of the weights that are cut, 0 to 90.
    pub cut: u8,
    /// Whether there is one scale for each layer instead of one for each channel.
    pub by_layer: bool,
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
    /// It has more or fewer parts.
    #[error("it has {0} parts instead of 6")]
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
        let picture = self.picture.as_ref();
        let picture = picture.map_or_else(
            || NO_PICTURE.to_owned(),
            |image| Base64UrlUnpadded::encode_string(image.pixels()),
        );
        let scale = if self.by_layer { "layer" } else { "channel" };
        format!(
            "{VERSION}.{picture}.{}.{}.{}.{scale}",
            self.network, self.bits, self.cut
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
        if parts[0] != VERSION {
            return Err(LinkError::Version);
        }
        let &[_, picture, network, bits, cut, scale] = &parts[..] else {
            return Err(LinkError::Parts(parts.len()));
        };
        let picture = match picture {
            NO_PICTURE => None,
            text => {
                let pixels = Base64UrlUnpadded::decode_vec(text).map_err(|_| LinkError::Picture)?;
                Some(GrayImage::from_pixels(&pixels).map_err(|_| LinkError::Picture)?)
            }
        };
        let number = |text: &str, most: u8, name| {
            let value = text.parse().ok().filter(|value| *value <= most);
            value.ok_or(LinkError::Value(name))
        };
        if !catalog::is_network(network) {
            return Err(LinkError::Value("network"));
        }
        let bits = number(bits, 9, "number of bits")?;
        if bits < 2 {
            return Err(LinkError::Value("number of bits"));
        }
        Ok(Self {
            picture,
            network: network.to_owned(),
            bits,
            cut: number(cut, 90, "cut")?,
            by_layer: match scale {
                "layer" => true,
                "channel" => false,
                _ => return Err(LinkError::Value("scale")),
            },
        })
    }
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

    fn link(picture: Option<GrayImage>) -> Link {
        Link {
            picture,
            network: "pocket".to_owned(),
            bits: 4,
            cut: 30,
            by_layer: false,
        }
    }

    #[test]
    fn what_a_link_holds_comes_back_within_2000_characters() {
        let mut image = GrayImage::black();
        for (i, pixel) in image.pixels_mut().iter_mut().enumerate() {
            *pixel = (i * 37 % 256) as u8;
        }
        for link in [link(None), link(Some(image))] {
            let fragment = link.to_fragment();
            assert!(fragment.len() <= MOST_CHARACTERS);
            assert_eq!(Link::parse(&fragment), Ok(link));
        }
    }

    #[test]
    fn a_network_of_the_size_of_a_qr_code_comes_back_and_other_fragments_are_none() {
        for count in [1, 2, 3, 500, 2949] {
            let mut bytes = b"THRD".to_vec();
            bytes.extend((0..count).map(|i| (i * 37 % 251) as u8));
            let fragment = network_to_fragment(&bytes);
            assert_eq!(network_of_fragment(&fragment), Ok(Some(bytes)));
        }
        assert_eq!(network_of_fragment("1.-.pocket.4.0.channel"), Ok(None));
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
        let whole = link(Some(GrayImage::black())).to_fragment();
        let cases = [
            ("", LinkError::Version),
            ("2.-.pocket.4.0.channel", LinkError::Version),
            ("1.-.pocket.4.0", LinkError::Parts(5)),
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
