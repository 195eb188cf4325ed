//! Bytes and bits, read one after the other with every end checked.

use super::error::SqueezeError;
use half::f16;

/// Codes of a few bits each, the first in the lowest bits of the first byte.
#[derive(Debug)]
pub(super) struct BitReader<'a> {
    bytes: std::slice::Iter<'a, u8>,
    waiting: u32,
    count: u32,
}

impl<'a> BitReader<'a> {
    /// Read from bytes of which there are enough.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes: bytes.iter(),
            waiting: 0,
            count: 0,
        }
    }

    /// The next code of so many bits, at most 16; zeros after the end.
    pub(super) fn pull(&mut self, bits: u32) -> u16 {
        while self.count < bits {
            let byte = self.bytes.next().copied().unwrap_or_default();
            self.waiting |= u32::from(byte) << self.count;
            self.count += 8;
        }
        let code = self.waiting & ((1 << bits) - 1);
        self.waiting >>= bits;
        self.count -= bits;
        code as u16
    }

    /// Whether what is left is zeros.
    pub(super) fn rest_is_zero(self) -> bool {
        self.waiting == 0 && self.bytes.as_slice().iter().all(|byte| *byte == 0)
    }
}

/// The bytes that `count` codes of so many bits fill.
pub(super) fn bytes_of(count: usize, bits: u32) -> usize {
    (count * bits as usize).div_ceil(8)
}

/// Bytes that are read from the front.
#[derive(Debug)]
pub(super) struct ByteReader<'a> {
    all: usize,
    rest: &'a [u8],
}

impl<'a> ByteReader<'a> {
    /// Read from the first byte on.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            all: bytes.len(),
            rest: bytes,
        }
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    /// The bytes that are left.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next bytes.
    pub(super) fn take(
        &mut self,
        count: usize,
        part: &'static str,
    ) -> Result<&'a [u8], SqueezeError> {
        let end = SqueezeError::End {
            end: self.all,
            part,
        };
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(end)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next byte.
    pub(super) fn byte(&mut self, part: &'static str) -> Result<u8, SqueezeError> {
        Ok(self.take(1, part)?[0])
    }

    /// The next numbers of half precision.
    pub(super) fn halves(
        &mut self,
        count: usize,
        part: &'static str,
    ) -> Result<Vec<f16>, SqueezeError> {
        let (pairs, _) = self.take(count * 2, part)?.as_chunks::<2>();
        let halves: Vec<f16> = pairs.iter().map(|pair| f16::from_le_bytes(*pair)).collect();
        match halves.iter().find(|half| !half.is_finite()) {
            Some(bad) => Err(SqueezeError::content(part, bad, &"finite numbers")),
            None => Ok(halves),
        }
    }
}
