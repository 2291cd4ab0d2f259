import Foundation
import TestSupport

/// A plugin in Python, written with the SDK's `tessera_plugin.py` and numpy.
enum PlantedNumpy {
  /// That of the oracles, or the system's.
  private static let python =
    ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"] ?? "python3"

  /// Whether there is a Python with numpy.
  static let isRunnable = (try? ExternalTool(python)?.run(["-c", "import numpy"]))?.status == 0

  /// Writes the plugin's folder: `body` defines calibrate and open_image, `manifest` more fields.
  static func write(_ body: String, manifest: String = "", to url: URL) throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../..").standardizedFileURL
    try FileManager.default.copyItem(
      at: root.appending(path: "plugins/FlatField/tessera_plugin.py"),
      to: url.appending(path: "tessera_plugin.py"))
    try Data((head + body + "\nserve(\"numpy\", calibrate, open_image, fit)\n").utf8).write(
      to: url.appending(path: "main.py"))
    try Data(
      """
      {"format": 1, "id": "numpy", "title": "Numpy", "sourceDomain": "a", "targetDomain": "b",
       "version": "1", "licence": "MIT", "summary": "For tests.", "channels": 3, \(manifest)
       "process": {"command": ["\(python)", "main.py"]}}
      """.utf8
    ).write(to: url.appending(path: "pair.json"))
  }

  private static let head = """
    import os, subprocess, time
    import numpy as np
    from tessera_plugin import serve
    fit = None
    def calibrate(overview, image, options, reference):
        return {}, b""
    def crop(a, region, core):
        return a[core.y - region.y:, core.x - region.x:][:core.height, :core.width]
    def blur(window, region, core, r):
        w = window.astype(np.int64 if window.dtype != np.float32 else np.float64)
        p = np.pad(w, ((r, r), (r, r), (0, 0)), mode="edge")
        s = sum(p[y:y + w.shape[0], x:x + w.shape[1]]
                for y in range(2 * r + 1) for x in range(2 * r + 1))
        return crop(s // (2 * r + 1) ** 2 if window.dtype != np.float32 else s, region, core)

    """
}
