"""Print the median time in seconds of a training step of a network in Keras: keras_step.py baseline|lightweight.

The networks, batch size, optimizer and number of steps are those of `threadcount step-time`; Keras gets its data
as one array, so that no input pipeline is timed.
"""

import os
import statistics
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import keras
import numpy
import tensorflow as tf

BATCH_SIZE, WARM_UP_STEPS, TIMED_STEPS = 64, 5, 20


def baseline():
    stack = [keras.Input((28, 28, 1))]
    for channels in (128, 256, 512):
        stack += [
            keras.layers.Conv2D(channels, 3, padding="same", activation="relu"),
            keras.layers.MaxPool2D(),
            keras.layers.Dropout(0.25),
        ]
    stack += [keras.layers.Flatten(), keras.layers.Dense(128, activation="relu"), keras.layers.Dropout(0.5)]
    return keras.Sequential(stack + [keras.layers.Dense(10)])


def lightweight():
    stack = [keras.Input((28, 28, 1))]
    for channels, pool in ((128, True), (256, True), (512, False)):
        stack += [
            keras.layers.DepthwiseConv2D(3, padding="same"),
            keras.layers.BatchNormalization(),
            keras.layers.Conv2D(channels, 1),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
        ]
        stack += [keras.layers.MaxPool2D()] if pool else []
    return keras.Sequential(stack + [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(10)])


def main():
    networks = {
        "baseline": (baseline, 2_067_850, keras.optimizers.AdamW(1e-3)),
        "lightweight": (lightweight, 178_968, keras.optimizers.AdamW(4e-3)),
    }
    build, parameters, optimizer = networks[sys.argv[1]]
    network = build()
    assert network.count_params() == parameters, network.count_params()
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    random = numpy.random.default_rng(1)
    images = tf.constant(random.normal(size=(BATCH_SIZE, 28, 28, 1)).astype("float32"))
    labels = tf.constant(random.integers(10, size=BATCH_SIZE))
    optimizer.build(network.trainable_variables)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = loss_of(labels, network(images, training=True))
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables))
        return loss

    times = []
    for _ in range(WARM_UP_STEPS + TIMED_STEPS):
        begin = time.perf_counter()
        step().numpy()
        times.append(time.perf_counter() - begin)
    print(f"{statistics.median(times[WARM_UP_STEPS:]):.5f}")


main()
