import Foundation
import Inference
import TesseraPlugin
import TestSupport
import Testing
import TileIO

/// Python with NumPy.
private let numpy = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"]
  .flatMap { ExternalTool($0) }

/// What the parameters of a checkpoint do not say, and options do.
@Suite(
  .enabled(if: numpy != nil, "TESSERA_ORACLE_PYTHON is not set"),
  .enabled(if: (try? InferenceEngine()) != nil, "OpenVINO is missing: run make setup"))
struct ImportOptionsTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func run(_ program: String, _ arguments: String...) throws {
    let result = try numpy?.run(["-c", Self.save + program] + arguments)
    #expect(result?.status == 0, "\(result?.errors ?? "")")
  }

  private func imported(_ file: String, _ options: String...) throws -> ExternalTool.Result {
    try TesseraProgram.run(
      ["import", folder.path(file), "--output", folder.path("package"), "--overwrite"] + options)
  }

  /// The largest distance of the picture that the package makes from what the forward pass gives.
  private func distance() throws -> Float {
    let output = folder.path("out.tif")
    let result = try TesseraProgram.run([
      "translate", folder.path("labels.pgm"), "--output", output, "--model",
      folder.path("package"), "--precision", "f32", "--depth", "float", "--overwrite",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let data = try Data(contentsOf: URL(filePath: folder.path("expected.f32")))
    let expected = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    let source = try ImageFile.open(output)
    let region = source.info.region
    var tile = Tile(region: region, channels: 3, format: .float32)
    try source.read(into: &tile)
    var largest: Float = 0
    for row in region.rows {
      tile.withRow(row, columns: region.columns, as: Float.self) { samples in
        for index in samples.indices {
          let official = expected[row * region.width * 3 + index]
          largest = max(largest, abs(samples[index] * 2 - 1 - official))
        }
      }
    }
    #expect(expected.count == region.area * 3)
    return largest
  }

  @Test(arguments: cases(["more"], slow: ["normal", "most"]))
  func `a SPADE generator of any upsampling gives the picture of its forward pass`(
    upsampling: String
  ) throws {
    try run(Self.spade, folder.url.path, upsampling)
    let result = try imported("spade.safetensors", "--upsampling", upsampling)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try distance() < 1e-4)
    guard upsampling == "more" else { return }
    // Without the option another network is made, and said to be a guess.
    let guessed = try imported("spade.safetensors")
    #expect(guessed.errors.contains("--upsampling more"), "\(guessed.errors)")
    #expect(try distance() > 0.1)
  }

  @Test func `the color option decides what many channels are`() throws {
    try run(Self.global, folder.path("net.safetensors"))
    func color() throws -> String? {
      let text = try String(contentsOfFile: folder.path("package/pair.json"), encoding: .utf8)
      let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      let input = object?["input"] as? [String: Any]
      return input.map { "\($0["colour"] ?? "") \($0["classes"] ?? "")" }
    }
    let cases: [([String], String)] = [
      ([], "labels 6"), (["--colour", "other"], "other "), (["--colour", "labels"], "labels 6"),
      (["--colour", "labels", "--edge-channel"], "labels 5"),
    ]
    for (options, expected) in cases {
      let result = try TesseraProgram.run(
        [
          "import", folder.path("net.safetensors"), "--output", folder.path("package"),
          "--overwrite",
        ] + options)
      #expect(result.status == 0, "\(result.errors)")
      #expect(try color() == expected)
      #expect(result.errors.contains("--colour other") == options.isEmpty)
    }
    let refusals: [([String], String)] = [
      (["--colour", "rgb"], "rgb has 3 channels, not 6"),
      (["--upsampling", "more"], "--upsampling is for SPADE generators"),
      (["--aspect", "2"], "--aspect is for SPADE generators"),
      (["--colour", "other", "--edge-channel"], "--edge-channel is for label maps"),
      (["--input-range", "0..1"], "--input-range: label maps have none"),
    ]
    for (options, reason) in refusals {
      let result = try TesseraProgram.run(
        ["import", folder.path("net.safetensors"), "--output", folder.path("none")] + options)
      #expect(result.status == 65 && result.errors.contains(reason), "\(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path("none")))
    }
  }

  /// Writes tensors as safetensors.
  private static let save = """
    import json, struct, sys, numpy as np
    def save(path, tensors):
        head, place = {}, 0
        for name, t in tensors.items():
            head[name] = {'dtype': 'F32', 'shape': list(t.shape), 'data_offsets': [place, place + t.nbytes]}
            place += t.nbytes
        text = json.dumps(head).encode()
        with open(path, 'wb') as f:
            f.write(struct.pack('<Q', len(text)) + text)
            for t in tensors.values(): f.write(np.ascontiguousarray(t).tobytes())

    """

  /// A generator of width 2 for nine classes with spectral norms, a map, and its forward pass as
  /// published, in double precision.
  private static let spade = """
    folder, layers = sys.argv[1:3]
    classes, ngf, hidden, side = 9, 2, 4, 128
    r = np.random.default_rng(5)
    tensors = {}
    def conv(x, name, out, kernel, bias=True, spectral=False):
        w = (r.normal(size=(out, x.shape[0], kernel, kernel)) * 0.3).astype('f4')
        scale = 1
        if spectral:
            flat = w.reshape(out, -1)
            u, _, v = np.linalg.svd(flat.astype('f8'), full_matrices=False)
            tensors[name + '.weight_orig'] = w
            tensors[name + '.weight_u'] = u[:, 0].astype('f4')
            tensors[name + '.weight_v'] = v[0].astype('f4')
            scale = u[:, 0] @ flat @ v[0]
        else:
            tensors[name + '.weight'] = w
        b = np.zeros(out, 'f4')
        if bias: b = tensors[name + '.bias'] = r.normal(size=out).astype('f4') * np.float32(0.1)
        pad = kernel // 2
        p = np.pad(x, ((0, 0), (pad, pad), (pad, pad)))
        y = np.zeros((out, *x.shape[1:])) + b[:, None, None]
        for i in range(kernel):
            for j in range(kernel):
                part = p[:, i:i + x.shape[1], j:j + x.shape[2]]
                y += np.einsum('oc,chw->ohw', w[:, :, i, j] / scale, part)
        return y
    def at(size):
        return labels[:, ::side // size, ::side // size]
    def norm(x, name):
        mean, var = (r.normal(size=x.shape[0]) * 0.2).astype('f4'), r.uniform(0.5, 1.5, x.shape[0]).astype('f4')
        tensors[name + '.param_free_norm.running_mean'] = mean
        tensors[name + '.param_free_norm.running_var'] = var
        tensors[name + '.param_free_norm.num_batches_tracked'] = np.zeros(1, 'f4')
        seg = np.maximum(conv(at(x.shape[1]), name + '.mlp_shared.0', hidden, 3), 0)
        gamma, beta = [conv(seg, name + '.mlp_' + k, x.shape[0], 3) for k in ('gamma', 'beta')]
        free = (x - mean[:, None, None]) / np.sqrt(var + 1e-5)[:, None, None]
        return free * (1 + gamma) + beta
    def leaky(x): return np.where(x < 0, 0.2 * x, x)
    def block(x, name, out):
        y = conv(leaky(norm(x, name + '.norm_0')), name + '.conv_0', min(x.shape[0], out), 3, spectral=True)
        y = conv(leaky(norm(y, name + '.norm_1')), name + '.conv_1', out, 3, spectral=True)
        if x.shape[0] == out: return x + y
        return conv(norm(x, name + '.norm_s'), name + '.conv_s', out, 1, False, True) + y
    def up(x): return x.repeat(2, 1).repeat(2, 2)
    small = np.kron(r.integers(0, classes, (16, 16)), np.ones((side // 16, side // 16), int))
    labels = (np.arange(classes)[:, None, None] == small).astype('f4')
    x = conv(at(side >> {'normal': 5, 'more': 6, 'most': 7}[layers]), 'fc', 16 * ngf, 3)
    x = block(x, 'head_0', 16 * ngf)
    x = block(up(x), 'G_middle_0', 16 * ngf)
    if layers != 'normal': x = up(x)
    x = block(x, 'G_middle_1', 16 * ngf)
    for k, out in enumerate((8, 4, 2, 1)): x = block(up(x), f'up_{k}', out * ngf)
    if layers == 'most': x = block(up(x), 'up_4', ngf // 2)
    x = np.tanh(conv(leaky(x), 'conv_img', 3, 3))
    save(folder + '/spade.safetensors', tensors)
    with open(folder + '/labels.pgm', 'wb') as f:
        f.write(b'P5 %d %d 255\\n' % (side, side) + small.astype('u1').tobytes())
    with open(folder + '/expected.f32', 'wb') as f:
        f.write(x.transpose(1, 2, 0).astype('f4').tobytes())
    """

  /// Pix2PixHD's global generator for six channels.
  private static let global = """
    tensors, r = {}, np.random.default_rng(3)
    def layer(name, *shape):
        tensors[name + '.weight'] = r.normal(size=shape).astype('f4')
        tensors[name + '.bias'] = np.zeros(shape[0], 'f4')
    layer('model.1', 2, 6, 7, 7)
    for k in range(3): layer(f'model.{4 + 3 * k}', 4 << k, 2 << k, 3, 3)
    for k in (1, 5): layer(f'model.13.conv_block.{k}', 16, 16, 3, 3)
    for k in range(3):
        layer(f'model.{14 + 3 * k}', 16 >> k, 8 >> k, 3, 3)
        tensors[f'model.{14 + 3 * k}.bias'] = np.zeros(8 >> k, 'f4')
    layer('model.24', 3, 2, 7, 7)
    save(sys.argv[1], tensors)
    """
}
