"""Write weights files as tflite, in single precision and in int8: export_tflite.py IMAGES FOLDER NAME.safetensors...

The Keras network follows the list of layers in the file; the converter folds batch norm. NAME-int8.tflite computes in
8-bit integers throughout, with a scale for each output channel and ranges of activations measured on the calibration
images; its input and output are floats.
"""
import os
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import tensorflow as tf
from weights import BATCH_NORM, Weights, calibration_images, write_sources


def network_of(weights):
    """The network, its numbers set. Keras has channels last."""
    picture = x = keras.Input((28, 28, 1), batch_size=1)
    kept, numbers = None, []

    def add(layer, values=()):
        nonlocal x
        x = layer(x)
        numbers.append((layer, list(values)))

    for layer in weights.layers:
        op, name = layer["op"], layer.get("name")
        if op in ("conv", "depthwise", "pointwise"):
            kernel, bias = weights.tensor(f"{name}.weight"), weights.bias(layer)
            options = {"padding": "same", "use_bias": bias is not None}
            side = kernel.shape[-1]
            if op == "depthwise":
                made, kernel = keras.layers.DepthwiseConv2D(side, **options), kernel.transpose(2, 3, 0, 1)
            else:
                made, kernel = keras.layers.Conv2D(kernel.shape[0], side, **options), kernel.transpose(2, 3, 1, 0)
            add(made, [kernel] if bias is None else [kernel, bias])
        elif op == "batch_norm":
            parts = [weights.tensor(f"{name}.{part}") for part in BATCH_NORM]
            add(keras.layers.BatchNormalization(epsilon=layer["epsilon"]), parts)
        elif op == "relu":
            add(keras.layers.ReLU())
        elif op == "max_pool":
            add(keras.layers.MaxPool2D())
        elif op == "average_pool":
            add(keras.layers.GlobalAveragePooling2D())
        elif op == "fork":
            kept = x
        elif op == "join":
            x = keras.layers.Add()([x, kept])
        elif op == "dense":
            rows = weights.tensor(f"{name}.weight")
            if len(x.shape) == 4:
                # Rows in channel, row, column order become rows in row, column, channel order.
                _, height, width, channels = x.shape
                rows = rows.reshape(channels, height, width, -1).transpose(1, 2, 0, 3).reshape(rows.shape)
                add(keras.layers.Flatten())
            add(keras.layers.Dense(rows.shape[1]), [rows, weights.bias(layer)])
        else:
            weights.unknown(op)
    network = keras.Model(picture, x)
    for layer, values in numbers:
        layer.set_weights(values)
    return network


def main():
    images, folder, *files = sys.argv[1:]
    exported = [Weights(file) for file in files]
    # One channel: to put it last is to rename the axes.
    calibration = calibration_images(images).reshape(-1, 1, 28, 28, 1)
    for weights in exported:
        network = network_of(weights)
        converter = tf.lite.TFLiteConverter.from_keras_model(network)
        (Path(folder) / f"{weights.name}.tflite").write_bytes(converter.convert())
        converter = tf.lite.TFLiteConverter.from_keras_model(network)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([image] for image in calibration)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        (Path(folder) / f"{weights.name}-int8.tflite").write_bytes(converter.convert())
    write_sources(Path(folder) / "tflite-sources.json", exported)


main()
