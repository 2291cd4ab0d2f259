/// Networks in forms that ONNX has had since its first opsets, and what they give.
enum OldForms {
  static let models = PythonOracle.models(program)

  static let names = [
    "upsample-7", "upsample-9", "upsample-linear-9", "upsample-1", "resize-10", "resize-10-down",
    "add-6", "add-6-axis", "mul-6-axis", "prelu-6", "pad-2", "pad-2-reflect", "pad-2-value",
    "pad-18-axes", "clip-6", "clip-6-low", "clip-11", "slice-1", "slice-1-axes", "slice-10",
    "slice-backwards", "batch-norm-7", "batch-norm-9", "batch-norm-15", "dropout-7", "dropout-12",
    "reshape-1", "reshape-0-1", "flatten-reshape", "squeeze-11", "unsqueeze-11", "reduce-mean-18",
    "reduce-sum-11", "reduce-max-13", "softmax-11", "softmax-11-last", "softmax-13",
    "log-softmax-11", "split-2", "split-11", "split-18", "concat-1", "cast-1", "same-upper",
    "same-lower", "valid", "same-upper-stride", "pool-same-lower", "transpose-same",
    "transpose-shape", "transpose-shape-odd", "transpose-shape-upper", "transpose-group",
    "average-7", "max-ceil", "pixel-shuffle", "depth-to-space-11", "group-norm-18",
    "group-norm-21", "group-norm-reshape", "constant-float", "constant-floats", "constant-ints",
    "gelu-20", "gelu-20-tanh", "mish-18", "scaler", "crop", "crop-scale", "affine",
    "scaled-tanh", "mvn-13", "gather", "global-pools", "where", "half-initialisers",
    "int32-data", "dilated", "shuffle",
  ]

