"""Returns its input, as the library beside it does."""
import sys
sys.path.insert(0, "../../../plugins/FlatField")
from tessera_plugin import serve


def open_image(image, output, options, state):
    def translate(window, region, core):
        top, left = core.y - region.y, core.x - region.x
        return window[top:top + core.height, left:left + core.width]
    return translate


serve("process-identity", lambda *_: ({}, b""), open_image)
