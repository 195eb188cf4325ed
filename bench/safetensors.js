// Reads a weights file: { layers, tensor(name) -> { shape, values: Float32Array } }.
const half = (bits) => {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction);
};

export function parse(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  return {
    layers: JSON.parse(header.__metadata__.layers),
    tensor(name) {
      const { dtype, shape, data_offsets: [begin, end] } = header[name];
      const size = dtype === "F16" ? 2 : 4;
      const at = (i) => 8 + length + begin + i * size;
      const read = size === 2 ? (i) => half(view.getUint16(at(i), true)) : (i) => view.getFloat32(at(i), true);
      return { shape, values: Float32Array.from({ length: (end - begin) / size }, (_, i) => read(i)) };
    },
  };
}
