//! Numbers of known frequency in as many bits as they are worth: a range variant of asymmetric numeral systems (rANS).
//!
//! The coder is one number, the state, and the bytes that it has shed. It is a stack: what is written last is read first,
//! so `pack` writes from the end to the start. Reading ends in the state that writing began with, which bytes that
//! were damaged rarely do.
//!
//! **Source**: Duda, "Asymmetric numeral systems", 2013 (<https://arxiv.org/abs/1311.2540>), section 3.1 for the formulas;
//! bytes and bounds as in Giesen, "Interleaved entropy coders", 2014 (<https://arxiv.org/abs/1402.3392>), section 2.

use super::error::SqueezeError;

/// Between two numbers the state is at least this and below 256 times this.
const LEAST_STATE: u32 = 1 << 23;
/// Shares are parts of two to the power of this.
pub(super) const SHARE_BITS: u32 = 12;

/// The part of all numbers that one of them takes: `share` of `2^SHARE_BITS`, after those that take `start`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub start: u32,
    pub share: u32,
}

/// Numbers of a few bits each, in the order in which they are read.
#[derive(Debug, Default)]
pub(super) struct BitList(Vec<(u32, u32)>);

impl BitList {
    /// Append a number of so many bits, at most 16.
    pub(super) fn push(&mut self, number: u32, bits: u32) {
        self.0.push((number, bits));
    }
}

/// Writes numbers, the last first.
#[derive(Debug)]
pub(super) struct Encoder {
    state: u32,
    /// The last byte first.
    bytes: Vec<u8>,
}

impl Default for Encoder {
    fn default() -> Self {
        Self {
            state: LEAST_STATE,
            bytes: Vec::new(),
        }
    }
}

impl Encoder {
    /// Write a number that takes this part, in `-log2(share / 2^SHARE_BITS)` bits.
    ///
    /// **Formula**: `state' = state / share 2^12 + start + state mod share`.
    pub(super) fn write(&mut self, Part { start, share }: Part) {
        self.shed(((LEAST_STATE >> SHARE_BITS) << 8) * share);
        self.state = ((self.state / share) << SHARE_BITS) + start + self.state % share;
    }

    /// Write a number of so many bits, at most 16, each as likely as the others.
    pub(super) fn write_bits(&mut self, number: u32, bits: u32) {
        self.shed((LEAST_STATE >> bits) << 8);
        self.state = (self.state << bits) | number;
    }

    /// Write a list of numbers, so that they are read in its order.
    pub(super) fn write_list(&mut self, list: &BitList) {
        for (number, bits) in list.0.iter().rev() {
            self.write_bits(*number, *bits);
        }
    }

    fn shed(&mut self, bound: u32) {
        while self.state >= bound {
            self.bytes.push(self.state as u8);
            self.state >>= 8;
        }
    }

    /// The bytes in the order in which they are read.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bytes.extend(self.state.to_le_bytes());
        self.bytes.reverse();
        self.bytes
    }
}

/// Reads what an [`Encoder`] wrote.
#[derive(Debug)]
pub(super) struct Decoder<'a> {
    state: u32,
    rest: std::slice::Iter<'a, u8>,
}

impl<'a> Decoder<'a> {
    /// Read from the first byte on.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, SqueezeError> {
        let part = "the first state of the coder";
        let end = SqueezeError::End {
            end: bytes.len(),
            part,
        };
        let (first, rest) = bytes.split_first_chunk::<4>().ok_or(end)?;
        let state = u32::from_be_bytes(*first);
        if !(LEAST_STATE..LEAST_STATE << 8).contains(&state) {
            return Err(SqueezeError::content(part, &state, &"2^23 to 2^31 - 1"));
        }
        Ok(Self {
            state,
            rest: rest.iter(),
        })
    }

    /// How many bytes are left, with those in the state.
    pub(super) fn left(&self) -> usize {
        self.rest.len() + 4
    }

    /// Where the next number lies among all, of `2^SHARE_BITS`; [`Self::skip`] it then.
    pub(super) fn peek(&self) -> u32 {
        self.state & ((1 << SHARE_BITS) - 1)
    }

    /// Go on behind a number that takes this part and that was found by [`Self::peek`].
    pub(super) fn skip(&mut self, Part { start, share }: Part) -> Result<(), SqueezeError> {
        self.state = (self.state >> SHARE_BITS) * share + self.peek() - start;
        self.refill()
    }

    /// The next number of so many bits, at most 16.
    pub(super) fn bits(&mut self, bits: u32) -> Result<u32, SqueezeError> {
        let number = self.state & ((1 << bits) - 1);
        self.state >>= bits;
        self.refill()?;
        Ok(number)
    }

    fn refill(&mut self) -> Result<(), SqueezeError> {
        while self.state < LEAST_STATE {
            let end = SqueezeError::Codes("end too early");
            let byte = self.rest.next().ok_or(end)?;
            self.state = (self.state << 8) | u32::from(*byte);
        }
        Ok(())
    }

    /// Check that all was read.
    pub(super) fn finish(self) -> Result<(), SqueezeError> {
        if self.state == LEAST_STATE && self.rest.len() == 0 {
            return Ok(());
        }
        Err(SqueezeError::Codes("do not end where they should"))
    }
}

#[cfg(test)]
mod tests {
    use super::{BitList, Decoder, Encoder, Part};

    #[test]
    fn numbers_come_out_in_the_order_of_their_list_and_damage_is_noticed() {
        let common = Part {
            start: 0,
            share: 4000,
        };
        let rare = Part {
            start: 4000,
            share: 96,
        };
        let mut list = BitList::default();
        list.push(5, 3);
        list.push(65_535, 16);
        let mut encoder = Encoder::default();
        for _ in 0..1000 {
            encoder.write(common);
        }
        encoder.write(rare);
        encoder.write_list(&list);
        let bytes = encoder.finish();
        // 1000 numbers of 0.034 bits, one of 5.4, 19 bits, and a state of four bytes, of which 23 bits say nothing.
        assert!(bytes.len() <= 12, "{}", bytes.len());

        let mut decoder = Decoder::new(&bytes).unwrap();
        assert_eq!(decoder.bits(3).unwrap(), 5);
        assert_eq!(decoder.bits(16).unwrap(), 65_535);
        assert!(decoder.peek() >= 4000);
        decoder.skip(rare).unwrap();
        for _ in 0..1000 {
            assert!(decoder.peek() < 4000);
            decoder.skip(common).unwrap();
        }
        decoder.finish().unwrap();
        assert!(Decoder::new(&bytes[..3]).is_err());
        assert!(Decoder::new(&bytes).unwrap().finish().is_err());
    }
}
