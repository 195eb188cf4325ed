// Builds a network for TensorFlow.js from its weights file, the way that measured fastest there: batch norm
// folded by hand, bias and ReLU fused into the convolutions. Returns features -> Float32Array of logits.
import { parse } from "./safetensors.js";

export function build(tf, bytes) {
  const { layers, tensor } = parse(bytes);
  const ops = [];
  for (let i = 0; i < layers.length; i++) {
    const { op, name, bias, epsilon } = layers[i];
    const next = () => layers[i + 1] ?? {};
    if (["conv", "depthwise", "pointwise"].includes(op)) {
      const { shape, values } = tensor(`${name}.weight`);
      const [outputs, size] = [shape[0], values.length / shape[0]];
      const offsets = bias ? tensor(`${name}.bias`).values : new Float32Array(outputs);
      if (next().op === "batch_norm") {
        const norm = next();
        const [gamma, beta, mean, variance] = ["gamma", "beta", "running_mean", "running_var"]
          .map((part) => tensor(`${norm.name}.${part}`).values);
        for (let o = 0; o < outputs; o++) {
          const scale = gamma[o] / Math.sqrt(variance[o] + norm.epsilon);
          for (let j = 0; j < size; j++) values[o * size + j] *= scale;
          offsets[o] = (offsets[o] - mean[o]) * scale + beta[o];
        }
        i++;
      }
      const relu = next().op === "relu";
      if (relu) i++;
      // OIHW to HWIO, and for depthwise to HWC1.
      const filter = tf.tidy(() => tf.transpose(tf.tensor(values, shape), op === "depthwise" ? [2, 3, 0, 1] : [2, 3, 1, 0]).clone());
      const convolve = op === "depthwise" ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
      const parts = { filter, bias: tf.tensor1d(offsets), strides: 1, pad: "same", activation: relu ? "relu" : "linear" };
      ops.push((x) => convolve({ x, ...parts }));
    } else if (op === "relu") ops.push((x) => tf.relu(x));
    else if (op === "max_pool") ops.push((x) => tf.maxPool(x, 2, 2, "valid"));
    else if (op === "average_pool") ops.push((x) => tf.mean(x, [1, 2]));
    else if (op === "fork") ops.push((x, state) => (state.kept = x));
    else if (op === "join") ops.push((x, state) => tf.add(x, state.kept));
    else if (op === "dense") {
      const weights = tensor(`${name}.weight`);
      const [inputs, outputs] = weights.shape;
      const offsets = tf.tensor1d(tensor(`${name}.bias`).values);
      const relu = next().op === "relu";
      if (relu) i++;
      // Rows in channel, row, column order become rows in row, column, channel order, done here once.
      let rows = null;
      ops.push((x) => {
        rows ??= tf.keep(tf.tidy(() => {
          const matrix = tf.tensor(weights.values, weights.shape);
          if (x.rank === 2) return matrix.clone();
          const [, h, w, c] = x.shape;
          return tf.reshape(tf.transpose(tf.reshape(matrix, [c, h, w, outputs]), [1, 2, 0, 3]), [inputs, outputs]);
        }));
        return tf.fused.matMul({ a: tf.reshape(x, [1, inputs]), b: rows, bias: offsets, activation: relu ? "relu" : "linear" });
      });
    } else throw new Error(`a layer ${op} that tfjs-model.js does not know`);
  }
  return (features) => {
    const logits = tf.tidy(() => {
      const state = {};
      return ops.reduce((x, run) => run(x, state), tf.tensor4d(features, [1, 28, 28, 1]));
    });
    const values = logits.dataSync();
    logits.dispose();
    return values;
  };
}
