/// A class of storages in torch, such as `FloatStorage`.
struct StorageType: Sendable, Hashable {
  let name: String
  /// nil where it holds bytes or numbers that are not read.
  let element: CheckpointElement?
  /// Bytes of one number.
  let byteCount: Int

  /// Looks the class up; nil for anything that is not a storage.
  init?(_ name: String) {
    // The oldest files name the type of the tensor.
    let base =
      name.hasSuffix("Storage")
      ? name.dropLast(7) : name.hasSuffix("Tensor") ? name.dropLast(6) : ""
    self.name = name
    switch base {
    case "Untyped", "_Untyped": (element, byteCount) = (nil, 1)
    case "Float": (element, byteCount) = (.f32, 4)
    case "Half": (element, byteCount) = (.f16, 2)
    case "BFloat16": (element, byteCount) = (.bf16, 2)
    case "Double": (element, byteCount) = (.f64, 8)
    case "Long": (element, byteCount) = (.i64, 8)
    case "Int": (element, byteCount) = (.i32, 4)
    case "Short": (element, byteCount) = (.i16, 2)
    case "Char": (element, byteCount) = (.i8, 1)
    case "Byte": (element, byteCount) = (.u8, 1)
    case "Bool": (element, byteCount) = (.bool, 1)
    case "ComplexFloat": (element, byteCount) = (nil, 8)
    case "ComplexDouble": (element, byteCount) = (nil, 16)
    case "QInt8", "QUInt8", "QUInt4x2", "QUInt2x4": (element, byteCount) = (nil, 1)
    case "QInt32": (element, byteCount) = (nil, 4)
    default: return nil
    }
  }
}

extension CheckpointElement {
  /// The type of this name in torch; nil where its numbers are not read.
  init?(torchName name: String) {
    switch name {
    case "bool": self = .bool
    case "uint8": self = .u8
    case "int8": self = .i8
    case "uint16": self = .u16
    case "int16": self = .i16
    case "uint32": self = .u32
    case "int32": self = .i32
    case "uint64": self = .u64
    case "int64": self = .i64
    case "float16": self = .f16
    case "bfloat16": self = .bf16
    case "float32": self = .f32
    case "float64": self = .f64
    default: return nil
    }
  }
}
