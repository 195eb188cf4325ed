//! The number types of tensors, as little-endian bytes.

use half::f16;
use safetensors::tensor::Dtype;

/// A number that a tensor's bytes can be made of.
pub trait Element: Copy {
    /// Its number type in a file.
    const DTYPE: Dtype;
    /// The numbers of little-endian bytes, one after the other.
    fn numbers(bytes: &[u8]) -> impl Iterator<Item = Self>;
    /// Append little-endian bytes.
    fn write(self, bytes: &mut Vec<u8>);
}

macro_rules! element {
    ($type:ty, $dtype:ident) => {
        impl Element for $type {
            const DTYPE: Dtype = Dtype::$dtype;
            fn numbers(bytes: &[u8]) -> impl Iterator<Item = Self> {
                let (numbers, _) = bytes.as_chunks::<{ size_of::<$type>() }>();
                numbers.iter().map(|n| <$type>::from_le_bytes(*n))
            }
            fn write(self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }
        }
    };
}
element!(u8, U8);
element!(i8, I8);
element!(u16, U16);
element!(f16, F16);
element!(f32, F32);
