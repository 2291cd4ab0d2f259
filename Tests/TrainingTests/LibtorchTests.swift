import Testing

/// Tests that run libtorch, one after the other: its random generator and its choice of kernels are
/// those of the whole process.
@Suite(.serialized) enum LibtorchTests {}
