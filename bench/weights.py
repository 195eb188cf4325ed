"""A model's weights file for the exporters: its list of layers and its tensors.

What an exporter writes is kept with the sum of the weights that it was made from, so that the benchmark can refuse
files of other weights.
"""
import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from safetensors import safe_open

# The tensors of a batch norm, in the order in which both formats take them.
BATCH_NORM = ("gamma", "beta", "running_mean", "running_var")


class Weights:
    """The layers of one network, in order, and its tensors in single precision."""

    def __init__(self, path):
        self.path = Path(path)
        self.name = self.path.stem
        self.sha256 = hashlib.sha256(self.path.read_bytes()).hexdigest()
        with safe_open(path, framework="numpy") as file:
            self.layers = json.loads(file.metadata()["layers"])
        self.tensors = load_file(path)

    def tensor(self, name):
        return self.tensors[name].astype(np.float32)

    def bias(self, layer):
        """The bias of a layer, or none."""
        return self.tensor(f"{layer['name']}.bias") if layer.get("bias", True) else None

    def unknown(self, op):
        """End with what a new kind of layer asks for."""
        raise SystemExit(f"{self.path} has a layer {op} that the exporter does not know")


def calibration_images(path):
    """Normalized training images, one batch of one for each: what ranges of activations are measured on."""
    features = load_file(path)["calibration.features"]
    return features.reshape(-1, 1, 28, 28)


def write_sources(path, exported):
    """Note which weights each network's files were made from."""
    Path(path).write_text(json.dumps({weights.name: weights.sha256 for weights in exported}) + "\n")
