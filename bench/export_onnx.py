"""Write a model's weights file as ONNX: export_onnx.py NAME.safetensors NAME.onnx

The graph follows the list of layers in the file, batch norm as in the file: folding it is the runtime's task.
"""
import json
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors import safe_open

source, target = sys.argv[1:]
nodes, constants = [], []
with safe_open(source, framework="numpy") as file:
    layers = json.loads(file.metadata()["layers"])

    def tensor(name):
        constants.append(numpy_helper.from_array(file.get_tensor(name).astype(np.float32), name))
        return name

    current, kept, channels = "features", None, 1

    def add(kind, inputs, **attributes):
        global current
        output = f"activation{len(nodes)}"
        nodes.append(helper.make_node(kind, [current, *inputs], [output], **attributes))
        current = output

    for layer in layers:
        op, name = layer["op"], layer.get("name")
        if op in ("conv", "depthwise", "pointwise"):
            inputs = [tensor(f"{name}.weight")] + ([tensor(f"{name}.bias")] if layer["bias"] else [])
            side = 1 if op == "pointwise" else 3
            group = layer["channels"] if op == "depthwise" else 1
            add("Conv", inputs, kernel_shape=[side, side], pads=[side // 2] * 4, group=group)
        elif op == "batch_norm":
            parts = ("gamma", "beta", "running_mean", "running_var")
            add("BatchNormalization", [tensor(f"{name}.{part}") for part in parts], epsilon=layer["epsilon"])
        elif op == "relu":
            add("Relu", [])
        elif op == "max_pool":
            add("MaxPool", [], kernel_shape=[2, 2], strides=[2, 2])
        elif op == "average_pool":
            add("GlobalAveragePool", [])
        elif op == "fork":
            kept = current
        elif op == "join":
            add("Add", [kept])
        elif op == "dense":
            add("Flatten", [], axis=1)
            add("Gemm", [tensor(f"{name}.weight"), tensor(f"{name}.bias")])
        else:
            raise SystemExit(f"{source} has a layer {op} that this script does not know")

nodes[-1].output[0] = "logits"
shape = lambda name, dims: helper.make_tensor_value_info(name, TensorProto.FLOAT, dims)
graph = helper.make_graph(nodes, "threadcount", [shape("features", [1, 1, 28, 28])], [shape("logits", [1, 10])], constants)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
onnx.checker.check_model(model)
onnx.save(model, target)
