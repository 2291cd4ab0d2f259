"""Evens out the light of a microscope field: what is brighter because the lamp was, is no longer."""
import numpy as np
from tessera_plugin import serve

def surface(terms, size, columns, rows):
    """A paraboloid of the position: sums of single numbers, so that every window has the same."""
    u, v = (2 * (columns + 0.5) / size[0] - 1)[None, :], (2 * (rows + 0.5) / size[1] - 1)[:, None]
    return terms[0] + u * (terms[1] + u * terms[3]) + v * (terms[2] + v * terms[4]) + u * v * terms[5]

def calibrate(overview, image, options, reference):
    height, width, channels = overview.shape
    ys, xs = (np.array_split(np.arange(count), min(16, count)) for count in (height, width))
    blocks = [(2 * (x.mean() + 0.5) / width - 1, 2 * (y.mean() + 0.5) / height - 1,
               np.percentile(overview[y[0]:y[-1] + 1, x[0]:x[-1] + 1], 90, axis=(0, 1)))
              for y in ys for x in xs]
    u, v, light = (np.array(part) for part in zip(*blocks))
    if not np.isfinite(light).all() or light.mean(0).min() <= 0:
        return {"copy": "there is no light in it to even out"}, b""
    terms = np.stack([np.ones_like(u), u, v, u * u, v * v, u * v], 1)
    terms = np.linalg.lstsq(terms, light, 1e-6)[0] / light.mean(0)
    uneven = np.abs(terms[1:]).sum(0).max()
    return {"summary": {"unevenness": round(float(uneven), 3)}}, terms.tobytes()

def open_image(image, output, options, state):
    terms, size = np.frombuffer(state).reshape(6, -1), (image["width"], image["height"])
    most = None if image["format"] == "float32" else np.iinfo(image["format"]).max
    def translate(window, region, core):
        columns, rows = core.x + np.arange(core.width), core.y + np.arange(core.height)
        window = window[core.y - region.y:, core.x - region.x:][:core.height, :core.width]
        light = [np.maximum(surface(t, size, columns, rows), 0.1) for t in terms.T]
        even = window * (1 + options["strength"] * (1 / np.stack(light, 2) - 1))
        return even if most is None else np.rint(np.clip(even, 0, most))
    return translate

if __name__ == "__main__":
    serve("flat-field", calibrate, open_image)
