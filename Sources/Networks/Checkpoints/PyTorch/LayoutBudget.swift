/// How much the tensors of a file may be larger than the file.
///
/// Torch allows any number of views of one storage, and views that repeat one number for ever.
struct LayoutBudget {
  private var total: Int
  private var copies: Int

  init(fileSize: Int) {
    let base = max(fileSize, 1 << 18)
    // Tied weights cost nothing but the time to look at them.
    total = 64 * base
    copies = 4 * base
  }

  /// Counts a tensor in.
  mutating func charge(_ view: TensorView) throws(FormatError) {
    let size = view.byteCount
    guard size <= total, view.isContiguous || size <= copies else {
      throw FormatError(
        "with its size \(view.shape) the parameters are many times larger than the file; save it"
          + " with .clone()")
    }
    total -= size
    if !view.isContiguous { copies -= size }
  }
}
