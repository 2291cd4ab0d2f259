/// A Python function or class that a checkpoint may name; none is ever called.
enum PickleGlobal: Sendable, Hashable {
  /// `OrderedDict`, `dict` or `defaultdict`.
  case dictionary
  /// `torch.Size`.
  case size
  /// `_rebuild_tensor` and `_v2`: storage, offset, size, stride, and what inference ignores.
  case rebuildTensor
  /// `_rebuild_tensor_v3`: as above, with the element type in seventh place.
  case rebuildTypedTensor
  /// Wraps the tensor that is its first argument.
  case rebuildParameter
  /// Calls its first argument with its third: tensors that carry Python attributes.
  case rebuildFromType
  /// Makes a tensor that is not a view of plain numbers, such as "a sparse tensor".
  case otherTensor(String)
  case storage(StorageType)
  /// Element type by its name in torch.
  case elementType(String)
  /// Something that occurs in checkpoints and says nothing about parameters.
  case irrelevant

  /// What the name stands for; nil for everything that a checkpoint does not need.
  init?(module: String, name: String) {
    // Python 2, NumPy 2 and CUDA have other names for the same things.
    let home =
      switch module {
      case "__builtin__": "builtins"
      case "copy_reg": "copyreg"
      case "torch.cuda": "torch"
      default: module.hasPrefix("numpy._core") ? "numpy.core" + module.dropFirst(11) : module
      }
    if let known = Self.known["\(home).\(name)"] {
      self = known
    } else if home == "torch" || home == "torch.storage", let type = StorageType(name) {
      self = .storage(type)
    } else if home == "torch", Self.elementTypes.contains(name) {
      self = .elementType(name)
    } else {
      return nil
    }
  }

  private static let known: [String: PickleGlobal] = {
    var known: [String: PickleGlobal] = [
      "collections.OrderedDict": .dictionary,
      "collections.defaultdict": .dictionary,
      "builtins.dict": .dictionary,
      "torch.Size": .size,
      "torch._utils._rebuild_tensor": .rebuildTensor,
      "torch._utils._rebuild_tensor_v2": .rebuildTensor,
      "torch._utils._rebuild_tensor_v3": .rebuildTypedTensor,
      "torch._utils._rebuild_parameter": .rebuildParameter,
      "torch._utils._rebuild_parameter_with_state": .rebuildParameter,
      "torch._tensor._rebuild_from_type_v2": .rebuildFromType,
      "torch._utils._rebuild_qtensor": .otherTensor("a quantized tensor"),
      "torch._utils._rebuild_sparse_tensor": .otherTensor("a sparse tensor"),
      "torch._utils._rebuild_nested_tensor": .otherTensor("a nested tensor"),
      "torch._utils._rebuild_meta_tensor_no_storage": .otherTensor("a tensor without numbers"),
    ]
    for name in [
      "builtins.list", "builtins.tuple", "builtins.set", "builtins.frozenset", "builtins.bytes",
      "builtins.bytearray", "builtins.str", "builtins.unicode", "builtins.int", "builtins.long",
      "builtins.float", "builtins.complex", "builtins.bool", "builtins.object", "builtins.slice",
      "collections.Counter", "collections.deque", "copyreg._reconstructor", "argparse.Namespace",
      "_codecs.encode", "numpy.dtype", "numpy.ndarray", "numpy.core.multiarray.scalar",
      "numpy.core.multiarray._reconstruct", "numpy.core.numeric._frombuffer",
      "pathlib.Path", "pathlib.PosixPath", "pathlib.PurePosixPath", "pathlib.WindowsPath",
      "pathlib.PureWindowsPath", "datetime.datetime", "datetime.date", "datetime.timedelta",
      "torch.device", "torch.Tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer",
      "torch.per_tensor_affine", "torch.per_channel_affine", "torch.serialization._get_layout",
      "torch.torch_version.TorchVersion",
    ] {
      known[name] = .irrelevant
    }
    return known
  }()

  private static let elementTypes: Set<String> = [
    "bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float16",
    "bfloat16", "float32", "float64", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2",
    "float8_e5m2fnuz", "float8_e8m0fnu", "complex32", "complex64", "complex128", "qint8", "quint8",
    "qint32", "quint4x2", "quint2x4",
  ]
}
