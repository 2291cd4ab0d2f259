import Base
import Foundation

/// A `.pth` file as `torch.save` writes a dictionary of parameters, for PyTorch 1.6 and later.
public struct TorchFile: Sendable, Hashable {
  /// The parameters, in the order of the dictionary.
  public var tensors: CheckpointTensors

  /// Makes a file that is not on the disk.
  public init(tensors: CheckpointTensors) { self.tensors = tensors }

  private static let action = "writing the PyTorch file"

  /// Writes the file; what was there is replaced only when all is on the disk.
  ///
  /// The same tensors under the same file name give the same bytes.
  ///
  /// - Throws: An error if the file cannot be written, would have 4 GB or more, or holds a type of
  ///   numbers for which PyTorch has no storage (`u16`, `u32`, `u64`).
  public func write(to path: String) throws(TesseraError) {
    let pickle = try pickle(for: path)
    // torch.save calls the folder in the archive as the file without its ending, if that is ASCII.
    let name = URL(filePath: path).deletingPathExtension().lastPathComponent
    let stem = name.utf8.allSatisfy { $0 < 0x80 } ? name : "archive"
    var members = [("data.pkl", pickle), ("byteorder", Data("little".utf8))]
    for (index, element) in tensors.enumerated() {
      members.append(("data/\(index)", element.tensor.bytes))
    }
    members.append(("version", Data("3\n".utf8)))
    let named = members.map { (name: "\(stem)/\($0)", content: $1) }
    let size = named.reduce(22) { $0 + ZipWriter.overhead($1.name) + $1.content.count }
    guard size < ZipWriter.sizeLimit, named.count < ZipWriter.countLimit else {
      throw TesseraError(
        path, Self.action,
        "\(named.count) members of \(size) bytes are too many for a ZIP archive of less than 4 GB"
          + " and 65535 members: write a safetensors file")
    }
    let file = try AtomicFile(path, action: Self.action)
    var archive = ZipWriter(file)
    for member in named { try archive.add(member.name, member.content) }
    try archive.finish()
    try file.publish()
  }

  // OrderedDict(name: _rebuild_tensor_v2(storage, offset, size, stride, needs a gradient, hooks)).
  private func pickle(for path: String) throws(TesseraError) -> Data {
    var writer = PickleWriter()
    writer.orderedDictionary()
    // Python sets a thousand items at once.
    for start in stride(from: 0, to: tensors.count, by: 1000) {
      let batch = start..<min(start + 1000, tensors.count)
      if batch.count > 1 { writer.write(.mark) }
      for index in batch {
        let (name, tensor) = tensors[index]
        guard let storage = tensor.element.torchStorage else {
          throw TesseraError(
            path, Self.action,
            quoting:
              "PyTorch has no storage for the \(tensor.element.rawValue) numbers of \(name): convert"
              + " them")
        }
        writer.text(name)
        writer.tensor(tensor, storage: storage, key: String(index))
      }
      writer.write(batch.count > 1 ? .setItems : .setItem)
    }
    writer.write(.stop)
    return writer.data
  }
}

extension PickleWriter {
  /// An empty `OrderedDict`.
  fileprivate mutating func orderedDictionary() {
    global("collections", "OrderedDict")
    write(.emptyTuple)
    write(.reduce)
    number()
  }

  /// A tensor that fills the storage of this key.
  fileprivate mutating func tensor(_ tensor: CheckpointTensor, storage: String, key: String) {
    global("torch._utils", "_rebuild_tensor_v2")
    write(.mark)
    write(.mark)
    constant("storage")
    global("torch", storage)
    text(key)
    constant("cpu")
    integer(tensor.count)
    write(.tuple)
    number()
    write(.persistent)
    integer(0)
    tuple(tensor.shape)
    tuple(Self.strides(of: tensor.shape))
    write(.newFalse)
    orderedDictionary()
    write(.tuple)
    number()
    write(.reduce)
    number()
  }

  // An axis without places has the stride of one with a place.
  private static func strides(of shape: [Int]) -> [Int] {
    var strides: [Int] = []
    var stride = 1
    for size in shape.reversed() {
      strides.append(stride)
      stride *= max(size, 1)
    }
    return strides.reversed()
  }
}

extension CheckpointElement {
  /// The class of storages in torch; nil where there is none.
  fileprivate var torchStorage: String? {
    switch self {
    case .bool: "BoolStorage"
    case .u8: "ByteStorage"
    case .i8: "CharStorage"
    case .i16: "ShortStorage"
    case .i32: "IntStorage"
    case .i64: "LongStorage"
    case .f16: "HalfStorage"
    case .bf16: "BFloat16Storage"
    case .f32: "FloatStorage"
    case .f64: "DoubleStorage"
    case .u16, .u32, .u64: nil
    }
  }
}