  private static let program = """
    import sys, os, numpy as np, onnx, onnxruntime as ort
    from onnx import helper as h, numpy_helper as nh, TensorProto as T
    folder = sys.argv[1]
    ort.set_default_logger_severity(4)
    from onnx.reference import ReferenceEvaluator
    rng = np.random.default_rng(3)
    def f(*shape): return rng.normal(size=shape).astype(np.float32)
    def save(name, x):
      np.ascontiguousarray(x, np.float32).tofile(os.path.join(folder, name))
      open(os.path.join(folder, name + ".shape"), "w").write(" ".join(map(str, x.shape)))
    def make(name, opset, nodes, weights={}, shape=(1, 4, 12, 16), expected=None, positive=False):
      x = f(*shape)
      if positive: x = abs(x)
      tensors = [v if isinstance(v, onnx.TensorProto) else nh.from_array(np.asarray(v), k)
        for k, v in weights.items()]
      nodes = [h.make_node(op, i.split(","), o.split(","), **a) for op, i, o, a in nodes]
      graph = h.make_graph(nodes, name, [h.make_tensor_value_info("x", T.FLOAT, list(shape))],
        [h.make_tensor_value_info("y", T.FLOAT, None)], tensors)
      model = h.make_model(graph, opset_imports=[h.make_opsetid("", opset)], ir_version=8 if opset < 20 else 10)
      open(os.path.join(folder, name + ".onnx"), "wb").write(model.SerializeToString())
      y = expected(x, weights) if expected else None
      if y is None:
        try: y = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
        except Exception as e: error = e
      if y is None: y = ReferenceEvaluator(model).run(None, {"x": x})[0]
      save(name + ".in", x); save(name + ".out", y)
    i64 = lambda *v: np.array(v, np.int64)
    f32 = lambda *v: np.array(v, np.float32)
    up = lambda x, w: x.repeat(2, 2).repeat(2, 3)
    make("upsample-7", 7, [("Upsample", "x", "y", dict(scales=[1., 1., 2., 2.], mode="nearest"))], expected=up)
    make("upsample-9", 9, [("Upsample", "x,s", "y", dict(mode="nearest"))], {"s": f32(1, 1, 2, 2)}, expected=up)
    make("upsample-linear-9", 9, [("Upsample", "x,s", "y", dict(mode="linear"))], {"s": f32(1, 1, 2, 2)})
    make("upsample-1", 1, [("Upsample", "x", "y", dict(height_scale=2., width_scale=2.))], expected=up)
    make("resize-10", 10, [("Resize", "x,s", "y", dict(mode="nearest"))], {"s": f32(1, 1, 3, 3)})
    make("resize-10-down", 10, [("Resize", "x,s", "y", dict(mode="nearest"))], {"s": f32(1, 1, .5, .5)})
    make("add-6", 6, [("Add", "x,w", "y", dict(broadcast=1))], {"w": f(12, 16)}, expected=lambda x, w: x + w["w"])
    axis = lambda x, w: w["w"].reshape(1, 4, 1, 1)
    make("add-6-axis", 6, [("Add", "x,w", "y", dict(broadcast=1, axis=1))], {"w": f(4)}, expected=lambda x, w: x + axis(x, w))
    make("mul-6-axis", 6, [("Mul", "x,w", "y", dict(broadcast=1, axis=1))], {"w": f(4)}, expected=lambda x, w: x * axis(x, w))
    make("prelu-6", 6, [("PRelu", "x,w", "y", {})], {"w": f(4)}, expected=lambda x, w: np.where(x < 0, x * axis(x, w), x))
    make("pad-2", 2, [("Pad", "x", "y", dict(pads=[0, 0, 1, 2, 0, 0, 3, 4]))], expected=lambda x, w: np.pad(x, ((0, 0), (0, 0), (1, 3), (2, 4))))
    make("pad-2-reflect", 7, [("Pad", "x", "y", dict(pads=[0, 0, 1, 2, 0, 0, 3, 4], mode="reflect"))], expected=lambda x, w: np.pad(x, ((0, 0), (0, 0), (1, 3), (2, 4)), mode="reflect"))
    make("pad-2-value", 7, [("Pad", "x", "y", dict(pads=[0, 0, 1, 1, 0, 0, 1, 1], value=2.5))], expected=lambda x, w: np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=2.5))
    make("pad-18-axes", 18, [("Pad", "x,p,,a", "y", dict(mode="edge"))], {"p": i64(1, 2, 3, 4), "a": i64(-2, 3)})
    make("clip-6", 6, [("Clip", "x", "y", dict(min=-.5, max=.25))], expected=lambda x, w: x.clip(-.5, .25))
    make("clip-6-low", 6, [("Clip", "x", "y", dict(min=-.5))], expected=lambda x, w: x.clip(-.5))
    make("clip-11", 11, [("Clip", "x,,m", "y", {})], {"m": f32(.5).reshape(())})
    make("slice-1", 7, [("Slice", "x", "y", dict(starts=[0, 1, 2, -5], ends=[1, 3, -1, 1000]))], expected=lambda x, w: x[:, 1:3, 2:-1, -5:])
    make("slice-1-axes", 7, [("Slice", "x", "y", dict(starts=[1], ends=[-1], axes=[2]))], expected=lambda x, w: x[:, :, 1:-1])
    make("slice-10", 10, [("Slice", "x,s,e,a,t", "y", {})], {"s": i64(1, 0), "e": i64(2**63 - 1, -1), "a": i64(2, -1), "t": i64(2, 3)})
    make("slice-backwards", 13, [("Slice", "x,s,e,a,t", "y", {})], {"s": i64(-1), "e": i64(-2**63), "a": i64(1), "t": i64(-1)})
    norm = {"g": f(4), "b": f(4), "m": f(4), "v": abs(f(4)) + .5}
    for opset in [7, 9, 15]: make(f"batch-norm-{opset}", opset, [("BatchNormalization", "x,g,b,m,v", "y", dict(epsilon=1e-3))], norm)
    make("dropout-7", 7, [("Dropout", "x", "a,mask", dict(ratio=.5)), ("Relu", "a", "y", {})], expected=lambda x, w: np.maximum(x, 0))
    make("dropout-12", 12, [("Relu", "x", "a", {}), ("Dropout", "a,r", "y", {})], {"r": f32(.5).reshape(())}, expected=lambda x, w: np.maximum(x, 0))
    make("reshape-1", 1, [("Reshape", "x", "y", dict(shape=[1, 2, -1, 16]))], expected=lambda x, w: x.reshape(1, 2, -1, 16))
    make("reshape-0-1", 13, [("Reshape", "x,s", "a", {}), ("Relu", "a", "y", {})], {"s": i64(0, 2, -1, 16)})
    make("flatten-reshape", 13, [("Flatten", "x", "a", dict(axis=-2)), ("Reshape", "a,s", "y", {})], {"s": i64(1, 4, 16, 12)})
    make("squeeze-11", 11, [("Unsqueeze", "x", "a", dict(axes=[0, 5])), ("Squeeze", "a", "y", dict(axes=[0, -1]))])
    make("unsqueeze-11", 11, [("Unsqueeze", "x", "a", dict(axes=[-1])), ("Relu", "a", "b", {}), ("Squeeze", "b", "y", dict(axes=[4]))])
    make("reduce-mean-18", 18, [("ReduceMean", "x,a", "y", {})], {"a": i64(1)})
    make("reduce-sum-11", 11, [("ReduceSum", "x", "y", dict(axes=[1], keepdims=1))])
    make("reduce-max-13", 13, [("ReduceMax", "x", "y", dict(axes=[-3], keepdims=1))])
    make("softmax-11", 11, [("Softmax", "x", "y", dict(axis=1))])
    make("softmax-11-last", 11, [("Softmax", "x", "y", dict(axis=3))])
    make("softmax-13", 13, [("Softmax", "x", "y", dict(axis=1))])
    make("log-softmax-11", 11, [("LogSoftmax", "x", "y", dict(axis=2))])
    parts = [("Relu", "a", "c", {}), ("Concat", "b,c", "y", dict(axis=1))]
    make("split-2", 7, [("Split", "x", "a,b", dict(axis=1, split=[1, 3]))] + parts)
    make("split-11", 11, [("Split", "x", "a,b", dict(axis=1))] + parts)
    make("split-18", 18, [("Split", "x", "a,b", dict(axis=1, num_outputs=2))] + parts)
    make("concat-1", 3, [("Relu", "x", "a", {}), ("Concat", "x,a", "y", {})], expected=lambda x, w: np.concatenate([x, np.maximum(x, 0)], 1))
    make("cast-1", 5, [("Cast", "x", "y", dict(to="FLOAT"))], expected=lambda x, w: x)
    w = {"w": f(5, 4, 3, 3), "b": f(5)}
    make("same-upper", 11, [("Conv", "x,w,b", "y", dict(auto_pad="SAME_UPPER"))], w)
    make("same-lower", 11, [("Conv", "x,w,b", "y", dict(auto_pad="SAME_LOWER", kernel_shape=[3, 3]))], w)
    make("valid", 11, [("Conv", "x,w,b", "y", dict(auto_pad="VALID", strides=[2, 2]))], w)
    make("same-upper-stride", 11, [("Conv", "x,w,b", "y", dict(auto_pad="SAME_UPPER", strides=[2, 2]))], w)
    make("pool-same-lower", 11, [("MaxPool", "x", "y", dict(auto_pad="SAME_LOWER", kernel_shape=[3, 3], strides=[2, 2]))])
    make("dilated", 11, [("Conv", "x,w,b", "y", dict(dilations=[2, 3], pads=[2, 3, 2, 3]))], w)
    t = {"w": f(4, 3, 3, 3), "b": f(3)}
    make("transpose-same", 11, [("ConvTranspose", "x,w,b", "y", dict(auto_pad="SAME_UPPER", strides=[2, 2]))], t)
    make("transpose-shape", 11, [("ConvTranspose", "x,w,b", "y", dict(output_shape=[23, 31], strides=[2, 2]))], t)
    make("transpose-shape-odd", 11, [("ConvTranspose", "x,w,b", "y", dict(output_shape=[24, 32], strides=[2, 2]))], t)
    make("transpose-shape-upper", 11, [("ConvTranspose", "x,w,b", "y", dict(output_shape=[24, 32], strides=[2, 2], auto_pad="SAME_UPPER"))], t)
    make("transpose-group", 11, [("ConvTranspose", "x,w", "y", dict(group=2, strides=[2, 2], output_padding=[1, 1], pads=[1, 1, 1, 1]))], t)
    make("average-7", 7, [("AveragePool", "x", "y", dict(kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2]))])
    make("max-ceil", 10, [("MaxPool", "x", "y", dict(kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1))])
    make("pixel-shuffle", 9, [("Reshape", "x,s", "a", {}), ("Transpose", "a", "b", dict(perm=[0, 1, 4, 2, 5, 3])), ("Reshape", "b,t", "y", {})], {"s": i64(1, 1, 2, 2, 12, 16), "t": i64(1, 1, 24, 32)})
    make("depth-to-space-11", 11, [("DepthToSpace", "x", "y", dict(blocksize=2, mode="CRD"))])
    make("shuffle", 11, [("Reshape", "x,s", "a", {}), ("Transpose", "a", "b", dict(perm=[0, 2, 1, 3, 4])), ("Reshape", "b,t", "y", {})], {"s": i64(1, 2, 3, 12, 16), "t": i64(1, 6, 12, 16)}, shape=(1, 6, 12, 16))
    def group(x, w, spread=True):
      g = x.reshape(1, 2, -1); n = ((g - g.mean(2, keepdims=True)) / np.sqrt(g.var(2, keepdims=True) + 1e-5)).reshape(x.shape)
      s, b = (w["s"].repeat(4 // w["s"].size), w["b"].repeat(4 // w["b"].size))
      return n * s.reshape(1, 4, 1, 1) + b.reshape(1, 4, 1, 1)
    make("group-norm-18", 18, [("GroupNormalization", "x,s,b", "y", dict(num_groups=2))], {"s": f(2), "b": f(2)}, expected=group)
    make("group-norm-21", 21, [("GroupNormalization", "x,s,b", "y", dict(num_groups=2))], {"s": f(4), "b": f(4)}, expected=group)
    make("group-norm-reshape", 11, [("Reshape", "x,s", "a", {}), ("InstanceNormalization", "a,g,b", "c", {}), ("Shape", "x", "n", {}), ("Reshape", "c,n", "y", {})], {"s": i64(0, 2, -1), "g": f(2), "b": f(2)})
    make("constant-float", 12, [("Constant", "", "c", dict(value_float=1.5)), ("Mul", "x,c", "y", {})])
    make("constant-floats", 12, [("Constant", "", "c", dict(value_floats=[float(v) for v in range(16)])), ("Mul", "x,c", "y", {})])
    make("constant-ints", 12, [("Constant", "", "c", dict(value_ints=[1, 2, 24, 16])), ("Reshape", "x,c", "y", {})])
    make("gelu-20", 20, [("Gelu", "x", "y", {})])
    make("gelu-20-tanh", 20, [("Gelu", "x", "y", dict(approximate="tanh"))])
    make("mish-18", 18, [("Mish", "x", "y", {})])
    make("scaler", 1, [("ImageScaler", "x", "y", dict(scale=2., bias=[1., 2., 3., 4.]))], expected=lambda x, w: 2 * x + f32(1, 2, 3, 4).reshape(1, 4, 1, 1))
    make("crop", 1, [("Crop", "x", "y", dict(border=[1, 2, 3, 0]))], expected=lambda x, w: x[:, :, 2:, 1:-3])
    make("crop-scale", 1, [("Crop", "x", "y", dict(border=[1, 2, 0, 0], scale=[5, 6]))], expected=lambda x, w: x[:, :, 2:7, 1:7])
    make("affine", 1, [("Affine", "x", "y", dict(alpha=2., beta=-1.))], expected=lambda x, w: 2 * x - 1)
    make("scaled-tanh", 1, [("ScaledTanh", "x", "y", dict(alpha=2., beta=.5))], expected=lambda x, w: 2 * np.tanh(.5 * x))
    make("mvn-13", 13, [("MeanVarianceNormalization", "x", "y", {})])
    make("gather", 11, [("Gather", "x,i", "a", dict(axis=1)), ("Conv", "a,w", "y", {})], {"i": i64(1, 2, 0, -1), "w": f(3, 4, 3, 3)})
    make("global-pools", 11, [("GlobalAveragePool", "x", "a", {}), ("GlobalMaxPool", "x", "b", {}), ("Sub", "x,a", "c", {}), ("Mul", "c,b", "y", {})])
    make("where", 16, [("Greater", "x,z", "c", {}), ("Where", "c,x,z", "y", {})], {"z": f32(.2).reshape(())})
    make("half-initialisers", 13, [("Cast", "w", "v", dict(to=1)), ("Conv", "x,v", "y", {})], {"w": f(3, 4, 3, 3).astype(np.float16)})
    make("int32-data", 13, [("Cast", "i", "v", dict(to=1)), ("Mul", "x,v", "y", {})], {"i": h.make_tensor("i", T.INT8, [4, 1, 1], [-1, 2, -3, 4])})
    """
}
