// Reads a safetensors file: { layers, tensor(name) -> { shape, values } }; values are Float32Array, of bytes Uint8Array.
// `layers` is a network's list; null in a file of something else.
const half = (bits) => {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction);
};

export function parse(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  return {
    layers: header.__metadata__?.layers ? JSON.parse(header.__metadata__.layers) : null,
    tensor(name) {
      const { dtype, shape, data_offsets: [begin, end] } = header[name];
      if (dtype === "U8") return { shape, values: bytes.subarray(8 + length + begin, 8 + length + end) };
      const size = dtype === "F16" ? 2 : 4;
      const at = (i) => 8 + length + begin + i * size;
      const read = size === 2 ? (i) => half(view.getUint16(at(i), true)) : (i) => view.getFloat32(at(i), true);
      return { shape, values: Float32Array.from({ length: (end - begin) / size }, (_, i) => read(i)) };
    },
  };
}
