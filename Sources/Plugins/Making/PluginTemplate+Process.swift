import Base
import Foundation

extension PluginTemplate {
  /// A plugin in Python: a pair that tones photographs, its test, and a card.
  public static func process(
    _ name: String, sdk: SDKLocation
  ) throws(TesseraError) -> PluginTemplate {
    let names = try Names(name)
    let conversation = sdk.samples.appending(path: "FlatField/tessera_plugin.py")
    guard let data = try? Data(contentsOf: conversation) else {
      throw TesseraError(
        conversation.path, action,
        "it belongs to the SDK and cannot be read; install tessera again")
    }
    var template = PluginTemplate()
    template.add("tessera_plugin.py", data)
    template.add(PluginFolder.pairName, description(names))
    template.add("\(names.module).py", program(names))
    template.add("test_\(names.module).py", test(names))
    template.add("README.md", card(names, needs: "numpy, for the Python that 'python3' is"))
    template.add(".gitignore", "__pycache__/\n")
    return template
  }

  private static func description(_ names: Names) -> String {
    """
    {
      "format": 1,
      "id": "\(names.id)",
      "title": "\(names.title)",
      "sourceDomain": "photograph",
      "targetDomain": "photograph in a warm tone",
      "version": "1",
      "licence": "MIT",
      "summary": "Tones photographs. Pictures without three colours are refused.",
      "learnedFrom": "nothing",
      "channels": 3,
      "process": { "command": ["python3", "\(names.module).py"], "timeoutSeconds": 60 },
      "options": [
        {
          "name": "strength", "type": "number", "range": [0, 1], "default": 1,
          "help": "0 leaves the picture as it is, 1 tones it wholly"
        }
      ]
    }

    """
  }

  private static func program(_ names: Names) -> String {
    #"""
    """Moves every pixel towards a warm tone of its own brightness: put your own mapping here."""
    import numpy as np
    from tessera_plugin import serve


    def calibrate(overview, image, options, reference):
        """Called once an image, with the whole of it at a coarse scale, an array of rows, columns, channels.

        Returns the answer, {} or {"halo": 8, "alignment": 1, "core": 512, "summary": {…}} or
        {"copy": "why the image stays as it is"}, and bytes that `open_image` gets in every copy of the program.
        """
        return {}, b""


    def open_image(image, output, options, state):
        """Called once an image in every copy of the program. `image` and `output` tell width, height, channels
        and format; the function that it returns is called for every window."""
        most = 1 if image["format"] == "float32" else np.iinfo(image["format"]).max

        def translate(window, region, core):
            """`window` is the array of what is in `region`: `core` and the halo around it, less at the borders
            of the image. Returns the array of what belongs in `core`, by the numbers of the window alone."""
            top, left = core.y - region.y, core.x - region.x
            pixels = window[top:top + core.height, left:left + core.width] / np.float32(most)
            # Not a matrix product: its last digit depends on the size of the window.
            brightness = sum(pixels[:, :, i] * np.float32(share) for i, share in enumerate([0.299, 0.587, 0.114]))
            warm = np.minimum(brightness[:, :, None] * np.float32([1.07, 0.94, 0.78]), 1)
            toned = (pixels + np.float32(options["strength"]) * (warm - pixels)) * most
            return toned if most == 1 else np.rint(np.clip(toned, 0, most))
        return translate


    if __name__ == "__main__":
        serve("\#(names.id)", calibrate, open_image)

    """#
  }

  private static func test(_ names: Names) -> String {
    """
    # python3 -m unittest
    import unittest
    import numpy as np
    from tessera_plugin import Region
    from \(names.module) import open_image


    def translated(pixel, strength):
        image = {"width": 1, "height": 1, "channels": 3, "format": "uint8"}
        region = Region(0, 0, 1, 1)
        translate = open_image(image, image, {"strength": strength}, b"")
        return translate(np.array([[pixel]], np.uint8), region, region)[0, 0].tolist()


    class Test(unittest.TestCase):
        def test_strength_0_leaves_a_pixel_as_it_is(self):
            self.assertEqual(translated([10, 200, 30], 0), [10, 200, 30])

        def test_grey_becomes_warm(self):
            red, green, blue = translated([100, 100, 100], 1)
            self.assertTrue(red > green > blue)

    """
  }
}
