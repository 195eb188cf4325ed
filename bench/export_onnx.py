"""Write weights files as ONNX, in single precision and in int8: export_onnx.py IMAGES FOLDER NAME.safetensors...

The graph follows the list of layers in the file. NAME.onnx has batch norm as in the file: folding it is the
runtime's task. For NAME-int8.onnx it is folded before weights are quantized for each output channel and activations,
without a sign, by their ranges on the calibration images.
"""
import sys
from pathlib import Path

import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from weights import BATCH_NORM, Weights, calibration_images, write_sources


def graph_of(weights):
    nodes, constants = [], []
    current, kept = "features", None

    def constant(name, values):
        constants.append(numpy_helper.from_array(values, name))
        return name

    def add(kind, inputs, **attributes):
        nonlocal current
        output = f"activation{len(nodes)}"
        nodes.append(helper.make_node(kind, [current, *inputs], [output], name=f"node{len(nodes)}", **attributes))
        current = output

    for layer in weights.layers:
        op, name = layer["op"], layer.get("name")
        if op in ("conv", "depthwise", "pointwise"):
            inputs = [constant(f"{name}.weight", weights.tensor(f"{name}.weight"))]
            bias = weights.bias(layer)
            inputs += [] if bias is None else [constant(f"{name}.bias", bias)]
            side = 1 if op == "pointwise" else 3
            group = layer["channels"] if op == "depthwise" else 1
            add("Conv", inputs, kernel_shape=[side, side], pads=[side // 2] * 4, group=group)
        elif op == "batch_norm":
            parts = [constant(f"{name}.{part}", weights.tensor(f"{name}.{part}")) for part in BATCH_NORM]
            add("BatchNormalization", parts, epsilon=layer["epsilon"])
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
            parts = ("weight", "bias")
            add("Gemm", [constant(f"{name}.{part}", weights.tensor(f"{name}.{part}")) for part in parts])
        else:
            weights.unknown(op)

    nodes[-1].output[0] = "logits"
    value = lambda name, dims: helper.make_tensor_value_info(name, TensorProto.FLOAT, dims)
    return helper.make_graph(
        nodes, "threadcount", [value("features", [1, 1, 28, 28])], [value("logits", [1, 10])], constants
    )


class Images(CalibrationDataReader):
    """Hands out the calibration images one by one."""

    def __init__(self, images):
        self.images = iter(images)

    def get_next(self):
        image = next(self.images, None)
        return None if image is None else {"features": image[None]}


def main():
    images, folder, *files = sys.argv[1:]
    exported = [Weights(file) for file in files]
    for weights in exported:
        opset = [helper.make_opsetid("", 17)]
        model = helper.make_model(graph_of(weights), opset_imports=opset, ir_version=9)
        onnx.checker.check_model(model)
        target, folded, int8 = (Path(folder) / f"{weights.name}{part}.onnx" for part in ("", "-folded", "-int8"))
        onnx.save(model, target)
        quant_pre_process(target, folded, skip_symbolic_shape=True)
        quantize_static(
            folded,
            int8,
            Images(calibration_images(images)),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            weight_type=QuantType.QInt8,
            activation_type=QuantType.QUInt8,
        )
        folded.unlink()
    write_sources(Path(folder) / "onnx-sources.json", exported)


main()
